from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from planner.incidents.intake import read_incidents
from planner.incidents.model import Intake


def read(build: ModuleType, folder: Path, rows: list[Any], zone: str = "Europe/London") -> Intake:
    path = build.write(folder / "incidents.csv", build.control_room_csv(rows))
    return read_incidents(path, zone, build.NOW)


def test_a_row_is_kept_as_it_stands(build: ModuleType, tmp_path: Path) -> None:
    row = read(build, tmp_path, [build.incident(police_reference=" 43-7 ")]).accepted.iloc[0]
    assert (row["source"], row["key"], row["reference"]) == ("control room", "A1", "A1")
    assert (row["category"], row["place"], row["details"]) == ("theft", "Alpha", "a bicycle")
    assert row["occurred_from"] == build.moment("2025-06-02 21:00")
    assert row["occurred_to"] == build.moment("2025-06-02 22:00")
    assert row["reported_at"] == build.moment("2025-06-03 07:00")
    assert (row["time_known"], row["police_reference"]) == ("interval", "43-7")
    assert not row["anonymised"]
    assert row[["marking", "permission", "grade", "clock"]].tolist() == ["", "", "", ""]


def test_marking_permission_and_grade_are_kept_where_they_came_with_a_row(
    build: ModuleType, tmp_path: Path
) -> None:
    told = {"marking": "OFFICIAL", "permission": "partners", "grade": "B2C"}
    text = build.csv_text([build.incident(**told)], [*build.CONTROL_ROOM, *told])
    intake = read_incidents(build.write(tmp_path / "a.csv", text), "Europe/London", build.NOW)
    assert intake.accepted.iloc[0][list(told)].to_dict() == told


@pytest.mark.parametrize(
    ("change", "starts", "ends", "known"),
    [
        ({"occurred_to": ""}, "2025-06-02 21:00", "2025-06-02 21:00", "interval"),
        ({"reported_at": ""}, "2025-06-02 21:00", "2025-06-02 22:00", "interval"),
        ({"occurred_from": ""}, "2025-06-03 07:00", "2025-06-03 07:00", "unknown"),
        (
            {"occurred_from": "", "occurred_to": ""},
            "2025-06-03 07:00",
            "2025-06-03 07:00",
            "unknown",
        ),
    ],
)
def test_what_is_not_known_of_the_time_is_said(
    build: ModuleType, tmp_path: Path, change: dict[str, str], starts: str, ends: str, known: str
) -> None:
    intake = read(build, tmp_path, [build.incident(**change)])
    row = intake.accepted.iloc[0]
    assert row["occurred_from"] == build.moment(starts)
    assert row["occurred_to"] == build.moment(ends)
    assert row["time_known"] == known
    assert any("do not say when" in note for note in intake.notes) == (known == "unknown")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"reference": ""}, "reference"), ({"category": "  "}, "category"),
        ({"occurred_from": "", "reported_at": ""}, "both are empty"),
        ({"occurred_to": "2025-06-02T21:59"}, "before occurred_from"),
        ({"occurred_from": "2026-01-15T12:01", "occurred_to": ""}, "future"),
        ({"reported_at": "2027-01-01T00:00"}, "future"),
        ({"occurred_from": "9999-12-31T23:59"}, "9999-12-31"),
        ({"occurred_from": "2025-02-30T10:00"}, "not a date"),
        ({"occurred_to": "tonight"}, "not a date"),
        ({"longitude": ""}, "longitude"), ({"latitude": "99"}, "latitude"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_rejected_with_its_reason(
    build: ModuleType, tmp_path: Path, change: dict[str, str], word: str
) -> None:
    wrong = build.incident("wrong") | change
    intake = read(build, tmp_path, [wrong, build.incident("right")])
    assert intake.accepted["key"].tolist() == ["right"]
    assert word in intake.rejected["reason"].iloc[0]


def test_a_file_covers_from_its_first_day_to_its_last_report(
    build: ModuleType, tmp_path: Path
) -> None:
    rows = [build.incident("a"), build.incident("b", reported_at="2025-06-09T10:30"),
            build.incident("c", reported_at="2025-12-01T10:30", category="")]  # fmt: skip
    (period,) = read(build, tmp_path, rows).periods
    assert period.starts_at == build.moment("2025-06-02 23:00")
    assert period.ends_at == build.moment("2025-06-09 09:30")


def test_a_file_without_an_accepted_row_covers_nothing(build: ModuleType, tmp_path: Path) -> None:
    assert read(build, tmp_path, [build.incident("")]).periods == ()


def test_an_hour_that_happened_twice_is_noted(build: ModuleType, tmp_path: Path) -> None:
    twice = {"occurred_from": "2025-10-26T01:30", "occurred_to": "",
             "reported_at": "2025-10-26T09:00"}  # fmt: skip
    intake = read(build, tmp_path, [build.incident("a", **twice), build.incident("b")])
    assert intake.accepted["occurred_from"].iloc[0] == build.moment("2025-10-26 00:30")
    assert intake.accepted["clock"].tolist() == ["twice", ""]
    assert [note for note in intake.notes if "happened twice" in note] == [
        "1 rows lie in an hour that happened twice; the first is taken"
    ]


@pytest.mark.parametrize("column", ["occurred_from", "occurred_to", "reported_at"])
def test_an_hour_that_never_happened_is_flagged_and_taken_as_the_moment_of_the_change(
    build: ModuleType, tmp_path: Path, column: str
) -> None:
    times = {"occurred_from": "2025-03-30T00:30", "occurred_to": "2025-03-30T02:30",
             "reported_at": "2025-03-30T03:00"} | {column: "2025-03-30T01:30"}  # fmt: skip
    intake = read(build, tmp_path, [build.incident("a", **times)])
    assert intake.accepted[column].iloc[0] == build.moment("2025-03-30 01:00")
    assert intake.accepted["clock"].tolist() == ["skipped"]
    assert intake.notes == (
        "1 rows have a time that the clocks skip; the moment of the change is taken",
    )


@pytest.mark.parametrize(
    ("zone", "at"),
    [("America/Santiago", "2025-09-07T05:00"), ("Africa/Cairo", "2025-04-25T05:00"),
     ("America/Havana", "2025-11-02T05:00")],
)  # fmt: skip
def test_a_day_whose_midnight_the_clocks_change_can_be_the_first(
    build: ModuleType, tmp_path: Path, zone: str, at: str
) -> None:
    row = build.incident(occurred_from=at, occurred_to="", reported_at=at)
    (period,) = read(build, tmp_path, [row], zone).periods
    assert pd.Timedelta(0) < period.ends_at - period.starts_at <= pd.Timedelta(hours=6)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "0000-01-01T00:00"])
def test_the_ends_of_the_calendar_are_no_traceback(
    build: ModuleType, tmp_path: Path, zone: str, at: str
) -> None:
    row = build.incident(occurred_from=at, occurred_to="", reported_at="")
    intake = read(build, tmp_path, [row, build.incident("b")], zone)
    assert intake.read == len(intake.accepted) + len(intake.rejected) == 2
    assert [period.ends_at.isoformat() for period in intake.periods]


def test_a_mistyped_year_does_not_stretch_the_records(build: ModuleType, tmp_path: Path) -> None:
    old = {
        "occurred_from": "1925-03-01T09:00",
        "occurred_to": "",
        "reported_at": "1925-03-01T10:00",
    }
    rows = [build.incident("a"), build.incident("b", reported_at="2025-07-01T08:00")]
    intake = read(build, tmp_path, [*rows, build.incident("c", **old)])
    days = sum((p.ends_at - p.starts_at).total_seconds() / 86_400 for p in intake.periods)
    assert days < 40
    assert any("mistyped" in note for note in intake.notes)
