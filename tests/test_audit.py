import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql
from hypothesis import given
from hypothesis import strategies as st

from planner.register.audit import append_entry, canonical, entries, entry_hash, head
from planner.register.schema import metadata

WORDS = st.text(max_size=8)


@pytest.fixture
def connection() -> Iterator[sql.Connection]:
    engine = sql.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_before_the_first_entry_there_is_no_head(connection: sql.Connection) -> None:
    assert head(connection) == (0, "")
    assert entries(connection).empty


def test_entries_are_numbered_and_each_holds_the_hash_of_the_one_before(
    connection: sql.Connection,
) -> None:
    made = [append_entry(connection, 100 + n, "role", "import", {"n": n}) for n in range(3)]
    log = entries(connection)
    assert log["number"].tolist() == [1, 2, 3]
    assert log["hash"].tolist() == made
    assert log["previous"].tolist() == ["", *made[:2]]
    assert head(connection) == (3, made[2])


def test_the_hash_can_be_computed_anew_by_anyone(connection: sql.Connection) -> None:
    made = append_entry(connection, 100, "role", "purge", {"b": 1, "a": "é"})
    written = json.dumps([1, 100, "role", "purge", '{"a":"é","b":1}', ""], ensure_ascii=False,
                         separators=(",", ":"))  # fmt: skip
    assert made == hashlib.sha256(written.encode()).hexdigest()


def test_an_entry_is_part_of_the_callers_transaction(tmp_path: Path) -> None:
    engine = sql.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        append_entry(connection, 1, "", "import", {})
        connection.rollback()
        assert head(connection) == (0, "")
    engine.dispose()


def test_a_number_that_is_not_finite_is_refused(connection: sql.Connection) -> None:
    with pytest.raises(ValueError, match="JSON"):
        append_entry(connection, 1, "", "import", {"share": math.nan})
    assert head(connection) == (0, "")


@given(st.dictionaries(WORDS, st.integers() | WORDS))
def test_a_subject_is_written_alike_whatever_the_order_of_its_keys(
    subject: dict[str, object],
) -> None:
    turned = dict(reversed(subject.items()))
    assert canonical(subject) == canonical(turned)
    assert json.loads(canonical(subject)) == subject


@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.tuples(WORDS, WORDS, WORDS, WORDS))
def test_entries_that_differ_have_different_hashes(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    assert (entry_hash(1, 2, *one) == entry_hash(1, 2, *other)) == (one == other)
