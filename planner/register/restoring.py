"""Restoring a backup into a new workspace, on the same machine or another one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from planner.errors import RefusedFile, SettingsError, UnreadableFile, WorkspaceError
from planner.register.archive import Manifest, read_archive
from planner.register.audit import append_entry
from planner.register.backup import (
    OWNED,
    REGISTER,
    close_as_one_file,
    room_beside,
    without_password,
)
from planner.register.copying import copy_tables
from planner.register.engine import FILE_NAME as REGISTER_FILE
from planner.register.engine import open_engine, reading, writing
from planner.register.purge import Purged, purge
from planner.register.traces import erase_traces
from planner.register.verification import verify
from planner.settings import FILE_NAME as SETTINGS_FILE
from planner.settings import Settings, read_settings, write_settings


@dataclass(frozen=True)
class Restored:
    """What was restored.

    Attributes
    ----------
    manifest
        What the backup said of itself.
    purged
        The free text that was due, and did not come back.
    head
        The hash of the last entry of the restored audit log.
    """

    manifest: Manifest
    purged: Purged
    head: str


def restore(path: Path, workspace: Path, url: str, now: int, actor: str) -> Restored:
    """Restore a backup into a new workspace; nothing is left behind where it fails.

    Free text whose time has come since the backup was made is purged again, before anyone can
    see it.

    Parameters
    ----------
    path
        The backup.
    workspace
        A new or empty folder.
    url
        URL of an empty PostgreSQL database for the register; ``""`` for a file in the workspace.
    now
        The present moment, seconds since 1970.
    actor
        Who restores, for the audit log.

    Raises
    ------
    WorkspaceError
        If the folder or the database is not empty, or can't be written.
    UnreadableFile
        If the backup can't be read, or is damaged.
    RefusedFile
        If it is no backup, its register was altered, or it would do harm.
    """
    _check_empty(workspace)
    with room_beside(workspace) as room:
        manifest = read_archive(path, room, _may_be_restored)
        if not (room / REGISTER).exists():
            raise RefusedFile(f"{path}: is no backup of the planner (it has no {REGISTER}).")
        (room / REGISTER).rename(room / REGISTER_FILE)
        settings = _settings(room, path, url)
        restored = _renew(room, path, manifest, settings, now, actor)
        with _all_or_nothing(workspace):
            if url:
                _to_server(room, workspace, url)
            else:
                _move(room, workspace)
    return restored


def _check_empty(workspace: Path) -> None:
    if workspace.exists() and (not workspace.is_dir() or any(workspace.iterdir())):
        raise WorkspaceError(f"{workspace}: is not an empty folder; restore into a new one.")


def _may_be_restored(name: str) -> bool:
    return name == REGISTER or name in OWNED


def _settings(room: Path, path: Path, url: str) -> Settings:
    """Read the settings of a backup and let them name the register where it is going to be."""
    try:
        settings = read_settings(room)
    except (SettingsError, UnreadableFile) as error:
        reason = str(error).replace(str(room / SETTINGS_FILE), SETTINGS_FILE)
        raise RefusedFile(f"{path}: {reason}") from error
    named = without_password(url)
    if settings.register_url != named:
        settings = settings.model_copy(update={"register_url": named})
        write_settings(room, settings)
    return settings


def _renew(
    room: Path, path: Path, manifest: Manifest, settings: Settings, now: int, actor: str
) -> Restored:
    """Verify the register of a backup, purge what is due, and log that it was restored."""
    engine = open_engine(room)
    try:
        _check_register(engine, path, manifest)
        with writing(engine) as connection:
            purged = purge(connection, settings, now, actor)
            said = {"version": manifest.version, "head": manifest.head, "entries": manifest.entries}
            last = append_entry(connection, now, actor, "restore", said)
        erase_traces(engine)
        close_as_one_file(engine)
    finally:
        engine.dispose()
    return Restored(manifest, purged, last)


def _check_register(engine: sql.Engine, path: Path, manifest: Manifest) -> None:
    try:
        with engine.connect() as connection:
            _check_tables(connection, path)
        with reading(engine) as connection:
            findings = verify(connection)
    except (WorkspaceError, SQLAlchemyError) as error:
        raise RefusedFile(f"{path}: its register is damaged or none of the planner's.") from error
    if not findings.ok:
        first, more = findings.faults[0], len(findings.faults) - 1
        others = f" And {more:,} more faults." if more else ""
        raise RefusedFile(f"{path}: its register was altered. {first}{others}")
    if (findings.head, findings.entries) != (manifest.head, manifest.entries):
        raise RefusedFile(f"{path}: its audit log does not end where the manifest says.")


def _check_tables(connection: sql.Connection, path: Path) -> None:
    """Refuse a database that would do something of its own when it is read or written."""
    query = "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
    found = connection.exec_driver_sql(query).scalars().first()
    if found is not None:
        raise RefusedFile(
            f"{path}: its register holds {found!r}, which none of the planner's does."
        )


@contextmanager
def _all_or_nothing(workspace: Path) -> Iterator[None]:
    """Empty the folder again (or remove it, where it was not there) if the block fails."""
    existed = workspace.exists()
    try:
        yield
    except BaseException:
        for item in workspace.iterdir() if workspace.exists() else ():
            shutil.rmtree(item) if item.is_dir() else item.unlink()
        if not existed:
            shutil.rmtree(workspace, ignore_errors=True)
        raise


def _to_server(room: Path, workspace: Path, url: str) -> None:
    file, server = open_engine(room), open_engine(workspace, url)
    try:
        with reading(file) as source, writing(server) as target:
            copy_tables(source, target)
            # Before the server commits: whatever fails up to here leaves nothing on it.
            _move(room, workspace, leaving=REGISTER_FILE)
    finally:
        file.dispose()
        server.dispose()


def _move(room: Path, workspace: Path, leaving: str = "") -> None:
    """Move what was unpacked to its place; the settings last, since they make it a workspace."""
    try:
        workspace.mkdir(exist_ok=True)
        for item in sorted(room.iterdir(), key=lambda path: path.name == SETTINGS_FILE):
            if item.name != leaving:
                shutil.move(item, workspace / item.name)
    except OSError as error:
        raise UnreadableFile(f"{workspace}: cannot be written ({error.strerror}).") from error
