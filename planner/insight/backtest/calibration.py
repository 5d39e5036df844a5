"""Whether counts scatter as the forecasts said: how often they lie in the central part.

Counts near zero make plain coverage meaningless: an interval from 0 to 0 holds nearly all. The
probability integral transform, randomised within each count's step, is uniform where a forecast is
calibrated (Czado, Gneiting and Held, 2009, "Predictive model assessment for count data"). Here its
expectation over the randomisation is taken: each count is in the central part to the share of its
step that lies there, so that no figure hangs on a seed.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planner.insight.risk.spread import at_most

CENTRAL = (50, 80, 95)
BINS = 10


@dataclass(frozen=True)
class Calibration:
    """How the counts lay in the forecasts of them.

    Attributes
    ----------
    counted
        How many counts were judged.
    central
        Share of the counts in each central part, by its per cent: (50, 80, 95).
    low_tail, high_tail
        Share below and above the central 80 %; 0.1 each where calibrated.
    bins
        Share in each tenth of the transform, shape (10,).
    """

    counted: int
    central: tuple[float, ...]
    low_tail: float
    high_tail: float
    bins: tuple[float, ...]


def calibration_of(low: np.ndarray, high: np.ndarray) -> Calibration:
    """Judge the steps of counts.

    Parameters
    ----------
    low, high
        Probability of fewer, and of at most so many, under the forecast; shape (n,).
    """
    if not len(low):
        return Calibration(0, (0.0,) * len(CENTRAL), 0.0, 0.0, (0.0,) * BINS)
    tails = [(100 - part) / 200 for part in CENTRAL]
    central = tuple(_inside(low, high, tail, 1 - tail) for tail in tails)
    edges = np.linspace(0, 1, BINS + 1)
    bins = tuple(_inside(low, high, a, b) for a, b in pairwise(edges))
    return Calibration(
        len(low), central, _inside(low, high, 0.0, 0.1), _inside(low, high, 0.9, 1.0), bins
    )


def _inside(low: np.ndarray, high: np.ndarray, begin: float, end: float) -> float:
    shared = np.clip(np.minimum(high, end) - np.maximum(low, begin), 0, None)
    # So far out in a tail that its step has no width: all of the count lies there.
    point = high <= low
    there = (low >= begin) & ((low < end) | (end >= 1.0))
    return float(np.where(point, there, shared / np.where(point, 1.0, high - low)).mean())


def steps(
    counts: np.ndarray, means: np.ndarray, dispersion: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the step of each count under its negative binomial forecast, shape (n,) each."""
    return at_most(counts - 1, means, dispersion), at_most(counts, means, dispersion)
