"""Recording a file: which of its rows are new, which correct a record, which say it again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sql
from sqlalchemy.dialects.postgresql import ARRAY

from planner.incidents.model import OUTSIDE, PLACE_COLUMNS, UNKNOWN, Intake
from planner.register.digests import Digests, details_digests, record_digests, rows_digest
from planner.register.rows import CHUNK, insert_row, insert_rows, read_rows
from planner.register.schema import details, files, incidents, periods, rejected_rows

IMPORT, REVIEW = "import", "review"


@dataclass(frozen=True)
class FileCounts:
    """What became of the rows of one file; ``accepted + rejected + duplicates = read``.

    Attributes
    ----------
    accepted
        Rows that were stored: new records, and corrections of known ones.
    duplicates
        Rows that say what a record, or an earlier version of it, says already.
    corrected
        How many of the accepted correct a record that was known.
    outside, unknown
        How many of the accepted lie off the estate, or nobody knows where.
    """

    file: str
    source: str
    read: int
    accepted: int
    rejected: int
    duplicates: int
    corrected: int
    outside: int
    unknown: int


@dataclass(frozen=True)
class _Arrivals:
    """What a file's accepted rows are to the register: an entry a row.

    ``version`` is the number that the row will have among the versions of its record; 0 for a
    duplicate.
    """

    digest: Digests
    details_digest: Digests
    version: npt.NDArray[np.int64]


def record_file(
    connection: sql.Connection,
    import_id: int,
    recorded_at: int,
    intake: Intake,
    places: pd.DataFrame,
) -> tuple[FileCounts, dict[str, object]]:
    """Store what was read of a file, as part of the caller's transaction.

    Parameters
    ----------
    connection
        A connection that no other writer can overtake.
    import_id, recorded_at
        The import that it is part of, and its moment in seconds since 1970.
    intake, places
        The file, and the places of its accepted incidents (same index).

    Returns
    -------
    FileCounts
        What became of its rows.
    dict
        What the audit log keeps of it.
    """
    arrivals = _compared(connection, intake)
    fresh = arrivals.version > 0
    counts = _counted(intake, arrivals.version, places["precision"].to_numpy()[fresh])
    seen = _is_known_file(connection, intake)
    file_id = _insert_file(connection, import_id, intake, counts)
    common = {"file_id": file_id, "recorded_at": recorded_at, "cause": IMPORT}
    _insert_incidents(connection, intake, places, arrivals, common)
    if not seen:
        _insert_rejected(connection, intake.rejected, file_id)
        insert_rows(connection, periods, _covered(intake, file_id))
    rows = rows_digest(arrivals.digest[fresh], arrivals.details_digest[fresh])
    numbers = {name: getattr(counts, name) for name in ("read", "accepted", "rejected",
               "duplicates", "corrected")}  # fmt: skip
    subject = {"id": file_id, "name": intake.file, "source": intake.source}
    return counts, subject | {"digest": intake.digest, **numbers, "rows": rows}


def _chunks(rows: int) -> Iterator[slice]:
    return (slice(start, start + CHUNK) for start in range(0, rows, CHUNK))


def _compared(connection: sql.Connection, intake: Intake) -> _Arrivals:
    """Compare a file's rows with every version of their records."""
    size = len(intake.accepted)
    arrivals = _Arrivals(*(np.ones(size, dtype=np.int64) for _ in range(3)))
    something_known = _has_records(connection, intake.source)
    for chunk in _chunks(size):
        rows = intake.accepted.iloc[chunk]
        arrivals.digest[chunk] = record_digests(rows)
        arrivals.details_digest[chunk] = details_digests(rows["details"])
        if something_known:
            known = _known(connection, intake.source, rows["key"])
            mine = pd.DataFrame({"digest": arrivals.digest[chunk],
                                 "details_digest": arrivals.details_digest[chunk],
                                 "key": rows["key"].to_numpy()})  # fmt: skip
            arrivals.version[chunk] = _next_versions(mine, known)
    return arrivals


def _has_records(connection: sql.Connection, source: str) -> bool:
    query = sql.select(sql.literal(1)).where(incidents.c.source == source).limit(1)
    return connection.execute(query).first() is not None


def _known(connection: sql.Connection, source: str, keys: pd.Series) -> pd.DataFrame:
    """Return all versions of some records: ``key``, ``version`` and their digests."""
    names = ("key", "version", "digest", "details_digest")
    query = sql.select(*(incidents.c[name] for name in names)).where(
        incidents.c.source == source,
        incidents.c.key.in_(_listed(connection, list(keys.tolist()))),
    )
    return read_rows(connection, query)


def _listed(connection: sql.Connection, keys: list[str]) -> sql.Select[Any]:
    """Give keys to the database as a query of its own, however many they are."""
    if connection.dialect.name == "sqlite":
        given = sql.func.json_each(json.dumps(keys)).table_valued("value")
        return sql.select(given.c.value)
    return sql.select(sql.func.unnest(sql.literal(keys, ARRAY(sql.Text))))


def _next_versions(mine: pd.DataFrame, known: pd.DataFrame) -> npt.NDArray[np.int64]:
    latest = known.groupby("key")["version"].max()
    following = mine["key"].map(latest).fillna(0).to_numpy(dtype=np.int64) + 1
    # The digest is over source and key too, so that it can't be another record's.
    content = ["digest", "details_digest"]
    same = mine[content].merge(known[content].drop_duplicates(), how="left", indicator=True)
    return np.where(same["_merge"] == "both", 0, following)


def _counted(
    intake: Intake, version: npt.NDArray[np.int64], precision: npt.NDArray[Any]
) -> FileCounts:
    return FileCounts(
        file=intake.file,
        source=intake.source,
        read=intake.read,
        accepted=len(precision),
        rejected=len(intake.rejected),
        duplicates=int((version == 0).sum()) + intake.repeated,
        corrected=int((version > 1).sum()),
        outside=int((precision == OUTSIDE).sum()),
        unknown=int((precision == UNKNOWN).sum()),
    )


def _is_known_file(connection: sql.Connection, intake: Intake) -> bool:
    same = (files.c.digest == intake.digest) & (files.c.source == intake.source)
    return connection.execute(sql.select(files.c.id).where(same).limit(1)).first() is not None


def _insert_file(
    connection: sql.Connection, import_id: int, intake: Intake, counts: FileCounts
) -> int:
    names = ("source", "read", "accepted", "rejected", "duplicates", "corrected")
    values = {name: getattr(counts, name) for name in names}
    values |= {"name": intake.file, "digest": intake.digest, "header": intake.header}
    return insert_row(connection, files, import_id=import_id, **values)


def _insert_incidents(
    connection: sql.Connection,
    intake: Intake,
    places: pd.DataFrame,
    arrivals: _Arrivals,
    common: dict[str, object],
) -> None:
    first = next_id(connection)
    for chunk in _chunks(len(intake.accepted)):
        parts = [intake.accepted.iloc[chunk], places[PLACE_COLUMNS].iloc[chunk]]
        rows = pd.concat(parts, axis=1).assign(
            version=arrivals.version[chunk],
            digest=arrivals.digest[chunk],
            details_digest=arrivals.details_digest[chunk],
            **common,
        )
        rows = rows[rows["version"] > 0]
        insert_incidents(connection, rows.assign(id=np.arange(first, first + len(rows))))
        first += len(rows)


def next_id(connection: sql.Connection) -> int:
    """Return the number that the next incident will have."""
    last = connection.execute(sql.select(sql.func.max(incidents.c.id))).scalar()
    return int(last or 0) + 1


def insert_incidents(connection: sql.Connection, rows: pd.DataFrame) -> None:
    """Add versions of incidents, their free text (``details``, where it isn't empty) apart."""
    insert_rows(connection, incidents, rows)
    texts = rows.loc[rows["details"] != "", ["id", "details"]]
    insert_rows(connection, details, texts.set_axis(["incident_id", "text"], axis=1))


def _insert_rejected(connection: sql.Connection, rejected: pd.DataFrame, file_id: int) -> None:
    # Rows are kept as they stood, but for NUL, which PostgreSQL stores in no text.
    texts = rejected["text"].astype("str").str.replace("\0", "\ufffd", regex=False)
    insert_rows(connection, rejected_rows, rejected.assign(file_id=file_id, text=texts))


def _covered(intake: Intake, file_id: int) -> pd.DataFrame:
    table = pd.DataFrame(
        [(p.starts_at, p.ends_at, p.area) for p in intake.periods],
        columns=["starts_at", "ends_at", "area"],
    )
    return table.assign(file_id=file_id, source=intake.source)
