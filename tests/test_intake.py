import hashlib
from pathlib import Path
from types import ModuleType

import pytest

from planner.errors import UnknownFormat
from planner.incidents.intake import read_incidents
from planner.incidents.model import COLUMNS, Intake

LONDON = "Europe/London"


def read(build: ModuleType, folder: Path, text: str | bytes) -> Intake:
    path = build.write(folder / "incidents.csv", text)
    intake = read_incidents(path, LONDON, build.NOW)
    assert intake.read == len(intake.accepted) + len(intake.rejected)
    assert intake.accepted.columns.tolist() == COLUMNS
    assert (intake.rejected["reason"] != "").all()
    return intake


def test_the_format_is_known_by_its_columns(build: ModuleType, tmp_path: Path) -> None:
    assert read(build, tmp_path, build.control_room_csv([build.incident()])).source == (
        "control room"
    )
    assert read(build, tmp_path, build.police_csv([build.crime()])).source == "police"


def test_columns_stand_in_any_order_and_others_are_left_alone(
    build: ModuleType, tmp_path: Path
) -> None:
    columns = [*reversed(build.CONTROL_ROOM), "colour"]
    text = build.csv_text([build.incident(colour="red")], columns)
    assert len(read(build, tmp_path, text).accepted) == 1


def test_the_digest_is_that_of_the_bytes(build: ModuleType, tmp_path: Path) -> None:
    text = build.control_room_csv([build.incident()])
    assert read(build, tmp_path, text).digest == hashlib.sha256(text.encode()).hexdigest()


def test_windows_text_is_read_and_said(build: ModuleType, tmp_path: Path) -> None:
    text = build.control_room_csv([build.incident(place="Café")])
    intake = read(build, tmp_path, text.encode("cp1252"))
    assert intake.accepted["place"].tolist() == ["Café"]
    assert any("Windows-1252" in note for note in intake.notes)
    assert read(build, tmp_path, text).notes == ()


def test_broken_and_rejected_rows_stand_together_in_order(
    build: ModuleType, tmp_path: Path
) -> None:
    rows = [build.incident("a", category=""), build.incident("b"), build.incident("")]
    lines = build.control_room_csv(rows).splitlines()
    text = "\n".join([*lines[:2], "broken,line", *lines[2:]])
    intake = read(build, tmp_path, text)
    assert intake.rejected["row"].tolist() == [2, 3, 5]
    assert intake.rejected["text"].tolist()[1] == "broken,line"
    assert intake.rejected["text"].tolist()[0].startswith("a,")
    assert intake.accepted["key"].tolist() == ["b"]


@pytest.mark.parametrize("form", ["control_room_csv", "police_csv"])
def test_a_file_of_only_broken_rows_is_read_as_rejected(
    build: ModuleType, tmp_path: Path, form: str
) -> None:
    intake = read(build, tmp_path, getattr(build, form)([]) + "broken,line\n")
    assert (intake.read, len(intake.rejected)) == (1, 1)
    assert intake.periods == ()


def test_a_missing_column_is_named(build: ModuleType, tmp_path: Path) -> None:
    columns = [name for name in build.CONTROL_ROOM if name not in ("place", "details")]
    with pytest.raises(UnknownFormat, match=r"control room.*columns place, details"):
        read(build, tmp_path, build.csv_text([build.incident()], columns))


def test_another_csv_file_is_named_with_its_columns(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="colour, size"):
        read(build, tmp_path, "colour,size\nred,5\n")


def test_numbers_that_look_like_text_stay_text(build: ModuleType, tmp_path: Path) -> None:
    rows = [build.incident("00123"), build.incident("NA"), build.incident("1e5")]
    intake = read(build, tmp_path, build.control_room_csv(rows))
    assert intake.accepted["key"].tolist() == ["00123", "NA", "1e5"]


def test_every_police_file_is_read_with_its_sum(build: ModuleType, shared_data: Path) -> None:
    paths = sorted((shared_data / "oxford" / "police").rglob("*.csv"))
    assert len(paths) >= 16
    for path in paths:
        intake = read_incidents(path, LONDON, build.NOW)
        assert intake.source == "police"
        assert intake.read == len(intake.accepted) + len(intake.rejected)
        assert intake.read == path.read_bytes().count(b"\n") - 1
        assert len(intake.accepted) > 0.95 * intake.read
        assert len(intake.periods) == 1


def test_a_csv_of_another_campus_is_an_unknown_format(build: ModuleType, shared_data: Path) -> None:
    with pytest.raises(UnknownFormat):
        read_incidents(shared_data / "campus" / "ucpd_2011_2019.csv", LONDON, build.NOW)
