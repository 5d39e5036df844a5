"""Departments housed in a building: names that belong to it, and no buildings of their own.

Layers of departments, and points, repeat the buildings of other layers under another name.
"""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.estate.layers.features import text_column
from planner.estate.layers.properties import as_json, kinds, listed
from planner.estate.layers.shapes import POINT_RADIUS_M, Noted, noted
from planner.geo import nearest

DEPARTMENT = "department"
HOUSED = "Departments and other names of a building that another feature is"
# Points of these kinds, or so called, are places of their own, though they stand at a building.
OWN_PLACES = ("post", "lodge", "entrance", "gate", "door")
SO_CALLED = rf"\b(?:{'|'.join(OWN_PLACES)})$"
HELD_SHARE = 0.5
AT_M = 2.0


def without_housed(polygons: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Noted]]:
    """Take each department most of which lies on one building as housed there.

    Parameters
    ----------
    polygons
        Valid polygons in metres with ``name``, ``kind``, ``_file``, ``_row``; index 0 to n-1.

    Returns
    -------
    kept
        The other polygons, ``departments`` (JSON lists) filled; index 0 to k-1.
    noted
        What is said of each department.
    """
    kind = kinds(polygons)
    rows = np.flatnonzero(kind == DEPARTMENT)
    buildings = np.flatnonzero(kind == "building")
    shapes = polygons.geometry.to_numpy()
    which, found = shapely.STRtree(shapes[buildings]).query(shapes[rows], predicate="intersects")
    row, building = rows[which], buildings[found]
    shared = shapely.area(shapely.intersection(shapes[row], shapes[building]))
    share = shared / shapely.area(shapes[row])
    order = np.lexsort((building, -share, row))
    _, first = np.unique(row[order], return_index=True)
    best = order[first]
    best = best[share[best] > HELD_SHARE]
    return housed_in(polygons, polygons.loc[row[best]], building[best])


def without_points(
    points: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame, is_building: np.ndarray
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Noted]]:
    """Take each point at a building as a department housed there.

    Parameters
    ----------
    points
        Points in metres with ``name`` and optionally ``kind``.
    polygons
        Valid polygons in metres; index 0 to n-1.
    is_building
        Which of them are buildings, shape (n,).

    Returns
    -------
    points
        Those at no building, and those that are places of their own.
    polygons
        As given, ``departments`` filled.
    noted
        What is said of each department.
    """
    rows = np.flatnonzero(is_building)
    middles = shapely.get_coordinates(shapely.centroid(points.geometry.to_numpy()))
    # Of buildings that overlap, the smallest is the one meant.
    rows = rows[np.argsort(polygons.area.to_numpy()[rows], kind="stable")]
    found, _ = nearest(middles, polygons.geometry.to_numpy()[rows], AT_M)
    at = (found >= 0) & _names_a_department(points)
    together = pd.concat([polygons, points[at]], ignore_index=True)
    together = gpd.GeoDataFrame(together, geometry="geometry", crs=polygons.crs)
    kept, told = housed_in(together, together.iloc[len(polygons) :], rows[found[at]])
    return points[~at], kept, told


def without_doubles(points: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Noted]]:
    """Take a point within 8 m of an earlier one as another name of the same place.

    Parameters
    ----------
    points
        Points in metres with ``name`` and optionally ``kind``.
    """
    points = points.reset_index(drop=True)
    shapes = points.geometry.to_numpy()
    row, other = shapely.STRtree(shapes).query(shapes, "dwithin", distance=POINT_RADIUS_M)
    first = pd.Series(other).groupby(row).min().to_numpy(dtype=int)
    if not len(points):
        return points, []
    again = (first[first] == first) & (first < np.arange(len(points)))
    again &= _names_a_department(points)
    return housed_in(points, points[again], first[again])


def _names_a_department(points: gpd.GeoDataFrame) -> np.ndarray:
    """Mark the points that have a name and are no places of their own, shape (n,)."""
    kind = kinds(points)
    name = text_column(points, "name").str.lower()
    own = kind.isin(OWN_PLACES) | name.str.contains(SO_CALLED, regex=True)
    named: np.ndarray = ((name != "") & ~own).to_numpy()
    return named


def housed_in(
    features: gpd.GeoDataFrame, departments: gpd.GeoDataFrame, buildings: np.ndarray
) -> tuple[gpd.GeoDataFrame, list[Noted]]:
    """Move departments into the buildings that house them.

    Parameters
    ----------
    features
        Everything; index 0 to n-1.
    departments
        Rows of it.
    buildings
        Row of the building of each.
    """
    names = departments["name"].groupby(buildings).agg(list)
    lists = listed(features, "departments", "department")
    own = features["name"]
    merged = {
        row: _merged(lists[row], [name for name in found if name not in ("", own[row])])
        for row, found in names.items()
    }
    lists = lists.astype(object)
    lists.loc[list(merged)] = list(merged.values())
    told = noted(departments, HOUSED, own.loc[buildings].tolist())
    kept = features.assign(departments=lists).drop(index=departments.index)
    return kept.reset_index(drop=True), told


def _merged(listed_before: str, more: list[str]) -> str:
    return as_json([*json.loads(listed_before), *more])
