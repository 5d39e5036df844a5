"""The four kinds of zone: site catchments, hand-drawn beats, stretches of street, squares."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import EstateError
from planner.estate.layers.features import unique_ids
from planner.estate.street_segments import street_segments
from planner.estate.streets import Streets
from planner.estate.zones import zones_from_beats, zones_from_sites
from planner.geo import nearest

# Walks between all stops are measured: more zones than this would fill the memory.
MOST_ZONES = 5_000


def zones_for(
    kind: str,
    sites: gpd.GeoDataFrame,
    streets: Streets | None,
    beats: gpd.GeoDataFrame | None,
    area: shapely.Geometry,
    grid_m: float,
) -> gpd.GeoDataFrame:
    """Make the zones of an estate.

    Parameters
    ----------
    kind
        ``"catchments"``, ``"beats"``, ``"streets"`` or ``"grid"``, as in
        :class:`planner.settings.Settings`.
    sites
        Columns ``site``, ``name``, ``geometry``, in metres.
    streets
        The walking network, for stretches of street.
    beats
        Polygons with ``name`` as read from a file, for beats.
    area
        The ground that the estate answers for; streets and squares off it are left out.
    grid_m
        Side of a square, and greatest length of a stretch of street.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``zone`` (identifier), ``name``, ``geometry`` (the core).

    Raises
    ------
    EstateError
        If the kind is unknown, what it is made from is not there, or zones would be too many.
    """
    if kind == "catchments":
        return zones_from_sites(sites)
    if kind == "beats":
        if beats is None:
            raise EstateError("Zones of the kind 'beats' need a file of them; give their polygons.")
        return zones_from_beats(beats, sites.crs)
    if kind == "streets":
        if streets is None:
            raise EstateError("Zones of the kind 'streets' need the streets; give a file of them.")
        return _zones_from_streets(streets, sites, area, grid_m)
    if kind == "grid":
        return _zones_from_squares(area, sites, grid_m)
    raise EstateError(
        f"There is no kind of zone '{kind}'; choose catchments, beats, streets or grid."
    )


def _zones_from_streets(
    streets: Streets, sites: gpd.GeoDataFrame, area: shapely.Geometry, longest_m: float
) -> gpd.GeoDataFrame:
    segments = street_segments(streets, longest_m)
    shapely.prepare(area)
    on_area = shapely.intersects(area, segments.geometry.to_numpy())
    segments = segments[on_area].reset_index(drop=True)
    if segments.empty:
        raise EstateError("No public street lies on the estate's area; choose other zones.")
    _check_number(len(segments), longest_m)
    middles = shapely.get_coordinates(shapely.point_on_surface(segments.geometry.to_numpy()))
    word = segments["path"].map({True: "Path", False: "Road"})
    unnamed = word + " near " + _nearest_site(middles, sites)
    names = segments["street"].where(segments["street"] != "", unnamed)
    return _zones(_numbered(names, middles), segments.geometry.to_numpy(), sites)


def _numbered(names: pd.Series, middles: np.ndarray) -> pd.Series:
    """Tell the stretches of a street apart by their order, from its south or west end on."""
    places = pd.DataFrame(middles, columns=["x", "y"], index=names.index)
    reach = places.groupby(names).transform(lambda side: side.max() - side.min())
    along = places["y"].where(reach["y"] > reach["x"], places["x"])
    number = along.groupby(names).rank(method="first").astype(int)
    count = names.groupby(names).transform("size")
    told = names + ", " + number.astype(str) + " of " + count.astype(str)
    return names.where(count == 1, told)


def _zones_from_squares(
    area: shapely.Geometry, sites: gpd.GeoDataFrame, side_m: float
) -> gpd.GeoDataFrame:
    left, low, right, high = np.array(area.bounds) / side_m
    columns, rows = np.arange(np.floor(left), right), np.arange(np.floor(low), high)
    _check_number(int(area.area / side_m**2), side_m)
    column, row = (side.ravel() for side in np.meshgrid(columns, rows))
    squares = shapely.box(*(np.array([column, row, column + 1, row + 1]) * side_m))
    shapely.prepare(area)
    # A square that only touches the area has nothing of it.
    kept = np.flatnonzero(shapely.intersects(area, squares) & ~shapely.touches(area, squares))
    _check_number(len(kept), side_m)
    middles = np.column_stack([column, row])[kept] * side_m + side_m / 2
    across, up = (column[kept] - columns[0]).astype(int), (row[kept] - rows[0]).astype(int)
    letters = np.array([_letters(number) for number in range(len(columns))], dtype=object)
    names = pd.Series("Square " + letters[across] + (up + 1).astype(str).astype(object))
    zones = _zones(names + " near " + _nearest_site(middles, sites), squares[kept], sites)
    return zones.assign(zone=unique_ids(names))


def _letters(number: int) -> str:
    """Name a column as spreadsheets do: A to Z, then AA."""
    letter = chr(ord("A") + number % 26)
    return letter if number < 26 else _letters(number // 26 - 1) + letter


def _nearest_site(points: np.ndarray, sites: gpd.GeoDataFrame) -> np.ndarray:
    site, _ = nearest(points, sites.geometry.to_numpy())
    names: np.ndarray = sites["name"].to_numpy(dtype=object)[site]
    return names


def _zones(names: pd.Series, cores: np.ndarray, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = {"zone": unique_ids(names).to_numpy(), "name": names.to_numpy(dtype=object)}
    return gpd.GeoDataFrame(table, geometry=cores, crs=sites.crs)


def _check_number(zones: int, grid_m: float) -> None:
    if zones > MOST_ZONES:
        raise EstateError(
            f"grid_m: {grid_m:g} m makes {zones:,} zones, and more than {MOST_ZONES:,} can't be "
            "planned for; choose a larger grid_m."
        )
