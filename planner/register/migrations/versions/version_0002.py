"""Versions of incidents, decisions on places and matches, and the audit log."""

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sql
from alembic import op

from planner.register.digests import details_digests, record_digests
from planner.register.rows import insert_rows, read_chunks

revision = "0002"
down_revision = "0001"

# From those that point at others to those that are pointed at.
_FORMER = ("details", "incidents", "rejected_rows", "periods", "files", "imports")
# What a file brought is kept once, however often it was imported.
_FIRST_TIME = (
    "WHERE file_id IN (SELECT min(id) FROM former_files GROUP BY source, digest) ORDER BY file_id"
)
_LOCATED = ("building", "site", "street")
_NOT_KNOWN_THEN = {"clock": "", "marking": "", "permission": "", "grade": "", "apart_m": np.nan}


def upgrade() -> None:
    """Make the tables anew and fill them with what the former ones held."""
    for name in _FORMER:
        op.execute(f"CREATE TABLE former_{name} AS SELECT * FROM {name}")  # noqa: S608
        op.drop_table(name)
    _make_files()
    incidents, details = _make_incidents()
    _make_decisions()
    _carry_files()
    _carry_incidents(op.get_bind(), incidents, details)
    for name in _FORMER:
        op.drop_table(f"former_{name}")


def _id() -> sql.Column[int]:
    return sql.Column("id", sql.Integer, primary_key=True)


def _file() -> sql.Column[int]:
    return sql.Column("file_id", sql.Integer, sql.ForeignKey("files.id"), nullable=False)


def _texts(*names: str) -> list[sql.Column[str]]:
    return [sql.Column(name, sql.Text, nullable=False, server_default="") for name in names]


def _moments(*names: str) -> list[sql.Column[int]]:
    return [sql.Column(name, sql.BigInteger, nullable=False) for name in names]


def _numbers(*names: str) -> list[sql.Column[int]]:
    return [sql.Column(name, sql.Integer, nullable=False) for name in names]


def _measures(*names: str) -> list[sql.Column[float]]:
    return [sql.Column(name, sql.Double) for name in names]


def _make_files() -> None:
    op.create_table("imports", _id(), *_moments("recorded_at"))
    op.create_table(
        "files",
        _id(),
        sql.Column("import_id", sql.Integer, sql.ForeignKey("imports.id"), nullable=False),
        *_texts("name", "source", "digest", "header"),
        *_numbers("read", "accepted", "rejected", "duplicates", "corrected"),
    )
    op.create_table(
        "periods",
        _id(),
        _file(),
        *_texts("source"),
        *_moments("starts_at", "ends_at"),
        *_texts("area"),
    )
    op.create_table("rejected_rows", _id(), _file(), *_numbers("row"), *_texts("reason", "text"))


def _make_incidents() -> tuple[sql.Table, sql.Table]:
    incidents = op.create_table(
        "incidents",
        _id(),
        _file(),
        *_moments("recorded_at"),
        *_texts("cause", "source", "key"),
        *_numbers("version"),
        *_moments("digest", "details_digest"),
        *_texts("reference", "category"),
        *_moments("occurred_from", "occurred_to"),
        *_texts("time_known", "clock"),
        sql.Column("reported_at", sql.BigInteger),
        *_texts("place"),
        *_measures("longitude", "latitude"),
        sql.Column("anonymised", sql.Boolean, nullable=False),
        *_texts("police_reference", "marking", "permission", "grade"),
        *_measures("x", "y"),
        *_texts("building", "site", "street", "zone", "precision"),
        sql.Column("confidence", sql.Double, nullable=False),
        *_measures("apart_m"),
        sql.UniqueConstraint("source", "key", "version"),
    )
    details = op.create_table(
        "details",
        sql.Column("incident_id", sql.Integer, sql.ForeignKey("incidents.id"), primary_key=True),
        sql.Column("text", sql.Text, nullable=False),
    )
    return incidents, details


def _make_decisions() -> None:
    op.create_table(
        "aliases", _id(), *_moments("recorded_at"), *_texts("place", "site", "building")
    )
    op.create_table(
        "matches",
        _id(),
        *_moments("recorded_at"),
        *_texts("source", "key", "other_source", "other_key"),
        sql.Column("same", sql.Boolean, nullable=False),
    )
    op.create_table(
        "audit",
        sql.Column("number", sql.Integer, primary_key=True, autoincrement=False),
        *_moments("recorded_at"),
        *_texts("actor", "action", "subject", "previous", "hash"),
    )


def _carry_files() -> None:
    _carry("imports", "id, recorded_at", "ORDER BY id")
    counts = "read, accepted, rejected, duplicates"
    kept = f"id, import_id, name, source, digest, {counts}"
    op.execute(f"INSERT INTO files ({kept}, corrected) SELECT {kept}, 0 FROM former_files")  # noqa: S608
    _carry("periods", "file_id, source, starts_at, ends_at", _FIRST_TIME)
    _carry("rejected_rows", 'file_id, "row", reason, text', _FIRST_TIME)


def _carry(table: str, columns: str, which: str) -> None:
    """Carry some rows over; the numbers that the new table gives them follow their order."""
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM former_{table} {which}")  # noqa: S608


def _carry_incidents(connection: sql.Connection, incidents: sql.Table, details: sql.Table) -> None:
    for rows in read_chunks(connection, _former(incidents)):
        texts = rows["details"].fillna("")
        new = rows.assign(cause="import", version=1, **_NOT_KNOWN_THEN)
        new["precision"] = _precision(rows)
        new = new.assign(digest=record_digests(new), details_digest=details_digests(texts))
        insert_rows(connection, incidents, new)
        written = pd.DataFrame({"incident_id": rows["id"], "text": rows["details"]})
        insert_rows(connection, details, written.dropna())


def _former(incidents: sql.Table) -> sql.Select[Any]:
    """Select the former incidents with the moment of their import and their free text."""
    lacked = {"recorded_at", "cause", "version", "digest", "details_digest", *_NOT_KNOWN_THEN}
    columns = [sql.column(c.name, c.type) for c in incidents.columns if c.name not in lacked]
    old = sql.table("former_incidents", *columns)
    file = sql.table("former_files", sql.column("id"), sql.column("import_id"))
    whole = sql.table("former_imports", sql.column("id"), sql.column("recorded_at", sql.BigInteger))
    text = sql.table(
        "former_details", *(sql.column(n, sql.Text) for n in ("source", "key", "text"))
    )
    query = sql.select(old, whole.c.recorded_at, text.c.text.label("details"))
    query = query.join_from(old, file, file.c.id == old.c.file_id)
    query = query.join(whole, whole.c.id == file.c.import_id)
    same = (text.c.source == old.c.source) & (text.c.key == old.c.key)
    return query.outerjoin(text, same).order_by(old.c.id)


def _precision(rows: pd.DataFrame) -> pd.Series:
    """Name the precisions as they are named now."""
    named = rows["precision"].replace("unlocated", "unknown")
    # Version 0.1.0 located by coordinates alone, and said what they fell upon.
    return named.mask(named.isin(_LOCATED) & rows["longitude"].notna(), "exact")
