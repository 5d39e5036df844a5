"""Reading a layer that nobody has checked: every feature is taken, or left out with a reason.

What a file is, is told from its first bytes, never from its name: GeoJSON, GeoPackage, a zipped
Shapefile, or a table with coordinates. GeoJSON and tables are never handed to GDAL, which picks
its driver by content and could be led to read other files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from planner.errors import EstateError, RefusedFile, UnknownFormat, UnreadableFile
from planner.estate.layers.feature_files import Layer, geopackage_layers, shapefile_layers
from planner.estate.layers.feature_texts import geojson_layer, table_layer
from planner.geo import WGS84
from planner.text import readable_column

SQLITE, ZIP = b"SQLite format 3\0", (b"PK\x03\x04", b"PK\x05\x06")
# An estate's layer is far smaller; above these a file is a bomb, or a layer of a whole country.
MOST_BYTES = 50_000_000
MOST_FEATURES = 200_000
WANTED = "GeoJSON, a GeoPackage, a zipped Shapefile, or CSV in UTF-8 with coordinates"


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
    return _as_text(_read_bytes(path, what), path, what)


def _read_bytes(path: Path, what: str, most: int | None = None) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(-1 if most is None else most + 1)
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror}); give {what}.") from error
    if most is not None and len(content) > most:
        raise RefusedFile(
            f"{path}: has more than {most // 1_000_000} MB; give only the estate's own layer."
        )
    if not content.strip():
        raise UnreadableFile(f"{path}: is empty; give {what}.")
    return content


def _as_text(content: bytes, path: Path, what: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path}: is not text in UTF-8 (byte {error.start}); give {what}."
        ) from error
    if "\0" in text:
        raise UnreadableFile(f"{path}: is a binary file; give {what}.")
    return text


def read_features(
    path: Path, crs: str | None = None, layers: Sequence[str] = ()
) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Read the features of a file: GeoJSON, GeoPackage, zipped Shapefile, or CSV.

    Parameters
    ----------
    path
        The file. Its first bytes say what it is.
    crs
        The coordinate system of a file that does not state its own.
    layers
        Which layers of a GeoPackage or of a zip file to read; all where none is named.

    Returns
    -------
    features
        In WGS84, two-dimensional, with the file's own properties and the columns ``_file`` (with
        the layer, where there are several) and ``_row`` (1 is the first feature of its layer).
    left_out
        Features without a readable shape.

    Raises
    ------
    UnreadableFile
        If the file cannot be read.
    UnknownFormat
        If it is none of the formats, has no features, or does not say where they lie.
    RefusedFile
        If it is dangerous to open.
    EstateError
        If its coordinates can't be degrees where they should be, or the other way round.
    """
    given = _given_crs(crs)
    read = _layers(_read_bytes(path, WANTED, MOST_BYTES), path, given, layers)
    parts = [_features(layer, path, given) for layer in read]
    frames = [frame for frame, _ in parts]
    together = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    left_out = [item for _, faults in parts for item in faults]
    return gpd.GeoDataFrame(together, crs=WGS84), left_out


def _given_crs(crs: str | None) -> CRS | None:
    try:
        return CRS.from_user_input(crs) if crs else None
    except CRSError as error:
        raise EstateError(
            f"There is no coordinate system '{crs}'; give a code such as EPSG:27700."
        ) from error


def _layers(content: bytes, path: Path, given: CRS | None, wanted: Sequence[str]) -> list[Layer]:
    if content.startswith(SQLITE):
        return geopackage_layers(content, path, wanted)
    if content.startswith(ZIP):
        return shapefile_layers(content, path, wanted)
    text = _as_text(content, path, WANTED)
    first = text.lstrip()[0]
    if first == "<":
        raise UnknownFormat(f"{path}: is XML, and that is never opened here; give {WANTED}.")
    return [geojson_layer(text, path, given) if first in "{[" else table_layer(text, path, given)]


def _features(
    layer: Layer, path: Path, given: CRS | None
) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    if len(layer.shapes) > MOST_FEATURES:
        raise RefusedFile(
            f"{path}: holds {len(layer.shapes):,} features, more than the {MOST_FEATURES:,} that "
            "are read; give only those of the estate."
        )
    file = f"{path.name}, layer {layer.name}" if layer.name else path.name
    own = [name for name in ("geometry", "_file", "_row") if name in layer.table]
    table = layer.table.drop(columns=own).assign(_file=file, _row=range(1, len(layer.shapes) + 1))
    crs = layer.crs or given
    if crs is None:
        raise UnknownFormat(
            f"{file}: does not say which coordinate system it is in; say so with --crs, such as "
            "--crs EPSG:27700."
        )
    frame = gpd.GeoDataFrame(table, geometry=shapely.force_2d(layer.shapes), crs=crs)
    placed = frame[_usable(frame)]
    degrees = _in_degrees(placed, path)
    degrees = degrees[_usable(degrees)]
    left_out = _without(frame.drop(placed.index), "it has no readable shape")
    return degrees, left_out + _without(
        placed.drop(degrees.index), "its coordinates lie beyond their coordinate system"
    )


def _usable(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Mark the features that have a shape, and one with finite coordinates; shape (n,)."""
    usable: np.ndarray = np.isfinite(frame.bounds).all(axis=1).to_numpy() & ~(
        frame.is_empty.to_numpy()
    )
    return usable


def _without(rows: gpd.GeoDataFrame, reason: str) -> list[LeftOut]:
    return [
        LeftOut(file, int(row), "", reason)
        for file, row in rows[["_file", "_row"]].itertuples(index=False)
    ]


def _in_degrees(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if not len(frame):
        return frame.set_crs(WGS84, allow_override=True)
    largest = frame.bounds.abs().max()
    if frame.crs.is_geographic and (largest > [180.5, 90.5, 180.5, 90.5]).any():
        raise EstateError(
            f"{path}: coordinates go beyond 180 and 90 degrees; it is probably in a national grid: "
            "export it in WGS84 (EPSG:4326), or name its system with --crs."
        )
    if frame.crs.is_projected and (largest <= [180, 90, 180, 90]).all():
        raise EstateError(
            f"{path}: is said to be in {frame.crs.name}, but its coordinates look like degrees; "
            "state its system, or export it in WGS84 (EPSG:4326)."
        )
    try:
        return frame.to_crs(WGS84)
    except ProjError as error:
        raise EstateError(
            f"{path}: its coordinate system ({frame.crs.name}) can't be turned into WGS84; export "
            "it in EPSG:4326."
        ) from error


def text_column(table: pd.DataFrame, *names: str, default: str = "") -> pd.Series:
    """Return the first of the named columns that exists, as stripped text without gaps.

    Upper and lower case are one, and whole numbers that stand as decimals are whole again.
    """
    known = {str(column).lower(): column for column in reversed(table.columns)}
    for name in names:
        chosen = name if name in table else known.get(name.lower())
        if chosen is not None:
            column = _whole_numbers(table[chosen])
            return readable_column(column.where(column.notna(), default).astype(str))
    return pd.Series(default, index=table.index, dtype=str)


def _whole_numbers(column: pd.Series) -> pd.Series:
    if not pd.api.types.is_float_dtype(column) or np.isinf(column).any():
        return column
    whole = (column.dropna() % 1 == 0).all() and (column.abs() < 2**53).eq(column.notna()).all()
    return column.astype("Int64").astype(object) if whole else column


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
