"""Faults of the machine: killed processes, files that cannot be written, damaged registers."""

import ctypes
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from planner.errors import WorkspaceError
from planner.register.database import FILE_NAME, Register
from planner.service.importing import import_files
from planner.service.workspace import take_picture

ROOT = Path(__file__).parents[2]
ROUNDS, SEED = 10, 20260115
ROWS = 120
LINUX_DROP_BOUND, MAY_WRITE_ANYTHING = 24, 1


def run_python(arguments: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, *arguments], env=environment, capture_output=True, text=True,
        timeout=120, check=False, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def killed(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[list[int]]]:
    """Ten registers whose writer was killed, and the imports that each had acknowledged."""
    folder = tmp_path_factory.mktemp("killed")
    own = [build.incident(f"own {n}") for n in range(ROWS)]
    crimes = [build.crime(f"crime {n}") for n in range(ROWS)]
    first = build.write(folder / "own.csv", build.control_room_csv(own))
    second = build.write(folder / "police.csv", build.police_csv(crimes))
    script = Path(__file__).with_name("import_until_killed.py")
    done = run_python([str(script), str(folder), str(ROUNDS), str(SEED), str(first), str(second)])
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)["acknowledged"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_killed_import_is_whole_or_absent(
    killed: tuple[Path, list[list[int]]], number: int
) -> None:
    folder, acknowledged = killed
    register = Register(folder / str(number))
    kept = register.incidents()
    register.close()
    imports = kept["key"].str.split(":").str[0].astype(int) if len(kept) else kept["key"]
    rows = imports.value_counts().to_dict()
    assert all(count == 2 * ROWS for count in rows.values())
    assert set(acknowledged[number]) <= set(rows)
    # Of what was not acknowledged at most the last import can have been stored.
    assert len(rows) <= len(acknowledged[number]) + 1


def test_some_of_the_killed_writers_had_stored_imports(
    killed: tuple[Path, list[list[int]]],
) -> None:
    _, acknowledged = killed
    assert sum(1 for told in acknowledged if told) >= ROUNDS // 2


@pytest.mark.parametrize("number", range(0, ROUNDS, 3))
def test_after_a_kill_the_next_import_is_stored(
    build: ModuleType, workspace: Path, killed: tuple[Path, list[list[int]]], number: int
) -> None:
    for path in (killed[0] / str(number)).glob(f"{FILE_NAME}*"):
        shutil.copy(path, workspace / path.name)
    done = build.import_text(workspace, build.control_room_csv([build.incident("after")]))
    assert done.total("accepted") == 1
    checked = sqlite3.connect(workspace / FILE_NAME)
    assert checked.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    checked.close()


def give_up_root() -> None:
    """Let a process of root's obey the permissions of files, as everybody else's does."""
    ctypes.CDLL(None).prctl(LINUX_DROP_BOUND, MAY_WRITE_ANYTHING, 0, 0, 0)


IMPORT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from planner.errors import WorkspaceError
from planner.service.importing import import_files
try:
    import_files(Path(sys.argv[1]), [Path(sys.argv[2])], datetime(2026, 1, 15, 12, tzinfo=UTC))
except WorkspaceError as error:
    print("WorkspaceError:", error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="root's rights are given up the Linux way")
def test_a_register_that_may_not_be_written_is_named_and_unchanged(
    build: ModuleType, workspace: Path
) -> None:
    build.import_text(workspace, build.control_room_csv([build.incident("kept")]))
    before = build.snapshot(workspace)
    path = build.write(workspace.parent / "new.csv", build.control_room_csv([build.incident("n")]))
    (workspace / FILE_NAME).chmod(0o444)
    done = run_python(["-c", IMPORT, str(workspace), str(path)], preexec_fn=give_up_root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("WorkspaceError:")
    assert "nothing was stored" in done.stdout
    # SQLite may leave an empty log beside a file that it cannot write.
    after = build.snapshot(workspace)
    assert {name: after[name] for name in before} == before
    assert after.get(f"{FILE_NAME}-wal", b"") == b""


def test_a_register_that_another_process_writes_is_waited_for_or_named(
    build: ModuleType, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.import_text(workspace, build.control_room_csv([build.incident("kept")]))
    path = build.write(workspace.parent / "new.csv", build.control_room_csv([build.incident("n")]))
    # Nobody waits half a minute in a test: the other process holds on for longer than we wait.
    monkeypatch.setattr(
        "planner.register.database._prepare",
        lambda connection, _: setattr(connection, "isolation_level", None),
    )
    monkeypatch.setattr("sqlite3.dbapi2.connect", shorter_patience(sqlite3.dbapi2.connect))
    other = sqlite3.connect(workspace / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(WorkspaceError, match="locked"):
            import_files(workspace, [path], build.NOW)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert take_picture(workspace).incidents["key"].tolist() == ["kept"]


def shorter_patience(connect: object) -> object:
    def patient(*arguments: object, **options: object) -> object:
        return connect(*arguments, **(options | {"timeout": 0.1}))  # type: ignore[operator]

    return patient


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
def test_a_damaged_register_is_named(build: ModuleType, workspace: Path, damage: str) -> None:
    rows = [build.incident(f"k{n}") for n in range(200)]
    build.import_text(workspace, build.control_room_csv(rows))
    DAMAGE[damage](workspace / FILE_NAME)
    with pytest.raises(WorkspaceError, match=FILE_NAME):
        take_picture(workspace)
    with pytest.raises(WorkspaceError, match=FILE_NAME):
        build.import_text(workspace, build.control_room_csv([build.incident("new")]))


def test_what_is_no_register_is_left_as_it_was(build: ModuleType, workspace: Path) -> None:
    build.write(workspace / FILE_NAME, "a letter, and no database\n" * 400)
    before = build.snapshot(workspace)
    with pytest.raises(WorkspaceError):
        build.import_text(workspace, build.control_room_csv([build.incident("new")]))
    assert build.snapshot(workspace) == before


def test_an_empty_register_file_knows_nothing_and_is_filled(
    build: ModuleType, workspace: Path
) -> None:
    (workspace / FILE_NAME).write_bytes(b"")
    assert take_picture(workspace).incidents.empty
    build.import_text(workspace, build.control_room_csv([build.incident("new")]))
    assert take_picture(workspace).incidents["key"].tolist() == ["new"]


def test_a_first_import_that_fails_leaves_a_workspace_that_can_be_read(
    build: ModuleType, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build.write(workspace.parent / "new.csv", build.control_room_csv([build.incident("n")]))

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.register.database._insert_rows", fail)
    with pytest.raises(KeyboardInterrupt):
        import_files(workspace, [path], build.NOW)
    assert take_picture(workspace).incidents.empty
