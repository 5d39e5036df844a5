"""Spreadsheets of people are read cell by cell, and checked row by row."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import LiaisonError, PlannerError
from planner.estate.liaison.liaison_files import Row, Sheet, read_sheets, without_escape
from planner.estate.liaison.liaison_places import Places
from planner.estate.liaison.liaison_rows import Checked, Known, check_sheet

PLACES = Places(
    {
        "alpha": ("Alpha",),
        "alpha college": ("Alpha",),
        "hall": ("a-hall", "b-hall"),
        "a-hall": ("a-hall",),
    }
)
KNOWN = Known(PLACES, PLACES, frozenset({"alpha"}), date(2026, 1, 15))


def rows(text: str, table: str | None = None) -> Checked:
    lines = [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]
    listed = tuple(Row(number, cells) for number, cells in enumerate(lines[1:], start=2))
    return check_sheet(Sheet("list.csv", lines[0], listed), KNOWN, table)


def csv_file(folder: Path, text: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def book(folder: Path, *sheets: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, lines in enumerate(sheets):
        sheet = made.create_sheet(f"Sheet {number}")
        for line in lines:
            sheet.append(line)
    made.save(folder / "list.xlsx")
    return folder / "list.xlsx"


# Files


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_of_any_separator(tmp_path: Path, separator: str, mark: bytes, ending: str) -> None:
    lines = [f"site{separator}role", f'Alpha{separator}"Head, or deputy"', "", f"Béta{separator}"]
    [sheet] = read_sheets(csv_file(tmp_path, mark + ending.join(lines).encode()))
    assert sheet.header == ("site", "role")
    assert sheet.rows == (Row(2, ("Alpha", "Head, or deputy")), Row(4, ("Béta",)))


def test_xlsx_with_days_numbers_and_sheets(tmp_path: Path) -> None:
    first = [
        ["site", "role", "trained on", "phone"],
        ["Alpha", "Head Porter", date(2025, 6, 1), 72944],
        [None, None, None, None],
        ["Alpha", "Deputy", datetime(2025, 6, 1), "01865 270000"],
        ["Alpha", "Night", datetime(2025, 6, 1, 9, 30), 1865270000],
    ]
    sheets = read_sheets(book(tmp_path, first, [], [["building", "plan"], ["Hall", 12.0]]))
    assert [sheet.name for sheet in sheets] == [
        "list.xlsx, sheet Sheet 0",
        "list.xlsx, sheet Sheet 2",
    ]
    assert [row.cells for row in sheets[0].rows[:2]] == [
        ("Alpha", "Head Porter", "2025-06-01", "72944"),
        ("Alpha", "Deputy", "2025-06-01", "01865 270000"),
    ]
    assert [row.number for row in sheets[0].rows] == [2, 4, 5]
    assert sheets[0].rows[2].faults == {
        2: "has a time of day; give the day only",
        3: "is a number that may have lost a leading 0; format the cell as text",
    }
    assert sheets[1].rows[0].cells == ("Hall", "12")


def test_formulas_and_errors_are_faults(tmp_path: Path) -> None:
    lines = [["site", "role"], ["=HYPERLINK(1)", "Head"], ["#REF!", "Head"], [True, "Head"]]
    [sheet] = read_sheets(book(tmp_path, lines))
    assert [row.faults for row in sheet.rows] == [
        {0: "holds a formula; paste its value instead"},
        {0: "holds the error #REF!"},
        {},
    ]


@given(st.text(max_size=12))
def test_the_escape_comes_off_and_stays_off(text: str) -> None:
    bare = without_escape(text)
    assert without_escape(bare) == bare
    assert without_escape(f"'{bare}") in (bare, f"'{bare}")
    if bare.startswith(("=", "+", "-", "@")):
        assert without_escape(f"'{bare}") == bare


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
def test_every_row_of_a_csv_is_read(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["site", "role", "c", "d"], *lines])
    path = csv_file(tmp_path_factory.mktemp("csv"), written.getvalue())
    [sheet] = read_sheets(path)
    assert sheet.header == ("site", "role", "c", "d")
    full = [line for line in lines if any(cell.strip() for cell in line)]
    assert len(sheet.rows) == len(full)
    for row, line in zip(sheet.rows, full, strict=True):
        expected = [without_escape(cell.strip()) for cell in line]
        assert list(row.cells) == expected[: len(row.cells)]
        assert not any(expected[len(row.cells) :])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = csv_file(tmp_path_factory.mktemp("any"), content)
    for start in (b"", b"PK\x03\x04"):
        path.write_bytes(start + content)
        try:
            assert all(isinstance(sheet, Sheet) for sheet in read_sheets(path))
        except PlannerError as error:
            assert "\n" not in str(error)


# Rows


def test_contacts() -> None:
    done = rows(
        """Site | Role | Desk phone | E-mail | Deputy | Trained on | Last briefed
        alpha college | Porter | 01865 270000 | porters@a.uk | Deputy | 2025-06-01 | 2025-12-01"""
    )
    assert done.table == "contacts"
    assert done.refused == ()
    assert done.taken.iloc[0].to_dict() == {
        "site": "Alpha",
        "role": "Porter",
        "phone": "01865 270000",
        "email": "porters@a.uk",
        "deputy": "Deputy",
        "trained_on": "2025-06-01",
        "last_briefed_on": "2025-12-01",
    }


def test_plans() -> None:
    done = rows(
        """building | plan | owner | reviewed_on | review due | state
        a-hall | LSP | Bursar | 2025-06-01 | 2027-06-01 | In force
        alpha | Emergency Action Plan | | | |"""
    )
    assert done.table == "plans"
    assert done.taken["plan"].tolist() == ["local security plan", "emergency action plan"]
    assert done.taken["state"].tolist() == ["in force", ""]
    assert done.taken["review_due"].tolist() == ["2027-06-01", ""]


def test_premises() -> None:
    done = rows(
        """premises | expected attendance | tier | responsible person | lockdown reviewed
        alpha | 1,200 | | The Fellows | 2025-06-01
        a-hall | 250 | none | |"""
    )
    assert done.taken["expected_attendance"].tolist() == [1200, 250]
    assert done.taken["tier"].tolist() == ["enhanced", "none"]
    assert done.taken["lockdown_reviewed_on"].tolist() == ["2025-06-01", ""]
    assert done.notes == (
        "row 3: the tier is recorded as none, where an attendance of 250 alone would mean standard",
    )


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("", "site", "is empty"),
        ("Alpha |", "role", "is empty"),
        ("Omega | Head", "site", "'Omega' is no place of the estate"),
        ("hall | Head", "site", "'hall' is the name of 2 places; write one of: a-hall, b-hall"),
        ("Alpha | Head | 07700 900123", "phone", "holds a mobile telephone number"),
        ("Alpha | Head 07700 900123", "role", "holds a mobile telephone number"),
        ("Alpha | Head | ask them", "phone", "'ask them' is no telephone number"),
        ("Alpha | Head | | x@gmail.com", "email", "holds a private e-mail address"),
        ("Alpha | Head | | jane.doe@example.ac.uk", "email", "a person's e-mail address"),
        ("Alpha | Head | | the lodge", "email", "'the lodge' is no e-mail address"),
        ("Alpha | Head | | | jane.doe@example.ac.uk", "deputy", "a person's e-mail address"),
        (
            "Alpha | Head | | | | 01/06/2025",
            "trained_on",
            "'01/06/2025' is no day written as YYYY-MM-DD",
        ),
        ("Alpha | Head | | | | 20250601", "trained_on", "is no day written"),
        ("Alpha | Head | | | | 2025-02-29", "trained_on", "is no day written"),
        ("Alpha | Head | | | | 2026-01-16", "trained_on", "2026-01-16 lies in the future"),
        ("Alpha | Head | | | | 1900-01-01", "trained_on", "is not between 1990 and 2100"),
        ("Alpha | " + "x" * 201, "role", "is longer than 200 characters"),
        ("Alpha | Head | | | | | more", "", "has more cells than the header has columns"),
    ],
)
def test_contacts_that_are_refused(row: str, column: str, said: str) -> None:
    done = rows(f"site | role | phone | email | deputy | trained_on\n{row or '| Head'}")
    assert len(done.taken) == 0
    [fault] = done.refused
    assert (fault.row, fault.column) == (2, column)
    assert said in fault.reason


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("alpha | fire plan | | |", "plan"),
        ("alpha | LSP | lost | |", "state"),
        ("alpha | LSP | | 2101-01-01 |", "review_due"),
        ("alpha | LSP | | | 2027-01-01", "reviewed_on"),
    ],
)
def test_plans_that_are_refused(row: str, column: str) -> None:
    done = rows(f"building | plan | state | review_due | reviewed_on\n{row}")
    assert [fault.column for fault in done.refused] == [column]


@pytest.mark.parametrize("people", ["", "many", "-5", "1.5", "12,34", "1e3", "9999999", "٣٠٠"])
def test_attendance_that_is_refused(people: str) -> None:
    done = rows(f"premises | expected_attendance\nalpha | {people}")
    assert [fault.column for fault in done.refused] == ["expected_attendance"]


def test_columns_that_are_not_kept_are_named() -> None:
    done = rows("site | role | Home address | mobile\nalpha | Head | x | 07700 900123")
    assert len(done.taken) == 1
    assert done.notes == ("these columns are not kept: Home address, mobile",)
    assert "mobile" not in done.taken


@pytest.mark.parametrize(
    ("header", "table", "said"),
    [
        ("name | number", None, "its header fits no table; say which with --table"),
        ("site | role | building | plan", None, "fits more than one table"),
        ("site | role | SITE", None, "has the column 'site' twice"),
        ("email | e-mail | site | role", None, "has the column 'email' twice"),
        ("site | role", "plans", "plans need the column 'building'; the header has: site, role"),
    ],
)
def test_headers_that_fit_no_table(header: str, table: str | None, said: str) -> None:
    with pytest.raises(LiaisonError, match=said):
        rows(header, table)


def test_a_table_that_is_named() -> None:
    assert rows("site | role | building | plan\nalpha | Head", "contacts").table == "contacts"


cell = st.sampled_from(
    ["", "alpha", "hall", "Head", "2025-06-01", "=1+1", "07700900123"]
) | st.text(max_size=8)


@given(st.lists(st.lists(cell, min_size=1, max_size=5), max_size=6))
def test_every_row_is_taken_or_refused(lines: list[list[str]]) -> None:
    header = ("site", "role", "email", "trained_on")
    listed = tuple(Row(number, tuple(line)) for number, line in enumerate(lines, start=2))
    done = check_sheet(Sheet("list.csv", header, listed), KNOWN)
    assert len(done.taken) + len(done.refused) == len(lines)
    assert all(fault.reason for fault in done.refused)
