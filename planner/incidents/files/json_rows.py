"""Rows of JSON: a list of records, an object that holds one, or one record a line.

Values stay as they are written: numbers keep their digits, true and false are ``true`` and
``false``, null is empty. Records and lists within a record are spread with dots:
``location.street.name``, ``coordinates.0``. Only a few thousand records stand in memory at a time,
so that a file can be as large as one of CSV.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from planner.errors import RefusedFile, UnknownFormat
from planner.incidents.files.encoding import BLOCK, TextFile
from planner.incidents.files.text_table import (
    MOST_COLUMNS,
    Rows,
    TableBuilder,
    field_fault,
    is_header,
)

LONGEST_RECORD = 1 << 20
BATCH, BATCH_CHARACTERS = 5_000, 1 << 24
NOT_JSON = "the line cannot be read as JSON"
NO_RECORD = "the entry is not a record of names and values"
TWICE = "the record has the name '{name}' twice"
_SPACE = re.compile(r"[ \t\r\n]*")


class _Pairs(list[tuple[str, Any]]):
    """The names and values of a JSON object; a name that stands twice is not lost."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=str
)


def read_json(path: Path) -> Rows:
    """Read JSON; a record's row number is its ordinal, the first being row 2.

    Raises
    ------
    UnreadableFile
        If it is not text in UTF-8 or UTF-16.
    UnknownFormat
        If it is not JSON, or does not hold one list of records with two names at least.
    RefusedFile
        If it is nested too deeply, or a record is larger than 1 MiB or has over 1,000 names.
    """
    text = TextFile(path)
    records = _Records(path)
    try:
        if _has_record_a_line(path):
            for number, line in enumerate(_full_lines(text), start=2):
                records.add_line(number, line)
        else:
            for number, (value, written) in enumerate(_document(text, path), start=2):
                records.add(number, value, written)
    except RecursionError as error:
        raise RefusedFile(f"{path}: is nested too deeply for records of incidents.") from error
    return records.finish(text)


class _Records:
    """Gathers records, each of which may lack names that others have."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._table = TableBuilder(str(path))
        self._numbers: list[int] = []
        self._waiting: list[dict[str, str]] = []
        self._names: dict[str, None] = {}
        self._characters = 0

    def add_line(self, number: int, line: str) -> None:
        """Add the record that stands on a line."""
        try:
            value = _DECODER.decode(line.strip())
        except ValueError:
            self._table.break_row(number, NOT_JSON, line)
        else:
            self.add(number, value, line)

    def add(self, number: int, value: Any, written: str) -> None:
        """Add what should be a record, with the text that it was read from."""
        if not isinstance(value, _Pairs) or not value:
            self._table.break_row(number, NO_RECORD, written)
            return
        pairs = list(islice(_spread(value, ""), MOST_COLUMNS + 1))
        fields = dict(pairs)
        if fault := _fault(pairs, fields):
            self._table.break_row(number, fault, written)
            return
        self._numbers.append(number)
        self._waiting.append(fields)
        self._names |= dict.fromkeys(fields)
        self._characters += len(written)
        full = len(self._waiting) == BATCH or self._characters > BATCH_CHARACTERS
        if full or len(self._names) > MOST_COLUMNS:
            self._flush()

    def finish(self, text: TextFile) -> Rows:
        """Make one table of all records."""
        self._flush()
        if not is_header(self._table.names):
            raise UnknownFormat(
                f"{self._path}: is JSON without a list of incidents, each with names and values."
            )
        return self._table.finish(text.digest, text.notes)

    def _flush(self) -> None:
        columns = {name: [row.get(name, "") for row in self._waiting] for name in self._names}
        self._table.add(self._numbers, columns)
        self._numbers, self._waiting, self._names, self._characters = [], [], {}, 0


def _fault(pairs: list[tuple[str, str]], fields: dict[str, str]) -> str | None:
    if len(fields) < len(pairs):
        return TWICE.format(name=Counter(name for name, _ in pairs).most_common(1)[0][0])
    return field_fault([*fields, *fields.values()])


def _spread(value: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of a record, those of inner ones with dots."""
    for name, inner in value if isinstance(value, _Pairs) else enumerate(value):
        whole = f"{before}{str(name).strip()}"
        if isinstance(inner, list) and inner:
            yield from _spread(inner, f"{whole}.")
        else:
            yield whole, _text(inner)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else ""


def _has_record_a_line(path: Path) -> bool:
    """Whether the first line is a record by itself, and none that holds a list of them."""
    first = next(TextFile(path).pieces(), "").lstrip()[: BLOCK // 2]
    line = re.split(r"[\r\n]", first, maxsplit=1)[0]
    try:
        value = _DECODER.decode(line)
    except ValueError:
        return False
    return isinstance(value, _Pairs) and not any(
        type(inner) is list and (not inner or isinstance(inner[0], _Pairs)) for _, inner in value
    )


def _full_lines(text: TextFile) -> Iterator[str]:
    for block in text.lines():
        yield from (line for line in re.split(r"[\r\n]+", block) if line.strip())


def _document(text: TextFile, path: Path) -> Iterator[tuple[Any, str]]:
    """Yield the records of a document as they come, each with the text it was read from."""
    source = _Source(text.pieces(), path)
    if source.peek() == "[":
        yield from _entries(source)
    else:
        yield from _wrapped(source)
    if source.peek():
        raise source.error("something follows its end")


def _entries(source: "_Source") -> Iterator[tuple[Any, str]]:
    source.take("[")
    if source.peek() == "]":
        source.take("]")
        return
    yield source.value()
    while source.peek() == ",":
        source.take(",")
        yield source.value()
    source.take("]")


def _wrapped(source: "_Source") -> Iterator[tuple[Any, str]]:
    """Yield the records of the one list that an object holds."""
    found: list[str] = []
    source.take("{")
    while source.peek() not in ("}", ""):
        name = str(source.value()[0])
        source.take(":")
        if source.peek() == "[":
            entries = _entries(source)
            first = next(entries, None)
            if first is not None and isinstance(first[0], _Pairs):
                found.append(name)
                if len(found) > 1:
                    raise source.error(f"it holds two lists of records: {', '.join(found)}")
                yield first
                yield from entries
            for _ in entries:
                pass
        else:
            source.value()
        if source.peek() != "}":
            source.take(",")
    source.take("}")


class _Source:
    """JSON text that comes in pieces, read value by value."""

    def __init__(self, pieces: Iterator[str], path: Path) -> None:
        self._pieces = pieces
        self._path = path
        self._text = ""
        self._at = 0
        self._passed = 0

    def error(self, what: str) -> UnknownFormat:
        """Say that the file is no JSON of ours, and where."""
        place = self._passed + self._at + 1
        return UnknownFormat(f"{self._path}: cannot be read as JSON: {what} (character {place:,}).")

    def peek(self) -> str:
        """Return the next character that is no space, ``""`` at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        """Go past a character, which must be there."""
        if self.peek() != character:
            raise self.error(f"'{character}' is missing")
        self._at += 1

    def value(self) -> tuple[Any, str]:
        """Read the next value; return it and its text."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except ValueError:
                value, end = None, -1
            # A value that ends with the piece may go on in the next.
            if 0 <= end < len(self._text):
                break
            if len(self._text) - self._at > LONGEST_RECORD:
                self._too_large()
            if not self._more():
                break
        if end < 0:
            raise self.error("a value is not finished or not valid")
        written, self._at = self._text[self._at : end], end
        return value, written

    def _too_large(self) -> None:
        raise RefusedFile(
            f"{self._path}: a record from character {self._passed + self._at + 1:,} on is larger "
            "than 1 MiB or not valid JSON."
        )

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._passed += self._at
        self._text = self._text[self._at :] + piece
        self._at = 0
        return True
