from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import (
    academic_day,
    after,
    first_shift_after,
    first_shift_of_any,
    local_moment,
    seconds_between,
    shift_on,
)
from planner.settings import USUAL_SHIFTS, NamedDays, ShiftHours, Term

LONDON = "Europe/London"
ZONES = st.sampled_from([LONDON, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
CLOCK = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
HOURS = st.builds(ShiftHours, start=CLOCK, end=CLOCK)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
NIGHT = USUAL_SHIFTS["night"]


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2025, 3, 29), 7), (date(2025, 10, 25), 9), (date(2025, 6, 1), 8)],
)
def test_a_night_has_its_true_length(day: date, hours: int) -> None:
    assert shift_on(day, "night", NIGHT, LONDON).seconds == hours * 3600


@given(moment=MOMENTS, hours=HOURS, zone=ZONES)
def test_the_first_shift_after_is_never_before_the_moment(
    moment: datetime, hours: ShiftHours, zone: str
) -> None:
    shift = first_shift_after(moment, "own", hours, zone)
    assert shift.starts_at.astimezone(UTC) >= moment
    assert seconds_between(moment, shift.starts_at) <= 49 * 3600


@given(moment=MOMENTS, hours=HOURS, zone=ZONES)
def test_no_shift_of_the_days_around_starts_sooner(
    moment: datetime, hours: ShiftHours, zone: str
) -> None:
    chosen = first_shift_after(moment, "own", hours, zone)
    around = [moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=n) for n in (-1, 0, 1)]
    starts = [shift_on(day, "own", hours, zone).starts_at.astimezone(UTC) for day in around]
    assert not [s for s in starts if moment <= s < chosen.starts_at.astimezone(UTC)]


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), hours=HOURS, zone=ZONES)
def test_a_shift_ends_after_it_starts(day: date, hours: ShiftHours, zone: str) -> None:
    shift = shift_on(day, "own", hours, zone)
    assert 0 < shift.seconds <= 26 * 3600


def test_a_short_shift_in_the_hour_that_the_clocks_skip_still_ends_after_it_starts() -> None:
    hours = ShiftHours(start=time(1, 15), end=time(2, 0))
    assert shift_on(date(2025, 3, 30), "own", hours, LONDON).seconds > 0


def test_a_shift_whose_end_is_its_start_lasts_a_day() -> None:
    hours = ShiftHours(start=time(7), end=time(7))
    assert shift_on(date(2025, 6, 1), "day", hours, LONDON).seconds == 86_400


def test_a_shift_that_starts_now_is_the_first() -> None:
    now = datetime(2025, 6, 1, 22, tzinfo=ZoneInfo(LONDON))
    assert first_shift_after(now, "night", NIGHT, LONDON).starts_at == now
    later = now + timedelta(minutes=1)
    assert first_shift_after(later, "night", NIGHT, LONDON).starts_at.day == 2


def test_the_first_shift_of_any_is_the_soonest() -> None:
    at_noon = datetime(2025, 6, 1, 12, tzinfo=ZoneInfo(LONDON))
    shift = first_shift_of_any(at_noon, USUAL_SHIFTS, LONDON)
    assert (shift.name, shift.starts_at.hour) == ("late", 14)


def test_a_skipped_time_becomes_the_hour_after() -> None:
    moment = local_moment(date(2025, 3, 30), time(1, 30), LONDON)
    assert (moment.hour, moment.minute, moment.utcoffset()) == (2, 30, timedelta(hours=1))


@given(moment=MOMENTS, seconds=st.integers(-100_000, 100_000), zone=ZONES)
def test_after_and_seconds_between_are_each_other_s_inverse(
    moment: datetime, seconds: int, zone: str
) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    assert seconds_between(local, after(local, seconds)) == seconds
    assert after(local, seconds).tzinfo == local.tzinfo


TERM = Term(name="Michaelmas 2026", first_week_starts=date(2026, 10, 11), weeks=(0, 9))
FRESHERS = NamedDays(name="Freshers' week", first=date(2026, 10, 4), last=date(2026, 10, 10))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 3), "vacation"),
        (date(2026, 10, 4), "Sunday of 0th week, Michaelmas 2026; Freshers' week"),
        (date(2026, 10, 10), "Saturday of 0th week, Michaelmas 2026; Freshers' week"),
        (date(2026, 10, 11), "Sunday of 1st week, Michaelmas 2026"),
        (date(2026, 10, 19), "Monday of 2nd week, Michaelmas 2026"),
        (date(2026, 10, 27), "Tuesday of 3rd week, Michaelmas 2026"),
        (date(2026, 12, 12), "Saturday of 9th week, Michaelmas 2026"),
        (date(2026, 12, 13), "vacation"),
    ],
)
def test_a_day_is_named_in_the_academic_year(day: date, expected: str) -> None:
    assert academic_day(day, [TERM], [FRESHERS]) == expected


def test_an_estate_without_terms_names_no_day() -> None:
    assert academic_day(date(2026, 10, 11), [], [FRESHERS]) == ""
