"""Scenarios: what is asked, and what is said of a wrong key."""

import json
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
    assert (scenario.patrols.teams, scenario.cameras.most_new) == (2, 3)
    assert (scenario.patrols.reserve, scenario.patrols.dwell_minutes) == (0.4, 15)


def test_reads_the_example_of_its_docstring(tmp_path: Path) -> None:
    import planner.allocate.scenario.scenario as module

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
        ({"cameras": {"budget": -1}}, "cameras.budget"),
        ({"cameras": {"standing": "sell"}}, "cameras.standing"),
        ({"cameras": {"private_limit": 1.5}}, "cameras.private_limit"),
        ({"cameras": {"minimum_cover": {"Alpha": 2}}}, "cameras.minimum_cover"),
        ({"cameras": {"moves": 1, "move_weakest": 1}}, "cameras: give moves or move_weakest"),
        ({"cameras": {"place": [{"name": "A"}]}}, "cameras.place"),
        ({"events": [{"name": "Vigil", "factor": 0.0}]}, "events.0.factor"),
        ({"events": [{"factor": 2.0}]}, "events.0.name"),
        ({"shift": {"date": "2026-02-30"}}, "shift.date"),
        ({"shift": {"date": 7}}, "shift.date"),
        ({"shift": {"start": "22:00"}}, "shift"),
        ({"shift": {"start": "22:00", "end": "22:00"}}, "shift"),
        ({"shift": {"start": "25:00", "end": "03:00"}}, "shift.start"),
        ({"solver": {"seconds": 0}}, "solver.seconds"),
        ({"patrols": {"gap_minutes": -1.0}}, "patrols.gap_minutes"),
        ({"patrols": {"visits_a_gap": -1}}, "patrols.visits_a_gap"),
        ({"patrols": {"handover_minutes": 121.0}}, "patrols.handover_minutes"),
        ({"patrols": {"meal": {"minutes": 30.0}}}, "patrols.meal.from"),
        ({"patrols": {"meal": {"from": "25:00", "to": "02:00"}}}, "patrols.meal.from"),
        ({"patrols": {"meal": {"from": "22:00+99:00", "to": "02:00"}}}, "patrols.meal.from"),
        ({"patrols": {"every_site": -1}}, "patrols.every_site"),
        ({"patrols": {"no_go": [""]}}, "patrols.no_go.0"),
        ({"patrols": {"if_impossible": "ignore"}}, "patrols.if_impossible"),
        ({"patrols": {"harm_share": 1.5}}, "patrols.harm_share"),
        ({"patrols": {"risk": "worst"}}, "patrols.risk"),
        ({"teams": [{}, {"officers": 0}]}, "teams.1.officers"),
        ({"teams": [{"officers": 1.5}]}, "teams.0.officers"),
        ({"teams": [{"can": "keys"}]}, "teams.0.can"),
        ({"teams": [{"from": 22}]}, "teams.0.from"),
        ({"teams": [{"position": [1.0]}]}, "teams.0.position"),
        ({"teams": [{"post": "Alpha"}]}, "teams.0.post"),
        ({"teams": [{}] * 61}, "teams"),
        ({"zones": [{"dwell_minutes": 10.0}]}, "zones.0.name"),
        ({"zones": [{"name": "Alpha", "teams": 3}]}, "zones.0.teams"),
        ({"duties": [{"kind": "dance", "place": "Alpha"}]}, "duties.0.kind"),
        ({"duties": [{"place": "Alpha", "minutes": 0.5}]}, "duties.0.minutes"),
        ({"duties": [{"place": "Alpha", "note": "x" * 301}]}, "duties.0.note"),
        ({"must_visits": [{"place": "Alpha", "from": "22:00"}]}, "must_visits.0"),
        ({"lodges": [{"place": "Alpha", "reach_m": 501.0}]}, "lodges.0.reach_m"),
        ({"lodges": [{"place": "Alpha", "share": 2.0}]}, "lodges.0.share"),
        ({"watched": {"share": -0.1}}, "watched.share"),
        ({"safety": {"single_officers_after_dark": "nowhere"}}, "safety.single_officers_after"),
        ({"safety": {"nearest_team_minutes": 0.0}}, "safety.nearest_team_minutes"),
        ({"safety": {"check_in_minutes": "often"}}, "safety.check_in_minutes"),
        ({"weather": "rain"}, "weather"),
        ({"patrols": 3}, "patrols"),
    ],
)
def test_a_wrong_key_or_value_is_named(content: dict[str, object], key: str) -> None:
    with pytest.raises(ScenarioError, match=f"^scenario: {key}"):
        scenario_from(content)


ALL_KEYS = """
name = "Everything"
audience = "control room 2"
intelligence = false

[shift]
date = 2026-11-27
name = "night"

[patrols]
teams = 3
start = "Alpha College"
finish = "Beta Museum"
dwell_minutes = 12
gap_minutes = 45
reserve = 0.3
visits_a_gap = 2
handover_minutes = 5
minimum_visits = { "Alpha College" = 2 }
every_site = 1
every_site_a_week = 3
no_go = ["Gamma Library"]
if_impossible = "relax"
harm_share = 0.5
risk = "draws"
meal = { minutes = 20, from = 00:00:00, to = "02:00+00:00", place = "Alpha College" }

[[teams]]
name = "Victor"
mode = "vehicle"
officers = 1
start = "Alpha College"
finish = "Beta Museum"
from = "22:30"
to = 05:00:00
can = ["keys", "first aid"]
position = [-1.25, 51.75]
free_from = "23:00"
meal = { from = "01:00", to = "03:00" }

[[zones]]
name = "Alpha College"
dwell_minutes = 10
teams = 2

[[must_visits]]
place = "Alpha College"
from = "22:00"
to = "22:30"
minutes = 5
teams = 2
note = "The back gate."

[[duties]]
kind = "escort"
place = "Alpha College"
to_place = "Beta Museum"
from = "22:00"
to = "23:00"
minutes = 20
needs = ["vehicle", "two officers"]
teams = 2
note = "Two visitors."

[[lodges]]
place = "Alpha College"
from = "22:00"
to = "23:00"
reach_m = 20
share = 0.5

[watched]
share = 0.25
categories = ["theft"]

[safety]
single_officers_after_dark = ["Alpha College"]
nearest_team_minutes = 12
check_in_minutes = 30

[cameras]
new = 2
budget = 20_000
yearly_budget = 3_000
kinds = ["fixed", "pan-tilt-zoom"]
range_m = 40
grade = "discern"
standing = "re-aim"
moves = 1
remove = ["Gate"]
down = ["Yard"]
relocatable = 2
relocate = true
second_views = ["Alpha College"]
second_view_worth = 0.25
minimum_cover = { "Alpha College" = 0.4 }
private_limit = 0.1

[[events]]
name = "Vigil"
places = ["Radcliffe Camera"]
factor = 2.0

[[cameras.place]]
name = "East door"
position = [-1.25, 51.75]
bearing = 45
kind = "fixed"
field_of_view = 60
range_m = 30
height_m = 5

[solver]
seed = 7
tries = 3
iterations = 100
seconds = 5
"""
# Own hours take the place of a shift's name, and a number of moves that of the weakest.
NOT_BESIDE = {("shift", "start"), ("shift", "end"), ("cameras", "move_weakest")}


def test_every_key_reads_from_toml_and_back_from_json(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    path.write_text(ALL_KEYS, encoding="utf-8")
    scenario = read_scenario(path)
    for by_alias in (True, False):
        text = scenario.model_dump_json(by_alias=by_alias)
        assert Scenario.model_validate_json(text) == scenario
        assert scenario_from(json.loads(text)) == scenario
    assert (scenario.teams[0].on, scenario.teams[0].off) == ("22:30", "05:00")
    meal = scenario.patrols.meal
    assert meal is not None
    assert (meal.earliest, meal.latest) == ("00:00", "02:00+00:00")


def test_the_example_of_every_key_has_each_with_another_value_than_usual(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    path.write_text(ALL_KEYS, encoding="utf-8")
    written = json.loads(read_scenario(path).model_dump_json())
    for part, usual in json.loads(Scenario().model_dump_json()).items():
        assert written[part] != usual, part
        for key, value in usual.items() if isinstance(usual, dict) else ():
            assert (part, key) in NOT_BESIDE or written[part][key] != value, f"{part}.{key}"


def test_a_budget_alone_asks_for_as_many_cameras_as_it_buys() -> None:
    assert scenario_from({"cameras": {"budget": 9_000}}).cameras.most_new > 3
    assert scenario_from({"cameras": {"budget": 9_000, "new": 1}}).cameras.most_new == 1
    assert scenario_from({"cameras": {"new": 0}}).cameras.most_new == 0


@pytest.mark.parametrize(
    ("line", "key"),
    [("teems = 2", "teems"), ("[patrol]", "patrol"), ("[[duty]]\nplace = 'Alpha'", "duty")],
)
def test_a_wrong_key_in_a_file_is_named_with_the_file(tmp_path: Path, line: str, key: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"wrong\.toml: {key}"):
        read_scenario(path)


def test_the_number_of_teams_is_that_of_those_described() -> None:
    assert scenario_from({}).team_count == 2
    assert scenario_from({"teams": [{}, {}, {}]}).team_count == 3


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
