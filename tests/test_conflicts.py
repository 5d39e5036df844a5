"""Which demands conflict: really, and none of them without need."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, best_of_all, few_options, priced, random_problem

from planner.allocate.patrols.conflicts import Demand, conflicting, demands_of
from planner.allocate.patrols.problem import Commitment, Problem

HOUR = 3600


def only(problem: Problem, demands: tuple[Demand, ...]) -> Problem:
    """The problem with some of its demands alone."""
    rows = [demand.commitment for demand in demands if demand.commitment >= 0]
    return replace(
        problem,
        commitments=tuple(problem.commitments[row] for row in rows),
        minimum={demand.zone: demand.visits for demand in demands if demand.zone >= 0},
    )


def possible(problem: Problem) -> bool:
    needed = np.flatnonzero(np.isin(problem.options.zone, list(problem.minimum)))
    return best_of_all(priced(replace(problem, options=problem.options.only(needed)))) is not None


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 999), st.integers(1, 2), st.booleans(), st.booleans())
def test_a_set_in_conflict_is_so_and_is_not_without_any_one_of_them(
    seed: int, teams: int, mixed: bool, meals: bool
) -> None:
    wanted = Wanted(mixed=mixed, duties=4, escorts=1, meals=meals)
    whole = random_problem(
        4, teams, 2 * HOUR, 0.2, seed, minimum={0: 1, 1: 1}, wanted=wanted, visits_a_gap=99
    )  # fmt: skip
    problem = few_options(whole, 4, seed)
    if possible(problem):
        return
    found = conflicting(problem, seed=1)
    assert set(found) <= set(demands_of(problem))
    assert not possible(only(problem, found))
    for one in found:
        assert possible(only(problem, tuple(other for other in found if other != one)))


def duty(key: str, place: int, at: int, **changes: object) -> Commitment:
    return replace(Commitment(key, key, place, place, at, at, 600), **changes)


def test_two_duties_at_once_for_one_team_conflict_and_a_third_does_not() -> None:
    problem = random_problem(5, 1, 4 * HOUR, 0.2, seed=2)
    duties = (duty("a", 3, 3000), duty("b", 4, 9000), duty("c", 5, 9000))
    asked = replace(problem, commitments=duties)
    assert set(conflicting(asked, 1)) == {Demand(commitment=1), Demand(commitment=2)}


@pytest.mark.parametrize(
    "changes",
    [
        {"needs": frozenset({"dog"})}, {"officers": 3}, {"together": 2}, {"team": 5},
        {"opens_s": 99_999, "closes_s": 99_999}, {"opens_s": 0, "closes_s": 5},
    ],
)  # fmt: skip
def test_what_nobody_can_do_conflicts_alone(changes: dict[str, object]) -> None:
    problem = random_problem(5, 1, 4 * HOUR, 0.2, seed=2)
    asked = replace(problem, commitments=(duty("a", 3, 3000), duty("b", 4, 9000, **changes)))
    assert conflicting(asked, 1) == (Demand(commitment=1),)


def test_a_visit_at_a_stated_hour_is_one_of_those_demanded() -> None:
    problem = random_problem(5, 1, 4 * HOUR, 0.2, seed=2, minimum={0: 1})
    rest = problem.options.only(np.flatnonzero(problem.options.zone != 0))
    visit = duty("must_visits[0]", 2, 3000, zone=0)
    never = duty("b", 4, 9000, needs=frozenset({"dog"}))
    asked = replace(problem, options=rest, commitments=(visit, never))
    assert Demand(zone=0, visits=1) not in conflicting(asked, 1)


def test_a_duty_too_far_from_the_other_team_conflicts_alone() -> None:
    problem = random_problem(5, 2, 4 * HOUR, 0.2, seed=2)
    post, seconds = problem.teams[0].start, problem.journeys[0].seconds
    away = seconds[post]
    order = np.argsort(away)
    near, far = int(order[1]), int(order[-1])
    apart = int(away[near] + away[far]) // 2
    duties = (duty("near", near, 3000), duty("far", far, 9000))
    asked = replace(problem, commitments=duties, apart_s=apart)
    assert conflicting(asked, 1) == (Demand(commitment=1),)
