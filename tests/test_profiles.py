"""When in the week."""

from datetime import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.profiles import (
    PSEUDO_COUNT,
    classes_of_hours,
    fitted_profile,
    hours_of,
    minutes_of,
)
from planner.insight.timing.aoristic import HOURS
from planner.settings import USUAL_SHIFTS, ShiftHours

TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
SHIFTS = st.builds(lambda start, end: ShiftHours(start=start, end=end), TIMES, TIMES)


@given(hours=SHIFTS)
def test_a_shift_touches_the_hours_that_its_minutes_lie_in(hours: ShiftHours) -> None:
    begin, end = minutes_of(hours)
    assert begin < end <= begin + 24 * 60
    touched = sorted({minute // 60 for minute in range(begin, end)})
    assert hours_of(hours).tolist() == touched


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [((6, 0), (14, 0), 8), ((22, 0), (6, 0), 8), ((22, 30), (6, 30), 9), ((9, 0), (9, 0), 24),
     ((8, 45), (8, 15), 25), ((23, 30), (0, 0), 1)],
)  # fmt: skip
def test_hours_of_shifts_over_midnight_and_of_nearly_a_day(
    start: tuple[int, int], end: tuple[int, int], count: int
) -> None:
    assert len(hours_of(ShiftHours(start=time(*start), end=time(*end)))) == count


def test_classes_part_shifts_and_weekends_by_the_day_of_the_start() -> None:
    classes = classes_of_hours(USUAL_SHIFTS)
    assert len(np.unique(classes)) == 6
    saturday_night, sunday_early = 5 * 24 + 23, 6 * 24 + 3
    assert classes[saturday_night] == classes[sunday_early]
    monday_early_hours = 3  # The night that began on Sunday.
    assert classes[monday_early_hours] == classes[saturday_night]
    assert classes[24 + 3] != classes[saturday_night]


def test_of_overlapping_shifts_the_first_is_meant_and_other_hours_are_their_own() -> None:
    shifts = {"one": ShiftHours(start=time(6), end=time(14)),
              "two": ShiftHours(start=time(12), end=time(18))}  # fmt: skip
    classes = classes_of_hours(shifts)
    assert classes[13] == classes[6] != classes[14]
    assert classes[20] == classes[3] == classes[5 * 24 + 20]
    assert len(np.unique(classes)) == 5


@given(seed=st.integers(0, 999), own=st.dictionaries(st.sampled_from("abc"), SHIFTS, min_size=1))
def test_a_zones_week_is_shrunk_to_the_estates(seed: int, own: dict[str, ShiftHours]) -> None:
    chance = np.random.default_rng(seed)
    weights = chance.poisson(chance.gamma(0.3, 1, (4, HOURS))).astype(float)
    weights[3] = 0
    profile = fitted_profile(weights, classes_of_hours(own))
    week = profile.intensities(np.arange(HOURS))
    assert (week > 0).all()
    assert week.mean(axis=1) == pytest.approx(np.ones(4))
    assert week[3] == pytest.approx(profile.hours)
    number = int(profile.class_of_hour.max()) + 1
    for zone in range(4):
        for name in range(number):
            held = profile.class_of_hour == name
            estate = profile.hours[held].sum() / HOURS
            share = (weights[zone, held].sum() + PSEUDO_COUNT * estate) / (
                weights[zone].sum() + PSEUDO_COUNT
            )
            assert week[zone, held].sum() / HOURS == pytest.approx(share)


def test_without_times_all_is_flat() -> None:
    profile = fitted_profile(np.zeros((2, HOURS)), classes_of_hours(USUAL_SHIFTS))
    assert not profile.timed
    assert profile.intensities(np.arange(HOURS)) == pytest.approx(np.ones((2, HOURS)))
