"""The whole path on the real estate of Oxford, its streets and its police files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_from_police_files_to_a_plan(
    shared: Path, planner: Run, check_plan: Callable[[Path], dict[str, Any]], tmp_path: Path
) -> None:
    oxford = shared / "oxford"
    workspace, out = tmp_path / "oxford", tmp_path / "out"
    made = planner(
        "init", "-w", workspace, *sorted((oxford / "estate").glob("*.json")),
        "--streets", oxford / "streets_central.osm",
    )  # fmt: skip
    assert "more than 10 km from the rest" in made.stdout
    assert "islands" in made.stdout
    files = sorted((oxford / "police").glob("2024-*.csv"))
    files += sorted((oxford / "police" / "force").glob("*.csv"))
    done = json.loads(planner("import", "-w", workspace, "--json", *files).stdout)
    assert done["read"] == done["accepted"] + done["rejected"] + done["duplicates"]
    assert done["accepted"] == done["on_estate"] + done["outside"] + done["unlocated"]
    assert done["read"] == sum(_rows(path) for path in files)
    again = json.loads(planner("import", "-w", workspace, "--json", *files).stdout)
    assert (again["accepted"], again["duplicates"]) == (0, done["accepted"] + done["duplicates"])

    scenario = tmp_path / "night.toml"
    scenario.write_text('[shift]\nname = "night"\n[patrols]\nteams = 3\n', encoding="utf-8")
    planner("plan", "-w", workspace, "--scenario", scenario, "--out", out)
    plan = check_plan(out)
    assert len(plan["patrols"]["routes"]) == 3
    assert plan["picture"]["as_of"] == "2024-05-01T00:00:00+01:00"
    assert plan["shift"]["starts_at"] == "2024-05-01T22:00:00+01:00"
    assert any("no time of day" in text for text in plan["warnings"])
    reachable = {zone["zone"] for zone in plan["risk"]["zones"] if zone["in_routes"]}
    assert len(reachable) < len(plan["risk"]["zones"])
    stops = {stop["zone"] for route in plan["patrols"]["routes"] for stop in route["stops"]}
    assert stops <= reachable


def _rows(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines()) - 1
