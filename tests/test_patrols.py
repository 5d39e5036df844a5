"""Patrols: on random estates no plan breaks a rule, and small ones are solved to the optimum."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from planner.allocate.legs import Legs, stretched
from planner.allocate.patrol_bound import upper_bound
from planner.allocate.patrols import (
    FINISH,
    FIRST_STOP,
    START,
    Effort,
    Patrols,
    Problem,
    solve_patrols,
)
from planner.allocate.visits import visit_options
from planner.errors import Infeasible
from planner.insight.risk import Risk
from planner.insight.timing import BIN_S

QUICK = Effort(seed=1, tries=1, iterations=60, seconds=None)


def random_problem(
    zones: int,
    teams: int,
    shift_s: int,
    reserve: float,
    seed: int,
    minimum: dict[int, int] | None = None,
    side_m: float = 1500.0,
) -> Problem:
    generator = np.random.default_rng(seed)
    points = generator.uniform(0, side_m, (zones + FIRST_STOP, 2))
    points[FINISH] = points[START]
    metres = cdist(points, points)
    legs = Legs(points, metres, np.ceil(metres / 1.3).astype(np.int64), None, None)
    bins = -(-shift_s // BIN_S)
    expected = generator.gamma(0.4, 0.1, (zones, 1)) * generator.uniform(0.5, 1.5, (1, bins))
    total = expected.sum(axis=1)
    names = np.array([f"z{i}" for i in range(zones)], dtype=object)
    risk = Risk(names, expected, total, total, total, total, 100.0, True)
    options = visit_options(risk, shift_s, 900)
    return Problem(
        options, options.zone + FIRST_STOP, legs, teams, shift_s, 900, reserve, minimum or {}
    )


def check(problem: Problem, solved: Patrols) -> None:
    """Hold a plan against every rule of the model."""
    legs, place = problem.legs, problem.place
    assert len(solved.tours) <= problem.teams
    seen = [visit.option for tour in solved.tours for visit in tour.visits]
    assert len(seen) == len(set(seen))
    for tour in solved.tours:
        stops = [START, *(int(place[visit.option]) for visit in tour.visits), FINISH]
        leaves = [tour.starts_s, *(visit.leave_s for visit in tour.visits)]
        arrives = [*(visit.arrive_s for visit in tour.visits), tour.ends_s]
        assert 0 <= tour.starts_s <= tour.ends_s <= problem.shift_s
        for here, there, leave, arrive in zip(stops, stops[1:], leaves, arrives, strict=False):
            assert arrive - leave >= legs.seconds[here, there]
        for visit in tour.visits:
            assert visit.leave_s - visit.arrive_s == problem.dwell_s
            opens = problem.options.opens[visit.option]
            assert opens <= visit.arrive_s <= problem.options.closes[visit.option]
        walking = sum(int(legs.seconds[a, b]) for a, b in pairwise(stops))
        busy = walking + problem.dwell_s * len(tour.visits)
        assert busy <= (1 - problem.reserve) * problem.shift_s + 1
    for zone in np.unique(problem.options.zone):
        begins = np.sort(
            [
                visit.arrive_s
                for tour in solved.tours
                for visit in tour.visits
                if problem.options.zone[visit.option] == zone
            ]
        )
        assert (np.diff(begins) >= problem.dwell_s - 1).all()


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 25),
    st.integers(1, 4),
    st.integers(3600, 12 * 3600),
    st.floats(0.0, 0.7),
    st.integers(0, 10_000),
)
def test_no_plan_breaks_a_rule(
    zones: int, teams: int, shift_s: int, reserve: float, seed: int
) -> None:
    problem = random_problem(zones, teams, shift_s, reserve, seed)
    solved = solve_patrols(problem, QUICK)
    check(problem, solved)
    assert solved.value <= upper_bound(problem) * (1 + 1e-6) + 1e-9


def test_minimum_visits_are_made() -> None:
    problem = random_problem(20, 2, 8 * 3600, 0.4, seed=3)
    least = int(np.argsort(np.bincount(problem.options.zone, problem.options.risk))[0])
    wanted = random_problem(20, 2, 8 * 3600, 0.4, seed=3, minimum={least: 2})
    solved = solve_patrols(wanted, Effort(1, 1, 300, None))
    check(wanted, solved)
    zones = [int(wanted.options.zone[v.option]) for tour in solved.tours for v in tour.visits]
    assert zones.count(least) >= 2


def test_minimum_visits_that_do_not_fit_are_refused() -> None:
    every = dict.fromkeys(range(25), 1)
    problem = random_problem(25, 1, 2 * 3600, 0.4, seed=3, minimum=every)
    with pytest.raises(Infeasible, match=r"minimum_visits.*1 team"):
        solve_patrols(problem, QUICK)
    too_often = random_problem(5, 2, 4 * 3600, 0.4, seed=3, minimum={0: 9})
    with pytest.raises(Infeasible, match="not 9 times"):
        solve_patrols(too_often, QUICK)


def test_same_seed_same_plan() -> None:
    problem = random_problem(30, 3, 8 * 3600, 0.4, seed=5)
    assert solve_patrols(problem, QUICK) == solve_patrols(problem, QUICK)


def best_by_trying_all(problem: Problem) -> float:
    """Return the optimum of one team by trying every order of every set of options."""
    seconds = stretched(problem.legs.seconds, problem.reserve)
    service = int(stretched(problem.dwell_s, problem.reserve))
    best = 0.0
    for size in range(1, 4):
        for order in permutations(range(len(problem.options)), size):
            now, here = 0, START
            for option in order:
                stop = int(problem.place[option])
                now = max(now + int(seconds[here, stop]), int(problem.options.opens[option]))
                if now > problem.options.closes[option]:
                    break
                now, here = now + service, stop
            else:
                if now + int(seconds[here, FINISH]) <= problem.shift_s:
                    best = max(best, float(problem.options.risk[list(order)].sum()))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_small_problems_are_solved_to_the_optimum(seed: int) -> None:
    # In 80 minutes with a reserve of 0.4 one team makes at most three visits.
    problem = random_problem(8, 1, 80 * 60, 0.4, seed)
    optimum = best_by_trying_all(problem)
    solved = solve_patrols(problem, Effort(1, 2, 300, None))
    assert solved.value == pytest.approx(optimum, rel=1e-4)
    assert upper_bound(problem) >= optimum * (1 - 1e-9)


def test_the_bound_is_near_on_a_whole_night() -> None:
    problem = random_problem(80, 3, 8 * 3600, 0.4, seed=11)
    solved = solve_patrols(problem, Effort(1, 1, 800, None))
    bound = upper_bound(problem)
    assert 0 <= (bound - solved.value) / bound < 0.15
