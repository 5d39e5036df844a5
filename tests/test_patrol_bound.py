"""The bound on patrols holds, whichever options it looks at closely."""

import itertools
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate import patrol_bound
from planner.allocate.patrol_bound import upper_bound
from planner.allocate.patrols import Effort, solve_patrols


@given(
    st.integers(2, 25), st.integers(1, 4), st.integers(1, 12), st.floats(0, 0.7), st.integers(0, 99)
)
def test_no_plan_is_above_the_bound(
    build: ModuleType, zones: int, teams: int, hours: int, reserve: float, seed: int
) -> None:
    problem = build.random_problem(zones, teams, hours * 3600, reserve, seed)
    value = solve_patrols(problem, Effort(1, 1, 80, None)).value
    for closely in (0, 3, 20, 160):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(patrol_bound, "MOST_OPTIONS", closely)
            assert upper_bound(problem) >= value * (1 - 1e-6) - 1e-12


@pytest.mark.parametrize(("seed", "closely"), list(itertools.product(range(6), (0, 2, 5, 160))))
def test_the_optimum_is_not_above_the_bound(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, seed: int, closely: int
) -> None:
    monkeypatch.setattr(patrol_bound, "MOST_OPTIONS", closely)
    # Zones close to one another, where a visit on the way costs almost no walk.
    problem = build.random_problem(8, 1, 80 * 60, 0.4, seed, side_m=60.0)
    assert upper_bound(problem) >= build.best_by_trying_all(problem) * (1 - 1e-9)


def test_looking_at_more_options_never_loosens_it_much(build: ModuleType) -> None:
    problem = build.random_problem(60, 2, 8 * 3600, 0.4, seed=2)
    bounds = []
    for closely in (0, 40, 400):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(patrol_bound, "MOST_OPTIONS", closely)
            bounds.append(upper_bound(problem))
    assert bounds[0] > bounds[2]
    assert bounds[1] > bounds[2] * (1 - 1e-9)


def test_nothing_to_visit_bounds_at_nothing(build: ModuleType) -> None:
    problem = build.random_problem(5, 1, 4 * 3600, 0.4, seed=2)
    none = problem.options.only(np.array([], dtype=int))
    assert upper_bound(replace(problem, options=none, place=problem.place[:0])) == 0.0


def test_the_bound_is_near_on_a_whole_night(build: ModuleType) -> None:
    problem = build.random_problem(80, 3, 8 * 3600, 0.4, seed=11)
    value = solve_patrols(problem, Effort(1, 1, 800, None)).value
    bound = upper_bound(problem)
    assert 0 <= (bound - value) / bound < 0.15
