"""Layers in binary files, GeoPackage and zipped Shapefile, opened only once they are checked.

GDAL reads them, from a temporary folder that holds nothing but what was checked: a file's own
name, its neighbours and the paths within it lead nowhere.
"""

import codecs
import io
import re
import sqlite3
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.errors import RefusedFile, UnknownFormat

GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
MOST_LAYERS = 100
MOST_CELLS = 5_000_000
MOST_UNPACKED = 150_000_000
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SHAPEFILE_HEAD = b"\x00\x00\x27\x0a"
# What a GeoPackage may define beside tables. None of it is ever run: the file is only read.
USUAL_TRIGGERS = r"(rtree_|gpkg_|trigger_(insert|update|delete)_feature_count_|fgt[iu]_).*"
USUAL_VIEWS = ("st_spatial_ref_sys", "spatial_ref_sys", "st_geometry_columns", "geometry_columns")


@dataclass(frozen=True)
class Layer:
    """One layer as its file has it.

    Attributes
    ----------
    name
        Its name; ``""`` where its file holds no other.
    table
        The features' properties, one row each.
    shapes
        Shapely geometries, shape (n,); None where one can't be read.
    crs
        The coordinate system, or None where the file does not state it.
    """

    name: str
    table: pd.DataFrame
    shapes: np.ndarray
    crs: CRS | None


def geopackage_layers(content: bytes, path: Path, wanted: Sequence[str] = ()) -> list[Layer]:
    """Read the vector layers of a GeoPackage.

    Parameters
    ----------
    content
        What the file holds.
    path
        Named in messages.
    wanted
        Names of layers; all where none is given.

    Raises
    ------
    UnknownFormat
        If it is no GeoPackage, is damaged, or has no such layer.
    RefusedFile
        If it would compute what it holds (views, generated columns, virtual tables).
    """
    if content[68:72] not in GEOPACKAGE_IDS:
        raise UnknownFormat(f"{path}: is an SQLite database, but no GeoPackage.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "layers.gpkg"
        file.write_bytes(content)
        try:
            with closing(_opened(file)) as database:
                _check_schema(database, path)
                names = _feature_tables(database, path)
            chosen = _chosen(names, wanted, path)
            return [_read(file, path, layer, len(names) > 1) for layer in chosen]
        except sqlite3.Error as error:
            raise UnknownFormat(f"{path}: is a damaged GeoPackage ({error}).") from error


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    database.execute("PRAGMA trusted_schema = OFF")
    return database


def _check_schema(database: sqlite3.Connection, path: Path) -> None:
    listed = database.execute("SELECT name, type FROM pragma_table_list").fetchall()
    odd = [name for name, kind in listed if kind == "view" and name not in USUAL_VIEWS]
    modules = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    odd += [
        name
        for name, kind in listed
        if kind == "virtual" and not re.search(r"using\s+rtree\b", modules[name], re.IGNORECASE)
    ]
    triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    odd += [name for (name,) in triggers if not re.fullmatch(USUAL_TRIGGERS, name)]
    odd = odd or [
        name
        for (name,) in database.execute(
            "SELECT m.name FROM sqlite_master m, pragma_table_xinfo(m.name) c "
            "WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND c.hidden > 1"
        )
    ]
    if odd:
        raise RefusedFile(
            f"{path}: computes what it holds ('{_short(odd[0])}' is a view, trigger, virtual table "
            "or generated column); export its layers into a new GeoPackage."
        )
    if (fault := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise UnknownFormat(f"{path}: is a damaged GeoPackage ({_short(fault)}).")


def _feature_tables(database: sqlite3.Connection, path: Path) -> list[str]:
    names = [
        str(name)
        for (name,) in database.execute(
            "SELECT table_name FROM gpkg_contents JOIN gpkg_geometry_columns USING (table_name) "
            "JOIN pragma_table_list ON name = table_name AND type = 'table' "
            "WHERE data_type = 'features' ORDER BY gpkg_contents.rowid"
        )
    ]
    cells = 0
    for name in names[:MOST_LAYERS]:
        quoted = name.replace('"', '""')
        columns = database.execute("SELECT count(*) FROM pragma_table_info(?)", (name,))
        rows = database.execute(f'SELECT count(*) FROM "{quoted}"')  # noqa: S608
        cells += columns.fetchone()[0] * rows.fetchone()[0]
    if cells > MOST_CELLS or len(names) > MOST_LAYERS:
        raise RefusedFile(f"{path}: holds more than an estate; export only the estate's layers.")
    return names


def _chosen(names: list[str], wanted: Sequence[str], path: Path) -> list[str]:
    if not names:
        raise UnknownFormat(f"{path}: holds no layer with shapes.")
    missing = [name for name in wanted if name not in names]
    if missing and not set(wanted) & set(names):
        raise UnknownFormat(
            f"{path}: has no layer '{missing[0]}'; its layers are: {', '.join(names)}."
        )
    return [name for name in names if name in wanted] if wanted else names


def _read(file: Path, path: Path, layer: str, several: bool, encoding: str | None = None) -> Layer:
    name = layer if file.suffix == ".gpkg" else file.stem
    try:
        with warnings.catch_warnings():
            # What it warns of (measures dropped, rings left open) is mended or left out later.
            warnings.simplefilter("ignore")
            read = pyogrio.read_dataframe(
                file,
                layer=name,
                encoding=encoding,
                force_2d=True,
                on_invalid="ignore",
                datetime_as_string=True,
            )
    except (RuntimeError, ValueError, LookupError, OverflowError) as error:
        reason = _short(str(error).replace(str(file), path.name))
        raise UnknownFormat(f"{path}: layer '{layer}' cannot be read ({reason}).") from error
    if "geometry" not in read or not len(read):
        raise UnknownFormat(f"{path}: layer '{layer}' holds no shapes.")
    crs = read.crs if read.crs and (read.crs.is_geographic or read.crs.is_projected) else None
    table = pd.DataFrame(read.drop(columns="geometry"))
    return Layer(layer if several else "", table, read.geometry.to_numpy(), crs)


def shapefile_layers(content: bytes, path: Path, wanted: Sequence[str] = ()) -> list[Layer]:
    """Read the Shapefiles in a zip file; each needs its ``.shp``, ``.shx`` and ``.dbf``.

    Parameters
    ----------
    content
        What the zip file holds.
    path
        Named in messages.
    wanted
        Names of Shapefiles, without an ending; all where none is given.

    Raises
    ------
    UnknownFormat
        If there is none, or it is damaged or not whole.
    RefusedFile
        If the zip file is a bomb, or names files outside itself.
    """
    if content.count(b"PK\x01\x02") > 10_000:
        raise RefusedFile(f"{path}: holds too many files; zip only the Shapefile.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive, path)
            chosen = _chosen(list(parts), wanted, path)
            layers = []
            for name in chosen:
                whole = {end: _unpacked(archive, info) for end, info in parts[name].items()}
                layers.append(_shapefile(whole, path, name, len(parts) > 1))
            return layers
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise UnknownFormat(f"{path}: is a damaged or locked zip file ({error}).") from error


def _parts(archive: zipfile.ZipFile, path: Path) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """List the files of each Shapefile by their endings."""
    found: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", info.filename):
            raise RefusedFile(
                f"{path}: names a file outside itself ('{_short(info.filename)}'); zip it anew."
            )
        if "__MACOSX" not in name.parts and name.suffix.lower() in PARTS:
            found.setdefault(str(name.with_suffix("")), {})[name.suffix.lower()] = info
    found = {name: parts for name, parts in found.items() if ".shp" in parts}
    short = {PurePosixPath(name).name: parts for name, parts in found.items()}
    found = short if len(short) == len(found) else found
    if not found:
        raise UnknownFormat(f"{path}: is a zip file without a Shapefile (.shp) in it.")
    unpacked = sum(info.file_size for parts in found.values() for info in parts.values())
    if unpacked > MOST_UNPACKED:
        raise RefusedFile(
            f"{path}: unpacks to {unpacked / 1e6:,.0f} MB, more than the "
            f"{MOST_UNPACKED // 1_000_000} MB that are read; give only the estate's own layer."
        )
    return found


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack no more than the directory states, however much there is."""
    with archive.open(info) as part:
        return part.read(info.file_size + 1)


def _shapefile(parts: dict[str, bytes], path: Path, name: str, several: bool) -> Layer:
    missing = [ending for ending in (".shx", ".dbf") if ending not in parts]
    if missing:
        raise UnknownFormat(f"{path}: '{name}.shp' comes without its {missing[0]}; zip all parts.")
    _check_shapefile(parts, path, name)
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".shp", ".shx", ".dbf"):
            Path(folder, f"layer{ending}").write_bytes(parts[ending])
        read = _read(Path(folder, "layer.shp"), path, name, several, _encoding(parts))
    return Layer(read.name, read.table, read.shapes, _projection(parts, path, name))


def _check_shapefile(parts: dict[str, bytes], path: Path, name: str) -> None:
    shapes, index, table = parts[".shp"], parts[".shx"], parts[".dbf"]
    if not (shapes.startswith(SHAPEFILE_HEAD) and index.startswith(SHAPEFILE_HEAD)):
        raise UnknownFormat(f"{path}: '{name}.shp' is no Shapefile.")
    entries = np.frombuffer(index[100 : len(index) - (len(index) - 100) % 8], dtype=">i4")
    # Every entry might name the same shape, over and over.
    claimed = 2 * entries[1::2].clip(0).astype(np.int64).sum()
    rows, width = int.from_bytes(table[4:8], "little"), int.from_bytes(table[8:10], "little")
    fields = max(width - 33, 0) // 32 + 1
    if not 33 <= width <= len(table):
        raise UnknownFormat(f"{path}: '{name}.dbf' is no table of a Shapefile.")
    if claimed > len(shapes) or rows * fields > MOST_CELLS or rows > len(table):
        raise RefusedFile(f"{path}: '{name}.shp' claims more than it holds; export it anew.")


def _encoding(parts: dict[str, bytes]) -> str | None:
    """Name the encoding that the .cpg states, or None where GDAL is to tell from the .dbf."""
    stated = parts.get(".cpg", b"").decode("ascii", "ignore").strip().lower()
    number = re.search(r"\d{3,5}$", stated)
    for name in (stated, f"cp{number[0]}" if number else ""):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return None


def _projection(parts: dict[str, bytes], path: Path, name: str) -> CRS | None:
    text = parts.get(".prj", b"")[:65_536].decode("utf-8", "replace").strip()
    if not text:
        return None
    try:
        stated = CRS.from_wkt(text)
        code = stated.to_epsg()
    except CRSError as error:
        raise UnknownFormat(
            f"{path}: '{name}.prj' names no known coordinate system; export it in EPSG:4326."
        ) from error
    return stated if code is None else CRS.from_epsg(code)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else line[:97] + "..."
