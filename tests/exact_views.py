"""The exact view by another method: the disc of the range, less the shadow behind every wall.

Slow, and sure: no angles are sorted and no wall is left out. Each wall's shadow is a polygon that
begins at the wall and goes far beyond the range; what is left of the disc is what is seen.
"""

import numpy as np
import shapely

QUARTER_CORNERS = 900
BEYOND = 10.0


def exact_view(
    position: np.ndarray, range_m: float, outlines: list[shapely.Geometry]
) -> shapely.Geometry:
    """What is seen in all directions from a place outside all buildings."""
    disc = shapely.buffer(shapely.Point(position), range_m, quad_segs=QUARTER_CORNERS)
    joined = shapely.union_all(np.array(outlines, dtype=object))
    near = shapely.intersection(joined, shapely.box(*(shapely.buffer(disc, range_m / 2)).bounds))
    points, ring = shapely.get_coordinates(
        shapely.get_parts(shapely.boundary(shapely.get_parts(near))), return_index=True
    )
    follows = ring[1:] == ring[:-1]
    shadows = [
        shadow(position, start, end, BEYOND * range_m)
        for start, end in zip(points[:-1][follows], points[1:][follows], strict=True)
    ]
    return disc.difference(shapely.union_all([*shadows, near]))


def shadow(
    position: np.ndarray, start: np.ndarray, end: np.ndarray, far_m: float
) -> shapely.Geometry:
    """The ground that a wall hides from a place, out to somewhere beyond ``far_m`` / 2."""
    ways = np.array([start, end]) - position
    ways = ways / np.hypot(*ways.T)[:, None]
    middle = ways.sum(axis=0)
    if abs(ways[0, 0] * ways[1, 1] - ways[0, 1] * ways[1, 0]) < 1e-12:
        return shapely.Polygon()
    middle = middle / np.hypot(*middle)
    behind = position + far_m * np.array([ways[1], middle, ways[0]])
    return shapely.Polygon([start, end, *behind])
