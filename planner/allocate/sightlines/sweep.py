"""The nearest wall in every direction from many places at once."""

from dataclasses import dataclass

import numpy as np
import shapely

from planner.allocate.sightlines.walls import Walls

# How many places are looked around from together, and how many faces in directions: memory.
PLACES_AT_ONCE = 256
PAIRS_AT_ONCE = 1_000_000
# A wall that is seen so much from its edge hides nothing.
EDGE_ON_M = 1e-9
# Directions that are closer (in radians) are one: at 100 m, a tenth of a nanometre.
NARROW = 1e-12


@dataclass(frozen=True)
class Faces:
    """Faces of walls that look towards a place, as far as they lie within its range.

    Attributes
    ----------
    place, wall
        Rows of the places and of the walls, shape (f,).
    inverse
        What a direction of length one is multiplied with to get one over the metres to the face,
        shape (f, 2).
    begins, ends
        Directions between which the face lies, counter-clockwise, radians in [-pi, pi), shape (f,).
    """

    place: np.ndarray
    wall: np.ndarray
    inverse: np.ndarray
    begins: np.ndarray
    ends: np.ndarray


def nearest_walls(
    places: np.ndarray, ranges: np.ndarray, walls: Walls
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the wall that bounds the view from each place in each direction.

    Walls don't cross, so which is the nearest changes only in directions in which one begins or
    ends, or leaves the range. Between two such directions the nearest in their middle is the
    nearest in all. Each face is compared only in the directions that it covers.

    Parameters
    ----------
    places
        Metres, outside all buildings, shape (n, 2).
    ranges
        Metres, shape (n,); with 0 nothing is seen.
    walls
        What blocks the view.

    Returns
    -------
    offsets
        Where the intervals of each place begin, shape (n + 1,).
    starts
        Direction in which each interval begins, radians counter-clockwise from east; the first of
        a place is -pi. Shape (i,).
    wall
        Which wall bounds each interval, -1 where none does within the range, shape (i,).
    """
    counts, starts, wall = [np.zeros(1, dtype=int)], [np.zeros(0)], [np.zeros(0, dtype=int)]
    for first in range(0, len(places), PLACES_AT_ONCE):
        block = slice(first, first + PLACES_AT_ONCE)
        faces = _faces(places[block], ranges[block], walls)
        found = _nearest(faces, len(places[block]))
        counts.append(np.bincount(found[0], minlength=len(places[block])))
        starts.append(found[1])
        wall.append(found[2])
    return np.cumsum(np.concatenate(counts)), np.concatenate(starts), np.concatenate(wall)


def _faces(places: np.ndarray, ranges: np.ndarray, walls: Walls) -> Faces:
    x, y = places.T
    boxes = shapely.box(x - ranges, y - ranges, x + ranges, y + ranges)
    place, wall = walls.lines.query(boxes)
    # From outside, the first wall in any direction is one whose outside is seen.
    away = ((places[place] - walls.segments[wall, :2]) * walls.normals[wall]).sum(axis=1)
    facing = (away > EDGE_ON_M) & (away < ranges[place])
    place, wall, away = place[facing], wall[facing], away[facing]
    normal = walls.normals[wall]
    along = np.column_stack([normal[:, 1], -normal[:, 0]])
    start = walls.segments[wall, :2] - places[place]
    end = walls.segments[wall, 2:] - places[place]
    half = np.sqrt(ranges[place] ** 2 - away**2)
    early = (start * along).sum(axis=1) < -half
    late = (end * along).sum(axis=1) > half
    foot = -away[:, None] * normal
    begins = _angles(np.where(early[:, None], foot - half[:, None] * along, start))
    ends = _angles(np.where(late[:, None], foot + half[:, None] * along, end))
    meets = ((start * along).sum(axis=1) < half) & ((end * along).sum(axis=1) > -half)
    inverse = -normal / away[:, None]
    return Faces(place[meets], wall[meets], inverse[meets], begins[meets], ends[meets])


def _angles(ways: np.ndarray) -> np.ndarray:
    angles = np.arctan2(ways[:, 1], ways[:, 0])
    return np.where(angles >= np.pi, -np.pi, angles)


def _nearest(faces: Faces, places: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the place, the start and the wall of every interval, place by place."""
    angle = np.concatenate([np.full(places, -np.pi), faces.begins, faces.ends])
    owner = np.concatenate([np.arange(places), faces.place, faces.place])
    order = np.lexsort((angle, owner))
    angle, owner = angle[order], owner[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (angle[1:] != angle[:-1]) | (owner[1:] != owner[:-1])
    number = np.empty(len(order), dtype=int)
    number[order] = np.cumsum(new) - 1
    starts, owner = angle[new], owner[new]
    first, begins, ends = np.split(number, [places, places + len(faces.place)])
    middles = (starts + _ends(starts, owner)) / 2
    wall = _winners(middles, _spans(faces, first, begins, ends, len(starts)), faces)
    return _merged(owner, starts, wall)


def _ends(starts: np.ndarray, owner: np.ndarray) -> np.ndarray:
    ends = np.full(len(starts), np.pi)
    ends[:-1] = np.where(owner[1:] == owner[:-1], starts[1:], np.pi)
    return ends


def _spans(
    faces: Faces, first: np.ndarray, begins: np.ndarray, ends: np.ndarray, intervals: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return faces with the intervals that they cover, from one to before another.

    A face that lies across the direction west is in two spans: to the end, and from the first.
    """
    across = np.flatnonzero(faces.begins - faces.ends > np.pi)
    after_last = np.append(first[1:], intervals)
    till = ends.copy()
    till[across] = after_last[faces.place[across]]
    return (
        np.concatenate([np.arange(len(begins)), across]),
        np.concatenate([begins, first[faces.place[across]]]),
        np.concatenate([till, ends[across]]),
    )


def _winners(
    middles: np.ndarray, spans: tuple[np.ndarray, np.ndarray, np.ndarray], faces: Faces
) -> np.ndarray:
    """Return the wall that is nearest in each of the directions, -1 where there is none."""
    east, north = np.cos(middles), np.sin(middles)
    nearest, wall = np.zeros(len(middles)), np.full(len(middles), -1)
    span_face, span_from, span_till = spans
    counts = np.maximum(span_till - span_from, 0)
    block = np.cumsum(counts) // PAIRS_AT_ONCE
    for rows in np.split(np.arange(len(counts)), np.flatnonzero(np.diff(block)) + 1):
        count = counts[rows]
        face = np.repeat(span_face[rows], count)
        skipped = np.repeat(np.cumsum(count) - count - span_from[rows], count)
        interval = np.arange(len(face)) - skipped
        inverse = east[interval] * faces.inverse[face, 0] + north[interval] * faces.inverse[face, 1]
        np.maximum.at(nearest, interval, inverse)
        best = inverse >= nearest[interval]
        wall[interval[best]] = faces.wall[face[best]]
    return wall


def _merged(
    owner: np.ndarray, starts: np.ndarray, wall: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join intervals that the same wall bounds, and those too narrow to be any."""
    for join in (_too_narrow, _same_wall):
        kept = ~join(owner, starts, wall)
        kept[1:] |= owner[1:] != owner[:-1]
        kept[:1] = True
        owner, starts, wall = owner[kept], starts[kept], wall[kept]
    return owner, starts, wall


def _too_narrow(owner: np.ndarray, starts: np.ndarray, wall: np.ndarray) -> np.ndarray:
    narrow: np.ndarray = _ends(starts, owner) - starts < NARROW
    return narrow


def _same_wall(owner: np.ndarray, starts: np.ndarray, wall: np.ndarray) -> np.ndarray:
    same = np.zeros(len(wall), dtype=bool)
    same[1:] = wall[1:] == wall[:-1]
    return same
