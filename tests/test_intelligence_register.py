"""Entries in the register: versions, what was known when, tampering, backup, restore and purge."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sql

from planner.errors import IntelligenceError
from planner.incidents.intelligence import REMOVED
from planner.register.audit import entries
from planner.register.backup import back_up
from planner.register.database import Register
from planner.register.engine import reading, writing
from planner.register.intelligence import add_entry, change_status, entries_until
from planner.register.purge import purge
from planner.register.restoring import restore
from planner.register.schema import intelligence
from planner.register.verification import verify
from planner.settings import Settings, write_settings

T = 1_768_478_400
DAY = 86_400
SETTINGS = Settings(crs="EPSG:32630")


@pytest.fixture
def register(tmp_path, register_url):
    write_settings(tmp_path, SETTINGS)
    with Register(tmp_path, register_url) as kept:
        yield kept


def faults(register):
    with reading(register.engine) as connection:
        return verify(connection).faults


def log(register):
    with reading(register.engine) as connection:
        return entries(connection)


def test_an_entry_reads_back_as_it_was_recorded(register, build):
    assert entries_until(register.engine) == ()
    first = build.entry(hours=["22:00", "02:00"], categories=["theft"])
    ring = [build.degrees(*at) for at in ((0, 0), (300, 0), (300, 100))]
    second = build.entry(what="Café ✓ — 'quoted'", where={"polygon": ring}, grade="1AC",
                         conditions="by hand only")  # fmt: skip
    add_entry(register.engine, first, T, "desk")
    add_entry(register.engine, second, T + 1, "desk")
    assert entries_until(register.engine) == (first, second)
    assert faults(register) == ()


def test_the_log_holds_digests_and_no_text(register, build):
    entry = build.entry(what="XYLOPHONE", grade="1AC", conditions="ZEPPELIN")
    add_entry(register.engine, entry, T, "desk")
    change_status(register.engine, entry.id, "off", T + 1, "desk")
    subjects = log(register)["subject"].tolist()
    assert all("XYLOPHONE" not in text and "ZEPPELIN" not in text for text in subjects)
    assert [sorted(json.loads(text)) for text in subjects] == [
        ["digest", "entry", "status", "version"]
    ] * 2


def test_each_change_adds_a_version_and_what_was_known_stays_known(register, build):
    entry = build.entry()
    add_entry(register.engine, entry, T)
    assert change_status(register.engine, entry.id, "off", T + 10).status == "off"
    change_status(register.engine, entry.id, "active", T + 20)
    change_status(register.engine, entry.id, "withdrawn", T + 30)
    known = {at: [e.status for e in entries_until(register.engine, T + at)] for at in
             (-1, 0, 10, 20, 30)}  # fmt: skip
    assert known == {-1: [], 0: ["active"], 10: ["off"], 20: ["active"], 30: ["withdrawn"]}
    with reading(register.engine) as connection:
        assert (
            connection.execute(sql.select(sql.func.count()).select_from(intelligence)).scalar() == 4
        )
    assert faults(register) == ()


def test_a_change_that_cannot_be_is_refused_and_stores_nothing(register, build):
    entry = build.entry()
    with pytest.raises(IntelligenceError, match="no entry 'nonsense'"):
        change_status(register.engine, "nonsense", "off", T)
    add_entry(register.engine, entry, T)
    with pytest.raises(IntelligenceError, match="recorded already"):
        add_entry(register.engine, entry, T)
    with pytest.raises(IntelligenceError, match="active already"):
        change_status(register.engine, entry.id, "active", T)
    change_status(register.engine, entry.id, "withdrawn", T)
    with pytest.raises(IntelligenceError, match="for good"):
        change_status(register.engine, entry.id, "active", T)
    assert len(log(register)) == 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE intelligence SET status = 'off'", "was altered"),
        ("UPDATE intelligence SET content = replace(content, '2.0', '4.0')", "was altered"),
        ("UPDATE intelligence SET recorded_at = recorded_at - 1", "was altered"),
        ("UPDATE intelligence SET texts = replace(texts, 'Lantern', 'Torch')", "the text"),
        ("UPDATE intelligence SET texts = ''", "are gone"),
        ("DELETE FROM intelligence", "not in the register"),
        ("UPDATE audit SET subject = 'x'", "audit log"),
    ],
)
def test_verification_finds_what_was_altered(register, build, statement, said):
    add_entry(register.engine, build.entry(), T)
    with writing(register.engine) as connection:
        connection.exec_driver_sql(statement)
    assert any(said in fault for fault in faults(register)), faults(register)


def test_a_forged_entry_is_found(register, build):
    add_entry(register.engine, build.entry(), T)
    with writing(register.engine) as connection:
        row = dict(connection.execute(sql.select(intelligence)).mappings().one())
        row |= {"id": 99, "entry": "forged"}
        connection.execute(sql.insert(intelligence).values(row))
    assert any("'forged'" in fault for fault in faults(register))


def test_texts_are_purged_when_an_entry_is_long_over(register, build):
    entry = build.entry(what="XYLOPHONE")
    add_entry(register.engine, entry, T)
    change_status(register.engine, entry.id, "off", T + 1)
    end = int(entry.ends_at.timestamp())
    due = end + SETTINGS.retention.usual_days * DAY
    with writing(register.engine) as connection:
        assert purge(connection, SETTINGS, due - 1, "keeper").total == 0
        assert purge(connection, SETTINGS, due, "keeper", dry_run=True).counts["intelligence"] == 2
        assert purge(connection, SETTINGS, due, "keeper").counts["intelligence"] == 2
        assert purge(connection, SETTINGS, due, "keeper").total == 0
    (kept,) = entries_until(register.engine)
    assert kept.what == REMOVED
    assert kept.factor == entry.factor
    assert faults(register) == ()


def test_a_backup_brings_entries_back(register, build, tmp_path):
    add_entry(register.engine, build.entry(), T, "desk")
    change_status(register.engine, build.entry().id, "off", T + 1)
    made = back_up(register.engine, tmp_path, tmp_path / "b.zip", datetime.fromtimestamp(T, UTC))
    assert made.findings.ok
    restore(tmp_path / "b.zip", tmp_path / "new", "", T + 2, "desk")
    with Register(tmp_path / "new") as copy:
        assert entries_until(copy.engine) == entries_until(register.engine)
        assert faults(copy) == ()


def test_a_register_without_the_table_is_brought_up(register, build, intakes):
    register.record_import([intakes.located([intakes.incident("a")])], T)
    with writing(register.engine) as connection:
        connection.exec_driver_sql("DROP TABLE intelligence")
        connection.exec_driver_sql("DROP TABLE place_weights")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    register.engine.dispose()
    assert entries_until(register.engine) == ()
    add_entry(register.engine, build.entry(), T)
    assert faults(register) == ()
    assert log(register)["action"].tolist() == ["import", "intelligence"]
    assert register.incidents()["key"].tolist() == ["a"]
