"""Giving points and lines the ground that they stand for, and leaving out what lies far away."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.estate.layers.features import LeftOut, text_column
from planner.geo import FAR_M, far_from_rest

POINT_RADIUS_M = 8.0
LINE_RADIUS_M = 3.0
LEAST_AREA_M2 = 0.5
POLYGONS = ("Polygon", "MultiPolygon")
POINTS = ("Point", "MultiPoint")

CLOSED = "Closed lines taken as the ground within them"
WIDENED = f"Lines given {LINE_RADIUS_M:.0f} m of ground on either side"
ROUNDED = f"Points given a radius of {POINT_RADIUS_M:.0f} m"


@dataclass(frozen=True)
class Noted:
    """A feature that became part of the estate, but not as its file has it.

    Attributes
    ----------
    file, row, name
        Where it stands (row 1 is the first feature) and what it is called.
    note
        What became of it and of others, in words.
    building
        The building that it became part of; ``""`` where it is a place of its own.
    """

    file: str
    row: int
    name: str
    note: str
    building: str = ""


def left_out(rows: gpd.GeoDataFrame, reasons: pd.Series) -> list[LeftOut]:
    """List features with ``_file``, ``_row`` and ``name`` as left out, each for its reason."""
    return [
        LeftOut(file, int(row), name, reasons[index])
        for index, file, row, name in rows[["_file", "_row", "name"]].itertuples()
    ]


def noted(rows: gpd.GeoDataFrame, note: str, buildings: Sequence[str] = ()) -> list[Noted]:
    """List features with ``_file``, ``_row`` and ``name``, and where given their buildings."""
    listed = rows[["_file", "_row", "name"]].itertuples(index=False)
    return [
        Noted(file, int(row), name, note, building)
        for (file, row, name), building in zip(listed, buildings or [""] * len(rows), strict=True)
    ]


def middles(features: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of the middle of each feature's bounds, two arrays of shape (n,)."""
    left, low, right, high = features.bounds.to_numpy().T
    return (left + right) / 2, (low + high) / 2


def only_near(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Leave out the features that lie more than 10 km from the rest."""
    if features.empty:
        return features, []
    far = far_from_rest(*middles(features))
    reasons = pd.Series("it lies more than 10 km from the rest of the estate", features.index)
    return features[~far], left_out(features[far], reasons)


def near_sites(
    features: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, wanted: Sequence[str]
) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Leave out zones or cameras that are no such shape, or lie more than 10 km from the sites.

    Parameters
    ----------
    features
        As read, with ``_file`` and ``_row``.
    sites
        The estate's sites, in metres.
    wanted
        Kinds of shape, such as ``"Point"``.
    """
    named = features.assign(name=text_column(features, "name"))
    other = ~named.geom_type.isin(wanted)
    dropped = left_out(
        named[other], "it is a " + named.geom_type + f", and a {wanted[0]} is needed"
    )
    named = named[~other]
    shapes = named.geometry.to_crs(sites.crs).to_numpy()
    everywhere = shapely.box(*shapely.total_bounds(sites.geometry.to_numpy()))
    far = ~(shapely.distance(shapes, everywhere) <= FAR_M)
    reasons = pd.Series("it lies more than 10 km from the sites", named.index)
    return features.loc[named.index[~far]], dropped + left_out(named[far], reasons)


def lines_as_ground(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Noted]]:
    """Make polygons of all that is neither polygon nor point.

    A line that closes is the outline of its ground; any other is widened by 3 m, a stated
    convention.

    Parameters
    ----------
    features
        Valid shapes in metres, with ``_file``, ``_row`` and ``name``.
    """
    shapes = features.geometry.to_numpy().copy()
    line = ~features.geom_type.isin([*POLYGONS, *POINTS]).to_numpy()
    # Of a mixed collection, its polygons count.
    ground = shapely.buffer(shapes[line], 0)
    enclosed = shapely.buffer(shapely.polygonize(shapes[line][:, None]), 0)
    closed = shapely.is_empty(ground) & (shapely.area(enclosed) > LEAST_AREA_M2)
    ground[closed] = enclosed[closed]
    open_line = shapely.is_empty(ground)
    ground[open_line] = shapely.buffer(shapes[line][open_line], LINE_RADIUS_M)
    shapes[line] = ground
    changed = features[line]
    told = noted(changed[closed], CLOSED) + noted(changed[open_line], WIDENED)
    return features.set_geometry(gpd.GeoSeries(shapes, features.index, crs=features.crs)), told


def points_as_ground(points: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Noted]]:
    """Give points in metres a radius of 8 m, a stated convention; ``_grown`` marks them."""
    discs = points.geometry.buffer(POINT_RADIUS_M)
    return points.set_geometry(discs).assign(_grown=True), noted(points, ROUNDED)
