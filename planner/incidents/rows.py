"""From untrusted bytes to rows of text: a broken line costs that line and no other."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.errors import UnknownFormat, UnreadableFile

BROKEN = "the line is broken: {found} fields where the header has {wanted}"
UNREADABLE = (
    "the line cannot be read as CSV (a quotation mark is out of place, or a field is too long)"
)
LARGEST_FILE = 1 << 30
LONGEST_KEPT = 2_000


@dataclass(frozen=True)
class Rows:
    """The rows of a CSV file as text.

    Attributes
    ----------
    header
        Column names, stripped.
    numbers, fields
        Row number (the line it begins on; the header is row 1) and fields of each whole row.
    broken
        Row number, reason and text of each row that can't be read.
    """

    header: list[str]
    numbers: list[int]
    fields: list[list[str]]
    broken: list[tuple[int, str, str]]


def read_bytes(path: Path) -> bytes:
    """Read a file that a user named.

    Raises
    ------
    UnreadableFile
        If it is missing, a folder, empty, or larger than 1 GiB.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile(f"{path}: is larger than 1 GiB; split it by month.")
        content = path.read_bytes()
    except OSError as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(
            f"{path}: cannot be read ({error.strerror}); give a CSV file of incidents."
        ) from error
    if not content.strip():
        raise UnreadableFile(f"{path}: is empty; give a CSV file of incidents.")
    return content


def decode(content: bytes, path: Path) -> tuple[str, str]:
    """Decode UTF-8 with or without a mark, or else Windows-1252; return text and encoding.

    Raises
    ------
    UnreadableFile
        If it is no text.
    """
    if b"\0" in content:
        raise UnreadableFile(
            f"{path}: is a binary file, not CSV; export the incidents as CSV in UTF-8."
        )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"{path}: is not text; export the incidents as CSV in UTF-8.")


def split_rows(text: str, path: Path) -> Rows:
    """Split CSV text into rows; blank lines are none.

    Raises
    ------
    UnknownFormat
        If the first line is no header or no row follows it.
    """
    lines = list(io.StringIO(text, newline=""))
    header = _header(lines, path)
    numbers: list[int] = []
    fields: list[list[str]] = []
    broken: list[tuple[int, str, str]] = []
    for number, values in _records(lines, 1, len(header)):
        if values is not None and len(values) == len(header):
            numbers.append(number)
            fields.append(values)
        else:
            raw = lines[number - 1].strip()[:LONGEST_KEPT]
            broken.append((number, _reason(values, len(header)), raw))
    if not numbers and not broken:
        raise UnknownFormat(f"{path}: has a header and no rows; there is nothing to import.")
    return Rows(header, numbers, fields, broken)


def _header(lines: list[str], path: Path) -> list[str]:
    try:
        names = [name.strip() for name in next(csv.reader(lines[:1], strict=True), [])]
    except csv.Error:
        names = []
    if len(names) < 2 or len(set(names)) < len(names):
        shown = "".join(lines[:1]).strip()[:60]
        commas = "; save it with commas between columns" if set(shown) & set(";\t|") else ""
        raise UnknownFormat(
            f"{path}: row 1 is not the header of a CSV file of incidents, with a name for each "
            f"column and none twice{commas}; it reads: {shown}"
        )
    return names


def _records(lines: list[str], start: int, wanted: int) -> Iterator[tuple[int, list[str] | None]]:
    """Yield line number and fields of each record; after a broken line begin anew below it."""
    while start < len(lines):
        # By number, not islice: that would walk from the top after every broken line.
        reader = csv.reader((lines[n] for n in range(start, len(lines))), strict=True)
        used = 0
        try:
            for values in reader:
                # A stray quotation mark joins lines; the joined record has the wrong length.
                if reader.line_num - used > 1 and len(values) != wanted:
                    break
                if values:
                    yield start + used + 1, values
                used = reader.line_num
            else:
                return
        except csv.Error:
            pass
        yield start + used + 1, None
        start += used + 1


def _reason(values: list[str] | None, wanted: int) -> str:
    return UNREADABLE if values is None else BROKEN.format(found=len(values), wanted=wanted)
