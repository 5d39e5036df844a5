import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.timing.season_test import SeasonTest, season_test
from planner.insight.timing.season_totals import Totals

CLASSES = tuple(str(month) for month in range(12))


def totals_of(counts: np.ndarray, first: int = 2010) -> Totals:
    month = np.arange(counts.size)
    return Totals(
        CLASSES, counts.astype(float).ravel(), 30.0 * (month[:, None] % 12 == np.arange(12)),
        np.zeros(len(month), dtype=int), first + month // 12, first * 12 + month,
    )  # fmt: skip


def drawn(seed: int, years: int, season: float) -> Totals:
    generator = np.random.default_rng(seed)
    levels = 100 * generator.gamma(20, 1 / 20, (years, 1))
    factors = 1 + season * np.sin(2 * np.pi * np.arange(12) / 12)
    return totals_of(generator.poisson(levels * factors))


def verdict(totals: Totals) -> str:
    found = season_test(totals)
    assert found is not None
    return found.verdict


def test_a_strong_season_is_established() -> None:
    assert [verdict(drawn(seed, 6, 0.4)) for seed in range(5)] == ["established"] * 5


def test_no_season_is_hardly_ever_found() -> None:
    verdicts = [verdict(drawn(seed, 6, 0.0)) for seed in range(60)]
    assert verdicts.count("established") <= 3
    assert verdicts.count("not shown") >= 50


def test_two_years_never_establish_anything() -> None:
    assert all(verdict(drawn(seed, 2, 0.6)) != "established" for seed in range(5))


def test_one_year_can_not_be_tested() -> None:
    assert season_test(drawn(1, 1, 0.5)) is None
    assert season_test(totals_of(np.zeros(36))) is None
    assert season_test(totals_of(np.zeros(0))) is None


def test_the_year_that_is_foretold_teaches_the_factors_nothing() -> None:
    """With two years, each year's season is the other's: where they mirror, knowing it harms."""
    wave = 1 + 0.5 * np.sin(2 * np.pi * np.arange(12) / 12)
    generator = np.random.default_rng(2)
    years = [generator.poisson(200 * (wave if year % 2 else 2 - wave)) for year in range(2)]
    mirrored = season_test(totals_of(np.array(years)))
    assert mirrored is not None
    # One year tells no season from chance, so nothing is learnt and nothing lost.
    assert mirrored.gain < 0.05
    assert mirrored.verdict == "not shown"


def test_the_order_of_years_does_not_matter() -> None:
    totals = drawn(3, 5, 0.2)
    order = np.random.default_rng(1).permutation(len(totals.counts))
    mixed = Totals(totals.names, totals.counts[order], totals.days[order], totals.source[order],
                   totals.year[order], totals.month[order])  # fmt: skip
    found, again = season_test(totals), season_test(mixed)
    assert found is not None and again is not None
    assert again.gain == pytest.approx(found.gain)
    assert again.low == pytest.approx(found.low)


@given(
    counts=st.lists(st.integers(0, 60), min_size=24, max_size=60).map(np.array),
)
def test_whatever_the_counts_the_result_is_finite_and_in_order(counts: np.ndarray) -> None:
    found = season_test(totals_of(counts))
    if found is None:
        return
    assert np.isfinite([found.gain, found.low, found.high, found.low_80]).all()
    assert found.low <= found.low_80 <= found.gain <= found.high
    assert 1 <= found.units <= len(counts)


@pytest.mark.parametrize(
    ("units", "years", "low", "low_80", "said"),
    [
        (108, 9, 0.01, 0.02, "established"), (108, 9, -0.01, 0.02, "likely"),
        (108, 9, -0.02, -0.01, "not shown"), (20, 9, 0.01, 0.02, "likely"),
        (108, 2, 0.01, 0.02, "likely"),
    ],
)  # fmt: skip
def test_verdicts(units: int, years: int, low: float, low_80: float, said: str) -> None:
    assert SeasonTest(units, years, 0.05, low, 0.1, low_80).verdict == said
