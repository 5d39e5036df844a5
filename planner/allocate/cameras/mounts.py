"""Where a camera could be put up: façades, corners, lodges and lamp columns, and who must agree.

Of the estate's buildings every corner is a place, and every 15 m of a wall; so is every lamp
column. Where the estate knows neither, the places are the corners of its streets, where a column
would have to be put up. None is inside a building, on ground where no camera may be fixed, on a
private home, or off the estate.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.allocate.sightlines.walls import Walls
from planner.estate.control import NOT_STATED
from planner.estate.model import Estate
from planner.estate.surroundings import LAMP, NO_CAMERA, PRIVATE_USES, plain

FACADE, CORNER, LODGE, COLUMN, NEW_COLUMN = (
    "façade", "corner", "lodge", "lamp column", "new column",
)  # fmt: skip
EVERY_M = 15.0
# A bracket holds a camera so far from its wall.
BRACKET_M = 0.3
ANY_WAY = 360.0
FLAT_DEGREES = 20.0
HIGHWAY = "licence of the highway authority"
COLUMNS = ["mount", "name", "outward", "spread", "consents"]


@dataclass(frozen=True)
class _Rings:
    """Corners of walls in order: the point, and the walls that leave it and lead to it."""

    corner: np.ndarray
    after: np.ndarray
    before: np.ndarray
    building: np.ndarray


def mounts(estate: Estate, walls: Walls) -> gpd.GeoDataFrame:
    """List the places where a camera could be put up.

    Parameters
    ----------
    estate
        Its buildings, lamps, streets, and what stands around.
    walls
        The walls of all buildings.

    Returns
    -------
    geopandas.GeoDataFrame
        ``mount`` (façade, corner, lodge, lamp column, new column), ``name``, ``outward`` (degrees
        clockwise from grid north in which the place faces), ``spread`` (degrees about it in which
        a camera there can look), ``consents`` (a tuple of who must agree), ``geometry`` (points in
        the estate's metric system).
    """
    found = pd.concat([_on_buildings(estate), _on_lamps(estate)], ignore_index=True)
    if found.empty:
        found = _on_streets(estate)
    table = gpd.GeoDataFrame(found, geometry="geometry", crs=estate.crs)
    points = shapely.get_coordinates(table.geometry.to_numpy())
    allowed = shapely.contains_xy(estate.area, points) & ~walls.inside(points)
    allowed &= ~_forbidden(estate, table.geometry.to_numpy())
    return table[allowed].reset_index(drop=True)


def _forbidden(estate: Estate, points: np.ndarray) -> np.ndarray:
    """Mark points on ground where no camera may be fixed, shape (n,)."""
    ruled_out = estate.surroundings[estate.surroundings["kind"] == NO_CAMERA]
    inside, _ = shapely.STRtree(ruled_out.geometry.to_numpy()).query(points, predicate="intersects")
    found = np.zeros(len(points), dtype=bool)
    found[inside] = True
    return found


def _on_buildings(estate: Estate) -> pd.DataFrame:
    built = estate.built[~plain(estate.built["kind"]).isin(PRIVATE_USES)].reset_index(drop=True)
    rings = _rings(built.geometry.to_numpy())
    corners, facades = _corners(rings), _facades(rings)
    table = pd.concat([corners, facades], ignore_index=True)
    lodge = (built["kind"] == "lodge").to_numpy()[table["building"]]
    on = estate.sites.set_index("site").reindex(built["site"])["name"].fillna("").to_numpy(object)
    name, kind = built["name"].to_numpy(object), table["mount"].to_numpy(object)
    called = np.where(on == name, name, on + ", " + name)
    row = table["building"].to_numpy()
    table["mount"] = np.where(lodge, LODGE, kind)
    table["name"] = called[row]
    table["consents"] = _consents(estate, built).to_numpy(object)[row]
    return table[[*COLUMNS, "geometry"]]


def _rings(shapes: np.ndarray) -> _Rings:
    """Take outlines apart: all rings counter-clockwise outside, clockwise about courtyards."""
    polygons, building = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    closed, ring = shapely.get_coordinates(rings, return_index=True)
    # There may be no ring at all.
    last = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
    first = np.insert(ring[1:] != ring[:-1], 0, True)[: len(ring)]
    # The last point of a ring is its first again.
    corner = closed[~last]
    after = closed[~first] - closed[~last]
    begins = np.flatnonzero(first[~last])
    size = np.diff(np.append(begins, len(corner)))
    place = np.arange(len(corner)) - np.repeat(begins, size)
    before = after[np.repeat(begins, size) + (place - 1) % np.repeat(size, size)]
    return _Rings(corner, after, before, building[polygon[ring[~last]]])


def _bearings(direction: np.ndarray) -> np.ndarray:
    degrees: np.ndarray = np.degrees(np.arctan2(direction[:, 0], direction[:, 1])) % 360
    return degrees


def _outward(along: np.ndarray) -> np.ndarray:
    """Return the unit vectors to the right of walls, which is outside, shape (n, 2)."""
    length = np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    outward: np.ndarray = np.column_stack([along[:, 1], -along[:, 0]]) / length
    return outward


def _corners(rings: _Rings) -> pd.DataFrame:
    """Return the corners that stand out, with the directions that are open from them."""
    turn = (_bearings(rings.before) - _bearings(rings.after) + 180) % 360 - 180
    out = np.flatnonzero(turn > FLAT_DEGREES)
    both = _outward(rings.before[out]) + _outward(rings.after[out])
    both /= np.maximum(np.hypot(*both.T), 1e-9)[:, None]
    return pd.DataFrame(
        {
            "mount": CORNER,
            "outward": _bearings(both),
            "spread": 180.0 + turn[out],
            "building": rings.building[out],
            "geometry": shapely.points(rings.corner[out] + both * BRACKET_M),
        }
    )


def _facades(rings: _Rings) -> pd.DataFrame:
    """Return places along the walls that are longer than 15 m."""
    length = np.hypot(*rings.after.T)
    number = np.floor(length / EVERY_M).astype(int)
    wall = np.repeat(np.arange(len(length)), number)
    place = np.arange(len(wall)) - np.repeat(np.cumsum(number) - number, number)
    share = (place + 1) / (number[wall] + 1)
    outward = _outward(rings.after)[wall]
    points = rings.corner[wall] + rings.after[wall] * share[:, None] + outward * BRACKET_M
    return pd.DataFrame(
        {
            "mount": FACADE,
            "outward": _bearings(outward),
            "spread": 180.0,
            "building": rings.building[wall],
            "geometry": shapely.points(points),
        }
    )


def _consents(estate: Estate, built: gpd.GeoDataFrame) -> pd.Series:
    """Return who must agree to a camera on each building, as tuples."""
    own = estate.is_own(built) | (built["access"] == "own").to_numpy()
    site = estate.sites.set_index("site").reindex(built["site"])["name"].set_axis(built.index)
    usual = site.fillna(built["name"])
    controller = built["controller"].where(built["controller"] != NOT_STATED, usual)
    agrees = ("agreement of " + controller).mask(own, "")
    listed = built["listed"].to_numpy(object)
    grade = pd.Series("listed building consent (" + listed + ")", index=built.index)
    grade = grade.mask(built["listed"] == "", "")
    pairs = zip(agrees, grade, strict=True)
    return pd.Series([tuple(text for text in pair if text) for pair in pairs], dtype=object)


def _on_lamps(estate: Estate) -> pd.DataFrame:
    lamps = estate.surroundings[estate.surroundings["kind"] == LAMP]
    return _on_columns(estate, lamps.geometry.to_numpy(), COLUMN)


def _on_streets(estate: Estate) -> pd.DataFrame:
    if estate.streets is None:
        return _on_columns(estate, shapely.centroid(estate.zones.geometry.to_numpy()), NEW_COLUMN)
    nodes = estate.streets.points[np.flatnonzero(estate.streets.standing)]
    return _on_columns(estate, shapely.points(nodes), NEW_COLUMN)


def _on_columns(estate: Estate, points: np.ndarray, mount: str) -> pd.DataFrame:
    at = shapely.get_coordinates(points)
    streets = np.full(len(at), "", dtype=object)
    if estate.streets is not None and len(at):
        streets = estate.streets.nearest_name(at, estate.stop_reach_m)
    names = [f"{street}, {mount}" if street else mount.capitalize() for street in streets]
    return pd.DataFrame(
        {
            "mount": mount,
            "name": names,
            "outward": 0.0,
            "spread": ANY_WAY,
            "consents": [(HIGHWAY,)] * len(at),
            "geometry": points,
        }
    )
