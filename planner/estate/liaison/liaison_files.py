"""Tables that a person keeps in a spreadsheet: CSV and XLSX that nobody has checked, cell by cell.

Nothing in a file is run, followed or guessed: formulas are refused, dates are read only where a
cell holds one or text in ISO form, and sizes are limited before anything is unpacked.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from planner.errors import LiaisonError, RefusedFile, UnknownFormat, UnreadableFile
from planner.text import readable

MOST_BYTES = 10_000_000
# openpyxl takes seconds, and hundreds of megabytes, over a few megabytes made to harm it.
MOST_UNPACKED_BYTES = 1_600_000
MOST_STYLE_BYTES = 200_000
MOST_PARTS = 500
MOST_ROWS = 5_000
MOST_COLUMNS = 60
_BROKEN_WORKBOOK = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OSError, SyntaxError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    number
        As a spreadsheet numbers it; the header is row 1.
    cells
        Readable text; days in ISO form. What an export put before a formula sign is taken off.
    faults
        Why a cell can't be used, by its position.
    """

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A table with its header.

    Attributes
    ----------
    name
        The file's name, and the sheet's where the file can have several.
    header
        Names of the columns as written.
    rows
        Rows that are not empty.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheets(path: Path) -> list[Sheet]:
    """Read the tables of a CSV or XLSX file; sheets without any cell are left out.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty or no text.
    UnknownFormat
        If it is a spreadsheet of another kind, or damaged.
    RefusedFile
        If it is too large, packed to fill the memory, or has entities or macros.
    LiaisonError
        If quotes are left open, there is no table, or it has too many rows or columns.
    """
    content = _content(path)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnknownFormat(f"{path}: is an old or locked workbook; save it as .xlsx or .csv.")
    if content.startswith(b"PK"):
        sheets = list(_workbook(content, path))
    else:
        sheets = [_sheet(path.name, _csv_rows(content, path))]
    found = [sheet for sheet in sheets if sheet.header]
    if not found:
        raise LiaisonError(f"{path}: holds no table; give one with a header.")
    return found


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RefusedFile(f"{path}: is larger than 10 MB, more than such a list can be.")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path}: cannot be read ({error.strerror}); give a CSV or XLSX file."
        ) from error
    if not content.strip():
        raise UnreadableFile(f"{path}: is empty; give a CSV or XLSX file.")
    return content


def _csv_rows(content: bytes, path: Path) -> Iterator[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path}: is not text in UTF-8 (byte {error.start}); save it as 'CSV UTF-8'."
        ) from error
    if "\0" in text:
        raise UnreadableFile(f"{path}: is a binary file; give a CSV or XLSX file.")
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise LiaisonError(
            f"{path}: line {reader.line_num}: {error}; close the quotes around the cell."
        ) from error


def _workbook(content: bytes, path: Path) -> Iterator[Sheet]:
    _check_package(content, path)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_row=MOST_ROWS + 2)
            yield _sheet(f"{path.name}, sheet {readable(sheet.title)}", (list(row) for row in rows))
    except (LiaisonError, RefusedFile):
        raise
    except _BROKEN_WORKBOOK as error:
        raise UnknownFormat(
            f"{path}: is a damaged workbook ({type(error).__name__}); save it again as .xlsx."
        ) from error


def _check_package(content: bytes, path: Path) -> None:
    """Refuse what would fill the memory, name entities or run, before anything reads it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or size > MOST_UNPACKED_BYTES:
                raise RefusedFile(
                    f"{path}: unpacks to {len(parts)} parts of {size / 1e6:,.1f} MB, more than "
                    "such a list can have; save the sheet as .csv."
                )
            names = {part.filename.lower() for part in parts}
            if any(name.endswith("vbaproject.bin") for name in names):
                raise RefusedFile(f"{path}: holds macros; save it as .xlsx without them.")
            if "xl/workbook.xml" not in names:
                raise UnknownFormat(f"{path}: is a zip file, but no workbook; give CSV or XLSX.")
            for part in parts:
                _check_part(package, part, path)
    except _BROKEN_WORKBOOK as error:
        if isinstance(error, (RefusedFile, UnknownFormat)):
            raise
        raise UnknownFormat(
            f"{path}: is a damaged workbook ({type(error).__name__}); save it again as .xlsx."
        ) from error


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedFile(f"{path}: is packed in a way that workbooks never are.")
    table = part.filename.lower().startswith(("xl/worksheets/", "xl/sharedstrings"))
    if not table and part.file_size > MOST_STYLE_BYTES:
        raise RefusedFile(
            f"{path}: holds more than a table ({part.filename}); save the sheet as .csv."
        )
    # Without NUL bytes UTF-16 reads as ASCII does.
    text = package.read(part).replace(b"\0", b"")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise RefusedFile(f"{path}: declares XML entities, which no workbook needs.")


def _sheet(name: str, rows: Iterator[list[Any]]) -> Sheet:
    header: tuple[str, ...] = ()
    taken: list[Row] = []
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS + 1:
            raise LiaisonError(f"{name}: has more than {MOST_ROWS:,} rows; give a list of roles.")
        row = _row(number, cells)
        if len(row.cells) > MOST_COLUMNS:
            raise LiaisonError(f"{name}: row {number} has more than {MOST_COLUMNS} columns.")
        if not any(row.cells) and not row.faults:
            continue
        if not header:
            header = row.cells
        else:
            taken.append(row)
    return Sheet(name, header, tuple(taken))


def _row(number: int, cells: list[Any]) -> Row:
    read = [_cell(cell) for cell in cells]
    while read and not any(read[-1]):
        read.pop()
    faults = {position: fault for position, (_, fault) in enumerate(read) if fault}
    return Row(number, tuple(text for text, _ in read), faults)


def _cell(cell: Any) -> tuple[str, str]:
    """Return a cell's text, and why it can't be used (``""`` where it can)."""
    value = cell if isinstance(cell, str) else cell.value
    kind = "s" if isinstance(cell, str) else cell.data_type
    if value is None:
        return "", ""
    if kind == "f":
        return "", "holds a formula; paste its value instead"
    if kind == "e":
        return "", f"holds the error {readable(str(value))}"
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat(), "" if whole_day else "has a time of day; give the day only"
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, float) and value.is_integer():
        return _number(int(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(value)
    return without_escape(readable(str(value))), ""


def _number(value: int) -> tuple[str, str]:
    if abs(value) >= 10**9:
        return str(value), "is a number that may have lost a leading 0; format the cell as text"
    return str(value), ""


def without_escape(text: str) -> str:
    """Take off the apostrophes that an export puts before a sign that would start a formula."""
    bare = text.lstrip("'")
    return bare if bare.startswith(("=", "+", "-", "@")) else text
