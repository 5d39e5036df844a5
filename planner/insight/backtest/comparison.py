"""Paired differences between two forecasts, with an interval.

One week's figure is noise, and weeks near one another are alike: windows are drawn with replacement
in runs of four weeks (moving blocks; Kuensch, 1989, "The jackknife and the bootstrap for general
stationary observations"), both forecasts on the same windows, and the central 95 % of the
redrawn mean differences is the interval. Of few windows the runs are shorter, so that there are at
least four to draw from; of one window nothing is known but the bounds.
"""

from dataclasses import dataclass

import numpy as np

DRAWS = 4_000
TAILS = (2.5, 97.5)
FEWEST_RUNS = 4


@dataclass(frozen=True)
class Difference:
    """A mean difference an incident, and its 95 % interval."""

    mean: float
    low: float
    high: float


def paired_difference(
    difference: np.ndarray, counts: np.ndarray, block: int, seed: int, most: float
) -> Difference:
    """Judge differences of windows.

    Parameters
    ----------
    difference
        Of each window, summed over its incidents, shape (w,).
    counts
        Incidents of each window, shape (w,).
    block
        How many windows are drawn in a run.
    seed
        Of the draws.
    most
        What an incident's difference can be at most, either way.
    """
    total, windows = float(counts.sum()), int((counts > 0).sum())
    if windows < 2:
        mean = float(difference.sum()) / total if total > 0 else 0.0
        return Difference(mean, -most, most)
    windows = len(difference)
    block = max(1, min(block, windows // FEWEST_RUNS))
    starts = np.random.default_rng(seed).integers(
        0, windows - block + 1, size=(DRAWS, -(-windows // block))
    )
    # Sums over each run, so that the draws need not be written out.
    gain, count = (
        np.convolve(column, np.ones(block), mode="valid") for column in (difference, counts)
    )
    drawn = gain[starts].sum(axis=1) / np.maximum(count[starts].sum(axis=1), 1e-12)
    low, high = np.percentile(drawn, TAILS)
    return Difference(float(difference.sum()) / total, float(low), float(high))
