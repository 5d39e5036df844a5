"""From records that leave questions, by a person's answers, to what is counted where."""

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.cli import app, main
from planner.errors import PlannerError
from planner.register.database import Register
from planner.service.workspace import take_picture

LODGE = """source = "college lodge"
required = ["lodge ref", "kind", "since", "until", "where", "lon", "lat"]
[columns]
reference = "lodge ref"
category = "kind"
occurred_from = "since"
occurred_to = "until"
place = "where"
longitude = "lon"
latitude = "lat"
[dates]
occurred_from = ["YYYY-MM-DDTHH:mm"]
occurred_to = ["YYYY-MM-DDTHH:mm"]
"""


def run(*arguments: object, code: int = 0) -> str:
    """Run a command in this process; what it says."""
    done = CliRunner().invoke(app, [str(item) for item in arguments])
    assert done.exit_code == code, done.output
    return str(done.stdout)


@pytest.fixture(scope="module")
def _first_asked(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("asked")
    workspace = tmp_path / "small"
    build.new_workspace(workspace)
    rows = [build.incident("A1"), build.incident("A2", at=None, place="the Tin Shed"),
            build.incident("A3", at=None, place="tin shed, the")]  # fmt: skip
    room = build.write(tmp_path / "room.csv", build.control_room_csv(rows))
    longitude, latitude = build.degrees(60, 50)
    row = {"lodge ref": "L1", "kind": "Theft", "since": "2025-06-02T22:15",
           "until": "2025-06-02T22:45", "where": "lodge", "lon": str(longitude),
           "lat": str(latitude)}  # fmt: skip
    lodge = build.write(tmp_path / "lodge.csv", build.csv_text([row], list(row)))
    profile = build.write(tmp_path / "lodge.toml", LODGE)
    run("import", "-w", workspace, room)
    run("import", "-w", workspace, "--profile", profile, lodge)
    return Path(workspace)


@pytest.fixture
def asked(_first_asked: Path, tmp_path: Path) -> Path:
    """A workspace with places that nobody knows, and an event that two sources tell."""
    return Path(shutil.copytree(_first_asked, tmp_path / "asked"))


def questions(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("review", "-w", folder, "--json"))
    return found


def test_a_place_is_decided_once(asked: Path, build: ModuleType, tmp_path: Path) -> None:
    found = questions(asked)
    assert [item["place"] for item in found["places"]] == ["the Tin Shed", "tin shed, the"]
    assert "'the Tin Shed', 1 incident: no coordinates." in run("review", "-w", asked)
    said = run("review", "-w", asked, "--place", "the tin shed", "--means", "Chapel")
    assert said == (
        "Noted: 'the tin shed' means Chapel, Alpha College; 1 of 1 known incidents moved.\n"
    )
    assert [item["place"] for item in questions(asked)["places"]] == ["tin shed, the"]
    with Register(asked) as register:
        versions = register.versions("control room", "A2")
        assert versions["precision"].tolist() == ["unknown", "building"]
        assert versions["cause"].tolist() == ["import", "review"]

    later = [build.incident("B1", at=None, place="The Tin Shed")]
    run("import", "-w", asked, build.write(tmp_path / "b.csv", build.control_room_csv(later)))
    table = take_picture(asked).incidents.set_index("key")
    assert table.loc["B1", "building"] == table.loc["A2", "building"] == "alpha-college-chapel"
    assert len(questions(asked)["places"]) == 1
    assert run("verify", "-w", asked).startswith("Nothing altered")


def test_a_pair_that_is_one_event_counts_once(asked: Path) -> None:
    (pair,) = questions(asked)["pairs"]
    assert (pair["first"], pair["second"]) == ("control room:A1", "college lodge:L1")
    assert set(take_picture(asked).on_estate["key"]) == {"A1", "L1"}
    decided = ("--pair", pair["first"], pair["second"], "--same")
    assert "one event" in run("review", "-w", asked, *decided)
    assert set(take_picture(asked).on_estate["key"]) == {"A1"}
    assert questions(asked)["pairs_in_all"] == 0
    done = json.loads(run("review", "-w", asked, *decided[:-1], "--different", "--json"))
    assert done == {"pair": ["control room:A1", "college lodge:L1"], "same": False}
    assert set(take_picture(asked).on_estate["key"]) == {"A1", "L1"}
    assert questions(asked)["pairs_in_all"] == 0


def test_a_decision_as_data(asked: Path) -> None:
    done = json.loads(run("review", "-w", asked, "--place", "the Tin Shed", "--means", "none",
                          "--json"))  # fmt: skip
    assert done == {"place": "the Tin Shed", "means": "", "site": "", "building": "",
                    "incidents": 1, "moved": 1}  # fmt: skip


def test_no_more_is_listed_than_asked_for(asked: Path) -> None:
    said = run("review", "-w", asked, "--most", 1)
    assert "Places to decide: 2." in said
    assert said.count("Perhaps:") == 1


def test_a_workspace_without_incidents_says_what_to_do(workspace: Path) -> None:
    assert run("review", "-w", workspace) == (
        "No incidents are imported yet; give a file of them to 'planner import'.\n"
    )


@pytest.mark.parametrize(
    "wrong",
    [("--place", "a"), ("--means", "a"), ("--same",), ("--different",),
     ("--pair", "a:1", "b:2"), ("--pair", "a:1", "--same"), ("--most", "0"), ("--most", "x"),
     ("--place", "a", "--means", "b", "--pair", "a:1", "b:2", "--same")],
)  # fmt: skip
def test_a_fault_of_usage_ends_in_2(asked: Path, build: ModuleType, wrong: tuple[str, ...]) -> None:
    before = build.snapshot(asked)
    run("review", "-w", asked, *wrong, code=2)
    assert build.snapshot(asked) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--place", "the tin shed", "--means", "Delta\nHouse"), "'Delta House' is not the name"),
        (("--place", " ,", "--means", "Hall"), "is empty"),
        (("--pair", "control room:A1", "nobody:1", "--same"), "no record 'nobody:1'"),
        (("--pair", "control room:A1", "control room:A2", "--same"), "of one source"),
        (("-w", "nowhere"), "is no workspace"),
    ],
)
def test_what_a_user_can_mend_is_one_line(
    asked: Path,
    build: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    before = build.snapshot(asked)
    capsys.readouterr()
    monkeypatch.setattr("sys.argv", ["planner", "review", "-w", str(asked), *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (1, "")
    (line,) = said.err.splitlines()
    assert line.startswith("Error: ")
    assert words in line
    assert build.snapshot(asked) == before


def test_a_register_of_an_earlier_version_is_read(workspace: Path) -> None:
    first = Path(__file__).parents[1] / "register_0_1_0.sql"
    with contextlib.closing(sqlite3.connect(workspace / "planner.db")) as database:
        database.executescript(first.read_text(encoding="utf-8"))
    assert questions(workspace)["incidents"] > 0


def test_a_file_that_is_no_register_is_refused(workspace: Path) -> None:
    (workspace / "planner.db").write_bytes(b"no register")
    done = CliRunner().invoke(app, ["review", "-w", str(workspace)])
    assert isinstance(done.exception, PlannerError)
    assert (workspace / "planner.db").read_bytes() == b"no register"
