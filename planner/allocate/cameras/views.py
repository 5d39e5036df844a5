"""What cameras see of the demand, by day and after dark, and of what must not be watched.

A point is seen by a camera where no wall stands between (:mod:`planner.allocate.sightlines`), it
lies in the camera's field of view and range, beyond the ground below it, and its grade of detail
is reached: pixels for every metre of a target there. After dark pixels count for less, unless a
lamp lights the target. Of a camera whose sensor is not stated the range alone counts, and after
dark that much less of it. A camera that turns sees each way for as much of the time as its field
of view is of the whole circle.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.allocate.sightlines.horizons import Horizons, horizons, pairs_within
from planner.allocate.sightlines.lighting import lit
from planner.allocate.sightlines.optics import (
    blind_m,
    in_field,
    off_axis,
    pixels_per_metre,
)
from planner.allocate.sightlines.walls import Walls

FULL_CIRCLE = 360.0


@dataclass(frozen=True)
class Views:
    """Cameras that stand or could stand; rows are options.

    Attributes
    ----------
    places
        Where cameras can be, in metres, shape (n, 2).
    place
        Row of each option's place, shape (options,).
    bearing
        Degrees clockwise from grid north, shape (options,).
    field_of_view
        Degrees, shape (options,).
    height_m, range_m
        Metres, shape (options,).
    sensor_px
        Pixels across; NaN where it is not stated, shape (options,).
    night_factor
        Shape (options,).
    turns
        Whether it turns all round, shape (options,).
    """

    places: np.ndarray
    place: np.ndarray
    bearing: np.ndarray
    field_of_view: np.ndarray
    height_m: np.ndarray
    range_m: np.ndarray
    sensor_px: np.ndarray
    night_factor: np.ndarray
    turns: np.ndarray

    def __len__(self) -> int:
        """How many options there are."""
        return len(self.place)

    @property
    def reach(self) -> np.ndarray:
        """The greatest range at each place, shape (n,)."""
        reach: np.ndarray = np.zeros(len(self.places))
        np.maximum.at(reach, self.place, self.range_m)
        return reach


@dataclass(frozen=True)
class Targets:
    """What is looked at: points, and which of them a lamp lights.

    Attributes
    ----------
    points
        Metres, shape (p, 2).
    lit
        Booleans, shape (p,).
    pixels
        Pixels a metre that the wanted grade needs.
    """

    points: np.ndarray
    lit: np.ndarray
    pixels: float


def targets(points: np.ndarray, lamps: np.ndarray, lamp_reach_m: float, pixels: float) -> Targets:
    """Return points to be looked at, lit where a lamp is near."""
    return Targets(points, lit(points, lamps, lamp_reach_m), pixels)


@dataclass(frozen=True)
class Sights:
    """Which option has which point in its field, with no wall between; entries of one table.

    Attributes
    ----------
    option, point
        Rows, shape (entries,).
    metres, off_axis
        Distance on the ground, and degrees from the middle of the view, shape (entries,).
    """

    option: np.ndarray
    point: np.ndarray
    metres: np.ndarray
    off_axis: np.ndarray


def look_around(views: Views, walls: Walls) -> Horizons:
    """Return how far one sees from each place of the views."""
    return horizons(views.places, np.maximum(views.reach, 1e-3), walls)


def sights(views: Views, around: Horizons, points: np.ndarray) -> Sights:
    """Find what lies in each option's field and range, unblocked.

    Parameters
    ----------
    views, around
        The options, and what :func:`look_around` says of their places.
    points
        Metres, shape (p, 2).
    """
    at, point = pairs_within(around.positions, around.ranges, points)
    seen = around.sees(at, points[point])
    at, point = at[seen], point[seen]
    order = np.argsort(at, kind="stable")
    at, point = at[order], point[order]
    begins = np.searchsorted(at, np.arange(len(views.places) + 1))
    counts = np.diff(begins)[views.place]
    option = np.repeat(np.arange(len(views)), counts)
    within = np.arange(len(option)) - np.repeat(np.cumsum(counts) - counts, counts)
    point = point[begins[views.place][option] + within]
    origin = around.positions[views.place[option]]
    metres = np.hypot(*(points[point] - origin).T)
    degrees = off_axis(views.bearing[option], origin, points[point])
    wide = np.where(views.turns, FULL_CIRCLE, views.field_of_view)[option]
    kept = in_field(degrees, wide) & (metres <= views.range_m[option])
    return Sights(option[kept], point[kept], metres[kept], degrees[kept])


def shares_seen(views: Views, found: Sights, looked_at: Targets) -> tuple[csr_array, csr_array]:
    """Return the share of the time in which each option sees each point well enough.

    Returns
    -------
    day, night
        By day and after dark, shape (options, p) each.
    """
    option, point = found.option, found.point
    axis = np.where(views.turns[option], 0.0, found.off_axis)
    stated = np.isfinite(views.sensor_px[option])
    pixels = pixels_per_metre(
        found.metres,
        views.height_m[option],
        views.field_of_view[option],
        np.where(stated, views.sensor_px[option], 1.0),
        axis,
    )
    blind = np.where(
        views.turns,
        0.0,
        blind_m(views.height_m, views.field_of_view, views.range_m),
    )[option]
    near = found.metres >= blind
    time = np.where(views.turns, views.field_of_view / FULL_CIRCLE, 1.0)[option]
    factor = np.where(looked_at.lit[point], 1.0, views.night_factor[option])
    shape = (len(views), len(looked_at.points))
    made = []
    for counted in (np.ones(len(option)), factor):
        by_range = found.metres <= views.range_m[option] * counted
        enough = np.where(stated, pixels * counted >= looked_at.pixels, by_range)
        kept = near & enough
        made.append(csr_array((time[kept], (option[kept], point[kept])), shape=shape))
    return made[0], made[1]


def shares_exposed(
    views: Views, found: Sights, owner: np.ndarray, metres: np.ndarray, count: int
) -> csr_array:
    """Return the share of each private place that each option could see, however small.

    Parameters
    ----------
    views, found
        The options, and what they see of the points of private places.
    owner, metres
        Private place of each point, and what each point stands for, shape (p,).
    count
        How many private places there are.
    """
    whole = np.bincount(owner, metres, minlength=count)
    part = metres[found.point] / whole[owner[found.point]]
    return csr_array((part, (found.option, owner[found.point])), shape=(len(views), count))
