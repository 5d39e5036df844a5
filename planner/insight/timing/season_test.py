"""Does the season help: totals that the factors have not seen, foretold with and without them.

Each calendar year is held out in turn. The factors of months, or weeks of term, are fitted to all
other years; then each month's or week's total of the year that was held out is foretold twice, by
its level with the factors and by its level alone. The level comes from the same year's other months
(the whole month of the unit is left out), so that a change of level from year to year is not taken
for a season. It is a test of whether seasons repeat, not a forecast: later years teach about
earlier ones. Both foretell a negative binomial and are scored by the logarithm of the chance that
they gave to what came (Gneiting and Raftery, 2007, "Strictly proper scoring rules, prediction, and
estimation"). Both have the scatter that the other years leave without a season: what is compared is
what they expect. (With a scatter of its own, the narrower forecast lost more in one year whose
level jumped than the season gained in eight.)

The interval of the mean paired difference takes the years as clusters, since what makes a year odd
makes all its months odd (the sandwich estimator with Student's t of years - 1 degrees of freedom;
Liang and Zeger, 1986, "Longitudinal data analysis using generalized linear models"). With few
years it is wide, as it should be.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from planner.insight.timing.season_factors import flat_scatter, season_factors
from planner.insight.timing.season_totals import Totals

Verdict = Literal["established", "likely", "not shown"]
FEWEST_UNITS = 26
FEWEST_YEARS = 3
NEARLY_1 = 1.0 + 1e-6


@dataclass(frozen=True)
class SeasonTest:
    """The mean gain in log score of a unit through knowing its season.

    Attributes
    ----------
    units, years
        How many months or weeks were foretold, and in how many calendar years.
    gain
        Mean difference of log scores, with the season minus without, in nats.
    low, high
        Its 95 % interval.
    low_80
        Lower end of its 80 % interval.
    """

    units: int
    years: int
    gain: float
    low: float
    high: float
    low_80: float

    @property
    def verdict(self) -> Verdict:
        """Say whether the season helps.

        ``"established"`` where the whole 95 % interval is above zero, over at least 26 units of
        at least 3 years; ``"likely"`` where the 80 % interval is; else ``"not shown"``.
        """
        if self.low > 0 and self.units >= FEWEST_UNITS and self.years >= FEWEST_YEARS:
            return "established"
        return "likely" if self.low_80 > 0 else "not shown"


def season_test(totals: Totals) -> SeasonTest | None:
    """Compare totals foretold with and without their season.

    Parameters
    ----------
    totals
        Of months or weeks.

    Returns
    -------
    SeasonTest or None
        None where fewer than two calendar years can be held out.
    """
    gains, years = [], []
    for year in np.unique(totals.year):
        held_out = totals.year == year
        learnt, tested = totals.chosen(~held_out), totals.chosen(held_out)
        if not learnt.counts.any():
            continue
        scatter = flat_scatter(learnt)
        with_season = _scores(tested, season_factors(learnt).factors.mean, scatter)
        without = _scores(tested, np.ones(len(totals.names)), scatter)
        gain = (with_season - without)[np.isfinite(with_season - without)]
        gains.append(gain)
        years.append(np.full(len(gain), year))
    if sum(len(gain) > 0 for gain in gains) < 2:
        return None
    return _paired(np.concatenate(gains), np.concatenate(years))


def _scores(totals: Totals, factors: np.ndarray, scatter: float) -> np.ndarray:
    """Return the log score of each unit, NaN where its year has no other month, shape (u,)."""
    usual_days = totals.days @ factors
    series = np.unique(totals.source, return_inverse=True)[1]
    same_month = np.unique(
        np.column_stack([totals.source, totals.month]), axis=0, return_inverse=True
    )[1].ravel()
    counts, days = (
        np.bincount(series, values)[series] - np.bincount(same_month, values)[same_month]
        for values in (totals.counts, usual_days)
    )
    told = days > 1e-9
    # Half an incident more: a year whose other months are empty does not rule incidents out.
    mean = np.where(told, (counts + 0.5) / np.where(told, days, 1.0) * usual_days, np.nan)
    return _log_chance(totals.counts, mean, scatter)


def _log_chance(counts: np.ndarray, mean: np.ndarray, scatter: float) -> np.ndarray:
    """Return the log probability of counts whose variance is ``scatter`` times their mean."""
    if scatter <= NEARLY_1:
        chance: np.ndarray = stats.poisson.logpmf(counts, mean)
        return chance
    chance = stats.nbinom.logpmf(counts, mean / (scatter - 1), 1 / scatter)
    return chance


def _paired(gains: np.ndarray, years: np.ndarray) -> SeasonTest:
    mean = float(gains.mean())
    cluster = np.unique(years, return_inverse=True)[1]
    number = int(cluster.max()) + 1
    sums = np.bincount(cluster, gains - mean)
    error = float(np.sqrt(number / (number - 1) * (sums**2).sum())) / len(gains)
    reach, reach_80 = (float(stats.t.ppf(at, number - 1)) * error for at in (0.975, 0.9))
    return SeasonTest(len(gains), number, mean, mean - reach, mean + reach, mean - reach_80)
