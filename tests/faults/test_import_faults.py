"""Registers that cannot be written, that are in use, and that are damaged."""

import ctypes
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from planner.errors import WorkspaceError
from planner.register.database import FILE_NAME, Register

ROOT = Path(__file__).parents[2]
LINUX_DROP_BOUND, MAY_WRITE_ANYTHING = 24, 1
NOW = 1_768_478_400


@pytest.fixture
def record(tmp_path: Path, intakes: ModuleType) -> Callable[..., None]:
    """A function that imports incidents with some keys into the register of ``tmp_path``."""

    def import_keys(*keys: str) -> None:
        with Register(tmp_path) as register:
            register.record_import([intakes.located([intakes.incident(k) for k in keys])], NOW)

    return import_keys


def kept(folder: Path) -> list[str]:
    with Register(folder) as register:
        return list(register.incidents()["key"])


def give_up_root() -> None:
    """Let a process of root's obey the permissions of files, as everybody else's does."""
    ctypes.CDLL(None).prctl(LINUX_DROP_BOUND, MAY_WRITE_ANYTHING, 0, 0, 0)


IMPORT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import intakes
from planner.errors import WorkspaceError
from planner.register.database import Register
try:
    with Register(Path(sys.argv[2])) as register:
        register.record_import([intakes.located([intakes.incident("new")])], 0)
except WorkspaceError as error:
    print("WorkspaceError:", error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="root's rights are given up the Linux way")
def test_a_register_that_may_not_be_written_is_named_and_unchanged(
    build: ModuleType, tmp_path: Path, record: Callable[..., None]
) -> None:
    record("kept")
    before = build.snapshot(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o444)
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(ROOT / "tests"), str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=give_up_root, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"WorkspaceError: {tmp_path / FILE_NAME}: cannot be written")
    assert "nothing was stored" in done.stdout
    # SQLite may leave an empty log beside a file that it cannot write.
    after = build.snapshot(tmp_path)
    assert {name: after[name] for name in before} == before
    assert after.get(f"{FILE_NAME}-wal", b"") == b""


def test_a_register_that_another_process_writes_is_waited_for_or_named(
    tmp_path: Path, record: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    record("kept")
    monkeypatch.setattr("planner.register.engine.PATIENCE_S", 0.1)
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(WorkspaceError, match="locked"):
            record("new")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert kept(tmp_path) == ["kept"]


def other_database(path: Path) -> None:
    path.unlink()
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE incidents (colour TEXT)")
    made.commit()
    made.close()


DAMAGE = {
    "text": lambda path: path.write_bytes(b"this is no database " * 400),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "short": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "noise": lambda path: path.write_bytes(
        path.read_bytes()[:100] + b"\xff" * (path.stat().st_size - 100)
    ),
    "noise in later pages": lambda path: path.write_bytes(
        path.read_bytes()[: 3 * 4096] + b"\xff" * (path.stat().st_size - 3 * 4096)
    ),
    "another database": other_database,
    "folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_register_is_named(
    tmp_path: Path, record: Callable[..., None], damage: str
) -> None:
    record(*(f"k{number}" for number in range(200)))
    DAMAGE[damage](tmp_path / FILE_NAME)
    for attempt in (lambda: kept(tmp_path), lambda: record("new")):
        with pytest.raises(WorkspaceError, match=FILE_NAME) as caught:
            attempt()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["text", "another database"])
def test_what_is_no_register_is_left_as_it_was(
    build: ModuleType, tmp_path: Path, record: Callable[..., None], damage: str
) -> None:
    record("kept")
    DAMAGE[damage](tmp_path / FILE_NAME)
    before = build.snapshot(tmp_path)
    with pytest.raises(WorkspaceError):
        record("new")
    with pytest.raises(WorkspaceError):
        kept(tmp_path)
    assert build.snapshot(tmp_path) == before


def test_an_empty_register_file_knows_nothing_and_is_filled(
    tmp_path: Path, record: Callable[..., None]
) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"")
    assert kept(tmp_path) == []
    record("new")
    assert kept(tmp_path) == ["new"]


def test_a_first_import_that_is_broken_off_leaves_a_register_that_can_be_read(
    tmp_path: Path, record: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("planner.register.audit.append_entry", fail)
        with pytest.raises(KeyboardInterrupt):
            record("new")
    assert kept(tmp_path) == []
    record("new")
    assert kept(tmp_path) == ["new"]
