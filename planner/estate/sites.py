"""Sites and the buildings that stand on them, told apart by their shapes.

A shape is a *site* where no larger shape holds more than half of it; every other shape is a
*building* of the smallest site that holds it. A site that holds no other shape is its own
building. Layers of colleges and buildings overlap one another, so what a layer calls a thing
decides nothing, save that a department is no building where another layer has the building.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import EstateError
from planner.estate.layers.departments import AT_M, without_doubles, without_housed, without_points
from planner.estate.layers.features import LeftOut, read_features, text_column, unique_ids
from planner.estate.layers.properties import described
from planner.estate.layers.shapes import (
    LEAST_AREA_M2,
    POINTS,
    POLYGONS,
    Noted,
    left_out,
    lines_as_ground,
    middles,
    only_near,
    points_as_ground,
)
from planner.geo import WGS84, metric_crs, nearest

HELD_SHARE = 0.5
SITE_COLUMNS = [
    "site", "name", "kind", "aliases", "controller", "access", "reference", "valid_from",
    "valid_to", "geometry",
]  # fmt: skip
BUILDING_COLUMNS = [
    "building", "site", "name", "number", "uprn", "address", "departments", "aliases", "kind",
    "listed", "controller", "access", "reference", "valid_from", "valid_to", "geometry",
]  # fmt: skip


@dataclass(frozen=True)
class Sites:
    """The sites and buildings of an estate, in its metric system.

    Attributes
    ----------
    sites
        Columns ``site`` (identifier), ``name``, ``kind``, ``aliases`` (a JSON list),
        ``controller``, ``access``, ``reference`` (the source's own identifier), ``valid_from``
        and ``valid_to`` (ISO days, ``""`` for no end), ``geometry``.
    buildings
        Columns ``building`` (identifier), ``site``, ``name``, ``number``, ``uprn``, ``address``,
        ``departments`` (housed there, a JSON list), ``listed`` (as what, ``""`` if it is not),
        and then as the sites.
    noted
        Features that are not as their file has them.
    layers
        The files, and layers of files, that they were read from.
    """

    sites: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    noted: tuple[Noted, ...] = ()
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteFiles:
    """Files of sites and buildings, and how to read them.

    Attributes
    ----------
    paths
        GeoJSON, GeoPackage, zipped Shapefile or CSV.
    name_field, id_field
        Properties that hold a feature's name (``name`` if None) and its source's identifier.
    crs
        The coordinate system of files that do not state their own, or None.
    layers
        Which layers of a file to read; all where none is named.
    """

    paths: Sequence[Path]
    name_field: str | None = None
    id_field: str | None = None
    crs: str | None = None
    layers: Sequence[str] = ()


def read_sites(files: SiteFiles) -> tuple[Sites, list[LeftOut]]:
    """Read sites and buildings and choose the estate's metric system.

    A point at a building names a department housed there; other points and open lines are given
    the ground around them. Each is noted.

    Raises
    ------
    EstateError
        If no shape remains, no feature has the property that holds the name, or one says
        something impossible of itself.
    UnreadableFile, UnknownFormat, RefusedFile
        If a file can't be used.
    """
    read = [read_features(path, files.crs, files.layers) for path in files.paths]
    unreadable = [item for _, faults in read for item in faults]
    features = gpd.GeoDataFrame(
        pd.concat([frame for frame, _ in read], ignore_index=True), crs=WGS84
    )
    features["name"] = _field(features, files.name_field or "name", "name", "--name-field")
    if files.id_field is not None:
        _field(features, files.id_field, "source's identifier", "--id-field")
    near, far = only_near(features)
    if near.empty:
        names = ", ".join(str(path) for path in files.paths)
        raise EstateError(f"{names}: no polygon, line or point is there to make a site of.")
    metric = near.to_crs(metric_crs(*middles(near)))
    ground, flat, told = _ground(metric.reset_index(drop=True))
    sites = split_sites(ground, files.id_field)
    layers = tuple(str(file) for file in features["_file"].unique())
    return replace(sites, noted=tuple(told), layers=layers), unreadable + far + flat


def _field(features: gpd.GeoDataFrame, field: str, holds: str, option: str) -> pd.Series:
    own = ("geometry", "_file", "_row")
    known = {str(column).lower() for column in features if column not in own}
    if field.lower() not in known:
        listed = ", ".join(sorted(str(column) for column in features if column not in own))
        raise EstateError(
            f"No feature has the property '{field}'; say which holds the {holds} with "
            f"{option}. The properties are: {listed or 'none'}."
        )
    return text_column(features, field)


def _ground(
    features: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, list[LeftOut], list[Noted]]:
    """Make polygons of all features in metres, save the points that name a department."""
    was_polygon = features.geom_type.isin(POLYGONS)
    features = features.set_geometry(shapely.make_valid(features.geometry.to_numpy()))
    flat = was_polygon & ~(features.geometry.area >= LEAST_AREA_M2)
    reasons = pd.Series("its polygon has no area", features.index)
    features, without_area = features[~flat], left_out(features[flat], reasons)
    features, widened = lines_as_ground(features.reset_index(drop=True))
    is_point = features.geom_type.isin(POINTS)
    polygons, housed = without_housed(features[~is_point].reset_index(drop=True))
    points, polygons, named = without_points(features[is_point], polygons, _buildings(polygons))
    points, doubles = without_doubles(points)
    discs, grown = points_as_ground(points)
    together = pd.concat([polygons, discs], ignore_index=True)
    if together.empty:
        raise EstateError(
            "The files hold no polygon with an area, and no line or point: there is no site."
        )
    ground = gpd.GeoDataFrame(together, geometry="geometry", crs=features.crs)
    told = [*widened, *housed, *named, *doubles, *grown]
    return ground, without_area, told


def _buildings(polygons: gpd.GeoDataFrame) -> np.ndarray:
    """Mark the polygons that hold no other, shape (n,)."""
    nothing_grown = np.zeros(len(polygons), dtype=bool)
    holder = _smallest_site_holding(polygons.geometry.to_numpy(), nothing_grown)
    return (holder >= 0) | ~np.isin(np.arange(len(polygons)), holder)


def split_sites(features: gpd.GeoDataFrame, id_field: str | None = None) -> Sites:
    """Tell sites from the buildings on them by which shape holds which.

    Parameters
    ----------
    features
        Valid polygons in metres with ``name`` and optionally what
        :func:`planner.estate.layers.properties.described` reads; index 0 to n-1.
    id_field
        The property that holds the source's own identifier.
    """
    grown = text_column(features, "_grown").eq("True").to_numpy()
    holder = _smallest_site_holding(features.geometry.to_numpy(), grown)
    on_site = holder >= 0
    table = pd.concat([features[["name", "geometry"]], described(features, id_field)], axis=1)
    sites = _site_table(table[~on_site])
    site_of_row = pd.Series(sites["site"].to_numpy(), index=features.index[~on_site])
    # A site that holds nothing but points is still a building too.
    alone = ~on_site & ~np.isin(np.arange(len(features)), holder[~grown])
    is_building = on_site | alone
    standing_on = np.where(on_site, holder, np.arange(len(features)))[is_building]
    return Sites(
        sites.reset_index(drop=True),
        _building_table(table[is_building], site_of_row.loc[standing_on].to_numpy()),
    )


def _smallest_site_holding(shapes: np.ndarray, grown: np.ndarray) -> np.ndarray:
    """Return for each shape the row of the smallest top shape that holds it, or -1.

    The ground that a point was given (``grown``) is held by what holds the point.
    """
    area = shapely.area(shapes)
    row, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    larger = (area[other] > area[row]) | ((area[other] == area[row]) & (other < row))
    row, other = row[larger], other[larger]
    share = shapely.area(shapely.intersection(shapes[row], shapes[other])) / area[row].clip(1e-9)
    at_point = shapely.dwithin(shapely.centroid(shapes[row]), shapes[other], AT_M)
    share = np.where(grown[row], at_point, share)
    row, other = row[share > HELD_SHARE], other[share > HELD_SHARE]
    is_top = np.ones(len(shapes), dtype=bool)
    is_top[row] = False
    row, other = row[is_top[other]], other[is_top[other]]
    holder = np.full(len(shapes), -1)
    order = np.argsort(-area[other], kind="stable")
    holder[row[order]] = other[order]
    # A shape held only by a shape that is itself no site stands on that shape's site.
    orphan = np.flatnonzero(~is_top & (holder < 0))
    tops = np.flatnonzero(is_top)
    centres = shapely.get_coordinates(shapely.point_on_surface(shapes[orphan]))
    holder[orphan] = tops[nearest(centres, shapes[tops])[0]] if len(orphan) else holder[orphan]
    return holder


def _site_table(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = features.assign(name=_telling_names(features))
    table["site"] = unique_ids(table["name"])
    return table[SITE_COLUMNS]


def _building_table(features: gpd.GeoDataFrame, sites: np.ndarray) -> gpd.GeoDataFrame:
    table = features.assign(site=sites)
    table["building"] = unique_ids(table["site"] + " " + table["name"])
    return table[BUILDING_COLUMNS].reset_index(drop=True)


def _telling_names(sites: gpd.GeoDataFrame) -> pd.Series:
    """Add the nearest site with a name of its own where a name is missing or repeated."""
    names = sites["name"].replace("", "Unnamed building")
    unclear = names.duplicated(keep=False) | (sites["name"] == "")
    if not unclear.any() or unclear.all():
        return names
    anchors = sites[~unclear]
    middle = shapely.get_coordinates(shapely.point_on_surface(sites.geometry[unclear].to_numpy()))
    index, _ = nearest(middle, anchors.geometry.to_numpy())
    return names.mask(unclear, names[unclear] + " near " + anchors["name"].iloc[index].to_numpy())
