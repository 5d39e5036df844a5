"""Paired differences with a block bootstrap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.backtest.comparison import DRAWS, Difference, paired_difference


def plainly(gain: np.ndarray, counts: np.ndarray, block: int, seed: int) -> tuple[float, float]:
    """Draw whole runs of windows, written out."""
    chance = np.random.default_rng(seed)
    means = []
    for _ in range(1_500):
        starts = chance.integers(0, len(gain) - block + 1, -(-len(gain) // block))
        drawn = (starts[:, None] + np.arange(block)).ravel()
        means.append(gain[drawn].sum() / counts[drawn].sum())
    return float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))


@settings(max_examples=8)
@given(seed=st.integers(0, 999), block=st.integers(1, 4))
def test_it_is_the_moving_block_bootstrap(seed: int, block: int) -> None:
    chance = np.random.default_rng(seed)
    counts = chance.poisson(10, 48) + 1.0
    gain = chance.normal(0.5, 2, 48)
    found = paired_difference(gain, counts, block, seed, most=1.0)
    assert found.mean == pytest.approx(gain.sum() / counts.sum())
    width = found.high - found.low
    low, high = plainly(gain, counts, block, seed + 1)
    assert found.low == pytest.approx(low, abs=0.12 * width)
    assert found.high == pytest.approx(high, abs=0.12 * width)
    assert paired_difference(gain, counts, block, seed, most=1.0) == found


def test_its_interval_covers_the_truth() -> None:
    chance, held = np.random.default_rng(1), 0
    for seed in range(60):
        gain = chance.normal(0.3, 1, 60)
        found = paired_difference(gain, np.ones(60), 4, seed, most=1.0)
        held += found.low <= 0.3 <= found.high
    assert held >= 48


def test_windows_without_a_difference_have_none() -> None:
    assert paired_difference(np.zeros(40), np.ones(40), 4, 1, most=1.0) == Difference(0, 0, 0)
    assert DRAWS >= 1_000


@pytest.mark.parametrize("counts", [[], [3.0], [0.0, 3.0, 0.0], [0.0, 0.0]])
def test_of_one_window_only_the_bounds_are_known(counts: list[float]) -> None:
    gain = np.array([0.5 if count else 0.0 for count in counts])
    found = paired_difference(gain, np.array(counts), 4, 1, most=1.0)
    assert (found.low, found.high) == (-1.0, 1.0)
    assert -1 < found.mean < 1


@given(windows=st.integers(2, 8))
def test_few_windows_have_an_interval_with_a_width(windows: int) -> None:
    gain = np.random.default_rng(windows).normal(0.2, 1, windows)
    found = paired_difference(gain, np.full(windows, 4.0), 4, 2, most=1.0)
    assert found.low < found.mean < found.high
