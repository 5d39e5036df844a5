"""Drives: how long a team takes that parks its vehicle near each stop and walks the rest.

Each stop has one parking place p: the node that can be driven to from which the stop is reached
soonest on foot, in a(i) seconds. A team always comes back to its vehicle, so from stop i to j::

    t(i, j) = a(i) + drive(p(i), p(j)) + a(j)    where the parking places differ,
    t(i, j) = walk(i, j)                         where they are the same.

Walks and drives are shortest ways, and ``walk(i, j) <= a(i) + a(j)`` where both park at the same
place, so t obeys the triangle inequality. Where to park is not weighed against where to drive:
a team may drive round a block to the nearest parking place where a longer walk would be quicker.
That a vehicle may stop at any node of a street is taken for granted.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import dijkstra

from planner.errors import EstateError
from planner.estate.shortest_ways import Ways, shortest_ways, to_the_root
from planner.estate.streets import Streets
from planner.travel_modes import TravelMode

ROUNDING_M = 1.0


@dataclass(frozen=True)
class Drives:
    """Ways of a team with a vehicle between k places.

    Attributes
    ----------
    metres
        Lengths, walks to and from the vehicle included, shape (k, k); infinite where no way is.
    seconds
        Times, shape (k, k); infinite where no way is.
    parked
        Node where the vehicle stands for each place, shape (k,).
    walks
        Walks between places; only those between places with one parking place are sure to be in it.
    drives
        Drives between the parking places.
    to_vehicle
        Node before each node on the way from the parking place nearest it, negative at the parking
        places, shape (n,).
    """

    metres: np.ndarray
    seconds: np.ndarray
    parked: np.ndarray
    walks: Ways
    drives: Ways
    to_vehicle: np.ndarray

    def nodes(self, start: int, end: int) -> np.ndarray:
        """Return the nodes of the way from one place to another, both ends included.

        They are none where there is no way.
        """
        if not np.isfinite(self.metres[start, end]):
            return np.array([], dtype=int)
        if self.parked[start] == self.parked[end]:
            return self.walks.nodes(start, end)
        out, back = (
            to_the_root(self.to_vehicle, int(self.walks.places[place])) for place in (start, end)
        )
        return np.concatenate([out[:-1], self.drives.nodes(start, end), back[-2::-1]])


def drives_between(streets: Streets, nodes: np.ndarray, mode: TravelMode) -> Drives:
    """Measure the ways of a team with a vehicle between all pairs of places.

    Parameters
    ----------
    streets
        The network as it is open in the shift.
    nodes
        Node of each place, shape (k,); a node may stand in it more than once.
    mode
        Speeds of driving and walking, and where no vehicle may drive.

    Raises
    ------
    EstateError
        If none of the streets that the patrol may stand on can be driven on.
    """
    drivable = streets.drivable(mode.not_on)
    if not drivable.any():
        raise EstateError(
            f"modes.{mode.name}.not_on: no street that a patrol may stand on in this shift is of "
            f"any other kind, so none can be used by {mode.name}; let the teams walk, or correct "
            "the key."
        )
    away, before, sources = dijkstra(
        streets.graph,
        directed=False,
        indices=np.unique(streets.edges[drivable]),
        return_predecessors=True,
        min_only=True,
    )
    away = away[nodes]
    reached = np.isfinite(away)
    # Where no walk leads to a vehicle, it stands at the place itself, and no drive leads from it.
    parked = np.where(reached, sources[nodes], nodes)
    longest = 2 * away[reached].max(initial=0.0) + ROUNDING_M
    walks = streets.walks_between(nodes, longest)
    drives = shortest_ways(streets.weighted(drivable, streets.lengths), parked)
    same = parked[:, None] == parked
    on_foot = np.where(same, walks.metres, away[:, None] + away)
    driven = np.where(same, 0.0, drives.metres)
    seconds = on_foot / mode.walking_metres_per_second + driven / mode.metres_per_second
    return Drives(on_foot + driven, seconds, parked, walks, drives, before)
