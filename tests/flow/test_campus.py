"""The same on another estate: a campus in Chicago, without streets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_from_a_campus_log_to_a_plan(
    shared: Path, planner: Run, check_plan: Callable[[Path], dict[str, Any]], tmp_path: Path
) -> None:
    campus = shared / "campus"
    workspace, out = tmp_path / "campus", tmp_path / "out"
    made = planner(
        "init", "-w", workspace, campus / "uchicago-buildings.geojson",
        "--name-field", "BLDG_NAME1", "--time-zone", "America/Chicago",
    )  # fmt: skip
    assert "No streets were given" in made.stdout
    log = campus / "ucpd_2011_2019.csv"
    done = json.loads(planner("import", "-w", workspace, "--json", log).stdout)
    assert done["read"] == 10_650
    assert done["read"] == done["accepted"] + done["rejected"] + done["duplicates"]
    assert 0 < done["rejected"] < 160

    scenario = tmp_path / "night.toml"
    scenario.write_text('[shift]\nname = "night"\n[patrols]\nteams = 3\n', encoding="utf-8")
    planner("plan", "-w", workspace, "--scenario", scenario, "--out", out)
    plan = check_plan(out)
    assert plan["shift"]["starts_at"].endswith(("-06:00", "-05:00"))
    assert any("straight lines" in text for text in plan["warnings"])
    assert not any("no time of day" in text for text in plan["warnings"])
