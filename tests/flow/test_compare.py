"""The whole way of a comparison, as a security manager goes it."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from questions import small_picture

Run = Callable[..., Any]


def test_scenarios_are_compared_and_written(
    planner: Run, build: ModuleType, tmp_path: Path
) -> None:
    small_picture(build, tmp_path)
    workspace, out = tmp_path / "estate", tmp_path / "out"
    own = tmp_path / "ours.toml"
    own.write_text('inherits = "five more cameras"\n[cameras]\nnew = 2\n', encoding="utf-8")
    done = planner(
        "compare", "today", own, "-w", workspace, "--out", out, "--draws", "5", "--no-frontier",
        "--json",
    )  # fmt: skip
    made = json.loads(done.stdout)
    assert [each["name"] for each in made["scenarios"]] == ["today", "Five more cameras"]
    assert len(made["scenarios"][1]["cameras"]["chosen"]) <= 2
    assert made["survival"][0]["draws"] == 5
    written = sorted(path.name for path in out.iterdir())
    assert written == ["comparison.csv", "comparison.html", "comparison.json"]
    verified = planner("verify", "-w", workspace, "--json")
    assert json.loads(verified.stdout)["faults"] == []


def test_what_cannot_be_compared_is_one_line_and_changes_nothing(
    planner: Run, build: ModuleType, tmp_path: Path
) -> None:
    small_picture(build, tmp_path)
    own = tmp_path / "ours.toml"
    own.write_text('inherits = "ours.toml"\n', encoding="utf-8")
    done = planner("compare", own, "-w", tmp_path / "estate", "--out", tmp_path / "out", code=1)
    assert done.stderr.startswith("Error: ours.toml: inherits: the scenario inherits from itself")
    assert not (tmp_path / "out").exists()
