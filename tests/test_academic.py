from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import academic_day
from planner.insight.timing.academic import OUTSIDE, in_term_or_not, months, weeks_of_term
from planner.settings import Term

TERMS = (
    Term(name="Michaelmas", first_week_starts=date(2025, 10, 12), weeks=(0, 9)),
    Term(name="Hilary", first_week_starts=date(2026, 1, 18), weeks=(0, 9)),
    Term(name="Trinity", first_week_starts=date(2026, 4, 26), weeks=(0, 9)),
)
FIRST, LAST = date(2025, 10, 5), date(2026, 6, 27)


@given(after=st.integers(0, (LAST - FIRST).days))
def test_weeks_are_those_that_the_clock_names(after: int) -> None:
    day = FIRST + timedelta(days=after)
    classes = weeks_of_term(pd.DatetimeIndex([pd.Timestamp(day)]), TERMS)
    name = classes.names[classes.of_day[0]]
    assert name in academic_day(day, TERMS, ())


def test_the_calendar_says_nothing_of_days_beyond_it() -> None:
    days = pd.DatetimeIndex(["2025-10-04", "2025-10-05", "2026-06-27", "2026-06-28"])
    classes = weeks_of_term(days, TERMS)
    assert (classes.of_day == OUTSIDE).tolist() == [True, False, False, True]


def test_a_year_that_is_not_listed_is_no_vacation() -> None:
    later = Term(name="Trinity 2028", first_week_starts=date(2028, 4, 23), weeks=(0, 9))
    days = pd.DatetimeIndex(["2026-08-01", "2028-04-20", "2026-01-01"])
    classes = weeks_of_term(days, (later, *TERMS))
    assert [OUTSIDE if of < 0 else classes.names[of] for of in classes.of_day] == [
        OUTSIDE, "0th week", "vacation",
    ]  # fmt: skip


def test_term_and_vacation_alone() -> None:
    days = pd.DatetimeIndex(["2025-10-06", "2025-12-25", "2026-06-20", "2027-01-01"])
    joined = in_term_or_not(weeks_of_term(days, TERMS))
    assert joined.names == ("term", "vacation")
    assert joined.of_day.tolist() == [0, 1, 0, OUTSIDE]


def test_no_terms_are_no_classes() -> None:
    classes = weeks_of_term(pd.date_range("2025-01-01", periods=3), ())
    assert classes.names == ()
    assert classes.of_day.tolist() == [OUTSIDE] * 3


def test_months_are_numbered_from_january() -> None:
    days = pd.date_range("2025-01-15", periods=12, freq="MS")
    classes = months(days)
    assert len(classes.names) == 12
    assert [classes.names[of] for of in classes.of_day] == [f"{day:%B}" for day in days]
    assert np.array_equal(np.sort(classes.of_day), np.arange(12))
