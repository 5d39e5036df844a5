"""Risk: how many incidents to expect in each zone during a shift, with an interval.

Model
-----
Zone z of Z has n(z) incidents in T covered days. With a gamma prior of shape a and mean m = mean
of n over the zones, and Poisson counts, the zone's expected count over the history is

    E[lambda(z)] = (a + n(z)) / (a / m + 1),   Var = (a + n(z)) / (a / m + 1)^2,

so that zones with little recorded are drawn to the estate's rate (gamma-Poisson shrinkage;
Clayton and Kaldor, 1987, "Empirical Bayes estimates of age-standardized relative risks"). The
shape a is the moment estimate m^2 / (variance - m). It is at least a half (Jeffreys' prior), and at
most the number of incidents of the whole estate: zones that look alike share what is known, which
is no more than that. Divided by T it is a rate a day. Where a file covers but a part of the
estate, zones have covered times T(z) of their own: with their mean T, the counts scaled to it give
m and a, and the expected count over T is (a + n(z)) / (a / m + T(z) / T). Sources (police, control
room) cover different times and are estimated apart; rates and variances add.

The rate falls on a shift by the estate's hour-of-week profile (:mod:`planner.insight.timing`);
flat where the records carry no time of day. The 80 % interval is that of the *expected* number
(a gamma of the same mean and variance): what is recorded on one night scatters more widely, and
the uncertainty of the profile is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from planner.clock import Shift
from planner.errors import NoIncidents
from planner.insight.exposure import covered_days, covered_days_by_zone
from planner.insight.timing.aoristic import aoristic_weights
from planner.insight.timing.profile import hour_of_week_profile, shift_weights

CENTRAL_SHARE = 0.8
LEAST_SHAPE = 0.5


@dataclass(frozen=True)
class Risk:
    """Expected incidents by zone and quarter hour of one shift.

    Attributes
    ----------
    zones
        Zone identifiers, shape (z,).
    expected
        Expected incidents in each quarter hour of the shift, shape (z, bins).
    low, high
        Central 80 % interval of the expected number over the whole shift, shape (z,).
    daily
        Expected incidents on a mean day, shape (z,).
    counts
        Recorded incidents in the covered time, shape (z,).
    covered_days
        Days that the records cover.
    timed
        Whether any record carries a time of day; if not, the profile is flat.
    """

    zones: np.ndarray
    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    daily: np.ndarray
    counts: np.ndarray
    covered_days: float
    timed: bool

    @property
    def mean(self) -> np.ndarray:
        """Expected incidents over the whole shift, shape (z,)."""
        total: np.ndarray = self.expected.sum(axis=1)
        return total


def shrunk_rates(counts: np.ndarray, days: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shrink counts towards their mean and divide by covered time.

    Parameters
    ----------
    counts
        Incidents by zone, shape (z,).
    days
        Covered time in days, above 0: one number, or one for each zone, where 0 says that
        nothing is known of a zone.

    Returns
    -------
    mean, variance
        Of the rate a day, shape (z,).
    """
    known_days = np.broadcast_to(np.asarray(days, dtype=float), counts.shape)
    seen = known_days > 0
    if not counts[seen].any():
        return np.zeros(len(counts)), np.zeros(len(counts))
    usual = float(known_days[seen].mean())
    exposure = known_days / usual
    scaled = counts[seen] / exposure[seen]
    average = scaled.mean()
    excess = scaled.var(ddof=1) - average if len(scaled) > 1 else 0.0
    known = float(counts[seen].sum())
    shape = float(np.clip(average**2 / excess, LEAST_SHAPE, known)) if excess > 0 else known
    weight = shape / average + exposure
    told = shape + np.where(seen, counts, 0.0)
    return told / weight / usual, told / (weight * usual) ** 2


def forecast(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    zones: np.ndarray,
    shift: Shift,
    time_zone: str,
    areas: Mapping[str, np.ndarray] | None = None,
) -> Risk:
    """Forecast a shift from the whole history.

    Parameters
    ----------
    incidents
        Those on the estate: ``source``, ``zone``, ``occurred_from``, ``occurred_to``,
        ``time_known``.
    periods
        ``source``, ``starts_at``, ``ends_at`` and, where not all cover the whole estate,
        ``area``: what the records cover.
    zones
        Zone identifiers, shape (z,).
    shift
        The shift to forecast.
    time_zone
        The estate's time zone.
    areas
        Which zones each area of the periods covers: booleans of shape (z,).

    Raises
    ------
    NoIncidents
        If no incident lies in a zone.
    """
    if not incidents["zone"].isin(zones).any():
        raise NoIncidents(
            "No imported incident lies on the estate, so nothing can be forecast; import a file "
            "that covers it with 'planner import'."
        )
    mean, variance, counts = _rates(incidents, periods, zones, areas or {})
    weights = aoristic_weights(incidents, time_zone)
    shares = shift_weights(hour_of_week_profile(weights), shift)
    low, high = _interval(mean * shares.sum(), variance * shares.sum() ** 2)
    return Risk(
        zones=zones,
        expected=np.outer(mean, shares),
        low=low,
        high=high,
        daily=mean,
        counts=counts,
        covered_days=covered_days(periods),
        timed=bool(weights.sum() > 0),
    )


def _rates(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    zones: np.ndarray,
    areas: Mapping[str, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    mean, variance, total = np.zeros((3, len(zones)))
    for source, rows in incidents.groupby("source"):
        counts = rows["zone"].value_counts().reindex(zones, fill_value=0).to_numpy(float)
        covered = covered_days_by_zone(periods[periods["source"] == source], areas, len(zones))
        days = np.where(covered > 0, np.maximum(covered, 1.0), 0.0) if covered.any() else 1.0
        rate, spread = shrunk_rates(counts, days)
        mean, variance, total = mean + rate, variance + spread, total + counts
    return mean, variance, total


def _interval(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = mean**2 / variance
    scale = variance / mean
    tail = (1 - CENTRAL_SHARE) / 2
    return stats.gamma.ppf(tail, shape, scale=scale), stats.gamma.ppf(1 - tail, shape, scale=scale)
