"""What a register holds, held against its audit log: counts of rows, and digests of records."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sql

from planner.register.digests import DIGESTED, details_digests, record_digests, rows_digest
from planner.register.intelligence import intelligence_faults
from planner.register.place_weights import place_weight_faults
from planner.register.purge import PURGE, imported_texts
from planner.register.recording import IMPORT, REVIEW
from planner.register.rows import read_chunks, read_rows
from planner.register.schema import details, files, incidents, rejected_rows

_NAMED = 5
# What an import's entry says of each file; ``rows`` is a digest of the records that it brought.
_COUNTS = ("read", "accepted", "rejected", "duplicates", "corrected")
_LOGGED = ("id", "name", "source", "digest", *_COUNTS, "rows")


def content_faults(connection: sql.Connection, log: pd.DataFrame) -> list[str]:
    """Return what was altered in the records, a sentence each.

    Parameters
    ----------
    connection
        A connection to a register, reading.
    log
        As :func:`planner.register.audit.entries` returns it; its chain is checked elsewhere.
    """
    kept = _records(connection)
    return [
        *_named("records", kept.loc[kept["altered"], "id"]),
        *_named("free texts", kept.loc[kept["altered_text"], "id"]),
        *_count_faults(connection, kept),
        *_log_faults(connection, kept, log),
        *_review_faults(kept, log),
        *_purge_faults(kept, log),
        *intelligence_faults(connection, log),
        *place_weight_faults(connection, [_subject(text) for text in log["subject"]]),
    ]


def told_files(connection: sql.Connection) -> list[dict[str, Any]]:
    """Return what the audit log should say of the files of a register that has no log as yet."""
    return [dict(row) for row in _stored_files(connection, _records(connection)).to_dict("records")]


def _records(connection: sql.Connection) -> pd.DataFrame:
    """Read all records in chunks, and compute their digests anew."""
    names = ("id", "file_id", "cause", "digest", "details_digest", *DIGESTED)
    query = sql.select(*(incidents.c[name] for name in names), details.c.text.label("details"))
    joined = query.outerjoin_from(incidents, details).order_by(incidents.c.id)
    parts = [_digested(table) for table in read_chunks(connection, joined)]
    return pd.concat(parts, ignore_index=True)


def _digested(table: pd.DataFrame) -> pd.DataFrame:
    has_details = table["details"].notna()
    differs = details_digests(table["details"].fillna("")) != table["details_digest"]
    kept = table[["id", "file_id", "cause", "digest", "details_digest"]]
    return kept.assign(
        altered=record_digests(table) != table["digest"],
        altered_text=differs & has_details,
        missing_text=differs & ~has_details,
    )


def _named(what: str, ids: pd.Series) -> list[str]:
    if ids.empty:
        return []
    shown = ", ".join(str(number) for number in ids.head(_NAMED))
    more = ", ..." if len(ids) > _NAMED else ""
    return [f"{len(ids):,} {what} were altered (table 'incidents', id {shown}{more})."]


def _count_faults(connection: sql.Connection, kept: pd.DataFrame) -> list[str]:
    """Hold each file's counts against the rows that came from it."""
    table = read_rows(connection, sql.select(files).order_by(files.c.id)).set_index("id")
    # The rejected rows of a file that is imported again are not kept again.
    again = table.duplicated(["digest", "source"])
    expected = {"accepted": table["accepted"], "rejected": table["rejected"].mask(again, 0)}
    rows = {
        "accepted": kept.loc[kept["cause"] == IMPORT, "file_id"],
        "rejected": read_rows(connection, sql.select(rejected_rows.c.file_id))["file_id"],
    }
    found = {name: ids.value_counts().reindex(table.index, fill_value=0)
             for name, ids in rows.items()}  # fmt: skip
    return [
        f"File '{table.at[number, 'name']}' (id {number}): {expected[name][number]:,} {name} rows "
        f"were stored, {found[name][number]:,} are there."
        for name in rows
        for number in table.index[expected[name] != found[name]]
    ]


def _log_faults(connection: sql.Connection, kept: pd.DataFrame, log: pd.DataFrame) -> list[str]:
    """Hold what the log says of each file against what is there."""
    stored, logged = _stored_files(connection, kept), _logged_files(log)
    matched = logged.merge(stored, how="outer", on=list(_LOGGED), indicator="where")
    unstored = matched[matched["where"] == "left_only"]
    unlogged = matched[(matched["where"] == "right_only") & ~matched["id"].isin(logged["id"])]
    return [
        f"Audit log: entry {number:.0f} says of file '{name}' (id {file_id}) what the register "
        "does not hold."
        for number, name, file_id in unstored[["entry", "name", "id"]].itertuples(index=False)
    ] + [
        f"File '{name}' (id {file_id}) is not in the audit log."
        for name, file_id in unlogged[["name", "id"]].itertuples(index=False)
    ]


def _stored_files(connection: sql.Connection, kept: pd.DataFrame) -> pd.DataFrame:
    table = read_rows(connection, sql.select(files))
    imported = kept[kept["cause"] == IMPORT].sort_values("file_id", kind="stable")
    starts = imported["file_id"].searchsorted(table["id"], side="left")
    ends = imported["file_id"].searchsorted(table["id"], side="right")
    marks = imported[["digest", "details_digest"]].to_numpy(np.int64)
    table["rows"] = [
        rows_digest(marks[start:end, 0], marks[start:end, 1])
        for start, end in zip(starts, ends, strict=True)
    ]
    return table[list(_LOGGED)].astype("str")


def _logged_files(log: pd.DataFrame) -> pd.DataFrame:
    said = [
        {"entry": number} | {name: str(file.get(name)) for name in _LOGGED}
        for number, subject in zip(log["number"], log["subject"], strict=True)
        for file in _listed(_subject(subject).get("files"))
    ]
    table = pd.DataFrame(said, columns=["entry", *_LOGGED])
    return table.astype(dict.fromkeys(_LOGGED, "str"))


def _listed(value: object) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _review_faults(kept: pd.DataFrame, log: pd.DataFrame) -> list[str]:
    """Hold how many versions decisions made against what the log knows of."""
    logged = sum(_number(subject, "moved") for subject in log["subject"].map(_subject))
    there = int((kept["cause"] == REVIEW).sum())
    if there == logged:
        return []
    return [f"Decisions made {logged:,} versions by the audit log; {there:,} are there."]


def _purge_faults(kept: pd.DataFrame, log: pd.DataFrame) -> list[str]:
    """Find free text that is gone, though no purge removed it."""
    purges = log.loc[log["action"] == PURGE, "subject"].map(_subject)
    logged = sum(imported_texts(subject) for subject in purges)
    gone = int((kept["missing_text"] & (kept["cause"] == IMPORT)).sum())
    if gone == logged:
        return []
    return [f"{gone:,} free texts are gone; the audit log knows of {logged:,} that were purged."]


def _number(subject: Mapping[str, Any], name: str) -> int:
    value = subject.get(name)
    return value if isinstance(value, int) else 0


def _subject(text: str) -> dict[str, Any]:
    """Read an entry's subject; what was altered into no JSON is the chain's matter."""
    try:
        subject = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return subject if isinstance(subject, dict) else {}
