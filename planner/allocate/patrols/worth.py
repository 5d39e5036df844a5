"""What a visit is worth: presence works while it lasts and fades after it has gone.

Stops of about 15 minutes left the longest quiet time behind them (Koper, 1995, "Just enough police
presence"), and what a crackdown leaves behind wears off with time (Sherman, 1990, "Police
crackdowns: initial and residual deterrence"). The effect of a visit from t to t + d is therefore
taken as whole while it lasts, and halved with every half hour h after it. With the need r(u) of a
zone (expected incidents a second, less what posts and watched cameras see to), the visit covers

    V(t) = integral from t to t + d of r(u) du + T(t + d),
    T(s) = integral from s to the end of the shift of r(u) 2^(-(u - s) / h) du.

At any moment the latest visit counts and no other: when a patrol comes again at t' the first
visit's effect ends, and the later one is worth less by what is left of the first,
2^(-(t' - t - d) / h) T(t'). So a second visit never adds as much as it would alone, and the less
the sooner it follows. The need is even within each quarter hour, for which both integrals are
exact.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.insight.timing.profile import BIN_S

HALF_LIFE_S = 1_800.0
FADING = math.log(2) / HALF_LIFE_S
SAMPLE_S = 60


@dataclass(frozen=True)
class Worth:
    """What visits to zones are worth at any time of a shift.

    Attributes
    ----------
    need
        Expected incidents (or harm) in each quarter hour of the shift, shape (z, bins).
    shift_s
        Length of the shift in seconds; the last quarter hour may be a shorter one.
    """

    need: np.ndarray
    shift_s: int

    @cached_property
    def edges(self) -> np.ndarray:
        """Ends of the quarter hours, s after the start of the shift, shape (bins + 1,)."""
        edges: np.ndarray = np.minimum(np.arange(self.need.shape[1] + 1) * BIN_S, self.shift_s)
        return edges.astype(float)

    @cached_property
    def rates(self) -> np.ndarray:
        """Expected incidents a second, shape (z, bins)."""
        rates: np.ndarray = self.need / np.maximum(np.diff(self.edges), 1.0)
        return rates

    @cached_property
    def _reached(self) -> np.ndarray:
        """Expected incidents up to each edge, shape (z, bins + 1)."""
        up_to: np.ndarray = np.zeros((len(self.need), len(self.edges)))
        np.cumsum(self.rates * np.diff(self.edges), axis=1, out=up_to[:, 1:])
        return up_to

    @cached_property
    def _fading(self) -> np.ndarray:
        """What presence that ends at an edge covers after it, shape (z, bins + 1)."""
        left = np.zeros((len(self.need), len(self.edges)))
        kept = np.exp(-FADING * np.diff(self.edges))
        for column in range(self.need.shape[1] - 1, -1, -1):
            within = self.rates[:, column] * (1 - kept[column]) / FADING
            left[:, column] = within + kept[column] * left[:, column + 1]
        return left

    def _bins(self, times: np.ndarray) -> np.ndarray:
        found = np.searchsorted(self.edges, times, side="right") - 1
        bins: np.ndarray = np.clip(found, 0, self.need.shape[1] - 1)
        return bins

    def reached(self, zones: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return the expected incidents from the start of the shift to each time, shape (n,)."""
        at = np.clip(times, 0, self.shift_s)
        column = self._bins(at)
        before: np.ndarray = self._reached[zones, column]
        reached: np.ndarray = before + self.rates[zones, column] * (at - self.edges[column])
        return reached

    def fading(self, zones: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return what presence that ends at each time covers after it, T, shape (n,)."""
        at = np.clip(times, 0, self.shift_s)
        column = self._bins(at)
        kept = np.exp(-FADING * (self.edges[column + 1] - at))
        within = self.rates[zones, column] * (1 - kept) / FADING
        fading: np.ndarray = within + kept * self._fading[zones, column + 1]
        return fading

    def of_visits(self, zones: np.ndarray, begins: np.ndarray, dwell_s: np.ndarray) -> np.ndarray:
        """Return what visits cover, each as if it were the only one to its zone, shape (n,).

        Parameters
        ----------
        zones
            Rows of zones, shape (n,).
        begins, dwell_s
            Seconds after the start of the shift, and how long they stay, shape (n,).
        """
        ends = begins + dwell_s
        stay = self.reached(zones, ends) - self.reached(zones, begins)
        covered: np.ndarray = stay + self.fading(zones, ends)
        return covered

    def in_order(
        self, plans: np.ndarray, zones: np.ndarray, begins: np.ndarray, ends: np.ndarray
    ) -> np.ndarray:
        """Return what each of several visits adds to those before it, shape (n,).

        Parameters
        ----------
        plans
            Number of the plan that each visit belongs to: those of others take nothing off it.
        zones, begins, ends
            Of the visits, in any order, shape (n,).
        """
        order = np.lexsort((ends, begins, zones, plans))
        zone, begin = zones[order], begins[order]
        same = (np.diff(zone) == 0) & (np.diff(plans[order]) == 0)
        end = _latest(ends[order], same)
        adds = self.of_visits(zone, begin, end - begin)
        again = np.flatnonzero(same) + 1
        adds[again] -= self.left_of(zone[again], end[again - 1], begin[again])
        put_back = np.empty(len(zones))
        put_back[order] = adds
        return put_back

    def left_of(self, zones: np.ndarray, ends: np.ndarray, then: np.ndarray) -> np.ndarray:
        """Return what visits that end at a time still cover after another, shape (n,)."""
        later = np.maximum(ends, then)
        overlap = self.reached(zones, later) - self.reached(zones, then)
        left: np.ndarray = overlap + np.exp(-FADING * (then - ends).clip(0)) * self.fading(
            zones, later
        )
        return left

    def over_windows(
        self, opens: int, closes: int, zones: np.ndarray, dwell_s: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean and an upper bound of what a visit covers that begins in a window.

        Between the samples the worth bends by at most the need times the rate of fading; that
        much is added to the greatest.

        Parameters
        ----------
        opens, closes
            Of the window, in seconds after the start of the shift.
        zones
            Rows of zones, shape (n,).
        dwell_s
            Length of the visit.

        Returns
        -------
        mean, most
            Shape (n,) each.
        """
        steps = np.arange(opens, closes + 1, SAMPLE_S)
        kinks = np.concatenate([self.edges, self.edges - dwell_s])
        inside = kinks[(kinks > opens) & (kinks < closes)]
        times = np.unique(np.concatenate([steps, inside, [closes]]))
        row, column = np.meshgrid(zones, times, indexing="ij")
        covered = self.of_visits(
            row.ravel(), column.ravel(), np.full(row.size, dwell_s)
        ).reshape(row.shape)  # fmt: skip
        bend = self.rates[zones].max(axis=1) * FADING * SAMPLE_S**2 / 8
        return covered.mean(axis=1), covered.max(axis=1) + bend


def _latest(ends: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return until when someone is there: a visit within a longer one does not end it.

    Parameters
    ----------
    ends
        Of visits in the order in which they begin, shape (n,).
    same
        Whether each visit but the first goes with the one before it, shape (n - 1,).
    """
    if not len(ends):
        return ends
    group = np.concatenate([[0], np.cumsum(~same)])
    raised = group * (float(np.ptp(ends)) + 1.0)
    latest: np.ndarray = np.maximum.accumulate(ends + raised) - raised
    return latest
