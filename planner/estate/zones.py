"""Zones: what risk is forecast for, each with a place on the streets where a patrol can stand.

A zone has a *core*: a site, a hand-drawn beat, a stretch of street, or a square. The *area* is the
ground that the estate answers for. A point of the area belongs to the zone whose core holds it or
is nearest, and to no other; what so belongs to a zone is its *catchment*. The kinds of zone stand
in :mod:`planner.estate.zone_kinds`.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.errors import EstateError
from planner.estate.layers.features import text_column, unique_ids
from planner.estate.streets import Streets

SAMPLE_M = 10.0
# Cells of samples closer than this are slivers that can't be joined.
TOO_CLOSE_M = 1.0
CELL_M = 8.0
ROUNDING_M = 1e-3


@dataclass(frozen=True)
class Stops:
    """Where a patrol stands for each zone.

    Attributes
    ----------
    points
        Metres, shape (z, 2).
    nodes
        Street node of each, shape (z,); -1 where no street can be walked.
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


def estate_area(cores: np.ndarray, reach_m: float) -> shapely.Geometry:
    """Return the ground that the estate answers for.

    It is what lies within reach of a site, and what sites stand around: the convex hull of each
    group of sites of which every one is within twice the reach of another.

    Parameters
    ----------
    cores
        The sites' shapes (or what else the estate answers for) in metres, shape (s,).
    reach_m
        Greatest distance from a site, in metres.
    """
    row, other = shapely.STRtree(cores).query(cores, predicate="dwithin", distance=2 * reach_m)
    joined = coo_array((np.ones(len(row), dtype=bool), (row, other)), shape=(len(cores),) * 2)
    _, group = connected_components(joined, directed=False)
    corners, core = shapely.get_coordinates(cores, return_index=True)
    order = np.argsort(group[core], kind="stable")
    groups = shapely.multipoints(corners[order], indices=group[core][order])
    around = shapely.buffer(cores, reach_m, quad_segs=16)
    return shapely.union_all(np.concatenate([around, shapely.convex_hull(groups)]))


def zone_of(points: np.ndarray, zones: gpd.GeoDataFrame, area: shapely.Geometry) -> np.ndarray:
    """Return the row of each point's zone: that of the core that holds it or is nearest.

    Where several do, the first is meant. Points are taken together by small squares: within most
    of them all points have the same zone, and only the others are measured one by one.

    Parameters
    ----------
    points
        Metres, shape (n, 2).
    zones
        Cores in ``geometry``, shape (z,).
    area
        The ground that the estate answers for.

    Returns
    -------
    numpy.ndarray
        Rows of zones, shape (n,); -1 off the area, and where a point is not finite.
    """
    rows = np.full(len(points), -1)
    low, high = np.split(np.array(shapely.bounds(area)), 2)
    near = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
    cores = zones.geometry.to_numpy()
    if not len(near) or not len(cores):
        return rows
    corner = np.floor(points[near] / CELL_M).astype(np.int64)
    square_of_point, _ = pd.factorize(corner[:, 0] * 2**32 + corner[:, 1])
    _, first = np.unique(square_of_point, return_index=True)
    middles = (corner[first] + 0.5) * CELL_M
    on_area = _on_area(points[near], square_of_point, middles, area)
    near, square_of_point = near[on_area], square_of_point[on_area]
    rows[near] = _nearest_of(points[near], square_of_point, _candidates(middles, cores), cores)
    return rows


def _on_area(
    points: np.ndarray, square_of_point: np.ndarray, middles: np.ndarray, area: shapely.Geometry
) -> np.ndarray:
    """Mark the points on the area; a square wholly on or off it settles all its points."""
    half = CELL_M / 2 + ROUNDING_M
    squares = shapely.box(*(middles - half).T, *(middles + half).T)
    shapely.prepare(area)
    inside: np.ndarray = shapely.covers(area, squares)[square_of_point]
    edge = np.flatnonzero(~inside & shapely.intersects(area, squares)[square_of_point])
    inside[edge] = shapely.intersects_xy(area, points[edge])
    return inside


def _candidates(middles: np.ndarray, cores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the cores that can be nearest to some point of a square, as pairs of rows in order."""
    places, tree = shapely.points(middles), shapely.STRtree(cores)
    _, metres = tree.query_nearest(places, return_distance=True, all_matches=False)
    # A point of the square is at most half a diagonal nearer to a core than the middle is.
    across = CELL_M * 2**0.5 + ROUNDING_M
    square, core = tree.query(places, predicate="dwithin", distance=metres + across)
    order = np.lexsort((core, square))
    return square[order], core[order]


def _nearest_of(
    points: np.ndarray,
    square_of_point: np.ndarray,
    candidates: tuple[np.ndarray, np.ndarray],
    cores: np.ndarray,
) -> np.ndarray:
    """Return the first of the nearest candidates of each point."""
    square, core = candidates
    count = np.bincount(square, minlength=square_of_point.max(initial=-1) + 1)
    first = np.cumsum(count) - count
    rows: np.ndarray = core[first[square_of_point]]
    several = np.flatnonzero(count[square_of_point] > 1)
    number = count[square_of_point[several]]
    begins = np.cumsum(number) - number
    pair = np.repeat(np.arange(len(several)), number)
    step = np.arange(len(pair)) - begins[pair]
    choice = core[first[square_of_point[several]][pair] + step]
    metres = shapely.distance(shapely.points(points[several])[pair], cores[choice])
    order = np.lexsort((step, metres, pair))
    rows[several] = choice[order[begins]]
    return rows


def catchments(zones: gpd.GeoDataFrame, area: shapely.Geometry) -> np.ndarray:
    """Share the area out between the zones, each point to the zone that :func:`zone_of` gives.

    Cores are exact; the ground between them is shared by the Voronoi cells of places every 10 m
    along their outlines, so that a border lies within some metres of its true place.

    Parameters
    ----------
    zones
        Cores in metres.
    area
        The ground that the estate answers for.

    Returns
    -------
    numpy.ndarray
        Polygons that don't overlap and together are the area, shape (z,); empty where all of a
        core belongs to others.
    """
    cores = zones.geometry.to_numpy()
    claims = _less_earlier(np.where(shapely.get_dimensions(cores) == 2, cores, shapely.Polygon()))
    between = shapely.difference(area, shapely.union_all(claims))
    claims = _only_polygons(shapely.intersection(claims, area))
    if between.area < ROUNDING_M:
        return claims
    cells = _only_polygons(shapely.intersection(_cells(cores, area), between))
    shares: np.ndarray = shapely.union(claims, cells)
    return shares


def _less_earlier(shapes: np.ndarray) -> np.ndarray:
    """Take from each shape what an earlier one holds too."""
    row, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    earlier = other < row
    taken = pd.Series(shapes[other[earlier]]).groupby(row[earlier])
    left = shapes.copy()
    for index, others in taken:
        left[index] = shapely.difference(shapes[index], shapely.union_all(others.to_numpy()))
    return _only_polygons(left)


def _only_polygons(shapes: np.ndarray) -> np.ndarray:
    """Drop the lines and points that cutting leaves behind."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    # A collection can hold multipolygons.
    parts, inner = shapely.get_parts(parts, return_index=True)
    polygons = pd.Series(parts).groupby(row[inner])
    flat = np.full(len(shapes), shapely.Polygon(), dtype=object)
    for index, pieces in polygons:
        areal = pieces[shapely.get_dimensions(pieces) == 2].to_numpy()
        flat[index] = areal[0] if len(areal) == 1 else shapely.multipolygons(areal)
    return flat


def _cells(cores: np.ndarray, area: shapely.Geometry) -> np.ndarray:
    """Draw the ground nearest each core: a partition of the plane around the area."""
    samples, core = _samples(cores)
    _, distinct = np.unique(np.round(samples / TOO_CLOSE_M), axis=0, return_index=True)
    samples, core = samples[distinct], core[distinct]
    frame = shapely.buffer(shapely.box(*area.bounds), SAMPLE_M)
    cells = shapely.voronoi_polygons(shapely.multipoints(samples), extend_to=frame, ordered=True)
    grouped = pd.Series(shapely.get_parts(cells)).groupby(core)
    joined = grouped.agg(lambda parts: shapely.union_all(shapely.make_valid(parts.to_numpy())))
    # A core whose outline another core has too has no cell of its own.
    drawn = np.full(len(cores), shapely.Polygon(), dtype=object)
    drawn[joined.index.to_numpy()] = joined.to_numpy()
    return drawn


def _samples(cores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return places along the cores' outlines and the core of each.

    They keep off the ends of a line and the edge of a polygon, which neighbours share.
    """
    # A core too small to be drawn in stands with its own outline.
    areal = shapely.get_dimensions(cores) == 2
    drawn_in = shapely.buffer(cores[areal], -TOO_CLOSE_M / 2)
    outlines = np.where(shapely.is_empty(drawn_in), cores[areal], drawn_in)
    places, row = shapely.get_coordinates(shapely.segmentize(outlines, SAMPLE_M), return_index=True)
    lines, line = shapely.get_parts(cores[~areal], return_index=True)
    count = np.ceil(shapely.length(lines) / SAMPLE_M).astype(int) + 1
    part = np.repeat(np.arange(len(lines)), count)
    share = (np.arange(len(part)) - (np.cumsum(count) - count)[part]) / (count[part] - 1).clip(1)
    metres = shapely.length(lines)[part]
    ends = np.minimum(TOO_CLOSE_M, metres / 4)
    along = shapely.line_interpolate_point(lines[part], ends + share * (metres - 2 * ends))
    return (
        np.vstack([places, shapely.get_coordinates(along)]),
        np.concatenate([np.flatnonzero(areal)[row], np.flatnonzero(~areal)[line[part]]]),
    )


def stops_for(zones: gpd.GeoDataFrame, streets: Streets | None, reach_m: float) -> Stops:
    """Choose for each zone the street node nearest its core, and of those nearest its middle.

    Only nodes where a patrol may stand are chosen: on public ways that are open, and in the part
    of the network in which most can be walked to.

    Parameters
    ----------
    zones
        Cores in metres.
    streets
        The walking network, of a shift or in general; without one a stop is the point of the
        outline nearest the middle.
    reach_m
        A zone further than this from every street can't be reached, in metres.
    """
    cores = zones.geometry.to_numpy()
    middles = shapely.centroid(cores)
    standing = np.array([], dtype=int) if streets is None else np.flatnonzero(streets.standing)
    if streets is None or not len(standing):
        outlines = np.where(shapely.get_dimensions(cores) == 2, shapely.boundary(cores), cores)
        ways = shapely.shortest_line(outlines, middles)
        points = shapely.get_coordinates(shapely.get_point(ways, 0))
        reachable = np.full(len(cores), streets is None)
        return Stops(points, np.full(len(cores), -1), reachable)
    nodes = shapely.points(streets.points[standing])
    (core, node), metres = shapely.STRtree(nodes).query_nearest(
        cores, return_distance=True, all_matches=True
    )
    order = np.lexsort((node, shapely.distance(nodes[node], middles[core]), core))
    _, first = np.unique(core[order], return_index=True)
    chosen = order[first]
    at = standing[node[chosen]]
    return Stops(streets.points[at], at, metres[chosen] <= reach_m)
