from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sql
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.incidents.model import COLUMNS
from planner.register.database import Register
from planner.register.digests import details_digests, record_digests, rows_digest
from planner.register.engine import reading
from planner.register.rows import read_rows
from planner.register.schema import incidents

GOLDEN = [4739279496210165475, 5865685567381019753]
GOLDEN_DETAILS = [3044574812528783945, -5609696340529649035]


def test_digests_are_those_that_registers_hold_already(intakes: ModuleType) -> None:
    # Were these to change, every record that is imported again would be a correction.
    rows = [intakes.incident("a"),
            intakes.incident("é", longitude=np.nan, anonymised=True, details="")]  # fmt: skip
    table = intakes.intake(rows).accepted
    assert record_digests(table).tolist() == GOLDEN
    assert details_digests(table["details"]).tolist() == GOLDEN_DETAILS


def test_digests_can_be_computed_anew_from_what_is_stored(
    intakes: ModuleType, tmp_path: Path, register_url: str
) -> None:
    rows = [intakes.incident("a", latitude=-0.0, place="Café 🚲 'x' \\N"),
            intakes.incident("b", longitude=np.nan, latitude=1e-300),
            intakes.incident("c", reported_at=pd.Timestamp("1925-06-03T08:00:01Z"))]  # fmt: skip
    file = intakes.located(rows)
    with Register(tmp_path, register_url) as register:
        register.record_import([file], 0)
        with reading(register.engine) as connection:
            kept = read_rows(connection, sql.select(incidents).order_by(incidents.c.id))
            raw = connection.execute(sql.select(incidents).order_by(incidents.c.id))
            plain = pd.DataFrame(raw.fetchall(), columns=list(raw.keys()))
    assert record_digests(kept).tolist() == kept["digest"].tolist()
    assert record_digests(plain).tolist() == kept["digest"].tolist()
    assert record_digests(file[0].accepted).tolist() == kept["digest"].tolist()


CHANGES: dict[str, Any] = {
    "source": "police", "key": "b", "longitude": 0.0, "latitude": np.nan, "anonymised": True,
    "occurred_from": pd.Timestamp("2025-06-02T21:00:01Z"), "reported_at": pd.Timestamp(0, tz="UTC"),
    "occurred_to": pd.Timestamp("2025-06-02T22:00:01Z"),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "details"])
def test_every_column_counts(intakes: ModuleType, name: str) -> None:
    table = intakes.intake([intakes.incident("a")]).accepted
    other = table.copy()
    other[name] = pd.Series([CHANGES.get(name, "x")], index=table.index)
    assert record_digests(other)[0] != record_digests(table)[0]


def test_free_text_does_not_count_for_the_record(intakes: ModuleType) -> None:
    table = intakes.intake([intakes.incident("a"), intakes.incident("a", details="x")]).accepted
    assert len(set(record_digests(table))) == 1
    assert len(set(details_digests(table["details"]))) == 2


@settings(max_examples=15)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=2, max_size=2))
def test_text_does_not_run_from_one_column_into_the_next(
    intakes: ModuleType, words: list[str]
) -> None:
    first, second = words
    rows = [intakes.incident("a", reference=first, category=second),
            intakes.incident("a", reference=second, category=first)]  # fmt: skip
    digests = record_digests(intakes.intake(rows).accepted)
    assert (digests[0] == digests[1]) == (first == second)


def test_a_table_without_rows_has_no_digests(intakes: ModuleType) -> None:
    table = intakes.intake([]).accepted
    assert record_digests(table).shape == (0,)
    assert details_digests(table["details"]).shape == (0,)


def test_the_digest_of_rows_depends_on_each_pair_but_not_on_their_order() -> None:
    some, others = np.array([3, -1, 4]), np.array([5, 6, 4])
    whole = rows_digest(some, others)
    assert rows_digest(some[::-1], others[::-1]) == whole
    assert rows_digest(some, others[::-1]) != whole
    assert rows_digest(some[:2], others[:2]) != whole
