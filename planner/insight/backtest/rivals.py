"""What the forecast is shown beside: the counts, a kernel density, and the best possible."""

import numpy as np

from planner.insight.backtest.scores import LEAST_SHARE
from planner.insight.risk.count import counted_shares
from planner.insight.risk.memories import EVER, NEXT_DOOR, WIDER, Memory
from planner.insight.risk.rolling import Outlook
from planner.insight.risk.windows import DAY_S, Windows

COUNT, COUNT_365, DECAYED_365 = "count", "count_365", "decayed_365"
KERNEL, MIXTURE, CASCADE = "kernel_density", "mixture", "cascade"
MODEL, POLICY, BEST = "model", "policy", "best_possible"
ZONE_COUNT = "count_by_profile"
YEAR_DAYS = 365.0
KERNEL_M = NEXT_DOOR


def rival_shares(
    outlook: Outlook, windows: Windows, memories: tuple[Memory, ...]
) -> dict[str, np.ndarray]:
    """Return each forecast's share of each zone for the window of an outlook, shape (z,) each.

    The counts are drawn to the estate's mean as the whole-history count is. The kernel density is
    Gaussian, with a deviation of 150 m, over the counts of the whole history.
    """
    window = outlook.window
    year = windows.edges[:window] >= windows.edges[window] - YEAR_DAYS * DAY_S - 1.0
    last_year = outlook.by_window[:window][year].sum(axis=0, dtype=float)
    kernel = outlook.parts[memories.index(Memory(WIDER, EVER, KERNEL_M))]
    return {
        COUNT: outlook.count,
        COUNT_365: counted_shares(last_year),
        DECAYED_365: counted_shares(outlook.decayed),
        KERNEL: np.maximum(kernel, LEAST_SHARE),
        MIXTURE: outlook.mixture,
        CASCADE: outlook.cascade,
        MODEL: outlook.model,
        POLICY: outlook.shares,
    }


def best_shares(fell: np.ndarray, weight: np.ndarray, zones: int) -> np.ndarray:
    """Return where incidents did fall, as shares, shape (z,): what no forecast can beat."""
    counts = np.bincount(fell, weight, minlength=zones)
    total = counts.sum()
    return counts / total if total > 0 else np.full(zones, 1.0 / zones)
