import os
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sql

from planner.errors import RefusedFile, SettingsError, UnreadableFile, WorkspaceError
from planner.incidents.model import PLACE_COLUMNS
from planner.register.audit import entries
from planner.register.backup import REGISTER, back_up, without_password
from planner.register.database import FILE_NAME, Register
from planner.register.engine import reading
from planner.register.restoring import Restored, restore
from planner.register.schema import audit, details, incidents, metadata
from planner.register.verification import verify
from planner.settings import Settings, read_settings, write_settings

NOW, DAY_S = 1_750_000_000, 86_400
MADE_AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
TELLING = "a most telling detail"


def record(register: Register, intakes: ModuleType, name: str, keys: list[str]) -> None:
    rows = [intakes.incident(key, place="Café '🚲'", details=f"{TELLING} of {key}") for key in keys]
    rejected = [(9, "'x' is no time", f"{name},x")]
    register.record_import([intakes.located(rows, file=name, rejected=rejected)], NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace's folder, with files of the program's and of its user's."""
    made = tmp_path / "workspace"
    (made / "outputs").mkdir(parents=True)
    write_settings(made, Settings(crs="EPSG:32630", name="Small estate"))
    for name in ("estate.gpkg", "liaison.json", "rows.csv", "outputs/plan.json"):
        (made / name).write_bytes(name.encode() * 100)
    return made


@pytest.fixture
def register(intakes: ModuleType, folder: Path, register_url: str) -> Iterator[Register]:
    with Register(folder, register_url) as kept:
        record(kept, intakes, "a.csv", ["a", "b"])
        record(kept, intakes, "b.csv", ["c"])
        yield kept


@pytest.fixture
def zipped(intakes: ModuleType, folder: Path, tmp_path: Path) -> Path:
    """A backup of a register in a file."""
    with Register(folder) as kept:
        record(kept, intakes, "a.csv", ["a", "b"])
        back_up(kept.engine, folder, tmp_path / "backup.zip", MADE_AT)
    return tmp_path / "backup.zip"


def tables(register: Register) -> dict[str, list[Any]]:
    """Everything that a register holds."""
    with reading(register.engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(
                sql.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }  # fmt: skip


def restored(path: Path, workspace: Path, url: str = "", day: int = 0) -> Restored:
    return restore(path, workspace, url, NOW + day * DAY_S, "role")


def test_a_restored_workspace_is_the_one_that_was_backed_up(
    register: Register, folder: Path, tmp_path: Path
) -> None:
    before = tables(register)
    made = back_up(register.engine, folder, tmp_path / "backup.zip", MADE_AT)
    assert made.findings.ok
    assert made.manifest.head == register.head()
    assert set(made.manifest.parts) == {"planner.toml", "estate.gpkg", "liaison.json",
                                        REGISTER}  # fmt: skip
    new = tmp_path / "new"
    done = restored(tmp_path / "backup.zip", new)
    for name in ("planner.toml", "estate.gpkg", "liaison.json"):
        assert (new / name).read_bytes() == (folder / name).read_bytes()
    with Register(new) as other:
        after = tables(other)
        assert after.pop("audit")[:-1] == before.pop("audit")
        assert after == before
        assert other.head() == done.head
        with reading(other.engine) as connection:
            assert verify(connection, made.manifest.head).ok
            assert entries(connection)["action"].tolist() == ["import", "import", "restore"]
        record_is_possible(other)


def record_is_possible(register: Register) -> None:
    moved = register.incidents().set_index("id")[PLACE_COLUMNS]
    register.record_alias("later", "gamma", "", moved, NOW + 5)
    register.record_alias("latest", "gamma", "", moved.iloc[:0], NOW + 5)
    assert len(register.aliases()) == 2


def test_a_backup_is_restored_onto_a_server(
    intakes: ModuleType, zipped: Path, folder: Path, tmp_path: Path, new_postgres: str
) -> None:
    new = tmp_path / "new"
    restored(zipped, new, new_postgres)
    assert sorted(path.name for path in new.iterdir()) == [
        "estate.gpkg",
        "liaison.json",
        "planner.toml",
    ]
    with Register(folder) as first, Register(new, new_postgres) as other:
        before, after = tables(first), tables(other)
        assert after.pop("audit")[:-1] == before.pop("audit")
        assert after == before
        with reading(other.engine) as connection:
            assert verify(connection).ok
        # New rows are numbered after those that were copied.
        record(other, intakes, "later.csv", ["later"])
        record_is_possible(other)


def test_a_server_that_holds_a_register_is_left_alone(
    intakes: ModuleType, zipped: Path, tmp_path: Path, new_postgres: str
) -> None:
    with Register(tmp_path, new_postgres) as taken:
        record(taken, intakes, "own.csv", ["own"])
        before = tables(taken)
        with pytest.raises(WorkspaceError, match="holds a register already"):
            restored(zipped, tmp_path / "new", new_postgres)
        assert tables(taken) == before
    assert not (tmp_path / "new").exists()


def test_a_failure_after_the_copy_leaves_nothing_on_the_server(
    zipped: Path, tmp_path: Path, new_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.register.restoring.shutil.move", full)
    with pytest.raises(UnreadableFile, match="No space left"):
        restored(zipped, tmp_path / "new", new_postgres)
    assert not (tmp_path / "new").exists()
    monkeypatch.undo()
    restored(zipped, tmp_path / "new", new_postgres)


def test_text_whose_time_came_does_not_come_back(zipped: Path, tmp_path: Path) -> None:
    done = restored(zipped, tmp_path / "new", day=800)
    assert done.purged.counts == {"usual": 2, "sensitive": 0, "earlier versions": 0,
                                  "rejected rows": 1, "intelligence": 0}  # fmt: skip
    held = [path.name for path in (tmp_path / "new").iterdir()
            if path.is_file() and TELLING.encode() in path.read_bytes()]  # fmt: skip
    assert held == []
    with Register(tmp_path / "new") as other, reading(other.engine) as connection:
        assert entries(connection)["action"].tolist() == ["import", "purge", "restore"]
        assert verify(connection).ok
        assert connection.execute(sql.select(details)).all() == []
        assert len(connection.execute(sql.select(incidents)).all()) == 2


def test_nothing_but_the_backup_is_left_beside_it(zipped: Path, tmp_path: Path) -> None:
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "workspace"]
    assert zipped.stat().st_mode & 0o077 == 0
    restored(zipped, tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "new", "workspace"]
    assert not [path for path in (tmp_path / "new").iterdir() if path.name.endswith("-wal")]


def test_an_older_backup_is_not_overwritten(zipped: Path, folder: Path) -> None:
    before = zipped.read_bytes()
    with Register(folder) as kept, pytest.raises(WorkspaceError, match="exists already"):
        back_up(kept.engine, folder, zipped, MADE_AT)
    assert zipped.read_bytes() == before


def test_a_backup_holds_whole_imports_while_others_write(
    intakes: ModuleType, register: Register, folder: Path, tmp_path: Path
) -> None:
    stop = threading.Event()
    faults: list[Exception] = []

    def write(register_url: str) -> None:
        number = 0
        with Register(folder, register_url) as mine:
            while not stop.is_set():
                number += 1
                try:
                    record(mine, intakes, f"{number}.csv", [f"{number}-{n}" for n in range(20)])
                except Exception as error:
                    faults.append(error)
                    return

    on_server = register.engine.dialect.name != "sqlite"
    url = register.engine.url.render_as_string(hide_password=False) if on_server else ""
    writer = threading.Thread(target=write, args=(url,))
    writer.start()
    try:
        made = [back_up(register.engine, folder, tmp_path / f"{n}.zip", MADE_AT) for n in range(3)]
    finally:
        stop.set()
        writer.join()
    assert faults == []
    assert all(item.findings.ok for item in made)
    assert made[0].manifest.entries < made[-1].manifest.entries
    restored(tmp_path / "2.zip", tmp_path / "new")
    with Register(tmp_path / "new") as other:
        assert len(other.incidents()) == 3 + 20 * (made[2].manifest.entries - 2)


def test_a_workspace_without_incidents_can_be_backed_up(
    folder: Path, tmp_path: Path, register_url: str
) -> None:
    with Register(folder, register_url) as nothing:
        made = back_up(nothing.engine, folder, tmp_path / "backup.zip", MADE_AT)
    assert (made.manifest.head, made.manifest.entries) == ("", 0)
    assert not (folder / FILE_NAME).exists()
    restored(tmp_path / "backup.zip", tmp_path / "new")
    with Register(tmp_path / "new") as other:
        assert other.incidents().empty


def test_a_register_whose_first_import_died_can_be_backed_up(folder: Path, tmp_path: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"")
    with Register(folder) as nothing:
        back_up(nothing.engine, folder, tmp_path / "backup.zip", MADE_AT)
    assert restored(tmp_path / "backup.zip", tmp_path / "new").manifest.entries == 0


def test_a_register_that_was_altered_is_backed_up_with_its_faults_and_not_restored(
    intakes: ModuleType, folder: Path, tmp_path: Path
) -> None:
    with Register(folder) as kept:
        record(kept, intakes, "a.csv", ["a"])
        with kept.engine.begin() as connection:
            connection.execute(sql.update(audit).values(actor="somebody"))
        made = back_up(kept.engine, folder, tmp_path / "backup.zip", MADE_AT)
    assert "entry 1 " in made.findings.faults[0]
    with pytest.raises(RefusedFile, match="its register was altered"):
        restored(tmp_path / "backup.zip", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("", ""),
        ("postgresql://planner@server/register", "postgresql://planner@server/register"),
        ("postgresql://planner:hush@server:5432/register?sslmode=require",
         "postgresql://planner@server:5432/register?sslmode=require"),
        ("postgresql://server/register?user=planner&password=hush&sslpassword=hush",
         "postgresql://server/register?user=planner"),
    ],
)  # fmt: skip
def test_a_url_loses_its_password(url: str, kept: str) -> None:
    assert without_password(url) == kept


def test_what_is_no_url_is_refused() -> None:
    with pytest.raises(SettingsError, match="register_url"):
        without_password("no url")


def test_the_password_of_the_register_is_not_in_the_backup(folder: Path, tmp_path: Path) -> None:
    written = Settings(crs="EPSG:32630", register_url="postgresql://planner:hush@server/register")
    write_settings(folder, written)
    with Register(folder) as kept:
        made = back_up(kept.engine, folder, tmp_path / "backup.zip", MADE_AT)
    assert made.password_left_out
    with zipfile.ZipFile(tmp_path / "backup.zip") as opened:
        text = opened.read("planner.toml").decode()
    assert "hush" not in text
    assert "postgresql://planner@server/register" in text
    # Restored into a file, the settings name no server.
    restored(tmp_path / "backup.zip", tmp_path / "new")
    assert read_settings(tmp_path / "new").register_url == ""


def test_a_restored_workspace_names_its_server_without_the_password(
    zipped: Path, tmp_path: Path, new_postgres: str
) -> None:
    joined = "&" if "?" in new_postgres else "?"
    restored(zipped, tmp_path / "new", f"{new_postgres}{joined}sslpassword=hush")
    named = read_settings(tmp_path / "new").register_url
    assert "hush" not in (tmp_path / "new" / "planner.toml").read_text(encoding="utf-8")
    assert sql.make_url(named).database == sql.make_url(new_postgres).database


def test_a_folder_that_is_not_empty_is_left_alone(
    zipped: Path, folder: Path, build: ModuleType
) -> None:
    before = build.snapshot(folder)
    with pytest.raises(WorkspaceError, match="not an empty folder"):
        restored(zipped, folder)
    assert build.snapshot(folder) == before


def test_an_empty_folder_is_filled(zipped: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    restored(zipped, tmp_path / "new")
    assert (tmp_path / "new" / "planner.toml").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written_is_told(zipped: Path, tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    with pytest.raises(UnreadableFile, match="cannot be written"):
        restored(zipped, shut / "new")
