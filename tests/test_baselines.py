"""What plans are compared with keeps the same rules."""

import numpy as np
from scipy.sparse import csr_array

from planner.allocate.baselines import DRAWS, random_cameras, spread


def test_random_cameras_cover_between_the_least_and_the_most() -> None:
    seen = csr_array(np.eye(5))
    weights = np.array([5.0, 4.0, 3.0, 2.0, 1.0]) / 15
    standing = np.array([False, False, False, False, True])
    drawn = random_cameras(weights, seen, standing, 2, seed=1)
    assert 1 / 15 <= drawn.low <= drawn.mean <= drawn.high <= 10 / 15
    assert random_cameras(weights, seen, standing, 0, seed=1).mean == 1 / 15


def test_the_same_seed_draws_the_same() -> None:
    seen = csr_array(np.eye(30))
    weights = np.linspace(1, 2, 30)
    nothing = np.zeros(30, dtype=bool)
    first, second, other = (random_cameras(weights, seen, nothing, 3, seed) for seed in (7, 7, 8))
    assert first == second != other


def test_spread_holds_the_central_four_fifths() -> None:
    drawn = spread(np.arange(float(DRAWS)))
    assert (drawn.low, drawn.high) == (0.1 * (DRAWS - 1), 0.9 * (DRAWS - 1))
