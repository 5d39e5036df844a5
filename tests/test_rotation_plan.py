"""Rotations of an estate: what each week must have, and what is left undone is said."""

from pathlib import Path
from types import ModuleType

import pytest

from planner.allocate.rotation_plan import Rotation, make_rotation
from planner.allocate.scenario import scenario_from
from planner.errors import Infeasible, ScenarioError
from planner.picture import Picture
from planner.service.workspace import take_picture


@pytest.fixture(scope="module")
def picture(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    folder: Path = tmp_path_factory.mktemp("rotation")
    build.new_workspace(folder / "estate")
    rows = [
        build.incident(f"A{number}", at=((50.0, 50.0), (250.0, 50.0), (50.0, 350.0))[number % 3])
        for number in range(30)
    ]
    build.import_text(folder / "estate", build.control_room_csv(rows))
    return take_picture(folder / "estate")


def rotation(picture: Picture, nights: int, cover: float = 0.9, **patrols: object) -> Rotation:
    content = {
        "shift": {"date": "2026-01-20", "name": "night"},
        "solver": {"tries": 1, "iterations": 10},
        "patrols": {"teams": 1, **patrols},
    }
    return make_rotation(picture, scenario_from(content), nights, cover)


def seen(found: Rotation, nights: slice) -> list[str]:
    """The names of zones that are visited, once for each visit."""
    plans = {plan.number: plan for plan in found.plans}
    return [
        stop.name
        for night in found.nights[nights]
        for route in plans[night.plan].routes
        for stop in route.stops
    ]


def test_each_week_sees_every_site(picture: Picture) -> None:
    found = rotation(picture, 16, every_site_a_week=2)
    assert found.scenario.patrols.every_site_a_week == 2
    assert set(found.least_visits.values()) == {4}
    for week in (slice(0, 7), slice(7, 14)):
        visits = seen(found, week)
        assert all(visits.count(site) >= 2 for site in found.least_visits)
    assert found.relaxed == (
        "The last 2 nights are no whole week: every_site_a_week asks nothing of them.",
    )


def test_fewer_nights_than_a_week_have_no_weekly_minimum_and_say_so(picture: Picture) -> None:
    found = rotation(picture, 3, every_site_a_week=1)
    assert found.least_visits == {}
    assert "The last 3 nights are no whole week" in found.relaxed[0]


def test_what_can_not_be_seen_often_enough_is_refused_or_relaxed(picture: Picture) -> None:
    with pytest.raises(Infeasible, match="visits, at most"):
        rotation(picture, 7, every_site_a_week=50)
    found = rotation(picture, 7, every_site_a_week=50, if_impossible="relax")
    assert any("of the 50 visits that are demanded in nights 1 to 7." in text
               for text in found.relaxed)  # fmt: skip
    assert all(found.visits[site] > 7 for site in found.least_visits)


@pytest.mark.parametrize("nights", [1, 367])
def test_a_rotation_is_of_some_nights(picture: Picture, nights: int) -> None:
    with pytest.raises(ScenarioError, match="between 2 and 366"):
        rotation(picture, nights)
