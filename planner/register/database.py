"""The register, ``planner.db``: incidents, rejected rows, and what each import covered.

One transaction an import: a process that dies leaves all of an import or none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sql
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from planner.errors import WorkspaceError
from planner.incidents.model import OUTSIDE, UNLOCATED, Intake

FILE_NAME = "planner.db"
_MOMENTS = ["occurred_from", "occurred_to", "reported_at"]

_metadata = sql.MetaData()
_imports = sql.Table(
    "imports",
    _metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("recorded_at", sql.Integer, nullable=False),
)
_files = sql.Table(
    "files",
    _metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("import_id", sql.ForeignKey("imports.id"), nullable=False),
    sql.Column("name", sql.Text, nullable=False),
    sql.Column("source", sql.Text, nullable=False),
    sql.Column("digest", sql.Text, nullable=False),
    sql.Column("read", sql.Integer, nullable=False),
    sql.Column("accepted", sql.Integer, nullable=False),
    sql.Column("rejected", sql.Integer, nullable=False),
    sql.Column("duplicates", sql.Integer, nullable=False),
)
_periods = sql.Table(
    "periods",
    _metadata,
    sql.Column("file_id", sql.ForeignKey("files.id"), nullable=False),
    sql.Column("source", sql.Text, nullable=False),
    sql.Column("starts_at", sql.Integer, nullable=False),
    sql.Column("ends_at", sql.Integer, nullable=False),
)
_rejected = sql.Table(
    "rejected_rows",
    _metadata,
    sql.Column("file_id", sql.ForeignKey("files.id"), nullable=False),
    sql.Column("row", sql.Integer, nullable=False),
    sql.Column("reason", sql.Text, nullable=False),
    sql.Column("text", sql.Text, nullable=False),
)
_incidents = sql.Table(
    "incidents",
    _metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("file_id", sql.ForeignKey("files.id"), nullable=False),
    sql.Column("source", sql.Text, nullable=False),
    sql.Column("key", sql.Text, nullable=False),
    sql.Column("reference", sql.Text, nullable=False),
    sql.Column("category", sql.Text, nullable=False),
    sql.Column("occurred_from", sql.Integer, nullable=False),
    sql.Column("occurred_to", sql.Integer, nullable=False),
    sql.Column("time_known", sql.Text, nullable=False),
    sql.Column("reported_at", sql.Integer),
    sql.Column("place", sql.Text, nullable=False),
    sql.Column("longitude", sql.Float),
    sql.Column("latitude", sql.Float),
    sql.Column("anonymised", sql.Boolean, nullable=False),
    sql.Column("police_reference", sql.Text, nullable=False),
    sql.Column("x", sql.Float),
    sql.Column("y", sql.Float),
    sql.Column("building", sql.Text, nullable=False),
    sql.Column("site", sql.Text, nullable=False),
    sql.Column("street", sql.Text, nullable=False),
    sql.Column("zone", sql.Text, nullable=False),
    sql.Column("precision", sql.Text, nullable=False),
    sql.Column("confidence", sql.Float, nullable=False),
    sql.UniqueConstraint("source", "key"),
)
# Free text stands apart, so that it can be purged without touching the record.
_details = sql.Table(
    "details",
    _metadata,
    sql.Column("source", sql.Text, primary_key=True),
    sql.Column("key", sql.Text, primary_key=True),
    sql.Column("text", sql.Text, nullable=False),
)


@dataclass(frozen=True)
class FileCounts:
    """What became of the rows of one file; ``accepted + rejected + duplicates = read``.

    Attributes
    ----------
    differing
        How many duplicates differ from the record that was kept.
    outside, unlocated
        How many of the accepted lie off the estate, or have no coordinates.
    """

    file: str
    source: str
    read: int
    accepted: int
    rejected: int
    duplicates: int
    differing: int
    outside: int
    unlocated: int


class Register:
    """The register of one workspace.

    Parameters
    ----------
    workspace
        Folder that holds ``planner.db``; it is made on the first import.
    """

    def __init__(self, workspace: Path):
        self.path = workspace / FILE_NAME
        self._engine = sql.create_engine(f"sqlite:///{self.path}")
        event.listen(self._engine, "connect", _prepare)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def record_import(
        self, files: Sequence[tuple[Intake, pd.DataFrame]], recorded_at: int
    ) -> list[FileCounts]:
        """Store what was read of one or more files, all or nothing.

        Parameters
        ----------
        files
            Each file's intake, and the places of its accepted incidents (as
            :func:`planner.incidents.locate.locate` returns them, same index).
        recorded_at
            The present moment, seconds since 1970.

        Raises
        ------
        WorkspaceError
            If the register cannot be written; nothing was stored.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(sql.text("PRAGMA journal_mode=WAL"))
                connection.execute(sql.text("BEGIN IMMEDIATE"))
                _metadata.create_all(connection)
                import_id = _insert_one(connection, _imports, {"recorded_at": recorded_at})
                return [_record_file(connection, import_id, *item) for item in files]
        except SQLAlchemyError as error:
            raise WorkspaceError(
                f"{self.path}: cannot be written ({_cause(error)}); nothing was stored."
            ) from error

    def incidents(self) -> pd.DataFrame:
        """Return all incidents with their places, in the order of import; times in UTC."""
        table = self._table(sql.select(_incidents).order_by(_incidents.c.id))
        for column in _MOMENTS:
            table[column] = pd.to_datetime(table[column], unit="s", utc=True)
        return table

    def periods(self) -> pd.DataFrame:
        """Return what the files cover: ``source``, ``starts_at``, ``ends_at`` (UTC)."""
        table = self._table(
            sql.select(_periods.c.source, _periods.c.starts_at, _periods.c.ends_at).distinct()
        )
        for column in ("starts_at", "ends_at"):
            table[column] = pd.to_datetime(table[column], unit="s", utc=True)
        return table.sort_values(["source", "starts_at", "ends_at"], ignore_index=True)

    def rejected(self) -> pd.DataFrame:
        """Return every rejected row: ``name`` (of the file), ``row``, ``reason``, ``text``."""
        joined = sql.select(_files.c.name, _rejected.c.row, _rejected.c.reason, _rejected.c.text)
        return self._table(joined.join_from(_rejected, _files))

    def _table(self, query: sql.Select[Any]) -> pd.DataFrame:
        if not self.path.exists():
            return pd.DataFrame({column.key: [] for column in query.selected_columns})
        try:
            with self._engine.connect() as connection:
                # A process that died in its first import leaves a register without tables.
                if not sql.inspect(connection).has_table(_incidents.name):
                    return pd.DataFrame({column.key: [] for column in query.selected_columns})
                return _read(connection, query)
        except SQLAlchemyError as error:
            raise WorkspaceError(
                f"{self.path}: is damaged or no register ({_cause(error)}); restore a backup."
            ) from error


def _prepare(connection: Any, _record: object) -> None:
    """Take transactions into our own hands and make commits durable."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=30000")


def _read(connection: sql.Connection, query: sql.Select[Any]) -> pd.DataFrame:
    found = connection.execute(query)
    return pd.DataFrame(found.fetchall(), columns=list(found.keys()))


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _insert_one(connection: sql.Connection, table: sql.Table, values: dict[str, Any]) -> int:
    key = connection.execute(sql.insert(table).values(values)).inserted_primary_key
    return int(key[0]) if key else 0


def _record_file(
    connection: sql.Connection, import_id: int, intake: Intake, places: pd.DataFrame
) -> FileCounts:
    table = _storable(pd.concat([intake.accepted, places], axis=1))
    known = _known(connection, intake.source)
    duplicate = table["key"].isin(known.index) | table["key"].duplicated()
    fresh = table[~duplicate]
    counts = FileCounts(
        intake.file, intake.source, intake.read, len(fresh), len(intake.rejected),
        int(duplicate.sum()), _differing(table[duplicate], fresh, known),
        int((fresh["precision"] == OUTSIDE).sum()), int((fresh["precision"] == UNLOCATED).sum()),
    )  # fmt: skip
    values = {"import_id": import_id, "name": intake.file, "source": intake.source}
    numbers = ("read", "accepted", "rejected", "duplicates")
    values |= {name: getattr(counts, name) for name in numbers} | {"digest": intake.digest}
    file_id = _insert_one(connection, _files, values)
    _insert_rows(connection, _incidents, fresh.drop(columns="details").assign(file_id=file_id))
    _insert_rows(connection, _details, _texts(fresh))
    _insert_rows(connection, _rejected, intake.rejected.assign(file_id=file_id))
    _insert_rows(connection, _periods, _covered(intake, file_id))
    return counts


def _storable(table: pd.DataFrame) -> pd.DataFrame:
    """Turn moments into whole seconds; what is missing is stored as NULL."""
    stored = table.copy()
    for column in _MOMENTS:
        stored[column] = _seconds(stored[column])
    return stored


def _seconds(moments: pd.Series) -> pd.Series:
    whole = moments.dt.as_unit("s").astype("int64").astype(object)
    return whole.where(moments.notna(), None)


def _known(connection: sql.Connection, source: str) -> pd.DataFrame:
    columns = [_incidents.c[name] for name in ("key", "category", "occurred_from", "place")]
    query = sql.select(*columns).where(_incidents.c.source == source)
    return _read(connection, query).set_index("key")


def _differing(duplicates: pd.DataFrame, fresh: pd.DataFrame, known: pd.DataFrame) -> int:
    """Count the duplicates whose category, time or place is not that of the kept record."""
    kept = pd.concat([known, fresh.set_index("key")[list(known.columns)]])
    mine = duplicates.set_index("key")[list(known.columns)]
    same = kept.loc[mine.index].astype(str).to_numpy() == mine.astype(str).to_numpy()
    return int((~same.all(axis=1)).sum())


def _texts(fresh: pd.DataFrame) -> pd.DataFrame:
    written = fresh.loc[fresh["details"] != "", ["source", "key", "details"]]
    return written.rename(columns={"details": "text"})


def _covered(intake: Intake, file_id: int) -> pd.DataFrame:
    rows = [(int(p.starts_at.timestamp()), int(p.ends_at.timestamp())) for p in intake.periods]
    table = pd.DataFrame(rows, columns=["starts_at", "ends_at"])
    return table.assign(file_id=file_id, source=intake.source)


def _insert_rows(connection: sql.Connection, table: sql.Table, rows: pd.DataFrame) -> None:
    if len(rows):
        clean = rows.astype(object).where(rows.notna(), None)
        connection.execute(sql.insert(table), clean.to_dict("records"))
