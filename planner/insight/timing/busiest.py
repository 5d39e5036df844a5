"""Busiest shifts: how many incidents each shift of the week has, with the interval of the rate.

Only incidents with a usable time count (:mod:`planner.insight.timing.aoristic`), each spread over
the hours in which it can have happened; a rate is per shift that the records cover. A shift on a
weekday is drawn to the product of what is usual for that weekday and for that shift, by
:mod:`planner.insight.timing.shrinkage`. Sources cover different times and are estimated apart;
rates and variances add.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.timing.aoristic import HOURS, aoristic_weights, usable
from planner.insight.timing.covered import CoveredDays, covered_by_day, covered_hours_of_week
from planner.insight.timing.shrinkage import Rates, dispersion, shrunk_factors
from planner.settings import ShiftHours

WEEKDAYS = 7


@dataclass(frozen=True)
class ShiftRates:
    """What each shift of the week has; a shift belongs to the weekday on which it starts.

    Attributes
    ----------
    names, hours
        The shifts, shape (s,).
    rates
        Expected incidents with a usable time in one such shift, shape (7, s); row 0 is Monday.
    counts
        Incidents recorded in the covered time, spread over their hours, shape (7, s).
    covered
        How many such shifts the records cover, shape (7, s).
    incidents
        Incidents with a usable time in the covered time.
    """

    names: tuple[str, ...]
    hours: tuple[ShiftHours, ...]
    rates: Rates
    counts: np.ndarray
    covered: np.ndarray
    incidents: int

    @property
    def usual(self) -> float:
        """Expected incidents in the mean shift."""
        return float(self.rates.mean.mean())

    @property
    def times_usual(self) -> np.ndarray:
        """Each shift's expected incidents over those of the mean shift, shape (7, s)."""
        relative: np.ndarray = self.rates.mean / self.usual
        return relative

    def busiest_first(self) -> list[tuple[int, int]]:
        """Return weekday (0 is Monday) and shift of all, the busiest first."""
        order = np.argsort(-self.rates.mean, axis=None, kind="stable")
        days, shifts = np.unravel_index(order, self.rates.mean.shape)
        return list(zip(days.tolist(), shifts.tolist(), strict=True))


def shift_rates(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    shifts: Mapping[str, ShiftHours],
    time_zone: str,
) -> ShiftRates | None:
    """Estimate the incidents of each shift of the week.

    Parameters
    ----------
    incidents
        ``source``, ``occurred_from``, ``occurred_to`` (UTC), ``time_known``.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the records cover, in UTC.
    shifts
        Local hours of each shift by name, at least one.
    time_zone
        The estate's time zone.

    Returns
    -------
    ShiftRates or None
        None where no incident with a usable time lies in the covered time.
    """
    parts = hours_of_shifts(tuple(shifts.values()))
    lengths = parts.sum(axis=2)
    mean, variance, counts = np.zeros((3, WEEKDAYS, len(shifts)))
    known, told = 0, []
    for source, rows in incidents[usable(incidents, time_zone)].groupby("source"):
        covering = periods[periods["source"] == source]
        days = covered_by_day(covering, time_zone)
        row = days.row_of(_middles(rows), time_zone)
        if not (row >= 0).any():
            continue
        by_shift = parts @ aoristic_weights(rows[row >= 0], time_zone)
        exposure = parts @ covered_hours_of_week(covering, time_zone) / lengths
        rates = _source_rates(by_shift, exposure, _scatter(row[row >= 0], days))
        mean, variance = mean + rates.mean, variance + rates.variance
        counts = counts + by_shift
        known += int((row >= 0).sum())
        told.append(source)
    if not known:
        return None
    together = covered_hours_of_week(periods[periods["source"].isin(told)], time_zone)
    return ShiftRates(
        names=tuple(shifts),
        hours=tuple(shifts.values()),
        rates=Rates(mean, variance),
        counts=counts,
        covered=parts @ together / lengths,
        incidents=known,
    )


def hours_of_shifts(shifts: tuple[ShiftHours, ...]) -> np.ndarray:
    """Return which part of each hour of the week lies in each shift of the week.

    Returns
    -------
    numpy.ndarray
        0 to 1, shape (7, s, 168); a shift that ends at or before its start ends a day later.
    """
    starts = np.array([at.start.hour * 60 + at.start.minute for at in shifts], dtype=float)
    ends = np.array([at.end.hour * 60 + at.end.minute for at in shifts], dtype=float)
    ends = np.where(ends <= starts, ends + 1440, ends)
    hour = np.arange(48) * 60
    first, last = np.maximum(starts[:, None], hour), np.minimum(ends[:, None], hour + 60)
    of_two_days = np.maximum(last - first, 0) / 60
    parts = np.zeros((WEEKDAYS, len(shifts), HOURS))
    days = np.arange(WEEKDAYS)[:, None]
    columns = (days * 24 + np.arange(48)) % HOURS
    parts[days[:, :, None], np.arange(len(shifts))[None, :, None], columns[:, None, :]] = (
        of_two_days
    )
    return parts


def _source_rates(counts: np.ndarray, exposure: np.ndarray, scatter: float) -> Rates:
    """Draw each cell of (7, s) to the product of its weekday's and its shift's factor."""
    total = counts.sum()
    overall = total / exposure.sum()
    expected = exposure * overall
    usual = overall * np.outer(
        shrunk_factors(counts.sum(axis=1), expected.sum(axis=1), scatter, total).mean,
        shrunk_factors(counts.sum(axis=0), expected.sum(axis=0), scatter, total).mean,
    )
    # What is usual for a cell is itself known no better than its weekday and its shift are.
    most = total / scatter / (sum(counts.shape) - 1)
    factors = shrunk_factors(counts.ravel(), (exposure * usual).ravel(), scatter, most)
    shape = counts.shape
    return Rates(usual * factors.mean.reshape(shape), usual**2 * factors.variance.reshape(shape))


def _middles(rows: pd.DataFrame) -> pd.Series:
    return rows["occurred_from"] + (rows["occurred_to"] - rows["occurred_from"]) / 2


def _scatter(row: np.ndarray, days: CoveredDays) -> float:
    """Return the dispersion of daily counts around what is usual on each weekday."""
    counts = np.bincount(row, minlength=len(days.days)).astype(float)
    weekday = days.days.day_of_week.to_numpy(int)
    covered = np.bincount(weekday, days.covered, WEEKDAYS)
    rate = np.bincount(weekday, counts, WEEKDAYS) / np.where(covered > 0, covered, 1.0)
    return dispersion(counts, rate[weekday] * days.covered, WEEKDAYS)
