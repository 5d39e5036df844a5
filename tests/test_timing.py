"""When a team is where: as early as windows allow, with the reserve kept."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, random_problem, walks_of

from planner.allocate.patrols.activities import (
    COMMITMENT,
    MEAL,
    VISIT,
    Activity,
    activities_of,
)
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.timing import Begins, Timetable, within_gaps


def activity(kind: str = VISIT, **changes: object) -> Activity:
    return replace(Activity(kind, 0, 1, 1, 0, 20_000, 900, 900, (True,)), **changes)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 999), st.floats(0, 0.6), st.booleans(), st.booleans())
def test_every_walk_is_timed_as_by_stepping_through_it(
    seed: int, reserve: float, mixed: bool, meals: bool
) -> None:
    wanted = Wanted(mixed=mixed, meals=meals, duties=1, escorts=1)
    problem = random_problem(3, 1, 3 * 3600, reserve, seed, wanted=wanted)
    rows = np.arange(len(problem.options))
    table = activities_of(problem, rows, {})
    row_of = {(one.kind, one.source): one for one in table}
    timetable = Timetable.of(problem)
    walks = {walk.items: walk for walk in walks_of(problem, 0)}
    for walk in walks.values():
        tour = timetable.timed(problem, 0, [row_of[item] for item in walk.items])
        if not walk.items:
            assert tour is None
            continue
        assert tour is not None
        assert tuple(step.arrive_s for step in tour.steps) == walk.begins
        assert tuple((step.kind, step.source) for step in tour.steps) == walk.items
    # And what no walk holds can't be timed: two of the walks' items in orders that don't fit.
    for items in [(first, second) for first in row_of for second in row_of if first != second]:
        possible = items in walks
        timed = timetable.timed(problem, 0, [row_of[item] for item in items])
        assert (timed is not None) == possible


def a_line(reserve: float) -> Problem:
    """One team, and places on a line, 130 m (100 s) apart."""
    problem = random_problem(3, 1, 4 * 3600, reserve, seed=1)
    away = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) * 100
    legs = replace(problem.journeys[0], seconds=away, metres=away * 1.3)
    return replace(problem, journeys=(legs,))


def test_walks_and_stays_around_visits_take_their_reserve() -> None:
    problem = a_line(0.5)
    visit = activity(place=1, leaves=1, takes=1800)
    duty = activity(COMMITMENT, place=2, leaves=3)
    tour = Timetable.of(problem).timed(problem, 0, [visit, duty, duty])
    assert tour is not None
    # There in twice 100 s, twice the stay, on in twice 100 s, then from the escort's end at once.
    assert [step.arrive_s for step in tour.steps] == [200, 200 + 1800 + 200, 2200 + 900 + 100]
    # But it leaves just in time, and is back as soon as it can walk.
    assert (tour.starts_s, tour.ends_s) == (100, 3200 + 900 + 300)


def test_what_begins_or_ends_too_late_can_not_be_timed() -> None:
    problem = a_line(0.0)
    timetable = Timetable.of(problem)
    visit = activity(place=4, leaves=4)
    assert timetable.timed(problem, 0, [replace(visit, closes=400)]) is not None
    assert timetable.timed(problem, 0, [replace(visit, closes=399)]) is None
    last = 4 * 3600 - 900 - 400
    assert timetable.timed(problem, 0, [replace(visit, opens=last)]) is not None
    assert timetable.timed(problem, 0, [replace(visit, opens=last + 1)]) is None
    assert timetable.timed(problem, 0, []) is None


@pytest.mark.parametrize("most", range(4))
def test_no_more_visits_than_allowed_stay_between_two_commitments(most: int) -> None:
    table = [activity(worth=worth) for worth in (3.0, 1.0, 2.0, 5.0, 4.0)]
    table += [activity(COMMITMENT), activity(MEAL), activity(worth=0.1, group=0)]
    rows = [0, 1, 2, 5, 3, 4, 6, 7]
    kept = within_gaps(rows, table, most)
    assert [row for row in rows if row in kept] == kept
    assert {5, 6} <= set(kept)
    runs = "".join("v" if table[row].kind == VISIT else "|" for row in kept).split("|")
    assert max(len(run) for run in runs) == min(most, 3)
    if most:
        # The best of each gap stays, and what is demanded.
        assert {0, 3, 7} <= set(kept)
    assert within_gaps([0, 1, 2, 6], table, 0) == [0, 1, 2, 6]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 999), st.integers(0, 4), st.booleans(), st.sampled_from([0.0, 0.3, 0.7]))
def test_many_routes_at_once_are_timed_as_each_is_alone(
    seed: int, duties: int, mixed: bool, reserve: float
) -> None:
    asked = Wanted(mixed=mixed, duties=duties, escorts=1, meals=True)
    problem = random_problem(8, 2, 5 * 3600, reserve, seed, wanted=asked)
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    chance = np.random.default_rng(seed)
    routes = [
        sorted(
            chance.permutation(len(activities))[: chance.integers(1, 7)].tolist(),
            key=lambda row: activities[row].closes,
        )
        for _ in range(40)
    ]
    timetable, begins = Timetable.of(problem), Begins.of(problem, activities)
    for rows in problem.kinds:
        alone = [
            timetable.timed(problem, rows[0], [activities[row] for row in route])
            for route in routes
        ]
        possible, first = begins.of_routes(rows[0], routes)
        assert possible.tolist() == [tour is not None for tour in alone]
        assert possible.any()
        for tour, moments in zip(alone, first.tolist(), strict=True):
            if tour is not None:
                walked = [step.arrive_s for step in tour.steps]
                assert moments[: len(walked)] == walked
    assert [len(part) for part in begins.of_routes(0, [])] == [0, 0]
