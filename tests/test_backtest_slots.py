"""Shifts as they came."""

from datetime import date, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import shift_on
from planner.insight.backtest.slots import DAYS, kind_hours, slots_between
from planner.insight.timing.aoristic import HOURS
from planner.settings import USUAL_SHIFTS, ShiftHours

LONDON = "Europe/London"
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
SHIFTS = st.dictionaries(
    st.sampled_from("abc"),
    st.builds(lambda start, end: ShiftHours(start=start, end=end), TIMES, TIMES),
    min_size=1,
)


def second(day: date, hour: int = 0, time_zone: str = LONDON) -> float:
    hours = ShiftHours(start=time(hour), end=time(hour))
    return shift_on(day, "", hours, time_zone).starts_at.timestamp()


@pytest.mark.parametrize("month", [3, 10])
def test_nights_on_which_the_clocks_change_have_their_true_length(month: int) -> None:
    day = date(2024, month, 30 if month == 3 else 26)
    first = second(day)
    slots = slots_between(first, second(day + timedelta(days=2)), USUAL_SHIFTS, LONDON)
    hours = ((slots.ends - slots.starts) / 3600).tolist()
    assert hours == [8, 8, 7 if month == 3 else 9, 8, 8, 8]
    assert (slots.starts[1:] == slots.ends[:-1]).all()
    assert slots.kind.tolist() == [15, 16, 17, 18, 19, 20]


@given(day=st.dates(date(2023, 1, 1), date(2025, 12, 1)), length=st.integers(1, 9))
def test_slots_are_the_shifts_of_the_clock(day: date, length: int) -> None:
    slots = slots_between(second(day), second(day + timedelta(days=length)), USUAL_SHIFTS, LONDON)
    plain = sorted(
        (shift.starts_at.timestamp(), shift.ends_at.timestamp(), on.weekday() * 3 + number)
        for on in (day + timedelta(days=n) for n in range(length))
        for number, (name, hours) in enumerate(USUAL_SHIFTS.items())
        for shift in [shift_on(on, name, hours, LONDON)]
    )
    told = list(zip(slots.starts, slots.ends, slots.kind, strict=True))
    assert told == plain


def test_what_happens_in_no_shift_is_in_none() -> None:
    shifts = {"day": ShiftHours(start=time(8), end=time(20))}
    slots = slots_between(second(date(2025, 1, 6)), second(date(2025, 1, 8)), shifts, LONDON)
    moments = [second(date(2025, 1, day), hour) for day, hour in
               ((6, 7), (6, 8), (6, 19), (6, 20), (7, 12), (9, 12))]  # fmt: skip
    assert slots.of(np.array(moments)).tolist() == [-1, 0, 0, -1, 1, -1]


@given(shifts=SHIFTS)
def test_kinds_are_made_of_their_minutes(shifts: dict[str, ShiftHours]) -> None:
    hours = kind_hours(shifts).hours
    plain = np.zeros_like(hours)
    for number, hour in enumerate(shifts.values()):
        begin = hour.start.hour * 60 + hour.start.minute
        end = hour.end.hour * 60 + hour.end.minute
        for minute in range(begin, end if end > begin else end + 24 * 60):
            for day in range(DAYS):
                plain[(day * 24 + minute // 60) % HOURS, day * len(shifts) + number] += 1 / 60
    assert hours == pytest.approx(plain)


def test_shares_of_shifts_that_part_the_week_sum_to_one() -> None:
    weights = np.random.default_rng(1).poisson(0.3, (5, HOURS)).astype(float)
    half_past = {
        "one": ShiftHours(start=time(6, 30), end=time(14, 30)),
        "two": ShiftHours(start=time(14, 30), end=time(22, 30)),
        "three": ShiftHours(start=time(22, 30), end=time(6, 30)),
    }
    for shifts in (USUAL_SHIFTS, half_past):
        shares = kind_hours(shifts).shares(weights)
        assert shares.sum(axis=1) == pytest.approx(np.full(5, HOURS))


def test_an_overlapping_shift_has_its_own_hours() -> None:
    # All incidents fall between 15:00 and 17:00, which only the second shift holds.
    shifts = {"one": ShiftHours(start=time(6), end=time(14)),
              "two": ShiftHours(start=time(13), end=time(21))}  # fmt: skip
    weights = np.zeros((2, HOURS))
    weights[0].reshape(7, 24)[:, 15:17] = 40
    weights[1].reshape(7, 24)[:, 7:9] = 40
    shares = kind_hours(shifts).shares(weights)
    first, second_shift = shares[:, 0::2].sum(axis=1), shares[:, 1::2].sum(axis=1)
    assert second_shift[0] > 2 * first[0]
    assert first[1] > 2 * second_shift[1]
