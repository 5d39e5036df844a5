"""From untrusted bytes to rows of text: what a file holds decides how it is read, not its name."""

import re
from pathlib import Path

from planner.errors import RefusedFile, UnknownFormat, UnreadableFile
from planner.incidents.files.delimited import read_delimited
from planner.incidents.files.encoding import HEAD, encoding_of
from planner.incidents.files.json_rows import read_json
from planner.incidents.files.sheets import read_workbook
from planner.incidents.files.text_table import Rows, row_texts

__all__ = ["Rows", "read_rows", "row_texts"]

LARGEST_FILE = 1 << 30
_ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")
_PACKED = {
    b"\x1f\x8b": "gzip", b"BZh91AY&SY": "bzip2", b"\xfd7zXZ\0": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard",
}  # fmt: skip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"SQLite format 3\0", b"PAR1", b"\x7fELF")
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_DANGEROUS_XML = re.compile(r"<!DOCTYPE\s[^<>]*\[|<!ENTITY|<(OGR)?VRT", re.IGNORECASE)
# A column named '[reference]' is no list.
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[\]{"\d]|\{\s*$|\[\s*$)')


def read_rows(path: Path) -> Rows:
    """Read a file of incidents as text: CSV with any separator, an XLSX workbook, or JSON.

    Parameters
    ----------
    path
        The file. Text is UTF-8, UTF-16 or Windows-1252.

    Raises
    ------
    UnreadableFile
        If the file is missing, a folder, empty, binary, damaged, or larger than 1 GiB.
    UnknownFormat
        If it is of another format, has no header, or has no rows.
    RefusedFile
        If it is dangerous to open.
    """
    head = _head(path)
    if head.startswith(_ARCHIVE):
        return read_workbook(path)
    _refuse_binary(head, path)
    encoding, mark = encoding_of(head)
    text = head[mark:].decode(encoding, "replace").lstrip()
    if text.startswith("<"):
        _refuse_xml(text, path)
    if _JSON.match(text):
        return read_json(path)
    return read_delimited(path)


def _head(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise UnreadableFile(f"{path}: cannot be read (it is not a file); name a file.")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UnreadableFile(f"{path}: is larger than 1 GiB; split it by month.")
        with path.open("rb") as file:
            head = file.read(HEAD)
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(
            f"{path}: cannot be read ({error.strerror}); give a file of incidents."
        ) from error
    if size <= HEAD and not head.strip():
        raise UnreadableFile(f"{path}: is empty; give a file of incidents.")
    return head


def _refuse_binary(head: bytes, path: Path) -> None:
    for mark, name in _PACKED.items():
        if head.startswith(mark):
            raise UnknownFormat(f"{path}: is packed with {name}; unpack it and give what is in it.")
    if head.startswith(_OLD_OFFICE):
        raise RefusedFile(
            f"{path}: is an old Excel workbook (.xls) or one with a password; save it as .xlsx "
            "without a password, or as CSV."
        )
    if _PICKLE.match(head):
        raise RefusedFile(
            f"{path}: is a pickle, which can run programs when opened; export it as CSV."
        )
    if head.startswith(_BINARY):
        raise UnreadableFile(
            f"{path}: is a binary file, not CSV; export the incidents as CSV in UTF-8."
        )


def _refuse_xml(text: str, path: Path) -> None:
    if _DANGEROUS_XML.search(text):
        raise RefusedFile(
            f"{path}: is XML that can reach for other files or grow without end; export the "
            "incidents as CSV."
        )
    raise UnknownFormat(f"{path}: row 1 is XML or HTML, no header; export the incidents as CSV.")
