"""By how much each month, or week of term, has more or fewer incidents than usual.

Model
-----
Source s recorded c(u) incidents in unit u (a month or a week) of year y, with d(u, k) covered days
of class k. Its mean is

    level(s, y) x sum over k of d(u, k) x f(k),      f(k) ~ Gamma(mean 1, shape a),

and it scatters by phi times what chance alone would give. The level of each source and year is
free, so that a year of better recording makes no season; factors are shrunk to 1 by
:mod:`planner.insight.timing.shrinkage`. Level and factors are fitted in turn; where a unit has days
of several classes, its incidents are shared among them in proportion to what is expected of each
(expectation-maximisation; Dempster, Laird and Rubin, 1977, "Maximum likelihood from incomplete
data via the EM algorithm"). Intervals hold the levels as known: they are a little too narrow where
a year has few covered months.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.insight.timing.season_totals import Totals
from planner.insight.timing.shrinkage import Rates, dispersion, shrunk_factors

ITERATIONS = 200
CLOSE = 1e-7
LEAST_FACTOR = 1e-6
# Totals that must be left over, beside what is fitted, to tell scatter from season.
FEWEST_LEFT = 6


@dataclass(frozen=True)
class Seasons:
    """Factors of classes of days.

    Attributes
    ----------
    factors
        Rates relative to the usual day, shape (k,).
    counts
        Incidents that fall to each class, shape (k,).
    """

    factors: Rates
    counts: np.ndarray


def season_factors(totals: Totals) -> Seasons:
    """Fit the factors of all classes; those without covered days keep the prior.

    The scatter that factors are shrunk by is what is left beside factors that are not shrunk: to
    shrunk ones a season is scatter, and the more they are shrunk the more so.
    """
    series = _series(totals)
    free = _settled(totals, series, _unshrunk)
    scatter = _scatter(totals, series, free.mean)

    def shrunk(told: np.ndarray, usual: np.ndarray) -> Rates:
        return shrunk_factors(told, usual, scatter, float(totals.counts.sum()) / scatter)

    factors = _settled(totals, series, shrunk)
    told, _ = _told_and_usual(totals, series, factors.mean)
    return Seasons(factors, told)


def flat_scatter(totals: Totals) -> float:
    """Return the scatter of the totals where no class differs from another."""
    series = _series(totals)
    mean = _means(totals, series, np.ones(len(totals.names))).sum(axis=1)
    return dispersion(totals.counts, mean, int(series.max(initial=-1)) + 1)


def _settled(
    totals: Totals, series: np.ndarray, fit: Callable[[np.ndarray, np.ndarray], Rates]
) -> Rates:
    """Fit levels and factors in turn until they change no more."""
    fitted = fit(*_told_and_usual(totals, series, np.ones(len(totals.names))))
    for _ in range(ITERATIONS):
        before = fitted.mean
        fitted = fit(*_told_and_usual(totals, series, before))
        if np.abs(fitted.mean - before).max(initial=0.0) < CLOSE:
            break
    return fitted


def _unshrunk(told: np.ndarray, usual: np.ndarray) -> Rates:
    factors = np.where(usual > 0, told / np.where(usual > 0, usual, 1.0), 1.0)
    # A class without incidents stays possible, or it could never gain any.
    factors = np.maximum(factors, LEAST_FACTOR)
    return Rates(factors, factors)


def _told_and_usual(
    totals: Totals, series: np.ndarray, factors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what falls to each class, and would if all factors were 1, both of shape (k,)."""
    expected = _means(totals, series, factors)
    mean = expected.sum(axis=1)
    shares = expected / np.where(mean > 0, mean, 1.0)[:, None]
    told: np.ndarray = shares.T @ totals.counts
    usual: np.ndarray = expected.sum(axis=0) / factors
    return told, usual


def _scatter(totals: Totals, series: np.ndarray, factors: np.ndarray) -> float:
    """Return the scatter beside the factors; that beside none where few totals are left over."""
    fitted = int(series.max(initial=-1)) + int((totals.days.sum(axis=0) > 0).sum())
    if len(totals.counts) - fitted < FEWEST_LEFT:
        return flat_scatter(totals)
    return dispersion(totals.counts, _means(totals, series, factors).sum(axis=1), fitted)


def _means(totals: Totals, series: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Return the expected incidents of each unit and class, shape (u, k)."""
    counts = np.bincount(series, totals.counts)
    usual_days = np.bincount(series, totals.days @ factors)
    levels = counts / np.where(usual_days > 0, usual_days, 1.0)
    means: np.ndarray = levels[series][:, None] * totals.days * factors
    return means


def _series(totals: Totals) -> np.ndarray:
    """Give each unit the number of its source's year, shape (u,)."""
    key = totals.source * 100_000 + totals.year
    number: np.ndarray = np.unique(key, return_inverse=True)[1]
    return number
