"""Walls: the faces of buildings, which block the view from outside."""

from dataclasses import dataclass

import numpy as np
import shapely

# Outlines that are drawn against each other to less than this are one building.
GRID_M = 0.00001
# What lies so near to a wall is on it: outlines and positions are no better known.
TOUCHING_M = 0.05
# Where what is on a wall is taken to be: on brackets, or on the doorstep.
CLEAR_M = 0.02
# Each pass moves out of one wall; in a corner there are two, and moving from one nears the other.
PASSES = 4
SAME_CORNER_M = 0.001
STEEPEST = 0.3


@dataclass(frozen=True)
class Walls:
    """The walls of buildings: no two of them cross.

    Attributes
    ----------
    segments
        Straight pieces of wall from (x, y) to (x, y) in metres, shape (s, 4), with the outside of
        the building to the left.
    normals
        Directions of length one from each piece to the outside, shape (s, 2).
    lines
        The same pieces as lines, in a tree.
    buildings
        Parts of the union of all outlines that don't touch, in a tree.
    """

    segments: np.ndarray
    normals: np.ndarray
    lines: shapely.STRtree
    buildings: shapely.STRtree

    def inside(self, points: np.ndarray, tolerance_m: float = TOUCHING_M) -> np.ndarray:
        """Tell which points lie in a building, further than a tolerance from its walls.

        Parameters
        ----------
        points
            Metres, shape (m, 2).
        tolerance_m
            Metres; with 0, points on a wall are inside as well.

        Returns
        -------
        numpy.ndarray
            Booleans, shape (m,).
        """
        found = np.zeros(len(points), dtype=bool)
        at = shapely.points(points)
        point, building = self.buildings.query(at)
        x, y = np.asarray(points, dtype=float)[point].T
        within = shapely.intersects_xy(self.buildings.geometries[building], x, y)
        found[point[within]] = True
        if tolerance_m > 0:
            rows = np.flatnonzero(found)
            near, _ = self.lines.query(at[rows], predicate="dwithin", distance=tolerance_m)
            found[rows[near]] = False
        return found

    def in_front(self, points: np.ndarray, tolerance_m: float = TOUCHING_M) -> np.ndarray:
        """Move points that are on a wall to just before it: cameras on facades, and entrances.

        A point within the tolerance of a wall, on either side, comes to stand ``CLEAR_M`` outside;
        at a corner, before both of its walls. All others stay where they are. Where there is no
        room (buildings almost touch), a point may end up inside one.

        Parameters
        ----------
        points
            Metres, shape (m, 2).
        tolerance_m
            Metres.

        Returns
        -------
        numpy.ndarray
            Metres, shape (m, 2).
        """
        moved = np.array(points, dtype=float).reshape(-1, 2)
        rows = np.arange(len(moved))
        for _ in range(PASSES):
            if not len(rows):
                break
            steps = self._steps_out(moved[rows], tolerance_m)
            moved[rows] += steps
            rows = rows[steps.any(axis=1)]
        return moved

    def _steps_out(self, points: np.ndarray, tolerance_m: float) -> np.ndarray:
        """Return what to add to points to bring them out of and away from their nearest walls."""
        at = shapely.points(points)
        point, wall = self.lines.query(at, predicate="dwithin", distance=tolerance_m)
        metres = shapely.distance(at[point], self.lines.geometries[wall])
        nearest = np.full(len(points), np.inf)
        np.minimum.at(nearest, point, metres)
        wants = (nearest < CLEAR_M - SAME_CORNER_M) | (
            np.isfinite(nearest) & self.inside(points, 0.0)
        )
        tied = wants[point] & (metres <= nearest[point] + SAME_CORNER_M)
        point, wall = point[tied], wall[tied]
        way = np.zeros((len(points), 2))
        np.add.at(way, point, self.normals[wall])
        way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
        normal = self.normals[wall]
        offset = ((points[point] - self.segments[wall, :2]) * normal).sum(axis=1)
        along = np.maximum((way[point] * normal).sum(axis=1), STEEPEST)
        step = np.zeros(len(points))
        np.maximum.at(step, point, (CLEAR_M - offset) / along)
        return way * step[:, None]


def walls_of(outlines: np.ndarray) -> Walls:
    """Make the walls of buildings from their outlines.

    Outlines are mended where they cross themselves and joined where they overlap or touch, on a
    grid of a hundredth of a millimetre: what is between two houses of a terrace is no wall, and no
    two walls cross. Courtyards have walls too. What has no area is no building.

    Parameters
    ----------
    outlines
        Shapely polygons or multipolygons in metres, shape (b,); none at all will do.
    """
    given = np.asarray(outlines, dtype=object).ravel()
    polygons = _polygons(shapely.make_valid(given[~shapely.is_missing(given)]))
    joined = shapely.union_all(polygons, grid_size=GRID_M)
    buildings = shapely.orient_polygons(_polygons(np.array([joined])), exterior_cw=True)
    rings = shapely.get_rings(buildings)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    segments = np.hstack([points[:-1], points[1:]])[ring[:-1] == ring[1:]].reshape(-1, 4)
    segments = np.unique(segments[(segments[:, :2] != segments[:, 2:]).any(axis=1)], axis=0)
    way = segments[:, 2:] - segments[:, :2]
    normals = np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
    shapely.prepare(buildings)
    lines = shapely.linestrings(segments.reshape(-1, 2, 2))
    return Walls(segments, normals, shapely.STRtree(lines), shapely.STRtree(buildings))


def _polygons(shapes: np.ndarray) -> np.ndarray:
    """Return the polygons among shapes, and those that are parts of them, leaving out the rest."""
    parts = shapes
    # A collection may hold multipolygons: they come apart at the second time.
    for _ in range(2):
        parts = shapely.get_parts(parts)
    polygons: np.ndarray = parts[
        (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    ]
    return polygons
