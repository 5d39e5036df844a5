"""The mixture: memories weighed by how well each foresaw where incidents fell.

Model
-----
Memory k gives zone z the share s(k, z) of the next window's incidents. The mixture gives it

    p(z) = sum_k w(k) s(k, z),   w(k) >= 0,   sum_k w(k) = 1,

and the weights maximise the log likelihood of the incidents of earlier windows, each under the
shares as they stood when its window began, with a Dirichlet prior that favours the whole history:
expectation-maximisation (Dempster, Laird and Rubin, 1977, "Maximum likelihood from incomplete data
via the EM algorithm"). It is a prequential stacking of densities (Dawid, 1984, "Statistical theory:
the prequential approach").
"""

from collections.abc import Sequence

import numpy as np

from planner.insight.risk.memories import EVEN, EVER, ZONE, Memory

# Each fit begins where the last one ended; a mixture that is compared with is fitted to the end.
ROUNDS, MANY_ROUNDS = 8, 60
# Few incidents cost little, so they get more rounds: so many in all, shared out among them.
INCIDENT_ROUNDS = 100_000
# Incidents' worth of belief in the whole history, in the even share, and in each other memory.
IN_HISTORY, IN_EVEN, IN_OTHER = 5.0, 1.0, 0.1


def prior_counts(memories: Sequence[Memory]) -> np.ndarray:
    """Return the prior's pseudo-counts, shape (k,)."""
    named = {Memory(ZONE, EVER): IN_HISTORY, Memory(EVEN): IN_EVEN}
    return np.array([named.get(memory, IN_OTHER) for memory in memories])


def fitted_weights(
    shares: np.ndarray,
    count: np.ndarray,
    weights: np.ndarray,
    prior: np.ndarray,
    rounds: int | None = None,
) -> np.ndarray:
    """Improve the weights by some rounds of expectation-maximisation.

    Parameters
    ----------
    shares
        What each memory gave the zone of each earlier incident, shape (n, k).
    count
        What each incident counts for, shape (n,).
    weights
        Where to start, shape (k,).
    prior
        Pseudo-counts, shape (k,).
    rounds
        How many; more for fewer incidents if not given.

    Returns
    -------
    numpy.ndarray
        Shape (k,); no round lowers the likelihood times the prior.
    """
    usual = min(max(INCIDENT_ROUNDS // max(len(shares), 1), ROUNDS), MANY_ROUNDS)
    for _ in range(usual if rounds is None else rounds):
        together = shares @ weights
        told = weights * ((count / together) @ shares) + prior
        weights = told / told.sum()
    return weights
