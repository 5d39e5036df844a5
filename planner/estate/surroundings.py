"""What stands around that matters for cameras: walls, lamps, doors, racks, and private windows.

OpenStreetMap's words are known as they stand in its own tags and as ``planner fetch osm`` writes
them.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import EstateError
from planner.estate.control import controller_column, validity_columns
from planner.estate.layers.features import LeftOut, text_column
from planner.estate.layers.properties import first_stated, heritage
from planner.estate.layers.shapes import LEAST_AREA_M2, POINTS, POLYGONS, left_out
from planner.estate.outlines import repeats

BUILDING, LAMP, ENTRANCE, GATE, RACK, PRIVATE, NO_CAMERA = KINDS = (
    "building", "lamp", "entrance", "gate", "bicycle rack", "private", "no camera",
)  # fmt: skip
COLUMNS = [
    "kind", "name", "use", "controller", "listed", "height_m", "valid_from", "valid_to",
    "geometry",
]  # fmt: skip
LINES = ("LineString", "MultiLineString", "LinearRing")
SHAPES = (*POLYGONS, *POINTS, *LINES)
# Which shapes a kind may have, in words and as GeoJSON calls them.
WANTED: dict[str, tuple[str, tuple[str, ...]]] = {
    BUILDING: ("polygon", POLYGONS), NO_CAMERA: ("polygon", POLYGONS), LAMP: ("point", POINTS),
    ENTRANCE: ("point", POINTS), GATE: ("point", POINTS),
    RACK: ("point, line or polygon", SHAPES), PRIVATE: ("point, line or polygon", SHAPES),
}  # fmt: skip
CALLED = {
    **{kind: kind for kind in KINDS},
    "yes": BUILDING, "lamps": LAMP, "lamp column": LAMP, "street lamp": LAMP,
    "street light": LAMP, "main entrance": ENTRANCE, "door": ENTRANCE, "main gate": GATE,
    "bicycle racks": RACK, "bicycle parking": RACK, "bicycle stand": RACK,
    "bicycle stands": RACK, "bike rack": RACK, "cycle rack": RACK, "cycle parking": RACK,
    "private window": PRIVATE, "private windows": PRIVATE, "no cameras": NO_CAMERA,
}  # fmt: skip
# Words of OpenStreetMap's ``entrance``. Of a polygon some of them are its use as a building.
DOORS = (
    "yes", "main", "secondary", "service", "staircase", "stairs", "home", "garage", "shop",
    "exit", "emergency", "delivery", "lift", "elevator",
)  # fmt: skip
PRIVATE_USES = (
    "apartment", "apartments", "bedsit", "bungalow", "cabin", "cottage", "detached",
    "detached house", "dormitory", "dwelling", "flat", "flats", "hall of residence", "home",
    "house", "houseboat", "maisonette", "private house", "residence", "residential",
    "semi", "semi detached", "semi detached house", "semidetached house",
    "student accommodation", "student residence", "terrace", "terraced house",
    "university accommodation",
)  # fmt: skip


def no_surroundings(crs: str | None = None) -> gpd.GeoDataFrame:
    """Return an empty table of surroundings."""
    empty = {name: pd.Series(dtype=str) for name in COLUMNS if name != "geometry"}
    empty["height_m"] = pd.Series(dtype=float)
    return gpd.GeoDataFrame(empty, geometry=[], crs=crs)[COLUMNS]


def surroundings_from(
    features: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Take the features of layers as what stands around an estate, in its metric system.

    Parameters
    ----------
    features
        With ``_file`` and ``_row`` and optionally ``kind`` (a word of :data:`KINDS`, or one of
        :data:`CALLED` that means it; that of a polygon with no such word is its use as a
        building), ``name``, ``use``, ``controller``, ``listed``, ``height_m``, ``valid_from``,
        ``valid_to``.
    sites, buildings
        The estate's: a building that is one of them is left out, or, if it is a home, stays as
        private walls.

    Returns
    -------
    surroundings
        Columns :data:`COLUMNS`; ``height_m`` is NaN where it is not known.
    left_out
        Features that can't be used, with the reason.

    Raises
    ------
    EstateError
        If a height or a day of validity is none.
    """
    single = features.reset_index(drop=True)
    single = single.assign(name=text_column(single, "name")).to_crs(sites.crs)
    whole, flat = _mended(single)
    table, odd = _of_known_kind(_described(whole))
    again = (table["kind"] == BUILDING).to_numpy().copy()
    again[again] = repeats(table.geometry.to_numpy()[again], sites, buildings)
    # The estate's own layer may not know that people live there: their windows stay private.
    homes = again & plain(table["use"]).isin(PRIVATE_USES).to_numpy()
    table = _as_private(table, homes)
    again &= ~homes
    reasons = pd.Series("it is a building of the estate itself", table.index)
    dropped = left_out(table[again], reasons)
    points = table[~again].explode(index_parts=False)
    parted = points.geom_type == "Point"
    # Lamps that share one feature are as many lamps; an area of several parts stays one.
    kept = pd.concat([table[~again & ~table.geom_type.isin(POINTS)], points[parted]])
    made = gpd.GeoDataFrame(kept.sort_index(kind="stable")[COLUMNS], crs=sites.crs)
    return made.reset_index(drop=True), [*flat, *odd, *dropped]


def _as_private(table: gpd.GeoDataFrame, rows: np.ndarray) -> gpd.GeoDataFrame:
    """Make private walls of the outlines of homes that are buildings of the estate already."""
    shapes = table.geometry.to_numpy().copy()
    shapes[rows] = shapely.boundary(shapes[rows])
    called = table["name"].where((table["name"] != "") | ~rows, table["use"].str.capitalize())
    kind = table["kind"].mask(rows, PRIVATE)
    made = table.assign(kind=kind, name=called)
    return made.set_geometry(gpd.GeoSeries(shapes, table.index, crs=table.crs))


def _mended(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Make polygons valid, and leave out those without an area."""
    shapes = features.geometry.to_numpy().copy()
    area = features.geom_type.isin(POLYGONS).to_numpy()
    shapes[area] = shapely.make_valid(shapes[area], method="structure", keep_collapsed=False)
    flat = area & ~(shapely.area(shapes) >= LEAST_AREA_M2)
    reasons = pd.Series("its polygon has no area", features.index)
    whole = features.set_geometry(gpd.GeoSeries(shapes, features.index, crs=features.crs))
    return whole[~flat], left_out(features[flat], reasons)


def _described(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read what each feature says of itself; ``kind`` is ``""`` where it is of no known one."""
    word = first_stated(features, "kind", "type_name", "building", "entrance")
    meant = plain(word)
    kind = meant.map(CALLED).fillna("")
    is_area = features.geom_type.isin(POLYGONS)
    is_point = features.geom_type.isin(POINTS)
    kind = kind.mask(is_point & meant.isin(DOORS), ENTRANCE)
    kind = kind.mask(is_area & (kind == ""), BUILDING)
    own_use = word.mask(meant.isin(["yes", *KINDS]), "")
    use = text_column(features, "use")
    use = use.where(use != "", own_use.where(kind.isin([BUILDING, ENTRANCE]), ""))
    first, last = validity_columns(features)
    return features[["name", "geometry", "_file", "_row"]].assign(
        kind=kind,
        use=use,
        controller=controller_column(features),
        listed=heritage(features),
        height_m=_heights(features),
        valid_from=first,
        valid_to=last,
        _word=word,
    )


def plain(words: pd.Series) -> pd.Series:
    """Write words in lower case, with one space for what parts them."""
    return words.str.lower().str.replace(r"[\s_-]+", " ", regex=True).str.strip()


def _heights(features: gpd.GeoDataFrame) -> pd.Series:
    stated = text_column(features, "height_m")
    heights = pd.to_numeric(stated, errors="coerce").astype(float)
    wrong = (stated != "") & ~((heights > 0) & np.isfinite(heights))
    if wrong.any():
        row = features.loc[wrong.idxmax()]
        raise EstateError(
            f"{row['_file']}: feature {row['_row']}: 'height_m' must be a number of metres above 0."
        )
    return heights


def _of_known_kind(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Leave out what is of no known kind, or has no shape that its kind can have."""
    shape = table.geom_type
    fits = pd.Series(False, index=table.index)
    reasons = (
        "it is a " + shape + " of the kind '" + table["_word"].str[:40] + "', and 'kind' must be "
        f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"
    )
    for kind, (words, shapes) in WANTED.items():
        of_kind = table["kind"] == kind
        fits |= of_kind & shape.isin(shapes)
        reasons = reasons.mask(
            of_kind, f"it is a {kind}, which must be a {words}, but drawn as a " + shape
        )
    return table[fits], left_out(table[~fits], reasons)


def private_places(surroundings: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what must not be watched: private windows, and the walls of private homes.

    Parameters
    ----------
    surroundings
        As :func:`surroundings_from` makes them.
    buildings
        The estate's own, as in :mod:`planner.estate.sites`; their ``kind`` says their use.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``name`` (never empty), ``kind`` (``"private"``, or the building's use) and
        ``geometry``: windows as they were drawn, homes as the lines of their outlines.
    """
    stated = surroundings[surroundings["kind"] == PRIVATE]
    around = surroundings[surroundings["kind"] == BUILDING]
    homes = around[plain(around["use"]).isin(PRIVATE_USES)]
    own = buildings[plain(buildings["kind"]).isin(PRIVATE_USES)]
    parts = [
        _named(stated, stated["kind"], "Private window"),
        _named(homes, homes["use"], ""),
        _named(own, own["kind"], ""),
    ]
    for part in parts[1:]:
        part["geometry"] = shapely.boundary(part.geometry.to_numpy())
    together = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return gpd.GeoDataFrame(together, geometry="geometry", crs=buildings.crs)


def _named(rows: gpd.GeoDataFrame, kind: pd.Series, usual: str) -> gpd.GeoDataFrame:
    """Name what has no name by what it is and its number in the estate."""
    number = pd.Series(np.arange(1, len(rows) + 1), index=rows.index).astype(str)
    called = pd.Series(usual, index=rows.index) if usual else kind.str.capitalize()
    named = rows["name"].where(rows["name"] != "", called + ", " + number)
    return gpd.GeoDataFrame({"name": named, "kind": kind}, geometry=rows.geometry, crs=rows.crs)
