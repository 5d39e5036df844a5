"""Seasons: incidents a day by month and by week of term, and whether they are shown to help.

A rate is that of the usual covered day (each source's incidents over its covered days, added over
the sources) times the factor of the month or week (:mod:`planner.insight.timing.season_factors`).
Records that carry months only inform months, and tell term from vacation at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.timing.academic import DayClasses, in_term_or_not, months, weeks_of_term
from planner.insight.timing.season_factors import season_factors
from planner.insight.timing.season_test import SeasonTest, season_test
from planner.insight.timing.season_totals import Totals, monthly_totals, weekly_totals
from planner.insight.timing.shrinkage import Rates
from planner.settings import Term


@dataclass(frozen=True)
class SeasonRates:
    """Incidents a day by class of days, and whether the classes are shown to help.

    Attributes
    ----------
    names
        Of the classes: months, weeks of term or ``"term"``, and ``"vacation"``; shape (k,).
    rates
        Incidents a covered day, shape (k,).
    usual
        Incidents on the usual covered day.
    incidents
        How many fall to each class, shape (k,).
    days
        Covered days of each class, of the source that covers most of it, shape (k,).
    unit
        What was foretold in the test: ``"month"`` or ``"week"``.
    test
        None where there are too few years for one.
    """

    names: tuple[str, ...]
    rates: Rates
    usual: float
    incidents: np.ndarray
    days: np.ndarray
    unit: str
    test: SeasonTest | None

    @property
    def times_usual(self) -> np.ndarray:
        """Each class's rate over the usual one, shape (k,)."""
        relative: np.ndarray = self.rates.mean / self.usual
        return relative


def month_rates(
    incidents: pd.DataFrame, periods: pd.DataFrame, time_zone: str
) -> SeasonRates | None:
    """Estimate the incidents a day in each calendar month.

    Parameters
    ----------
    incidents
        ``source``, ``occurred_from``, ``occurred_to`` (UTC), ``time_known``.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the records cover, in UTC.
    time_zone
        The zone whose days are meant.

    Returns
    -------
    SeasonRates or None
        None where no incident of a known month lies in the covered time.
    """
    return _rates(monthly_totals(incidents, periods, time_zone, months), "month")


def term_rates(
    incidents: pd.DataFrame, periods: pd.DataFrame, time_zone: str, terms: Sequence[Term]
) -> SeasonRates | None:
    """Estimate the incidents a day in each week of term and in vacation.

    Where the records carry months only, term is told from vacation by the days that each month has
    of either.

    Parameters
    ----------
    incidents, periods, time_zone
        As in :func:`month_rates`.
    terms
        The academic calendar.

    Returns
    -------
    SeasonRates or None
        None where no incident of a known day or month lies in the covered time of the calendar.
    """
    if not terms:
        return None

    def by_week(days: pd.DatetimeIndex) -> DayClasses:
        return weeks_of_term(days, terms)

    def term_or_not(days: pd.DatetimeIndex) -> DayClasses:
        return in_term_or_not(by_week(days))

    weekly = _rates(weekly_totals(incidents, periods, time_zone, by_week), "week")
    if weekly is not None:
        return weekly
    return _rates(monthly_totals(incidents, periods, time_zone, term_or_not), "month")


def _rates(totals: Totals, unit: str) -> SeasonRates | None:
    if not totals.counts.any():
        return None
    seasons = season_factors(totals)
    usual = _usual(totals)
    factors = seasons.factors
    return SeasonRates(
        names=totals.names,
        rates=Rates(usual * factors.mean, usual**2 * factors.variance),
        usual=usual,
        incidents=seasons.counts,
        days=_by_source(totals, totals.days).max(axis=0),
        unit=unit,
        test=season_test(totals),
    )


def _usual(totals: Totals) -> float:
    """Return the incidents on a usual day: those of the sources, each on its own days, added."""
    counts, days = _by_source(totals, totals.counts), _by_source(totals, totals.days.sum(axis=1))
    return float((counts / np.where(days > 0, days, 1.0)).sum())


def _by_source(totals: Totals, values: np.ndarray) -> np.ndarray:
    """Add up values of units, shape (u, ...), by source."""
    added = np.zeros((int(totals.source.max()) + 1, *values.shape[1:]))
    np.add.at(added, totals.source, values)
    return added
