"""Graded entries of intelligence in the register: each change adds a version, none is lost.

The audit log keeps an entry's identifier, version and digest, never its text. The free texts stand
apart from the rest, so that they can be purged when the entry is long over.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sql

from planner.errors import IntelligenceError
from planner.incidents.intelligence import REMOVED, Entry, Status
from planner.register import audit
from planner.register.engine import reading, writing
from planner.register.rows import insert_row
from planner.register.schema import intelligence

INTELLIGENCE = "intelligence"
ADD = "add"
# What leads to each status.
CAUSES: dict[Status, str] = {"active": "on", "off": "off", "withdrawn": "withdraw"}
_TEXTS = ("what", "conditions")
_DIGESTED = (
    "recorded_at", "entry", "version", "cause", "status", "actor", "content", "ends_at",
    "texts_digest",
)  # fmt: skip


def add_entry(engine: sql.Engine, entry: Entry, recorded_at: int, actor: str = "") -> None:
    """Store a new entry.

    Parameters
    ----------
    engine
        The register's.
    entry
        The entry.
    recorded_at
        The present moment, seconds since 1970.
    actor
        The role that records it, for the audit log.

    Raises
    ------
    IntelligenceError
        If the very same was recorded in this second.
    WorkspaceError
        If the register can't be written; then nothing is stored.
    """
    with writing(engine) as connection:
        if _latest(connection, entry.id) is not None:
            raise IntelligenceError(
                f"The entry '{entry.id}' is recorded already; nothing was stored."
            )
        _add_version(connection, _row(entry, ADD, 1, recorded_at, actor))


def change_status(
    engine: sql.Engine, entry_id: str, status: Status, recorded_at: int, actor: str = ""
) -> Entry:
    """Switch an entry off or on, or withdraw it for good; return it as it is now.

    Raises
    ------
    IntelligenceError
        If there is no such entry, it is so already, or it was withdrawn.
    WorkspaceError
        If the register can't be written; then nothing is stored.
    """
    with writing(engine) as connection:
        found = _latest(connection, entry_id)
        if found is None:
            raise IntelligenceError(
                f"There is no entry '{entry_id[:40]}'; 'planner intelligence list' names them."
            )
        if found["status"] == "withdrawn":
            raise IntelligenceError(
                f"The entry '{entry_id}' was withdrawn, which is for good; add it anew."
            )
        if found["status"] == status:
            raise IntelligenceError(f"The entry '{entry_id}' is {status} already.")
        changed = {
            **{name: found[name] for name in ("entry", "content", "ends_at", "texts")},
            "texts_digest": found["texts_digest"],
            "version": found["version"] + 1,
            "cause": CAUSES[status],
            "status": status,
            "recorded_at": recorded_at,
            "actor": actor,
        }
        _add_version(connection, changed)
    return _entry(changed)


def entries_until(engine: sql.Engine, as_of: int | None = None) -> tuple[Entry, ...]:
    """Return each entry as it counts, in the order of their first recording.

    Parameters
    ----------
    engine
        The register's.
    as_of
        Seconds since 1970: what was recorded until then; until now if not given.
    """
    until = intelligence.c.recorded_at <= as_of if as_of is not None else sql.true()
    latest = sql.select(
        intelligence.c.entry,
        sql.func.max(intelligence.c.version).label("version"),
        sql.func.min(intelligence.c.id).label("first"),
    )
    newest = latest.where(until).group_by(intelligence.c.entry).subquery()
    query = sql.select(intelligence).join(
        newest,
        (newest.c.entry == intelligence.c.entry) & (newest.c.version == intelligence.c.version),
    )
    with reading(engine) as connection:
        found = connection.execute(query.order_by(newest.c.first)).mappings()
        rows = [dict(row) for row in found]
    return tuple(_entry(row) for row in rows)


def intelligence_faults(connection: sql.Connection, log: pd.DataFrame) -> list[str]:
    """Return what was altered in the entries, held against themselves and the audit log.

    Parameters
    ----------
    connection
        A connection to a register, reading.
    log
        As :func:`planner.register.audit.entries` returns it.
    """
    query = sql.select(intelligence).order_by(intelligence.c.id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    altered = [row for row in rows if _row_digest(row) != row["digest"]]
    texts = [row for row in rows if row["texts"] and _sha(row["texts"]) != row["texts_digest"]]
    return [
        *(f"Intelligence: entry {_named(row)} was altered." for row in altered),
        *(f"Intelligence: the text of entry {_named(row)} was altered." for row in texts),
        *_log_faults(rows, log),
        *_purge_faults(rows, log),
    ]


def _named(row: Mapping[str, Any]) -> str:
    return f"'{row['entry']}', version {row['version']},"


def _log_faults(rows: list[dict[str, Any]], log: pd.DataFrame) -> list[str]:
    said = (_subject(text) for text in log.loc[log["action"] == INTELLIGENCE, "subject"])
    names = ("entry", "version", "digest")
    logged = {tuple(str(subject.get(name)) for name in names) for subject in said}
    stored = {tuple(str(row[name]) for name in names) for row in rows}
    return [
        f"Intelligence: version {version} of entry '{entry}' is in the audit log and not in the "
        "register."
        for entry, version, _ in sorted(logged - stored)
    ] + [
        f"Intelligence: version {version} of entry '{entry}' is not in the audit log."
        for entry, version, _ in sorted(stored - logged)
    ]


def _purge_faults(rows: list[dict[str, Any]], log: pd.DataFrame) -> list[str]:
    said = (
        _subject(text).get(INTELLIGENCE) for text in log.loc[log["action"] == "purge", "subject"]
    )
    counts = [item.get("texts") for item in said if isinstance(item, dict)]
    logged = sum(count for count in counts if isinstance(count, int))
    gone = sum(not row["texts"] for row in rows)
    if gone == logged:
        return []
    return [
        f"Intelligence: {gone:,} texts are gone; the audit log knows of {logged:,} that were "
        "purged."
    ]


def _subject(text: str) -> dict[str, Any]:
    """Read an entry's subject; what was altered into no JSON is the chain's matter."""
    try:
        subject = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return subject if isinstance(subject, dict) else {}


def due_texts(connection: sql.Connection, before: int) -> pd.DataFrame:
    """Return the texts of entries that were over by a moment: ``id``, ``mark`` (the version)."""
    query = sql.select(intelligence.c.id, intelligence.c.version.label("mark"))
    due = query.where(intelligence.c.ends_at <= before, intelligence.c.texts != "")
    found = connection.execute(due.order_by(intelligence.c.id)).all()
    return pd.DataFrame(found, columns=["id", "mark"]).astype("int64")


def remove_texts(connection: sql.Connection, ids: list[int]) -> None:
    """Remove the texts of some versions for good, as part of the caller's transaction."""
    change = sql.update(intelligence).where(intelligence.c.id == sql.bindparam("row_id"))
    if ids:
        connection.execute(change.values(texts=""), [{"row_id": number} for number in ids])


def _latest(connection: sql.Connection, entry_id: str) -> dict[str, Any] | None:
    query = sql.select(intelligence).where(intelligence.c.entry == entry_id)
    found = connection.execute(query.order_by(intelligence.c.version.desc()).limit(1))
    row = found.mappings().first()
    return dict(row) if row else None


def _add_version(connection: sql.Connection, row: dict[str, Any]) -> None:
    digest = _row_digest(row)
    insert_row(connection, intelligence, **row, digest=digest)
    subject = {"entry": row["entry"], "version": row["version"], "digest": digest,
               "status": row["status"]}  # fmt: skip
    audit.append_entry(connection, row["recorded_at"], row["actor"], INTELLIGENCE, subject)


def _row(entry: Entry, cause: str, version: int, recorded_at: int, actor: str) -> dict[str, Any]:
    content = entry.model_dump(mode="json", exclude={*_TEXTS, "status"})
    texts = json.dumps([getattr(entry, name) for name in _TEXTS], ensure_ascii=False)
    return {
        "recorded_at": recorded_at,
        "entry": entry.id,
        "version": version,
        "cause": cause,
        "status": entry.status,
        "actor": actor,
        "content": audit.canonical(content),
        "ends_at": int(entry.ends_at.timestamp()),
        "texts": texts,
        "texts_digest": _sha(texts),
    }


def _row_digest(row: Mapping[str, Any]) -> str:
    return _sha(audit.canonical({name: row[name] for name in _DIGESTED}))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _entry(row: Mapping[str, Any]) -> Entry:
    texts = json.loads(row["texts"]) if row["texts"] else [REMOVED, ""]
    content = json.loads(row["content"]) | dict(zip(_TEXTS, texts, strict=True))
    return Entry.model_validate(content | {"status": row["status"]})
