"""Layers that are text: GeoJSON, and tables of comma-separated values with coordinates."""

import io
import json
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.errors import RefusedFile, UnknownFormat
from planner.estate.layers.feature_files import MOST_CELLS, Layer
from planner.geo import WGS84

# Each value but the first of a list or object has a comma before it.
MOST_COMMAS = 2_000_000
SEPARATORS = ",;\t|"
MOST_NESTED = 20

SHAPE_COLUMNS = ("wkt", "geometry", "geom", "the_geom", "wkt_geom")
DEGREE_COLUMNS = (("longitude", "lon", "lng", "long"), ("latitude", "lat"))
GRID_COLUMNS = (
    ("easting", "eastings", "x", "x_coordinate"),
    ("northing", "northings", "y", "y_coordinate"),
)


def geojson_layer(text: str, path: Path, given: CRS | None) -> Layer:
    """Parse a GeoJSON FeatureCollection; without a ``crs`` member it is in WGS84.

    Parameters
    ----------
    text
        What the file holds.
    path
        Named in messages.
    given
        The system of coordinates that go beyond degrees and whose file does not state its own.

    Raises
    ------
    UnknownFormat
        If it is no FeatureCollection, or has no features.
    RefusedFile
        If it holds more values than an estate can have.
    """
    document = _parse(text, path)
    features = document["features"]
    properties = [_properties(item) for item in features]
    if len(set(chain.from_iterable(properties))) * len(features) > MOST_CELLS:
        raise RefusedFile(f"{path}: its features have too many different properties to be read.")
    shapes = shapely.from_geojson(
        [json.dumps(item.get("geometry")) for item in features], on_invalid="ignore"
    )
    crs = _declared_crs(document, path)
    if crs is None:
        beyond = np.abs(shapely.get_coordinates(shapes)) > [180.5, 90.5]
        crs = given if given is not None and beyond.any() else CRS.from_user_input(WGS84)
    return Layer("", pd.DataFrame(properties, index=range(len(features))), shapes, crs)


def _parse(text: str, path: Path) -> dict[str, Any]:
    if text.count(",") > MOST_COMMAS:
        raise RefusedFile(
            f"{path}: holds more than {MOST_COMMAS:,} values; give only the estate's own layer."
        )
    try:
        document = _loaded(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UnknownFormat(
            f"{path}: is not GeoJSON{where}; export the layer as a GeoJSON FeatureCollection."
        ) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise UnknownFormat(
            f"{path}: is JSON, but no GeoJSON FeatureCollection (it has no list 'features')."
        )
    if not features:
        raise UnknownFormat(f"{path}: is a FeatureCollection without features.")
    whole: dict[str, Any] = document
    return whole


def _loaded(text: str) -> Any:
    document = json.loads(text)
    if "\\ud" not in text and "\\uD" not in text:
        return document
    # JSON can hold halves of characters, which no file can keep.
    return json.loads(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    given = feature.get("properties")
    found = given if isinstance(given, dict) else {}
    identifier = feature.get("id")
    return {"id": identifier} | found if isinstance(identifier, str | int) else found


def _declared_crs(document: dict[str, Any], path: Path) -> CRS | None:
    declared = document.get("crs")
    properties = declared.get("properties") if isinstance(declared, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    try:
        return CRS.from_user_input(name) if name else None
    except CRSError as error:
        raise UnknownFormat(
            f"{path}: names the unknown coordinate system {name!r}; export it in WGS84."
        ) from error


def table_layer(text: str, path: Path, given: CRS | None) -> Layer:
    """Parse a table: its columns give longitude and latitude, easting and northing, or WKT.

    Any of comma, semicolon, tab and ``|`` may separate the columns. Easting and northing, and
    WKT, mean nothing without a coordinate system: it must be given.

    Parameters
    ----------
    text
        What the file holds; the first row names the columns.
    path
        Named in messages.
    given
        The coordinate system, where the columns do not tell.

    Raises
    ------
    UnknownFormat
        If it is no table, or no columns give coordinates.
    RefusedFile
        If it holds more cells than an estate can have.
    """
    table = _table(text, path)
    known = {column.strip().lower(): column for column in table.columns}
    shape = _first(known, SHAPE_COLUMNS)
    if shape is not None:
        return Layer("", table.drop(columns=shape), _from_wkt(table[shape]), given)
    degrees = [_first(known, names) for names in DEGREE_COLUMNS]
    if None not in degrees:
        geographic = given is not None and given.is_geographic
        crs = given if geographic else CRS.from_user_input(WGS84)
        return Layer("", table, _points(table[degrees]), crs)
    grid = [_first(known, names) for names in GRID_COLUMNS]
    if None in grid:
        raise UnknownFormat(
            f"{path}: is neither GeoJSON nor a table with coordinates; name the columns "
            "longitude and latitude, easting and northing, or wkt."
        )
    return Layer("", table, _points(table[grid]), given)


def _table(text: str, path: Path) -> pd.DataFrame:
    header = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=header.count)
    if text.count(separator) > MOST_CELLS or header.count(separator) > 1_000:
        raise RefusedFile(f"{path}: has more cells than a table of an estate; give less of it.")
    try:
        read = pd.read_csv(
            io.StringIO(text), sep=separator, header=None, dtype="str", keep_default_na=False
        )
    except (ValueError, OverflowError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UnknownFormat(f"{path}: is not a table that can be read ({reason}).") from error
    names = read.iloc[0].fillna("").str.strip()
    if names[names != ""].str.lower().duplicated().any():
        twice = names[(names != "") & names.str.lower().duplicated()].iloc[0]
        raise UnknownFormat(f"{path}: two columns are named '{twice}'; rename one of them.")
    table = read.iloc[1:].fillna("").reset_index(drop=True)
    if table.empty:
        raise UnknownFormat(f"{path}: is a table without rows below its header.")
    table.columns = pd.Index(names)
    return table.loc[:, table.columns != ""]


def _first(known: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((known[name] for name in names if name in known), None)


def _points(pairs: pd.DataFrame) -> np.ndarray:
    """Make points of two columns of text, shape (n,); None where a number is missing."""
    numbers = pairs.apply(lambda column: pd.to_numeric(column.str.strip(), errors="coerce"))
    places = numbers.to_numpy(dtype=float)
    points: np.ndarray = shapely.points(places)
    points[~np.isfinite(places).all(axis=1)] = None
    return points


def _from_wkt(texts: pd.Series) -> np.ndarray:
    # Collections within collections without end would break the parser.
    nested = texts.str.upper().str.count("COLLECTION") > MOST_NESTED
    shapes: np.ndarray = shapely.from_wkt(
        texts.mask(nested, "").to_numpy(dtype=object), on_invalid="ignore"
    )
    return shapes
