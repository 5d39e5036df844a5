"""The audit log of a register: a chain of entries in which no link can be changed unseen.

Each entry's hash is over its content and the hash of the entry before it, as in Stuart Haber and
W. Scott Stornetta, "How to time-stamp a digital document", Journal of Cryptology 3, 1991. Entries
hold digests and counts, never text from a record. A cut tail leaves a chain that is whole; it
shows beside a head that was written down elsewhere, such as the one printed on a briefing.
"""

import hashlib
import json
from collections.abc import Mapping

import pandas as pd
import sqlalchemy as sql

from planner.register.schema import audit

# What the first entry follows.
NO_ENTRY = ""


def append_entry(
    connection: sql.Connection,
    recorded_at: int,
    actor: str,
    action: str,
    subject: Mapping[str, object],
) -> str:
    """Add an entry to the log, as part of the caller's transaction.

    Parameters
    ----------
    connection
        A connection that no other writer can overtake (see ``planner.register.engine.writing``).
    recorded_at
        The present moment, seconds since 1970.
    actor, action
        Who did what: ``"import"``, ``"review"``, ``"purge"``, ...
    subject
        To what: numbers, digests and names that JSON can hold; never text of a record.

    Returns
    -------
    str
        The hash of the new entry, which is the head of the chain from now on.

    Raises
    ------
    ValueError
        If the subject holds a number that isn't finite.
    """
    last, previous = head(connection)
    number, written = last + 1, canonical(subject)
    made = entry_hash(number, recorded_at, actor, action, written, previous)
    connection.execute(
        sql.insert(audit).values(
            number=number,
            recorded_at=recorded_at,
            actor=actor,
            action=action,
            subject=written,
            previous=previous,
            hash=made,
        )
    )
    return made


def head(connection: sql.Connection) -> tuple[int, str]:
    """Return the number and the hash of the last entry; 0 and ``""`` where there is none."""
    last = sql.select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
    found = connection.execute(last).first()
    return (int(found.number), str(found.hash)) if found else (0, NO_ENTRY)


def entry_of(connection: sql.Connection, action: str, subject: Mapping[str, object]) -> str:
    """Return the hash of the first entry that says this; ``""`` where there is none."""
    same = (audit.c.action == action) & (audit.c.subject == canonical(subject))
    query = sql.select(audit.c.hash).where(same).order_by(audit.c.number).limit(1)
    return str(connection.execute(query).scalar() or NO_ENTRY)


def entries(connection: sql.Connection) -> pd.DataFrame:
    """Return the log in the order of its numbers, one row an entry, columns as in the schema."""
    found = connection.execute(sql.select(audit).order_by(audit.c.number))
    return pd.DataFrame(found.fetchall(), columns=list(found.keys()))


def canonical(subject: Mapping[str, object]) -> str:
    """Write a subject as JSON in the one form that is hashed: keys sorted, no spaces.

    Raises
    ------
    ValueError
        If it holds a number that isn't finite.
    """
    return json.dumps(
        subject, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def entry_hash(
    number: int, recorded_at: int, actor: str, action: str, subject: str, previous: str
) -> str:
    """Return the SHA-256 of an entry, in hexadecimal.

    The fields are hashed as one JSON list, so that no two entries are written alike.
    """
    fields = [number, recorded_at, actor, action, subject, previous]
    written = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
