"""Files of incidents as the register is given them, without any file: for its own tests."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.incidents.model import COLUMNS, MOMENTS, PLACE_COLUMNS, Intake, Period

Read = tuple[Intake, pd.DataFrame]
SOURCE = "control room"
START = pd.Timestamp("2025-06-01", tz="UTC")
USUAL = {
    "reference": "", "category": "theft", "occurred_from": pd.Timestamp("2025-06-02T21:00Z"),
    "occurred_to": pd.Timestamp("2025-06-02T22:00Z"), "time_known": "interval", "clock": "",
    "reported_at": pd.NaT, "place": "Alpha", "longitude": -1.25, "latitude": 51.75,
    "anonymised": False, "police_reference": "", "marking": "OFFICIAL",
    "permission": "service only", "grade": "", "details": "a bicycle",
}  # fmt: skip
PLACE = {
    "x": 451_000.5, "y": 206_000.25, "building": "b1", "site": "s1", "street": "", "zone": "s1",
    "precision": "exact", "confidence": 0.9, "apart_m": np.nan,
}  # fmt: skip


def incident(key: str, **changes: Any) -> dict[str, Any]:
    """An incident of a source that the file names."""
    return {"key": key, **USUAL, **changes}


def intake(
    rows: Sequence[Mapping[str, Any]],
    source: str = SOURCE,
    file: str = "a.csv",
    rejected: Sequence[tuple[int, str, str]] = (),
    repeated: int = 0,
    periods: Sequence[Period] = (Period(START, START + pd.Timedelta(days=30)),),
) -> Intake:
    """A file that was read; files with the same content have the same digest."""
    table = _typed(pd.DataFrame(list(rows), columns=COLUMNS).assign(source=source))
    table.index = pd.RangeIndex(2, 2 + len(table))
    refused = pd.DataFrame(list(rejected), columns=["row", "reason", "text"])
    digest = hashlib.sha256(repr((list(rows), rejected, repeated)).encode()).hexdigest()
    read = len(table) + len(refused) + repeated
    return Intake(file, source, digest, "a,b", read, table, refused, repeated, tuple(periods), ())


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    for name in COLUMNS:
        if name in MOMENTS:
            table[name] = pd.to_datetime(table[name], utc=True)
        elif name in ("longitude", "latitude"):
            table[name] = table[name].astype("float64")
        else:
            table[name] = table[name].astype(bool if name == "anonymised" else "str")
    return table


def placed(of: Intake, **changes: Any) -> pd.DataFrame:
    """The places of a file's incidents: all the same, or a list of values a column."""
    table = pd.DataFrame(index=of.accepted.index, columns=PLACE_COLUMNS)
    for name, value in (PLACE | changes).items():
        table[name] = value
    return table


def located(*arguments: Any, **options: Any) -> Read:
    """A file that was read, with its places."""
    made = intake(*arguments, **options)
    return made, placed(made)


def many(rows: int, seed: int, prefix: str = "") -> Read:
    """A large file: keys in no order, text of the usual variety."""
    chance = np.random.default_rng(seed)

    def one_of(words: list[str]) -> pd.Series:
        return pd.Series(np.array(words)[chance.integers(0, len(words), rows)], dtype="str")

    numbers = chance.permutation(rows).astype(str)
    key = pd.Series(np.char.add(f"{prefix}CR-", numbers), dtype="str")
    after = pd.to_timedelta(chance.integers(0, 100_000_000, rows), unit="s")
    occurred = pd.Series((START + after).as_unit("s"))
    table = pd.DataFrame({"key": key}).assign(**USUAL, source=SOURCE)
    table = table.assign(
        reference=key,
        category=one_of(["theft", "burglary", "alarm", "welfare"]),
        occurred_from=occurred,
        occurred_to=occurred + pd.Timedelta(hours=1),
        reported_at=occurred + pd.Timedelta(hours=2),
        place=one_of([f"Staircase {number}, some college" for number in range(3_000)]),
        longitude=chance.uniform(-1.3, -1.2, rows),
        latitude=chance.uniform(51.7, 51.8, rows),
        details=one_of([f"Was seen to do this and that, {n} times" for n in range(5_000)]),
    )[COLUMNS]
    table.index = pd.RangeIndex(2, 2 + rows)
    refused = pd.DataFrame({"row": [], "reason": [], "text": []})
    period = Period(START, START + pd.Timedelta(seconds=100_000_000))
    digest = hashlib.sha256(f"{rows} {seed} {prefix}".encode()).hexdigest()
    made = Intake("many.csv", SOURCE, digest, "a,b", rows, _typed(table), refused, 0, (period,))
    where = {name: one_of([f"{name} {number}" for number in range(300)])
             for name in ("building", "site", "street", "zone")}  # fmt: skip
    places = placed(made, **{name: words.to_numpy() for name, words in where.items()})
    return made, places.assign(x=chance.uniform(0, 5_000, rows), y=chance.uniform(0, 5_000, rows))
