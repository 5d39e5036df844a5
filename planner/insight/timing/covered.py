"""How much of each local day, and of each hour of the week, the records cover."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.exposure import merged
from planner.insight.timing.aoristic import HOURS

BIN_S = 900
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class CoveredDays:
    """Local days, one after another, and how much of each is covered.

    Attributes
    ----------
    days
        Local dates as naive midnights, shape (d,).
    covered
        Share of the day that the records cover, 0 to 1, shape (d,); a day on which the clocks
        change counts as one day.
    """

    days: pd.DatetimeIndex
    covered: np.ndarray

    def row_of(self, moments: pd.Series, time_zone: str) -> np.ndarray:
        """Return the row of each moment's (UTC) local day; -1 where none of it is covered.

        Returns
        -------
        numpy.ndarray
            Shape (n,).
        """
        if not len(self.days):
            return np.full(len(moments), -1)
        local = pd.DatetimeIndex(moments).tz_convert(time_zone).tz_localize(None).normalize()
        row = np.floor((local - self.days[0]) / DAY).to_numpy(float)
        within = (row >= 0) & (row < len(self.days))
        row = np.where(within, row, 0).astype(int)
        found: np.ndarray = np.where(within & (self.covered[row] > 0), row, -1)
        return found


def covered_by_day(periods: pd.DataFrame, time_zone: str) -> CoveredDays:
    """Say how much of each local day the periods cover.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at`` in UTC; they may overlap.
    time_zone
        The zone whose days are meant.
    """
    if periods.empty:
        return CoveredDays(pd.DatetimeIndex([]), np.zeros(0))
    first, last = (
        moment.tz_convert(time_zone).tz_localize(None).normalize()
        for moment in (periods["starts_at"].min(), periods["ends_at"].max())
    )
    days = pd.date_range(first, last + DAY, freq="D")
    midnights = days.tz_localize(
        time_zone, ambiguous=np.ones(len(days), dtype=bool), nonexistent="shift_forward"
    ).tz_convert("UTC")
    seconds = _covered_seconds(periods, midnights)
    return CoveredDays(days[:-1], seconds / np.diff(_epoch_s(midnights)))


def covered_hours_of_week(periods: pd.DataFrame, time_zone: str) -> np.ndarray:
    """Return how many hours the periods cover of each hour of the week.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at`` in UTC; they may overlap.
    time_zone
        The zone whose hours are meant. An hour that the clocks skip is not covered on that day,
        one that happens twice is covered for two hours.

    Returns
    -------
    numpy.ndarray
        Hours, shape (168,); hour 0 is Monday 00:00 to 01:00 local time.
    """
    if periods.empty:
        return np.zeros(HOURS)
    # Clocks stand off UTC by quarter hours in places, so quarter hours are counted.
    edges = pd.date_range(
        periods["starts_at"].min().floor("15min"), periods["ends_at"].max().ceil("15min"),
        freq="15min",
    )  # fmt: skip
    if len(edges) < 2:
        return np.zeros(HOURS)
    local = edges[:-1].tz_convert(time_zone)
    hour = (local.day_of_week * 24 + local.hour).to_numpy(int)
    hours: np.ndarray = np.bincount(hour, _covered_seconds(periods, edges) / 3600, HOURS)
    return hours


def _covered_seconds(periods: pd.DataFrame, edges: pd.DatetimeIndex) -> np.ndarray:
    """Return the seconds covered between each two edges in order, shape (edges - 1,)."""
    disjoint = merged(periods)
    starts, ends = _epoch_s(disjoint["starts_at"]), _epoch_s(disjoint["ends_at"])
    lengths = np.cumsum(ends - starts)
    knots = np.column_stack([starts, ends]).ravel()
    until = np.column_stack([np.append(0.0, lengths[:-1]), lengths]).ravel()
    seconds: np.ndarray = np.diff(np.interp(_epoch_s(edges), knots, until))
    return seconds


def _epoch_s(moments: pd.Series | pd.DatetimeIndex) -> np.ndarray:
    seconds: np.ndarray = pd.DatetimeIndex(moments).as_unit("us").asi8 / 1e6
    return seconds
