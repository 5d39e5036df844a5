"""The months (or weeks, where records are short) in which places are compared with themselves."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.exposure import merged

FEWEST_MONTHS = 24
DAYS_A_MONTH = 365.25 / 12
EPOCH = pd.Timestamp(0, tz="UTC")


@dataclass(frozen=True)
class History:
    """Consecutive months or weeks, in local time.

    Attributes
    ----------
    edges
        Moments in UTC; one more than there are bins, shape (b + 1,).
    unit
        ``"month"`` or ``"week"``.
    time_zone
        The estate's.
    """

    edges: pd.DatetimeIndex
    unit: str
    time_zone: str

    @property
    def bins(self) -> int:
        """How many months or weeks there are."""
        return max(len(self.edges) - 1, 0)

    def bin_of(self, moments: pd.Series) -> np.ndarray:
        """Return the number of each moment's month or week, shape (n,); -1 outside of all."""
        found = self.edges.searchsorted(moments, side="right") - 1
        inside = moments.notna().to_numpy() & (found >= 0) & (found < self.bins)
        rows: np.ndarray = np.where(inside, found, -1)
        return rows

    def covered_days(self, periods: pd.DataFrame) -> np.ndarray:
        """Return how many days of each month or week some periods cover, shape (b,).

        Parameters
        ----------
        periods
            ``starts_at``, ``ends_at`` in UTC; they may overlap.
        """
        spans = merged(periods)
        edges = (self.edges - EPOCH) / pd.Timedelta(days=1)
        days = np.zeros(self.bins)
        for starts_at, ends_at in zip(spans["starts_at"], spans["ends_at"], strict=True):
            since, until = ((at - EPOCH) / pd.Timedelta(days=1) for at in (starts_at, ends_at))
            days += np.diff(np.clip(edges.to_numpy(), since, until))
        return days

    def starts(self) -> pd.DatetimeIndex:
        """Return the first moment of each, in local time."""
        return self.edges[:-1].tz_convert(self.time_zone)


def history_of(periods: pd.DataFrame, time_zone: str, *, months_only: bool = False) -> History:
    """Cut the covered time into months, or into weeks where it is shorter than two years.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at`` in UTC: what the records cover.
    time_zone
        The estate's: months are local.
    months_only
        Whether records are among them of which only the month is known.
    """
    if periods.empty:
        return History(pd.DatetimeIndex([], tz="UTC"), "month", time_zone)
    spans = merged(periods)
    first = spans["starts_at"].min().tz_convert(time_zone).tz_localize(None).normalize()
    last = spans["ends_at"].max().tz_convert(time_zone).tz_localize(None)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months_only or months >= FEWEST_MONTHS:
        edges, unit = pd.date_range(first.replace(day=1), periods=months + 2, freq="MS"), "month"
    else:
        weeks = int((last - first) / pd.Timedelta(days=7)) + 1
        edges, unit = pd.date_range(first, periods=weeks + 1, freq="7D"), "week"
    local = edges.tz_localize(
        time_zone, ambiguous=np.ones(len(edges), dtype=bool), nonexistent="shift_forward"
    )
    utc = local.tz_convert("UTC")
    # A moment at which the last period ends starts no month of its own.
    if len(utc) > 2 and utc[-2] >= spans["ends_at"].max():
        utc = utc[:-1]
    return History(utc, unit, time_zone)
