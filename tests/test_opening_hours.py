"""When gates are open: texts as people write them, and what can't be read."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import Shift, shift_on
from planner.estate.opening_hours import open_throughout, unread_rules
from planner.settings import ShiftHours

WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
MONDAY = date(2026, 1, 12)


def shift(day: date, start: str, end: str) -> Shift:
    hours = ShiftHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    return shift_on(day, "any", hours, "Europe/London")


def is_open(text: str, start: str, end: str, days: int = 0) -> bool:
    return open_throughout(text, shift(MONDAY + timedelta(days=days), start, end))


@pytest.mark.parametrize(
    ("text", "days", "start", "end", "expected"),
    [
        ("", 0, "22:00", "06:00", True),
        ("24/7", 0, "22:00", "06:00", True),
        ("24/7; Tu off", 0, "22:00", "06:00", False),
        ("off", 0, "10:00", "11:00", False),
        ("closed", 0, "10:00", "11:00", False),
        ("Mo-Su 07:30-19:00", 0, "08:00", "16:00", True),
        ("Mo-Su 07:30-19:00", 0, "07:30", "19:00", True),
        ("Mo-Su 07:30-19:00", 0, "07:29", "19:00", False),
        ("Mo-Su 07:30-19:00", 0, "08:00", "19:01", False),
        ("Mo-Su 07:30-19:00", 0, "22:00", "06:00", False),
        ("7:30-19:00", 0, "08:00", "16:00", True),
        ("07:30 - 19:00", 0, "08:00", "16:00", True),
        ("MO-FR 07:30\u201319:00", 0, "08:00", "16:00", True),
        ("Mo-Fr: 07:30-19:00", 0, "08:00", "16:00", True),
        ("Mo-Fr 07:00-21:00; Sa 08:00-18:00; Su off", 4, "07:00", "21:00", True),
        ("Mo-Fr 07:00-21:00; Sa 08:00-18:00; Su off", 5, "08:00", "18:00", True),
        ("Mo-Fr 07:00-21:00; Sa 08:00-18:00; Su off", 5, "07:00", "18:00", False),
        ("Mo-Fr 07:00-21:00; Sa 08:00-18:00; Su off", 6, "10:00", "11:00", False),
        ("Mo-Su 07:00-21:00; We 10:00-12:00", 2, "09:00", "11:00", False),
        ("Mo,We-Fr 07:00-21:00", 1, "08:00", "09:00", False),
        ("Mo,We-Fr 07:00-21:00", 3, "08:00", "09:00", True),
        ("Sa-Mo 07:00-21:00", 0, "08:00", "09:00", True),
        ("Sa-Mo 07:00-21:00", 4, "08:00", "09:00", False),
        ("08:00-12:00,13:00-17:00", 0, "09:00", "12:00", True),
        ("08:00-12:00, 13:00-17:00", 0, "11:00", "14:00", False),
        ("08:00-12:00,12:00-17:00", 0, "11:00", "14:00", True),
        ("18:00-02:00", 0, "22:00", "02:00", True),
        ("18:00-02:00", 0, "22:00", "03:00", False),
        ("18:00-26:00", 0, "22:00", "02:00", True),
        ("Su 18:00-02:00", 0, "00:30", "01:30", True),
        ("Mo 18:00-02:00", 0, "00:30", "01:30", False),
        ("18:00-02:00; Tu off", 0, "22:00", "02:00", False),
        ("18:00-02:00; Tu off", 1, "00:00", "01:00", False),
        ("Mo 18:00-02:00", 0, "22:00", "02:00", True),
        ("00:00-24:00", 0, "22:00", "06:00", True),
        ("Apr-Sep 07:00-21:00; Oct-Mar 07:00-17:00", 0, "16:00", "20:00", False),
        ("Apr-Sep 07:00-21:00; Oct-Mar 07:00-17:00", 180, "16:00", "20:00", True),
        ("Nov-Feb Mo-Fr 08:00-16:00", 0, "09:00", "12:00", True),
        ("07:00-dusk", 0, "07:00", "14:45", True),
        ("07:00-dusk", 0, "14:00", "22:00", False),
        ("sunrise-sunset", 180, "06:00", "14:00", False),
        ("dawn-17:00", 0, "09:15", "14:00", True),
        ("06:00-22:00 & 24/7", 0, "06:00", "22:00", True),
        ("06:00-22:00 & 08:00-18:00", 0, "06:00", "14:00", False),
    ],
)
def test_a_gate_is_open_from_the_first_moment_of_a_shift_to_its_last(
    text: str, days: int, start: str, end: str, expected: bool
) -> None:
    assert unread_rules(text) == ()
    assert is_open(text, start, end, days) is expected


@pytest.mark.parametrize(
    "text",
    [
        "by appointment", "Mo-Su", "07:00+", "07:00", "sunrise-(sunset+01:00)", "25:00", "7-19",
        "25:00-49:00", "07:60-19:00", "daily 07:00-19:00", "Mo[1] 07:00-19:00", "open",
        "Mo-Fr 07:00-19:00 Sa", "-", ",", "\x00", "Mo-Su 07:00-19:00 \"ask\"",
        "week 1-20 07:00-19:00", "10:00-10:00",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_locked_at_night_and_said(text: str) -> None:
    assert unread_rules(text) == (text,)
    assert is_open(text, "06:00", "22:00")
    assert not is_open(text, "14:00", "22:01")
    assert not is_open(text, "22:00", "06:00")


def test_what_can_be_read_beside_it_still_holds() -> None:
    text = "Mo-Fr 08:00-18:00; PH off"
    assert [rule.strip() for rule in unread_rules(text)] == ["PH off"]
    assert is_open(text, "08:00", "18:00")
    assert not is_open(text, "07:00", "15:00")
    assert not is_open("24/7; PH off", "22:00", "06:00")


@given(
    days=st.lists(st.sampled_from(range(7)), min_size=1, max_size=7, unique=True),
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda pair: pair[0] != pair[1]),
    start=st.integers(0, 10 * 24),
    length=st.integers(1, 30),
)
def test_a_weekly_rule_agrees_with_a_count_of_hours(
    days: list[int], hours: tuple[int, int], start: int, length: int
) -> None:
    opens, closes = hours
    lasts = (closes - opens) % 24
    text = f"{','.join(WEEKDAYS[day] for day in days)} {opens:02d}:00-{closes:02d}:00"
    begin = datetime(2026, 6, 1, tzinfo=ZoneInfo("Europe/London"))
    # Hours from the Monday before, so that spans past midnight are there from the first day on.
    week = {
        24 * day + hour
        for day in range(-7, 14)
        if (begin + timedelta(days=day)).weekday() in days
        for hour in range(opens, opens + lasts)
    }
    expected = all(hour in week for hour in range(start, start + length))
    wanted = Shift("any", begin + timedelta(hours=start), begin + timedelta(hours=start + length))
    assert open_throughout(text, wanted) is expected


@given(text=st.text(alphabet='MoTuSa0123456789:-,;& /offdusk[]()"', max_size=30))
def test_no_text_is_refused(text: str) -> None:
    assert open_throughout(text, shift(MONDAY, "22:00", "06:00")) in (True, False)
    if unread_rules(text):
        assert not open_throughout(text, shift(MONDAY, "22:00", "06:00"))


def test_the_night_on_which_the_clocks_change_is_read_by_the_wall_clock() -> None:
    for day in (date(2025, 3, 29), date(2025, 10, 25)):
        assert open_throughout("Mo-Su 20:00-07:00", shift(day, "22:00", "06:00"))
        assert not open_throughout("Mo-Su 20:00-05:00", shift(day, "22:00", "06:00"))
