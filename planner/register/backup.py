"""Backing a workspace up into one file, while others write.

The register in a backup is a file of SQLite, whatever database it came from, so that a backup can
be restored without a server, or into another one.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sql

from planner.errors import SettingsError, UnreadableFile, WorkspaceError
from planner.estate.liaison.records import FILE_NAME as LIAISON_FILE
from planner.estate.model import FILE_NAME as ESTATE_FILE
from planner.register.archive import Manifest, write_archive
from planner.register.copying import copy_to_file
from planner.register.engine import FILE_NAME as REGISTER_FILE
from planner.register.engine import reading
from planner.register.verification import Findings, verify
from planner.settings import FILE_NAME as SETTINGS_FILE
from planner.settings import read_settings, write_settings

# The register's name in a backup.
REGISTER = "register.db"
# Files of a workspace that the program owns; what else lies there is its user's.
OWNED = frozenset({SETTINGS_FILE, ESTATE_FILE, LIAISON_FILE})


@dataclass(frozen=True)
class Backup:
    """What was backed up.

    Attributes
    ----------
    manifest
        What the backup says of itself.
    findings
        Of verifying the register in it.
    password_left_out
        Whether the settings named a password, which is not in the backup.
    """

    manifest: Manifest
    findings: Findings
    password_left_out: bool


def back_up(engine: sql.Engine, workspace: Path, out: Path, made_at: datetime) -> Backup:
    """Write settings, estate and register into one zip, while others go on writing.

    Parameters
    ----------
    engine
        The register's.
    workspace
        Its workspace.
    out
        The zip to write; it must not exist.
    made_at
        The present moment, aware.

    Raises
    ------
    WorkspaceError
        If the file exists, or the register can't be read.
    UnreadableFile
        If the backup can't be written.
    """
    if out.exists():
        raise WorkspaceError(f"{out}: exists already; name a file that does not.")
    with room_beside(out) as room:
        copy = copy_to_file(engine, room)
        with reading(copy) as connection:
            findings = verify(connection)
        close_as_one_file(copy)
        parts, left_out = _parts(workspace, room)
        parts[REGISTER] = room / REGISTER_FILE
        manifest = write_archive(out, parts, made_at, findings.head, findings.entries)
    return Backup(manifest, findings, left_out)


@contextmanager
def room_beside(place: Path) -> Iterator[Path]:
    """Make a folder that only its owner can enter, on the same disk, and remove it afterwards."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".planner-") as name:
            yield Path(name)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise UnreadableFile(f"{place}: cannot be written ({error.strerror}).") from error


def close_as_one_file(engine: sql.Engine) -> None:
    """Let go of a register in SQLite so that nothing of it stands in files beside it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()


def _parts(workspace: Path, room: Path) -> tuple[dict[str, Path], bool]:
    """Return the owned files by their names in a backup, and whether a password was left out."""
    parts = {name: workspace / name for name in sorted(OWNED) if (workspace / name).is_file()}
    settings = read_settings(workspace)
    harmless = without_password(settings.register_url)
    if harmless == settings.register_url:
        return parts, False
    write_settings(room, settings.model_copy(update={"register_url": harmless}))
    return parts | {SETTINGS_FILE: room / SETTINGS_FILE}, True


def without_password(url: str) -> str:
    """Return a register's URL as it may be written down; one that has no password stays as it is.

    Raises
    ------
    SettingsError
        If it is no URL.
    """
    if not url:
        return url
    try:
        parsed = sql.make_url(url)
    except (sql.exc.ArgumentError, ValueError) as error:
        raise SettingsError("register_url: is no URL of a database; correct it.") from error
    secret = [name for name in parsed.query if "password" in name.lower()]
    if parsed.password is None and not secret:
        return url
    # ``URL.set`` takes None for 'leave it as it is'.
    bare = sql.URL.create(
        parsed.drivername, parsed.username, None, parsed.host, parsed.port, parsed.database,
        parsed.difference_update_query(secret).query,
    )  # fmt: skip
    return bare.render_as_string(hide_password=False)
