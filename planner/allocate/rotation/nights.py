"""Night plans to choose from: what each covers and visits, and where its teams stand when.

A *night plan* is one feasible set of routes of all teams for one night; a *rotation* says which
night plan is used on which night. Rows that hold the same routes twice count as two plans.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

NOWHERE = -1


@dataclass(frozen=True)
class Nights:
    """A pool of k night plans over z zones, for m teams and b bins of time.

    Attributes
    ----------
    cover
        Expected incidents that each plan covers, shape (k,), none negative.
    visits
        Visits to each zone, whole numbers, shape (k, z).
    present
        Zone row in which each team stands in each bin, shape (k, m, b); -1 on the way or at its
        post.
    """

    cover: np.ndarray
    visits: np.ndarray
    present: np.ndarray

    def __len__(self) -> int:
        return len(self.cover)

    @property
    def zones(self) -> int:
        """Number of zones."""
        return int(self.visits.shape[1])

    @property
    def best(self) -> int:
        """Row of the plan that covers most."""
        return int(np.argmax(self.cover))

    @property
    def most_cover(self) -> float:
        """What the plan that covers most covers."""
        return float(self.cover.max(initial=0.0))

    @cached_property
    def standing(self) -> np.ndarray:
        """Whether some team of a plan stands in a zone in a bin, booleans of shape (k, b, z)."""
        return standing(self.present, self.zones)

    @cached_property
    def busy(self) -> np.ndarray:
        """Whether some team of a plan stands anywhere in a bin, booleans of shape (k, b)."""
        busy: np.ndarray = (self.present != NOWHERE).any(axis=1)
        return busy


def standing(present: np.ndarray, zones: int) -> np.ndarray:
    """Tell whether some team stands in a zone in a bin.

    Parameters
    ----------
    present
        Zone rows, shape (k, m, b), -1 for nowhere.
    zones
        Number of zones z.

    Returns
    -------
    numpy.ndarray
        Booleans, shape (k, b, z).
    """
    plans, _, bins = present.shape
    found = np.zeros((plans, bins, zones), dtype=bool)
    plan, team, when = np.nonzero(present != NOWHERE)
    found[plan, when, present[plan, team, when]] = True
    return found
