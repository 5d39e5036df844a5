"""The count: each zone's whole history, drawn towards the estate's mean. Every model's floor.

With a gamma prior of shape a and mean m = mean of n over the zones, and Poisson counts, the zone's
expected count over the history is

    E[lambda(z)] = (a + n(z)) / (a / m + 1),

so that zones with little recorded are drawn to the estate's rate (gamma-Poisson shrinkage;
Clayton and Kaldor, 1987, "Empirical Bayes estimates of age-standardized relative risks"). The
shape a is the moment estimate m^2 / (variance - m). It is at least a half (Jeffreys' prior), and at
most the number of incidents of the whole estate: zones that look alike share what is known, which
is no more than that. Where a file covers but a part of the estate, zones have covered times T(z) of
their own: with their mean T, the counts scaled to it give m and a, and the expected count over T is
(a + n(z)) / (a / m + T(z) / T).
"""

import numpy as np

LEAST_SHAPE = 0.5


def shrunk_rates(counts: np.ndarray, days: float | np.ndarray) -> np.ndarray:
    """Shrink counts towards their mean and divide by covered time.

    Parameters
    ----------
    counts
        Incidents by zone, shape (z,).
    days
        Covered time in days, above 0: one number, or one for each zone, where 0 says that
        nothing is known of a zone.

    Returns
    -------
    numpy.ndarray
        Rates a day, shape (z,); all 0 where nothing was recorded.
    """
    known_days = np.broadcast_to(np.asarray(days, dtype=float), counts.shape)
    seen = known_days > 0
    if not counts[seen].any():
        return np.zeros(len(counts))
    usual = float(known_days[seen].mean())
    exposure = known_days / usual
    scaled = counts[seen] / exposure[seen]
    average = scaled.mean()
    excess = scaled.var(ddof=1) - average if len(scaled) > 1 else 0.0
    known = max(float(counts[seen].sum()), LEAST_SHAPE)
    shape = float(np.clip(average**2 / excess, LEAST_SHAPE, known)) if excess > 0 else known
    weight = shape / average + exposure
    rates: np.ndarray = (shape + np.where(seen, counts, 0.0)) / weight / usual
    return rates


def counted_shares(counts: np.ndarray) -> np.ndarray:
    """Return each zone's share by the shrunk count, shape (z,); equal where nothing is recorded."""
    rates = shrunk_rates(counts, 1.0)
    total = rates.sum()
    return rates / total if total > 0 else np.full(len(counts), 1.0 / len(counts))
