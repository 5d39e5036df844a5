from datetime import date, datetime, time, timedelta
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import Shift, shift_on
from planner.insight.timing.aoristic import HOURS
from planner.insight.timing.profile import busiest_hours, hour_of_week_profile, quarter_hours
from planner.settings import ShiftHours

LONDON = "Europe/London"
COUNTS = st.lists(st.integers(0, 50), min_size=HOURS, max_size=HOURS).map(
    lambda counts: np.array(counts, dtype=float)
)


def shift_weights(profile: np.ndarray, shift: Shift) -> np.ndarray:
    hours, lengths = quarter_hours(shift)
    return profile[hours] * lengths / 86_400


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
