"""Rows of an XLSX workbook: the first sheet that has a header and rows, its cells as text.

Text stays as it is; a number is written as short as it can be; a date becomes ``YYYY-MM-DD``, or
``YYYY-MM-DDTHH:MM`` (``:SS`` where the seconds are not zero) where its cell shows a time of day.
What a formula stands for depends on who opened the workbook last, so its row is not taken.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from planner.errors import PlannerError, RefusedFile, UnknownFormat, UnreadableFile
from planner.incidents.files.archives import checked_archive, scan_archive
from planner.incidents.files.text_table import (
    BROKEN,
    MOST_COLUMNS,
    Rows,
    TableBuilder,
    field_fault,
    is_header,
)
from planner.incidents.files.workbook_parts import Event, Form, Sheet, Workbook, events, read_parts
from planner.text import readable

FORMULA = "{column}: holds a formula; put its value there"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# Cells share texts, so that a small workbook can hold a large one many times over: it may hold so
# many characters for each of its bytes, and no more than these.
CHARACTERS_PER_BYTE, MANY_CHARACTERS, MOST_CHARACTERS = 8, 1 << 25, 1 << 28
LONGEST_CELL = 1 << 20
BATCH, BATCH_CHARACTERS = 5_000, 1 << 24
_HALF_A_SECOND = timedelta(milliseconds=500)


@dataclass
class _Cell:
    """A cell while it is read."""

    column: int
    kind: str
    form: Form
    text: str = ""
    formula: str | None = None


@dataclass
class _Row:
    """A row while it is read: texts and formulas by column, the first being 1."""

    number: int
    texts: dict[int, str] = field(default_factory=dict)
    formulas: dict[int, str] = field(default_factory=dict)


def read_workbook(path: Path) -> Rows:
    """Read the first visible sheet that has a header in row 1 and rows below it.

    Raises
    ------
    RefusedFile
        If the workbook is a bomb, or holds entities or names that reach for other files.
    UnknownFormat
        If it is another archive, or has no such sheet.
    UnreadableFile
        If it is damaged.
    """
    digest = scan_archive(path)
    with checked_archive(path) as archive:
        workbook = read_parts(archive, path)
        for sheet in workbook.sheets:
            if sheet.visible and (table := _read_sheet(archive, workbook, sheet, path)):
                return table.finish(digest, _notes(workbook, sheet))
    raise UnknownFormat(
        f"{path}: no sheet has a header in row 1, with a name for each column and none twice, "
        "and rows below it."
    )


def _notes(workbook: Workbook, read: Sheet) -> list[str]:
    notes = []
    others = [f"'{readable(sheet.name)[:40]}'" for sheet in workbook.sheets if sheet != read]
    if others:
        notes.append(
            f"only the sheet '{readable(read.name)[:40]}' was read, not {', '.join(others)[:200]}"
        )
    if workbook.macros:
        notes.append("the workbook carries macros; they were left alone")
    return notes


def _read_sheet(
    archive: zipfile.ZipFile, workbook: Workbook, sheet: Sheet, path: Path
) -> TableBuilder | None:
    """Read a sheet; None if it has no header or no rows."""
    rows = _rows(archive, workbook, sheet, path)
    first = next(rows, None)
    if first is None or first.number != 1:
        return None
    header = [name.strip() for name in _fields(first, 0)]
    if not is_header(header):
        return None
    size = sum(entry.file_size for entry in archive.infolist())
    room = min(max(CHARACTERS_PER_BYTE * size, MANY_CHARACTERS), MOST_CHARACTERS)
    table = _Table(path, header, room)
    for row in rows:
        table.add(row)
    table.flush()
    return table.builder if table.any else None


class _Table:
    """Gathers the rows of a sheet."""

    def __init__(self, path: Path, header: list[str], room: int) -> None:
        self.builder = TableBuilder(str(path))
        self.any = False
        self._path = path
        self._room = room
        self._waiting = self._characters = 0
        self._header = header
        self._numbers: list[int] = []
        self._fields: list[list[str]] = []
        self.flush()

    def add(self, row: _Row) -> None:
        """Take a row, or note what is wrong with it."""
        self.any = True
        fields = _fields(row, len(self._header))
        if fault := self._fault(row, fields):
            self.builder.break_row(row.number, fault, _as_csv(fields))
            return
        self._numbers.append(row.number)
        self._fields.append(fields)
        self._waiting += sum(map(len, fields))
        if len(self._numbers) == BATCH or self._waiting > BATCH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Hand over the rows that wait."""
        columns = zip(*self._fields, strict=True) if self._fields else ([] for _ in self._header)
        self.builder.add(self._numbers, dict(zip(self._header, columns, strict=True)))
        self._numbers, self._fields = [], []
        self._characters += self._waiting
        self._waiting = 0
        if self._characters > self._room:
            raise RefusedFile(
                f"{self._path}: its cells hold more than {self._room:,} characters, a bomb's work; "
                "if it is none, export it as CSV."
            )

    def _fault(self, row: _Row, fields: list[str]) -> str | None:
        if row.formulas:
            column = min(row.formulas)
            known = column <= len(self._header) and self._header[column - 1]
            return FORMULA.format(column=known or f"column {get_column_letter(column)}")
        if len(fields) > len(self._header):
            return BROKEN.format(found=len(fields), wanted=len(self._header))
        return field_fault(fields)


def _fields(row: _Row, least: int) -> list[str]:
    """Return a row's fields up to its last filled cell, and at least so many."""
    filled = row.texts | row.formulas
    last = min(max(filled, default=0), MOST_COLUMNS + 1)
    return [filled.get(column, "") for column in range(1, max(last, least) + 1)]


def _as_csv(fields: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


def _rows(archive: zipfile.ZipFile, workbook: Workbook, sheet: Sheet, path: Path) -> Iterator[_Row]:
    """Yield the rows of a sheet in which something stands."""
    try:
        for row in _all_rows(events(archive, sheet.part, path), workbook):
            if row.texts or row.formulas:
                yield row
    except PlannerError:
        raise
    except (ValueError, IndexError, KeyError) as error:
        raise UnreadableFile(
            f"{path}: the sheet '{readable(sheet.name)[:40]}' is damaged ({readable(str(error))}); "
            "save the workbook again."
        ) from error


def _all_rows(parts: Iterator[Event], workbook: Workbook) -> Iterator[_Row]:
    row, cell, spoken = _Row(0), _Cell(0, "n", "number"), False
    for event in parts:
        if event.begins:
            if event.name == "c":
                cell = _new_cell(event.attributes, cell.column, workbook)
            elif event.name == "row":
                row = _Row(_row_number(event.attributes, row.number))
                cell = _Cell(0, "n", "number")
            elif event.name == "rPh":
                spoken = True
        elif event.name == "v" or (event.name == "t" and not spoken):
            if len(cell.text) > LONGEST_CELL:
                raise ValueError("a cell is longer than any")
            cell.text += event.text
        elif event.name == "f":
            cell.formula = event.text
        elif event.name == "c":
            _put(cell, row, workbook)
        elif event.name == "rPh":
            spoken = False
        elif event.name == "row":
            yield row
        elif event.name == "sheetData":
            return


def _row_number(attributes: dict[str, str], before: int) -> int:
    number = int(attributes.get("r", before + 1))
    if not before < number <= LAST_ROW:
        raise ValueError(f"row {number} follows row {before}")
    return number


def _new_cell(attributes: dict[str, str], before: int, workbook: Workbook) -> _Cell:
    column = before + 1
    if reference := attributes.get("r"):
        column = column_index_from_string(reference.rstrip("0123456789"))
    if not before < column <= LAST_COLUMN:
        raise ValueError(f"cell {column} follows cell {before} of its row")
    style = int(attributes.get("s", 0))
    form = workbook.forms[style] if style < len(workbook.forms) else "number"
    return _Cell(column, attributes.get("t", "n"), form)


def _put(cell: _Cell, row: _Row, workbook: Workbook) -> None:
    if cell.formula is not None:
        row.formulas[cell.column] = f"={cell.formula}"
    elif cell.text:
        text = _text(cell, workbook)
        if text.strip():
            row.texts[cell.column] = text


def _text(cell: _Cell, workbook: Workbook) -> str:
    match cell.kind:
        case "s":
            return workbook.texts[int(cell.text)]
        case "inlineStr" | "str":
            return unescape(cell.text)
        case "b":
            return {"0": "FALSE", "1": "TRUE"}.get(cell.text, cell.text)
        case "d":
            return _iso_text(cell.text)
        case "n":
            return _number_text(cell.text, cell.form, workbook.epoch)
    return cell.text


def _iso_text(written: str) -> str:
    try:
        return _moment_text(datetime.fromisoformat(written.removesuffix("Z")), "moment")
    except ValueError:
        return written


def _number_text(written: str, form: Form, epoch: datetime) -> str:
    try:
        number = float(written)
        # There is no day before the epoch: a spreadsheet shows such a number as a fault.
        if form == "duration" or (form != "number" and number >= 0):
            moment = from_excel(number, epoch, timedelta=form == "duration")
            return _moment_text(moment, form)
    except (ValueError, OverflowError):
        return written
    digits = written.removeprefix("-")
    if digits.isascii() and digits.isdecimal():
        return written
    return str(np.format_float_positional(number, trim="-"))


def _moment_text(moment: date | datetime | time | timedelta, form: Form) -> str:
    if isinstance(moment, timedelta):
        minutes, seconds = divmod(round(moment.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(moment, datetime):
        moment = (moment + _HALF_A_SECOND).replace(microsecond=0)
        if form == "day" and moment.time() == time(0):
            return moment.date().isoformat()
        return moment.isoformat(timespec="seconds" if moment.second else "minutes")
    if isinstance(moment, time):
        return moment.isoformat(timespec="seconds" if moment.second else "minutes")
    return moment.isoformat()
