"""Plans that share zones out among nights: each zone is seen, and every night keeps the rules."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, random_problem
from patrol_rules import broken_rules

from planner.allocate.patrols import sharing
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.sharing import sharing_plans
from planner.allocate.patrols.solving import best_options, solve_patrols
from planner.allocate.patrols.timing import visits_made

HOUR = 3600
QUICK = Effort(seed=1, tries=2, iterations=60)


def wide(problem: Problem, zones: np.ndarray) -> Problem:
    return replace(problem, considered=tuple(zones.tolist()))


@pytest.mark.parametrize("seed", range(2))
def test_every_zone_is_seen_in_some_night(seed: int) -> None:
    zones = np.arange(60)
    problem = wide(random_problem(60, 2, 8 * HOUR, 0.3, seed, side_m=2500.0), zones)
    best = solve_patrols(problem, QUICK).tours
    assert (np.array([visits_made(best)[zone] for zone in zones.tolist()]) == 0).sum() > 10
    nights = sharing_plans(problem, best, zones, 5, QUICK)
    seen = {step.zone for night in nights for tour in night.tours for step in tour.visits}
    assert seen == set(zones.tolist())
    assert len(nights) > 5
    for night in nights:
        assert broken_rules(problem, night.tours, HOUR) == []


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 500), st.integers(1, 4), st.integers(0, 3), st.booleans(), st.integers(0, 2))
def test_no_night_does_less_than_the_best_plan_does_of_its_demands(
    seed: int, nights: int, duties: int, mixed: bool, for_two: int
) -> None:
    asked = Wanted(mixed=mixed, duties=duties, meals=True, for_two=for_two)
    zones = np.arange(14)
    problem = wide(random_problem(14, 2, 6 * HOUR, 0.3, seed, wanted=asked, wishes=True), zones)
    best = solve_patrols(problem, QUICK).tours
    done = {(step.kind, step.source) for tour in best for step in tour.steps if step.zone < 0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "VARIANTS", 3)
        found = sharing_plans(problem, best, zones, nights, Effort(1, 1, 20))
    for night in found:
        assert broken_rules(problem, night.tours, HOUR) == []
        steps = [step for tour in night.tours for step in tour.steps]
        assert done <= {(step.kind, step.source) for step in steps}


def test_zones_that_no_route_reaches_are_left_out() -> None:
    problem = random_problem(12, 1, 4 * HOUR, 0.2, seed=4)
    without = problem.options.only(np.flatnonzero(problem.options.zone != 3))
    asked = wide(replace(problem, options=without), np.arange(12))
    nights = sharing_plans(asked, solve_patrols(asked, QUICK).tours, np.array([3, 5]), 2, QUICK)
    assert any(visits_made(night.tours)[5] for night in nights)
    assert not any(visits_made(night.tours)[3] for night in nights)
    assert len(best_options(asked))


def test_a_zone_that_each_night_sees_is_seen_more_often_in_its_own() -> None:
    whole = random_problem(30, 1, 6 * HOUR, 0.2, seed=4)
    least = int(np.argsort(np.bincount(whole.options.zone, whole.options.worth))[0])
    asked = wide(replace(whole, minimum={least: 1}), np.arange(30))
    best = solve_patrols(asked, QUICK).tours
    nights = sharing_plans(asked, best, np.array([least]), 1, QUICK, visits=2)
    assert visits_made(best)[least] == 1
    assert all(visits_made(night.tours)[least] == 2 for night in nights)
