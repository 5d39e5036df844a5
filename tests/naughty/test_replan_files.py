"""Positions, incidents and earlier plans that are broken, hostile or another's: all named."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import Shift
from planner.errors import PlannerError, RefusedFile, ScenarioError, UnknownFormat, UnreadableFile
from planner.service.plan_files import LARGEST_PLAN, read_plan, read_plans
from planner.service.planning import plan_shift
from planner.service.positions import LARGEST_FILE, read_positions, written_position
from planner.service.replanning import (
    Happened,
    moment_of,
    next_stops,
    replan_shift,
    reported,
    shift_of,
)  # fmt: skip

SCENARIO = """
[shift]
date = 2026-01-20
name = "night"
[solver]
tries = 1
iterations = 10
"""
Made = tuple[Path, Path]


@pytest.fixture(scope="module")
def made(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A workspace, and a plan that was made from it."""
    folder = tmp_path_factory.mktemp("replan files")
    build.new_workspace(folder / "estate")
    rows = [build.incident(f"A{number}", at=(20.0 + number, 30.0)) for number in range(12)]
    build.import_text(folder / "estate", build.control_room_csv(rows))
    scenario = build.write(folder / "scenario.toml", SCENARIO)
    plan_shift(folder / "estate", scenario, folder / "out")
    return folder / "estate", folder / "out" / "plan.json"


def shift(made: Made) -> Shift:
    return shift_of(read_plan(made[1]))


GOOD = "team,longitude,latitude\nA,-1.2,51.7\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeffTeam;Latitude;Longitude;note\nA;51.7;-1.2;late\n",
        '[{"team": "A", "longitude": -1.2, "latitude": 51.7}]',
        '{"positions": [{"team": "A", "longitude": "-1.2", "latitude": 51.7}]}',
    ],
)
def test_positions_are_read(tmp_path: Path, build: ModuleType, text: str) -> None:
    assert read_positions(build.write(tmp_path / "p", text)) == {"A": (-1.2, 51.7)}


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", UnreadableFile, "empty"),
        (b"\x89PNG\r\n\x1a\n", UnreadableFile, "p.csv"),
        (b"team,longitude\nA,1\n", UnknownFormat, "no column 'latitude'"),
        (b"hello", UnknownFormat, "no table of positions"),
        (b"team,longitude,latitude\n", UnknownFormat, "no table of positions"),
        (b"{}", UnknownFormat, "no table of positions"),
        (b"[" * 5_000, (RefusedFile, UnknownFormat), "p.csv"),
        (b"team,longitude,latitude\nA,x,51\n", ScenarioError, "row 2, longitude: 'x'"),
        (b"team,longitude,latitude\nA,-1,51\nB,nan,51\n", ScenarioError, "row 3, longitude"),
        (b"team,longitude,latitude\nA,1e999,51\n", ScenarioError, "row 2, longitude"),
        (b"team,longitude,latitude\nA,-1,91\n", ScenarioError, "row 2, latitude: '91'"),
        (b"team,longitude,latitude\nA,,51\n", ScenarioError, "row 2, longitude: ''"),
        (b"team,longitude,latitude\n,-1,51\n", ScenarioError, "row 2, team: is empty"),
        (b"team,longitude,latitude\nA,-1,51\nA,-1,51\n", ScenarioError, "row 3, team.*twice"),
        (b"team,longitude,latitude\nA,-1,51,9\n", ScenarioError, "row 2: the line is broken"),
        (b'[{"team":"A","longitude":[1],"latitude":2}]', UnknownFormat, "longitude"),
    ],
)
def test_faulty_positions_are_named(
    tmp_path: Path, build: ModuleType, content: bytes, error: Any, said: str
) -> None:
    with pytest.raises(error, match=said):
        read_positions(build.write(tmp_path / "p.csv", content))


def test_positions_that_are_missing_or_too_large(tmp_path: Path, build: ModuleType) -> None:
    with pytest.raises(UnreadableFile):
        read_positions(tmp_path / "none.csv")
    with pytest.raises(UnreadableFile):
        read_positions(tmp_path)
    large = build.write(tmp_path / "large.csv", GOOD + "B,0,0\n" * (LARGEST_FILE // 6 + 1))
    with pytest.raises(RefusedFile, match="1 MiB"):
        read_positions(large)


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_are_positions_or_a_named_fault(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "p"
    path.write_bytes(content)
    try:
        found = read_positions(path)
    except PlannerError:
        return
    assert all(-180 <= east <= 180 and -90 <= north <= 90 for east, north in found.values())


def test_a_position_as_it_is_typed() -> None:
    assert written_position("-1.25, 51.75", "--position") == (-1.25, 51.75)
    assert written_position("Balliol, the gate", "--position") is None
    assert written_position("1, 2, 3", "--position") is None
    with pytest.raises(ScenarioError, match="--position: '95'"):
        written_position("-1.25, 95", "--position")
    with pytest.raises(ScenarioError, match="--position: 'nan'"):
        written_position("nan, 51", "--position")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "can't be read"),
        (";30", "can't be read"),
        ("Alpha; 30; 23:00; more", "can't be read"),
        ("Alpha; soon", "'soon'"),
        ("Alpha; -5", "'-5'"),
        ("Alpha; 0", "'0'"),
        ("Alpha; 721", "'721'"),
        ("Alpha; nan", "'nan'"),
        ("Alpha; 30; 25:00", "'25:00'"),
        ("Alpha; 30; 12:00", "12:00 is no time of the shift"),
        ("Alpha; 30; yesterday", "'yesterday'"),
    ],
)
def test_incidents_that_cannot_be_read(made: Made, text: str, said: str) -> None:
    at = shift(made).starts_at
    with pytest.raises(ScenarioError, match="--incident: ") as caught:
        reported(shift(made), text, at)
    assert said in str(caught.value)


def test_incidents_as_they_are_typed(made: Made) -> None:
    at = moment_of(shift(made), "01:00", "--at")
    assert reported(shift(made), "Alpha College", at).minutes == 40
    assert reported(shift(made), "Alpha College", at).at == at
    whole = reported(shift(made), " -1.25, 51.75 ; 12.5 ; 23:10 ", at)
    assert (whole.place, whole.minutes) == ((-1.25, 51.75), 12.5)
    assert f"{whole.at:%Y-%m-%d %H:%M}" == "2026-01-20 23:10"


@pytest.mark.parametrize(
    "at", ["12:00", "2026-01-20T21:59", "2026-01-21T06:00", "2031-01-01T00:00", "now", "", "24:00",
           "2026-01-20", "0001-01-01T00:00", "9999-12-31T23:59"],
)  # fmt: skip
def test_moments_outside_the_shift(made: Made, tmp_path: Path, at: str) -> None:
    workspace, plan = made
    with pytest.raises(ScenarioError, match="--at: "):
        replan_shift(workspace, plan, Happened(at), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ScenarioError, match="--at: "):
        next_stops(workspace, plan, "A", at)


def test_a_team_or_place_that_there_is_not(made: Made, tmp_path: Path, build: ModuleType) -> None:
    workspace, plan = made
    positions = build.write(tmp_path / "p.csv", GOOD.replace("A,", "Zulu,"))
    with pytest.raises(ScenarioError, match="no team 'Zulu'"):
        replan_shift(workspace, plan, Happened("23:00", (), positions), tmp_path / "out")
    with pytest.raises(ScenarioError, match=r"--incident: .*'Hogwarts'"):
        replan_shift(workspace, plan, Happened("23:00", ["Hogwarts"]), tmp_path / "out")
    with pytest.raises(ScenarioError, match="no team 'Zulu'"):
        next_stops(workspace, plan, "Zulu", "23:00")
    for far in ("0, 0", "180,90", "-1.2,-51.7"):
        with pytest.raises(ScenarioError, match=r"--position: .*every open street"):
            next_stops(workspace, plan, "A", "23:00", far)
    with pytest.raises(ScenarioError, match="--position: 'there'"):
        next_stops(workspace, plan, "A", "23:00", "there")


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plan: plan.update(version="0.0.1"), "made by planner 0.0.1"),
        (lambda plan: plan["estate"].update(name="Elsewhere"), "'Elsewhere'"),
        (lambda plan: plan["estate"].update(time_zone="Asia/Tokyo"), "is 'estate'"),
        (lambda plan: plan["estate"].update(time_zone="../../etc/passwd"), "is 'estate'"),
        (lambda plan: plan.update(format="planner-plan-9"), "format"),
        (lambda plan: plan.pop("patrols"), "patrols"),
        (lambda plan: plan["shift"].update(starts_at="soon"), "shift.starts_at: 'soon'"),
        (lambda plan: plan["shift"].update(ends_at="2026-01-21T06:00:00"), "shift.ends_at"),
        (lambda plan: plan["shift"].update(name="dusk"), "dusk"),
        (lambda plan: plan["scenario"].update(audience="nobody"), "audience"),
        (lambda plan: plan["scenario"]["patrols"].update(teams=-1), "teams"),
        (lambda plan: plan["patrols"]["routes"][0].update(team="Zulu"), "'Zulu'"),
        (lambda plan: plan["patrols"]["routes"][0]["stops"][0].update(zone="none"), "not"),
        (lambda plan: plan["patrols"]["routes"][0]["stops"][0].update(arrive=7), "arrive"),
        (lambda plan: plan["patrols"]["routes"][0]["stops"][0].update(kind="call", longitude=1e9),
         "open street"),
        (lambda plan: plan["patrols"]["routes"][0]["stops"][0].update(kind="meal", zone=""),
         "not"),
    ],
)  # fmt: skip
def test_plans_that_were_changed_or_are_others_are_named(
    made: Made, tmp_path: Path, build: ModuleType, change: Change, said: str
) -> None:
    workspace, written = made
    content = json.loads(written.read_text(encoding="utf-8"))
    change(content)
    path = build.write(tmp_path / "plan.json", json.dumps(content))
    with pytest.raises((ScenarioError, UnknownFormat)) as caught:
        replan_shift(workspace, path, Happened("23:00"), tmp_path / "out")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"{}", b"\xff\xfe\x00", b"[" * 100_000, b'{"id": NaN}'],
)
def test_files_that_are_no_plan(tmp_path: Path, build: ModuleType, content: bytes) -> None:
    path = build.write(tmp_path / "plan.json", content)
    with pytest.raises(UnknownFormat, match=r"plan\.json: is no plan\.json"):
        read_plan(path)
    with pytest.raises(UnknownFormat):
        read_plans([tmp_path])


def test_plans_that_are_missing_or_too_large(tmp_path: Path, made: Made) -> None:
    with pytest.raises(UnreadableFile):
        read_plan(tmp_path / "none.json")
    with pytest.raises(UnreadableFile):
        read_plan(tmp_path)
    with pytest.raises(UnreadableFile, match=r"holds no plan\.json"):
        read_plans([tmp_path])
    large = tmp_path / "plan.json"
    with large.open("wb") as file:
        file.truncate(LARGEST_PLAN + 1)
    with pytest.raises(RefusedFile, match="larger than any plan"):
        read_plan(large)
    assert len(read_plans([made[1], made[1].parent])) == 1


def test_the_shift_of_a_plan_is_read_in_local_time(made: Made) -> None:
    own = shift(made)
    assert own.starts_at == datetime.fromisoformat("2026-01-20T22:00:00+00:00")
    assert own.seconds == 8 * 3600
