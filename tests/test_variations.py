"""Variations of routes: each differs by one change, and what is put in was free to be chosen."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, random_problem

from planner.allocate.patrols.activities import VISIT, activities_of
from planner.allocate.patrols.goals import goal_of
from planner.allocate.patrols.pool import RouteTimes
from planner.allocate.patrols.rounds import Effort, best_of_rounds
from planner.allocate.patrols.timing import Timetable
from planner.allocate.patrols.variations import TRIED, Variations

HOUR = 3600


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 12), st.integers(1, 3), st.integers(0, 999), st.integers(0, 2))
def test_each_differs_by_one_change(zones: int, teams: int, seed: int, duties: int) -> None:
    wanted = Wanted(duties=duties, for_two=1, mixed=True)
    problem = random_problem(zones, teams, 4 * HOUR, 0.3, seed, wanted=wanted)
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    solved = best_of_rounds(problem, activities, Effort(1, 2, 20), goal_of(problem))
    if solved is None:
        return
    for row in solved.chosen:
        route = solved.pool.routes[row]
        varied = Variations(problem, activities).of([route])
        assert len(set(varied)) == len(varied)
        count = len(route.rows)
        assert len(varied) <= count * (count - 1) // 2 + count + (2 * count + 1) * TRIED
        for kind, rows in varied:
            assert kind == route.kind
            gone, come = set(route.rows) - set(rows), set(rows) - set(route.rows)
            assert len(gone) <= 1
            assert len(come) <= 1
            assert rows != route.rows
            assert all(activities[one].allowed[kind] for one in come)
            for one in (*gone, *come):
                assert activities[one].kind == VISIT
                assert activities[one].partner < 0


@settings(deadline=None, max_examples=15)
@given(st.integers(6, 14), st.integers(0, 999), st.integers(0, 4))
def test_exchanges_that_are_not_tried_can_not_be_walked(zones: int, seed: int, duties: int) -> None:
    problem = random_problem(zones, 1, 8 * HOUR, 0.2, seed, wanted=Wanted(duties=duties))
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    solved = best_of_rounds(problem, activities, Effort(1, 2, 20), goal_of(problem))
    if solved is None or not solved.chosen:
        return
    route = solved.pool.routes[solved.chosen[0]]
    tried = {rows for _, rows in Variations(problem, activities).of([route])}
    timetable = Timetable.of(problem)
    for first, second in combinations(range(len(route.rows)), 2):
        rows = list(route.rows)
        rows[first], rows[second] = rows[second], rows[first]
        if tuple(rows) not in tried:
            assert timetable.timed(problem, 0, [activities[row] for row in rows]) is None


def test_what_is_put_in_is_worth_most_for_the_time_that_it_takes() -> None:
    problem = random_problem(12, 1, 4 * HOUR, 0.3, seed=3)
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    times = RouteTimes(problem, activities)
    [route] = times.timed([(0, (0,))])
    added = {row for _, rows in Variations(problem, activities).of([route]) for row in rows if row}
    assert 0 < len(added) <= 3 * TRIED
    best = max(added, key=lambda row: activities[row].worth)
    assert activities[best].worth > np.median([one.worth for one in activities])
