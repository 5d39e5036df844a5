from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.incidents.intake import read_incidents
from planner.incidents.model import Intake


def read(build: ModuleType, folder: Path, rows: list[Any], zone: str = "Europe/London") -> Intake:
    path = build.write(folder / "street.csv", build.police_csv(rows))
    return read_incidents(path, zone, build.NOW)


def test_a_row_lasts_its_local_month(build: ModuleType, tmp_path: Path) -> None:
    row = read(build, tmp_path, [build.crime(Month="2025-06")]).accepted.iloc[0]
    assert row["occurred_from"] == build.moment("2025-05-31 23:00")
    assert row["occurred_to"] == build.moment("2025-06-30 23:00")
    assert (row["time_known"], bool(row["anonymised"])) == ("month", True)
    assert pd.isna(row["reported_at"])


def test_a_file_covers_the_months_of_its_rows(build: ModuleType, tmp_path: Path) -> None:
    rows = [build.crime("a", Month="2025-03"), build.crime("b", Month="2025-01"),
            build.crime("c", Month="2025-03")]  # fmt: skip
    periods = read(build, tmp_path, rows).periods
    assert [(p.starts_at, p.ends_at) for p in periods] == [
        (build.moment("2025-01-01"), build.moment("2025-02-01")),
        (build.moment("2025-03-01"), build.moment("2025-03-31 23:00")),
    ]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"Month": ""}, "Month: is empty"), ({"Month": "2025-13"}, "YYYY-MM"),
        ({"Month": "2025-1"}, "YYYY-MM"), ({"Month": "2026-02"}, "future"),
        ({"Month": "9999-12"}, "9999-12"), ({"Month": "0000-01"}, "Month"),
        ({"Crime_type": ""}, "Crime type: is empty"), ({"Longitude": "x"}, "Longitude"),
        ({"Latitude": ""}, "Latitude"), ({"Latitude": "91"}, "90"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_rejected_with_its_reason(
    build: ModuleType, tmp_path: Path, change: dict[str, str], word: str
) -> None:
    intake = read(build, tmp_path, [build.crime("a", **change), build.crime("b")])
    assert intake.accepted["key"].tolist() == ["b"]
    assert word in intake.rejected["reason"].iloc[0]


def test_a_row_without_coordinates_is_accepted(build: ModuleType, tmp_path: Path) -> None:
    accepted = read(build, tmp_path, [build.crime(at=None)]).accepted
    assert accepted[["longitude", "latitude"]].isna().all(axis=None)


def test_rows_without_a_crime_id_are_told_apart_by_content_and_number(
    build: ModuleType, tmp_path: Path
) -> None:
    rows = [build.crime(""), build.crime(""), build.crime("", Month="2025-04"), build.crime("x")]
    keys = read(build, tmp_path, rows).accepted["key"].tolist()
    assert len(set(keys)) == 4
    assert keys[3] == "x"
    again = read(build, tmp_path, rows[::-1]).accepted["key"]
    assert set(again) == set(keys)


def test_a_row_of_another_force_is_another_row(build: ModuleType, tmp_path: Path) -> None:
    one = read(build, tmp_path, [build.crime("")]).accepted["key"].iloc[0]
    other = read(build, tmp_path, [build.crime("", Reported_by="Rail")]).accepted["key"].iloc[0]
    assert one != other


def test_a_crime_id_that_repeats_is_one_incident(build: ModuleType, tmp_path: Path) -> None:
    rows = [build.crime("a"), build.crime("a", Last_outcome_category="Under investigation"),
            build.crime("a", Crime_type="Arson")]  # fmt: skip
    intake = read(build, tmp_path, rows)
    assert (len(intake.accepted), intake.repeated) == (1, 1)
    assert intake.rejected["reason"].tolist() == [
        "Crime ID: stands in row 2 too, with other content"
    ]


@settings(max_examples=20)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["2025-01", "2025-02"])),
        min_size=1,
        max_size=8,
    )
)
def test_equal_rows_of_one_file_are_so_many_incidents(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    crimes = [build.crime(crime_id, Month=month) for crime_id, month in rows]
    keys = read(build, tmp_path_factory.mktemp("police"), crimes).accepted["key"]
    without = [row for row in rows if not row[0]]
    distinct = {crime_id for crime_id, _ in rows if crime_id}
    assert keys.nunique() == len(without) + len(distinct)


@pytest.mark.parametrize(
    ("zone", "month"),
    [("America/Asuncion", "2017-09"), ("America/Asuncion", "2017-10"),
     ("America/Havana", "2015-10"), ("America/Havana", "2015-11")],
)  # fmt: skip
def test_a_month_that_begins_while_the_clocks_change_is_read(
    build: ModuleType, tmp_path: Path, zone: str, month: str
) -> None:
    intake = read(build, tmp_path, [build.crime(Month=month)], zone)
    assert len(intake.accepted) == 1
    (period,) = intake.periods
    assert 29 <= (period.ends_at - period.starts_at).total_seconds() / 86_400 <= 32
