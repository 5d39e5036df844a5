"""Shares resampled by blocks of time, with an interval that few blocks make as wide as it must be.

Incidents of one week are alike, so blocks of time are drawn with replacement, all choices on the
same blocks (Efron and Tibshirani, 1993, "An introduction to the bootstrap"). The interval's
percentiles are moved outwards for few blocks, as far as Student's t lies beyond the normal
(Hesterberg, 2015, "What teachers should know about the bootstrap", there "expanded percentiles").
"""

import numpy as np
from scipy.stats import norm, t

DRAWS = 2_000
LEVEL = 0.95


def resampled_shares(weights: np.ndarray, hits: np.ndarray, seed: int) -> np.ndarray:
    """Draw blocks anew many times and return what each choice then saw, shape (draws, choices).

    Parameters
    ----------
    weights
        What each block's incidents weigh, shape (b,), all positive.
    hits
        How much of it each choice saw, shape (b, choices).
    seed
        Of the draws.
    """
    blocks = len(weights)
    times = np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1 / blocks), DRAWS)
    shares: np.ndarray = (times @ hits) / (times @ weights)[:, None]
    return shares


def interval(drawn: np.ndarray, blocks: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of each column of draws, shape (columns,) each.

    Parameters
    ----------
    drawn
        Shape (draws, columns).
    blocks
        How many blocks were drawn from, at least 2.
    """
    tail = (1 - LEVEL) / 2
    wide = np.sqrt(blocks / (blocks - 1)) * t.ppf(tail, blocks - 1)
    low, high = np.quantile(drawn, [norm.cdf(wide), norm.cdf(-wide)], axis=0)
    return low, high
