"""Rows of CSV and its kin, whatever the separator: a broken line costs that line and no other.

All splitting is that of Python's ``csv`` module. A block of lines in which each line is one record
is taken as it comes; only a block with a line break within a field, a quotation mark out of place
or a character that is none is gone through line by line.
"""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from planner.errors import RefusedFile, UnknownFormat, UnreadableFile
from planner.incidents.files.encoding import TextFile
from planner.incidents.files.text_table import (
    BROKEN,
    UNSTORABLE,
    Rows,
    TableBuilder,
    is_header,
    kept_text,
    storable,
)

UNREADABLE = (
    "the line cannot be read as CSV (a quotation mark is out of place, or a field is too long)"
)
SEPARATORS = ",;\t|"
LINES_COMPARED = 20
LONGEST_RECORD = 1 << 20
# A stray quotation mark costs reading as far as the next one, so that all of them together cost
# about the file once more; only a file made to be slow costs more than this.
AGAIN_AT_LEAST, AGAIN_PER_CHARACTER = 1 << 23, 2


def read_delimited(path: Path) -> Rows:
    """Read CSV text; blank lines are no rows.

    Raises
    ------
    UnreadableFile
        If the first line is not text.
    UnknownFormat
        If the first line is no header, no row follows it, or hardly one that fits it.
    RefusedFile
        If a line, or the number of rows, is beyond what incidents need.
    """
    text = TextFile(path)
    blocks = text.lines()
    lines = _lines(next(blocks, ""))
    separator, header = _header(lines, path)
    table = TableBuilder(str(path))
    table.add([], dict.fromkeys(header, ()))
    splitter = _Splitter(path, header, separator, table)
    splitter.take(lines[1:])
    del lines
    for block in blocks:
        splitter.take(_lines(block))
    splitter.finish()
    return table.finish(text.digest, text.notes)


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def _header(lines: list[str], path: Path) -> tuple[str, list[str]]:
    first = lines[0] if lines else ""
    if not storable(first):
        raise UnreadableFile(
            f"{path}: is a binary file or not text in UTF-8, UTF-16 or Windows-1252; "
            "export the incidents as CSV in UTF-8."
        )
    found = {separator: _names(first, separator) for separator in SEPARATORS}
    heads = {separator: names for separator, names in found.items() if is_header(names)}
    if not heads:
        shown = kept_text(first)[:60]
        raise UnknownFormat(
            f"{path}: row 1 is not the header of a CSV file of incidents, with a name for each "
            f"column and none twice; it reads: {shown}"
        )

    def fit(separator: str) -> tuple[float, int]:
        """Count the lines that have as many fields as the header, and those fields."""
        wanted = len(heads[separator])
        below = [line for line in lines[1 : LINES_COMPARED + 1] if line.strip()]
        fitting = sum(len(_names(line, separator)) == wanted for line in below)
        return fitting, wanted

    best = max(heads, key=fit)
    return best, heads[best]


def _names(line: str, separator: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=separator, strict=True))]
    except (csv.Error, StopIteration):
        return []


class _Splitter:
    """Splits lines into records as they come; keeps back the lines of an unfinished one."""

    def __init__(self, path: Path, header: list[str], separator: str, table: TableBuilder) -> None:
        self._path = path
        self._header = header
        self._separator = separator
        self._table = table
        self._next = 2
        self._kept: list[str] = []
        self._numbers: list[int] = []
        self._fields: list[list[str]] = []
        self._characters = 0
        self._again = 0

    def take(self, lines: list[str]) -> None:
        """Split some more lines."""
        self._characters += sum(map(len, lines))
        lines = self._kept + lines
        self._kept = []
        if not self._plain(lines):
            self._careful(lines, last=False)

    def finish(self) -> None:
        """Split what was kept back: nothing follows it."""
        self._careful(self._kept, last=True)

    def _reader(self, lines: Any) -> Any:
        return csv.reader(lines, delimiter=self._separator, strict=True)

    def _plain(self, lines: list[str]) -> bool:
        """Take lines of which each is one record; take none, and return False, if they aren't."""
        try:
            records = list(self._reader(lines))
        except csv.Error:
            return False
        if len(records) != len(lines) or not storable("".join(lines)):
            return False
        lengths = np.fromiter(map(len, records), dtype=np.int64, count=len(records))
        for position in np.flatnonzero((lengths != len(self._header)) & (lengths != 0)):
            self._break(self._next + int(position), records[position], lines[position])
        whole = np.flatnonzero(lengths == len(self._header))
        if len(whole) < len(records):
            records = [records[position] for position in whole]
        self._add(whole + self._next, records)
        self._next += len(lines)
        return True

    def _careful(self, lines: list[str], last: bool) -> None:
        """Take lines record by record; after a broken line begin anew below it."""
        start = 0
        while start < len(lines):
            # By number, not a slice: copying the rest after every broken line would be slow.
            reader = self._reader(lines[n] for n in range(start, len(lines)))
            used, ended = self._whole_records(reader, lines, start)
            read, start = start + reader.line_num, start + used
            if ended:
                break
            again = sum(map(len, lines[start:read]))
            self._count_again(again)
            if not last and read == len(lines) and again <= LONGEST_RECORD:
                self._kept = lines[start:]
                break
            self._break(self._next + start, None, lines[start])
            start += 1
        self._add(self._numbers, self._fields)
        self._numbers, self._fields = [], []
        self._next += len(lines) - len(self._kept)

    def _whole_records(self, reader: Any, lines: list[str], start: int) -> tuple[int, bool]:
        """Take records up to a broken one; return the lines used, and whether all were."""
        used = 0
        try:
            for values in reader:
                # A stray quotation mark joins lines; the joined record has the wrong length.
                if reader.line_num - used > 1 and len(values) != len(self._header):
                    return used, False
                self._settle(start + used, values, lines[start + used : start + reader.line_num])
                used = reader.line_num
        except csv.Error:
            return used, False
        return used, True

    def _settle(self, position: int, values: list[str], lines: list[str]) -> None:
        """Keep a record that was read from these lines, or say what is wrong with it."""
        number = self._next + position
        if not values:
            return
        if len(values) != len(self._header):
            self._break(number, values, lines[0])
        elif not storable("".join(values)):
            self._table.break_row(number, UNSTORABLE, "".join(lines))
        else:
            self._numbers.append(number)
            self._fields.append(values)

    def _count_again(self, characters: int) -> None:
        self._again += characters
        if self._again > AGAIN_AT_LEAST + AGAIN_PER_CHARACTER * self._characters:
            raise RefusedFile(
                f"{self._path}: quotation marks are out of place in so many lines that its rows "
                "cannot be told apart; export it again."
            )

    def _break(self, number: int, values: list[str] | None, line: str) -> None:
        reason = UNREADABLE
        if values is not None:
            reason = BROKEN.format(found=len(values), wanted=len(self._header))
        self._table.break_row(number, reason, line)

    def _add(self, numbers: Any, records: list[list[str]]) -> None:
        columns = zip(*records, strict=True) if records else ([] for _ in self._header)
        self._table.add(numbers, dict(zip(self._header, columns, strict=True)))
