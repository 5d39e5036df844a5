"""Scenarios: what is asked, and what is said of a wrong key."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from planner.allocate.scenario import Scenario, read_scenario, resolve_shift, scenario_from
from planner.errors import ScenarioError, UnreadableFile
from planner.settings import Settings

LONDON = ZoneInfo("Europe/London")
SETTINGS = Settings(crs="EPSG:32630")
AS_OF = datetime(2026, 9, 30, 21, 45, tzinfo=LONDON)


def test_every_key_is_optional() -> None:
    scenario = scenario_from({})
    assert (scenario.patrols.teams, scenario.cameras.new) == (2, 3)
    assert (scenario.patrols.reserve, scenario.patrols.dwell_minutes) == (0.4, 15)


def test_reads_the_example_of_its_docstring(tmp_path: Path) -> None:
    import planner.allocate.scenario as module

    example = (module.__doc__ or "").split("::\n")[1]
    path = tmp_path / "example.toml"
    path.write_text("\n".join(line[4:] for line in example.splitlines()), encoding="utf-8")
    scenario = read_scenario(path)
    assert scenario.name == "Friday night, three teams"
    assert scenario.shift.date == date(2026, 11, 27)
    assert scenario.patrols.minimum_visits == {"Balliol College": 1, "Wadham College": 1}
    assert scenario.solver.seconds == 30


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ({"patrols": {"teams": 0}}, "patrols.teams"),
        ({"patrols": {"teams": -1}}, "patrols.teams"),
        ({"patrols": {"teams": 2.5}}, "patrols.teams"),
        ({"patrols": {"teams": True}}, "patrols.teams"),
        ({"patrols": {"teams": "two"}}, "patrols.teams"),
        ({"patrols": {"team": 2}}, "patrols.team"),
        ({"patrols": {"reserve": 1.0}}, "patrols.reserve"),
        ({"patrols": {"reserve": -0.1}}, "patrols.reserve"),
        ({"patrols": {"dwell_minutes": 0}}, "patrols.dwell_minutes"),
        ({"patrols": {"minimum_visits": 3}}, "patrols.minimum_visits"),
        ({"patrols": {"minimum_visits": [3]}}, "patrols.minimum_visits"),
        ({"patrols": {"minimum_visits": {"Balliol College": 0}}}, "patrols.minimum_visits"),
        ({"cameras": {"new": -1}}, "cameras.new"),
        ({"cameras": {"range_m": 0}}, "cameras.range_m"),
        ({"shift": {"date": "2026-02-30"}}, "shift.date"),
        ({"shift": {"date": 7}}, "shift.date"),
        ({"shift": {"start": "22:00"}}, "shift"),
        ({"shift": {"start": "22:00", "end": "22:00"}}, "shift"),
        ({"shift": {"start": "25:00", "end": "03:00"}}, "shift.start"),
        ({"solver": {"seconds": 0}}, "solver.seconds"),
        ({"weather": "rain"}, "weather"),
        ({"patrols": 3}, "patrols"),
    ],
)
def test_a_wrong_key_or_value_is_named(content: dict[str, object], key: str) -> None:
    with pytest.raises(ScenarioError, match=f"^scenario: {key}"):
        scenario_from(content)


def test_a_name_given_twice_asks_for_two_visits() -> None:
    wanted = {"patrols": {"minimum_visits": ["Balliol College", "Balliol College"]}}
    assert scenario_from(wanted).patrols.minimum_visits == {"Balliol College": 2}


def test_files_that_are_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is missing"):
        read_scenario(tmp_path / "missing.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[patrols\nteams = 2", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"not valid TOML.*line 1"):
        read_scenario(broken)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UnreadableFile):
        read_scenario(binary)


def test_first_such_shift_after_the_records_end() -> None:
    shift = resolve_shift(scenario_from({"shift": {"name": "night"}}).shift, SETTINGS, AS_OF)
    assert shift.starts_at == datetime(2026, 9, 30, 22, 0, tzinfo=LONDON)
    shift = resolve_shift(scenario_from({"shift": {"name": "late"}}).shift, SETTINGS, AS_OF)
    assert shift.starts_at == datetime(2026, 10, 1, 14, 0, tzinfo=LONDON)
    assert resolve_shift(Scenario().shift, SETTINGS, AS_OF).name == "night"


def test_a_shift_by_date_or_by_its_own_hours() -> None:
    wanted = scenario_from({"shift": {"date": "2026-12-01", "name": "early"}}).shift
    assert resolve_shift(wanted, SETTINGS, AS_OF).starts_at.hour == 6
    wanted = scenario_from({"shift": {"date": "2026-12-01"}}).shift
    assert resolve_shift(wanted, SETTINGS, AS_OF).name == "early"
    wanted = scenario_from({"shift": {"start": "19:00", "end": "03:30"}}).shift
    own = resolve_shift(wanted, SETTINGS, AS_OF)
    assert own.seconds == 8.5 * 3600
    assert own.starts_at.date() == date(2026, 10, 1)


def test_an_unknown_shift_names_the_known_ones() -> None:
    wanted = scenario_from({"shift": {"name": "dusk"}}).shift
    with pytest.raises(ScenarioError, match=r"'dusk'.*early, late, night"):
        resolve_shift(wanted, SETTINGS, AS_OF)
