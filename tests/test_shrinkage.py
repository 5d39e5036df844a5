import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.timing.shrinkage import (
    LEAST_SHAPE,
    Rates,
    dispersion,
    prior_shape,
    shrunk_factors,
)

CELLS = st.lists(st.tuples(st.integers(0, 200), st.floats(0, 200)), min_size=1, max_size=24).map(
    lambda cells: np.array(cells, dtype=float).T
)


@given(cells=CELLS, scatter=st.floats(1, 20))
def test_a_factor_lies_between_what_was_seen_and_what_is_usual(
    cells: np.ndarray, scatter: float
) -> None:
    counts, expected = cells
    rates = shrunk_factors(counts, expected, scatter, counts.sum())
    assert (rates.mean > 0).all() and np.isfinite(rates.mean).all()
    assert (rates.variance > 0).all() and np.isfinite(rates.variance).all()
    seen = expected > 0.01
    ratio = counts[seen] / expected[seen]
    shrunk = rates.mean[seen]
    assert (shrunk >= np.minimum(ratio, 1) - 1e-9).all()
    assert (shrunk <= np.maximum(ratio, 1) + 1e-9).all()


@given(cells=CELLS)
def test_the_wider_interval_holds_the_narrower_one_and_the_mean(cells: np.ndarray) -> None:
    rates = shrunk_factors(*cells, 1.0, cells[0].sum())
    (low, high), (least, most) = rates.interval(0.8), rates.interval(0.95)
    assert (least <= low).all() and (low < high).all() and (high <= most).all()
    assert (most > rates.mean).all() and (least < rates.mean).all()
    assert np.isfinite(most).all()


def test_an_interval_holds_its_share_of_the_gamma() -> None:
    generator = np.random.default_rng(5)
    rates = Rates(np.array([3.0, 0.2]), np.array([1.5, 0.02]))
    drawn = generator.gamma(
        rates.mean**2 / rates.variance, rates.variance / rates.mean, (200_000, 2)
    )
    for share in (0.8, 0.95):
        low, high = rates.interval(share)
        assert ((drawn > low) & (drawn < high)).mean(axis=0) == pytest.approx(share, abs=0.005)


def test_classes_that_differ_by_chance_share_what_is_known_and_others_keep_their_own() -> None:
    generator = np.random.default_rng(3)
    usual = np.full(12, 200.0)
    alike = generator.poisson(usual).astype(float)
    apart = generator.poisson(usual * np.linspace(0.4, 1.6, 12)).astype(float)
    by_chance = shrunk_factors(alike, usual, 1.0, alike.sum())
    for_good = shrunk_factors(apart, usual, 1.0, apart.sum())
    assert np.ptp(by_chance.mean) < 0.3 * np.ptp(alike / usual)
    assert np.ptp(for_good.mean) > 0.9 * np.ptp(apart / usual)


def test_the_prior_finds_the_spread_that_was_drawn() -> None:
    generator = np.random.default_rng(4)
    usual = np.full(4_000, 50.0)
    counts = generator.poisson(usual * generator.gamma(10, 0.1, 4_000)).astype(float)
    assert prior_shape(counts, usual, 1e9) == pytest.approx(10, rel=0.15)


def test_the_shape_keeps_to_its_bounds() -> None:
    wild = np.array([0.0, 1e6])
    assert prior_shape(wild, np.array([1.0, 1.0]), 1e9) == LEAST_SHAPE
    assert prior_shape(np.array([5.0]), np.array([5.0]), 7.0) == 7.0
    assert prior_shape(np.zeros(3), np.zeros(3), 0.0) == LEAST_SHAPE


def test_dispersion_finds_how_much_wider_than_chance_counts_scatter() -> None:
    generator = np.random.default_rng(6)
    expected = np.full(5_000, 30.0)
    assert dispersion(generator.poisson(expected), expected, 1) == pytest.approx(1, abs=0.06)
    wide = 4.0 * generator.poisson(expected / 4)
    assert dispersion(wide, expected, 1) == pytest.approx(4, rel=0.06)
    assert dispersion(expected, expected, 1) == 1.0
    assert dispersion(np.array([9.0]), np.array([1.0]), 1) == 1.0
