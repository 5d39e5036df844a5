"""How much time the records cover: rates divide by this, never by the calendar."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

DAY_S = 86_400.0


def merged(periods: pd.DataFrame) -> pd.DataFrame:
    """Join overlapping periods.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at`` in UTC, in any order.

    Returns
    -------
    pandas.DataFrame
        The same columns, disjoint, in order of time.
    """
    ordered = periods.sort_values(["starts_at", "ends_at"])
    reach = ordered["ends_at"].cummax()
    fresh = ordered["starts_at"] > reach.shift()
    grouped = ordered.groupby(fresh.cumsum())
    joined = grouped.agg(starts_at=("starts_at", "min"), ends_at=("ends_at", "max"))
    return joined.reset_index(drop=True)


def covered_days(
    periods: pd.DataFrame,
    starts_at: pd.Timestamp | None = None,
    ends_at: pd.Timestamp | None = None,
) -> float:
    """Return how many days the periods cover, between two moments where given.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at`` in UTC; they may overlap.
    starts_at, ends_at
        Bounds, or None for none.
    """
    if periods.empty:
        return 0.0
    disjoint = merged(periods)
    starts = disjoint["starts_at"].clip(lower=starts_at) if starts_at else disjoint["starts_at"]
    ends = disjoint["ends_at"].clip(upper=ends_at) if ends_at else disjoint["ends_at"]
    seconds = (ends - starts).dt.total_seconds().to_numpy()
    return float(np.maximum(seconds, 0.0).sum() / DAY_S)


def covered_days_by_zone(
    periods: pd.DataFrame, areas: Mapping[str, np.ndarray], zones: int
) -> np.ndarray:
    """Return how many days the periods cover each zone.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at`` in UTC and, where not all cover the whole estate, ``area``.
    areas
        Which zones each area covers: booleans of shape (zones,); an area that is not among them
        covers all.
    zones
        Number of zones.

    Returns
    -------
    numpy.ndarray
        Days, shape (zones,).
    """
    if periods.empty or "area" not in periods or not periods["area"].isin(areas).any():
        return np.full(zones, covered_days(periods))
    everywhere = np.ones(zones, dtype=bool)
    covers = np.array([areas.get(area, everywhere) for area in periods["area"]])
    patterns, pattern_of_zone = np.unique(covers, axis=1, return_inverse=True)
    days = np.array([covered_days(periods[pattern]) for pattern in patterns.T])
    by_zone: np.ndarray = days[pattern_of_zone.ravel()]
    return by_zone
