"""Faults of the machine while the register is written; a twentieth of what the bench runs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SEED = "20260115"


def run(script: str, *arguments: object) -> Any:
    """Run a script of this folder and return what it told."""
    command = [sys.executable, str(HERE / script), *(str(word) for word in arguments)]
    paths = os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_killed_import_is_whole_or_absent(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    server = [request.getfixturevalue("postgres_url")] if kind == "postgres" else []
    told = run("import_until_killed.py", tmp_path / "rounds", 10, SEED, *server)
    for one in told["rounds"]:
        acknowledged, kept = one["acknowledged"], {int(key): n for key, n in one["kept"].items()}
        assert set(kept.values()) <= {told["rows"]}
        assert set(acknowledged) <= set(kept)
        # Of what was not acknowledged at most the last import can have been stored.
        assert sorted(kept) == list(range(1, len(kept) + 1))
        assert len(kept) <= len(acknowledged) + 1
        assert one["faults"] == []
    counts = [len(one["acknowledged"]) for one in told["rounds"]]
    assert len(told["rounds"]) == 10
    assert max(counts) > 1 > min(counts)


def test_a_log_that_was_cut_holds_a_whole_prefix_of_the_imports(tmp_path: Path) -> None:
    told = run("cut_log.py", tmp_path, 8, 50, SEED)
    lengths = []
    for cut in told["cuts"]:
        kept = {int(key): rows for key, rows in cut["kept"].items()}
        assert kept == {0: 1} | dict.fromkeys(range(1, len(kept)), told["rows"])
        lengths.append(len(kept) - 1)
    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1]) == (0, told["imports"])
    assert len(set(lengths)) > 4


@pytest.mark.parametrize("which", ["first", "later"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows puts no limit to a file's size")
def test_a_disk_that_is_full_leaves_the_register_as_it_was(tmp_path: Path, which: str) -> None:
    told = run("full_disk.py", tmp_path, 300, 6, which)
    *failed, stored = told["attempts"]
    assert len(failed) > 8
    for attempt in failed:
        assert {name: attempt[name] for name in told["before"]} == told["before"]
        assert "planner.db: cannot be written" in attempt["said"]
        assert "nothing was stored" in attempt["said"]
        assert "\n" not in attempt["said"]
    assert (stored["new"], stored["said"], stored["faults"]) == (told["rows"], "", [])


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_eight_writers_at_once_lose_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    url = [request.getfixturevalue("new_postgres")] if kind == "postgres" else []
    told = run("many_writers.py", tmp_path, 8, 12, *url)
    assert set(told["codes"]) == {0}
    assert told["rows"] == {str(number): told["rows"]["0"] for number in range(8)}
    assert told["rows"]["0"] == 3 * 12
    assert told["versions"] == list(range(1, 8 * 12 + 1))
    assert (told["faults"], told["entries"]) == ([], 8 * 12)
