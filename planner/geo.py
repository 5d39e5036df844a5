"""Coordinates: the metric system of an estate, distances, and what lies far from the rest."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer
from scipy.sparse import csr_array
from sklearn.cluster import DBSCAN

from planner.errors import EstateError

WGS84 = "EPSG:4326"
EARTH_RADIUS_M = 6_371_008.8
FAR_M = 10_000.0


def metric_crs(longitude: np.ndarray, latitude: np.ndarray) -> str:
    """Choose the UTM zone of the median point as the estate's metric system.

    Parameters
    ----------
    longitude, latitude
        Degrees in WGS84, shape (n,).

    Returns
    -------
    str
        Authority code, such as ``"EPSG:32630"``; lengths in it are true to 0.1 %.

    Raises
    ------
    EstateError
        If the middle of the estate lies where UTM is not defined (beyond 84 N or 80 S).
    """
    middle = gpd.GeoSeries.from_xy([np.median(longitude)], [np.median(latitude)], crs=WGS84)
    try:
        code = middle.estimate_utm_crs().to_authority()
    except (RuntimeError, ValueError) as error:
        raise EstateError(
            "No metric coordinate system fits the middle of the estate "
            f"({middle.x[0]:.4f}, {middle.y[0]:.4f}); are longitude and latitude in WGS84?"
        ) from error
    return ":".join(code)


def far_from_rest(longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Mark the points that no chain of steps of at most 10 km joins to the largest group.

    Parameters
    ----------
    longitude, latitude
        Degrees in WGS84, shape (n,).

    Returns
    -------
    numpy.ndarray
        Booleans, shape (n,); True where a point is far from the rest.
    """
    radians = np.radians(np.column_stack([latitude, longitude]))
    groups = DBSCAN(eps=FAR_M / EARTH_RADIUS_M, min_samples=1, metric="haversine").fit_predict(
        radians
    )
    far: np.ndarray = groups != np.bincount(groups).argmax()
    return far


def to_metric(longitude: np.ndarray, latitude: np.ndarray, crs: str) -> np.ndarray:
    """Project WGS84 degrees to metres, shape (n, 2); what cannot be projected is infinite."""
    x, y = _transformer(WGS84, crs).transform(longitude, latitude)
    return np.column_stack([x, y])


def to_degrees(points: np.ndarray, crs: str) -> np.ndarray:
    """Turn metric points, shape (n, 2), into WGS84 longitude and latitude, shape (n, 2)."""
    longitude, latitude = _transformer(crs, WGS84).transform(points[:, 0], points[:, 1])
    return np.column_stack([longitude, latitude])


def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(
        CRS.from_user_input(source), CRS.from_user_input(target), always_xy=True
    )


def grid_bearing(true: np.ndarray, points: np.ndarray, crs: str) -> np.ndarray:
    """Turn bearings from true north into bearings from the grid's north at some points.

    Parameters
    ----------
    true
        Degrees clockwise from true north, shape (n,).
    points
        Metres in the grid, shape (n, 2).
    crs
        The grid.

    Returns
    -------
    numpy.ndarray
        Degrees clockwise from grid north, from 0 to 360, shape (n,).
    """
    turned: np.ndarray = (true - convergence(points, crs)) % 360.0
    return turned


def true_bearing(grid: np.ndarray, points: np.ndarray, crs: str) -> np.ndarray:
    """Do the reverse of :func:`grid_bearing`."""
    turned: np.ndarray = (grid + convergence(points, crs)) % 360.0
    return turned


def convergence(points: np.ndarray, crs: str) -> np.ndarray:
    """Return by how much the grid's north lies clockwise of true north, degrees of shape (n,)."""
    if not len(points):
        return np.zeros(0)
    degrees = to_degrees(points, crs)
    factors = Proj(crs).get_factors(degrees[:, 0], degrees[:, 1])
    found: np.ndarray = np.asarray(factors.meridian_convergence, dtype=float)
    return found


def nearest(
    points: np.ndarray, shapes: np.ndarray, reach_m: float = np.inf
) -> tuple[np.ndarray, np.ndarray]:
    """Find the shape nearest to each point; the lower row number wins a tie.

    Parameters
    ----------
    points
        Metres, shape (n, 2); rows that are not finite find nothing.
    shapes
        Shapely geometries in the same system, shape (m,).
    reach_m
        Greatest distance in metres.

    Returns
    -------
    index, distance
        Row of the nearest shape (-1 where none lies within reach) and metres to it (infinite
        there), both of shape (n,).
    """
    index = np.full(len(points), -1)
    distance = np.full(len(points), np.inf)
    usable = np.flatnonzero(np.isfinite(points).all(axis=1))
    if not len(usable) or not len(shapes):
        return index, distance
    (row, found), metres = shapely.STRtree(shapes).query_nearest(
        shapely.points(points[usable]),
        max_distance=reach_m if np.isfinite(reach_m) else None,
        return_distance=True,
        all_matches=True,
    )
    order = np.lexsort((found, row))
    first = np.unique(row[order], return_index=True)
    index[usable[first[0]]] = found[order][first[1]]
    distance[usable[first[0]]] = metres[order][first[1]]
    return index, distance


def in_range(positions: np.ndarray, points: np.ndarray, ranges: np.ndarray | float) -> csr_array:
    """Tell which points lie within range of which position.

    Parameters
    ----------
    positions, points
        Metres, shape (c, 2) and (p, 2).
    ranges
        Metres, one or shape (c,).

    Returns
    -------
    scipy.sparse.csr_array
        Ones, shape (c, p).
    """
    shape = (len(positions), len(points))
    if not len(positions) or not len(points):
        return csr_array(shape, dtype=float)
    tree = shapely.STRtree(shapely.points(points))
    position, point = tree.query(
        shapely.points(positions),
        predicate="dwithin",
        distance=np.broadcast_to(ranges, len(positions)),
    )
    # The tree answers position by position: that is the order of the array's rows.
    begins = np.concatenate([[0], np.cumsum(np.bincount(position, minlength=len(positions)))])
    return csr_array((np.ones(len(position)), point, begins), shape=shape)


def degree_pairs(points: np.ndarray, crs: str) -> tuple[tuple[float, float], ...]:
    """Return metric points, shape (n, 2), as pairs of longitude and latitude to six decimals."""
    degrees = np.round(to_degrees(points, crs), 6)
    return tuple((float(longitude), float(latitude)) for longitude, latitude in degrees)
