"""Patrols: on random estates no plan breaks a rule, and small ones are solved to the optimum."""

from itertools import pairwise
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.patrols import FINISH, START, Effort, Patrols, Problem, solve_patrols
from planner.errors import Infeasible

QUICK = Effort(seed=1, tries=1, iterations=60, seconds=None)


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


@given(
    st.integers(1, 25),
    st.integers(1, 4),
    st.integers(3600, 12 * 3600),
    st.floats(0.0, 0.7),
    st.integers(0, 10_000),
)
def test_no_plan_breaks_a_rule(
    build: ModuleType, zones: int, teams: int, shift_s: int, reserve: float, seed: int
) -> None:
    problem = build.random_problem(zones, teams, shift_s, reserve, seed)
    solved = solve_patrols(problem, QUICK)
    check(problem, solved)


def test_minimum_visits_are_made(build: ModuleType) -> None:
    problem = build.random_problem(20, 2, 8 * 3600, 0.4, seed=3)
    least = int(np.argsort(np.bincount(problem.options.zone, problem.options.risk))[0])
    wanted = build.random_problem(20, 2, 8 * 3600, 0.4, seed=3, minimum={least: 2})
    solved = solve_patrols(wanted, Effort(1, 1, 300, None))
    check(wanted, solved)
    zones = [int(wanted.options.zone[v.option]) for tour in solved.tours for v in tour.visits]
    assert zones.count(least) >= 2


def test_minimum_visits_that_do_not_fit_are_refused(build: ModuleType) -> None:
    every = dict.fromkeys(range(25), 1)
    problem = build.random_problem(25, 1, 2 * 3600, 0.4, seed=3, minimum=every)
    with pytest.raises(Infeasible, match=r"minimum_visits.*1 team"):
        solve_patrols(problem, QUICK)
    too_often = build.random_problem(5, 2, 4 * 3600, 0.4, seed=3, minimum={0: 9})
    with pytest.raises(Infeasible, match="not 9 times"):
        solve_patrols(too_often, QUICK)


def test_same_seed_same_plan(build: ModuleType) -> None:
    problem = build.random_problem(30, 3, 8 * 3600, 0.4, seed=5)
    assert solve_patrols(problem, QUICK) == solve_patrols(problem, QUICK)


@pytest.mark.parametrize("seed", range(8))
def test_small_problems_are_solved_to_the_optimum(build: ModuleType, seed: int) -> None:
    # In 80 minutes with a reserve of 0.4 one team makes at most three visits.
    problem = build.random_problem(8, 1, 80 * 60, 0.4, seed)
    optimum = build.best_by_trying_all(problem)
    solved = solve_patrols(problem, Effort(1, 2, 300, None))
    assert solved.value == pytest.approx(optimum, rel=1e-4)


def test_a_second_demand_never_takes_the_place_of_the_first(build: ModuleType) -> None:
    # One team has time for one or two stops: what is not possible is refused, never dropped.
    for seed in range(12):
        wanted = build.random_problem(6, 1, 3600, 0.4, seed, minimum={0: 1, 3: 1, 5: 1})
        try:
            solved = solve_patrols(wanted, QUICK)
        except Infeasible:
            continue
        seen = {int(wanted.options.zone[v.option]) for tour in solved.tours for v in tour.visits}
        assert {0, 3, 5} <= seen


def test_a_shift_too_short_for_any_walk_has_no_routes(build: ModuleType) -> None:
    problem = build.random_problem(10, 2, 26 * 60, 0.4, seed=1, side_m=9_000.0)
    assert solve_patrols(problem, QUICK).tours == ()


@pytest.mark.filterwarnings("error")
def test_what_is_infeasible_is_said_once_and_without_a_warning(build: ModuleType) -> None:
    problem = build.random_problem(10, 1, 40 * 60, 0.4, seed=1, minimum={0: 1, 1: 1, 2: 1})
    with pytest.raises(Infeasible):
        solve_patrols(problem, QUICK)
