"""The pool: what is known of many routes at once is what their tours say one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, random_problem

from planner.allocate.patrols.activities import activities_of
from planner.allocate.patrols.pool import RouteTimes, cover_of, metres_of
from planner.allocate.patrols.routing import Route_
from planner.allocate.patrols.timing import Timetable


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 999), st.integers(0, 4), st.booleans(), st.sampled_from([0.0, 0.4]))
def test_routes_are_worth_and_as_long_as_their_tours(
    seed: int, duties: int, mixed: bool, reserve: float
) -> None:
    wanted = Wanted(mixed=mixed, duties=duties, escorts=1, for_two=1, meals=True)
    problem = random_problem(8, 3, 5 * 3600, reserve, seed, wanted=wanted)
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    chance = np.random.default_rng(seed)
    asked: list[Route_] = []
    for _ in range(40):
        rows = chance.permutation(len(activities))[: chance.integers(1, 6)].tolist()
        rows.sort(key=lambda row: activities[row].closes)
        asked.append((int(chance.integers(len(problem.kinds))), tuple(rows)))
    timed = RouteTimes(problem, activities).timed(asked)
    assert timed
    timetable = Timetable.of(problem)
    for route in timed:
        doing = [activities[row] for row in route.rows]
        tour = timetable.timed(problem, problem.kinds[route.kind][0], doing)
        assert route.tour == tour
        assert route.metres == pytest.approx(metres_of(problem, route.tour))
        if all(one.partner < 0 for one in doing):
            assert route.worth == pytest.approx(cover_of(problem, [route.tour]))


def test_of_the_same_activities_the_better_order_stays() -> None:
    problem = random_problem(12, 1, 8 * 3600, 0.0, seed=5)
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    times, checked = RouteTimes(problem, activities), 0
    for first in range(len(activities)):
        for second in range(first):
            orders: list[Route_] = [(0, (first, second)), (0, (second, first))]
            both = times.timed(orders)
            if len(both) < 2:
                continue
            pool = times.pool([], orders)
            [kept] = pool.routes
            best = max(both, key=lambda one: (one.worth, -one.tour.ends_s))
            assert kept == best
            assert [pool.row_of[order] for order in orders] == [0, 0]
            checked += both[0].worth != both[1].worth
    assert checked
