from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.exposure import covered_days, merged

SPAN = st.tuples(st.integers(0, 60), st.integers(1, 20))
BOUND = st.none() | st.integers(-5, 80)
ORIGIN = pd.Timestamp("2025-03-25", tz="UTC")


def hour(number: int | None) -> pd.Timestamp | None:
    return None if number is None else ORIGIN + pd.Timedelta(hours=number)


def table(spans: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "starts_at": [hour(start) for start, _ in spans],
            "ends_at": [hour(start + length) for start, length in spans],
        }
    )


@given(spans=st.lists(SPAN, min_size=1, max_size=8), starts=BOUND, ends=BOUND)
def test_covered_days_equal_counting_hour_by_hour(
    spans: list[tuple[int, int]], starts: int | None, ends: int | None
) -> None:
    hours = {at for start, length in spans for at in range(start, start + length)}
    low = -99 if starts is None else starts
    high = 999 if ends is None else ends
    expected = sum(low <= at < high for at in hours) / 24
    assert covered_days(table(spans), hour(starts), hour(ends)) == pytest.approx(expected)


@given(spans=st.lists(SPAN, min_size=1, max_size=8))
def test_merged_periods_are_disjoint_in_order_and_cover_the_same(
    spans: list[tuple[int, int]],
) -> None:
    joined = merged(table(spans))
    assert (joined["starts_at"] < joined["ends_at"]).all()
    assert (joined["starts_at"].iloc[1:].to_numpy() > joined["ends_at"].iloc[:-1].to_numpy()).all()
    assert covered_days(joined) == pytest.approx(covered_days(table(spans)))


def test_periods_that_touch_become_one(build: ModuleType) -> None:
    spans = build.periods(("2025-02-01", "2025-03-01"), ("2025-01-01", "2025-02-01"))
    assert len(merged(spans)) == 1
    assert covered_days(spans) == 59.0


def test_no_periods_cover_nothing(build: ModuleType) -> None:
    assert covered_days(build.periods()) == 0.0
