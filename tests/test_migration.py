import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sql
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from planner.errors import WorkspaceError
from planner.register import migration, schema
from planner.register.audit import entries
from planner.register.database import FILE_NAME, Register
from planner.register.digests import details_digests, record_digests
from planner.register.engine import open_engine, reading, writing
from planner.register.verification import verify

MIGRATIONS = Path(migration.__file__).with_name("migrations")
# Made by planner 0.1.0 itself, and dumped by SQLite.
FIRST = Path(__file__).with_name("register_0_1_0.sql")


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A workspace with the register of 0.1.0."""
    make_first(tmp_path)
    return tmp_path


def make_first(folder: Path, more: str = "") -> None:
    made = sqlite3.connect(folder / FILE_NAME)
    made.execute("PRAGMA journal_mode=WAL")
    made.executescript(FIRST.read_text(encoding="utf-8") + more)
    made.close()


@pytest.fixture
def register(first: Path) -> Iterator[Register]:
    with Register(first) as kept:
        yield kept


def tables(connection: sql.Connection) -> dict[str, Any]:
    """All that a database says of its tables, without their order."""
    seen = sql.inspect(connection)
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"])
                        for c in seen.get_columns(name)],
            "primary": seen.get_pk_constraint(name)["constrained_columns"],
            "unique": sorted(u["column_names"] for u in seen.get_unique_constraints(name)),
            "foreign": sorted((f["constrained_columns"], f["referred_table"],
                               f["referred_columns"]) for f in seen.get_foreign_keys(name)),
            "indices": sorted(i["column_names"] for i in seen.get_indexes(name)),
        }
        for name in sorted(seen.get_table_names())
    }  # fmt: skip


def migrate(connection: sql.Connection, revision: str) -> None:
    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(settings, revision)


def test_migrations_lead_to_the_tables_that_the_program_uses(
    tmp_path: Path, register_url: str
) -> None:
    engine = open_engine(tmp_path, register_url)
    with engine.connect() as connection:
        migrate(connection, "head")
        migrated = tables(connection)
        found = MigrationContext.configure(connection)
        assert compare_metadata(found, schema.metadata) == []
        for name in [name for name in migrated if name != "alembic_version"]:
            connection.exec_driver_sql(f"DROP TABLE {name}" + " CASCADE" * bool(register_url))
        schema.metadata.create_all(connection)
        assert tables(connection) == migrated
        connection.rollback()
    engine.dispose()


def test_the_newest_version_is_the_last_migration(tmp_path: Path, register_url: str) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [migration.NEWEST]
    engine = open_engine(tmp_path, register_url)
    for _ in range(2):
        with writing(engine) as connection:
            assert migration.version_of(connection) == migration.NEWEST
    engine.dispose()


def test_the_first_migration_makes_what_the_first_program_made(first: Path, tmp_path: Path) -> None:
    engine = sql.create_engine("sqlite://")
    with engine.connect() as connection, open_engine(first).connect() as old:
        migrate(connection, "0001")
        made = tables(connection)
        del made["alembic_version"]
        assert made == tables(old)


def test_a_register_of_the_first_program_loses_nothing(register: Register) -> None:
    kept = register.incidents()
    assert kept["key"].tolist() == ["a", "b", "c", "c1", "c2"]
    assert kept["precision"].tolist() == ["exact", "unknown", "outside", "anonymised", "anonymised"]
    assert kept["place"].tolist()[:2] == ["Café", "Alpha"]
    assert kept["anonymised"].tolist() == [False] * 3 + [True] * 2
    assert kept["zone"].tolist() == ["alpha-college", "", "", "alpha-college", "beta-museum"]
    assert kept["x"].isna().tolist() == [False, True, False, False, False]
    assert kept["x"][0] == 620_049.999811084242553
    assert kept["reported_at"].isna().tolist() == [False] * 3 + [True] * 2
    assert kept["occurred_from"][0] == pd.Timestamp("2025-06-02T21:00Z")
    assert (kept["recorded_at"] == pd.Timestamp(1_768_478_400, unit="s", tz="UTC")).all()
    assert [register.details(number) for number in kept["id"]] == (
        ["it's a bicycle", "a bicycle", "", "", ""]
    )
    (row,) = register.rejected().itertuples(index=False)
    assert (row.name, row.row, row.reason) == ("own.csv", 5, "reference: is empty")
    assert "=1+1" in row.text
    assert register.periods()["source"].tolist() == ["control room", "police"]
    assert register.periods()["area"].tolist() == ["", ""]


def test_an_upgraded_register_has_versions_digests_and_a_log(register: Register) -> None:
    kept = register.incidents()
    assert (kept["version"] == 1).all() and (kept["cause"] == "import").all()
    texts = pd.Series([register.details(number) for number in kept["id"]], dtype="str")
    with reading(register.engine) as connection:
        rows = connection.execute(sql.select(schema.incidents)).all()
        (entry,) = entries(connection).itertuples(index=False)
        assert verify(connection).faults == ()
    assert [row.digest for row in rows] == record_digests(kept).tolist()
    assert [row.details_digest for row in rows] == details_digests(texts).tolist()
    assert entry.action == "upgrade"
    assert "bicycle" not in entry.subject


def test_an_upgraded_register_goes_on(register: Register, intakes: ModuleType) -> None:
    (counts,) = register.record_import([intakes.located([intakes.incident("a")])], 1_800_000_000)
    assert (counts.accepted, counts.corrected) == (1, 1)
    assert register.versions("control room", "a")["version"].tolist() == [1, 2]


def test_what_a_file_rejected_is_carried_over_once(tmp_path: Path) -> None:
    make_first(tmp_path, """
        INSERT INTO imports VALUES (3, 1768478500);
        INSERT INTO files SELECT 3, 3, name, source, digest, 4, 0, 1, 3 FROM files WHERE id = 1;
        INSERT INTO rejected_rows SELECT 3, "row", reason, text FROM rejected_rows;
    """)  # fmt: skip
    with Register(tmp_path) as register:
        assert register.rejected()["row"].tolist() == [5]
        with reading(register.engine) as connection:
            assert verify(connection).faults == ()


def test_an_upgrade_that_fails_leaves_the_register_as_it_was(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.register.migration._log_upgrade", fail)
    with Register(first) as register, pytest.raises(KeyboardInterrupt):
        register.incidents()
    left = sqlite3.connect(first / FILE_NAME)
    assert "\n".join(left.iterdump()) + "\n" == FIRST.read_text(encoding="utf-8")
    left.close()


def test_a_large_register_is_upgraded_in_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.register.rows.CHUNK", 2)
    make_first(tmp_path)
    with Register(tmp_path) as register:
        kept = register.incidents()
        assert kept["key"].tolist() == ["a", "b", "c", "c1", "c2"]
        assert not np.isnan(kept["confidence"]).any()


def test_a_register_of_a_newer_program_is_left_alone(tmp_path: Path, register_url: str) -> None:
    engine = open_engine(tmp_path, register_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    for attempt in (reading, writing):
        with pytest.raises(WorkspaceError, match=r"version '0099', .* newer one"), attempt(engine):
            pass
    engine.dispose()


def test_a_database_of_something_else_is_left_alone(tmp_path: Path, register_url: str) -> None:
    engine = open_engine(tmp_path, register_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE incidents (colour TEXT)")
    for attempt in (reading, writing):
        with pytest.raises(WorkspaceError, match="no register of the planner"), attempt(engine):
            pass
    with engine.connect() as connection:
        assert sql.inspect(connection).get_table_names() == ["incidents"]
    engine.dispose()


def test_a_register_without_decisions_on_places_gets_their_table(
    tmp_path: Path, register_url: str, intakes: ModuleType
) -> None:
    engine = open_engine(tmp_path, register_url)
    with engine.connect() as connection:
        migrate(connection, "0002")
        connection.commit()
    with writing(engine) as connection:
        assert migration.version_of(connection) == migration.NEWEST
        assert connection.execute(sql.select(schema.place_weights)).all() == []
        # An upgrade that changes no record leaves a log, and so a backup's head, as it was.
        assert entries(connection).empty
        assert verify(connection).faults == ()
    engine.dispose()
