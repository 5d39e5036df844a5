"""Bad files of incidents: each has a stated outcome, and every row is accounted for."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner.errors import PlannerError, UnknownFormat, UnreadableFile
from planner.register.database import Register
from planner.service.importing import Imported, import_files
from planner.text import readable

Attempt = Callable[[Path], BaseException]


def import_text(build: ModuleType, workspace: Path, content: str | bytes) -> Imported:
    """Import a file, and check that every row of it is accounted for."""
    done: Imported = build.import_text(workspace, content)
    assert done.total("read") == (
        done.total("accepted") + done.total("rejected") + done.total("duplicates")
    )
    register = Register(workspace)
    try:
        assert len(register.incidents()) == done.total("accepted")
        assert len(register.rejected()) == done.total("rejected")
    finally:
        register.close()
    return done


# --- Faults of the whole file: nothing is stored, the workspace stays as it was. ---


@pytest.mark.parametrize(
    ("content", "error", "word"),
    [
        (b"", UnreadableFile, "empty"),
        (b" \n\r\n\t\n", UnreadableFile, "empty"),
        (b"\xef\xbb\xbf", PlannerError, ""),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", UnreadableFile, "binary"),
        (b"PK\x03\x04\x14\x00\x06\x00", UnreadableFile, "binary"),
        (b"\x81\x8d\x8f,\xff\n1,2\n", UnreadableFile, "not text"),
        (b"%PDF-1.7\nnothing,here\n", UnknownFormat, "row 1"),
        (b"name,phone\nx,5\n", UnknownFormat, "neither"),
        (b"just words\nand more\n", UnknownFormat, "row 1"),
        (b'{"type": "FeatureCollection"}\n', UnknownFormat, "row 1"),
        (b"reference;category;place\na;b;c\n", UnknownFormat, "row 1"),
    ],
)
def test_a_file_of_something_else_is_refused(
    build: ModuleType, failed_import: Attempt, tmp_path: Path,
    content: bytes, error: type[PlannerError], word: str,
) -> None:  # fmt: skip
    path = build.write(tmp_path / "incidents.csv", content)
    caught = failed_import(path)
    assert isinstance(caught, error)
    assert word in str(caught)
    assert str(path) in str(caught)
    assert "\n" not in str(caught)


def test_a_missing_file_is_refused(failed_import: Attempt, tmp_path: Path) -> None:
    assert isinstance(failed_import(tmp_path / "none.csv"), UnreadableFile)


def test_a_folder_is_refused(failed_import: Attempt, tmp_path: Path) -> None:
    assert isinstance(failed_import(tmp_path), UnreadableFile)


def test_text_in_utf_16_is_refused(
    build: ModuleType, failed_import: Attempt, tmp_path: Path
) -> None:
    content = build.control_room_csv([build.incident()]).encode("utf-16")
    assert "CSV in UTF-8" in str(failed_import(build.write(tmp_path / "a.csv", content)))


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_a_header_without_rows_is_refused(
    build: ModuleType, failed_import: Attempt, tmp_path: Path, end: str
) -> None:
    text = ",".join(build.CONTROL_ROOM) + end
    caught = failed_import(build.write(tmp_path / "a.csv", text))
    assert isinstance(caught, UnknownFormat)
    assert "no rows" in str(caught)


@pytest.mark.parametrize("missing", ["reference", "occurred_from", "longitude"])
def test_a_missing_column_is_named(
    build: ModuleType, failed_import: Attempt, tmp_path: Path, missing: str
) -> None:
    columns = [name for name in build.CONTROL_ROOM if name != missing]
    text = build.csv_text([build.incident()], columns)
    caught = failed_import(build.write(tmp_path / "a.csv", text))
    assert isinstance(caught, UnknownFormat)
    assert missing in str(caught)


def test_a_column_that_stands_twice_is_refused(
    build: ModuleType, failed_import: Attempt, tmp_path: Path
) -> None:
    text = build.control_room_csv([build.incident()]).replace("details\n", "details,place\n", 1)
    assert "twice" in str(failed_import(build.write(tmp_path / "a.csv", text)))


def test_of_several_files_one_bad_one_stores_nothing_of_the_good(
    build: ModuleType, workspace: Path, tmp_path: Path
) -> None:
    good = build.write(tmp_path / "good.csv", build.control_room_csv([build.incident("new")]))
    bad = build.write(tmp_path / "bad.csv", "a,b\n1,2\n")
    before = build.snapshot(workspace)
    with pytest.raises(UnknownFormat):
        import_files(workspace, [good, bad], build.NOW)
    assert build.snapshot(workspace) == before


def test_no_file_at_all_is_no_traceback(build: ModuleType, workspace: Path) -> None:
    try:
        done = import_files(workspace, [], build.NOW)
    except PlannerError:
        return
    assert done.total("read") == 0


# --- Faults of a row: the row is rejected with its reason, the others are taken. ---

REJECTED: list[tuple[dict[str, str], str]] = [
    ({"occurred_from": "2025-02-30T10:00"}, "2025-02-30T10:00"),
    ({"occurred_from": "2025-13-01T10:00"}, "2025-13-01T10:00"),
    ({"occurred_from": "2025-06-01T25:00"}, "2025-06-01T25:00"),
    ({"occurred_from": "03/04/2025 10:00"}, "03/04/2025 10:00"),
    ({"reported_at": "1748736000"}, "1748736000"),
    ({"occurred_from": "2025-03-30T01:30"}, "the clocks skip it"),
    ({"occurred_from": "2026-02-01T10:00", "occurred_to": ""}, "future"),
    ({"reported_at": "2126-06-03T08:00"}, "future"),
    ({"occurred_from": "2025-06-03T10:00"}, "before occurred_from"),
    ({"longitude": "west"}, "not a number"),
    ({"longitude": "-1,25"}, "not a number"),
    ({"latitude": "inf"}, "not a number"),
    ({"latitude": "-inf"}, "not a number"),
    ({"longitude": "nan"}, "not a number"),
    ({"longitude": "180.5"}, "exceeded"),
    ({"latitude": "-90.01"}, "exceeded"),
    ({"longitude": "451592", "latitude": "206342"}, "exceeded"),
    ({"longitude": ""}, "longitude"),
    ({"latitude": ""}, "latitude"),
    ({"reference": ""}, "reference"),
    ({"reference": "  \t "}, "reference"),
    ({"category": ""}, "category"),
    ({"occurred_from": "", "reported_at": ""}, "both are empty"),
]


@pytest.mark.parametrize(("change", "word"), REJECTED)
def test_an_impossible_row_is_rejected_with_its_reason(
    build: ModuleType, workspace: Path, change: dict[str, str], word: str
) -> None:
    rows = [build.incident("a"), build.incident("b") | change, build.incident("c")]
    done = import_text(build, workspace, build.control_room_csv(rows))
    assert (done.total("accepted"), done.total("rejected")) == (2, 1)
    ((file, row, reason),) = done.first_rejected
    assert (file, row) == ("incidents.csv", 3)
    assert word in reason


@pytest.mark.parametrize("month", ["2025-13", "2025-00", "2025", "June 2025", "2026-03", ""])
def test_an_impossible_month_is_rejected(build: ModuleType, workspace: Path, month: str) -> None:
    rows = [build.crime("a"), build.crime("b", Month=month)]
    done = import_text(build, workspace, build.police_csv(rows))
    assert (done.total("accepted"), done.total("rejected")) == (1, 1)
    assert "Month" in done.first_rejected[0][2]


def test_an_hour_that_happened_twice_is_taken_and_noted(build: ModuleType, workspace: Path) -> None:
    row = build.incident(occurred_from="2025-10-26T01:10", occurred_to="2025-10-26T01:50",
                         reported_at="2025-10-26T09:00")  # fmt: skip
    done = import_text(build, workspace, build.control_room_csv([row]))
    assert done.total("accepted") == 1
    assert any("happened twice" in note for note in done.notes)


# --- Places. ---


@pytest.mark.parametrize(
    ("at", "changes", "outside", "unlocated"),
    [
        ((50, 50), {}, 0, 0),
        ((5_000, 50), {}, 1, 0),
        (None, {}, 0, 1),
        (None, {"longitude": "0", "latitude": "0"}, 0, 1),
        (None, {"longitude": "0.000", "latitude": "-0"}, 0, 1),
        (None, {"longitude": "87.5", "latitude": "0"}, 1, 0),
        (None, {"longitude": "180", "latitude": "-90"}, 1, 0),
    ],
)
def test_where_a_row_lies_is_counted(
    build: ModuleType, workspace: Path, at: Any, changes: dict[str, str],
    outside: int, unlocated: int,
) -> None:  # fmt: skip
    rows = build.control_room_csv([build.incident(at=at) | changes])
    done = import_text(build, workspace, rows)
    assert done.total("accepted") == 1
    assert (done.total("outside"), done.total("unlocated")) == (outside, unlocated)
    assert done.on_estate == 1 - outside - unlocated


def test_longitude_and_latitude_that_changed_places_are_noticed(
    build: ModuleType, workspace: Path
) -> None:
    row = build.incident("a")
    turned = row | {"longitude": row["latitude"], "latitude": row["longitude"]}
    done = import_text(build, workspace, build.control_room_csv([turned]))
    assert done.total("outside") == 1
    assert any("changed places" in note for note in done.notes)


def test_rows_that_are_only_far_away_are_not_called_swapped(
    build: ModuleType, workspace: Path
) -> None:
    done = import_text(build, workspace, build.control_room_csv([build.incident(at=(9_000, 0))]))
    assert done.notes == ()


# --- The form of the text. ---


def three(build: ModuleType) -> str:
    text: str = build.control_room_csv([build.incident(name) for name in "abc"])
    return text


def test_an_unclosed_quotation_mark_costs_its_line_only(build: ModuleType, workspace: Path) -> None:
    lines = three(build).splitlines()
    lines[2] = lines[2].replace(",Alpha,", ',"Alpha,')
    done = import_text(build, workspace, "\n".join(lines))
    assert (done.total("accepted"), done.total("rejected")) == (2, 1)
    assert done.first_rejected[0][1] == 3


@pytest.mark.parametrize("change", [(",Alpha,", ",Al,pha,"), (",Alpha,", ","), (",Alpha,", "\n")])
def test_a_line_with_too_many_or_too_few_fields_costs_no_other(
    build: ModuleType, workspace: Path, change: tuple[str, str]
) -> None:
    lines = three(build).splitlines()
    lines[2] = lines[2].replace(*change)
    done = import_text(build, workspace, "\n".join(lines))
    assert done.total("accepted") == 2
    assert all("broken" in reason for _, _, reason in done.first_rejected)


def test_line_breaks_within_a_field_are_kept(build: ModuleType, workspace: Path) -> None:
    rows = [build.incident("a", details="one\ntwo\r\nthree"), build.incident("", place="x\ny")]
    done = import_text(build, workspace, build.control_room_csv(rows))
    assert (done.total("accepted"), done.first_rejected[0][1]) == (1, 5)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_line_end_and_usual_encoding_is_read(
    build: ModuleType, workspace: Path, end: str, encoding: str
) -> None:
    text = three(build).replace("Alpha", "Café").replace("\n", end)
    done = import_text(build, workspace, text.encode(encoding))
    assert (done.total("accepted"), done.on_estate) == (3, 3)
    assert any("Windows-1252" in note for note in done.notes) == (encoding == "cp1252")


def test_blank_lines_are_no_rows(build: ModuleType, workspace: Path) -> None:
    done = import_text(build, workspace, three(build).replace("\n", "\n\n"))
    assert done.total("read") == 3


@pytest.mark.parametrize("length", [10_000, 131_000])
def test_a_long_field_is_kept(build: ModuleType, workspace: Path, length: int) -> None:
    row = build.incident(details="x" * length)
    assert import_text(build, workspace, build.control_room_csv([row])).total("accepted") == 1


def test_a_field_that_is_too_long_costs_its_line_and_says_so(
    build: ModuleType, workspace: Path
) -> None:
    rows = [build.incident("a", details="x" * 200_000), build.incident("b")]
    done = import_text(build, workspace, build.control_room_csv(rows))
    assert (done.total("accepted"), done.total("rejected")) == (1, 1)
    assert "long" in done.first_rejected[0][2]


@pytest.mark.parametrize(
    "text",
    ["🚲🔥", "مرحبا", "e\u0301\u200b\u202e", "=1+1", "@SUM(A1)", "+44 1865", "-5", "\x1b[31m",
     "'; DROP TABLE incidents; --", "<script>alert(1)</script>", "${7*7}", "NULL", "00123", '""'],
)  # fmt: skip
def test_text_of_any_kind_is_kept_as_it_stands(
    build: ModuleType, workspace: Path, text: str
) -> None:
    row = build.incident(text, category=text, place=text, details=text)
    assert import_text(build, workspace, build.control_room_csv([row])).total("accepted") == 1
    register = Register(workspace)
    kept = register.incidents().iloc[0]
    register.close()
    assert (kept["key"], kept["place"], kept["category"]) == (text, text, readable(text).lower())
