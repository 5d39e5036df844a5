"""Purging free text whose time has come: the text goes for good, the records stay.

Text is counted from when it was first recorded: that a person placed the record since, or that a
later file repeated the same text, gives it no new life. The audit log keeps how many texts went
and digests of which, never a text.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sql

from planner.incidents.categories import handled
from planner.register.audit import append_entry
from planner.register.intelligence import INTELLIGENCE, due_texts, remove_texts
from planner.register.recording import IMPORT
from planner.register.rows import read_rows
from planner.register.schema import details, files, imports, incidents, rejected_rows
from planner.settings import Retention, Settings

DAY_S = 86_400
PURGE = "purge"
USUAL, SENSITIVE = "usual", "sensitive"
EARLIER, REJECTED = "earlier versions", "rejected rows"
CLASSES = (USUAL, SENSITIVE, EARLIER, REJECTED, INTELLIGENCE)
_AT_ONCE = 5_000
# From the first quotation mark that opens to the last that closes: a quoted value can hold others.
_QUOTED = r"""(?s)(?<!\w)['"](?:.*['"](?!\w)|.*)"""


@dataclass(frozen=True)
class Purged:
    """How many texts went (or would go), by class.

    Attributes
    ----------
    counts
        For each of ``CLASSES``, a number.
    head
        The hash of the purge's entry in the audit log; ``""`` where nothing was written.
    """

    counts: dict[str, int]
    head: str = ""

    @property
    def total(self) -> int:
        """How many texts, of all classes."""
        return sum(self.counts.values())


def purge(
    connection: sql.Connection,
    settings: Settings,
    now: int,
    actor: str,
    *,
    dry_run: bool = False,
) -> Purged:
    """Remove the free text that is due, as part of the caller's transaction.

    Call :func:`planner.register.traces.erase_traces` once the transaction is committed; until
    then the text may still stand in files of the database.

    Parameters
    ----------
    connection
        A connection that may write.
    settings
        The workspace's categories and times of retention.
    now
        The present moment, seconds since 1970.
    actor
        Who purges, for the audit log.
    dry_run
        Count only; nothing is changed.
    """
    due_details = _due_details(connection, settings, now)
    due_rows = _due_rejected(connection, now - settings.retention.rejected_days * DAY_S)
    found = {name: due_details[due_details["class"] == name] for name in CLASSES}
    found[REJECTED] = due_rows
    # Counted from when the entry was over: until then it may be in force.
    found[INTELLIGENCE] = due_texts(connection, now - settings.retention.usual_days * DAY_S)
    counts = {name: len(rows) for name, rows in found.items()}
    if dry_run or not any(counts.values()):
        return Purged(counts)
    _remove_details(connection, due_details["id"])
    _empty_rejected(connection, due_rows)
    remove_texts(connection, found[INTELLIGENCE]["id"].tolist())
    subject = {name: _told(rows) for name, rows in found.items() if len(rows)}
    return Purged(counts, append_entry(connection, now, actor, PURGE, subject))


def imported_texts(subject: Mapping[str, Any]) -> int:
    """Say how many texts that an import brought a purge removed, by its entry in the log.

    Versions that a decision made hold copies of such texts, or none where it was purged before.
    """
    said = [subject[name] for name in CLASSES if name in subject]
    counts = [item.get("imported") for item in said if isinstance(item, dict)]
    return sum(count for count in counts if isinstance(count, int))


def _due_details(connection: sql.Connection, settings: Settings, now: int) -> pd.DataFrame:
    """Return the details that are due: ``id``, ``mark`` (a digest), ``cause``, ``class``."""
    retention = settings.retention
    oldest = now - DAY_S * min(
        retention.usual_days, retention.sensitive_days, retention.earlier_versions_days
    )
    table = read_rows(connection, _kept_details(oldest))
    sensitive = handled(table["category"].astype("str"), settings.categories)["sensitive"]
    days, table["class"] = _allowed(table["current"].astype(bool), sensitive, retention)
    return table.loc[table["since"] <= now - days * DAY_S, ["id", "mark", "cause", "class"]]


def _kept_details(oldest: int) -> sql.Select[Any]:
    """Select the details recorded until a moment, and whether their version still counts."""
    record = [incidents.c.source, incidents.c.key]
    same_text = [*record, incidents.c.details_digest]
    versions = sql.select(
        incidents.c.id,
        incidents.c.cause,
        incidents.c.category,
        incidents.c.details_digest.label("mark"),
        sql.func.min(incidents.c.recorded_at).over(partition_by=same_text).label("since"),
        (incidents.c.version == sql.func.max(incidents.c.version).over(partition_by=record)).label(
            "current"
        ),
    ).subquery()
    joined = sql.select(versions).join(details, details.c.incident_id == versions.c.id)
    return joined.where(versions.c.since <= oldest).order_by(versions.c.id)


def _allowed(
    current: pd.Series, sensitive: pd.Series, retention: Retention
) -> tuple[pd.Series, pd.Series]:
    """Return how many days each text may be kept, and the class that says so.

    An earlier version is never kept longer than its own category allows.
    """
    days = np.where(sensitive, retention.sensitive_days, retention.usual_days)
    by_category = np.where(sensitive, SENSITIVE, USUAL)
    earlier = ~current.to_numpy() & (retention.earlier_versions_days <= days)
    return (
        pd.Series(np.where(earlier, retention.earlier_versions_days, days), index=current.index),
        pd.Series(np.where(current, by_category, EARLIER), index=current.index),
    )


def _due_rejected(connection: sql.Connection, before: int) -> pd.DataFrame:
    """Return the rejected rows that are due: ``id``, ``mark``, ``reason`` as it will be."""
    query = (
        sql.select(
            rejected_rows.c.id,
            rejected_rows.c.row.label("mark"),
            rejected_rows.c.reason,
            (rejected_rows.c.text != "").label("has_text"),
        )
        .join(files, files.c.id == rejected_rows.c.file_id)
        .join(imports, imports.c.id == files.c.import_id)
        .where(imports.c.recorded_at <= before)
        .order_by(rejected_rows.c.id)
    )
    table = read_rows(connection, query)
    reasons = table["reason"].astype("str").map(without_quotations).astype("str")
    changed = table["has_text"].astype(bool) | (reasons != table["reason"])
    return table.assign(reason=reasons).loc[changed, ["id", "mark", "reason"]]


def without_quotations(reason: str) -> str:
    """Replace what a reason quotes of its row by ``…``."""
    return re.sub(_QUOTED, "…", reason)


def _remove_details(connection: sql.Connection, ids: pd.Series) -> None:
    for chunk in _chunks(ids.tolist()):
        connection.execute(sql.delete(details).where(details.c.incident_id.in_(chunk)))


def _empty_rejected(connection: sql.Connection, due: pd.DataFrame) -> None:
    change = (
        sql.update(rejected_rows)
        .where(rejected_rows.c.id == sql.bindparam("row_id"))
        .values(text="", reason=sql.bindparam("new_reason"))
    )
    values = due.rename(columns={"id": "row_id", "reason": "new_reason"})
    for chunk in _chunks(values[["row_id", "new_reason"]].to_dict("records")):
        connection.execute(change, chunk)


def _chunks(items: list[Any]) -> Iterator[list[Any]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


def _told(rows: pd.DataFrame) -> dict[str, object]:
    """Return what the log keeps: how many texts went, and which, by numbers and marks of rows."""
    digest = hashlib.sha256(rows[["id", "mark"]].to_numpy("<i8").tobytes()).hexdigest()
    told: dict[str, object] = {"texts": len(rows), "digest": digest}
    if "cause" in rows:
        told["imported"] = int((rows["cause"] == IMPORT).sum())
    return told
