"""Spreadsheets made to harm are refused quickly, and nothing they name is read."""

import io
import pickle
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from planner.errors import LiaisonError, PlannerError, RefusedFile, UnknownFormat, UnreadableFile
from planner.estate.liaison import liaison_files
from planner.estate.liaison.liaison_files import read_sheets


def workbook(**changes: bytes | None) -> bytes:
    """A small workbook, with parts of its package replaced, added, or taken out."""
    plain = io.BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["site", "role"])
    made.active.append(["Alpha", "Head"])
    made.save(plain)
    done = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return done.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ROW = '<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'


def sheet_of(rows: str) -> bytes:
    start = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    return f"{start}{rows}</sheetData></worksheet>".encode()


def styles(size: int) -> bytes:
    start = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    )
    return f"{start}{'<xf/>' * (size // 5)}</cellXfs></styleSheet>".encode()


def entities(encoding: str) -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>'
    return text.encode(encoding)


MANY = b"<x/>" + b" " * 70_000_000
CASES: dict[str, tuple[Callable[[], bytes], type[PlannerError], str]] = {
    "bomb": (lambda: workbook(**{SHEET: MANY}), RefusedFile, "save the sheet as .csv"),
    "many styles": (
        lambda: workbook(**{"xl/styles.xml": styles(1_000_000)}),
        RefusedFile,
        "holds more than a table",
    ),
    "cells within cells": (
        lambda: workbook(**{SHEET: sheet_of("<row>" + "<c>" * 220_000 + "</c>" * 220_000)}),
        PlannerError,
        "list.xlsx",
    ),
    "many parts": (
        lambda: workbook(**{f"xl/media/{n}.png": b"" for n in range(600)}),
        RefusedFile,
        "save the sheet as .csv",
    ),
    "entities": (lambda: workbook(**{SHEET: entities("utf-8")}), RefusedFile, "XML entities"),
    "entities in UTF-16": (
        lambda: workbook(**{SHEET: entities("utf-16")}),
        RefusedFile,
        "XML entities",
    ),
    "macros": (lambda: workbook(**{"xl/vbaProject.bin": b"x"}), RefusedFile, "holds macros"),
    "no workbook": (lambda: workbook(**{"xl/workbook.xml": None}), UnknownFormat, "no workbook"),
    "no sheet": (lambda: workbook(**{SHEET: None}), LiaisonError, "holds no table"),
    "broken XML": (lambda: workbook(**{SHEET: b"<worksheet"}), UnknownFormat, "damaged workbook"),
    "cut off": (lambda: workbook()[:-200], UnknownFormat, "damaged workbook"),
    "changed bytes": (
        lambda: workbook()[:900] + b"\xff" * 90 + workbook()[990:],
        UnknownFormat,
        "damaged workbook",
    ),
    "a row far down": (
        lambda: workbook(**{SHEET: sheet_of(ROW.format(row=1_000_000, cell="A1000000"))}),
        LiaisonError,
        "more than 5,000 rows",
    ),
    "a column far right": (
        lambda: workbook(**{SHEET: sheet_of(ROW.format(row=1, cell="XFD1"))}),
        LiaisonError,
        "more than 60 columns",
    ),
    "old workbook": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
        UnknownFormat,
        "old or locked workbook",
    ),
    "pickle": (lambda: pickle.dumps(["site", "role"]), UnreadableFile, "is not text"),
    "binary": (lambda: b"site,role\n\0\0", UnreadableFile, "binary"),
    "UTF-16": (lambda: "site,role".encode("utf-16"), UnreadableFile, "not text in UTF-8"),
    "empty": (lambda: b" \n ", UnreadableFile, "is empty"),
    "large": (lambda: b"a,b\n" * 3_000_000, RefusedFile, "larger than 10 MB"),
    "many rows": (lambda: b"a,b\n" * 6_000, LiaisonError, "more than 5,000 rows"),
    "many columns": (lambda: b"a," * 100 + b"a\n", LiaisonError, "more than 60 columns"),
    "open quotes": (lambda: b'site,role\n"Alpha,x\n', LiaisonError, "close the quotes"),
    "long cell": (lambda: b"site,role\n" + b"x" * 200_000, LiaisonError, "line 2"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_one_line_and_soon(case: str, tmp_path: Path) -> None:
    make, kind, said = CASES[case]
    path = tmp_path / "list.xlsx"
    path.write_bytes(make())
    began = time.process_time()
    with pytest.raises(kind, match=said) as caught:
        read_sheets(path)
    # One second on a machine of its own; a shared one was seen to run at a third of its speed.
    assert time.process_time() - began < 5
    assert "\n" not in str(caught.value)


def test_an_archive_that_lies_about_its_sizes(tmp_path: Path) -> None:
    size = 1_500_000
    body = workbook(**{SHEET: b"<x/>" + b" " * size})
    true = (size + 4).to_bytes(4, "little")
    assert body.count(true) == 2
    (tmp_path / "list.xlsx").write_bytes(body.replace(true, (99).to_bytes(4, "little")))
    with pytest.raises(PlannerError):
        read_sheets(tmp_path / "list.xlsx")


def test_external_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<secret/>", encoding="utf-8")
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/externalLinkPath" Target="{secret.as_uri()}" TargetMode="External"/>'
        "</Relationships>"
    )
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": relation.encode()}
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(**parts))
    [sheet] = read_sheets(path)
    assert sheet.header == ("site", "role")
    assert "secret" not in str(sheet)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UnreadableFile, match="cannot be read"):
            read_sheets(path)


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_as_many_styles_as_pass_are_read_soon(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(**{"xl/styles.xml": styles(liaison_files.MOST_STYLE_BYTES - 200)}))
    began = time.process_time()
    read_sheets(path)
    assert time.process_time() - began < 5
