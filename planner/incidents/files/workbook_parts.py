"""The parts of an XLSX workbook, read as a stream: its sheets, shared texts and forms of numbers.

A workbook is a zip archive of XML (ECMA-376, Office Open XML File Formats, part 1: SpreadsheetML).
Libraries unpack a part whole before they look at it, and pass over rows that stand out of order;
from a file that nobody vouches for, nothing may grow without bound and nothing may be lost.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple
from xml.parsers import expat

from openpyxl.styles.numbers import (
    BUILTIN_FORMATS,
    STRIP_RE,
    is_date_format,
    is_timedelta_format,
)
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.utils.escape import unescape

from planner.errors import RefusedFile, UnknownFormat, UnreadableFile

PIECE = 1 << 16
LONGEST_SILENCE = 1 << 20
LARGEST_TEXTS = 1 << 28

Form = Literal["number", "day", "moment", "duration"]


class Event(NamedTuple):
    """An XML element that begins (with its attributes) or ends (with its text)."""

    begins: bool
    name: str
    attributes: dict[str, str]
    text: str


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes
    ----------
    name
        As its tab shows it.
    part
        Where its cells stand in the archive.
    visible
        Whether its tab is shown.
    """

    name: str
    part: str
    visible: bool


@dataclass(frozen=True)
class Workbook:
    """What the cells of all sheets refer to.

    Attributes
    ----------
    sheets
        In the order of their tabs.
    texts
        Shared texts by index.
    forms
        What numbers of each style mean, by index.
    epoch
        The moment that dates count from.
    macros
        Whether the workbook carries programs.
    """

    sheets: tuple[Sheet, ...]
    texts: list[str]
    forms: list[Form]
    epoch: datetime
    macros: bool


def events(archive: zipfile.ZipFile, part: str, path: Path) -> Iterator[Event]:
    """Yield the elements of an XML part, without prefixes, as they are read.

    Raises
    ------
    RefusedFile
        If the part declares a document type or entities, or has a text, name or remark of over
        1 MiB.
    UnreadableFile
        If it is not XML.
    """
    waiting: list[Event] = []
    text: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        waiting.append(Event(True, name.rpartition(":")[2], attributes, ""))

    def end(name: str) -> None:
        waiting.append(Event(False, name.rpartition(":")[2], {}, "".join(text)))
        text.clear()

    def refuse(*_: object) -> None:
        raise RefusedFile(f"{path}: '{part}' in it declares XML entities, as no workbook does.")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    silence = 0
    with archive.open(part) as file:
        while True:
            content = file.read(PIECE)
            try:
                parser.Parse(content, not content)
            except expat.ExpatError as error:
                raise UnreadableFile(
                    f"{path}: '{part}' in it is damaged ({error}); save the workbook again."
                ) from error
            silence = 0 if waiting else silence + len(content)
            if silence > LONGEST_SILENCE:
                raise RefusedFile(f"{path}: '{part}' in it has a text of more than 1 MiB.")
            yield from waiting
            waiting.clear()
            if not content:
                return


def read_parts(archive: zipfile.ZipFile, path: Path) -> Workbook:
    """Read everything of a workbook but its cells.

    Raises
    ------
    UnknownFormat
        If the archive is no XLSX workbook.
    """
    names = set(archive.namelist())
    place = _workbook_part(archive, names, path)
    targets = _relations(archive, names, place, path)
    kinds = {kind: target for kind, target in targets.values() if target in names}
    sheets, epoch = _sheets(archive, place, {key: part for key, (_, part) in targets.items()}, path)
    return Workbook(
        sheets=tuple(sheet for sheet in sheets if sheet.part in names),
        texts=_texts(archive, kinds.get("sharedStrings"), path),
        forms=_forms(archive, kinds.get("styles"), path),
        epoch=epoch,
        macros=any(name.lower().endswith("vbaproject.bin") for name in names),
    )


def _workbook_part(archive: zipfile.ZipFile, names: set[str], path: Path) -> str:
    if "[Content_Types].xml" in names:
        for kind, target in _relations(archive, names, "", path).values():
            if kind == "officeDocument" and target in names and _is_spreadsheet(target):
                return target
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise UnknownFormat(f"{path}: is a workbook of another kind; save it as .xlsx or CSV.")
    raise UnknownFormat(
        f"{path}: is an archive, not a workbook; unpack it and give the files that are in it."
    )


def _is_spreadsheet(part: str) -> bool:
    """Whether a package's main part is of SpreadsheetML: a document's is ``word/document.xml``."""
    return part.endswith(".xml") and "workbook" in posixpath.basename(part)


def _relations(
    archive: zipfile.ZipFile, names: set[str], part: str, path: Path
) -> dict[str, tuple[str, str]]:
    """Return the kind and the place of each part that a part refers to, by the reference."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in names:
        return {}
    found = {}
    for event in events(archive, listed, path):
        if event.begins and event.name == "Relationship":
            kind = event.attributes.get("Type", "").rpartition("/")[2]
            target = posixpath.join("/", folder, event.attributes.get("Target", ""))
            found[event.attributes.get("Id", "")] = kind, posixpath.normpath(target).lstrip("/")
    return found


def _sheets(
    archive: zipfile.ZipFile, place: str, parts: dict[str, str], path: Path
) -> tuple[list[Sheet], datetime]:
    sheets, epoch = [], WINDOWS_EPOCH
    for event in events(archive, place, path):
        values = {name.rpartition(":")[2]: value for name, value in event.attributes.items()}
        if event.begins and event.name == "sheet":
            visible = values.get("state", "visible") == "visible"
            part = parts.get(values.get("id", ""), "")
            sheets.append(Sheet(values.get("name", ""), part, visible))
        if event.begins and event.name == "workbookPr" and values.get("date1904") in ("1", "true"):
            epoch = MAC_EPOCH
    return sheets, epoch


def _texts(archive: zipfile.ZipFile, part: str | None, path: Path) -> list[str]:
    if part is None:
        return []
    if archive.getinfo(part).file_size > LARGEST_TEXTS:
        raise RefusedFile(f"{path}: has more than 256 MiB of texts; export it as CSV.")
    texts: list[str] = []
    said: list[str] = []
    spoken = False
    for event in events(archive, part, path):
        if event.name == "si" and event.begins:
            said = []
        elif event.name == "si":
            texts.append(unescape("".join(said)))
        elif event.name == "rPh":
            # How a Japanese text is pronounced: a remark on it, not part of it.
            spoken = event.begins
        elif event.name == "t" and not event.begins and not spoken:
            said.append(event.text)
    return texts


def _forms(archive: zipfile.ZipFile, part: str | None, path: Path) -> list[Form]:
    if part is None:
        return []
    codes: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    styles: list[str] = []
    within = False
    for event in events(archive, part, path):
        if event.name == "cellXfs":
            within = event.begins
        elif event.name == "numFmt" and event.begins:
            code = event.attributes.get("formatCode", "")
            codes[event.attributes.get("numFmtId", "")] = code
        elif event.name == "xf" and event.begins and within:
            styles.append(event.attributes.get("numFmtId", "0"))
    known = {number: _form(codes.get(number, "")) for number in set(styles)}
    return [known[number] for number in styles]


def _form(code: str) -> Form:
    """Tell what a number format such as ``dd/mm/yyyy hh:mm`` makes of a number."""
    bare = STRIP_RE.sub("", code.lower().split(";")[0])
    if not is_date_format(bare):
        return "number"
    if is_timedelta_format(bare):
        return "duration"
    return "moment" if set("hs") & set(bare) else "day"
