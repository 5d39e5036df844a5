"""Questions about the small estate: its picture with incidents, and what is asked of it."""

import dataclasses
from pathlib import Path
from types import ModuleType
from typing import Any

from planner.allocate.patrol_plan import Solved, solve_question
from planner.allocate.plan import Plan
from planner.allocate.planning import make_plan, question_of
from planner.allocate.question.question import Before, Question
from planner.allocate.scenario import scenario_from
from planner.picture import Picture
from planner.service.workspace import take_picture

QUICK = {"tries": 1, "iterations": 50}
# The longest night of the year, dark from its start to its end.
WINTER_NIGHT = {"date": "2025-12-20", "name": "night"}
SPOTS = ((50.0, 50.0), (250.0, 50.0), (50.0, 350.0))


def small_picture(build: ModuleType, folder: Path, number: int = 60) -> Picture:
    """The small estate with incidents at its three sites, thefts and damage by turns."""
    workspace = folder / "estate"
    build.new_workspace(workspace)
    rows = [
        build.incident(
            f"A{at}", at=SPOTS[at % 3], place="", category=("Theft", "Damage")[at % 2],
            occurred_from=f"2025-06-{1 + at % 28:02d}T22:10",
            occurred_to=f"2025-06-{1 + at % 28:02d}T23:10",
            reported_at=f"2025-06-{2 + at % 28:02d}T08:00",
        )
        for at in range(number)
    ]  # fmt: skip
    build.import_text(workspace, build.control_room_csv(rows))
    return take_picture(workspace)


def content(parts: dict[str, Any]) -> dict[str, Any]:
    """The content of a scenario for a winter night, unless it says otherwise."""
    return {"solver": QUICK, "shift": WINTER_NIGHT} | parts


def plan(picture: Picture, **parts: Any) -> Plan:
    """The plan of a scenario with these parts."""
    return make_plan(picture, scenario_from(content(parts)))


def solved(picture: Picture, before: Before | None = None, **parts: Any) -> Solved:
    """The answer to a scenario with these parts."""
    asked = question_of(picture, scenario_from(content(parts)), before)
    return solve_question(asked.question, asked.reasons)


def question(picture: Picture, before: Before | None = None, **parts: Any) -> Question:
    """A scenario with these parts in numbers, which has an answer."""
    return solved(picture, before, **parts).question


def cut_off(picture: Picture, zone: str) -> Picture:
    """The same estate, with one zone more than a stop's reach from every street."""
    estate = picture.estate
    zones = estate.zones.copy()
    far = zones["name"] == zone
    zones.loc[far, "geometry"] = zones.geometry[far].translate(0, 3_000)
    sites = estate.sites.copy()
    far = sites["name"] == zone
    sites.loc[far, "geometry"] = sites.geometry[far].translate(0, 3_000)
    moved = dataclasses.replace(estate, zones=zones, sites=sites)
    return dataclasses.replace(picture, estate=moved)
