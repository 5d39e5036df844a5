import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from planner.errors import PlannerError, UnknownFormat, UnreadableFile
from planner.incidents.files.sheets import read_workbook
from planner.incidents.files.text_table import Rows

HEADER = ["reference", "occurred", "place"]
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8
)


def workbook(folder: Path, rows: list[list[Any]], change: Callable[[Workbook], Any] | None = None
) -> Path:  # fmt: skip
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    path = folder / "incidents.xlsx"
    book.save(path)
    return path


def with_part(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts rewritten."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode()
            new.writestr(name, change(content) if name == part else content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
SHARED = [
    "<t>one</t>", "<r><t>two </t></r><r><rPr/><t>parts</t></r>",
    "<t>漢字</t><rPh><t>かんじ</t></rPh><phoneticPr/>", "<t>line_x000D_end</t>",
    "<t>_x005F_x41</t>", "<t/>",
]  # fmt: skip


def sheet_of(cells: str) -> Callable[[str], str]:
    start, end = "<sheetData>", "</sheetData>"

    def change(xml: str) -> str:
        return xml[: xml.index(start) + len(start)] + cells + xml[xml.index(end) :]

    return change


def texts(rows: Rows) -> list[list[str]]:
    return rows.table.to_numpy().tolist()


def test_rows_have_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    rows = read_workbook(workbook(tmp_path, [HEADER, ["a", "", "x"], [], [None, None, " y "]]))
    assert rows.header == HEADER
    assert rows.table.index.tolist() == [2, 4]
    assert texts(rows) == [["a", "", "x"], ["", "", "y"]]
    assert (rows.broken, rows.notes) == ([], ())
    assert {str(kind) for kind in rows.table.dtypes} == {"str"}


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (12, None, "12"),
        (12.0, None, "12"),
        (-1.25, None, "-1.25"),
        (51.751, None, "51.751"),
        (0.00001, None, "0.00001"),
        (1e21, None, "1000000000000000000000"),
        (True, None, "TRUE"),
        ("00123", None, "00123"),
        ("1e5", None, "1e5"),
        ("#N/A", None, "#N/A"),
        ("é\nü", None, "é\nü"),
        ("_x000D_", None, "\r"),
        (datetime(2025, 6, 1, 14, 30), None, "2025-06-01T14:30"),
        (datetime(2025, 6, 1, 14, 30, 5), None, "2025-06-01T14:30:05"),
        (datetime(2025, 6, 1, 0, 0), None, "2025-06-01T00:00"),
        (datetime(2025, 6, 1, 14, 30), "DD/MM/YYYY", "2025-06-01T14:30"),
        (date(2025, 6, 1), None, "2025-06-01"),
        (date(2025, 6, 1), "[$-en-US]mmm yyyy", "2025-06-01"),
        (datetime(2025, 6, 1), "dd/mm/yyyy hh:mm", "2025-06-01T00:00"),
        (time(14, 30), None, "14:30"),
        (timedelta(hours=26, minutes=5), None, "26:05"),
        (-5, "yyyy-mm-dd", "-5"),
        (1e12, "yyyy-mm-dd", "1e+12"),
        (45_000, '"day" 0', "45000"),
    ],
)
def test_a_cell_is_text(tmp_path: Path, value: Any, form: str | None, text: str) -> None:
    def dress(book: Workbook) -> None:
        if form:
            book.active["B2"].number_format = form

    rows = read_workbook(workbook(tmp_path, [HEADER, ["a", value, "x"]], dress))
    wanted = text.strip() or ""
    if wanted == "1e+12":
        assert float(rows.table.at[2, "occurred"]) == 1e12
    else:
        assert rows.table.at[2, "occurred"] == wanted


def test_dates_that_count_from_1904_are_read(tmp_path: Path) -> None:
    def count_from_1904(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    moment = datetime(2025, 6, 1, 14, 30)
    rows = read_workbook(workbook(tmp_path, [HEADER, ["a", moment, "x"]], count_from_1904))
    assert rows.table.at[2, "occurred"] == "2025-06-01T14:30"


def test_a_formula_breaks_its_row_and_names_the_column(tmp_path: Path) -> None:
    rows = read_workbook(
        workbook(tmp_path, [HEADER, ["a", "=NOW()", 'x,"y'], ["b", "", "x"], ["c", "", "", "=1"]])
    )
    assert rows.table["reference"].tolist() == ["b"]
    (row, reason, text), (_, other, _) = rows.broken
    assert (row, text) == (2, 'a,=NOW(),"x,""y"')
    assert reason.startswith("occurred: holds a formula")
    assert other.startswith("column D: holds a formula")


def test_a_row_longer_than_the_header_is_broken_a_shorter_one_is_not(tmp_path: Path) -> None:
    rows = read_workbook(workbook(tmp_path, [HEADER, ["a"], ["b", "", "", " "], ["c", "", "", 4]]))
    assert texts(rows) == [["a", "", ""], ["b", "", ""]]
    assert [(row, "4 fields" in reason) for row, reason, _ in rows.broken] == [(4, True)]


def test_the_first_visible_sheet_with_header_and_rows_is_read(tmp_path: Path) -> None:
    def more(book: Workbook) -> None:
        book.active.title = "About"
        for name, hidden in (("Old", True), ("Incidents", False), ("Lists", False)):
            sheet = book.create_sheet(name)
            sheet.append(HEADER)
            sheet.append([name, "", ""])
            sheet.sheet_state = "hidden" if hidden else "visible"

    rows = read_workbook(workbook(tmp_path, [["Incidents of June"]], more))
    assert texts(rows) == [["Incidents", "", ""]]
    assert "only the sheet 'Incidents' was read, not 'About', 'Old', 'Lists'" in rows.notes[0]


def test_macros_are_left_alone_and_said(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, ["a", "", "x"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0")
    assert "macros" in read_workbook(path).notes[0]


@pytest.mark.parametrize("rows", [[], [["a"]], [HEADER], [[], HEADER, ["a", "", ""]], [["a", "a"]]])
def test_a_workbook_without_header_and_rows_is_an_unknown_format(
    tmp_path: Path, rows: list[list[Any]]
) -> None:
    with pytest.raises(UnknownFormat, match="row 1"):
        read_workbook(workbook(tmp_path, rows))


def test_texts_in_the_cell_itself_and_prefixed_names_are_read(tmp_path: Path) -> None:
    cells = (
        '<row><c t="inlineStr"><is><t>a</t></is></c><c t="str"><v>b</v></c></row>'
        '<row><c t="inlineStr"><is><r><t>one </t></r><r><t>two</t></r><rPh><t>no</t></rPh></is></c>'
        '<c t="e"><v>#N/A</v></c></row><row r="9"><c r="B9" t="d"><v>2025-06-01T10:00:00Z</v></c>'
        "</row>"
    )
    path = workbook(tmp_path, [HEADER])
    rows = read_workbook(with_part(path, SHEET, sheet_of(cells)))
    assert texts(rows) == [["one two", "#N/A"], ["", "2025-06-01T10:00"]]
    assert rows.table.index.tolist() == [2, 9]
    prefixed = with_part(
        path, SHEET,
        lambda xml: '<x:worksheet xmlns:x="u"><x:sheetData>'
        + cells.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
        + "</x:sheetData></x:worksheet>",
    )  # fmt: skip
    assert texts(read_workbook(prefixed)) == texts(rows)


def test_shared_texts_are_read_as_excel_writes_them(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, ["a", "b", "c"]])
    shared = "".join(f"<si>{text}</si>" for text in SHARED)
    link = '<Relationship Type="x/sharedStrings" Target="sharedStrings.xml" Id="t" />'
    with_part(path, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace("</Rel", link + "</Rel"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="u">{shared}</sst>')
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(len(SHARED)))
    head = "".join(f"<c><v>{n}</v></c>" for n in range(len(SHARED)))
    rows = read_workbook(
        with_part(path, SHEET, lambda _: f"<w><row>{head}</row><row>{cells}</row></w>")
    )
    assert texts(rows) == [["one", "two parts", "漢字", "line\rend", "_x41", ""]]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"/>',
        '<row r="3"/><row r="2"/>',
        '<row r="2"/><row r="1048577"/>',
        '<row r="x"/>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="!!"><v>1</v></c></row>',
        '<row r="2"><c t="s"><v>99</v></c></row>',
        '<row r="2"><c t="s"><v>x</v></c></row>',
        '<row r="2"><c s="x"><v>1</v></c></row>',
        "<row><c></row>",
    ],
)
def test_a_damaged_sheet_is_unreadable_and_loses_nothing_silently(
    tmp_path: Path, cells: str
) -> None:
    header = '<row r="1"><c><v>1</v></c><c><v>2</v></c></row>'
    path = with_part(workbook(tmp_path, [HEADER]), SHEET, sheet_of(header + cells))
    with pytest.raises(UnreadableFile, match="damaged"):
        read_workbook(path)


@given(table=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_a_spreadsheet_writer_wrote_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    table = [[f"'{text}" if text.startswith("=") else text for text in row] for row in table]
    rows = read_workbook(
        workbook(tmp_path_factory.getbasetemp(), [HEADER, *table, ["end", "", ""]])
    )
    wanted = {n: [text.strip() for text in row] for n, row in enumerate(table, start=2)}
    found = {n: list(row) for n, row in zip(rows.table.index, texts(rows), strict=True)}
    assert found.pop(len(table) + 2) == ["end", "", ""]
    assert found == {n: row for n, row in wanted.items() if any(row)}


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
@pytest.mark.parametrize("piece", [b"", b"\0" * 50, b"\xff" * 9])
def test_a_damaged_workbook_is_a_named_error_or_rows(
    tmp_path: Path, share: float, piece: bytes
) -> None:
    path = workbook(tmp_path, [HEADER, *([f"a{n}", n, "x"] for n in range(50))])
    content = path.read_bytes()
    start = int(share * len(content))
    path.write_bytes(content[:start] + piece + content[start + 30 :])
    try:
        rows = read_workbook(path)
    except PlannerError as error:
        assert "\n" not in str(error)
        return
    assert len(rows.table) + len(rows.broken) == 50
