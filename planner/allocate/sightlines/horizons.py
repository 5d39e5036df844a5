"""Horizons: how far one can see from each of many positions, in every direction.

Method
------
What is seen from a position is star-shaped about it, and bounded by the nearest wall in each
direction (Asano, 1985, "An efficient algorithm for finding the visibility polygon for a polygonal
region with holes"; Suri and O'Rourke, 1986, "Worst-case optimal algorithms for constructing
visibility polygons with holes"). The directions in which walls begin and end divide the circle
into intervals, and one wall bounds each: ``sweep`` finds it. Nothing is sampled, so views are exact
to rounding. Asano sweeps with a balanced tree in O(n log n); here each face is compared in all the
intervals that it covers, which is more work and yet quicker for the few hundred faces that lie
within the range of a camera, since it is done for many positions at once.

The view is flat: buildings are taken to be higher than any camera.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from planner.allocate.sightlines.sweep import nearest_walls
from planner.allocate.sightlines.walls import TOUCHING_M, Walls

ARC_STEP_DEGREES = 1.0
ROUNDING_M = 1e-6


@dataclass(frozen=True)
class Horizons:
    """How far one can see from each of n positions, in every direction.

    Attributes
    ----------
    positions
        Metres, shape (n, 2); those on a wall have been moved to just before it.
    ranges
        Metres, shape (n,); 0 where nothing is seen, since the position is inside a building.
    offsets
        Where the intervals of each position begin, shape (n + 1,).
    starts
        Directions in which intervals begin, radians counter-clockwise from east, each until the
        next; the first of a position is -pi, shape (i,).
    wall
        Rows of the walls that bound the intervals, -1 where the view is open to the range, shape
        (i,).
    walls
        What blocks the view.
    """

    positions: np.ndarray
    ranges: np.ndarray
    offsets: np.ndarray
    starts: np.ndarray
    wall: np.ndarray
    walls: Walls

    def distance(self, which: np.ndarray, angles: np.ndarray) -> np.ndarray:
        """Return how far it is to the wall, or to the end of the range.

        Parameters
        ----------
        which
            Rows of the positions, shape (m,).
        angles
            Directions in radians, counter-clockwise from east, shape (m,).

        Returns
        -------
        numpy.ndarray
            Metres, shape (m,).
        """
        rows = np.asarray(which, dtype=int)
        turned = _within_a_turn(np.asarray(angles, dtype=float))
        return self._metres(rows, turned, self._intervals(rows, turned))

    def sees(
        self, which: np.ndarray, points: np.ndarray, tolerance_m: float = TOUCHING_M
    ) -> np.ndarray:
        """Tell which points are seen: within range, and with no wall in between.

        A point on the outer face of a wall, such as an entrance, is seen by whoever sees the face.

        Parameters
        ----------
        which
            Rows of the positions, shape (m,).
        points
            What each is to see, in metres, shape (m, 2).
        tolerance_m
            How near to a wall a point is on it, on either side, in metres.

        Returns
        -------
        numpy.ndarray
            Booleans, shape (m,).
        """
        rows = np.asarray(which, dtype=int)
        targets = np.asarray(points, dtype=float).reshape(-1, 2)
        way = targets - self.positions[rows]
        in_range = (np.hypot(*way.T) <= self.ranges[rows] + ROUNDING_M) & (self.ranges[rows] > 0)
        seen: np.ndarray = in_range & self._is_clear(rows, way)
        unsure = np.flatnonzero(in_range & ~seen)
        # Seen along a wall, a point a millimetre behind it is hidden long before: look before it.
        distinct, row = np.unique(targets[unsure].view(complex).ravel(), return_inverse=True)
        at = np.column_stack([distinct.real, distinct.imag])
        before = self.walls.in_front(at, tolerance_m)
        on_a_wall = (before != at).any(axis=1)[row]
        unsure, row = unsure[on_a_wall], row[on_a_wall]
        seen[unsure] = self._is_clear(rows[unsure], before[row] - self.positions[rows[unsure]])
        return seen

    def outline(
        self,
        row: int,
        bearing_degrees: float,
        field_of_view_degrees: float,
        nearest_m: float = 0.0,
        arc_step_degrees: float = ARC_STEP_DEGREES,
    ) -> shapely.Geometry:
        """Return the ground that is seen from a position.

        Parameters
        ----------
        row
            Which position.
        bearing_degrees
            Where the camera looks, clockwise from grid north.
        field_of_view_degrees
            How wide, in (0, 360].
        nearest_m
            Ground that is nearer than this is not seen, in metres.
        arc_step_degrees
            How finely the end of the range is drawn. Corners lie on the circle, so the area is too
            small by less than 0.006 % of an open circle with steps of a degree.

        Returns
        -------
        shapely.Geometry
            Polygon in metres; a multipolygon where what is too near divides it, and empty where
            nothing is seen.
        """
        if not self.ranges[row] > 0:
            return shapely.Polygon()
        step = np.radians(arc_step_degrees)
        width = np.radians(min(field_of_view_degrees, 360.0))
        begin = np.radians(90.0 - bearing_degrees) - width / 2
        angles, intervals = self._corners(row, begin, width, step)
        metres = self._metres(np.full(len(angles), row), angles, intervals)
        ring = self.positions[row] + _directions(angles) * metres[:, None]
        if field_of_view_degrees < 360:
            ring = np.vstack([self.positions[row], ring])
        # Where two walls meet, both have the corner, and by rounding not quite the same.
        apart = np.hypot(*(ring - np.roll(ring, 1, axis=0)).T) > ROUNDING_M
        view = _areas(shapely.Polygon(ring[apart])) if apart.sum() > 2 else shapely.Polygon()
        if nearest_m > 0:
            around = _directions(np.arange(0.0, 2 * np.pi, step)) * nearest_m
            view = _areas(view.difference(shapely.Polygon(self.positions[row] + around)))
        return view

    def _intervals(self, rows: np.ndarray, angles: np.ndarray) -> np.ndarray:
        # Complex numbers are sorted by their real part first: one search in all rows, exactly.
        owner = np.repeat(np.arange(len(self.positions)), np.diff(self.offsets))
        found: np.ndarray = np.searchsorted(owner + 1j * self.starts, rows + 1j * angles, "right")
        return found - 1

    def _metres(self, rows: np.ndarray, angles: np.ndarray, intervals: np.ndarray) -> np.ndarray:
        """Return the metres to the walls of intervals; ``angles`` may be whole turns off."""
        metres: np.ndarray = self.ranges[rows].copy()
        bounded = np.flatnonzero(self.wall[intervals] >= 0)
        rows, wall = rows[bounded], self.wall[intervals[bounded]]
        normal = self.walls.normals[wall]
        away = ((self.positions[rows] - self.walls.segments[wall, :2]) * normal).sum(axis=1)
        towards = -(normal * _directions(angles[bounded])).sum(axis=1)
        metres[bounded] = away / np.maximum(towards, away / metres[bounded])
        return metres

    def _is_clear(self, rows: np.ndarray, way: np.ndarray) -> np.ndarray:
        angles = np.arctan2(way[:, 1], way[:, 0])
        clear: np.ndarray = np.hypot(*way.T) <= self.distance(rows, angles) + ROUNDING_M
        return clear

    def _corners(
        self, row: int, begin: float, width: float, step: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return directions of the corners of a view, and the interval that each bounds."""
        starts = self.starts[self.offsets[row] : self.offsets[row + 1]]
        since = (starts - begin) % (2 * np.pi)
        cuts = np.unique(np.concatenate([[0.0, width], since[since < width]]))
        middles = _within_a_turn(begin + (cuts[:-1] + cuts[1:]) / 2)
        intervals = self.offsets[row] + np.searchsorted(starts, middles, "right") - 1
        widths = np.diff(cuts)
        pieces = np.where(self.wall[intervals] < 0, np.ceil(widths / step), 1).astype(int)
        part = np.repeat(np.arange(len(widths)), pieces + 1)
        place = np.arange(len(part)) - np.repeat(np.cumsum(pieces + 1) - pieces - 1, pieces + 1)
        return begin + cuts[part] + widths[part] * place / pieces[part], intervals[part]


def horizons(positions: np.ndarray, ranges: float | np.ndarray, walls: Walls) -> Horizons:
    """Look around from positions.

    Positions on a wall, or up to 5 cm inside a building, are moved to 2 cm before the wall: a
    camera on a facade sees neither into its building nor through it. From further inside, nothing
    is seen.

    Parameters
    ----------
    positions
        Metres, shape (n, 2).
    ranges
        How far can be seen at most, in metres, one or shape (n,).
    walls
        What blocks the view.
    """
    at = walls.in_front(positions)
    reach = np.array(np.broadcast_to(np.asarray(ranges, dtype=float), len(at)))
    reach[walls.inside(at, 0.0)] = 0.0
    return Horizons(at, reach, *nearest_walls(at, reach, walls), walls)


def pairs_within(
    positions: np.ndarray, ranges: float | np.ndarray, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the points within range of each position.

    Parameters
    ----------
    positions
        Metres, shape (n, 2).
    ranges
        Metres, one or shape (n,).
    points
        Metres, shape (p, 2).

    Returns
    -------
    which, point_row
        Rows of the positions and of the points, one for each pair, shape (m,).
    """
    tree = shapely.STRtree(shapely.points(points))
    which, point_row = tree.query(
        shapely.points(positions),
        predicate="dwithin",
        distance=np.broadcast_to(ranges, len(positions)),
    )
    return which, point_row


def _within_a_turn(angles: np.ndarray) -> np.ndarray:
    # Directions that are within a turn already stay what they are, to the last digit.
    outside = (angles < -np.pi) | (angles >= np.pi)
    turned = (angles + np.pi) % (2 * np.pi) - np.pi
    return np.where(outside, np.where(turned >= np.pi, -np.pi, turned), angles)


def _directions(angles: np.ndarray) -> np.ndarray:
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Mend a shape whose edges touch by rounding, and keep what of it has an area."""
    if shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid:
        return shape
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    return shapely.union_all(parts[shapely.area(parts) > 0])
