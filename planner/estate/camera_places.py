"""Whether cameras can stand where a file has them: on the estate, and in no building."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import EstateError
from planner.estate.control import controller_column, is_own
from planner.estate.layers.features import LeftOut, text_column
from planner.estate.layers.shapes import POINTS, Noted, left_out, noted

# Walls carry cameras, and both are drawn some metres off: so far within it is meant to be on it.
WALL_M = 2.0
CLEAR_M = 0.3
# Walls further off can't be the nearest way out of a building for a camera that may be moved.
NEAR_M = 10.0
MOVED = f"Cameras drawn within a wall moved to {CLEAR_M} m before it"


def check_own(
    features: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    posts: gpd.GeoDataFrame,
    area: shapely.Geometry,
) -> None:
    """Refuse a file of cameras in which one of the service's own stands off the estate.

    Parameters
    ----------
    features
        As read, with ``_file`` and ``_row``; only points count.
    sites, posts
        The estate's sites, and the service's own posts.
    area
        The ground that the estate answers for.

    Raises
    ------
    EstateError
        If one does, naming it and how far off it stands.
    """
    points = features[features.geom_type.isin(POINTS)].to_crs(sites.crs)
    own = points[is_own(points.assign(kind="", controller=controller_column(points)), posts)]
    off = own[_off(own, area)]
    if len(off):
        row = off.iloc[0]
        name = text_column(off, "name").iloc[0] or f"Camera {row['_row']}"
        raise EstateError(
            f"{row['_file']}: camera in feature {row['_row']} ('{name}') lies "
            f"{_far_words(off, sites).iloc[0]}; mend its place, give the site that it watches, "
            "or take it out of the file."
        )


def on_estate(
    cameras: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, area: shapely.Geometry
) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Leave out the cameras that stand off the estate, as a layer of a whole town has them.

    Parameters
    ----------
    cameras
        In metres, with ``_file`` and ``_row``.
    sites
        The estate's sites.
    area
        The ground that the estate answers for.
    """
    off = _off(cameras, area)
    reasons = "it lies " + _far_words(cameras[off], sites)
    return cameras[~off], left_out(cameras[off], reasons)


def _off(points: gpd.GeoDataFrame, area: shapely.Geometry) -> np.ndarray:
    shapely.prepare(area)
    off: np.ndarray = ~shapely.intersects(area, points.geometry.to_numpy())
    return off


def _far_words(points: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> pd.Series:
    ground = shapely.union_all(sites.geometry.to_numpy())
    metres = pd.Series(shapely.distance(points.geometry.to_numpy(), ground), points.index)
    words: pd.Series = metres.map(_far).astype(str) + " from the nearest site, off the estate"
    return words


def _far(metres: float) -> str:
    if not np.isfinite(metres):
        return "a long way"
    return f"{metres:,.0f} m" if metres < 2_000 else f"{metres / 1000:,.0f} km"


def out_of_walls(
    cameras: gpd.GeoDataFrame, outlines: np.ndarray
) -> tuple[gpd.GeoDataFrame, list[Noted]]:
    """Move the cameras that stand at most 2 m within a building before its wall.

    Parameters
    ----------
    cameras
        In metres, with ``_file`` and ``_row``.
    outlines
        What blocks views, polygons of shape (n,).

    Returns
    -------
    cameras
        With those moved 0.3 m before the nearest wall.
    noted
        The moved ones.

    Raises
    ------
    EstateError
        If a camera stands deeper in a building.
    """
    tree = shapely.STRtree(outlines)
    shapes = cameras.geometry.to_numpy().copy()
    inside = np.unique(tree.query(shapes, predicate="intersects")[0])
    depth = np.zeros(len(shapes))
    for row in inside:
        # Houses of a terrace share walls: only what leads out of them all is a way out.
        block = shapely.union_all(outlines[tree.query(shapes[row], "dwithin", NEAR_M)])
        depth[row] = shapely.distance(shapes[row], shapely.boundary(block))
        clear = shapely.boundary(shapely.buffer(block, CLEAR_M))
        shapes[row] = shapely.get_point(shapely.shortest_line(shapes[row], clear), 1)
    if (depth > WALL_M).any():
        raise EstateError(_deep_words(cameras[depth > WALL_M], depth[depth > WALL_M]))
    placed = cameras.set_geometry(gpd.GeoSeries(shapes, cameras.index, crs=cameras.crs))
    return placed, noted(cameras.iloc[inside], MOVED)


def _deep_words(cameras: gpd.GeoDataFrame, depth: np.ndarray) -> str:
    row, more = cameras.iloc[0], len(cameras) - 1
    others = f" (and so do {more:,} more)" if more else ""
    return (
        f"{row['_file']}: camera in feature {row['_row']} ('{row['name']}') stands "
        f"{depth[0]:.1f} m within a building, where it would see nothing{others}; give its place "
        "on or before the wall, or take it out of the file."
    )
