"""The cascade: the long history first, corrected by ever more recent counts.

Model
-----
Begin with each zone's share p of the whole history and an even floor. For the half-lives 1095,
365, 90 and 30 days in turn, with O(z) the count at that half-life and E(z) = p(z) * sum O,

    p(z) <- p(z) * (a + O(z)) / (a + E(z)),   renormalised:

the posterior mean of a gamma-distributed factor of mean 1 and shape a on a Poisson count (Clayton
and Kaldor, 1987, "Empirical Bayes estimates of age-standardized relative risks"), step by step.
Each step's ``a`` is the candidate with the highest log score on the windows so far.
"""

import numpy as np

STEPS = (1095.0, 365.0, 90.0, 30.0)
USUAL = np.array([8.0, 16.0, 4.0, 16.0])
CANDIDATES = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 256.0])
# What a step without effect would be, so that it can be found best.
NO_CORRECTION = 1e9
EVEN_SHARE = 0.05


class Cascade:
    """The cascade and what it has learnt of its steps.

    Parameters
    ----------
    zones
        How many zones there are.
    """

    def __init__(self, zones: int):
        self._zones = zones
        self.candidates = np.append(CANDIDATES, NO_CORRECTION)
        self._scores = np.zeros((len(STEPS), len(self.candidates)))
        usual = np.searchsorted(self.candidates, USUAL)
        # A pull towards the usual values, worth some incidents, until the records say otherwise.
        self._scores[np.arange(len(STEPS)), usual] += 1.0

    @property
    def shapes(self) -> np.ndarray:
        """Each step's ``a``, as the windows so far have it; shape (4,)."""
        best: np.ndarray = self.candidates[self._scores.argmax(axis=1)]
        return best

    def shares(
        self, history: np.ndarray, recent: tuple[np.ndarray, ...], at: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return each zone's share, and what each candidate would have given some zones.

        Parameters
        ----------
        history
            Counts of the whole history, shape (z,).
        recent
            Counts at each of the half-lives of ``STEPS``, shapes (z,).
        at
            Rows of zones, shape (m,).

        Returns
        -------
        shares, log_shares
            Shape (z,), summing to 1; and shape (m, steps, candidates).
        """
        # Zones without any record are alike: one of them, last, stands for all.
        seen = np.flatnonzero(history > 0)
        alike = np.append(np.ones(len(seen)), self._zones - len(seen))
        place = np.full(self._zones, len(seen))
        place[seen] = np.arange(len(seen))
        counts = np.append(history[seen], 0.0)
        total, even = counts.sum(), 1.0 / self._zones
        share = (1 - EVEN_SHARE) * counts / total + EVEN_SHARE * even if total > 0 else even
        share = np.broadcast_to(share, counts.shape)
        told = np.empty((len(at), len(STEPS), len(self.candidates)))
        for step, (whole, shape) in enumerate(zip(recent, self.shapes, strict=True)):
            counts = np.append(whole[seen], 0.0)
            shapes, expected = self.candidates[:, None], share * counts.sum()
            tried = share * (shapes + counts) / (shapes + expected)
            tried /= (tried @ alike)[:, None]
            told[:, step] = np.log(tried[:, place[at]].T)
            share = tried[int(np.searchsorted(self.candidates, shape))]
        return share[place], told

    def learn(self, log_shares: np.ndarray, weight: np.ndarray) -> None:
        """Take in what the candidates gave the zones where incidents fell, shape (n, ...)."""
        self._scores += np.tensordot(weight, log_shares, axes=1)
