"""Near repeats: whether incidents follow one another closely in space and time, and where next.

The test is Knox's (1964, "The detection of space-time interactions") with bands as Johnson et al.
(2007, "Space-time patterns of risk: a cross national assessment of residential burglary
victimization") and Ratcliffe's Near Repeat Calculator have them: pairs of incidents are counted by
distance and by days between them, and compared with the counts when the days are dealt out anew
among the incidents, which keeps where and when each kind of place and season has its incidents.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from planner.insight.hotspots.chance import discovery_rates
from planner.insight.hotspots.clusters import SAME_PLACE_M

DISTANCES_M = (0.0, 100.0, 200.0, 400.0)
DAYS = ((0, 7), (8, 14), (15, 28))
PERMUTATIONS = 499
MOST_PAIRS = 4_000_000
ONE_DAY = pd.Timedelta(days=1)
FEWEST_DATED = 2
CHUNK = 500
# Points within some metres are one place.
LIMITS_M = np.maximum(DISTANCES_M, SAME_PLACE_M)
LAST_DAYS = np.array([last for _, last in DAYS])
SHAPE = (len(DISTANCES_M), len(DAYS))


@dataclass(frozen=True)
class Dated:
    """Incidents whose day is known.

    Attributes
    ----------
    points
        Metres, shape (n, 2), in order of days.
    days
        Days since 1 January 1970, local, shape (n,).
    undated
        How many incidents are left out since only their month or their report is known, or their
        interval is longer than a day.
    older
        How many of the oldest are left out since there are too many pairs to hold in memory.
    """

    points: np.ndarray
    days: np.ndarray
    undated: int
    older: int = 0


@dataclass(frozen=True)
class NearRepeats:
    """What the test found, by distance (rows) and days (columns).

    Attributes
    ----------
    distances_m
        Greatest distance of each row, 0 for the same place.
    days
        First and last day of each column.
    observed, expected
        Pairs, and their mean over the permutations, shape (d, t).
    p, q
        Share of permutations with as many pairs or more, never 0, and the same after the false
        discovery rate over all cells, shape (d, t).
    permutations, seed
        How many, and what they were drawn from.
    dated
        The incidents that were used.
    """

    distances_m: tuple[float, ...]
    days: tuple[tuple[int, int], ...]
    observed: np.ndarray
    expected: np.ndarray
    p: np.ndarray
    q: np.ndarray
    permutations: int
    seed: int
    dated: Dated

    @property
    def ratio(self) -> np.ndarray:
        """Observed over expected pairs, shape (d, t); 1 where none are expected or observed."""
        one = np.ones(self.observed.shape)
        np.divide(self.observed, self.expected, out=one, where=self.expected > 0)
        return one


def dated_incidents(incidents: pd.DataFrame, time_zone: str) -> Dated:
    """Take the incidents whose place and day are known.

    Parameters
    ----------
    incidents
        ``x``, ``y`` (metres), ``occurred_from``, ``occurred_to`` (UTC), ``time_known``.
    time_zone
        The zone whose days are meant; the day is that of the middle of the interval.
    """
    length = incidents["occurred_to"] - incidents["occurred_from"]
    known = (incidents["time_known"] == "interval") & (length <= ONE_DAY)
    known &= np.isfinite(incidents[["x", "y"]].to_numpy(float)).all(axis=1)
    used = incidents[known]
    middle = used["occurred_from"] + length[known] / 2
    local = middle.dt.tz_convert(time_zone).dt.tz_localize(None).dt.floor("D")
    days = ((local - pd.Timestamp("1970-01-01")) // ONE_DAY).to_numpy(int)
    order = np.argsort(days, kind="stable")
    points = used[["x", "y"]].to_numpy(float)
    return Dated(points[order], days[order], int((~known).sum()))


def knox_test(
    dated: Dated, seed: int, permutations: int = PERMUTATIONS, most_pairs: int = MOST_PAIRS
) -> NearRepeats:
    """Test whether incidents close in space are close in time more often than by chance.

    Parameters
    ----------
    dated
        The incidents.
    seed
        For the permutations of the days.
    permutations
        How many; p is (1 + as many or more) / (1 + permutations).
    most_pairs
        Pairs to hold in memory, at about 20 bytes each. Held are those close in space or those
        close in time, whichever are fewer; where both are more, the oldest incidents are left out
        and counted.
    """
    dated, pairs = _within_memory(dated, most_pairs)
    number = len(dated.days)
    observed = pairs.counts(np.arange(number))
    random = np.random.default_rng(seed)
    total, as_many = np.zeros(SHAPE), np.zeros(SHAPE)
    for _ in range(permutations):
        dealt = pairs.counts(random.permutation(number))
        total += dealt
        as_many += dealt >= observed
    p = (1 + as_many) / (1 + permutations)
    q = discovery_rates(p.ravel()).reshape(SHAPE)
    expected = total / max(permutations, 1)
    return NearRepeats(DISTANCES_M, DAYS, observed, expected, p, q, permutations, seed, dated)


@dataclass(frozen=True)
class _NearPairs:
    """Pairs close in space, whose days are dealt out anew.

    ``one``, ``other`` and ``band`` (of distance) have shape (k,).
    """

    days: np.ndarray
    one: np.ndarray
    other: np.ndarray
    band: np.ndarray

    def counts(self, order: np.ndarray) -> np.ndarray:
        """Count pairs by distance and days, the days in a new order; shape (d, t)."""
        days = self.days[order]
        apart = np.abs(days[self.one] - days[self.other])
        close = np.flatnonzero(apart <= DAYS[-1][1])
        return _table(self.band[close], np.searchsorted(LAST_DAYS, apart[close]))


@dataclass(frozen=True)
class _SoonPairs:
    """Pairs close in time, whose places are dealt out anew.

    ``one``, ``other`` and ``band`` (of days) have shape (k,).
    """

    points: np.ndarray
    one: np.ndarray
    other: np.ndarray
    band: np.ndarray

    def counts(self, order: np.ndarray) -> np.ndarray:
        """Count pairs by distance and days, the places in a new order; shape (d, t)."""
        x, y = self.points[order].T
        square = (x[self.one] - x[self.other]) ** 2 + (y[self.one] - y[self.other]) ** 2
        close = np.flatnonzero(square <= LIMITS_M[-1] ** 2)
        return _table(np.searchsorted(LIMITS_M**2, square[close]), self.band[close])


def _within_memory(dated: Dated, most: int) -> tuple[Dated, _NearPairs | _SoonPairs]:
    """Return the incidents used, and their pairs close in space or in time."""
    while True:
        number = len(dated.days)
        near, soon = _near_count(dated.points), _soon_count(dated.days)
        if min(near, soon) <= most or number <= FEWEST_DATED:
            break
        kept = min(int(number * np.sqrt(most / min(near, soon))), number - 1)
        drop = number - max(kept, FEWEST_DATED)
        dated = Dated(
            dated.points[drop:], dated.days[drop:], dated.undated, dated.older + drop
        )  # fmt: skip
    if near <= soon:
        return dated, _near_pairs(dated)
    one, other = _soon(dated.days)
    band = np.searchsorted(LAST_DAYS, dated.days[other] - dated.days[one])
    return dated, _SoonPairs(dated.points, one, other, band.astype(np.int8))


def _near_count(points: np.ndarray) -> int:
    if not len(points):
        return 0
    tree = cKDTree(points)
    return (int(tree.count_neighbors(tree, LIMITS_M[-1])) - len(points)) // 2


def _soon_count(days: np.ndarray) -> int:
    ahead = np.searchsorted(days, days + DAYS[-1][1], side="right")
    return int((ahead - np.arange(len(days)) - 1).sum())


def _soon(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of incidents that are at most the last days apart."""
    ahead = np.searchsorted(days, days + DAYS[-1][1], side="right") - np.arange(len(days)) - 1
    one = np.repeat(np.arange(len(days)), ahead)
    return one, one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(ahead) - ahead, ahead)


def _near_pairs(dated: Dated) -> _NearPairs:
    """Find the pairs within the greatest distance, some rows at a time."""
    points = dated.points
    none = np.zeros(0, dtype=int)
    found, bands = [np.array([none, none])], [none.astype(np.int8)]
    tree = cKDTree(points.reshape(-1, 2))
    for first in range(0, len(points), CHUNK):
        near = tree.query_ball_point(points[first : first + CHUNK], LIMITS_M[-1])
        size = np.array([len(rows) for rows in near])
        one = np.repeat(np.arange(first, first + len(near)), size)
        other = np.concatenate(near).astype(int)
        later = other > one
        one, other = one[later], other[later]
        metres = np.hypot(*(points[one] - points[other]).T)
        found.append(np.array([one, other]))
        bands.append(np.searchsorted(LIMITS_M, metres).clip(max=SHAPE[0] - 1).astype(np.int8))
    one, other = np.concatenate(found, axis=1)
    return _NearPairs(dated.days.astype(np.int32), one, other, np.concatenate(bands))


def _table(row: np.ndarray, column: np.ndarray) -> np.ndarray:
    cell = row.astype(int) * SHAPE[1] + column
    return np.bincount(cell, minlength=SHAPE[0] * SHAPE[1]).reshape(SHAPE).astype(float)
