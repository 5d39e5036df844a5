"""The estate's profile over the hours of a week, and what it gives each part of a shift.

The profile is the product of a weekday and an hour-of-day profile, each shrunk to flat, to which
the observed cells are shrunk in turn: an estate with few records has a flat profile, one with many
its own.
"""

from collections.abc import Sequence

import numpy as np

from planner.clock import Shift, after
from planner.insight.timing.aoristic import HOURS

PSEUDO_COUNT = 20.0
BIN_S = 900


def hour_of_week_profile(weights: np.ndarray) -> np.ndarray:
    """Turn counts by hour of week into relative intensities with mean 1, shape (168,)."""
    total = weights.sum()
    if total == 0:
        return np.ones(HOURS)
    grid = weights.reshape(7, 24)
    expected = np.outer(_shrunk(grid.sum(axis=1)), _shrunk(grid.sum(axis=0)))
    cell = total / HOURS * expected
    factor = (grid + PSEUDO_COUNT * expected) / (cell + PSEUDO_COUNT * expected)
    profile: np.ndarray = (expected * factor).ravel()
    mean_one: np.ndarray = profile / profile.mean()
    return mean_one


def _shrunk(counts: np.ndarray) -> np.ndarray:
    flat = counts.mean()
    factors: np.ndarray = (counts + PSEUDO_COUNT) / (flat + PSEUDO_COUNT)
    return factors


def quarter_hours(shift: Shift) -> tuple[np.ndarray, np.ndarray]:
    """Return the hour of the week and the length in seconds of each quarter hour of a shift.

    Parameters
    ----------
    shift
        Local shift; its last part is shorter where it is no whole number of quarter hours.

    Returns
    -------
    hours, lengths
        Shape (bins,) each; lengths sum to the shift's.
    """
    starts = np.arange(0.0, shift.seconds, BIN_S)
    moments = [after(shift.starts_at, float(second)) for second in starts]
    hours = np.array([moment.weekday() * 24 + moment.hour for moment in moments])
    return hours, np.minimum(BIN_S, shift.seconds - starts)


def busiest_hours(weights: np.ndarray, count: int = 3) -> Sequence[int]:
    """Return the local hours of day with the most incidents, in order of the clock."""
    by_hour = weights.reshape(7, 24).sum(axis=0)
    return sorted(int(hour) for hour in np.argsort(-by_hour, kind="stable")[:count])
