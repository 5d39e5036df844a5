"""The estate's total: how much to expect of the next window, wherever it falls.

Model
-----
A window v of d(v) covered days has y(v) incidents. With a season factor s(v) and a memory of
half-life h the next window w is expected to have

    m(w) = r d(w) s(w),   r = (sum_v f(v) y(v) + c q) / (sum_v f(v) k(v) d(v) s(v) + c),
    f(v) = 2^(-age(v) / h),

where k(v) is the share of window v's incidents that is usually known by now (reports come late),
q is the plain rate of the whole history and c = 7 days steadies a short one. The season is
what the same weeks of earlier years had beside those years as a whole, shrunk to 1 by 20
pseudo-counts, or is left out (s = 1). Of these forecasts the one with the least Poisson deviance in
the windows so far (those a year ago at half weight) is issued; ties go to the longest memory.
"""

from dataclasses import dataclass

import numpy as np

from planner.insight.risk.windows import DAY_S, WEEK_S, Windows

HALF_LIVES = (np.inf, 365.0, 91.0, 28.0)
SEASON_PSEUDO_COUNT = 20.0
STEADY_DAYS = 7.0
YEAR_S = 365.25 * DAY_S
NEAR_WEEKS = 2.5
FORGOTTEN_DAYS = 365.0
# Until so many windows were forecast, the plain rate of the whole history is issued.
FEWEST_JUDGED = 13
# Seasons are told from records of most of a year.
FEWEST_DAYS = 300.0


@dataclass(frozen=True)
class Level:
    """What the next window is expected to hold.

    Attributes
    ----------
    expected
        Incidents in the window.
    daily
        Incidents on a mean day of the year, without the season.
    season
        The season's factor, 1 where it is left out.
    half_life
        Of the memory that was chosen, in days.
    """

    expected: float
    daily: float
    season: float
    half_life: float


class Totals:
    """Forecasts of the total of each window in turn.

    Parameters
    ----------
    windows
        All windows, also those to come.
    """

    def __init__(self, windows: Windows):
        self._days = windows.days
        self._middles = (windows.edges[:-1] + windows.edges[1:]) / 2
        self._season = np.ones(len(windows))
        self._issued = np.full((2, len(HALF_LIVES), len(windows)), np.nan)

    def expect(self, known: np.ndarray, complete: np.ndarray, window: int) -> Level:
        """Forecast a window.

        Parameters
        ----------
        known
            What is known of each window's total when it begins, shape (w,); those of windows to
            come are not looked at.
        complete
            The share of each past window's total that is usually known by then, shape (window,).
        window
            The window to forecast; those before it were asked for in turn.
        """
        past, counts = np.arange(window), known[:window]
        self._season[window] = self.season(known, window, float(self._middles[window]))
        age = (self._middles[window] - self._middles[past]) / DAY_S
        days = self._days[past] * complete
        plain = counts.sum() / max(days.sum(), 1.0)
        rates = np.empty((2, len(HALF_LIVES)))
        for seasonal in (0, 1):
            season = self._season[past] if seasonal else np.ones(window)
            for row, half_life in enumerate(HALF_LIVES):
                left = 0.5 ** (age / half_life)
                told = (left * counts).sum() + STEADY_DAYS * plain
                rates[seasonal, row] = told / ((left * days * season).sum() + STEADY_DAYS)
        length = self._days[window]
        self._issued[0, :, window] = rates[0] * length
        self._issued[1, :, window] = rates[1] * length * self._season[window]
        seasonal, row = self._best(counts, complete, window)
        season_now = float(self._season[window]) if seasonal else 1.0
        rate = float(rates[seasonal, row])
        return Level(rate * length * season_now, rate, season_now, HALF_LIVES[row])

    def season(self, known: np.ndarray, window: int, moment: float) -> float:
        """Compare the same weeks of earlier years with the whole of those years.

        Parameters
        ----------
        known
            As for ``expect``.
        window
            How many windows are past.
        moment
            Seconds since 1970, whose season is wanted.
        """
        counts = known[:window]
        age = moment - self._middles[:window]
        years = np.round(age / YEAR_S)
        same = (years >= 1) & (np.abs(age - years * YEAR_S) <= NEAR_WEEKS * WEEK_S)
        # Only years that the records hold on both sides of the season can be compared.
        around = (age >= YEAR_S / 2) & (years >= 1)
        days, near_days = self._days[:window][around].sum(), self._days[:window][same].sum()
        if days < FEWEST_DAYS or near_days <= 0:
            return 1.0
        expected = counts[around].sum() / days * near_days
        seen = counts[same].sum()
        return float((seen + SEASON_PSEUDO_COUNT) / (expected + SEASON_PSEUDO_COUNT))

    def _best(self, counts: np.ndarray, complete: np.ndarray, window: int) -> tuple[int, int]:
        usable = self._days[:window] > 0
        usable &= np.isfinite(self._issued[0, 0, :window])
        if usable.sum() < FEWEST_JUDGED:
            return 0, 0
        seen = counts[usable]
        made = np.maximum((self._issued[:, :, :window] * complete)[:, :, usable], 1e-9)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(seen > 0, seen * np.log(seen / made), 0.0)
        deviance = logs - (seen - made)
        age = (self._middles[window] - self._middles[:window][usable]) / DAY_S
        summed = (deviance * 0.5 ** (age / FORGOTTEN_DAYS)).sum(axis=2)
        seasonal, row = np.unravel_index(int(summed.argmin()), summed.shape)
        return int(seasonal), int(row)
