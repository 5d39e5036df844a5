"""Keeping a workspace: verify, back up, restore, purge, and hand rejected rows back."""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sql

from planner.errors import UnreadableFile, WorkspaceError
from planner.publish.tables import for_spreadsheet
from planner.register import backup, restoring
from planner.register.engine import reading, writing
from planner.register.purge import Purged, purge
from planner.register.rejected import files_with_rejected, rejected_of
from planner.register.traces import erase_traces
from planner.register.verification import Findings, verify
from planner.service.workspace import open_register
from planner.settings import FILE_NAME as SETTINGS_FILE
from planner.settings import Settings, read_settings


@dataclass(frozen=True)
class TextsPurged:
    """What a purge did.

    Attributes
    ----------
    purged
        How many texts went, or would go.
    dry_run
        Whether nothing was changed.
    erased
        Whether no file of the register keeps what was removed; False while others use it.
    """

    purged: Purged
    dry_run: bool
    erased: bool


@dataclass(frozen=True)
class RejectedFile:
    """The rejected rows of one imported file, as they were exported.

    Attributes
    ----------
    name
        Name of the file that was imported.
    rows
        How many of its rows are there to be mended.
    purged
        How many are gone, since their time had come.
    has_header
        Whether its header is known; if not, its first line must be added by hand.
    """

    name: str
    rows: int
    purged: int
    has_header: bool


def verify_register(workspace: Path, known_head: str | None = None) -> Findings:
    """Find out whether anything in a register was altered.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    known_head
        A hash that its audit log once ended in, such as one printed on a briefing.
    """
    with (
        open_register(workspace, _settings(workspace)) as register,
        reading(register.engine) as connection,
    ):
        return verify(connection, known_head)


def back_up(
    workspace: Path, out: Path, now: datetime | None = None, actor: str = ""
) -> backup.Backup:
    """Write a backup of a workspace while others go on writing.

    Raises
    ------
    PlannerError
        As :func:`planner.register.backup.back_up`.
    """
    moment = now or datetime.now(UTC)
    with open_register(workspace, _settings(workspace)) as register:
        made = backup.back_up(register.engine, workspace, out, moment)
        said = {
            "head": made.manifest.head,
            "register": made.manifest.parts[backup.REGISTER].sha256,
        }
        register.log("backup", said, int(moment.timestamp()), actor)
    return made


def restore(
    path: Path, workspace: Path, url: str = "", now: datetime | None = None, actor: str = ""
) -> restoring.Restored:
    """Restore a backup into a new workspace, without the free text whose time has come.

    Parameters
    ----------
    path, workspace
        The backup, and a new or empty folder.
    url
        URL of an empty PostgreSQL database for the register. If not given, that of the
        environment counts, as it will when the workspace is used; else it becomes a file.

    Raises
    ------
    PlannerError
        As :func:`planner.register.restoring.restore`.
    """
    moment = int((now or datetime.now(UTC)).timestamp())
    place = url or os.environ.get("PLANNER_REGISTER_URL", "")
    return restoring.restore(path, workspace, place, moment, actor)


def purge_texts(
    workspace: Path, *, dry_run: bool = False, now: datetime | None = None, actor: str = ""
) -> TextsPurged:
    """Remove the free text whose time has come, for good.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    dry_run
        Count only.
    now
        The present moment, aware; that of the clock if not given.
    actor
        The role that purges, for the audit log.
    """
    settings = _settings(workspace)
    moment = int((now or datetime.now(UTC)).timestamp())
    with open_register(workspace, settings) as register:
        if dry_run:
            with reading(register.engine) as connection:
                found = purge(connection, settings, moment, actor, dry_run=True)
            return TextsPurged(found, dry_run=True, erased=False)
        with writing(register.engine) as connection:
            found = purge(connection, settings, moment, actor)
        # Also where nothing was due now: a purge before this one may not have got so far.
        return TextsPurged(found, dry_run=False, erased=erase_traces(register.engine))


def export_rejected(
    workspace: Path, out: Path, now: datetime | None = None, actor: str = ""
) -> list[RejectedFile]:
    """Write the rejected rows of each imported file, to be mended and imported again.

    ``NAME.ID.rejected.csv`` holds the rows as they stood below their file's header: nothing in
    them is escaped, since they are to be read back, so mend them in a text editor or with
    formulas switched off. ``NAME.ID.reasons.csv`` says why each was rejected, safe for any
    spreadsheet.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    out
        Folder to write into; no file of these names may be there.

    Raises
    ------
    WorkspaceError
        If one of the files is there already.
    UnreadableFile
        If they can't be written.
    """
    moment = int((now or datetime.now(UTC)).timestamp())
    with open_register(workspace, _settings(workspace)) as register:
        with reading(register.engine) as connection:
            done, texts = _rejected_files(connection)
        _check_absent(out, list(texts))
        said = {"rows": sum(item.rows for item in done), "digest": _digest(texts)}
        if done:
            register.log("export of rejected rows", said, moment, actor)
    _write(out, texts)
    return done


def _rejected_files(connection: sql.Connection) -> tuple[list[RejectedFile], dict[str, str]]:
    """Return each imported file's rejected rows, and the files to write: text by name."""
    done, texts = [], {}
    for file_id, name, header in files_with_rejected(connection).itertuples(index=False):
        rows = rejected_of(connection, int(file_id))
        there = rows.loc[rows["text"] != "", "text"]
        done.append(RejectedFile(name, len(there), len(rows) - len(there), header != ""))
        stem = re.sub(r"[^\w .-]", "_", Path(name).stem).lstrip(".") or "file"
        reasons = for_spreadsheet(rows[["row", "reason"]]).to_csv(index=False)
        texts[f"{stem}.{file_id}.reasons.csv"] = reasons
        if len(there):
            lines = [line for line in (header, *there) if line]
            texts[f"{stem}.{file_id}.rejected.csv"] = "\n".join([*lines, ""])
    return done, texts


def _settings(workspace: Path) -> Settings:
    """Read the settings alone: a register can be kept though its estate is damaged."""
    if not (workspace / SETTINGS_FILE).is_file():
        raise WorkspaceError(
            f"{workspace}: is no workspace (it has no {SETTINGS_FILE}); name another folder."
        )
    return read_settings(workspace)


def _digest(texts: dict[str, str]) -> str:
    together = hashlib.sha256()
    for name in sorted(texts):
        together.update(hashlib.sha256(texts[name].encode()).digest())
    return together.hexdigest()


def _check_absent(out: Path, names: list[str]) -> None:
    there = [name for name in names if (out / name).exists()]
    if there:
        raise WorkspaceError(f"{out / there[0]}: exists already; name another folder.")


def _write(out: Path, texts: dict[str, str]) -> None:
    if not texts:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            # With a mark: spreadsheets take it for another encoding otherwise.
            (out / name).write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise UnreadableFile(f"{out}: cannot be written ({error.strerror}).") from error
