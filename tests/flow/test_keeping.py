"""From records with a fault to a workspace that was verified, backed up, restored and purged."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.cli import app


def run(*arguments: object, code: int = 0) -> str:
    """Run a command in this process; what it says."""
    done = CliRunner().invoke(app, [str(item) for item in arguments])
    assert done.exit_code == code, done.output
    return str(done.stdout)


@pytest.fixture
def kept(build: ModuleType, workspace: Path, tmp_path: Path) -> Path:
    """A workspace with two incidents, and a row without its time."""
    rows = [build.incident("a"), build.incident("b"),
            build.incident("c", occurred_from="soon", details="=told, 'twice'")]  # fmt: skip
    file = build.write(tmp_path / "week.csv", build.control_room_csv(rows))
    done = json.loads(run("import", "-w", workspace, "--json", file))
    assert (done["accepted"], done["rejected"]) == (2, 1)
    return workspace


def test_a_mended_row_comes_in(kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "1 rejected rows" in run("rejected", "-w", kept, "--out", out)
    (path,) = out.glob("*.rejected.csv")
    text = path.read_text(encoding="utf-8-sig")
    assert text.count("soon") == 1
    path.write_text(text.replace("soon", "2025-06-02T22:00"), encoding="utf-8")
    done = json.loads(run("import", "-w", kept, "--json", path))
    assert (done["read"], done["accepted"], done["rejected"]) == (1, 1, 0)
    assert run("verify", "-w", kept).startswith("Nothing altered")


def test_from_a_backup_to_another_place(
    kept: Path, planner: Callable[..., Any], tmp_path: Path
) -> None:
    archive, new = tmp_path / "kept.zip", tmp_path / "new"
    head = json.loads(run("verify", "-w", kept, "--json"))["head"]
    assert json.loads(run("backup", "-w", kept, "--json", archive))["head"] == head
    assert "Restored" in run("restore", archive, "-w", new)
    assert "Nothing altered" in run("verify", "-w", new, "--head", head)
    again = planner("restore", archive, "-w", new, code=1)
    assert again.stderr.startswith("Error: ")
    assert "not an empty folder" in again.stderr


def test_a_fault_ends_in_exit_code_1_and_a_line(kept: Path) -> None:
    said = run("verify", "-w", kept, "--head", "0" * 64, code=1)
    assert said.startswith("Audit log: no entry has the head")
    assert len(said.splitlines()) == 1


def test_a_purge_says_what_it_would_do(kept: Path) -> None:
    done = json.loads(run("purge", "-w", kept, "--dry-run", "--json"))
    assert (done["dry_run"], done["total"]) == (True, 0)
    assert "none was due" in run("purge", "-w", kept)
