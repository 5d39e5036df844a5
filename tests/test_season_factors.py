import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.timing.season_factors import flat_scatter, season_factors
from planner.insight.timing.season_totals import Totals

MONTHS = tuple("JFMAMJjASOND")


def years_of(counts: np.ndarray, first: int = 2015) -> Totals:
    """Totals of whole years of months, shape (years, 12)."""
    years = len(counts)
    month = np.arange(12 * years)
    return Totals(
        names=MONTHS,
        counts=np.asarray(counts, dtype=float).ravel(),
        days=30.0 * (month[:, None] % 12 == np.arange(12)),
        source=np.zeros(len(month), dtype=int),
        year=first + month // 12,
        month=first * 12 + month,
    )


def drawn(seed: int, years: int, factors: np.ndarray, level: float = 100.0) -> Totals:
    generator = np.random.default_rng(seed)
    levels = level * generator.gamma(20, 1 / 20, (years, 1))
    return years_of(generator.poisson(levels * factors))


@given(
    counts=st.lists(st.integers(0, 300), min_size=12, max_size=48).map(
        lambda counts: np.array(counts[: len(counts) // 12 * 12]).reshape(-1, 12)
    )
)
def test_factors_are_finite_and_share_out_all_incidents(counts: np.ndarray) -> None:
    found = season_factors(years_of(counts))
    for values in (found.factors.mean, found.factors.variance, *found.factors.interval(0.95)):
        assert np.isfinite(values).all() and (values >= 0).all()
    assert found.counts.sum() == pytest.approx(counts.sum())


def test_a_season_is_found_whatever_the_years_levels() -> None:
    factors = 1 + 0.5 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    found = season_factors(drawn(1, 8, factors, level=200)).factors
    assert found.mean == pytest.approx(factors, abs=0.1)
    low, high = found.interval(0.95)
    assert ((low < factors) & (factors < high)).mean() >= 0.8


def test_one_year_tells_no_season() -> None:
    factors = 1 + 0.5 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    found = season_factors(drawn(2, 1, factors)).factors
    assert np.abs(found.mean - 1).max() < 0.1


def test_a_year_of_better_recording_makes_no_season() -> None:
    first = np.concatenate([np.full(6, 100), np.zeros(6)])
    months = years_of(np.array([first, np.full(12, 300), np.full(12, 100)]))
    # Only half of the first year is covered.
    months.days[6:12] = 0
    found = season_factors(months).factors
    assert found.mean == pytest.approx(np.ones(12), abs=0.02)


def test_totals_of_several_classes_are_shared_among_them() -> None:
    generator = np.random.default_rng(3)
    days = generator.uniform(0, 30, 120)
    split = np.column_stack([days, 30 - days])
    counts = generator.poisson(split @ np.array([6.0, 2.0])).astype(float)
    month = np.arange(120)
    totals = Totals(
        ("term", "vacation"), counts, split, np.zeros(120, dtype=int), month // 12, month
    )
    found = season_factors(totals).factors.mean
    assert found[0] / found[1] == pytest.approx(3, rel=0.15)


def test_classes_without_covered_days_keep_the_prior() -> None:
    totals = drawn(4, 6, np.linspace(0.5, 1.5, 12))
    summer = (totals.month % 12 >= 6) & (totals.month % 12 <= 8)
    found = season_factors(totals.chosen(~summer)).factors
    assert found.mean[6:9] == pytest.approx(np.ones(3))
    low, high = found.interval(0.95)
    assert (high - low)[6:9].min() > 2 * (high - low)[[0, 1, 11]].max()


def test_a_season_is_scatter_to_a_flat_year() -> None:
    flat = flat_scatter(drawn(5, 20, np.ones(12)))
    seasonal = flat_scatter(drawn(5, 20, np.linspace(0.3, 1.7, 12)))
    assert flat == pytest.approx(1, abs=0.25)
    assert seasonal > 10
