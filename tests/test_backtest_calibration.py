"""Whether counts scatter as the forecasts said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.backtest.calibration import CENTRAL, calibration_of, steps
from planner.insight.risk.spread import transformed


@given(seed=st.integers(0, 999), mean=st.floats(0.05, 20), dispersion=st.floats(0, 3))
def test_the_parts_are_whole(seed: int, mean: float, dispersion: float) -> None:
    counts = np.random.default_rng(seed).poisson(2 * mean, 40).astype(float)
    found = calibration_of(*steps(counts, np.full(40, mean), dispersion))
    assert found.counted == 40
    assert sum(found.bins) == pytest.approx(1)
    central = dict(zip(CENTRAL, found.central, strict=True))
    assert central[80] + found.low_tail + found.high_tail == pytest.approx(1)
    assert found.low_tail == pytest.approx(found.bins[0])
    assert found.high_tail == pytest.approx(found.bins[-1])
    assert 0 <= central[50] <= central[80] <= central[95] <= 1


def test_it_is_the_mean_of_the_randomised_transform() -> None:
    counts = np.random.default_rng(1).poisson(1.5, 200).astype(float)
    means = np.full(200, 1.2)
    found = calibration_of(*steps(counts, means, 0.3))
    drawn = np.concatenate([transformed(counts, means, 0.3, seed) for seed in range(200)])
    assert found.bins == pytest.approx(np.histogram(drawn, 10, (0, 1))[0] / len(drawn), abs=0.01)


def test_true_forecasts_are_calibrated_and_narrow_ones_are_not() -> None:
    chance = np.random.default_rng(2)
    means = chance.gamma(1, 3, 6_000)
    counts = chance.poisson(means * chance.gamma(2, 0.5, 6_000)).astype(float)
    true = calibration_of(*steps(counts, means, 0.5))
    assert true.central == pytest.approx((0.5, 0.8, 0.95), abs=0.02)
    narrow = calibration_of(*steps(counts, means, 0.0))
    assert narrow.central[1] < 0.75
    assert narrow.high_tail > 0.12


def test_a_surprise_beyond_all_digits_lies_in_its_tail() -> None:
    high = calibration_of(*steps(np.array([5_000.0]), np.array([0.5]), 0.01))
    assert (high.high_tail, high.bins[-1], high.central[2]) == (1.0, 1.0, 0.0)
    low = calibration_of(*steps(np.array([0.0, 1.0]), np.array([1e6, 1e6]), 0.0))
    assert (low.low_tail, low.bins[0], low.high_tail) == (1.0, 1.0, 0.0)


def test_without_counts_nothing_is_said() -> None:
    found = calibration_of(np.empty(0), np.empty(0))
    assert found.counted == 0
    assert sum(found.bins) == 0.0
