import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.hotspots.peaks import FEWEST_KNOWN, peak_hours


def week(hours: dict[int, float]) -> np.ndarray:
    weights = np.zeros(168)
    weights[list(hours)] = list(hours.values())
    return weights


FRIDAY_23, SATURDAY_1, SATURDAY_23, SUNDAY_1 = 4 * 24 + 23, 5 * 24 + 1, 5 * 24 + 23, 6 * 24 + 1


def test_a_weekend_night_is_named_by_the_day_on_which_it_begins() -> None:
    hours = {FRIDAY_23: 6.0, SATURDAY_1: 6.0, SATURDAY_23: 6.0, SUNDAY_1: 6.0}
    words = peak_hours(week(hours))
    assert words.startswith("Fri and Sat, 2")
    assert words.endswith(":00")


def test_an_hour_of_every_day_is_named_so() -> None:
    assert peak_hours(week({24 * day + 12: 5.0 for day in range(7)})).startswith("every day, ")


def test_too_few_known_times_say_nothing() -> None:
    assert peak_hours(week({FRIDAY_23: FEWEST_KNOWN - 1})) == ""
    assert peak_hours(np.zeros(168)) == ""


def test_a_flat_week_has_no_peak() -> None:
    assert peak_hours(np.full(168, 3.0)) == ""


@given(st.integers(0, 10_000))
def test_chance_alone_seldom_makes_a_peak(seed) -> None:
    random = np.random.default_rng(seed)
    named = [
        peak_hours(np.bincount(random.integers(0, 168, 40), minlength=168).astype(float)) != ""
        for _ in range(20)
    ]
    assert sum(named) <= 5


@given(st.integers(0, 167))
def test_the_hours_named_hold_the_peak(hour) -> None:
    words = peak_hours(week({hour: 40.0}))
    begins, ends = (int(part[:2]) for part in words.rsplit(", ", 1)[1].split(" to "))
    assert (hour % 24 - begins) % 24 < 4
    assert (ends - begins) % 24 == 4
