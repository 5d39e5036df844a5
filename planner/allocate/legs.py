"""Legs: how far and how long it is between the places of a plan, and which way.

On foot the shortest way is the quickest. A bicycle is ridden where it may be and pushed or carried
elsewhere, along the quickest way; a vehicle is parked (:mod:`planner.allocate.drives`).
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial.distance import cdist

from planner.allocate.drives import Drives, drives_between
from planner.estate.shortest_ways import Ways
from planner.estate.streets import Streets
from planner.geo import nearest
from planner.travel_modes import FOOT, VEHICLE, TravelMode

# In place of what is infinite: a leg that fits in no shift.
NEVER_S = 10**9
# Sums of fractions that should be whole are not counted as a second more.
ROUNDING_S = 1e-6


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
    """Ways between k places by one mode of travel.

    Attributes
    ----------
    points
        The places, metres, shape (k, 2).
    metres
        Lengths along the quickest ways, shape (k, k); infinite where there is none.
    seconds
        Times, whole and rounded up, shape (k, k). They obey the triangle inequality as the times
        do before they are rounded, since ceil(a + b) <= ceil(a) + ceil(b). Only where times are
        within 2e-6 s above whole seconds may a leg be one second longer than a detour.
    ways
        Ways along the streets; None for straight lines.
    street_points
        Coordinates of the street nodes, shape (n, 2), or None.
    """

    points: np.ndarray
    metres: np.ndarray
    seconds: np.ndarray
    ways: Ways | Drives | None
    street_points: np.ndarray | None

    def way(self, start: int, end: int) -> np.ndarray:
        """Return the points of the way from one place to another, metres, shape (p, 2)."""
        if self.ways is None or self.street_points is None:
            straight: np.ndarray = self.points[[start, end]]
            return straight
        along: np.ndarray = self.street_points[self.ways.nodes(start, end)]
        return along


def legs_between(
    streets: Streets | None, points: np.ndarray, nodes: np.ndarray, mode: TravelMode
) -> Legs:
    """Measure the quickest ways between all places.

    Parameters
    ----------
    streets
        The walking network as it is open in the shift; without one distances are straight lines,
        and the whole of each is ridden or driven.
    points, nodes
        Places, shape (k, 2) and (k,).
    mode
        How the team gets about.

    Raises
    ------
    EstateError
        If a team has a vehicle and none of the streets can be driven on.
    """
    if streets is None:
        metres = cdist(points, points)
        return Legs(points, metres, _rounded_up(metres / mode.metres_per_second), None, None)
    ways: Ways | Drives
    if mode.name == VEHICLE:
        ways = drives_between(streets, nodes, mode)
        seconds = ways.seconds
    elif mode.name == FOOT:
        ways = streets.walks_between(nodes)
        seconds = ways.metres / mode.metres_per_second
    else:
        ways = streets.rides_between(nodes, _riding_seconds(streets, mode))
        seconds = ways.costs
    return Legs(points, ways.metres, _rounded_up(seconds), ways, streets.points)


def _riding_seconds(streets: Streets, mode: TravelMode) -> np.ndarray:
    """Seconds that each edge takes, shape (m,): ridden where that is allowed, pushed elsewhere."""
    allowed = streets.allows(mode.not_on)
    speed = np.where(allowed, mode.metres_per_second, mode.walking_metres_per_second)
    seconds: np.ndarray = streets.lengths / speed
    return seconds


def _rounded_up(seconds: np.ndarray) -> np.ndarray:
    finite = np.where(np.isfinite(seconds), seconds, NEVER_S)
    return np.ceil(finite - ROUNDING_S).astype(np.int64)


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
