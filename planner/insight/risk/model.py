"""Risk: what is expected of each zone in a shift, how widely it scatters, what it is made of."""

from dataclasses import dataclass

import numpy as np

from planner.insight.risk.evidence import Evidence
from planner.insight.risk.spread import central_interval

USUAL, WIDE = 0.8, 0.95


@dataclass(frozen=True)
class Parts:
    """What the expected number of each zone comes from.

    Attributes
    ----------
    names
        As a person would say them: ``"the last year here"``.
    shares
        Of each zone, summing to 1, shape (z, names).
    """

    names: tuple[str, ...]
    shares: np.ndarray


@dataclass(frozen=True)
class Standing:
    """How the forecast of one source's incidents has stood up to the count.

    Attributes
    ----------
    source
        Where the incidents were recorded.
    evidence
        What past windows say of the model beside the counts.
    windows
        What a window was: ``"week"`` or ``"month"``.
    reason
        Why the model was not even tried, or ``""``.
    """

    source: str
    evidence: Evidence
    windows: str
    reason: str = ""

    @property
    def by_model(self) -> bool:
        """Whether the model's forecast is issued, and not the count's."""
        return self.evidence.enough and not self.reason


@dataclass(frozen=True)
class Risk:
    """Expected incidents (or harm) by zone and quarter hour of one shift.

    Attributes
    ----------
    zones
        Zone identifiers, shape (z,).
    expected
        Expected number in each quarter hour of the shift, shape (z, bins).
    daily
        Expected number on a mean day, shape (z,).
    dispersion
        Of each zone's count: its variance is mean + dispersion * mean^2, shape (z,).
    total_dispersion
        The same of the estate's total.
    counts
        Recorded incidents in the covered time, shape (z,).
    covered_days
        Days that the records cover.
    timed
        Whether any record carries a time of day; if not, the profile is flat.
    parts
        What each zone's number comes from.
    standings
        How the forecast has stood up so far, one for each source.
    unit
        What one of the numbers is worth: 1 for incidents; for harm, the harm of the incidents that
        most of it comes from, so that intervals are of whole incidents of that harm.
    """

    zones: np.ndarray
    expected: np.ndarray
    daily: np.ndarray
    dispersion: np.ndarray
    total_dispersion: float
    counts: np.ndarray
    covered_days: float
    timed: bool
    parts: Parts
    standings: tuple[Standing, ...]
    unit: float = 1.0

    @property
    def mean(self) -> np.ndarray:
        """Expected number over the whole shift, shape (z,)."""
        total: np.ndarray = self.expected.sum(axis=1)
        return total

    @property
    def total(self) -> float:
        """Expected number over the whole shift and estate."""
        return float(self.expected.sum())

    def interval(self, share: float = USUAL) -> tuple[np.ndarray, np.ndarray]:
        """Return the central predictive interval of each zone's number, shape (z,) each.

        Parameters
        ----------
        share
            What it holds at least: 0.8, or 0.95.
        """
        low, high = central_interval(self.mean / self.unit, self.dispersion, share)
        return low * self.unit, high * self.unit

    def total_interval(self, share: float = USUAL) -> tuple[float, float]:
        """Return the central predictive interval of the estate's number."""
        mean = np.array([self.total / self.unit])
        low, high = central_interval(mean, self.total_dispersion, share)
        return float(low[0] * self.unit), float(high[0] * self.unit)

    @property
    def low(self) -> np.ndarray:
        """Least number of the central 80 % predictive interval, shape (z,)."""
        return self.interval()[0]

    @property
    def high(self) -> np.ndarray:
        """Greatest number of the central 80 % predictive interval, shape (z,)."""
        return self.interval()[1]
