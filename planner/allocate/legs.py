"""Legs: how far and how long it is on foot between the places of a plan, and which way."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial.distance import cdist

from planner.estate.streets import Streets, Walks
from planner.geo import nearest


@dataclass(frozen=True)
class Place:
    """Where a patrol can stand.

    Attributes
    ----------
    name
        What people call it.
    point
        Metres, shape (2,).
    node
        Street node, -1 where no streets are known.
    """

    name: str
    point: np.ndarray
    node: int


@dataclass(frozen=True)
class Legs:
    """Walks between k places.

    Attributes
    ----------
    points
        The places, metres, shape (k, 2).
    metres
        Walking distances, shape (k, k).
    seconds
        Walking times, rounded up, shape (k, k).
    walks
        Ways along the streets; None for straight lines.
    street_points
        Coordinates of the street nodes, shape (n, 2), or None.
    """

    points: np.ndarray
    metres: np.ndarray
    seconds: np.ndarray
    walks: Walks | None
    street_points: np.ndarray | None

    def way(self, start: int, end: int) -> np.ndarray:
        """Return the points of the walk from one place to another, metres, shape (p, 2)."""
        if self.walks is None or self.street_points is None:
            straight: np.ndarray = self.points[[start, end]]
            return straight
        along: np.ndarray = self.street_points[self.walks.nodes(start, end)]
        return along


def legs_between(
    streets: Streets | None, points: np.ndarray, nodes: np.ndarray, speed: float
) -> Legs:
    """Measure all walks between places.

    Parameters
    ----------
    streets
        The walking network as it is open in the shift; without one distances are straight lines.
    points, nodes
        Places, shape (k, 2) and (k,).
    speed
        Metres a second.
    """
    if streets is None:
        metres = cdist(points, points)
        return Legs(points, metres, np.ceil(metres / speed).astype(np.int64), None, None)
    walks = streets.walks_between(nodes)
    finite = np.where(np.isfinite(walks.metres), walks.metres, 1e9)
    seconds = np.ceil(finite / speed).astype(np.int64)
    return Legs(points, walks.metres, seconds, walks, streets.points)


def place_at(streets: Streets | None, name: str, shape: shapely.Geometry) -> tuple[Place, float]:
    """Put a post on the streets; return the place and its distance from the post in metres.

    Parameters
    ----------
    streets
        The walking network as it is open in the shift; without one the post is its middle.
    name, shape
        The post's, in metres.
    """
    middle = shapely.get_coordinates(shapely.centroid(shape))[0]
    if streets is None:
        return Place(name, middle, -1), 0.0
    standing = np.flatnonzero(streets.standing)
    if not len(standing):
        return Place(name, middle, -1), math.inf
    nodes = shapely.points(streets.points[standing])
    index, _ = nearest(middle[None, :], nodes)
    node = int(standing[index[0]])
    return Place(name, streets.points[node], node), float(shapely.distance(shape, nodes[index[0]]))


def stretched(seconds: np.ndarray | float, reserve: float) -> np.ndarray:
    """Make room for calls: what takes s seconds takes s / (1 - reserve) of the shift."""
    return np.ceil(np.asarray(seconds) / (1.0 - reserve) - 1e-9).astype(np.int64)


def whole_seconds(minutes: float) -> int:
    """Return minutes as whole seconds, rounded up."""
    return math.ceil(minutes * 60 - 1e-9)
