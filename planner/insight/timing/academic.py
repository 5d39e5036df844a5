"""Which month, and which week of term, each local day lies in."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from planner.clock import ordinal
from planner.settings import Term

OUTSIDE = -1
VACATION = "vacation"
# Between two listed terms that lie further apart than this, one is not listed.
LONGEST_VACATION_DAYS = 182
WEEK_DAYS = 7


@dataclass(frozen=True)
class DayClasses:
    """Days sorted into classes.

    Attributes
    ----------
    names
        Of the classes, shape (k,).
    of_day
        Class of each day, shape (d,); -1 where the calendar says nothing of the day.
    """

    names: tuple[str, ...]
    of_day: np.ndarray


def months(days: pd.DatetimeIndex) -> DayClasses:
    """Sort days (naive local midnights) into the twelve months."""
    return DayClasses(tuple(calendar.month_name[1:]), (days.month - 1).to_numpy(int))


def weeks_of_term(days: pd.DatetimeIndex, terms: Sequence[Term]) -> DayClasses:
    """Sort days into the weeks of term, the same week of every term together, and vacation.

    Parameters
    ----------
    days
        Naive local midnights, shape (d,).
    terms
        The academic calendar. It says nothing of days before its first term, after its last one,
        or in a gap of over half a year between two terms.

    Returns
    -------
    DayClasses
        ``"0th week"``, ``"1st week"`` ... and ``"vacation"`` as the last.
    """
    if not terms:
        return DayClasses((), np.full(len(days), OUTSIDE))
    weeks = list(range(min(t.weeks[0] for t in terms), max(t.weeks[1] for t in terms) + 1))
    names = (*(f"{ordinal(week)} week" for week in weeks), VACATION)
    of_day = np.full(len(days), OUTSIDE)
    ordered = sorted(terms, key=lambda term: term.first_week_starts)
    spans = [_span(term) for term in ordered]
    for (_, ends), (starts, _) in pairwise(spans):
        if (starts - ends).days <= LONGEST_VACATION_DAYS:
            of_day[(days >= ends) & (days < starts)] = len(weeks)
    for term, (starts, ends) in zip(ordered, spans, strict=True):
        inside = (days >= starts) & (days < ends)
        week = (days - pd.Timestamp(term.first_week_starts)).days.to_numpy() // WEEK_DAYS + 1
        of_day = np.where(inside, week - weeks[0], of_day)
    return DayClasses(names, of_day.astype(int))


def in_term_or_not(classes: DayClasses) -> DayClasses:
    """Join all weeks of term: what can be told where records carry months only."""
    vacation = len(classes.names) - 1
    joined = np.where(classes.of_day == vacation, 1, np.minimum(classes.of_day, 0))
    return DayClasses(("term", VACATION), joined)


def _span(term: Term) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return a term's first day, and the day after its last."""
    first = pd.Timestamp(term.first_week_starts)
    return (
        first + pd.Timedelta(days=WEEK_DAYS * (term.weeks[0] - 1)),
        first + pd.Timedelta(days=WEEK_DAYS * term.weeks[1]),
    )
