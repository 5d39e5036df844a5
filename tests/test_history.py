"""Months are local and whole, weeks where records are short; covered days are counted in each."""

import pandas as pd
import pytest

from planner.insight.recording.history import history_of


def test_long_records_are_cut_into_local_months(build) -> None:
    spans = build.periods(("2020-01-15", "2023-03-01T00:00"))
    history = history_of(spans, "Europe/London")
    assert (history.unit, history.bins) == ("month", 38)
    assert history.starts()[6].isoformat() == "2020-07-01T00:00:00+01:00"
    moments = pd.Series(pd.to_datetime(
        ["2020-06-30T22:59Z", "2020-06-30T23:00Z", "2019-12-31T23:59Z", None, "2023-03-01T00:00Z"]
    ))  # fmt: skip
    assert history.bin_of(moments).tolist() == [5, 6, -1, -1, -1]
    days = history.covered_days(spans)
    assert days[0] == pytest.approx(17) and days[1] == pytest.approx(29)
    assert days.sum() == pytest.approx(1141)


def test_short_records_are_cut_into_weeks_unless_only_months_are_known(build) -> None:
    spans = build.periods(("2025-01-01", "2025-03-05"))
    assert (history_of(spans, "UTC").unit, history_of(spans, "UTC").bins) == ("week", 9)
    by_month = history_of(spans, "UTC", months_only=True)
    assert (by_month.unit, by_month.bins) == ("month", 3)


def test_without_periods_there_is_nothing_to_cut(build) -> None:
    assert history_of(build.periods(), "UTC").bins == 0
