"""A rotation as CSV: every stop of every night at its own local time."""

import csv
import io
from datetime import datetime
from types import ModuleType

import pytest
from questions import content, small_picture

from planner.allocate.rotation_plan import Rotation, make_rotation
from planner.allocate.scenario import scenario_from
from planner.publish.rotation_csv import COLUMNS, rotation_csv


@pytest.fixture(scope="module")
def rotation(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Rotation:
    picture = small_picture(build, tmp_path_factory.mktemp("rotation"))
    quick = {"tries": 1, "iterations": 10}
    # The clocks go forward in the second night.
    wanted = {"shift": {"date": "2026-03-27", "name": "night"}, "solver": quick}
    return make_rotation(picture, scenario_from(content(wanted)), 3)


def test_every_stop_of_every_night_has_a_row(rotation: Rotation) -> None:
    rows = list(csv.DictReader(io.StringIO(rotation_csv(rotation))))
    assert list(rows[0]) == COLUMNS
    plans = {plan.number: plan for plan in rotation.plans}
    for number, night in enumerate(rotation.nights, start=1):
        mine = [row for row in rows if row["night"] == str(number)]
        stops = [(route.team, stop) for route in plans[night.plan].routes for stop in route.stops]
        assert [(row["team"], row["place"], row["kind"]) for row in mine] == [
            (team, stop.name, stop.kind) for team, stop in stops
        ]
        first = datetime.fromisoformat(rotation.nights[0].starts_at)
        starts = datetime.fromisoformat(night.starts_at)
        for row, (_, stop) in zip(mine, stops, strict=True):
            assert row["date"] == night.starts_at[:10]
            since = datetime.fromisoformat(row["arrive"]) - starts
            assert since == datetime.fromisoformat(stop.arrive) - first
            assert datetime.fromisoformat(row["leave"]) > datetime.fromisoformat(row["arrive"])


def test_offsets_are_those_of_the_night(rotation: Rotation) -> None:
    rows = list(csv.DictReader(io.StringIO(rotation_csv(rotation))))
    offsets = {row["night"]: {row["arrive"][-6:]} for row in rows}
    assert offsets["1"] == {"+00:00"}
    assert offsets["3"] == {"+01:00"}
