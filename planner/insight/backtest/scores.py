"""Scores of a forecast of where incidents fall, window by window.

Hit rate: the share of incidents in the best part of the area. PAI: hit rate over that part's share
(Chainey, Tompson and Uhlig, 2008, "The utility of hotspot mapping for predicting spatial patterns
of crime"). PEI*: hits over the most that any choice of so many cells could have hit (Hunt, 2016,
"Do crime hot spots move? Exploring the effects of the modifiable areal unit problem and modifiable
temporal unit problem on crime hot spot stability"). Log score: the mean logarithm of the share that
an incident's cell was given (Good, 1952, "Rational decisions"). Cells with equal shares can't be
ranked, so hits among them are taken in expectation over their order.
"""

import numpy as np

PERCENTAGES = (1, 2, 5, 10)
LEAST_SHARE = 1e-12


def best_number(percentage: float, cells: int) -> int:
    """Return how many cells the best so many per cent are, at least 1."""
    return max(1, round(percentage / 100 * cells))


def hits(shares: np.ndarray, fell: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the incidents in the best cells, by percentage, shape (percentages,).

    Parameters
    ----------
    shares
        What the forecast gave each cell, shape (c,).
    fell
        Cell of each incident, shape (n,).
    weight
        What each counts for, shape (n,).
    """
    given = shares[fell]
    found = np.zeros(len(PERCENTAGES))
    for place, percentage in enumerate(PERCENTAGES):
        number = best_number(percentage, len(shares))
        limit = np.partition(shares, len(shares) - number)[len(shares) - number]
        above, tied = int((shares > limit).sum()), int((shares == limit).sum())
        chance = np.where(given > limit, 1.0, np.where(given == limit, (number - above) / tied, 0))
        found[place] = (chance * weight).sum()
    return found


def log_scores(shares: np.ndarray, fell: np.ndarray, weight: np.ndarray) -> float:
    """Return the sum of the log scores of some incidents."""
    return float((weight * np.log(np.maximum(shares[fell], LEAST_SHARE))).sum())
