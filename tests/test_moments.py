"""Times of day within a shift, where clocks change and where they don't."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.moments import seconds_in
from planner.clock import Shift, after, seconds_between, shift_on
from planner.errors import ScenarioError
from planner.settings import ShiftHours

ZONES = (
    "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia",
    "America/Sao_Paulo", "Africa/Casablanca", "UTC",
)  # fmt: skip


def a_shift(day: date, start: str, end: str, zone: str = "Europe/London") -> Shift:
    hours = ShiftHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    return shift_on(day, "own hours", hours, zone)


NIGHT = a_shift(date(2026, 3, 10), "22:00", "06:00")
AUTUMN = a_shift(date(2026, 10, 24), "22:00", "06:00")
SPRING = a_shift(date(2026, 3, 28), "22:00", "06:00")


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("22:00", 0),
        ("23:30", 1.5),
        ("00:00", 2),
        ("0:30", 2.5),
        ("06:00", 8),
        ("03:15+00:00", 5.25),
    ],
)
def test_a_time_of_a_night_lies_before_or_after_midnight(written: str, hours: float) -> None:
    assert seconds_in(NIGHT, written, "key") == hours * 3600


@pytest.mark.parametrize("written", ["21:59", "06:01", "12:00", "22:00+01:00", "23:00+05:00"])
def test_a_time_outside_the_shift_is_named_with_its_key_and_the_hours(written: str) -> None:
    with pytest.raises(ScenarioError, match=r"^duties\[3\]\.from: .*22:00 to 06:00 on 2026-03-10"):
        seconds_in(NIGHT, written, "duties[3].from")


def test_a_repeated_time_must_say_which_is_meant() -> None:
    with pytest.raises(ScenarioError, match=r"comes twice.*01:30\+01:00 or 01:30\+00:00"):
        seconds_in(AUTUMN, "01:30", "key")
    assert seconds_in(AUTUMN, "01:30+01:00", "key") == 3.5 * 3600
    assert seconds_in(AUTUMN, "01:30+00:00", "key") == 4.5 * 3600
    assert seconds_in(AUTUMN, "00:59", "key") == 2 * 3600 + 59 * 60
    assert seconds_in(AUTUMN, "02:00", "key") == 5 * 3600
    assert seconds_in(AUTUMN, "06:00", "key") == 9 * 3600


def test_a_skipped_time_is_no_time_of_the_shift() -> None:
    for written in ("01:00", "01:30", "01:30+00:00", "01:30+01:00"):
        with pytest.raises(ScenarioError, match="is no time of the shift"):
            seconds_in(SPRING, written, "key")
    assert seconds_in(SPRING, "02:00", "key") == 3 * 3600
    assert seconds_in(SPRING, "06:00", "key") == 7 * 3600


def test_half_an_hour_is_repeated_on_lord_howe() -> None:
    shift = a_shift(date(2026, 4, 4), "22:00", "06:00", "Australia/Lord_Howe")
    assert shift.seconds == 8.5 * 3600
    with pytest.raises(ScenarioError, match=r"01:45\+11:00 or 01:45\+10:30"):
        seconds_in(shift, "01:45", "key")
    assert seconds_in(shift, "01:15", "key") == 3.25 * 3600
    assert seconds_in(shift, "02:15", "key") == 4.75 * 3600


def test_a_whole_day_that_was_skipped_has_no_times() -> None:
    # Samoa went from 29 to 31 December 2011.
    shift = a_shift(date(2011, 12, 29), "20:00", "04:00", "Pacific/Apia")
    moments = [after(shift.starts_at, hour * 3600) for hour in range(int(shift.seconds // 3600))]
    for at, moment in enumerate(moments):
        if moment.date() == date(2011, 12, 29):
            assert seconds_in(shift, f"{moment:%H:%M}", "key") == at * 3600


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(ZONES), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.times(),
    st.integers(1, 23 * 60), st.floats(0, 1),
)  # fmt: skip
def test_every_moment_of_a_shift_is_found_again_by_its_clock(
    zone: str, day: date, start: time, minutes: int, share: float
) -> None:
    begins = datetime.combine(day, start.replace(second=0, microsecond=0), ZoneInfo(zone))
    begins = begins.astimezone(UTC).astimezone(ZoneInfo(zone))
    shift = Shift("own hours", begins, after(begins, minutes * 60))
    moment = after(begins, int(share * minutes) * 60)
    offset = f"{moment:%z}"
    seconds = seconds_between(begins, moment)
    written = f"{moment:%H:%M}"
    assert seconds_in(shift, f"{written}{offset[:3]}:{offset[3:5]}", "key") == seconds
    twice = [
        other
        for shift_by in (-60, -30, 30, 60)
        if (other := after(moment, shift_by * 60)).time() == moment.time()
        and timedelta(0) <= other.astimezone(UTC) - begins.astimezone(UTC)
        and seconds_between(begins, other) <= shift.seconds
    ]
    if twice:
        with pytest.raises(ScenarioError, match="comes twice"):
            seconds_in(shift, written, "key")
    else:
        assert seconds_in(shift, written, "key") == seconds
