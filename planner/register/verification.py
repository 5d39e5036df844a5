"""Verifying a register: whether anything was altered, removed or put in another order.

What stands in the register is held against its audit log, and the log against itself. A chain
proves nothing about its own end, so give a head that was written down elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from planner.register.audit import NO_ENTRY, entries, entry_hash
from planner.register.contents import content_faults
from planner.register.schema import metadata

# A head that a person types from paper may be its beginning; shorter ones prove too little.
SHORTEST_HEAD = 12


@dataclass(frozen=True)
class Findings:
    """What a verification found.

    Attributes
    ----------
    faults
        What is wrong, a sentence each; empty where nothing was altered.
    head
        The hash of the log's last entry; ``""`` where there is none.
    entries
        How many entries the log has.
    """

    faults: tuple[str, ...]
    head: str
    entries: int

    @property
    def ok(self) -> bool:
        """Whether nothing was altered."""
        return not self.faults


def verify(connection: sql.Connection, known_head: str | None = None) -> Findings:
    """Hold a register against its audit log.

    Parameters
    ----------
    connection
        A connection to a register, reading.
    known_head
        A hash that the log once ended in, such as one printed on a briefing, or at least its
        first ``SHORTEST_HEAD`` characters.
    """
    damage = _checked(lambda: _damage(connection))
    if damage:
        return Findings(tuple(damage), NO_ENTRY, 0)
    log = entries(connection)
    faults = chain_faults(log) + _head_faults(log, known_head)
    faults += _checked(lambda: _lost_rows(connection))
    faults += _checked(lambda: content_faults(connection, log))
    last = str(log["hash"].iloc[-1]) if len(log) else NO_ENTRY
    return Findings(tuple(faults), last, len(log))


def chain_faults(log: pd.DataFrame) -> list[str]:
    """Return what is wrong with a log's chain, a sentence for each break.

    Parameters
    ----------
    log
        As :func:`planner.register.audit.entries` returns it.
    """
    faults, last, last_hash = [], 0, NO_ENTRY
    for entry in log.itertuples(index=False):
        if entry.number != last + 1:
            faults.append(f"Audit log: {_span(last + 1, entry.number - 1)} missing.")
        elif entry.previous != last_hash:
            faults.append(
                f"Audit log: entry {entry.number} does not follow {_before(last)}; one of them "
                "was altered or stands in another's place."
            )
        content = (entry.number, entry.recorded_at, entry.actor, entry.action, entry.subject)
        if entry_hash(*content, entry.previous) != entry.hash:
            faults.append(f"Audit log: entry {entry.number} ({entry.action}) was altered.")
        last, last_hash = entry.number, entry.hash
    return faults


def _span(first: int, last: int) -> str:
    return f"entry {first} is" if first >= last else f"entries {first} to {last} are"


def _before(number: int) -> str:
    return f"entry {number}" if number else "the log's beginning"


def _head_faults(log: pd.DataFrame, known_head: str | None) -> list[str]:
    if known_head is None:
        return []
    wanted = known_head.strip().lower()
    if len(wanted) < SHORTEST_HEAD:
        return [
            f"The head '{known_head}' is too short to prove anything; give at least "
            f"{SHORTEST_HEAD} characters of it."
        ]
    if log["hash"].astype("str").str.startswith(wanted).any():
        return []
    return [
        f"Audit log: no entry has the head '{known_head}'; the log was cut or written anew after "
        "that head was noted (or it is another register's)."
    ]


def _checked(check: Callable[[], list[str]]) -> list[str]:
    """Run a check; what cannot even be read is a fault too."""
    try:
        return check()
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        return [f"The register is damaged and can't be read ({cause}); restore a backup."]


def _damage(connection: sql.Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [f"The file is damaged: {text}" for text in found if text != "ok"]


def _lost_rows(connection: sql.Connection) -> list[str]:
    """Find rows whose owner is gone, table by table."""
    return [text for key in _foreign_keys() for text in _without_owner(connection, key)]


def _foreign_keys() -> Iterator[sql.ForeignKey]:
    return (key for table in metadata.sorted_tables for key in table.foreign_keys)


def _without_owner(connection: sql.Connection, key: sql.ForeignKey) -> list[str]:
    owner = key.column.table.alias()
    query = (
        sql.select(sql.func.count())
        .select_from(key.parent.table)
        .outerjoin(owner, owner.c[key.column.name] == key.parent)
        .where(owner.c[key.column.name].is_(None), key.parent.is_not(None))
    )
    count = connection.execute(query).scalar_one()
    if not count:
        return []
    return [
        f"Table '{key.parent.table.name}': {count:,} rows belong to rows of "
        f"'{key.column.table.name}' that are gone."
    ]
