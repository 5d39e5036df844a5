import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
import sqlalchemy as sql
from hypothesis import given
from hypothesis import strategies as st

from planner.incidents.model import PLACE_COLUMNS
from planner.register.audit import entries
from planner.register.database import Register
from planner.register.engine import reading, writing
from planner.register.purge import CLASSES, Purged, purge, without_quotations
from planner.register.schema import details, incidents, rejected_rows
from planner.register.traces import erase_traces
from planner.settings import Retention, Settings

NOW, DAY_S = 1_750_000_000, 86_400
SETTINGS = Settings(
    crs="EPSG:32630",
    retention=Retention(
        usual_days=40, sensitive_days=20, rejected_days=10, earlier_versions_days=30
    ),
)
TELLING = "a most telling detail"


def record(
    register: Register,
    intakes: ModuleType,
    rows: list[dict[str, str]],
    day: int = 0,
    rejected: tuple[tuple[int, str, str], ...] = (),
) -> None:
    """Import a file on a day after ``NOW``."""
    made = intakes.located([intakes.incident(**row) for row in rows], rejected=rejected)
    register.record_import([made], NOW + day * DAY_S)


@pytest.fixture
def register(tmp_path: Path, register_url: str) -> Iterator[Register]:
    with Register(tmp_path, register_url) as kept:
        yield kept


@pytest.fixture
def file_register(tmp_path: Path) -> Iterator[Register]:
    with Register(tmp_path) as kept:
        yield kept


def purge_on(register: Register, day: float, *, dry_run: bool = False) -> Purged:
    with writing(register.engine) as connection:
        return purge(connection, SETTINGS, NOW + round(day * DAY_S), "role", dry_run=dry_run)


def counts(**found: int) -> dict[str, int]:
    return dict.fromkeys(CLASSES, 0) | {name.replace("_", " "): n for name, n in found.items()}


def texts(register: Register) -> list[str]:
    query = sql.select(details.c.text).order_by(details.c.incident_id)
    with reading(register.engine) as connection:
        return list(connection.execute(query).scalars())


def test_each_class_goes_when_its_time_has_come_and_the_records_stay(
    register: Register, intakes: ModuleType
) -> None:
    rows = [{"key": "a", "details": "usual"}, {"key": "b", "details": ""},
            {"key": "c", "category": "harassment", "details": "sensitive"}]  # fmt: skip
    record(register, intakes, rows, rejected=((3, "no time", "d,Theft"),))
    record(register, intakes, [{"key": "a", "details": "corrected"}], day=1)
    before = register.incidents()
    assert purge_on(register, 10).counts == counts(rejected_rows=1)
    assert purge_on(register, 20).counts == counts(sensitive=1)
    assert texts(register) == ["usual", "corrected"]
    assert purge_on(register, 30).counts == counts(earlier_versions=1)
    assert purge_on(register, 41).counts == counts(usual=1)
    assert texts(register) == []
    pd.testing.assert_frame_equal(register.incidents(), before)
    assert register.rejected()[["row", "reason", "text"]].to_numpy().tolist() == [
        [3, "no time", ""]
    ]


def test_text_stays_until_the_last_second_of_its_time(
    file_register: Register, intakes: ModuleType
) -> None:
    record(file_register, intakes, [{"key": "a", "details": TELLING}])
    assert purge_on(file_register, 40 - 1 / DAY_S).total == 0
    assert texts(file_register) == [TELLING]
    assert purge_on(file_register, 40).total == 1


def test_a_dry_run_counts_and_changes_nothing(register: Register, intakes: ModuleType) -> None:
    record(
        register, intakes, [{"key": "a", "details": TELLING}], rejected=((3, "'x' is bad", "x"),)
    )
    head = register.head()
    planned = purge_on(register, 50, dry_run=True)
    assert planned.counts == counts(usual=1, rejected_rows=1)
    assert (register.head(), texts(register)) == (head, [TELLING])
    assert register.rejected()["text"].tolist() == ["x"]
    assert purge_on(register, 50).counts == planned.counts


def test_the_log_gets_one_entry_with_counts_and_digests_but_no_text(
    register: Register, intakes: ModuleType
) -> None:
    record(register, intakes, [{"key": "a", "details": TELLING}], rejected=((3, "no", TELLING),))
    done = purge_on(register, 50)
    with reading(register.engine) as connection:
        log = entries(connection)
    assert log["action"].tolist() == ["import", "purge"]
    assert done.head == log["hash"].iloc[-1]
    assert TELLING not in "".join(log["subject"])
    said = json.loads(log["subject"].iloc[-1])
    assert {name: item["texts"] for name, item in said.items()} == {"usual": 1, "rejected rows": 1}
    assert all(len(item["digest"]) == 64 for item in said.values())


def test_a_purge_of_nothing_leaves_the_log_as_it_is(
    register: Register, intakes: ModuleType
) -> None:
    record(
        register, intakes, [{"key": "a", "details": TELLING}], rejected=((3, "'q' no", TELLING),)
    )
    purge_on(register, 50)
    head = register.head()
    again = purge_on(register, 51)
    assert (again.total, again.head, register.head()) == (0, "", head)


@pytest.mark.parametrize(
    ("category", "gone"),
    [("harassment", True), ("Harassment", True), ("domestic abuse, other", True),
     ("theft", False), ("a word that nobody listed", False)],
)  # fmt: skip
def test_what_is_sensitive_is_told_by_the_written_category(
    file_register: Register, intakes: ModuleType, category: str, gone: bool
) -> None:
    record(file_register, intakes, [{"key": "a", "category": category, "details": TELLING}])
    assert purge_on(file_register, 20).counts == counts(sensitive=int(gone))


def test_an_earlier_version_is_kept_no_longer_than_its_category_allows(
    file_register: Register, intakes: ModuleType
) -> None:
    record(file_register, intakes, [{"key": "a", "category": "harassment", "details": TELLING}])
    record(file_register, intakes, [{"key": "a", "category": "theft", "details": "else"}], day=1)
    assert purge_on(file_register, 20).counts == counts(earlier_versions=1)
    assert texts(file_register) == ["else"]


def test_a_decision_about_the_place_gives_text_no_new_life(
    register: Register, intakes: ModuleType
) -> None:
    record(register, intakes, [{"key": "a", "details": TELLING}])
    moved = register.incidents().set_index("id")[PLACE_COLUMNS]
    register.record_alias("the bod", "beta", "", moved, NOW + 35 * DAY_S)
    assert texts(register) == [TELLING, TELLING]
    assert purge_on(register, 36).counts == counts(earlier_versions=1)
    assert texts(register) == [TELLING]
    assert purge_on(register, 40).counts == counts(usual=1)
    assert texts(register) == []


def test_many_texts_go_at_once(file_register: Register, intakes: ModuleType) -> None:
    rejected = tuple((n, f"'{n}' is bad", f"{n},x") for n in range(5_100))
    record(file_register, intakes, [{"key": f"k{n}", "details": f"d{n}"} for n in range(5_100)],
           rejected=rejected)  # fmt: skip
    assert purge_on(file_register, 50).counts == counts(usual=5_100, rejected_rows=5_100)
    with reading(file_register.engine) as connection:
        left = connection.execute(
            sql.select(rejected_rows.c.reason, rejected_rows.c.text).distinct()
        ).all()
        assert [tuple(row) for row in left] == [("… is bad", "")]
        assert connection.execute(sql.select(sql.func.count(incidents.c.id))).scalar() == 5_100


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("the time '4/30' is no time", "the time … is no time"),
        ("'a' is not 'b'", "…"),
        ("the place \"O'Brien's\" is unknown", "the place … is unknown"),
        ("'O'Brien's' isn't known", "… isn't known"),
        ("it can't be read", "it can't be read"),
        ("the line is broken: 3 fields", "the line is broken: 3 fields"),
        ("'cut off in the midd", "…"),
    ],
)
def test_a_reason_loses_what_it_quotes(reason: str, left: str) -> None:
    assert without_quotations(reason) == left


@given(st.text())
def test_whatever_is_quoted_goes(value: str) -> None:
    assert without_quotations(f"the time '{value}' is bad") == "the time … is bad"


def _holding(folder: Path, text: str) -> list[str]:
    return [path.name for path in folder.iterdir() if text.encode() in path.read_bytes()]


def test_no_byte_of_purged_text_stays_in_the_files(
    file_register: Register, intakes: ModuleType, tmp_path: Path
) -> None:
    rows = [{"key": f"k{n}", "details": f"{TELLING} {n}"} for n in range(300)]
    rejected = ((3, f"'{TELLING}' is no category", f"x,{TELLING}"),)
    record(file_register, intakes, rows, rejected=rejected)
    record(file_register, intakes, [{"key": "new", "details": "what stays"}], day=30)
    assert _holding(tmp_path, TELLING)
    # Another connection keeps the write-ahead log from going away by itself.
    with Register(tmp_path) as other, other.engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM details").all()
        connection.rollback()
        purge_on(file_register, 41)
        assert erase_traces(file_register.engine)
        assert (tmp_path / "planner.db-wal").exists()
        assert _holding(tmp_path, TELLING) == []
        assert _holding(tmp_path, "what stays") == ["planner.db"]
    assert texts(file_register) == ["what stays"]


def test_who_holds_on_to_the_register_keeps_its_traces_from_going(
    file_register: Register, intakes: ModuleType, tmp_path: Path
) -> None:
    record(file_register, intakes, [{"key": "a", "details": TELLING}])
    with Register(tmp_path) as other, reading(other.engine) as connection:
        connection.execute(sql.select(details)).all()
        purge_on(file_register, 41)
        assert not erase_traces(file_register.engine, patience_s=0.05)
    assert erase_traces(file_register.engine)
    assert _holding(tmp_path, TELLING) == []


def test_on_a_server_the_tables_are_written_anew(
    intakes: ModuleType, tmp_path: Path, new_postgres: str
) -> None:
    with Register(tmp_path, new_postgres) as register:
        rows = [{"key": f"k{n}", "details": f"{TELLING} {n}"} for n in range(300)]
        record(register, intakes, rows, rejected=((3, "no", TELLING),))
        purge_on(register, 41)
        assert _size(register) > 0
        # A connection to the server that begins at that moment, to whatever database, keeps rows
        # from going; the tests beside this one make many.
        for _ in range(5):
            assert erase_traces(register.engine)
            if _size(register) == 0:
                break
        assert _size(register) == 0


def _size(register: Register) -> int:
    with register.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_relation_size('details')").scalar_one())
