"""Zones: what risk is forecast for, each with a place on the streets where a patrol can stand.

A zone has a *core* (a site, or a hand-drawn beat). A point belongs to the zone whose core holds
it or is nearest, within the estate's reach; the area that so belongs to a zone is its catchment.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import EstateError
from planner.estate.features import text_column, unique_ids
from planner.estate.streets import Streets
from planner.geo import nearest

SAMPLE_M = 10.0
# Cells of samples closer than this are slivers that can't be joined.
TOO_CLOSE_M = 1.0


@dataclass(frozen=True)
class Stops:
    """Where a patrol stands for each zone.

    Attributes
    ----------
    points
        Metres, shape (z, 2).
    nodes
        Street node of each, shape (z,); -1 where no streets are known.
    reachable
        Whether routes can include the zone, shape (z,).
    """

    points: np.ndarray
    nodes: np.ndarray
    reachable: np.ndarray


def zones_from_sites(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make each site the core of one zone; columns ``zone``, ``name``, ``geometry``."""
    zones = sites[["site", "name", "geometry"]].rename(columns={"site": "zone"})
    return gpd.GeoDataFrame(zones, crs=sites.crs).reset_index(drop=True)


def zones_from_beats(features: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Make each hand-drawn polygon the core of one zone.

    Parameters
    ----------
    features
        Polygons with ``name``.
    crs
        The estate's metric system.

    Raises
    ------
    EstateError
        If there is no polygon.
    """
    beats = features[features.geom_type.isin(["Polygon", "MultiPolygon"])].to_crs(crs)
    if beats.empty:
        raise EstateError(
            "The file of zones holds no polygon near the sites; draw each zone as one."
        )
    names = text_column(beats, "name")
    zones = gpd.GeoDataFrame(
        {"name": names.where(names != "", "Zone " + beats["_row"].astype(str))},
        geometry=shapely.make_valid(beats.geometry.to_numpy()),
        crs=crs,
    ).reset_index(drop=True)
    # The first zone wins where several hold a point: a beat within a beat is the one meant.
    zones = zones.iloc[np.argsort(zones.area.to_numpy(), kind="stable")].reset_index(drop=True)
    zones["zone"] = unique_ids(zones["name"])
    return zones[["zone", "name", "geometry"]]


def zone_of(points: np.ndarray, zones: gpd.GeoDataFrame, reach_m: float) -> np.ndarray:
    """Return the row of each point's zone, -1 outside the estate; points have shape (n, 2)."""
    return nearest(points, zones.geometry.to_numpy(), reach_m)[0]


def catchments(zones: gpd.GeoDataFrame, reach_m: float) -> np.ndarray:
    """Draw the area that belongs to each zone: its Voronoi cell, cut off at the reach.

    Parameters
    ----------
    zones
        Cores in metres.
    reach_m
        Greatest distance from a core, in metres.

    Returns
    -------
    numpy.ndarray
        Polygons, shape (z,).
    """
    cores = zones.geometry.to_numpy()
    outlines = shapely.segmentize(shapely.buffer(cores, -0.5), SAMPLE_M)
    outlines = np.where(shapely.is_empty(outlines), cores, outlines)
    samples, core = shapely.get_coordinates(outlines, return_index=True)
    _, distinct = np.unique(np.round(samples / TOO_CLOSE_M), axis=0, return_index=True)
    samples, core = samples[distinct], core[distinct]
    frame = shapely.buffer(shapely.box(*shapely.total_bounds(cores)), 2 * reach_m)
    cells = shapely.voronoi_polygons(shapely.multipoints(samples), extend_to=frame, ordered=True)
    grouped = pd.Series(shapely.get_parts(cells)).groupby(core)
    areas = grouped.agg(lambda parts: shapely.union_all(shapely.make_valid(parts.to_numpy())))
    # A core whose outline another core has too has no cell of its own.
    areas = areas.reindex(range(len(cores))).fillna(pd.Series(cores)).to_numpy()
    near = shapely.intersection(areas, shapely.buffer(cores, reach_m))
    areas_near: np.ndarray = np.where(
        shapely.is_missing(near) | shapely.is_empty(near), cores, near
    )
    return areas_near


def stops_for(zones: gpd.GeoDataFrame, streets: Streets | None, reach_m: float) -> Stops:
    """Choose for each zone the street node nearest its core, and of those nearest its middle.

    Parameters
    ----------
    zones
        Cores in metres.
    streets
        The walking network; without one a stop is the point of the outline nearest the middle.
    reach_m
        A zone further than this from every street can't be reached, in metres.
    """
    cores = zones.geometry.to_numpy()
    middles = shapely.centroid(cores)
    if streets is None:
        ways = shapely.shortest_line(shapely.boundary(cores), middles)
        points = shapely.get_coordinates(shapely.get_point(ways, 0))
        return Stops(points, np.full(len(cores), -1), np.ones(len(cores), dtype=bool))
    nodes = shapely.points(streets.points)
    (core, node), metres = shapely.STRtree(nodes).query_nearest(
        cores, return_distance=True, all_matches=True
    )
    order = np.lexsort((node, shapely.distance(nodes[node], middles[core]), core))
    _, first = np.unique(core[order], return_index=True)
    chosen = order[first]
    return Stops(streets.points[node[chosen]], node[chosen], metres[chosen] <= reach_m)
