"""Totals of months and of weeks, with the covered days that each has of every class.

A row is what one source recorded in one calendar month, or in one week from Sunday to Saturday.
An incident counts where the middle of its interval lies. Known well enough for its day is one whose
interval is at most three days long; for its month also one of which only the month is known, or
whose interval lies within one month. Nothing else counts: an incident of which only the report is
known happened at no known time.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.timing.academic import OUTSIDE, DayClasses
from planner.insight.timing.aoristic import LONGEST_HOURS
from planner.insight.timing.covered import CoveredDays, covered_by_day

LEAST_DAYS = 0.5
Classify = Callable[[pd.DatetimeIndex], DayClasses]


@dataclass(frozen=True)
class Totals:
    """Totals of u months or weeks.

    Attributes
    ----------
    names
        The classes of days, shape (k,).
    counts
        Incidents, shape (u,).
    days
        Covered days of each class, shape (u, k).
    source
        Number of the source, shape (u,).
    year, month
        Calendar year, and months since year 0, in which the middle of the unit lies, shape (u,).
    """

    names: tuple[str, ...]
    counts: np.ndarray
    days: np.ndarray
    source: np.ndarray
    year: np.ndarray
    month: np.ndarray

    def chosen(self, rows: np.ndarray) -> "Totals":
        """Return some of the units: booleans of shape (u,)."""
        return Totals(
            self.names, self.counts[rows], self.days[rows], self.source[rows], self.year[rows],
            self.month[rows],
        )  # fmt: skip


def known_by_day(incidents: pd.DataFrame) -> np.ndarray:
    """Tell which incidents are known well enough for their day, booleans of shape (n,)."""
    length = incidents["occurred_to"] - incidents["occurred_from"]
    short = (length <= pd.Timedelta(hours=LONGEST_HOURS)).to_numpy(bool)
    known: np.ndarray = short & (incidents["time_known"] == "interval").to_numpy(bool)
    return known


def known_by_month(incidents: pd.DataFrame, time_zone: str) -> np.ndarray:
    """Tell which incidents are known well enough for their month, booleans of shape (n,)."""
    first = incidents["occurred_from"].dt.tz_convert(time_zone)
    last = (incidents["occurred_to"] - pd.Timedelta(microseconds=1)).dt.tz_convert(time_zone)
    within = (first.dt.year == last.dt.year) & (first.dt.month == last.dt.month)
    long = (incidents["time_known"] == "interval") & within
    month_only = incidents["time_known"] == "month"
    known: np.ndarray = known_by_day(incidents) | (long | month_only).to_numpy(bool)
    return known


def monthly_totals(
    incidents: pd.DataFrame, periods: pd.DataFrame, time_zone: str, classify: Classify
) -> Totals:
    """Count incidents by source and calendar month.

    Parameters
    ----------
    incidents
        ``source``, ``occurred_from``, ``occurred_to`` (UTC), ``time_known``.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the records cover, in UTC.
    time_zone
        The zone whose days are meant.
    classify
        Sorts local days into classes; a month with a covered day of no class is left out.
    """
    known = incidents[known_by_month(incidents, time_zone)]
    return _totals(known, periods, time_zone, classify, _months_since_0)


def weekly_totals(
    incidents: pd.DataFrame, periods: pd.DataFrame, time_zone: str, classify: Classify
) -> Totals:
    """Count incidents by source and week, Sunday to Saturday; see :func:`monthly_totals`.

    Sources that know no incident's day have no weeks.
    """
    return _totals(incidents[known_by_day(incidents)], periods, time_zone, classify, _sundays)


def _totals(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    time_zone: str,
    classify: Classify,
    unit_of: Callable[[pd.DatetimeIndex], np.ndarray],
) -> Totals:
    parts = [
        _of_source(number, rows, periods[periods["source"] == source], time_zone, classify, unit_of)
        for number, (source, rows) in enumerate(incidents.groupby("source"))
    ]
    if not parts:
        names = classify(pd.DatetimeIndex([])).names
        none = np.zeros(0, dtype=int)
        return Totals(names, np.zeros(0), np.zeros((0, len(names))), none, none, none)
    return Totals(
        parts[0].names,
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("counts", "days", "source", "year", "month")
        ),
    )


def _of_source(
    number: int,
    rows: pd.DataFrame,
    periods: pd.DataFrame,
    time_zone: str,
    classify: Classify,
    unit_of: Callable[[pd.DatetimeIndex], np.ndarray],
) -> Totals:
    covered = covered_by_day(periods, time_zone)
    classes = classify(covered.days)
    unit = unit_of(covered.days)
    each, place = np.unique(unit, return_inverse=True)
    middle = rows["occurred_from"] + (rows["occurred_to"] - rows["occurred_from"]) / 2
    row = covered.row_of(middle, time_zone)
    counts = np.bincount(place[row[row >= 0]], minlength=len(each)).astype(float)
    days = _days_by_class(covered, classes, place, len(each))
    unclear = np.bincount(place, covered.covered * (classes.of_day == OUTSIDE), minlength=len(each))
    middles = _middle_days(covered.days, place, len(each))
    month = _months_since_0(middles)
    all_units = Totals(classes.names, counts, days, np.full(len(each), number), month // 12, month)
    return all_units.chosen((unclear == 0) & (days.sum(axis=1) >= LEAST_DAYS))


def _days_by_class(
    covered: CoveredDays, classes: DayClasses, place: np.ndarray, units: int
) -> np.ndarray:
    kinds = len(classes.names)
    clear = classes.of_day != OUTSIDE
    cell = place[clear] * kinds + classes.of_day[clear]
    days = np.bincount(cell, covered.covered[clear], minlength=units * kinds)
    by_class: np.ndarray = days.reshape(units, kinds)
    return by_class


def _middle_days(days: pd.DatetimeIndex, place: np.ndarray, units: int) -> pd.DatetimeIndex:
    """Return the middle day of each unit; days of a unit follow one another."""
    first = np.searchsorted(place, np.arange(units), side="left")
    last = np.searchsorted(place, np.arange(units), side="right") - 1
    return days[(first + last) // 2]


def _months_since_0(days: pd.DatetimeIndex) -> np.ndarray:
    months: np.ndarray = (days.year * 12 + days.month - 1).to_numpy(int)
    return months


def _sundays(days: pd.DatetimeIndex) -> np.ndarray:
    """Give each day the number of its week, which begins on Sunday."""
    # 4 January 1970 was a Sunday.
    weeks: np.ndarray = (days - pd.Timestamp("1970-01-04")).days.to_numpy(int) // 7
    return weeks
