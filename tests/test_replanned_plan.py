"""A plan made anew in mid-shift: what was walked stays, calls stay, and what can't be is named."""

from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questions import plan as planned
from questions import small_picture

from planner.allocate.plan import Plan, Stop
from planner.allocate.replanned_plan import NEWER, Reported, replanned
from planner.errors import ScenarioError
from planner.picture import Picture

STARTS = datetime.fromisoformat("2025-12-20T22:00:00+00:00")
DUTY = {"place": "Gamma Library", "from": "02:00", "to": "03:00", "minutes": 10, "kind": "lock"}


@pytest.fixture(scope="module")
def picture(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return small_picture(build, tmp_path_factory.mktemp("replanned"))


@pytest.fixture(scope="module")
def plan(picture: Picture) -> Plan:
    return planned(picture, duties=[DUTY], patrols={"teams": 2})


def at(minutes: float) -> datetime:
    return STARTS + timedelta(minutes=minutes)


def stops(plan: Plan) -> list[Stop]:
    return [stop for route in plan.patrols.routes for stop in route.stops]


def calls(plan: Plan) -> list[Stop]:
    return [stop for stop in stops(plan) if stop.kind == "call"]


def identity(stop: Stop) -> tuple[str, str, str]:
    return stop.kind, stop.name, stop.arrive


def test_what_was_walked_stays_and_the_nearest_team_goes_to_the_call(
    picture: Picture, plan: Plan
) -> None:
    now = at(125)
    new = replanned(picture, plan, now, [Reported("Beta Museum", 30, now)])
    walked = [identity(one) for one in stops(plan) if datetime.fromisoformat(one.arrive) <= now]
    assert walked
    assert set(walked) <= {identity(one) for one in stops(new)}
    (call,) = calls(new)
    assert call.name == "Call: Beta Museum"
    assert now <= datetime.fromisoformat(call.arrive) <= now + timedelta(minutes=15)
    stay = datetime.fromisoformat(call.leave) - datetime.fromisoformat(call.arrive)
    assert stay == timedelta(minutes=30)
    assert any(text.startswith("Team ") and "Beta Museum" in text for text in new.patrols.changes)
    assert [one.key for one in stops(new) if one.kind == "duty"] == ["duties[0]"]
    assert new.patrols.relaxed == ()


def test_a_replan_is_a_whole_plan(picture: Picture, plan: Plan) -> None:
    new = replanned(picture, plan, at(60))
    assert Plan.model_validate_json(new.to_json()) == new
    assert (new.cameras, new.hotspots, new.risk) == (plan.cameras, plan.hotspots, plan.risk)
    assert len(new.patrols.choices) == 1
    assert new.patrols.choices[0].routes == new.patrols.routes
    assert 0 < new.patrols.risk_covered <= new.patrols.bound
    covered = sum(one.risk for one in stops(new)) / plan.risk.expected
    assert covered == pytest.approx(new.patrols.risk_covered, rel=1e-6)
    assert NEWER not in new.warnings


def test_calls_of_an_earlier_replan_survive_a_second_one(picture: Picture, plan: Plan) -> None:
    first = replanned(picture, plan, at(60), [Reported("Beta Museum", 40, at(60))])
    second = replanned(picture, first, at(61), [Reported("Gamma Library", 20, at(61))])
    third = replanned(picture, second, at(200))
    assert {one.name for one in calls(second)} == {"Call: Beta Museum", "Call: Gamma Library"}
    assert len({one.key for one in calls(second)}) == 2
    assert {identity(one) for one in calls(first)} <= {identity(one) for one in calls(second)}
    assert {identity(one) for one in calls(third)} == {identity(one) for one in calls(second)}
    assert len({plan.id, first.id, second.id, third.id}) == 4


def test_a_call_at_a_point_and_a_team_at_its_own_position(
    picture: Picture, plan: Plan, build: ModuleType
) -> None:
    where = build.degrees(150.0, 200.0)
    new = replanned(
        picture, plan, at(5), [Reported(where, 20, at(5))], {"A": build.degrees(150.0, 198.0)}
    )
    (call,) = calls(new)
    assert (call.longitude, call.latitude) == pytest.approx(where, abs=2e-4)
    team = next(route.team for route in new.patrols.routes if call in route.stops)
    assert team == "A"
    assert datetime.fromisoformat(call.arrive) <= at(7)


def test_the_same_happening_gives_the_same_plan_and_any_other_another_name(
    picture: Picture, plan: Plan, build: ModuleType
) -> None:
    call, there = Reported("Beta Museum", 30, at(60)), {"A": build.degrees(0.0, -50.0)}
    made = replanned(picture, plan, at(60), [call], there)
    assert replanned(picture, plan, at(60), [call], there) == made
    others = [
        replanned(picture, plan, at(61), [call], there),
        replanned(picture, plan, at(60), [Reported("Beta Museum", 31, at(60))], there),
        replanned(picture, plan, at(60), [call], {}),
    ]
    assert len({made.id, *(one.id for one in others)}) == 4


def test_newer_records_are_said(
    picture: Picture, plan: Plan, build: ModuleType, tmp_path: Path
) -> None:
    other = small_picture(build, tmp_path, number=61)
    # The workspace of the same name and files, with one incident more.
    again = replanned(other, plan, at(60))
    assert again.warnings.count(NEWER) == 1
    assert replanned(other, again, at(90)).warnings.count(NEWER) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "0.0.1"}, "made by planner 0.0.1"),
        ({"estate": "Elsewhere"}, "'Elsewhere'"),
        ({"zone": "no-such-zone"}, "which its scenario or this estate has not"),
        ({"team": "Zulu"}, "'Zulu'"),
        ({"arrive": "2025-12-21T05:59:59+00:00"}, "does not allow|which its scenario"),
    ],
)
def test_a_plan_that_was_not_made_here_is_named(
    picture: Picture, plan: Plan, change: dict[str, str], said: str
) -> None:
    content = plan.model_dump(by_alias=True, mode="json")
    route = next(one for one in content["patrols"]["routes"] if one["stops"])
    visit = next(one for one in route["stops"] if one["kind"] == "visit")
    if "version" in change:
        content["version"] = change["version"]
    if "estate" in change:
        content["estate"]["name"] = change["estate"]
    if "team" in change:
        route["team"] = change["team"]
    visit.update({name: text for name, text in change.items() if name in ("zone", "arrive")})
    with pytest.raises(ScenarioError, match=said):
        replanned(picture, Plan.model_validate(content), at(60))


@pytest.mark.parametrize("minutes", [-1, 480, 10_000])
def test_moments_outside_the_shift(picture: Picture, plan: Plan, minutes: int) -> None:
    with pytest.raises(ScenarioError, match=r"--at: .* does not lie in the plan's shift"):
        replanned(picture, plan, at(minutes))


def test_what_is_wrong_with_calls_and_teams_is_named(picture: Picture, plan: Plan) -> None:
    with pytest.raises(ScenarioError, match=r"--incident: .*'Nowhere'"):
        replanned(picture, plan, at(60), [Reported("Nowhere", 30, at(60))])
    with pytest.raises(ScenarioError, match="later than --at"):
        replanned(picture, plan, at(60), [Reported("Beta Museum", 30, at(90))])
    with pytest.raises(ScenarioError, match=r"no team 'Q'.*A, B"):
        replanned(picture, plan, at(60), (), {"Q": (0.0, 0.0)})
    with pytest.raises(ScenarioError, match="position of team A"):
        replanned(picture, plan, at(60), (), {"A": (0.0, 0.0)})


@given(st.lists(st.tuples(st.integers(0, 470), st.sampled_from(["Beta Museum", "Gamma Library"]),
                          st.integers(1, 90)), min_size=1, max_size=3))  # fmt: skip
def test_no_replan_breaks_a_rule_of_walking(
    picture: Picture, plan: Plan, happened: list[tuple[int, str, int]]
) -> None:
    now = plan
    for minutes, place, takes in sorted(happened):
        now = replanned(picture, now, at(minutes), [Reported(place, takes, at(minutes))])
    assert len(calls(now)) == len(happened)
    for route in now.patrols.routes:
        left = datetime.fromisoformat(route.starts_at)
        for stop in route.stops:
            assert left <= datetime.fromisoformat(stop.arrive)
            left = datetime.fromisoformat(stop.leave)
            assert datetime.fromisoformat(stop.arrive) <= left
        assert left <= datetime.fromisoformat(route.ends_at)
