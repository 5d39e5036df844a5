"""The command line: ask, call one function of the service, show."""

from planner.cli import (
    backtest_commands,
    compare_commands,
    estate_commands,
    fetch_commands,
    forecast_commands,
    hotspot_commands,
    incident_commands,
    intelligence_commands,
    liaison_commands,
    plan_commands,
    register_commands,
)
from planner.cli.program import app, main

__all__ = [
    "app",
    "backtest_commands",
    "compare_commands",
    "estate_commands",
    "fetch_commands",
    "forecast_commands",
    "hotspot_commands",
    "incident_commands",
    "intelligence_commands",
    "liaison_commands",
    "main",
    "plan_commands",
    "register_commands",
]
