"""Storing what a person decided of places: incidents get a new version, earlier ones stay."""

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sql

from planner.incidents.model import PLACE_COLUMNS
from planner.register.digests import rows_digest
from planner.register.recording import REVIEW, insert_incidents, next_id
from planner.register.rows import read_rows
from planner.register.schema import details, incidents

# As many values as the older databases take in one question.
_AT_ONCE = 5_000


def record_decision(
    connection: sql.Connection, moved: pd.DataFrame, recorded_at: int
) -> dict[str, object] | None:
    """Add a version with another place to each of some incidents, in the caller's transaction.

    Parameters
    ----------
    connection
        A connection that no other writer can overtake.
    moved
        Indexed by the ids of the versions that count, columns ``PLACE_COLUMNS``.
    recorded_at
        The present moment, seconds since 1970.

    Returns
    -------
    dict or None
        What the audit log keeps of it; None where an incident has a newer version by now, or
        none has that id: then the caller must let nothing be stored.
    """
    stored = [
        _add_versions(connection, moved.iloc[start : start + _AT_ONCE], recorded_at)
        for start in range(0, len(moved), _AT_ONCE)
    ]
    rows = pd.concat(stored) if stored else pd.DataFrame(columns=["digest", "details_digest"])
    if len(rows) < len(moved):
        return None
    digests = (rows[name].to_numpy(dtype=np.int64) for name in ("digest", "details_digest"))
    return {"moved": len(rows), "rows": rows_digest(*digests)}


def _add_versions(
    connection: sql.Connection, moved: pd.DataFrame, recorded_at: int
) -> pd.DataFrame:
    rows = read_rows(connection, _current([int(number) for number in moved.index]))
    rows[PLACE_COLUMNS] = moved.loc[rows["id"], PLACE_COLUMNS].set_axis(rows.index)
    first = next_id(connection)
    added = rows.assign(
        id=np.arange(first, first + len(rows)),
        recorded_at=recorded_at,
        cause=REVIEW,
        version=rows["version"] + 1,
    )
    insert_incidents(connection, added)
    return added


def _current(ids: list[int]) -> sql.Select[Any]:
    """Select those of some versions that no later one has replaced, with their free text."""
    later = incidents.alias()
    replaced = sql.exists().where(
        later.c.source == incidents.c.source,
        later.c.key == incidents.c.key,
        later.c.version > incidents.c.version,
    )
    text = sql.func.coalesce(details.c.text, "", type_=sql.Text).label("details")
    query = sql.select(incidents, text).outerjoin(details)
    return query.where(incidents.c.id.in_(ids), ~replaced).order_by(incidents.c.id)
