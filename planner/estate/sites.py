"""Sites and the buildings that stand on them, told apart by their shapes.

A shape is a *site* where no larger shape holds more than half of it; every other shape is a
*building* of the smallest site that holds it. A site that holds no other shape is its own
building. Layers of colleges, departments and buildings
overlap one another, so what a layer calls a thing decides nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import EstateError
from planner.estate.features import LeftOut, read_features, text_column, unique_ids
from planner.geo import FAR_M, WGS84, far_from_rest, metric_crs, nearest
from planner.text import readable

HELD_SHARE = 0.5
LEAST_AREA_M2 = 0.5
SITE_COLUMNS = ["site", "name", "kind", "aliases", "controller", "access", "geometry"]
BUILDING_COLUMNS = ["building", "site", "name", "kind", "controller", "access", "geometry"]


@dataclass(frozen=True)
class Sites:
    """The sites and buildings of an estate, in its metric system.

    Attributes
    ----------
    sites
        Columns ``site`` (identifier), ``name``, ``kind``, ``aliases`` (a JSON list),
        ``controller``, ``access``, ``geometry``.
    buildings
        Columns ``building`` (identifier), ``site``, ``name``, ``kind``, ``controller``,
        ``access``, ``geometry``.
    """

    sites: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame


def read_sites(paths: Sequence[Path], name_field: str | None = None) -> tuple[Sites, list[LeftOut]]:
    """Read sites and buildings from GeoJSON files and choose the estate's metric system.

    Parameters
    ----------
    paths
        GeoJSON files.
    name_field
        Property that holds a feature's name; ``name`` where not given.

    Raises
    ------
    EstateError
        If no polygon remains or no feature has the name property.
    UnreadableFile, UnknownFormat
        If a file is no GeoJSON.
    """
    read = [read_features(path) for path in paths]
    left_out = [item for _, faults in read for item in faults]
    features = gpd.GeoDataFrame(
        pd.concat([frame for frame, _ in read], ignore_index=True), crs=WGS84
    )
    features["name"] = _names(features, name_field)
    close, far = _only_near(features)
    near, dropped = _only_polygons(close)
    middle = near.geometry.representative_point()
    metric = near.to_crs(metric_crs(middle.x.to_numpy(), middle.y.to_numpy()))
    metric.geometry = shapely.make_valid(metric.geometry.to_numpy())
    flat = metric.geometry.area < LEAST_AREA_M2
    if flat.all():
        raise EstateError(
            "The files hold no polygon with an area, so there is no site to plan for."
        )
    reasons = pd.Series("its polygon has no area", metric.index)
    dropped += _left_out(metric[flat], reasons)
    return split_sites(metric[~flat].reset_index(drop=True)), left_out + far + dropped


def _names(features: gpd.GeoDataFrame, name_field: str | None) -> pd.Series:
    field = name_field or "name"
    own = ("geometry", "_file", "_row")
    if field not in features or field in own:
        known = ", ".join(sorted(str(column) for column in features if column not in own))
        raise EstateError(
            f"No feature has the property '{field}'; say which holds the name with "
            f"--name-field. The properties are: {known or 'none'}."
        )
    return text_column(features, field)


def _only_polygons(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    is_polygon = features.geom_type.isin(["Polygon", "MultiPolygon"])
    reasons = "it is a " + features.geom_type + ", and a site or building needs a polygon"
    if not is_polygon.any():
        files = ", ".join(features["_file"].unique()) or "the files"
        raise EstateError(f"{files}: no polygon is there, so there is no site to plan for.")
    return features[is_polygon], _left_out(features[~is_polygon], reasons)


def _only_near(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    if features.empty:
        return features, []
    middle = features.geometry.representative_point()
    far = far_from_rest(middle.x.to_numpy(), middle.y.to_numpy())
    reasons = pd.Series("it lies more than 10 km from the rest of the estate", features.index)
    return features[~far], _left_out(features[far], reasons)


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
    dropped = _left_out(
        named[other], "it is a " + named.geom_type + f", and a {wanted[0]} is needed"
    )
    named = named[~other]
    shapes = named.geometry.to_crs(sites.crs).to_numpy()
    everywhere = shapely.box(*shapely.total_bounds(sites.geometry.to_numpy()))
    far = ~(shapely.distance(shapes, everywhere) <= FAR_M)
    reasons = pd.Series("it lies more than 10 km from the sites", named.index)
    return features.loc[named.index[~far]], dropped + _left_out(named[far], reasons)


def _left_out(rows: gpd.GeoDataFrame, reasons: pd.Series) -> list[LeftOut]:
    return [
        LeftOut(file, int(row), name, reasons[index])
        for index, file, row, name in rows[["_file", "_row", "name"]].itertuples()
    ]


def split_sites(features: gpd.GeoDataFrame) -> Sites:
    """Tell sites from the buildings on them by which shape holds which.

    Parameters
    ----------
    features
        Valid polygons in metres with ``name`` and optionally ``kind`` (or ``type_name``),
        ``aliases``, ``controller``, ``access``; index 0 to n-1.
    """
    holder = _smallest_site_holding(features.geometry.to_numpy())
    on_site = holder >= 0
    sites = _site_table(features[~on_site])
    site_of_row = pd.Series(sites["site"].to_numpy(), index=features.index[~on_site])
    alone = ~on_site & ~np.isin(np.arange(len(features)), holder)
    is_building = on_site | alone
    standing_on = np.where(on_site, holder, np.arange(len(features)))[is_building]
    return Sites(
        sites.reset_index(drop=True),
        _building_table(features[is_building], site_of_row.loc[standing_on].to_numpy()),
    )


def _smallest_site_holding(shapes: np.ndarray) -> np.ndarray:
    """Return for each shape the row of the smallest top shape that holds it, or -1."""
    area = shapely.area(shapes)
    row, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    larger = (area[other] > area[row]) | ((area[other] == area[row]) & (other < row))
    row, other = row[larger], other[larger]
    share = shapely.area(shapely.intersection(shapes[row], shapes[other])) / area[row].clip(1e-9)
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


def _described(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = features[["name", "geometry"]].copy()
    table["kind"] = text_column(features, "kind", "type_name", default="site").str.lower()
    table["controller"] = text_column(features, "controller", default="not stated")
    table["access"] = text_column(features, "access", default="not stated")
    return table


def _site_table(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = _described(features)
    table["aliases"] = _aliases(features)
    table["name"] = _telling_names(table)
    table["site"] = unique_ids(table["name"])
    return table[SITE_COLUMNS]


def _building_table(features: gpd.GeoDataFrame, sites: np.ndarray) -> gpd.GeoDataFrame:
    table = _described(features)
    table["site"] = sites
    table["building"] = unique_ids(table["site"] + " " + table["name"])
    return table[BUILDING_COLUMNS].reset_index(drop=True)


def _aliases(features: gpd.GeoDataFrame) -> pd.Series:
    if "aliases" not in features:
        return pd.Series("[]", index=features.index)
    return features["aliases"].map(lambda value: json.dumps(_as_list(value), ensure_ascii=False))


def _as_list(value: object) -> list[str]:
    if isinstance(value, list):
        return [readable(str(item)) for item in value]
    if isinstance(value, str):
        return [readable(part) for part in value.split(";") if readable(part)]
    return []


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
