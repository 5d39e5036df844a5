"""The register: incidents in all their versions, rejected rows, decisions, and what was covered.

What is stored is only ever added to. Each change is one transaction with its own entry in the
audit log: a process that dies leaves all of it or none.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd
import sqlalchemy as sql

from planner.errors import WorkspaceError
from planner.incidents.model import COLUMNS, PLACE_COLUMNS, Intake
from planner.register import audit
from planner.register.engine import FILE_NAME, open_engine, place_of, reading, writing
from planner.register.recording import FileCounts, record_file
from planner.register.reviewing import record_decision
from planner.register.rows import insert_row, read_rows
from planner.register.schema import (
    aliases,
    details,
    files,
    imports,
    incidents,
    matches,
    periods,
    rejected_rows,
)

__all__ = ["FILE_NAME", "FileCounts", "Register"]

_INCIDENT = ["id", "file_id", "version", "recorded_at", "cause"]
_INCIDENT += [name for name in COLUMNS if name != "details"] + PLACE_COLUMNS


class Register:
    """The register of one workspace.

    Parameters
    ----------
    workspace
        Folder of the workspace; it holds the register, ``planner.db``, unless a URL is given.
    url
        URL of a PostgreSQL database (see :func:`planner.register.engine.open_engine`).

    Raises
    ------
    WorkspaceError
        By every method, if the register can't be read or written; then nothing was changed.
    """

    def __init__(self, workspace: Path, url: str = ""):
        self.engine = open_engine(workspace, url)

    def __enter__(self) -> "Register":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()

    def record_import(
        self, files: Sequence[tuple[Intake, pd.DataFrame]], recorded_at: int, actor: str = ""
    ) -> list[FileCounts]:
        """Store what was read of one or more files, all or nothing.

        A row whose content equals that of any version of its record is a duplicate; with other
        content it corrects the record, whose earlier versions stay.

        Parameters
        ----------
        files
            Each file's intake, and the places of its accepted incidents (as
            :func:`planner.incidents.locate.locate` returns them, same index).
        recorded_at
            The present moment, seconds since 1970.
        actor
            Who imports, for the audit log.
        """
        with writing(self.engine) as connection:
            number = insert_row(connection, imports, recorded_at=recorded_at)
            done = [record_file(connection, number, recorded_at, *file) for file in files]
            subject = {"import": number, "files": [told for _, told in done]}
            audit.append_entry(connection, recorded_at, actor, "import", subject)
        return [counts for counts, _ in done]

    def record_alias(
        self,
        place: str,
        site: str,
        building: str,
        moved: pd.DataFrame,
        recorded_at: int,
        actor: str = "",
    ) -> None:
        """Store what a person decided that a written place means, and whom it moves.

        Parameters
        ----------
        place
            The written place, as it is looked up.
        site, building
            What it means; both empty where it is none of the estate's.
        moved
            The places that incidents have from now on: indexed by their ids, columns
            ``PLACE_COLUMNS``. Each gets a new version.
        recorded_at
            The present moment, seconds since 1970.
        actor
            Who decided, for the audit log.

        Raises
        ------
        WorkspaceError
            Also if one of the incidents has a newer version by now.
        """
        with writing(self.engine) as connection:
            alias = {"place": place, "site": site, "building": building}
            number = insert_row(connection, aliases, recorded_at=recorded_at, **alias)
            told = record_decision(connection, moved, recorded_at)
            if told is None:
                raise WorkspaceError(
                    f"{place_of(self.engine)}: some of the incidents were corrected meanwhile; "
                    "nothing was stored. Look at the place again."
                )
            subject = {"alias": number, "site": site, "building": building, **told}
            audit.append_entry(connection, recorded_at, actor, "review", subject)

    def record_match(
        self,
        source: str,
        key: str,
        other_source: str,
        other_key: str,
        same: bool,
        recorded_at: int,
        actor: str = "",
    ) -> None:
        """Store whether two records are of the same event; if they are, the first counts."""
        pair = {"source": source, "key": key, "other_source": other_source, "other_key": other_key}
        with writing(self.engine) as connection:
            number = insert_row(connection, matches, recorded_at=recorded_at, same=same, **pair)
            subject = {"match": number, "sources": [source, other_source], "same": same}
            audit.append_entry(connection, recorded_at, actor, "match", subject)

    def log(
        self, action: str, subject: Mapping[str, object], recorded_at: int, actor: str = ""
    ) -> str:
        """Add an entry to the audit log and return its hash, the new head."""
        with writing(self.engine) as connection:
            return audit.append_entry(connection, recorded_at, actor, action, subject)

    def log_once(
        self, action: str, subject: Mapping[str, object], recorded_at: int, actor: str = ""
    ) -> str:
        """Do the same unless the log has such an entry; return the hash of the entry."""
        with writing(self.engine) as connection:
            known = audit.entry_of(connection, action, subject)
            return known or audit.append_entry(connection, recorded_at, actor, action, subject)

    def head(self) -> str:
        """Return the hash of the audit log's last entry; ``""`` where there is none."""
        with reading(self.engine) as connection:
            return audit.head(connection)[1]

    def incidents(self, as_of: int | None = None) -> pd.DataFrame:
        """Return the version of each incident that counts, in the order of their recording.

        Parameters
        ----------
        as_of
            Seconds since 1970: what was known at that moment; what is known now if not given.

        Returns
        -------
        pandas.DataFrame
            ``id``, ``file_id``, ``version``, ``recorded_at``, ``cause``, the columns of
            :mod:`planner.incidents.model` without ``details``, and ``PLACE_COLUMNS``; times in
            UTC.
        """
        later = incidents.alias()
        replaced = sql.exists().where(
            later.c.source == incidents.c.source,
            later.c.key == incidents.c.key,
            later.c.version > incidents.c.version,
            *([later.c.recorded_at <= as_of] if as_of is not None else []),
        )
        query = _incidents().where(~replaced)
        if as_of is not None:
            query = query.where(incidents.c.recorded_at <= as_of)
        return self._table(query.order_by(incidents.c.id))

    def versions(self, source: str, key: str) -> pd.DataFrame:
        """Return all versions of an incident, oldest first; columns as in ``incidents``."""
        query = _incidents().where(incidents.c.source == source, incidents.c.key == key)
        return self._table(query.order_by(incidents.c.version))

    def details(self, incident_id: int) -> str:
        """Return the free text of a version of an incident; ``""`` where it has none."""
        query = sql.select(details.c.text).where(details.c.incident_id == incident_id)
        with reading(self.engine) as connection:
            return str(connection.execute(query).scalar() or "")

    def periods(self, as_of: int | None = None) -> pd.DataFrame:
        """Return what the files cover: ``source``, ``starts_at``, ``ends_at`` (UTC), ``area``."""
        names = ["source", "starts_at", "ends_at", "area"]
        query = sql.select(*(periods.c[name] for name in names)).distinct()
        if as_of is not None:
            query = query.join_from(periods, files).join(imports)
            query = query.where(imports.c.recorded_at <= as_of)
        return self._table(query).sort_values(names, ignore_index=True)

    def rejected(self) -> pd.DataFrame:
        """Return the rejected rows: ``name`` (of the file), ``row``, ``reason``, ``text``, when."""
        columns = [rejected_rows.c[name] for name in ("row", "reason", "text")]
        query = sql.select(files.c.name, *columns, imports.c.recorded_at)
        joined = query.join_from(rejected_rows, files).join(imports)
        return self._table(joined.order_by(rejected_rows.c.id))

    def aliases(self) -> pd.DataFrame:
        """Return the latest decision on each written place: ``place``, ``site``, ``building``."""
        latest = sql.select(sql.func.max(aliases.c.id)).group_by(aliases.c.place)
        query = sql.select(aliases.c.place, aliases.c.site, aliases.c.building)
        return self._table(query.where(aliases.c.id.in_(latest)).order_by(aliases.c.id))

    def matches(self, as_of: int | None = None) -> pd.DataFrame:
        """Return the latest decision on each pair of records, in whichever order it was given.

        Parameters
        ----------
        as_of
            Seconds since 1970: what was decided until then; until now if not given.

        Returns
        -------
        pandas.DataFrame
            ``source``, ``key`` (the record that counts), ``other_source``, ``other_key``,
            ``same``; in the order of the decisions.
        """
        one, other = (
            (matches.c.source, matches.c.key),
            (matches.c.other_source, matches.c.other_key),
        )
        turned = sql.tuple_(*one) > sql.tuple_(*other)
        sides = [
            sql.case((turned, b), else_=a) for a, b in zip(one + other, other + one, strict=True)
        ]
        latest = sql.select(sql.func.max(matches.c.id)).group_by(*sides)
        if as_of is not None:
            latest = latest.where(matches.c.recorded_at <= as_of)
        query = sql.select(*one, *other, matches.c.same).where(matches.c.id.in_(latest))
        return self._table(query.order_by(matches.c.id))

    def _table(self, query: sql.Select[Any]) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read_rows(connection, query)


def _incidents() -> sql.Select[Any]:
    return sql.select(*(incidents.c[name] for name in _INCIDENT))
