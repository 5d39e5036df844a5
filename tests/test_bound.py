"""The bound on patrols holds, whichever options it looks at closely."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, best_of_all, best_walk, few_options, priced, random_problem

from planner.allocate.patrols import bound
from planner.allocate.patrols.bound import upper_bound
from planner.allocate.patrols.conflicts import DemandsConflict
from planner.allocate.patrols.problem import Meal
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols

wanted = st.builds(
    Wanted,
    mixed=st.booleans(),
    streets=st.booleans(),
    duties=st.integers(0, 3),
    must_visits=st.integers(0, 2),
    escorts=st.integers(0, 1),
    joint=st.integers(0, 1),
    meals=st.booleans(),
    for_two=st.integers(0, 2),
    made=st.integers(0, 2),
)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(2, 14), st.integers(1, 3), st.integers(2, 9), st.floats(0, 0.7), wanted,
    st.integers(0, 99), st.booleans(),
)  # fmt: skip
def test_no_plan_is_above_the_bound(
    zones: int, teams: int, hours: int, reserve: float, asked: Wanted, seed: int, wishes: bool
) -> None:
    problem = random_problem(
        zones, teams, hours * 3600, reserve, seed, wanted=asked, wishes=wishes
    )  # fmt: skip
    try:
        value = solve_patrols(problem, Effort(1, 1, 60)).value
    except DemandsConflict:
        return
    for closely in (1, 20, 120):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bound, "MOST_OPTIONS", closely)
            assert upper_bound(problem) >= value * (1 - 1e-6) - 1e-12


@pytest.mark.parametrize(("seed", "closely"), list(itertools.product(range(6), (1, 2, 5, 160))))
def test_the_optimum_is_not_above_the_bound(
    monkeypatch: pytest.MonkeyPatch, seed: int, closely: int
) -> None:
    monkeypatch.setattr(bound, "MOST_OPTIONS", closely)
    # Zones close to one another, where a visit on the way costs almost no walk.
    problem = random_problem(8, 1, 80 * 60, 0.4, seed, side_m=60.0)
    assert upper_bound(problem) >= best_walk(problem) * (1 - 1e-9)
    assert upper_bound(priced(problem)) >= (best_of_all(priced(problem)) or 0) * (1 - 1e-9)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 999), st.floats(0, 0.6), st.booleans(), st.booleans(), st.integers(0, 2))
def test_the_optimum_with_duties_and_meals_is_not_above_the_bound(
    seed: int, reserve: float, meals: bool, mixed: bool, duties: int
) -> None:
    asked = Wanted(mixed=mixed, duties=duties, escorts=1, meals=meals, for_two=1)
    problem = priced(
        few_options(random_problem(5, 2, 3 * 3600, reserve, seed, wanted=asked), 4, seed)
    )  # fmt: skip
    optimum = best_of_all(problem)
    if optimum is not None:
        assert upper_bound(problem) >= optimum * (1 - 1e-9)


def test_looking_at_more_options_never_loosens_it_much() -> None:
    problem = random_problem(40, 2, 6 * 3600, 0.4, seed=2)
    bounds = []
    for closely in (1, 30, 200):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bound, "MOST_OPTIONS", closely)
            bounds.append(upper_bound(problem))
    assert bounds[0] > bounds[2]
    assert bounds[1] > bounds[2] * 0.98


def test_a_meal_lowers_the_bound_and_a_duty_never_raises_it() -> None:
    problem = random_problem(30, 2, 4 * 3600, 0.2, seed=3)
    fed = replace(
        problem, teams=tuple(replace(team, meal=Meal(0, 0, 9000, 3600)) for team in problem.teams)
    )
    assert upper_bound(fed) < upper_bound(problem)
    busy = random_problem(30, 2, 4 * 3600, 0.2, seed=3, wanted=Wanted(duties=3))
    idle = replace(busy, commitments=())
    assert upper_bound(busy) <= upper_bound(idle) * (1 + 1e-9)


def test_nothing_to_visit_bounds_at_nothing() -> None:
    problem = random_problem(5, 1, 4 * 3600, 0.4, seed=2)
    none = problem.options.only(np.array([], dtype=int))
    assert upper_bound(replace(problem, options=none)) == 0.0


def test_the_bound_is_near_on_a_whole_night() -> None:
    problem = random_problem(80, 3, 8 * 3600, 0.4, seed=11)
    value = solve_patrols(problem, Effort(1, 4, 300)).value
    most = upper_bound(problem)
    assert 0 <= (most - value) / most < 0.15
