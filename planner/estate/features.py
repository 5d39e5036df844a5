"""Reading GeoJSON that nobody has checked: every feature is taken, or left out with a reason.

Files are parsed as JSON and never handed to GDAL, which picks its driver by content and could be
led to read other files.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.errors import EstateError, UnknownFormat, UnreadableFile
from planner.geo import WGS84
from planner.text import readable_column


@dataclass(frozen=True)
class LeftOut:
    """A feature that did not become part of the estate.

    Attributes
    ----------
    file, row, name
        Where it stands (row 1 is the first feature) and what it is called.
    reason
        Why it was left out, in words.
    """

    file: str
    row: int
    name: str
    reason: str


def read_text(path: Path, what: str) -> str:
    """Read a text file in UTF-8, with or without a byte order mark.

    Raises
    ------
    UnreadableFile
        If the file is missing, a folder, empty or binary.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror}); give {what}.") from error
    if not content.strip():
        raise UnreadableFile(f"{path}: is empty; give {what}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path}: is not text in UTF-8 (byte {error.start}); give {what}."
        ) from error
    if "\0" in text:
        raise UnreadableFile(f"{path}: is a binary file; give {what}.")
    return text


def read_features(path: Path) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Read a GeoJSON FeatureCollection.

    Returns
    -------
    features
        In WGS84, two-dimensional, with the file's own properties and the columns ``_file`` and
        ``_row`` (1 is the first feature).
    left_out
        Features without a readable shape.

    Raises
    ------
    UnreadableFile
        If the file cannot be read as text.
    UnknownFormat
        If it is no GeoJSON FeatureCollection, or has no features.
    """
    document = _parse(path)
    features = document["features"]
    shapes = shapely.force_2d(
        shapely.from_geojson(
            [json.dumps(item.get("geometry")) for item in features], on_invalid="ignore"
        )
    )
    table = pd.DataFrame([_properties(item) for item in features])
    table = table.drop(columns=[name for name in ("geometry",) if name in table])
    table["_file"], table["_row"] = path.name, np.arange(1, len(features) + 1)
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs=_declared_crs(document, path))
    usable = np.isfinite(frame.bounds).all(axis=1).to_numpy() & ~frame.is_empty.to_numpy()
    left_out = [
        LeftOut(path.name, int(row), "", "it has no readable shape")
        for row in frame.loc[~usable, "_row"]
    ]
    return _in_degrees(frame[usable], path), left_out


def _parse(path: Path) -> dict[str, Any]:
    text = read_text(path, "a GeoJSON file")
    try:
        document = json.loads(text)
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
    # JSON can hold halves of characters, which no file can keep.
    clean = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    whole: dict[str, Any] = json.loads(clean)
    return whole


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    given = feature.get("properties")
    return given if isinstance(given, dict) else {}


def _declared_crs(document: dict[str, Any], path: Path) -> CRS:
    declared = document.get("crs")
    properties = declared.get("properties") if isinstance(declared, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    try:
        return CRS.from_user_input(name or WGS84)
    except CRSError as error:
        raise UnknownFormat(
            f"{path}: names the unknown coordinate system {name!r}; export it in WGS84."
        ) from error


def _in_degrees(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    degrees = frame.to_crs(WGS84)
    bounds = degrees.bounds
    if len(degrees) and (bounds.abs().max() > [180.5, 90.5, 180.5, 90.5]).any():
        raise EstateError(
            f"{path}: coordinates go beyond 180 and 90 degrees; it is probably in a national grid: "
            "export it in WGS84 (EPSG:4326)."
        )
    return degrees


def text_column(table: pd.DataFrame, *names: str, default: str = "") -> pd.Series:
    """Return the first of the named columns that exists, as stripped text without gaps."""
    for name in names:
        if name in table:
            column = table[name]
            return readable_column(column.where(column.notna(), default).astype(str))
    return pd.Series(default, index=table.index, dtype=str)


def unique_ids(names: pd.Series) -> pd.Series:
    """Make a readable identifier of each name; equal names are numbered from 2."""
    slugs = (
        names.str.normalize("NFKD")
        .str.encode("ascii", "ignore")
        .str.decode("ascii")
        .str.lower()
        .str.replace(r"['.]", "", regex=True)
        .str.replace(r"[^a-z0-9]+", "-", regex=True)
        .str.strip("-")
        .replace("", "unnamed")
    )
    while slugs.duplicated().any():
        order = slugs.groupby(slugs).cumcount()
        slugs = slugs.where(order == 0, slugs + "-" + (order + 1).astype(str))
    return slugs
