"""Opening the register's database, SQLite or PostgreSQL, for reading and for writing.

Writers take turns, and each has one transaction: a process that dies leaves all of its work or
none of it. A reader sees the register as it was at one moment, and keeps no writer waiting.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from planner.errors import WorkspaceError
from planner.register.migration import NEWEST, UnknownRegister, upgrade, version_of
from planner.register.schema import metadata

FILE_NAME = "planner.db"
# How long a writer waits for its turn: longer than the longest import.
PATIENCE_S = 120.0
# Of the file's pages in memory while it is written: the index of a million keys has room.
CACHE_KIB = 196_608
# Any number will do, as long as it is always the same.
_TURN = 7_201_960
_PASSWORDS = ("password", "sslpassword")


def open_engine(workspace: Path, url: str = "") -> sql.Engine:
    """Prepare to work with a workspace's register; nothing is opened or made as yet.

    Parameters
    ----------
    workspace
        Folder of the workspace; without a URL, the register is its file ``planner.db``.
    url
        URL of a PostgreSQL database that belongs to the register, such as
        ``postgresql://planner@server/register``; ``""`` for the file.

    Raises
    ------
    WorkspaceError
        If the URL can't be understood, or is none of PostgreSQL's.
    """
    if url:
        return _postgresql(url)
    engine = sql.create_engine(
        sql.URL.create("sqlite", database=str(workspace / FILE_NAME)),
        connect_args={"timeout": PATIENCE_S},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _postgresql(url: str) -> sql.Engine:
    try:
        parsed = sql.make_url(url)
    except (SQLAlchemyError, ValueError) as error:
        raise WorkspaceError(
            "The register's URL can't be understood; write it as "
            "postgresql://USER:PASSWORD@SERVER:PORT/DATABASE."
        ) from error
    scheme = parsed.get_backend_name()
    if scheme not in ("postgres", "postgresql"):
        raise WorkspaceError(
            f"The register's URL begins with '{scheme}'; only postgresql:// is known. Leave it "
            "empty for a file in the workspace."
        )
    return sql.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Take transactions into our own hands, make commits durable and deletions final."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")


def place_of(engine: sql.Engine) -> str:
    """Name a register for a message: its file, or its URL without any password."""
    if _is_file(engine):
        return str(engine.url.database)
    return engine.url.set(drivername="postgresql", query={}).render_as_string()


def _is_file(engine: sql.Engine) -> bool:
    return engine.dialect.name == "sqlite"


@contextmanager
def writing(engine: sql.Engine) -> Iterator[sql.Connection]:
    """Change the register in one transaction, while no other writer does.

    The register is made where there is none, and brought to the newest version where it is older.
    When the block ends the transaction is committed; on any error nothing of it stays.

    Raises
    ------
    WorkspaceError
        If the register cannot be written.
    """
    begin = _begin_in_file if _is_file(engine) else _begin_on_server
    advice = "the disk has room and you may write there" if _is_file(engine) else "it is running"
    named = _named(
        engine,
        f"cannot be written ({{}}); nothing was stored. See that {advice}, and that no other "
        "import holds it for long.",
    )
    with named, engine.connect() as connection:
        begin(connection)
        upgrade(connection)
        yield connection
        connection.commit()


def _begin_in_file(connection: sql.Connection) -> None:
    # Asked before anything is changed: what is no register is left as it was.
    version_of(connection)
    connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
    _keep_a_log(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _keep_a_log(connection: sql.Connection) -> None:
    """Let a new file have a write-ahead log: here SQLite does not wait for others by itself."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            return
        except DBAPIError as error:
            if "locked" not in str(error.orig) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_on_server(connection: sql.Connection) -> None:
    connection.execution_options(isolation_level="READ COMMITTED")
    setting, now = sql.func.set_config, sql.func.current_setting
    connection.execute(sql.select(setting("lock_timeout", f"{PATIENCE_S:.0f}s", True)))
    lazy = now("synchronous_commit") == "off"
    connection.execute(sql.select(setting("synchronous_commit", "on", True)).where(lazy))
    connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_TURN)))


@contextmanager
def reading(engine: sql.Engine) -> Iterator[sql.Connection]:
    """Read the register as it is at one moment.

    A register of an older version is brought to the newest first. Where there is none as yet, an
    empty one is read, and none is made.

    Raises
    ------
    WorkspaceError
        If the register is damaged, is none, or can't be reached.
    """
    advice = "restore a backup" if _is_file(engine) else "see that the server is running"
    with _named(engine, f"cannot be read ({{}}); {advice}."):
        source = _readable(engine)
        try:
            with source.connect() as connection:
                _begin_reading(connection)
                yield connection
        finally:
            if source is not engine:
                source.dispose()


def _readable(engine: sql.Engine) -> sql.Engine:
    """Return an engine whose register is of the newest version, if need be an empty one."""
    if _is_file(engine) and not Path(str(engine.url.database)).exists():
        return _empty()
    with engine.connect() as connection:
        version = version_of(connection)
    if not version:
        return _empty()
    if version != NEWEST:
        with writing(engine):
            pass
    return engine


def _empty() -> sql.Engine:
    engine = sql.create_engine("sqlite://")
    metadata.create_all(engine)
    return engine


def _begin_reading(connection: sql.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def _named(engine: sql.Engine, message: str) -> Iterator[None]:
    """Turn what a database complains of into one line that names the register."""
    database = engine.dialect.loaded_dbapi
    try:
        yield
    except UnknownRegister as error:
        raise WorkspaceError(f"{place_of(engine)}: {error}") from error
    except (DBAPIError, database.Error) as error:
        # No chain: what a driver says further on may hold the password, or text of a record.
        cause = _without_secrets(engine, _cause(error))
        raise WorkspaceError(f"{place_of(engine)}: {message.format(cause)}") from None


def _cause(error: Exception) -> str:
    lines = str(getattr(error, "orig", None) or error).splitlines()
    return lines[0].strip().rstrip(".") if lines else type(error).__name__


def _without_secrets(engine: sql.Engine, text: str) -> str:
    asked = engine.url.query
    secrets = [engine.url.password, *(asked.get(name) for name in _PASSWORDS)]
    for secret in secrets:
        if isinstance(secret, str) and secret:
            text = text.replace(secret, "***")
    return text
