import json
from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import SettingsError
from planner.incidents.intake import read_incidents
from planner.incidents.proposals import Proposal, fitting_forms, propose_profile
from planner.incidents.source_profiles import read_profile
from planner.incidents.times import date_form, read_local

LODGE = [
    {"Log No": f"L{n}", "Incident Type": ("Theft", "Alarm")[n % 2], "Date From": f"{n:02}/06/2025 "
     "22:15", "Reported": f"2025-06-{n + 1:02}T08:00:00Z", "Location": f"Staircase {n % 5}",
     "Longitude": "-1.2544", "Latitude": f"51.75{n}", "Notes": f"said {n}"}
    for n in range(1, 21)
]  # fmt: skip


def propose(build: ModuleType, folder: Path, rows: list[dict[str, str]]) -> Proposal:
    return propose_profile(build.write(folder / "x.csv", build.csv_text(rows, list(rows[0]))))


def meanings(proposal: Proposal) -> dict[str, str]:
    return {guess.column: guess.meaning for guess in proposal.guesses}


def test_columns_are_known_by_name_and_value(build: ModuleType, tmp_path: Path) -> None:
    proposal = propose(build, tmp_path, LODGE)
    assert meanings(proposal) == {
        "Log No": "reference", "Incident Type": "category", "Date From": "occurred_from",
        "Reported": "reported_at", "Location": "place", "Longitude": "longitude",
        "Latitude": "latitude", "Notes": "details",
    }  # fmt: skip
    assert all(0 <= guess.confidence <= 1 and guess.example for guess in proposal.guesses)


def test_a_completed_proposal_reads_its_file(build: ModuleType, tmp_path: Path) -> None:
    proposal = propose(build, tmp_path, LODGE)
    text = proposal.to_toml()
    path = build.write(tmp_path / "lodge.toml", text)
    with pytest.raises(SettingsError, match="source"):
        read_profile(path)
    build.write(path, text.replace('source = ""', 'source = "lodge"'))
    profile = read_profile(path)
    intake = read_incidents(tmp_path / "x.csv", "Europe/London", build.NOW, [profile])
    assert (len(intake.accepted), intake.source) == (20, "lodge")
    assert intake.accepted["occurred_from"].iloc[0] == build.moment("2025-06-01 21:15")


def test_dates_that_can_be_read_in_two_ways_are_left_open(
    build: ModuleType, tmp_path: Path
) -> None:
    rows = [row | {"Date From": "03/04/2025 22:15"} for row in LODGE]
    proposal = propose(build, tmp_path, rows)
    (guess,) = [guess for guess in proposal.guesses if guess.meaning == "occurred_from"]
    assert set(guess.forms) == {"DD/MM/YYYY HH:mm", "MM/DD/YYYY HH:mm"}
    assert any("undecided" in question for question in proposal.questions)
    text = proposal.to_toml().replace('source = ""', 'source = "lodge"')
    assert "occurred_from = []" in text
    with pytest.raises(SettingsError, match="occurred_from"):
        read_profile(build.write(tmp_path / "lodge.toml", text))


def test_dates_of_no_known_form_are_asked_for(build: ModuleType, tmp_path: Path) -> None:
    rows = [row | {"Reported": "2025-06-01 at 8 o'clock"} for row in LODGE]
    proposal = propose(build, tmp_path, rows)
    assert meanings(proposal)["Reported"] == "reported_at"
    assert any("no known form" in question for question in proposal.questions)


@pytest.mark.parametrize(
    ("values", "forms"),
    [
        (["31/12/2025", "01/02/2025"], {"DD/MM/YYYY"}),
        (["12/31/2025", "01/02/2025"], {"MM/DD/YYYY"}),
        (["01/02/2025"], {"DD/MM/YYYY", "MM/DD/YYYY"}),
        (["5/5/2025"], {"D/M/YYYY"}),
        (["2025-06-01T10:00", "2025-06-01T11:00"], {"YYYY-MM-DDTHH:mm"}),
        (["4/30/26 5:00 PM"], {"M/D/YY h:mm A"}), (["2025-06"], {"YYYY-MM"}),
        (["01/02/2025"] * 30 + ["13/02/2025"], {"DD/MM/YYYY"}),
        (["01/02/2025", "soon"], set()), ([], set()), (["12345"], set()),
    ],
)  # fmt: skip
def test_every_way_to_read_all_values_is_listed(values: list[str], forms: set[str]) -> None:
    assert set(fitting_forms(pd.Series(values, dtype="str"))) == forms


@settings(max_examples=10)
@given(dates=st.lists(st.dates(date(1950, 1, 1), date(2060, 1, 1)), min_size=1, max_size=4))
def test_the_true_reading_is_always_among_the_forms(dates: list[date]) -> None:
    for written in ("DD/MM/YYYY", "M/D/YYYY", "YYYY-MM-DD"):
        true = pd.Series(pd.to_datetime(dates)).dt.as_unit("us")
        values = pd.Series([date_form(written).example(at) for at in true], dtype="str")
        readings = [read_local(values, date_form(form)) for form in fitting_forms(values)]
        assert any(reading.equals(true) for reading in readings)


def test_a_file_of_something_else_is_proposed_little_and_asked_much(
    build: ModuleType, tmp_path: Path
) -> None:
    proposal = propose(build, tmp_path, [{"colour": "red", "size": "5"}])
    assert proposal.guesses == ()
    assert proposal.unused == ("colour", "size")
    asked = " ".join(proposal.questions)
    assert "happened" in asked
    with pytest.raises(SettingsError):
        read_profile(build.write(tmp_path / "lodge.toml", proposal.to_toml()))


def test_grid_columns_ask_for_their_grid(build: ModuleType, tmp_path: Path) -> None:
    rows = [{"ref": f"{n}", "type": "Theft", "date": "2025-06-01", "easting": f"45159{n % 9}",
             "northing": "206342"} for n in range(9)]  # fmt: skip
    proposal = propose(build, tmp_path, rows)
    assert {"easting", "northing"} <= set(meanings(proposal).values())
    assert any(question.startswith("crs") for question in proposal.questions)


def test_hostile_names_and_values_stay_in_their_comments(build: ModuleType, tmp_path: Path) -> None:
    row = {"reference": "a\n[columns]\nx = 1", 'category"\\': "Theft\x1b[31m",
           "date": "2025-06-01", "no\nname": "é", "place\n[dates]": "x"}  # fmt: skip
    proposal = propose_profile(build.write(tmp_path / "x.json", json.dumps([row])))
    text = proposal.to_toml().replace('source = ""', 'source = "x"')
    profile = read_profile(build.write(tmp_path / "x.toml", text))
    assert profile.columns.place == "place\n[dates]"


def test_the_campus_log_is_understood(build: ModuleType, shared_data: Path) -> None:
    proposal = propose_profile(shared_data / "campus" / "ucpd_2011_2019.csv")
    found = meanings(proposal)
    wanted = {
        "incident": "category", "location": "place", "occurred": "occurred",
              "reported": "reported_at", "ucpd_id": "reference", "validated_location": "point",
    }  # fmt: skip
    assert {name: found.get(name) for name in wanted} == wanted
