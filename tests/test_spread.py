"""How widely counts scatter around what is expected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from planner.insight.risk.spread import (
    at_most,
    central_interval,
    fitted_dispersion,
    transformed,
)

MEANS = st.floats(1e-4, 300)
DISPERSIONS = st.floats(0, 10)


def counts_of(means: np.ndarray, dispersion: float, seed: int) -> np.ndarray:
    """Negative binomial counts."""
    chance = np.random.default_rng(seed)
    return chance.poisson(means * chance.gamma(1 / dispersion, dispersion, len(means))).astype(
        float
    )


@given(mean=MEANS, dispersion=DISPERSIONS, share=st.sampled_from([0.5, 0.8, 0.95]))
def test_the_interval_holds_its_share_and_no_count_too_many(
    mean: float, dispersion: float, share: float
) -> None:
    low, high = (side[0] for side in central_interval(np.array([mean]), dispersion, share))
    one = np.array([mean])
    assert low == round(low) and high == round(high) and 0 <= low <= high
    below, reached = at_most(low - 1, one, dispersion)[0], at_most(high, one, dispersion)[0]
    assert reached - below >= share - 1e-6
    tail = (1 - share) / 2
    assert below <= tail + 1e-6
    assert at_most(high - 1, one, dispersion)[0] <= 1 - tail + 1e-6


@given(mean=st.floats(0.01, 100), count=st.integers(-1, 150))
def test_without_dispersion_it_is_poisson(mean: float, count: int) -> None:
    told = at_most(np.array([float(count)]), np.array([mean]), 0.0)[0]
    assert told == pytest.approx(stats.poisson.cdf(count, mean), abs=1e-6)


@given(mean=st.floats(0.01, 50), dispersion=st.floats(0.01, 8), count=st.integers(0, 80))
def test_chances_are_those_of_the_law(mean: float, dispersion: float, count: int) -> None:
    size = 1 / dispersion
    plain = stats.nbinom.cdf(count, size, size / (size + mean))
    assert at_most(np.array([float(count)]), np.array([mean]), dispersion)[0] == pytest.approx(
        plain, abs=1e-9
    )


def test_nothing_expected_is_an_interval_of_nothing() -> None:
    low, high = central_interval(np.zeros(2), 0.5, 0.95)
    assert low.tolist() == high.tolist() == [0.0, 0.0]
    assert at_most(np.array([-1.0, 0.0, 3.0]), np.zeros(3), 0.5).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("dispersion", [0.1, 0.5, 2.0])
def test_the_transform_of_simulated_counts_is_uniform(dispersion: float) -> None:
    means = np.random.default_rng(3).gamma(0.7, 2, 4_000)
    counts = counts_of(means, dispersion, seed=4)
    spread = transformed(counts, means, dispersion, seed=5)
    assert stats.kstest(spread, "uniform").pvalue > 0.01
    narrow = transformed(counts, means, 0.0, seed=5)
    assert stats.kstest(narrow, "uniform").pvalue < 0.01


@pytest.mark.parametrize("dispersion", [0.05, 0.4, 3.0])
def test_the_dispersion_of_simulated_counts_is_found(dispersion: float) -> None:
    means = np.full(5_000, 6.0)
    found = fitted_dispersion(counts_of(means, dispersion, seed=6), means)
    assert found == pytest.approx(dispersion, rel=0.15)


def test_counts_that_scatter_as_poisson_or_less_have_next_to_none() -> None:
    means = np.full(2_000, 4.0)
    assert fitted_dispersion(np.full(2_000, 4.0), means) == 0.0
    assert fitted_dispersion(np.random.default_rng(7).poisson(means).astype(float), means) < 0.02


@given(
    counts=st.lists(st.integers(0, 500), min_size=0, max_size=8),
    means=st.lists(st.floats(0, 500), min_size=8, max_size=8),
)
def test_a_dispersion_is_always_a_number(counts: list[int], means: list[float]) -> None:
    found = fitted_dispersion(np.array(counts, float), np.array(means[: len(counts)]))
    assert np.isfinite(found)
    assert 0 <= found <= 50
