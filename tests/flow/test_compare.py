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


def test_a_case_a_yearly_sheet_and_an_honest_test(
    planner: Run, build: ModuleType, tmp_path: Path
) -> None:
    small_picture(build, tmp_path)
    workspace, out = tmp_path / "estate", tmp_path / "out"
    case = json.loads(
        planner("compare", "-w", workspace, "--case", "C1", "--out", out, "--json").stdout
    )
    assert case["code"] == "C1"
    assert (out / "case.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    unknown = planner("compare", "-w", workspace, "--case", "Nix", "--out", out, code=1)
    assert unknown.stderr.startswith("Error: camera: there is no camera 'Nix' in this choice")
    none = planner("compare", "-w", workspace, "--yearly-sheet", "--out", out, code=1)
    assert "The service has no camera of its own that stands" in none.stderr
    held = json.loads(planner("compare", "-w", workspace, "--until", "2025-06-15", "--json").stdout)
    assert {row["name"] for row in held["rows"]} == {
        "today", "planned", "greedy", "highest counts", "random",
    }  # fmt: skip
    assert "incidents" in held["verdict"]
    wrong = planner("compare", "-w", workspace, "--until", "soon", code=1)
    assert wrong.stderr.startswith("Error: --until: 'soon' is no day YYYY-MM-DD")
    both = planner("compare", "-w", workspace, "--until", "2025-06-15", "--case", "C1", code=2)
    assert "can't be given together" in both.stderr
