"""Bad files of incidents: each has a name and a stated outcome, and every row is accounted for."""

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest

from planner.errors import PlannerError, UnknownFormat, UnreadableFile
from planner.incidents.intake import read_incidents
from planner.incidents.model import Intake
from planner.service.importing import Imported, import_files
from planner.text import readable

Attempt = Callable[[Path], BaseException]
Case = Any
LONDON = "Europe/London"


def read(build: ModuleType, folder: Path, content: str | bytes, name: str = "a.csv") -> Intake:
    """Read a file, and check that every row of it is accounted for."""
    intake = read_incidents(build.write(folder / name, content), LONDON, build.NOW)
    assert intake.read == len(intake.accepted) + len(intake.rejected) + intake.repeated
    assert (intake.rejected["reason"] != "").all()
    assert not intake.rejected["reason"].str.contains("\n").any()
    return intake


def case(name: str, *values: Any) -> Case:
    return pytest.param(*values, id=name)


# --- Faults of the whole file: nothing is stored, the workspace stays as it was. ---


WHOLE = [
    case("no byte", b"", UnreadableFile, "empty"),
    case("blank lines only", b" \n\r\n\t\n", UnreadableFile, "empty"),
    case("a mark only", b"\xef\xbb\xbf", PlannerError, ""),
    case("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00", UnreadableFile, "binary"),
    case("a cut archive", b"PK\x03\x04\x14\x00\x06\x00", PlannerError, ""),
    case("bytes of no encoding", b"\x81\x8d\x8f,\xff\n1,2\n", UnreadableFile, "not text"),
    case("a PDF", b"%PDF-1.7\nnothing,here\n", UnknownFormat, "row 1"),
    case("a web page", b"<!DOCTYPE html>\n<p>Sign in, please</p>\n", PlannerError, ""),
    case("another table", b"name,phone\nx,5\n", UnknownFormat, "--propose"),
    case("prose", b"just words\nand more\n", UnknownFormat, "row 1"),
    case("a map", b'{"type": "FeatureCollection"}\n', UnknownFormat, ""),
    case("JSON of nothing", b"[]", PlannerError, ""),
    case("JSON of numbers", b"[1, 2, 3]", PlannerError, ""),
    case("half a JSON", b'[{"reference": "a", "cat', PlannerError, ""),
    case("no header", b"A1,Theft,2025-06-02T22:00\nA2,Theft,2025-06-02T22:00\n",
         UnknownFormat, ""),
]  # fmt: skip


@pytest.mark.parametrize(("content", "error", "word"), WHOLE)
def test_a_file_of_something_else_is_refused(
    build: ModuleType, tmp_path: Path, content: bytes, error: type[PlannerError], word: str
) -> None:
    path = build.write(tmp_path / "incidents.csv", content)
    with pytest.raises(error) as caught:
        read_incidents(path, LONDON, build.NOW)
    for part in (word, str(path)):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_of_a_refused_file_is_stored(
    build: ModuleType, failed_import: Attempt, tmp_path: Path
) -> None:
    refused = [build.write(tmp_path / f"{n}.csv", one.values[0]) for n, one in enumerate(WHOLE)]
    for path in [*refused, tmp_path / "none.csv", tmp_path]:
        assert str(path) in str(failed_import(path))


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_a_header_without_rows_is_refused(build: ModuleType, tmp_path: Path, end: str) -> None:
    with pytest.raises(UnknownFormat, match="no rows"):
        read(build, tmp_path, ",".join(build.CONTROL_ROOM) + end)


@pytest.mark.parametrize("missing", ["reference", "occurred_from", "longitude"])
def test_a_missing_column_is_named(build: ModuleType, tmp_path: Path, missing: str) -> None:
    columns = [name for name in build.CONTROL_ROOM if name != missing]
    with pytest.raises(UnknownFormat, match=missing):
        read(build, tmp_path, build.csv_text([build.incident()], columns))


def test_a_column_that_stands_twice_is_refused(build: ModuleType, tmp_path: Path) -> None:
    text = build.control_room_csv([build.incident()]).replace("details\n", "details,place\n", 1)
    with pytest.raises(UnknownFormat, match="twice"):
        read(build, tmp_path, text)


def test_of_several_files_one_bad_one_stores_nothing_of_the_good(
    build: ModuleType, workspace: Path, tmp_path: Path
) -> None:
    good = build.write(tmp_path / "good.csv", build.control_room_csv([build.incident("new")]))
    bad = build.write(tmp_path / "bad.csv", "a,b\n1,2\n")
    before = build.snapshot(workspace)
    with pytest.raises(UnknownFormat):
        import_files(workspace, [good, bad], build.NOW)
    assert build.snapshot(workspace) == before


def test_no_file_at_all_is_a_named_error(build: ModuleType, workspace: Path) -> None:
    with pytest.raises(PlannerError, match="No file"):
        import_files(workspace, [], build.NOW)


# --- Faults of a row: the row is rejected with its reason, the others are taken. ---

REJECTED = [
    case("no such day", {"occurred_from": "2025-02-30T10:00"}, "2025-02-30T10:00"),
    case("no leap day", {"occurred_from": "2025-02-29T10:00"}, "not a date"),
    case("no such month", {"occurred_from": "2025-13-01T10:00"}, "2025-13-01T10:00"),
    case("no such hour", {"occurred_from": "2025-06-01T25:00"}, "2025-06-01T25:00"),
    case("the hour 24", {"occurred_from": "2025-06-01T24:00"}, "not a date"),
    case("a leap second", {"occurred_from": "2016-12-31T23:59:60"}, "not a date"),
    case("day or month first", {"occurred_from": "03/04/2025 10:00"}, "03/04/2025 10:00"),
    case("a day without an hour", {"occurred_from": "2025-06-01"}, "not a date"),
    case("an hour without a day", {"occurred_from": "10:00"}, "not a date"),
    case("seconds since 1970", {"reported_at": "1748736000"}, "1748736000"),
    case("a spreadsheet's day number", {"reported_at": "45810.333"}, "not a date"),
    case("words", {"occurred_to": "last night"}, "not a date"),
    case("digits of another script", {"occurred_from": "\u0662025-06-01T10:00"}, "not a date"),
    case("an offset", {"occurred_from": "2025-06-01T10:00+01:00"}, "not a date"),
    case("the year 0", {"occurred_from": "0000-01-01T00:00"}, "not a date"),
    case("the year 9999", {"occurred_from": "9999-12-31T23:59"}, "not a date"),
    case("the year 1066", {"occurred_from": "1066-10-14T09:00"}, "not a date"),
    case("not yet", {"occurred_from": "2026-02-01T10:00", "occurred_to": ""}, "future"),
    case("an end to come", {"occurred_to": "2026-02-01T10:00"}, "future"),
    case("reported next century", {"reported_at": "2126-06-03T08:00"}, "future"),
    case("end before start", {"occurred_from": "2025-06-03T10:00"}, "before occurred_from"),
    case("reported long before", {"reported_at": "2025-05-01T10:00"}, "more than a day after"),
    case("no time at all", {"occurred_from": "", "reported_at": ""}, "both are empty"),
    case("a longitude in words", {"longitude": "west"}, "not a number"),
    case("a decimal comma", {"longitude": "-1,25"}, "not a number"),
    case("minutes and seconds", {"latitude": "51°45'12\"N"}, "not a number"),
    case("infinity", {"latitude": "inf"}, "not a number"),
    case("minus infinity", {"latitude": "-inf"}, "not a number"),
    case("no number", {"longitude": "nan"}, "not a number"),
    case("an overflow", {"longitude": "1e999"}, "not a number"),
    case("two points", {"longitude": "1.2.3"}, "not a number"),
    case("a spreadsheet's error", {"longitude": "#N/A"}, "not a number"),
    case("too far east", {"longitude": "180.5"}, "exceeded"),
    case("beyond the pole", {"latitude": "-90.01"}, "exceeded"),
    case("grid metres", {"longitude": "451592", "latitude": "206342"}, "exceeded"),
    case("half a pair, longitude", {"longitude": ""}, "longitude"),
    case("half a pair, latitude", {"latitude": ""}, "latitude"),
    case("no reference", {"reference": ""}, "reference"),
    case("a blank reference", {"reference": "  \t "}, "reference"),
    case("a reference of another row", {"reference": "a", "place": "Beta"}, "row 2"),
    case("no category", {"category": ""}, "category"),
    case("a category of control characters", {"category": "\x07\x1b"}, "category"),
]


@pytest.mark.parametrize(("change", "word"), REJECTED)
def test_an_impossible_row_is_rejected_with_its_reason(
    build: ModuleType, tmp_path: Path, change: dict[str, str], word: str
) -> None:
    rows = [build.incident("a"), build.incident("b") | change, build.incident("c")]
    intake = read(build, tmp_path, build.control_room_csv(rows))
    assert intake.accepted["key"].tolist() == ["a", "c"]
    assert intake.rejected["row"].tolist() == [3]
    assert word in intake.rejected["reason"].iloc[0]
    # It keeps its text, and can be mended and read again.
    mended = read(build, tmp_path, f"{intake.header}\n{intake.rejected['text'].iloc[0]}\n")
    assert mended.read == 1


@pytest.mark.parametrize("month", ["2025-13", "2025-00", "2025", "June 2025", "2026-03", ""])
def test_an_impossible_month_is_rejected(build: ModuleType, tmp_path: Path, month: str) -> None:
    rows = [build.crime("a"), build.crime("b", Month=month)]
    intake = read(build, tmp_path, build.police_csv(rows))
    assert (len(intake.accepted), len(intake.rejected)) == (1, 1)
    assert "Month" in intake.rejected["reason"].iloc[0]


# --- Odd rows that are no fault: taken, and what is odd is said. ---

TAKEN = [
    case("an hour that happened twice",
         {"occurred_from": "2025-10-26T01:10", "occurred_to": "2025-10-26T01:50",
          "reported_at": "2025-10-26T09:00"}, {"clock": "twice"}, "happened twice"),
    case("an hour that never was",
         {"occurred_from": "2025-03-30T01:30", "occurred_to": "", "reported_at": ""},
         {"clock": "skipped"}, "clocks skip"),
    case("only when reported", {"occurred_from": "", "occurred_to": ""},
         {"time_known": "unknown"}, "do not say when"),
    case("no end", {"occurred_to": ""}, {"time_known": "interval"}, ""),
    case("seconds too", {"occurred_from": "2025-06-02T22:00:30"}, {"clock": ""}, ""),
    case("a leap day", {"occurred_from": "2024-02-29T10:00", "occurred_to": ""}, {"key": "b"}, ""),
    case("a reference of noughts", {"reference": "007"}, {"key": "007"}, ""),
    case("a reference like a number", {"reference": "1e5"}, {"key": "1e5"}, ""),
    case("a reference like nothing", {"reference": "NULL"}, {"reference": "NULL"}, ""),
    case("a reference like a date", {"reference": "1-2"}, {"key": "1-2"}, ""),
    case("a reference in other letters", {"reference": "B"}, {"key": "B"}, ""),
    case("blanks about a reference", {"reference": "  b "}, {"key": "b"}, ""),
    case("no coordinates", {"longitude": "", "latitude": ""}, {"place": "Alpha"}, ""),
    case("nought and nought", {"longitude": "0.000", "latitude": "-0"}, {"place": "Alpha"}, ""),
    case("the date line", {"longitude": "180", "latitude": "-90"}, {"longitude": 180.0}, ""),
    case("no place", {"place": ""}, {"place": ""}, ""),
    case("a place of any length", {"place": "x" * 9_999}, {"place": "x" * 9_999}, ""),
    case("a category in capitals", {"category": "THEFT"}, {"category": "theft"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("change", "kept", "note"), TAKEN)
def test_an_odd_row_is_taken_and_noted(
    build: ModuleType, tmp_path: Path, change: dict[str, str], kept: dict[str, Any], note: str
) -> None:
    intake = read(build, tmp_path, build.control_room_csv([build.incident("b") | change]))
    assert len(intake.accepted) == 1
    assert intake.accepted.iloc[0][list(kept)].to_dict() == kept
    assert [note in said for said in intake.notes] == [True] * bool(note)


@pytest.mark.parametrize(
    "text",
    ["🚲🔥", "مرحبا", "e\u0301\u200b\u202e", "=1+1", "@SUM(A1)", "+44 1865", "-5", "\x1b[31m",
     "'; DROP TABLE incidents; --", "<script>alert(1)</script>", "${7*7}", "NULL", "00123", '""',
     "a\x1fb", "{0}", "%s", "line one\nline two", 'said "no", left'],
)  # fmt: skip
def test_text_of_any_kind_is_kept_as_it_stands(
    build: ModuleType, tmp_path: Path, text: str
) -> None:
    row = build.incident(text, category=text, place=text, details=text)
    kept = read(build, tmp_path, build.control_room_csv([row])).accepted.iloc[0]
    assert (kept["key"], kept["place"], kept["details"]) == (text, text, text)
    assert kept["category"] == readable(text).lower()


# --- Places. ---


def test_where_rows_lie_is_counted_and_those_that_changed_places_are_noticed(
    build: ModuleType, workspace: Path
) -> None:
    here = build.incident("on the estate")
    rows = [
        here,
        build.incident("far from it", at=(5_000, 50)),
        build.incident("nought north") | {"longitude": "87.5", "latitude": "0"},
        build.incident("south pole") | {"longitude": "180", "latitude": "-90"},
        build.incident("turned") | {"longitude": here["latitude"], "latitude": here["longitude"]},
    ]
    done: Imported = build.import_text(workspace, build.control_room_csv(rows))
    assert (done.total("read"), done.total("accepted"), done.total("outside")) == (5, 5, 4)
    assert done.on_estate == 1
    (note,) = (note for note in done.notes if "changed places" in note)
    assert "1 rows" in note


# --- The form of the text. ---


def three(build: ModuleType) -> str:
    text: str = build.control_room_csv([build.incident(name) for name in "abc"])
    return text


def test_an_unclosed_quotation_mark_costs_its_line_only(build: ModuleType, tmp_path: Path) -> None:
    lines = three(build).splitlines()
    lines[2] = lines[2].replace(",Alpha,", ',"Alpha,')
    intake = read(build, tmp_path, "\n".join(lines))
    assert intake.accepted["key"].tolist() == ["a", "c"]
    assert intake.rejected["row"].tolist() == [3]


@pytest.mark.parametrize("change", [(",Alpha,", ",Al,pha,"), (",Alpha,", ","), (",Alpha,", "\n")])
def test_a_line_with_too_many_or_too_few_fields_costs_no_other(
    build: ModuleType, tmp_path: Path, change: tuple[str, str]
) -> None:
    lines = three(build).splitlines()
    lines[2] = lines[2].replace(*change)
    intake = read(build, tmp_path, "\n".join(lines))
    assert len(intake.accepted) == 2
    assert intake.rejected["reason"].str.contains("broken").all()


def test_line_breaks_within_a_field_are_kept(build: ModuleType, tmp_path: Path) -> None:
    rows = [build.incident("a", details="one\ntwo\r\nthree"), build.incident("", place="x\ny")]
    intake = read(build, tmp_path, build.control_room_csv(rows))
    assert intake.accepted["details"].tolist() == ["one\ntwo\r\nthree"]
    assert intake.rejected["row"].tolist() == [5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_line_end_and_usual_encoding_is_read(
    build: ModuleType, tmp_path: Path, end: str, encoding: str
) -> None:
    text = three(build).replace("Alpha", "Café").replace("\n", end)
    intake = read(build, tmp_path, text.encode(encoding))
    assert intake.accepted["place"].tolist() == ["Café"] * 3
    assert any("Windows-1252" in note for note in intake.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_read(build: ModuleType, tmp_path: Path, separator: str) -> None:
    text = build.control_room_csv([build.incident("a")]).replace(",", separator)
    assert len(read(build, tmp_path, text).accepted) == 1


def test_blank_lines_are_no_rows(build: ModuleType, tmp_path: Path) -> None:
    assert read(build, tmp_path, three(build).replace("\n", "\n\n")).read == 3


@pytest.mark.parametrize("length", [10_000, 131_000])
def test_a_long_field_is_kept(build: ModuleType, tmp_path: Path, length: int) -> None:
    row = build.incident(details="x" * length)
    assert len(read(build, tmp_path, build.control_room_csv([row])).accepted) == 1


def test_a_field_that_is_too_long_costs_its_line_and_says_so(
    build: ModuleType, tmp_path: Path
) -> None:
    rows = [build.incident("a", details="x" * 200_000), build.incident("b")]
    intake = read(build, tmp_path, build.control_room_csv(rows))
    assert (len(intake.accepted), len(intake.rejected)) == (1, 1)
    assert "long" in intake.rejected["reason"].iloc[0]


# --- Spreadsheets and JSON. ---


def workbook(rows: list[dict[str, Any]], columns: list[str]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(columns)
    for row in rows:
        book.active.append([row.get(name) for name in columns])
    book.save(content)
    return content.getvalue()


SHEETS = [
    case("dates as dates", {"occurred_from": datetime(2025, 6, 2, 22, 0)}, {"clock": ""}, ""),
    case("dates with seconds", {"reported_at": datetime(2025, 6, 3, 8, 0, 1)}, {"clock": ""}, ""),
    case("coordinates as numbers", {"longitude": -1.25, "latitude": 51.75},
         {"longitude": -1.25, "latitude": 51.75}, ""),
    case("a reference as a number", {"reference": 123}, {"key": "123"}, ""),
    case("a reference as text", {"reference": "00123"}, {"key": "00123"}, ""),
    case("an empty cell", {"place": None}, {"place": ""}, ""),
    case("a whole day", {"occurred_from": datetime(2025, 6, 2).date()}, {}, "not a date"),
    case("a day number", {"occurred_from": 45810.5}, {}, "not a date"),
    case("a truth for a time", {"occurred_from": True}, {}, "not a date"),
    case("no reference", {"reference": None}, {}, "reference: is empty"),
    case("an empty category", {"category": "  "}, {}, "category: is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "kept", "reason"), SHEETS)
def test_a_cell_is_read_or_its_row_rejected(
    build: ModuleType, tmp_path: Path, change: dict[str, Any], kept: dict[str, Any], reason: str
) -> None:
    content = workbook([build.incident("b") | change], build.CONTROL_ROOM)
    intake = read(build, tmp_path, content, "a.xlsx")
    assert intake.read == 1
    if reason:
        assert reason in intake.rejected["reason"].iloc[0]
        assert intake.rejected["row"].tolist() == [2]
    else:
        assert intake.accepted.iloc[0][list(kept)].to_dict() == kept


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        case("numbers", {"longitude": -1.25, "latitude": 51.75}, {"longitude": -1.25}),
        case("a number as reference", {"reference": 12}, {"key": "12"}),
        case("nothing", {"place": None, "details": None}, {"place": "", "details": ""}),
        case("any text", {"place": "é\n\u2028"}, {"clock": ""}),
    ],
)
def test_values_of_json_are_read(
    build: ModuleType, tmp_path: Path, change: dict[str, Any], kept: dict[str, Any]
) -> None:
    content = json.dumps([build.incident("b") | change])
    intake = read(build, tmp_path, content, "a.json")
    assert intake.accepted.iloc[0][list(kept)].to_dict() == kept
