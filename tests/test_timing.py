from datetime import UTC, date, datetime, time, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import shift_on
from planner.insight.timing import (
    HOURS,
    LONGEST_HOURS,
    aoristic_weights,
    busiest_hours,
    hour_of_week_profile,
    shift_weights,
)
from planner.settings import ShiftHours

LONDON = "Europe/London"
START = st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31), timezones=st.just(UTC))
KNOWN = st.sampled_from(["interval", "interval", "month", "unknown"])
COUNTS = st.lists(st.integers(0, 50), min_size=HOURS, max_size=HOURS).map(
    lambda counts: np.array(counts, dtype=float)
)


def incidents(rows: list[tuple[datetime, int, str]]) -> pd.DataFrame:
    table = pd.DataFrame(
        [(start, start + timedelta(minutes=minutes), known) for start, minutes, known in rows],
        columns=["occurred_from", "occurred_to", "time_known"],
    )
    for column in ("occurred_from", "occurred_to"):
        table[column] = pd.to_datetime(table[column], utc=True)
    return table


@given(
    rows=st.lists(st.tuples(START, st.integers(0, 6_000), KNOWN), max_size=10),
    zone=st.sampled_from([LONDON, "America/Chicago"]),
)
def test_weights_sum_to_the_number_of_usable_incidents(
    rows: list[tuple[datetime, int, str]], zone: str
) -> None:
    usable = 0
    for start, minutes, known in rows:
        end = start + timedelta(minutes=minutes)
        first = start.replace(minute=0, second=0, microsecond=0)
        hours = int((end - first).total_seconds() // 3600) + 1
        usable += known == "interval" and hours <= LONGEST_HOURS
    weights = aoristic_weights(incidents(rows), zone)
    assert weights.shape == (HOURS,)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(usable)


@given(start=START, zone=st.sampled_from([LONDON, "America/Chicago", "Asia/Tokyo"]))
def test_an_incident_at_one_moment_counts_in_its_local_hour(start: datetime, zone: str) -> None:
    local = start.astimezone(ZoneInfo(zone))
    weights = aoristic_weights(incidents([(start, 0, "interval")]), zone)
    assert np.flatnonzero(weights).tolist() == [local.weekday() * 24 + local.hour]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Adelaide", "America/St_Johns"])
@pytest.mark.parametrize("minute", [5, 25, 35, 55])
def test_in_zones_of_half_an_hour_too(zone: str, minute: int) -> None:
    local = datetime(2025, 6, 4, 22, minute, tzinfo=ZoneInfo(zone))
    weights = aoristic_weights(incidents([(local.astimezone(UTC), 0, "interval")]), zone)
    assert np.flatnonzero(weights).tolist() == [2 * 24 + 22]


def test_an_interval_is_spread_evenly_over_its_hours() -> None:
    start = datetime(2025, 6, 1, 21, 30, tzinfo=UTC)
    weights = aoristic_weights(incidents([(start, 150, "interval")]), LONDON)
    # Sunday 22:30 to Monday 01:00 local, when the hour from 01:00 has not begun.
    assert np.flatnonzero(weights).tolist() == [0, 6 * 24 + 22, 6 * 24 + 23]
    assert weights[weights > 0] == pytest.approx([1 / 3] * 3)


def test_over_a_change_of_the_clocks_the_hours_are_local() -> None:
    start = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)
    weights = aoristic_weights(incidents([(start, 60, "interval")]), LONDON)
    # Sunday 00:30 GMT to 02:30 BST: there is no 01:00.
    assert np.flatnonzero(weights).tolist() == [6 * 24, 6 * 24 + 2]


def test_a_month_says_nothing_of_the_hour() -> None:
    start = datetime(2025, 6, 1, tzinfo=UTC)
    assert aoristic_weights(incidents([(start, 0, "month")]), LONDON).sum() == 0


def test_no_incidents_have_no_weights() -> None:
    assert aoristic_weights(incidents([]), LONDON).sum() == 0


@given(counts=COUNTS)
def test_a_profile_is_positive_with_mean_one(counts: np.ndarray) -> None:
    profile = hour_of_week_profile(counts)
    assert profile.shape == (HOURS,)
    assert profile.mean() == pytest.approx(1.0)
    assert (profile > 0).all()


def test_a_profile_of_nothing_and_of_flat_counts_is_flat() -> None:
    assert hour_of_week_profile(np.zeros(HOURS)).tolist() == [1.0] * HOURS
    assert hour_of_week_profile(np.full(HOURS, 3.0)) == pytest.approx(np.ones(HOURS))


def test_more_records_of_a_busy_hour_sharpen_the_profile() -> None:
    counts = np.ones(HOURS)
    counts[5 * 24 + 23] = 10.0
    few, many = hour_of_week_profile(counts), hour_of_week_profile(100 * counts)
    assert few.argmax() == many.argmax() == 5 * 24 + 23
    assert 1.0 < few.max() < many.max() < 10.0


@given(
    day=st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    start=st.integers(0, 23),
    minutes=st.integers(10, 1_200),
)
def test_a_flat_profile_gives_a_shift_its_share_of_the_day(
    day: date, start: int, minutes: int
) -> None:
    ends = (datetime.combine(day, time(start)) + timedelta(minutes=minutes)).time()
    shift = shift_on(day, "own", ShiftHours(start=time(start), end=ends), "Asia/Tokyo")
    shares = shift_weights(np.ones(HOURS), shift)
    assert shares.sum() == pytest.approx(shift.seconds / 86_400)
    assert len(shares) == int(np.ceil(shift.seconds / 900))


@pytest.mark.parametrize(("day", "hours"), [(date(2025, 3, 29), 7), (date(2025, 10, 25), 9)])
def test_a_night_of_seven_or_nine_hours_weighs_so(day: date, hours: int) -> None:
    night = ShiftHours(start=time(22), end=time(6))
    shares = shift_weights(np.ones(HOURS), shift_on(day, "night", night, LONDON))
    assert shares.sum() == pytest.approx(hours / 24)


def test_a_shift_takes_the_hours_of_its_own_weekday() -> None:
    profile = np.zeros(HOURS)
    profile[4 * 24 + 23] = 168.0  # Friday 23:00
    night = ShiftHours(start=time(22), end=time(6))
    friday = shift_weights(profile, shift_on(date(2025, 6, 6), "night", night, LONDON))
    saturday = shift_weights(profile, shift_on(date(2025, 6, 7), "night", night, LONDON))
    assert np.flatnonzero(friday).tolist() == [4, 5, 6, 7]
    assert saturday.sum() == 0


def test_the_busiest_hours_are_told_in_order_of_the_clock(build: ModuleType) -> None:
    weights = np.zeros(HOURS)
    weights[[23, 24 + 23, 2, 30, 100]] = [1, 1, 3, 2, 0.5]
    assert busiest_hours(weights) == [2, 6, 23]
    assert busiest_hours(weights, 1) == [2]
