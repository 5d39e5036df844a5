from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sql

from planner.errors import WorkspaceError
from planner.register.database import FILE_NAME, Register
from planner.register.engine import open_engine, place_of, reading, writing
from planner.register.schema import imports

SECRET = "hunter2:/@"  # noqa: S105
QUOTED = "hunter2%3A%2F%40"


@pytest.mark.parametrize(
    "url", ["mysql://planner@server/register", "sqlite:///else.db", "no url", "postgresql:",
            f"postgresql://planner:{QUOTED}@server:port/register"],
)  # fmt: skip
def test_a_url_that_is_none_of_a_server_is_named_without_its_password(
    tmp_path: Path, url: str
) -> None:
    with (
        pytest.raises(WorkspaceError, match="register") as caught,
        reading(open_engine(tmp_path, url)),
    ):
        pass
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url", [f"postgresql://planner:{QUOTED}@127.0.0.1:9/register",
            f"postgres://planner@127.0.0.1:9/register?password={QUOTED}",
            f"postgresql://planner@127.0.0.1:9/register?sslmode={QUOTED}&password={QUOTED}"],
)  # fmt: skip
def test_a_server_that_cannot_be_reached_is_named_without_its_password(
    tmp_path: Path, url: str
) -> None:
    engine = open_engine(tmp_path, url)
    for attempt in (reading, writing):
        with (
            pytest.raises(WorkspaceError, match=r"127\.0\.0\.1:9/register") as caught,
            attempt(engine),
        ):
            pass
        assert SECRET not in str(caught.value)
        assert QUOTED not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_server_goes_by_both_of_its_names(new_postgres: str, tmp_path: Path) -> None:
    with writing(open_engine(tmp_path, new_postgres)) as connection:
        connection.execute(sql.insert(imports).values(recorded_at=1))
    short = new_postgres.replace("postgresql", "postgres", 1)
    with reading(open_engine(tmp_path, short)) as connection:
        assert connection.execute(sql.select(imports.c.recorded_at)).scalars().all() == [1]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, WorkspaceError])
def test_what_is_broken_off_leaves_nothing(
    tmp_path: Path, register_url: str, error: type[BaseException]
) -> None:
    engine = open_engine(tmp_path, register_url)
    with pytest.raises(error), writing(engine) as connection:
        connection.execute(sql.insert(imports).values(recorded_at=1))
        raise error
    with reading(engine) as connection:
        assert connection.execute(sql.select(imports)).all() == []
    engine.dispose()


def test_a_mistake_of_the_program_is_not_laid_at_the_registers_door(
    tmp_path: Path, register_url: str
) -> None:
    engine = open_engine(tmp_path, register_url)
    with pytest.raises(sql.exc.ArgumentError), reading(engine) as connection:
        connection.execute(sql.select("a"))  # type: ignore[call-overload]
    engine.dispose()


def test_a_reader_may_not_write(tmp_path: Path, new_postgres: str) -> None:
    engine = open_engine(tmp_path, new_postgres)
    with writing(engine):
        pass
    with pytest.raises(WorkspaceError, match="read-only"), reading(engine) as connection:
        connection.execute(sql.insert(imports).values(recorded_at=1))
    with writing(engine) as connection:
        connection.execute(sql.insert(imports).values(recorded_at=2))
    engine.dispose()


def test_a_writer_waits_for_its_turn_and_then_says_so(
    tmp_path: Path, register_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.register.engine.PATIENCE_S", 1.0)
    first, second = (open_engine(tmp_path, register_url) for _ in range(2))
    refused = pytest.raises(WorkspaceError, match=r"lock.*nothing was stored")
    with writing(first), refused, writing(second):
        pass
    with writing(second) as connection:
        connection.execute(sql.insert(imports).values(recorded_at=1))
    with reading(first) as connection:
        assert connection.execute(sql.select(imports.c.recorded_at)).scalars().all() == [1]
    for engine in (first, second):
        engine.dispose()


def test_acknowledged_means_on_the_disk(tmp_path: Path, new_postgres: str) -> None:
    engine = open_engine(tmp_path)
    with writing(engine) as connection:
        settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys",
                                 "secure_delete")}  # fmt: skip
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1,
                        "secure_delete": 1}  # fmt: skip
    engine.dispose()
    lazy = sql.make_url(new_postgres).update_query_dict({"options": "-c synchronous_commit=off"})
    server = open_engine(tmp_path, lazy.render_as_string(hide_password=False))
    with writing(server) as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    server.dispose()


def test_a_place_is_a_file_or_a_url_without_a_password(tmp_path: Path) -> None:
    assert place_of(open_engine(tmp_path)) == str(tmp_path / FILE_NAME)
    url = f"postgresql://planner:{QUOTED}@server/register?password={QUOTED}"
    assert place_of(open_engine(tmp_path, url)) == "postgresql://planner:***@server/register"


def test_a_register_moves_with_its_folder_and_odd_names_are_names(
    tmp_path: Path, intakes: ModuleType
) -> None:
    folder = tmp_path / "a?mode=ro#x%20 é"
    folder.mkdir()
    with Register(folder) as register:
        register.record_import([intakes.located([intakes.incident("a")])], 0)
    with Register(folder.rename(tmp_path / "b%s%%")) as register:
        assert register.incidents()["key"].tolist() == ["a"]
