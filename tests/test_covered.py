from datetime import UTC, datetime, timedelta
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.exposure import covered_days
from planner.insight.timing.covered import covered_by_day, covered_hours_of_week

LONDON = "Europe/London"
SPANS = st.lists(
    st.tuples(
        st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31), timezones=st.just(UTC)),
        st.integers(0, 60_000),
    ),
    max_size=6,
)


def periods(spans: list[tuple[datetime, int]]) -> pd.DataFrame:
    table = pd.DataFrame(
        [(start, start + timedelta(minutes=minutes)) for start, minutes in spans],
        columns=["starts_at", "ends_at"],
    )
    return table.apply(lambda column: pd.to_datetime(column, utc=True))


@given(spans=SPANS, zone=st.sampled_from([LONDON, "Asia/Kolkata", "America/Chicago"]))
def test_all_covered_time_is_in_some_hour_of_the_week(
    spans: list[tuple[datetime, int]], zone: str
) -> None:
    table = periods(spans)
    hours = covered_hours_of_week(table, zone)
    assert hours.shape == (168,)
    assert (hours >= 0).all()
    assert hours.sum() == pytest.approx(24 * covered_days(table), abs=1e-5)


@given(spans=SPANS)
def test_days_add_up_where_no_clock_changes(spans: list[tuple[datetime, int]]) -> None:
    table = periods(spans)
    found = covered_by_day(table, "Asia/Kolkata")
    assert found.covered.sum() == pytest.approx(covered_days(table), abs=1e-6)
    assert ((found.covered >= 0) & (found.covered <= 1 + 1e-9)).all()


def test_a_day_on_which_the_clocks_change_is_one_day(build: ModuleType) -> None:
    for spans in (("2025-03-29", "2025-04-02"), ("2025-10-24T23:00", "2025-10-29")):
        covered = covered_by_day(build.periods(spans), LONDON).covered
        assert covered[:4] == pytest.approx(np.ones(4))


def test_the_hour_that_is_skipped_is_not_covered_and_the_one_told_twice_is_two_hours(
    build: ModuleType,
) -> None:
    sunday = 6 * 24
    spring = covered_hours_of_week(build.periods(("2025-03-29", "2025-03-31")), LONDON)
    autumn = covered_hours_of_week(build.periods(("2025-10-25", "2025-10-27")), LONDON)
    assert spring[sunday : sunday + 3].tolist() == [1, 0, 1]
    assert autumn[sunday : sunday + 3].tolist() == [1, 2, 1]


def test_a_moment_finds_its_local_day_if_that_is_covered(build: ModuleType) -> None:
    days = covered_by_day(
        build.periods(("2025-06-01T23:00", "2025-06-03T23:00"),
                      ("2025-06-05T23:00", "2025-06-06T10:00")), LONDON
    )  # fmt: skip
    moments = pd.Series([build.moment(text) for text in (
        "2025-06-01T22:59", "2025-06-01T23:00", "2025-06-03T22:59", "2025-06-04T12:00",
        "2025-06-06T12:00", "2026-01-01")])  # fmt: skip
    assert days.days[0] == pd.Timestamp("2025-06-02")
    assert days.row_of(moments, LONDON).tolist() == [-1, 0, 1, -1, 4, -1]


def test_nothing_covers_nothing(build: ModuleType) -> None:
    empty = build.periods()
    assert covered_hours_of_week(empty, LONDON).sum() == 0
    days = covered_by_day(empty, LONDON)
    assert len(days.days) == 0
    moments = pd.Series([build.moment("2025-06-01")])
    assert days.row_of(moments, LONDON).tolist() == [-1]
