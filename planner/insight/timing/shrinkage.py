"""Rates of classes of time, each shrunk to what is usual, with the interval that is left.

A class k (a shift of the week, a month) had C(k) incidents where E(k) were to be expected if it
were as usual. Its factor f(k) has a gamma prior of mean 1 and shape a, and counts scatter by phi
times what chance alone would give (phi >= 1: one thief on one night makes several incidents). Then

    f(k) ~ Gamma(shape a + C(k) / phi, rate a + E(k) / phi)

(gamma-Poisson shrinkage; Clayton and Kaldor, 1987, "Empirical Bayes estimates of age-standardized
relative risks"; quasi-likelihood for phi: McCullagh and Nelder, 1989, "Generalized Linear Models").
The shape a is 1 / tau^2, with the moment estimate of DerSimonian and Laird (1986, "Meta-analysis in
clinical trials") for the variance tau^2 of the factors.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

LEAST_SHAPE = 0.5
# A class of which less is expected is one that is not covered.
LEAST_EXPECTED = 1e-9


@dataclass(frozen=True)
class Rates:
    """Rates of k classes, each a gamma distribution given by its mean and variance.

    Attributes
    ----------
    mean, variance
        Of the rate; above 0; any shape.
    """

    mean: np.ndarray
    variance: np.ndarray

    def interval(self, share: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the central interval that holds such a share (0 to 1) of each distribution."""
        shape, scale = self.mean**2 / self.variance, self.variance / self.mean
        tail = (1 - share) / 2
        return stats.gamma.ppf(tail, shape, scale=scale), stats.gamma.isf(tail, shape, scale=scale)


def prior_shape(counts: np.ndarray, expected: np.ndarray, most: float) -> float:
    """Estimate how alike classes are: the shape of the prior of their factors.

    Parameters
    ----------
    counts, expected
        Incidents, and those to be expected if all classes were as usual, both divided by the
        dispersion, shape (k,); classes with nothing expected are left out.
    most
        Greatest shape: classes that look alike share what is known, which is no more than that.
    """
    seen = expected > LEAST_EXPECTED
    weight = expected[seen]
    most = max(most, LEAST_SHAPE)
    if len(weight) < 2:
        return most
    spread = (weight * (counts[seen] / weight - 1) ** 2).sum() - (len(weight) - 1)
    room = weight.sum() - (weight**2).sum() / weight.sum()
    if spread <= 0:
        return most
    return float(np.clip(room / spread, LEAST_SHAPE, most))


def shrunk_factors(
    counts: np.ndarray, expected: np.ndarray, dispersion: float, most: float
) -> Rates:
    """Shrink the factors of classes towards 1.

    Parameters
    ----------
    counts, expected
        Incidents, and those to be expected if the class were as usual, shape (k,).
    dispersion
        How many times more than chance alone the counts scatter, at least 1.
    most
        Greatest shape of the prior.

    Returns
    -------
    Rates
        The factors; where nothing was expected, the prior.
    """
    told, usual = counts / dispersion, expected / dispersion
    shape = prior_shape(told, usual, most)
    mean = (shape + told) / (shape + usual)
    return Rates(mean, mean / (shape + usual))


def dispersion(counts: np.ndarray, expected: np.ndarray, fitted: int) -> float:
    """Return how many times more than chance alone counts scatter (Pearson's statistic).

    Parameters
    ----------
    counts, expected
        Shape (n,); those with nothing expected are left out.
    fitted
        Number of parameters that were fitted to them.

    Returns
    -------
    float
        At least 1, and 1 where there are too few counts to tell.
    """
    seen = expected > LEAST_EXPECTED
    free = int(seen.sum()) - fitted
    if free < 1:
        return 1.0
    scatter = ((counts[seen] - expected[seen]) ** 2 / expected[seen]).sum() / free
    return float(max(1.0, scatter))
