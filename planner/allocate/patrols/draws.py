"""Uncertain risk: what plans cover when the expected need is drawn anew from its uncertainty.

Each zone's need is multiplied by a gamma variable of mean 1 whose variance is the dispersion that
the forecast found for it: the part of the scatter of its counts that chance alone does not make.
Zones are drawn independently. A plan is judged by its mean over the draws and by the mean of the
worst tenth of them (Rockafellar and Uryasev, 2000, "Optimization of conditional value-at-risk").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.allocate.patrols.pool import added_by
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.timing import Tour
from planner.allocate.patrols.worth import Worth

TENTH = 0.1
LEAST_DISPERSION, MOST_DISPERSION = 1e-6, 4.0


@dataclass(frozen=True)
class OverDraws:
    """What a plan covers over draws: the mean, and the mean of the worst tenth."""

    mean: float
    worst_tenth: float


def draw_factors(dispersion: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Draw by how much the need of each zone differs from what is expected.

    Parameters
    ----------
    dispersion
        Of each zone, shape (z,): the variance of its factor.
    count, seed
        How many draws, and their seed.

    Returns
    -------
    numpy.ndarray
        Shape (count, z), of mean 1 in each column.
    """
    spread = np.clip(dispersion, LEAST_DISPERSION, MOST_DISPERSION)
    generator = np.random.default_rng(seed)
    factors: np.ndarray = generator.gamma(1 / spread, spread, (count, len(spread)))
    return factors


def covered_by_zone(
    problem: Problem, tours: Sequence[Tour], worth: Worth, zones: int
) -> np.ndarray:
    """Return what a plan covers of each zone, shape (z,)."""
    steps = [step for tour in tours for step in tour.visits]
    if not steps:
        return np.zeros(zones)
    adds = added_by(problem, worth, np.zeros(len(steps), dtype=int), steps)
    summed: np.ndarray = np.bincount([step.zone for step in steps], adds, minlength=zones)
    return summed


def over_draws(covered: np.ndarray, expected: np.ndarray, factors: np.ndarray) -> OverDraws:
    """Judge a plan over draws, as shares of what each draw expects in all.

    Parameters
    ----------
    covered, expected
        Of each zone, shape (z,).
    factors
        From :func:`draw_factors`, shape (d, z).
    """
    total = np.maximum(factors @ expected, 1e-300)
    share = (factors @ covered) / total
    return OverDraws(float(share.mean()), worst_tenth(share))


def worst_tenth(values: np.ndarray) -> float:
    """Return the mean of the lowest tenth of values, at least one."""
    count = max(1, int(np.ceil(TENTH * len(values))))
    return float(np.sort(values)[:count].mean())
