import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from planner.errors import UnknownFormat
from planner.incidents.intake import read_incidents
from planner.incidents.model import COLUMNS, MOMENTS, Intake, Period
from planner.incidents.source_profiles import SourceProfile

LONDON = "Europe/London"


def text_of(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode("cp1252")


def read(build: ModuleType, folder: Path, text: str | bytes) -> Intake:
    path = build.write(folder / "incidents.csv", text)
    intake = read_incidents(path, LONDON, build.NOW)
    assert intake.read == len(intake.accepted) + len(intake.rejected) + intake.repeated
    assert intake.accepted.columns.tolist() == COLUMNS
    assert not intake.accepted["key"].duplicated().any()
    assert intake.header == text_of(text).splitlines()[0]
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


def test_another_csv_file_is_named_with_its_columns_and_what_to_do(
    build: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(UnknownFormat, match=r"colour, size.*planner import --propose FILE"):
        read(build, tmp_path, "colour,size\nred,5\n")


def test_numbers_that_look_like_text_stay_text(build: ModuleType, tmp_path: Path) -> None:
    rows = [build.incident("00123"), build.incident("NA"), build.incident("1e5")]
    intake = read(build, tmp_path, build.control_room_csv(rows))
    assert intake.accepted["key"].tolist() == ["00123", "NA", "1e5"]


def test_a_row_that_says_the_same_again_is_counted_and_one_that_says_otherwise_is_shown(
    build: ModuleType, tmp_path: Path
) -> None:
    rows = [build.incident(name) for name in ("a", "b", "a")]
    rows += [build.incident("a", details="two bicycles"), build.incident("b", colour="red")]
    text = build.csv_text(rows, [*build.CONTROL_ROOM, "colour"])
    intake = read(build, tmp_path, text)
    assert intake.accepted["key"].tolist() == ["a", "b"]
    # The colour is not kept of an incident: row 6 says the same as row 3.
    assert intake.repeated == 2
    assert intake.rejected["row"].tolist() == [5]
    assert intake.rejected["reason"].tolist() == [
        "reference: stands in row 2 too, with other content"
    ]
    assert "two bicycles" in intake.rejected["text"].iloc[0]


def test_a_rejected_row_is_no_first_to_compare_with(build: ModuleType, tmp_path: Path) -> None:
    rows = [build.incident("a", category=""), build.incident("a"), build.incident("a")]
    intake = read(build, tmp_path, build.control_room_csv(rows))
    assert intake.accepted.index.tolist() == [3]
    assert (intake.repeated, intake.rejected["row"].tolist()) == (1, [2])


def test_the_types_of_the_columns_do_not_depend_on_the_rows(
    build: ModuleType, tmp_path: Path
) -> None:
    rows = [build.incident(), build.incident("", at=None)]
    texts = (
        build.control_room_csv(rows), build.control_room_csv(rows[1:]),
        build.police_csv([build.crime(), build.crime("", at=None)]),
    )  # fmt: skip
    kinds = [read(build, tmp_path, text).accepted.dtypes.astype(str).to_dict() for text in texts]
    assert kinds[0] == kinds[1] == kinds[2]
    assert {kinds[0][name] for name in MOMENTS} == {"datetime64[us, UTC]"}
    assert (kinds[0]["longitude"], kinds[0]["anonymised"]) == ("float64", "bool")
    others = {*COLUMNS} - {*MOMENTS, "longitude", "latitude", "anonymised"}
    assert {kinds[0][name] for name in others} == {"str"}


LODGE = {
    "source": "lodge", "required": ["No", "What", "When"], "identity": ["What", "When"],
    "columns": {"reference": "No", "category": "What", "occurred_from": "When", "easting": "E",
                "northing": "N", "marking": "Marking"},
    "constants": {"marking": "OFFICIAL", "permission": "lodge only"},
    "dates": {"occurred_from": ["DD/MM/YYYY", "DD/MM/YYYY HH:mm"]}, "crs": "EPSG:27700",
}  # fmt: skip


def read_lodge(build: ModuleType, folder: Path, text: str, **changes: Any) -> Intake:
    profile = SourceProfile.model_validate(LODGE | changes)
    path = build.write(folder / "lodge.csv", text)
    return read_incidents(path, LONDON, build.NOW, [profile], about=(-1.254, 51.753))


def test_a_profile_of_one_s_own_is_used(build: ModuleType, tmp_path: Path) -> None:
    text = ("No,What,When,E,N,Marking\n1,Alarm,02/06/2025 22:15,451592,206342,\n"
            "2,Alarm,02/06/2025,,,SECRET\n3,Alarm,06/02/2025,206342,451592,\n")  # fmt: skip
    intake = read_lodge(build, tmp_path, text)
    assert intake.source == "lodge"
    one, two = (intake.accepted.loc[number] for number in (2, 3))
    assert one["occurred_from"] == one["occurred_to"] == build.moment("2025-06-02 21:15")
    assert two["occurred_from"] == build.moment("2025-06-01 23:00")
    assert two["occurred_to"] == build.moment("2025-06-02 23:00")
    assert (one["marking"], one["permission"]) == ("OFFICIAL", "lodge only")
    assert two["marking"] == "SECRET"
    assert one["longitude"] == pytest.approx(-1.254, abs=1e-3)
    assert "451592, 206342" in intake.rejected["reason"].iloc[0]


def test_the_zone_of_a_profile_goes_before_that_of_the_estate(
    build: ModuleType, tmp_path: Path
) -> None:
    text = "No,What,When\n1,Alarm,02/06/2025 22:15\n"
    intake = read_lodge(build, tmp_path, text, time_zone="America/Chicago")
    assert intake.accepted["occurred_from"].iloc[0] == build.moment("2025-06-03 03:15")


def test_a_file_without_an_optional_column_is_read(build: ModuleType, tmp_path: Path) -> None:
    intake = read_lodge(build, tmp_path, "When,What,No\n02/06/2025,Alarm,\n02/06/2025,Alarm,\n")
    assert len(intake.accepted) == 2
    assert intake.accepted["reference"].tolist() == ["", ""]


def test_what_a_person_says_of_the_period_counts(build: ModuleType, tmp_path: Path) -> None:
    path = build.write(tmp_path / "a.csv", build.control_room_csv([build.incident()]))
    covers = (Period(build.moment("2025-05-01"), build.moment("2025-06-01")),)
    intake = read_incidents(path, LONDON, build.NOW, covers=covers)
    assert intake.periods == covers
    assert any("1 rows lie outside the time" in note for note in intake.notes)


def test_json_of_the_police_s_own_service_is_read(build: ModuleType, tmp_path: Path) -> None:
    crime = {
        "category": "anti-social-behaviour", "persistent_id": "", "month": "2025-01", "id": 5,
        "location": {"latitude": "51.75", "longitude": "-1.25",
                     "street": {"id": 1, "name": "On or near High Street"}},
    }  # fmt: skip
    crimes = [crime, crime, crime | {"persistent_id": "f" * 64, "category": "burglary"}]
    path = build.write(tmp_path / "crimes.json", json.dumps(crimes))
    intake = read_incidents(path, LONDON, build.NOW)
    assert (intake.source, len(intake.accepted)) == ("police", 3)
    assert intake.accepted["category"].tolist() == ["anti-social-behaviour"] * 2 + ["burglary"]
    assert intake.accepted["place"].iloc[0] == "On or near High Street"
    assert intake.accepted["key"].nunique() == 3
    assert intake.accepted["anonymised"].all()


def test_every_police_file_is_read_with_its_sum(build: ModuleType, shared_data: Path) -> None:
    paths = sorted((shared_data / "oxford" / "police").rglob("*.csv"))
    assert len(paths) >= 16
    for path in paths:
        intake = read_incidents(path, LONDON, build.NOW)
        assert intake.source == "police"
        assert intake.read == len(intake.accepted) + len(intake.rejected) + intake.repeated
        assert intake.read == path.read_bytes().count(b"\n") - 1
        assert len(intake.accepted) > 0.95 * intake.read
        assert len(intake.periods) == 1


def test_the_campus_log_is_read_as_it_is(build: ModuleType, shared_data: Path) -> None:
    intake = read_incidents(shared_data / "campus" / "ucpd_2011_2019.csv", LONDON, build.NOW)
    assert (intake.source, intake.read) == ("campus", 10_650)
    assert intake.read == len(intake.accepted) + len(intake.rejected) + intake.repeated
    assert 0 < len(intake.rejected) < 160
    assert intake.accepted["longitude"].dropna().between(-88, -87).mean() > 0.99
    spans = intake.accepted["occurred_to"] - intake.accepted["occurred_from"]
    assert (spans >= pd.Timedelta(0)).all()
    assert (spans > pd.Timedelta(0)).sum() > 3_000
    starts = intake.accepted["occurred_from"].dt.tz_convert("America/Chicago")
    row = starts[intake.accepted["reference"] == "X0001"].iloc[0]
    assert f"{row:%Y-%m-%d %H:%M}" == "2011-01-01 01:50"
