"""Windows: the stretches of time, such as weeks, that forecasts are made for and judged by."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from planner.insight.exposure import merged
from planner.insight.risk.events import seconds

DAY_S = 86_400.0
WEEK_S = 7 * DAY_S
# A window counts as one of the records where they cover at least this share of it.
LEAST_COVERED = 0.5


@dataclass(frozen=True)
class Windows:
    """Stretches of time, each of which begins where the one before it ends.

    Attributes
    ----------
    edges
        Seconds since 1970, ascending, shape (w + 1,).
    covered
        The share of each that the records cover, shape (w,).
    """

    edges: np.ndarray
    covered: np.ndarray

    def __len__(self) -> int:
        return len(self.edges) - 1

    @property
    def days(self) -> np.ndarray:
        """Covered days of each, shape (w,)."""
        days: np.ndarray = np.diff(self.edges) / DAY_S * self.covered
        return days

    @property
    def counted(self) -> np.ndarray:
        """Whether the records cover enough of each to be judged by it, shape (w,)."""
        enough: np.ndarray = self.covered >= LEAST_COVERED
        return enough

    def of(self, moments: np.ndarray) -> np.ndarray:
        """Return the window of each moment, shape (n,); -1 before the first and after the last."""
        index = np.searchsorted(self.edges, moments, side="right") - 1
        inside: np.ndarray = np.where((index >= 0) & (index < len(self)), index, -1)
        return inside


def windows_between(edges: np.ndarray, periods: pd.DataFrame) -> Windows:
    """Make windows of given edges, and take what the records cover of each.

    Parameters
    ----------
    edges
        Seconds since 1970, ascending, shape (w + 1,).
    periods
        ``starts_at``, ``ends_at`` in UTC: what the records cover.
    """
    spans = merged(periods)
    starts, ends = seconds(spans["starts_at"]), seconds(spans["ends_at"])
    low, high = np.maximum.outer(edges[:-1], starts), np.minimum.outer(edges[1:], ends)
    inside = np.maximum(high - low, 0.0).sum(axis=1)
    return Windows(edges, inside / np.diff(edges))


def equal_edges(first: float, origin: float, length_s: float, after: int = 0) -> np.ndarray:
    """Return edges of equal windows around an origin, the first of them as short as need be.

    Parameters
    ----------
    first
        Where the first window begins.
    origin
        An edge: seconds since 1970.
    length_s
        Length of a window in seconds.
    after
        How many windows follow the origin.
    """
    before = max(int((origin - first) // length_s), 0)
    edges: np.ndarray = origin + np.arange(-before, after + 1) * length_s
    return np.concatenate([[first], edges]) if first < edges[0] else edges


def month_edges(first: float, last: float, time_zone: str) -> np.ndarray:
    """Return the local starts of the months from the one that holds ``first`` to after ``last``."""
    begin, end = (
        pd.Timestamp(at, unit="s", tz="UTC").tz_convert(time_zone).tz_localize(None)
        for at in (first, last)
    )
    months = pd.date_range(
        begin.normalize().replace(day=1), end + pd.DateOffset(months=1), freq="MS"
    )
    local = months.tz_localize(time_zone, ambiguous=True, nonexistent="shift_forward")
    starts = seconds(pd.Series(local.tz_convert("UTC")))
    whole = [edge for edge, following in pairwise(starts) if edge <= last]
    return np.array([*whole, starts[len(whole)]])
