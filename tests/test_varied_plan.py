"""A plan that keeps apart from the nights before: which nights count, and what is said."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from questions import WINTER_NIGHT, content, small_picture
from questions import plan as planned

from planner.allocate.plan import Plan
from planner.allocate.scenario import Scenario, resolve_shift, scenario_from
from planner.allocate.varied_plan import KEPT_APART, recent_plans, varied_plan
from planner.errors import ScenarioError
from planner.picture import Picture


@pytest.fixture(scope="module")
def picture(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return small_picture(build, tmp_path_factory.mktemp("varied"))


@pytest.fixture(scope="module")
def night_before(picture: Picture) -> Plan:
    return planned(picture, shift=night(19))


def night(day: int, name: str = "night") -> dict[str, str]:
    return {"date": f"2025-12-{day:02d}", "name": name}


def scenario(**parts: Any) -> Scenario:
    return scenario_from(content(parts))


def moved(plan: Plan, day: int, name: str = "") -> Plan:
    """The same plan as if it were another night's."""
    text = plan.to_json().replace("2025-12-20T", f"2025-12-{day + 1:02d}T")
    text = text.replace("2025-12-19T", f"2025-12-{day:02d}T")
    made = Plan.model_validate_json(text)
    return made.model_copy(update={"id": name or f"of-the-{day}th"})


def test_it_says_what_it_has_in_common_and_what_that_costs(
    picture: Picture, night_before: Plan
) -> None:
    plan = varied_plan(picture, scenario(), [night_before])
    assert plan.patrols.changes[0].startswith("In common with the nights before")
    assert "% with 2025-12-19" in plan.patrols.changes[0]
    assert "the plan that covers most covers" in plan.patrols.changes[1]
    assert plan.patrols.choices[0].name == KEPT_APART
    assert plan.patrols.choices[0].routes == plan.patrols.routes
    assert 0 < plan.patrols.risk_covered <= plan.patrols.bound
    assert Plan.model_validate_json(plan.to_json()) == plan


def test_its_name_follows_from_the_earlier_plans(picture: Picture, night_before: Plan) -> None:
    same = varied_plan(picture, scenario(), [night_before])
    assert same == varied_plan(picture, scenario(), [night_before])
    other = varied_plan(picture, scenario(), [moved(night_before, 19, "another")])
    assert len({same.id, other.id, planned(picture).id}) == 3


def test_only_the_same_shift_of_the_week_before_counts(
    picture: Picture, night_before: Plan
) -> None:
    shift = resolve_shift(scenario().shift, picture.settings, picture.as_of)
    given = [moved(night_before, day) for day in (12, 13, 19, 20, 21)]
    other = planned(picture, shift=night(19, "late"))
    recent = recent_plans(picture, shift, [*given, other])
    assert [plan.id for plan in recent.plans] == ["of-the-13th", "of-the-19th"]
    assert len(recent.left_out) == 4
    assert any(other.id in text and "late of 2025-12-19" in text for text in recent.left_out)


def test_two_plans_of_one_night_count_once(picture: Picture, night_before: Plan) -> None:
    shift = resolve_shift(scenario().shift, picture.settings, picture.as_of)
    recent = recent_plans(picture, shift, [night_before, moved(night_before, 19, "later")])
    assert [plan.id for plan in recent.plans] == ["later"]
    assert "of which there is another plan" in recent.left_out[0]


def test_without_a_plan_of_the_week_it_is_the_plan_that_covers_most(picture: Picture) -> None:
    plan = varied_plan(picture, scenario(), [])
    assert "nothing to keep apart from" in plan.patrols.changes[0]
    assert plan.patrols.choices[0].name != KEPT_APART


def test_visits_of_the_week_count_for_the_weekly_minimum(
    picture: Picture, night_before: Plan
) -> None:
    short = {"date": "2025-12-20", "name": "night", "start": "22:00", "end": "22:40"}
    patrols = {"teams": 1, "every_site_a_week": 1, "if_impossible": "relax"}
    wanted = scenario(shift=short, patrols=patrols)
    seen = {stop.zone for route in night_before.patrols.routes for stop in route.stops}
    assert len(seen) == 3
    assert "of the 1 visits" in " ".join(varied_plan(picture, wanted, []).patrols.relaxed)
    assert varied_plan(picture, wanted, [night_before]).patrols.relaxed == ()
    # Seven nights ago is another week.
    old = moved(night_before, 13)
    assert varied_plan(picture, wanted, [old]).patrols.relaxed != ()


def test_a_plan_of_another_estate_is_refused(picture: Picture, night_before: Plan) -> None:
    estate = night_before.estate.model_copy(update={"name": "Elsewhere"})
    other = night_before.model_copy(update={"estate": estate})
    with pytest.raises(ScenarioError, match=r"--vary: .*'Elsewhere'"):
        varied_plan(picture, scenario(), [other])


def test_the_shift_is_that_of_the_scenario(picture: Picture, night_before: Plan) -> None:
    plan = varied_plan(picture, scenario(), [night_before])
    assert plan.shift.starts_at.startswith(WINTER_NIGHT["date"])
    assert Path(plan.id).name == plan.id
