"""The command line: one clear line and exit code 1 for what a user can mend, never a traceback."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner import __version__
from planner.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command line: exit code, output, errors."""
    monkeypatch.delenv("PLANNER_WORKSPACE", raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["planner", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return call


def failure(run: Run, *arguments: object) -> str:
    """Run what must fail with exit code 1; return the one line that it says."""
    code, out, err = run(*arguments)
    assert code == 1, out + err
    assert out == ""
    lines = err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    return lines[0]


@pytest.fixture
def filled(workspace: Path, build: ModuleType) -> Path:
    """A workspace with a few incidents."""
    rows = [build.incident(f"A{number}", at=(20.0 + number, 30.0 + number)) for number in range(12)]
    build.import_text(workspace, build.control_room_csv(rows), "incidents.csv")
    return workspace


def scenario_file(folder: Path, text: str) -> Path:
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_version_and_help(run: Run) -> None:
    assert run("--version")[1].strip() == f"planner {__version__}"
    code, out, _ = run("--help")
    assert code == 0
    assert all(
        command in out
        for command in (
            "demo", "init", "fetch", "import", "review", "rejected", "purge", "plan", "next",
            "liaison", "verify", "backup", "restore", "app",
        )
    )  # fmt: skip


def test_usage_errors_exit_with_2(run: Run) -> None:
    assert run("fly")[0] == 2
    assert run("import", "-w", "x")[0] == 2
    assert run("plan", "--nonsense")[0] == 2


def test_init_import_and_plan(run: Run, build: ModuleType, tmp_path: Path) -> None:
    sites, streets = tmp_path / "sites.geojson", tmp_path / "streets.osm"
    sites.write_text(build.collection(build.site_features()), encoding="utf-8")
    streets.write_text(build.grid_osm(), encoding="utf-8")
    workspace = tmp_path / "workspace"
    code, out, _ = run("init", "-w", workspace, sites, "--streets", streets)
    assert code == 0
    assert "3 sites" in out
    incidents = tmp_path / "incidents.csv"
    rows = [build.incident(f"A{n}", at=(20.0 + n, 30.0)) for n in range(8)]
    rows.append(build.incident("bad", occurred_from="2025-02-30T10:00"))
    rows.append(build.incident("A0", at=(20.0, 30.0)))
    rows.append(build.incident("A1", at=(20.0, 30.0)))
    incidents.write_text(build.control_room_csv(rows), encoding="utf-8")
    code, out, _ = run("import", "-w", workspace, incidents)
    assert code == 0
    assert "11 rows read: 8 accepted, 2 rejected, 1 duplicates" in out
    assert "row 12: reference: stands in row 3 too, with other content" in out
    assert "row 10: occurred_from: '2025-02-30T10:00' is not a date" in out
    code, out, _ = run("plan", "-w", workspace, "--out", tmp_path / "out")
    assert code == 0
    assert "of the expected risk" in out
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "plan.json", "map.html", "hotspots.pdf", "route_cards.pdf", "routes.gpx", "routes.geojson",
        "stops.csv",
    }  # fmt: skip


def test_json_is_one_document(run: Run, filled: Path, build: ModuleType, tmp_path: Path) -> None:
    incidents = tmp_path / "more.csv"
    incidents.write_text(
        build.control_room_csv([build.incident("B1", at=None, place="")]), encoding="utf-8"
    )
    counts = json.loads(run("import", "-w", filled, "--json", incidents)[1])
    assert (counts["read"], counts["accepted"], counts["unlocated"]) == (1, 1, 1)
    plan = json.loads(run("plan", "-w", filled, "--json", "--out", tmp_path / "out")[1])
    assert plan["id"]


def test_the_environment_names_the_workspace(
    run: Run, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_WORKSPACE", str(filled))
    assert run("plan", "--out", tmp_path / "out")[0] == 0


def test_no_workspace(run: Run, tmp_path: Path) -> None:
    assert "-w DIR" in failure(run, "plan")
    assert "planner init" in failure(run, "plan", "-w", tmp_path / "none")
    assert "planner init" in failure(run, "app", "-w", tmp_path / "none")


def test_nothing_imported(run: Run, workspace: Path, tmp_path: Path) -> None:
    assert "planner import" in failure(run, "plan", "-w", workspace, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[patrols]\nteams = 0\n", "patrols.teams"),
        ("[patrols]\nteams = \n", "not valid TOML"),
        ("[patrols]\nspeed = 3\n", "patrols.speed: there is no such key"),
        ('[shift]\nname = "dusk"\n', "there is no shift 'dusk'"),
        ('[shift]\nstart = "22:00"\nend = "22:10"\n', "10 minutes"),
        ('[patrols]\nstart = "Nowhere"\n', "'Nowhere'"),
        ('[patrols]\nminimum_visits = ["Nowhere"]\n', "'Nowhere'"),
        ('[patrols]\nminimum_visits = {"Alpha College" = 40}\n', "minimum_visits"),
        ("[cameras]\nnew = -1\n", "cameras.new"),
        ("", None),
    ],
)
def test_scenarios(
    run: Run, filled: Path, build: ModuleType, tmp_path: Path, text: str, said: str | None
) -> None:
    before = build.snapshot(filled)
    path = scenario_file(tmp_path, text)
    arguments = ("plan", "-w", filled, "--scenario", path, "--out", tmp_path / "out")
    if said is None:
        assert run(*arguments)[0] == 0
        # The plan is in the audit log, once.
        before = build.snapshot(filled)
        assert run(*arguments)[0] == 0
    else:
        assert said in failure(run, *arguments)
        assert not (tmp_path / "out").exists()
    assert build.snapshot(filled) == before


def test_a_missing_scenario(run: Run, filled: Path, tmp_path: Path) -> None:
    assert "none.toml" in failure(run, "plan", "-w", filled, "--scenario", tmp_path / "none.toml")


def test_out_that_cannot_be_written(run: Run, filled: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    assert "--out" in failure(run, "plan", "-w", filled, "--out", blocked)
    assert blocked.read_text(encoding="utf-8") == "in the way"


def test_a_fault_in_one_file_stores_nothing_of_any(
    run: Run, filled: Path, build: ModuleType, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(build.control_room_csv([build.incident("new")]), encoding="utf-8")
    bad.write_text("name,age\nx,1\n", encoding="utf-8")
    before = build.snapshot(filled)
    assert "bad.csv" in failure(run, "import", "-w", filled, good, bad)
    assert build.snapshot(filled) == before


def test_settings_with_a_wrong_key_are_named(run: Run, filled: Path) -> None:
    path = filled / "planner.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[shift]\nx = 1\n", encoding="utf-8")
    assert "planner.toml: shift" in failure(run, "plan", "-w", filled)


def test_a_demo_never_overwrites_another_workspace(run: Run, filled: Path, tmp_path: Path) -> None:
    said = failure(run, "demo", "-w", filled, "--out", tmp_path / "out")
    assert "another workspace" in said


def test_serving_hands_the_workspace_to_the_app(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.ui import serve

    calls: list[tuple[Any, Any]] = []

    class Done:
        returncode = 0

    def pretend(command: Any, **options: Any) -> Done:
        calls.append((command, options))
        return Done()

    monkeypatch.setattr(serve.subprocess, "run", pretend)
    assert run("app", "-w", filled, "--port", 8600)[0] == 0
    command, options = calls[0]
    assert command[-1] == "localhost"
    assert "8600" in command
    assert options["env"]["PLANNER_WORKSPACE"] == str(filled.resolve())
    assert (options["cwd"] / "app.py").is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[shift]\ndate = 9999-12-31\n", "between 1900 and 2199"),
        ("[solver]\nseed = 99999999999\n", "solver.seed"),
        ("[patrols]\ndwell_minutes = true\n", "patrols.dwell_minutes"),
        ("a = " + "[" * 3_000, "nested too deeply"),
        (
            '[shift]\nstart = "19:00"\nend = "19:30"\n[patrols]\nteams = 1\n'
            'minimum_visits = ["Alpha College", "Beta Museum", "Gamma Library"]\n',
            "patrols.minimum_visits (Alpha College, 1 visit): this can't be met by 1 team(s)",
        ),
    ],
)
def test_scenarios_at_the_edge(
    run: Run, filled: Path, tmp_path: Path, text: str, said: str
) -> None:
    path = scenario_file(tmp_path, text)
    line = failure(run, "plan", "-w", filled, "--scenario", path, "--out", tmp_path / "out")
    assert said in line
    assert "scenario.toml" in line


def test_a_long_stay_in_a_short_shift_is_planned(run: Run, filled: Path, tmp_path: Path) -> None:
    text = '[shift]\nstart = "01:15"\nend = "04:15"\n[patrols]\ndwell_minutes = 100\n'
    path = scenario_file(tmp_path, text)
    code, out, _ = run(
        "plan", "-w", filled, "--scenario", path, "--out", tmp_path / "out", "--json"
    )
    plan = json.loads(out)
    assert code == 0
    assert sum(len(route["stops"]) for route in plan["patrols"]["routes"]) >= 1
    assert plan["patrols"]["bound"] > 0


def test_init_with_cameras_and_what_stands_around(
    run: Run, build: ModuleType, tmp_path: Path
) -> None:
    texts = {
        "sites": build.site_features(),
        "cameras": [build.point_feature(25, 11, name="Hall door", bearing="S")],
        "houses": [build.square_feature(400, 0, 20, kind="house")] * 2,
        "lamps": [build.point_feature(0, -5, kind="street lamp"), build.point_feature(0, 0)],
    }
    paths = {
        name: build.write(tmp_path / f"{name}.geojson", build.collection(features))
        for name, features in texts.items()
    }
    code, out, _ = run(
        "init", "-w", tmp_path / "workspace", paths["sites"], "--cameras", paths["cameras"],
        "--surroundings", paths["houses"], "--surroundings", paths["lamps"],
    )  # fmt: skip
    assert code == 0
    assert "Around: building 2, lamp 1." in out
    assert "moved to 0.3 m before it: 1 (Hall door)" in out
    assert "lamps.geojson, feature 2" in out
    assert "--surroundings" in run("init", "--help")[1]


def test_names_that_would_steer_a_terminal(run: Run, build: ModuleType, tmp_path: Path) -> None:
    sites = tmp_path / "sites.geojson"
    names = ["a\\[/b]", "\x01ctl\x1b[31m", "[bold]x"]
    features = [build.square_feature(200 * n, 0, 100, name=name) for n, name in enumerate(names)]
    sites.write_text(build.collection(features), encoding="utf-8")
    workspace, incidents = tmp_path / "workspace", tmp_path / "incidents.csv"
    assert run("init", "-w", workspace, sites)[0] == 0
    rows = [build.incident(f"A{n}", at=(200.0 * (n % 3) + 40, 40.0)) for n in range(9)]
    incidents.write_text(build.control_room_csv(rows), encoding="utf-8")
    assert run("import", "-w", workspace, incidents)[0] == 0
    code, out, _ = run("plan", "-w", workspace, "--out", tmp_path / "out")
    assert code == 0
    assert "\x1b[31m" not in out
    assert "a\\[/b]" in out
    import xml.dom.minidom

    xml.dom.minidom.parse(str(tmp_path / "out" / "routes.gpx"))  # noqa: S318


def test_a_folder_in_the_way_of_a_file_changes_nothing(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "map.html").mkdir(parents=True)
    assert "map.html" in failure(run, "plan", "-w", filled, "--out", out)
    assert [path.name for path in out.iterdir()] == ["map.html"]


def test_a_forecast_is_listed_and_written_as_data(run: Run, filled: Path) -> None:
    code, out, err = run("forecast", "-w", filled, "--shift", "night", "--date", "2025-06-20")
    assert code == 0, err
    assert "Alpha College" in out and "19 in 20" in out and "whole-history count's" in out
    found = json.loads(run("forecast", "-w", filled, "--category", "theft", "--harm", "--json")[1])
    assert (found["category"], found["unit"]) == ("theft", "harm")
    assert [zone["rank"] for zone in found["zones"]] == [1, 2, 3]
    assert "no shift 'dawn'" in failure(run, "forecast", "-w", filled, "--shift", "dawn")
    assert "'unicorn'" in failure(run, "forecast", "-w", filled, "--category", "unicorn")


def test_a_workspace_is_judged_on_its_own_records(run: Run, filled: Path) -> None:
    code, out, err = run("backtest", "-w", filled)
    assert code == 0, err
    assert "not judged" in out
    (source,) = json.loads(run("backtest", "-w", filled, "--json")[1])["sources"]
    assert source["reason"]


def test_a_backtest_takes_a_file_with_days_or_a_workspace_alone(run: Run, filled: Path) -> None:
    assert run("backtest")[0] == 2
    assert run("backtest", "x.csv")[0] == 2
    assert (
        run("backtest", "x.csv", "--from", "2018-01-01", "--to", "2019-01-01", "-w", filled)[0] == 2
    )
    for option in ("--every=7d", "--cell=150", "--from=2018-01-01"):
        assert run("backtest", "-w", filled, option)[0] == 2


def test_review_decides_recording_places(run: Run, filled: Path, build: ModuleType) -> None:
    rows = [build.incident(f"B{number}", at=(70.0, 70.0)) for number in range(3)]
    build.import_text(filled, build.control_room_csv(rows), "more.csv")
    x, y = (round(float(value) / 5) * 5 for value in build.metres(70.0, 70.0))
    decide = ("review", "-w", filled, "--record", f"point:{x},{y}")
    code, out, _ = run(*decide, "--weight", "0.25", "--from", "2025-01-01", "--json")
    assert code == 0
    assert json.loads(out)["incidents"] == 3
    assert "left out of plans" in run(*decide, "--weight", "exclude")[1]
    assert "--weight" in failure(run, *decide, "--weight", "2")
    assert "as 'planner review' lists it" in failure(
        run, "review", "-w", filled, "--record", "point:1,1", "--weight", "keep"
    )
    for wrong in (decide, ("review", "-w", filled, "--from", "2025-01-01")):
        assert run(*wrong)[0] == 2
