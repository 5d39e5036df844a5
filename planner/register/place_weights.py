"""Decisions on what the incidents of a place count: kept for good, logged, and verified.

A decision is never changed; the latest that covers an incident counts. Its entry in the audit log
holds a digest of the whole row, so that neither can be altered or removed unseen.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sql

from planner.register import audit
from planner.register.database import Register
from planner.register.engine import reading, writing
from planner.register.rows import insert_row, read_rows
from planner.register.schema import place_weights

WEIGH = "weigh"
_COLUMNS = ("id", "recorded_at", "place", "category", "starts_at", "weight")


def record_place_weight(
    register: Register,
    place: str,
    category: str,
    starts_at: int | None,
    weight: float,
    recorded_at: int,
    actor: str = "",
) -> None:
    """Store what a person decided that the incidents of a place count.

    Parameters
    ----------
    register
        Where to.
    place, category
        The place's key, and a category of the workspace's list; ``""`` for all.
    starts_at
        Seconds since 1970: only for what is recorded from then on; None for always.
    weight
        From 0 (left out) to 1 (as any other).
    recorded_at
        The present moment, seconds since 1970.
    actor
        Who decided, for the audit log.

    Raises
    ------
    ValueError
        If the weight is no number from 0 to 1.
    WorkspaceError
        If the register can't be written; then nothing is stored.
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"the weight of a place is {weight}; it must be from 0 to 1")
    row = {"place": place, "category": category, "starts_at": starts_at, "weight": float(weight)}
    with writing(register.engine) as connection:
        number = insert_row(connection, place_weights, recorded_at=recorded_at, **row)
        whole = row | {"id": number, "recorded_at": recorded_at}
        subject = {"place_weight": number, "weight": float(weight), "digest": _digest(whole)}
        audit.append_entry(connection, recorded_at, actor, WEIGH, subject)


def read_place_weights(register: Register, as_of: int | None = None) -> pd.DataFrame:
    """Return the decisions, in the order in which they were made.

    Parameters
    ----------
    register
        Where from.
    as_of
        Seconds since 1970: what was decided until then; until now if not given.

    Returns
    -------
    pandas.DataFrame
        ``recorded_at``, ``place``, ``category``, ``starts_at`` (NaT for always), ``weight``; times
        in UTC.
    """
    query = sql.select(*(place_weights.c[name] for name in _COLUMNS[1:]))
    if as_of is not None:
        query = query.where(place_weights.c.recorded_at <= as_of)
    with reading(register.engine) as connection:
        return read_rows(connection, query.order_by(place_weights.c.id))


def place_weight_faults(connection: sql.Connection, logged: list[Mapping[str, Any]]) -> list[str]:
    """Return which decisions were altered, added or removed behind the log's back, a sentence each.

    Parameters
    ----------
    connection
        A connection to a register, reading.
    logged
        The subjects of the log's entries.
    """
    found = connection.execute(sql.select(place_weights).order_by(place_weights.c.id)).mappings()
    stored = {int(row["id"]): _digest(dict(row)) for row in found}
    told = {
        subject["place_weight"]: subject.get("digest")
        for subject in logged
        if isinstance(subject.get("place_weight"), int)
    }
    altered = [number for number in stored if told.get(number, stored[number]) != stored[number]]
    return [
        *(f"The decision on a place (table 'place_weights', id {n}) was altered." for n in altered),
        *(
            f"The decision on a place (table 'place_weights', id {number}) is not in the audit log."
            for number in stored
            if number not in told
        ),
        *(
            f"Audit log: the decision on a place (table 'place_weights', id {number}) is gone."
            for number in told
            if number not in stored
        ),
    ]


def _digest(row: Mapping[str, Any]) -> str:
    written = audit.canonical({name: row[name] for name in _COLUMNS})
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
