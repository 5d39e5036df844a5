from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.hotspots.periods import covered_by_source, latest_periods
from planner.insight.hotspots.trend import changes


def table(moments: pd.DatetimeIndex, source: str = "control room") -> pd.DataFrame:
    return pd.DataFrame({"source": source, "occurred_to": moments})


def days_from(start: str, count: int, seed: int, length: int) -> pd.DatetimeIndex:
    days = np.random.default_rng(seed).uniform(0.01, length, count)
    return pd.DatetimeIndex(pd.Timestamp(start, tz="UTC") + pd.to_timedelta(days, unit="D"))


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_constant_risk_hardly_ever_emerges(build: ModuleType, seed: int) -> None:
    """Also not where only the largest of today are looked at."""
    periods = build.periods(("2021-01-01", "2025-01-01"))
    rows = table(days_from("2021-01-01", 1_500, seed, 1_460))
    cluster = np.random.default_rng(seed).integers(0, 60, len(rows))
    found = changes(rows, cluster, latest_periods(periods), periods)
    assert (found.q < 0.05).sum() <= 1


def test_twice_as_many_in_the_same_covered_time_emerges(build: ModuleType) -> None:
    periods = build.periods(("2021-01-01", "2025-01-01"))
    spans = latest_periods(periods)
    earlier = days_from("2021-01-05", 90, 1, 1_000)
    latest = days_from("2024-01-05", 90, 2, 350)
    rows = table(earlier.append(latest))
    found = changes(rows, np.zeros(len(rows), dtype=int), spans, periods)
    assert found.trend(0, gathers=True, gathered=True) == "emerging"
    swapped = table(days_from("2021-01-05", 900, 1, 1_000).append(latest))
    fewer = changes(swapped, np.zeros(len(swapped), dtype=int), spans, periods)
    assert fewer.trend(0, gathers=True, gathered=True) == "receding"


def test_covered_time_is_the_exposure(build: ModuleType) -> None:
    """A year with a quarter of the cover and a quarter of the incidents shows no change."""
    periods = build.periods(("2023-01-01", "2023-05-01"), ("2024-01-01", "2024-12-31"))
    rows = table(days_from("2023-01-01", 40, 1, 119).append(days_from("2024-01-02", 120, 2, 360)))
    found = changes(rows, np.zeros(len(rows), dtype=int), latest_periods(periods), periods)
    assert found.compared.all()
    assert found.q[0] > 0.05
    assert found.trend(0, gathers=True, gathered=True) == "persistent"
    assert found.trend(0, gathers=True, gathered=False) == "no change shown"


def test_without_a_source_that_covers_both_nothing_is_compared(build: ModuleType) -> None:
    periods = pd.concat([
        build.periods(("2024-06-01", "2025-01-01")),
        build.periods(("2021-01-01", "2021-06-01"), source="police"),
    ])  # fmt: skip
    rows = table(days_from("2024-06-02", 50, 1, 200))
    found = changes(rows, np.zeros(50, dtype=int), latest_periods(periods), periods)
    assert not found.compared.any()
    assert found.trend_q(0) is None
    assert found.trend(0, gathers=False, gathered=False) == "no change shown"


def test_incidents_in_no_cluster_are_passed_over(build: ModuleType) -> None:
    periods = build.periods(("2021-01-01", "2025-01-01"))
    rows = table(days_from("2021-01-01", 30, 1, 1_400))
    assert changes(rows, np.full(30, -1), latest_periods(periods), periods).q.shape == (0,)


def test_earlier_periods_are_whole_ones(build: ModuleType) -> None:
    spans = latest_periods(build.periods(("2020-01-01", "2025-07-01")))
    assert (spans.starts_at - spans.earliest_starts_at) % (spans.ends_at - spans.starts_at) == (
        pd.Timedelta(0)
    )
    assert spans.earliest_starts_at >= build.moment("2020-01-01")
    assert spans.earliest_starts_at - build.moment("2020-01-01") < pd.Timedelta(days=365)


def test_covered_days_before_and_after(build: ModuleType) -> None:
    periods = build.periods(("2023-01-01", "2023-05-01"), ("2024-01-01", "2024-12-31"))
    found = covered_by_source(
        periods, build.moment("2023-01-01"), build.moment("2024-01-01"), build.moment("2025-01-01")
    )
    assert found == {"control room": (pytest.approx(120.0), pytest.approx(365.0))}
