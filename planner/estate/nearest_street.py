"""The nearest named street of very many points."""

import numpy as np
from scipy.spatial import cKDTree

from planner.estate.streets import Streets

FIRST_LOOK = 6
# Streets meet in corners, from which both are equally far: the first in the network is taken.
SAME_M = 1e-6


class NearestStreet:
    """Finds the named street nearest to points, up to a distance.

    Pieces of street are short, so the nearest piece is among those whose middles are nearest: more
    of them are looked at wherever one further off could still be nearer.

    Parameters
    ----------
    streets
        The walking network.
    reach_m
        Greatest distance, in metres.
    """

    def __init__(self, streets: Streets, reach_m: float):
        named = np.flatnonzero(streets.names != "")
        self._names = np.append(streets.names[named].astype(object), "")
        self._start, end = streets.points[streets.edges[named]].transpose(1, 0, 2)
        self._way = end - self._start
        self._square = np.maximum((self._way**2).sum(axis=1), 1e-12)
        self._longest = float(np.sqrt(self._square.max(initial=0.0))) / 2
        self._tree = cKDTree(self._start + self._way / 2)
        self._reach_m = reach_m

    def names(self, points: np.ndarray) -> np.ndarray:
        """Return names, ``""`` where no street is near; points have shape (n, 2)."""
        row = np.full(len(points), -1)
        unclear = np.flatnonzero(np.isfinite(points).all(axis=1))
        look = min(FIRST_LOOK, len(self._names) - 1)
        while look and len(unclear):
            row[unclear], clear = self._nearest(points[unclear], look)
            unclear = unclear[~clear] if look < len(self._names) - 1 else unclear[:0]
            look = min(4 * look, len(self._names) - 1)
        names: np.ndarray = self._names[row]
        return names

    def _nearest(self, points: np.ndarray, look: int) -> tuple[np.ndarray, np.ndarray]:
        far = self._reach_m + self._longest + SAME_M
        away, piece = self._tree.query(points, k=range(1, look + 1), distance_upper_bound=far)
        found = np.isfinite(away)
        piece = np.where(found, piece, 0)
        metres = np.where(found, self._distance(points, piece), np.inf)
        least = metres.min(axis=1)
        equal = metres <= least[:, None] + SAME_M
        row = np.where(equal, piece, len(self._names)).min(axis=1)
        row = np.where(least <= self._reach_m, row, -1)
        # No piece further off by its middle can be as near.
        return row, ~found[:, -1] | (away[:, -1] - self._longest > least + SAME_M)

    def _distance(self, points: np.ndarray, piece: np.ndarray) -> np.ndarray:
        x = points[:, :1] - self._start[piece, 0]
        y = points[:, 1:] - self._start[piece, 1]
        way_x, way_y = self._way[piece, 0], self._way[piece, 1]
        share = np.clip((x * way_x + y * way_y) / self._square[piece], 0, 1)
        metres: np.ndarray = np.hypot(x - share * way_x, y - share * way_y)
        return metres
