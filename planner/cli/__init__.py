"""The command line: ask, call one function of the service, show."""

from planner.cli import (
    estate_commands,
    fetch_commands,
    hotspot_commands,
    incident_commands,
    liaison_commands,
    plan_commands,
    register_commands,
)
from planner.cli.program import app, main

__all__ = [
    "app",
    "estate_commands",
    "fetch_commands",
    "hotspot_commands",
    "incident_commands",
    "liaison_commands",
    "main",
    "plan_commands",
    "register_commands",
]
