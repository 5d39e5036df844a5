"""A PostgreSQL server for tests: that of the environment, or a private one from installed programs.

``PLANNER_TEST_POSTGRES`` is the URL of a database on a server that may make databases. Without it
a server is started in a folder of its own, reached through a socket there, and thrown away.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sql

_DATABASES = count(1)
_USER = "postgres"


class NoServer(Exception):
    """There is no PostgreSQL server to test on; says why."""


@contextmanager
def running() -> Iterator[str]:
    """Yield the URL of a database of a server, which a private one stops being afterwards."""
    given = os.environ.get("PLANNER_TEST_POSTGRES", "")
    if given:
        yield given
        return
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="planner-"))
    try:
        _as_owner(folder, [programs / "initdb", "-D", folder / "data", "-U", _USER, "-A", "trust",
                           "-E", "UTF8", "--no-locale", "--no-sync"])  # fmt: skip
        # Nothing here tests a loss of power, which is all that fsync is for; and while the server
        # tidies a table of its own accord, a purge can't give back the room.
        options = (
            f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60 "
            "-c autovacuum=off"
        )
        control = [programs / "pg_ctl", "-D", folder / "data", "-w"]
        _as_owner(folder, [*control, "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgresql://{_USER}@/{_USER}?host={folder}"
        finally:
            _as_owner(folder, [*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and not debian:
        raise NoServer("there is no PostgreSQL here: PLANNER_TEST_POSTGRES is not set and initdb "
                       "is not installed")  # fmt: skip
    return Path(found).resolve().parent if found else debian[-1].parent


def _as_owner(folder: Path, command: list[object]) -> None:
    """Run a program as the folder's owner to be: PostgreSQL refuses to be run by root."""
    user = None
    if os.geteuid() == 0:
        user = _USER
        try:
            shutil.chown(folder, user)
        except LookupError as error:
            raise NoServer(f"root may not run PostgreSQL and there is no user '{user}'") from error
    words = [str(part) for part in command]
    # Not through pipes: the server keeps them open, and their reader would wait for its end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(words, cwd=folder, user=user, stdout=said, stderr=said, check=False)
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{words[0]}: {said.read()}")


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Yield the URL of a fresh database, which is dropped afterwards."""
    name = f"planner_test_{os.getpid()}_{next(_DATABASES)}"
    url = sql.make_url(server)
    maintenance = url.set(drivername="postgresql+psycopg")
    engine = sql.create_engine(maintenance, isolation_level="AUTOCOMMIT", poolclass=sql.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
