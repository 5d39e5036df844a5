"""What plans are compared with keeps the same rules."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, random_problem
from scipy.sparse import csr_array

from planner.allocate.baselines import DRAWS, random_cameras, random_patrols, spread
from planner.allocate.cameras.covering import Problem as Covering
from planner.allocate.cameras.covering import place_so_many
from planner.allocate.patrols.bound import upper_bound
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols


def covering(weights: np.ndarray, new: int, base: np.ndarray | None = None) -> Covering:
    """A problem in which each option sees one row."""
    count = len(weights)
    seen, nothing = csr_array(np.eye(count)), np.zeros(count)
    return place_so_many(weights, seen, nothing if base is None else base, new)


def test_random_cameras_cover_between_the_least_and_the_most() -> None:
    problem = covering(np.array([5.0, 4.0, 3.0, 2.0, 1.0]) / 15, 2)
    offered, beside = np.arange(4), np.array([4])
    drawn = random_cameras(problem, offered, beside, 2, seed=1)
    assert (1 + 2 + 3) / 15 - 1e-9 <= drawn.low <= drawn.mean <= drawn.high <= 10 / 15 + 1e-9
    for new, left in ((0, offered), (2, offered[:0])):
        alone = random_cameras(problem, left, beside, new, seed=1)
        assert (alone.low, alone.mean, alone.high) == (1 / 15, 1 / 15, 1 / 15)


def test_random_cameras_stand_beside_what_is_there_in_any_case() -> None:
    base = np.array([1.0, 0.0, 0.0])
    problem = covering(np.array([5.0, 1.0, 1.0]), 1, base)
    drawn = random_cameras(problem, np.arange(3), np.zeros(0, dtype=int), 1, seed=1)
    assert (drawn.low, drawn.high) == (5.0, 6.0)


def test_the_same_seed_draws_the_same() -> None:
    problem = covering(np.linspace(1, 2, 30), 3)
    nothing = np.zeros(0, dtype=int)
    first, second, other = (
        random_cameras(problem, np.arange(30), nothing, 3, seed) for seed in (7, 7, 8)
    )
    assert first == second != other


def test_spread_holds_the_central_four_fifths() -> None:
    drawn = spread(np.arange(float(DRAWS)))
    assert (drawn.low, drawn.high) == (0.1 * (DRAWS - 1), 0.9 * (DRAWS - 1))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 99), st.integers(1, 3), st.booleans(), st.integers(0, 2))
def test_random_patrols_keep_the_same_rules_and_stay_below_the_bound(
    seed: int, teams: int, mixed: bool, for_two: int
) -> None:
    wanted = Wanted(mixed=mixed, for_two=for_two)
    problem = random_problem(8, teams, 6 * 3600, 0.4, seed, wanted=wanted)
    drawn = random_patrols(problem, seed=1)
    assert 0 <= drawn.low <= drawn.mean <= drawn.high <= upper_bound(problem) * (1 + 1e-9)
    assert drawn == random_patrols(problem, seed=1)


def test_random_patrols_cover_less_than_a_plan() -> None:
    problem = random_problem(30, 2, 8 * 3600, 0.4, seed=3)
    planned = solve_patrols(problem, Effort(1, 1, 100)).value
    assert random_patrols(problem, seed=1).high < planned


def test_where_there_is_nothing_to_visit_random_patrols_cover_nothing() -> None:
    problem = random_problem(3, 2, 8 * 3600, 0.4, seed=3)
    none = replace(problem, options=problem.options.only(np.array([], dtype=int)))
    assert random_patrols(none, seed=1).high == 0.0
    # Nor where only two teams together may go.
    for_two = random_problem(3, 2, 8 * 3600, 0.4, seed=3, wanted=Wanted(for_two=3))
    assert random_patrols(for_two, seed=1).high == 0.0
