"""How widely counts scatter around what is expected: negative binomial, judged by past forecasts.

Model
-----
A count of mean m and dispersion d has the negative binomial law of mean m and variance m + d m^2
(a Poisson count of gamma-distributed mean; d = 0 is Poisson). The dispersion maximises the
likelihood of past counts under the means that were forecast for them.

Forecasts of counts are judged by their probability integral transform, randomised within the step
of each count: uniform where the forecasts are calibrated (Czado, Gneiting and Held, 2009,
"Predictive model assessment for count data").
"""

import numpy as np
from scipy import special, stats

LEAST, MOST, TRIED = 1e-3, 20.0, 25
NO_SPREAD = 1e-9


def fitted_dispersion(counts: np.ndarray, means: np.ndarray) -> float:
    """Return the likeliest dispersion of past counts; 0 where they scatter no more than Poisson.

    Parameters
    ----------
    counts, means
        What was seen, and what was forecast for it, shape (n,).
    """
    usable = means > 0
    seen, mean = counts[usable], means[usable]
    if not len(seen):
        return 0.0
    tried = np.geomspace(LEAST, MOST, TRIED)
    likely = np.array([_log_likelihood(seen, mean, dispersion) for dispersion in tried])
    best = int(likely.argmax())
    poisson = float((seen * np.log(mean) - mean - special.gammaln(seen + 1)).sum())
    if likely[best] <= poisson:
        return 0.0
    if 0 < best < TRIED - 1:  # Between the candidates: the top of a parabola in the logarithm.
        left, top, right = likely[best - 1 : best + 2]
        step = np.log(tried[1] / tried[0])
        bend = left - 2 * top + right
        shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
        return float(tried[best] * np.exp(np.clip(shift, -1, 1) * step))
    return float(tried[best])


def _log_likelihood(seen: np.ndarray, mean: np.ndarray, dispersion: float) -> float:
    size = 1.0 / dispersion
    told = -size * np.log1p(mean / size).sum()
    # Most counts are 0, and all else of theirs is 0 too.
    some = seen > 0
    count, expected = seen[some], mean[some]
    told += (count * np.log(expected / (expected + size))).sum()
    told += (special.gammaln(count + size) - special.gammaln(count + 1)).sum()
    return float(told - len(count) * special.gammaln(size))


def at_most(counts: np.ndarray, means: np.ndarray, dispersion: float | np.ndarray) -> np.ndarray:
    """Return the probability of at most so many, shape as broadcast; 0 below none."""
    size, chance = _law(means, dispersion)
    whole = np.floor(counts)
    below = special.betainc(size, np.maximum(whole, 0) + 1, chance)
    reached: np.ndarray = np.where(whole < 0, 0.0, np.where(np.asarray(means) > 0, below, 1.0))
    return reached


def central_interval(
    means: np.ndarray, dispersion: float | np.ndarray, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest count of the central interval.

    Parameters
    ----------
    means
        Expected counts, shape (n,).
    dispersion
        One number, or one each.
    share
        How much the interval holds at least, such as 0.8.

    Returns
    -------
    low, high
        Whole numbers, shape (n,); 0 and 0 where nothing is expected.
    """
    size, chance = _law(means, dispersion)
    tail = (1 - share) / 2
    expected = np.asarray(means, dtype=float) > 0
    low = np.where(expected, stats.nbinom.ppf(tail, size, chance), 0.0)
    high = np.where(expected, stats.nbinom.ppf(1 - tail, size, chance), 0.0)
    return np.maximum(low, 0.0), np.maximum(high, 0.0)


def transformed(
    counts: np.ndarray, means: np.ndarray, dispersion: float | np.ndarray, seed: int
) -> np.ndarray:
    """Return the randomised probability integral transform of counts, from 0 to 1, shape (n,)."""
    high = at_most(counts, means, dispersion)
    low = at_most(counts - 1, means, dispersion)
    drawn = np.random.default_rng(seed).uniform(size=np.shape(high))
    spread: np.ndarray = low + drawn * (high - low)
    return spread


def _law(means: np.ndarray, dispersion: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = 1.0 / np.maximum(np.broadcast_to(dispersion, np.shape(means)), NO_SPREAD)
    mean = np.maximum(np.asarray(means, dtype=float), 1e-12)
    return size, size / (size + mean)
