from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from planner.errors import WorkspaceError
from planner.estate.model import Estate
from planner.incidents.intake import read_incidents
from planner.incidents.locate import locate
from planner.register.database import FILE_NAME, FileCounts, Register

KEPT_OF_INCIDENTS = [
    "source", "key", "reference", "category", "time_known", "place", "anonymised",
    "police_reference",
]  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    kept = Register(tmp_path)
    yield kept
    kept.close()


class Desk:
    """Reads rows as files and records them."""

    def __init__(self, build: ModuleType, estate: Estate, folder: Path, register: Register):
        self.build, self.estate, self.folder, self.register = build, estate, folder, register

    def read(self, text: str, name: str = "a.csv") -> tuple[Any, pd.DataFrame]:
        path = self.build.write(self.folder / "files" / name, text)
        intake = read_incidents(path, "Europe/London", self.build.NOW)
        return intake, locate(intake.accepted, self.estate)

    def record(self, *texts: str) -> list[FileCounts]:
        files = [self.read(text, f"{number}.csv") for number, text in enumerate(texts)]
        counts = self.register.record_import(files, 1_750_000_000)
        assert all(c.read == c.accepted + c.rejected + c.duplicates for c in counts)
        return counts


@pytest.fixture
def desk(build: ModuleType, estate: Estate, tmp_path: Path, register: Register) -> Desk:
    return Desk(build, estate, tmp_path, register)


def test_incidents_read_back_as_they_were_recorded(desk: Desk) -> None:
    build = desk.build
    rows = [build.incident("a", place="Café 🚲"), build.incident("b", at=None, occurred_from=""),
            build.incident("c", at=(50, -45), reported_at="")]  # fmt: skip
    text = build.control_room_csv(rows)
    intake, places = desk.read(text)
    desk.record(text)
    kept = desk.register.incidents()
    accepted = intake.accepted.reset_index(drop=True)
    assert kept[KEPT_OF_INCIDENTS].to_numpy().tolist() == (
        accepted[KEPT_OF_INCIDENTS].to_numpy().tolist()
    )
    for column in ("occurred_from", "occurred_to", "reported_at"):
        same = (kept[column] == accepted[column]) | (kept[column].isna() & accepted[column].isna())
        assert same.all()
    assert kept["precision"].tolist() == places["precision"].tolist()
    assert kept["zone"].tolist() == ["alpha-college", "", "alpha-college"]
    assert kept["x"].isna().tolist() == [False, True, False]
    assert kept["x"].dropna().tolist() == places["x"].dropna().tolist()


def test_before_the_first_import_the_register_is_empty(register: Register) -> None:
    assert register.incidents().empty
    assert register.periods().empty
    assert register.rejected().empty
    assert not register.path.exists()


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    text = desk.build.control_room_csv([desk.build.incident("a"), desk.build.incident("b")])
    (first,) = desk.record(text)
    before = desk.register.incidents()
    (again,) = desk.record(text)
    assert (first.accepted, first.duplicates) == (2, 0)
    assert (again.accepted, again.duplicates, again.differing) == (0, 2, 0)
    pd.testing.assert_frame_equal(desk.register.incidents(), before)
    assert len(desk.register.periods()) == 1


def test_equal_keys_within_a_file_and_an_import_count_once(desk: Desk) -> None:
    build = desk.build
    text = build.control_room_csv([build.incident("a"), build.incident("a"), build.incident("b")])
    first, second = desk.record(text, text)
    assert (first.accepted, first.duplicates) == (2, 1)
    assert (second.accepted, second.duplicates) == (0, 3)


@pytest.mark.parametrize(
    ("change", "differing"),
    [({}, 0), ({"category": "Burglary"}, 1), ({"place": "elsewhere"}, 1),
     ({"occurred_from": "2025-06-02T21:00"}, 1), ({"details": "other words"}, 0)],
)  # fmt: skip
def test_a_duplicate_that_differs_is_counted_and_the_first_stands(
    desk: Desk, change: dict[str, str], differing: int
) -> None:
    build = desk.build
    desk.record(build.control_room_csv([build.incident("a")]))
    (counts,) = desk.record(build.control_room_csv([build.incident("a", **change)]))
    assert (counts.duplicates, counts.differing) == (1, differing)
    assert desk.register.incidents()["category"].tolist() == ["theft"]


def test_the_same_key_of_another_source_is_another_incident(desk: Desk) -> None:
    build = desk.build
    counts = desk.record(
        build.control_room_csv([build.incident("a")]), build.police_csv([build.crime("a")])
    )
    assert [item.accepted for item in counts] == [1, 1]
    assert desk.register.incidents()["source"].tolist() == ["control room", "police"]


def test_what_lies_outside_or_nowhere_is_counted(desk: Desk) -> None:
    build = desk.build
    rows = [build.incident("a"), build.incident("b", at=(5_000, 0)), build.incident("c", at=None)]
    (counts,) = desk.record(build.control_room_csv(rows))
    assert (counts.accepted, counts.outside, counts.unlocated) == (3, 1, 1)


def test_rejected_rows_are_kept_with_file_row_and_reason(desk: Desk) -> None:
    build = desk.build
    desk.record(build.control_room_csv([build.incident("a"), build.incident("", place="=1+1")]))
    (row,) = desk.register.rejected().itertuples(index=False)
    assert (row.name, row.row) == ("0.csv", 3)
    assert "reference" in row.reason
    assert "=1+1" in row.text


def test_periods_are_kept_for_each_source(desk: Desk) -> None:
    build = desk.build
    desk.record(
        build.police_csv([build.crime("a"), build.crime("b", Month="2025-01")]),
        build.control_room_csv([build.incident("a")]),
    )
    periods = desk.register.periods()
    assert periods["source"].tolist() == ["control room", "police", "police"]
    assert (periods["starts_at"] < periods["ends_at"]).all()
    assert str(periods["starts_at"].dt.tz) == "UTC"


def test_a_fault_in_the_second_file_stores_nothing_of_the_first(desk: Desk) -> None:
    build = desk.build
    good = desk.read(build.control_room_csv([build.incident("a")]), "good.csv")
    intake, places = desk.read(build.control_room_csv([build.incident("b")]), "bad.csv")
    with pytest.raises(WorkspaceError):
        desk.register.record_import([good, (intake, places.assign(zone=None))], 0)
    assert desk.register.incidents().empty
    assert desk.register.rejected().empty


def test_two_registers_write_the_same_file_in_turn(desk: Desk, tmp_path: Path) -> None:
    build = desk.build
    other = Register(tmp_path)
    desk.record(build.control_room_csv([build.incident("a")]))
    other.record_import([desk.read(build.control_room_csv([build.incident("b")]))], 0)
    desk.record(build.control_room_csv([build.incident("c")]))
    assert sorted(other.incidents()["key"]) == ["a", "b", "c"]
    other.close()


def test_closing_leaves_one_file(desk: Desk, tmp_path: Path) -> None:
    desk.record(desk.build.control_room_csv([desk.build.incident("a")]))
    desk.register.close()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [FILE_NAME]
