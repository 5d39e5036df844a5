"""Whether a forecast has shown itself better than counting, on windows that it had not seen.

Windows near one another are alike, so their paired differences are taken together in blocks of
four weeks, and the means of the blocks are judged by Student's t (the method of batch means;
Conway, 1963, "Some tactical problems in digital simulation"): one-sided, since the question is
whether the model is better, not whether it differs.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST_WINDOWS = 26
BLOCK_DAYS = 28.0
ENOUGH, SURE = 0.90, 0.975
ESTABLISHED, LIKELY, NOT_SHOWN = "established", "likely", "not shown to be better than counting"


@dataclass(frozen=True)
class Evidence:
    """What past windows say of a difference, positive where the model is better.

    Attributes
    ----------
    windows
        How many windows were compared.
    difference
        Mean difference of the log score of an incident.
    confidence
        One-sided confidence that the difference is above 0; 0.5 where it can't be told.
    """

    windows: int
    difference: float
    confidence: float

    @property
    def enough(self) -> bool:
        """Whether the model's forecast is to be issued, and not the count's."""
        return self.windows >= FEWEST_WINDOWS and self.confidence >= ENOUGH

    @property
    def words(self) -> str:
        """``"established"``, ``"likely"`` or ``"not shown to be better than counting"``."""
        if not self.enough:
            return NOT_SHOWN
        return ESTABLISHED if self.confidence >= SURE else LIKELY


NONE = Evidence(0, 0.0, 0.5)


def evidence_of(difference: np.ndarray, counts: np.ndarray, block: int) -> Evidence:
    """Judge paired differences of windows.

    Parameters
    ----------
    difference
        Of each window, summed over its incidents, shape (w,).
    counts
        Incidents of each window, shape (w,).
    block
        How many windows make four weeks, at least 1.
    """
    windows, total = len(difference), float(counts.sum())
    blocks = windows // block
    if blocks < 2 or total <= 0:
        return Evidence(windows, 0.0, 0.5)
    # The oldest windows that fill no block are left out.
    used = difference[windows - blocks * block :].reshape(blocks, block).sum(axis=1)
    scatter = used.std(ddof=1) / np.sqrt(blocks)
    mean = float(used.mean())
    if scatter <= 1e-12 * max(1.0, abs(mean)):
        confidence = 1.0 if mean > 1e-9 else 0.5
    else:
        confidence = float(stats.t.cdf(mean / scatter, blocks - 1))
    return Evidence(windows, float(difference.sum()) / total, confidence)


def weaker(one: Evidence, other: Evidence) -> Evidence:
    """Return the evidence that says less for the model."""
    return min(one, other, key=lambda evidence: evidence.confidence)


def windows_a_block(length_days: float) -> int:
    """Return how many windows of a length make a block of four weeks, at least 1."""
    return max(1, round(BLOCK_DAYS / length_days))
