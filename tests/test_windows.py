"""Windows of time."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.windows import (
    DAY_S,
    WEEK_S,
    Windows,
    equal_edges,
    month_edges,
    windows_between,
)

HOURS = st.integers(0, 400)


@given(spans=st.lists(st.tuples(HOURS, HOURS), min_size=1, max_size=6), number=st.integers(1, 12))
def test_covered_shares_agree_with_counting_the_hours(
    records: ModuleType, spans: list[tuple[int, int]], number: int
) -> None:
    covered = np.zeros(800, bool)
    for begin, length in spans:
        covered[begin : begin + length] = True
    table = records.periods(*((3600.0 * a, 3600.0 * (a + b)) for a, b in spans))
    windows = windows_between(np.arange(number + 1) * DAY_S, table)
    plain = covered[: 24 * number].reshape(number, 24).mean(axis=1)
    assert windows.covered == pytest.approx(plain)
    assert windows.days == pytest.approx(plain)
    assert windows.counted.tolist() == [share >= 0.5 for share in windows.covered]


@given(edges=st.lists(st.integers(0, 1_000), min_size=2, max_size=9, unique=True),
       moments=st.lists(st.integers(-5, 1_005), max_size=9))  # fmt: skip
def test_each_moment_is_in_the_window_that_holds_it(edges: list[int], moments: list[int]) -> None:
    ordered = sorted(edges)
    windows = Windows(np.array(ordered, float), np.ones(len(ordered) - 1))
    for moment, window in zip(moments, windows.of(np.array(moments, float)), strict=True):
        held = [w for w in range(len(windows)) if ordered[w] <= moment < ordered[w + 1]]
        assert [window] == (held or [-1])


@given(first=st.floats(0, 1e8), origin=st.floats(0, 1e8), after=st.integers(0, 3))
def test_equal_windows_meet_at_the_origin(first: float, origin: float, after: int) -> None:
    edges = equal_edges(first, origin, WEEK_S, after)
    assert origin in edges
    assert (np.diff(edges) > 0).all()
    assert np.diff(edges)[1:] == pytest.approx(WEEK_S)
    assert edges[-1] == pytest.approx(origin + after * WEEK_S)
    if first < origin:
        assert edges[0] == pytest.approx(first, abs=1e-6)


@pytest.mark.parametrize("time_zone", ["Europe/London", "America/Chicago", "Asia/Kathmandu"])
def test_months_begin_at_local_midnight_and_reach_beyond_the_last(time_zone: str) -> None:
    first, last = (pd.Timestamp(day, tz=time_zone) for day in ("2024-11-20", "2025-04-01"))
    edges = month_edges(first.timestamp(), last.timestamp(), time_zone)
    local = pd.to_datetime(edges, unit="s", utc=True).tz_convert(time_zone)
    assert local.strftime("%Y-%m-%d %H:%M").tolist() == [
        f"{month}-01 00:00"
        for month in ("2024-11", "2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05")
    ]
