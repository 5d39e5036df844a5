import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sql

from planner.incidents.model import PLACE_COLUMNS
from planner.register.audit import append_entry, entries
from planner.register.contents import told_files
from planner.register.database import FILE_NAME, Register
from planner.register.engine import reading, writing
from planner.register.purge import purge
from planner.register.schema import audit, details, files, incidents, rejected_rows
from planner.register.verification import SHORTEST_HEAD, Findings, chain_faults, verify
from planner.settings import Retention, Settings

DAY_S = 86_400
NOW = 1_750_000_000


def record(register: Register, intakes: ModuleType, name: str, texts: dict[str, str]) -> None:
    """Import a file of one incident a key, with its free text, and of a row that was rejected."""
    rows = [intakes.incident(key, details=text) for key, text in texts.items()]
    file = intakes.located(rows, file=name, rejected=[(9, "no time", "x,y")])
    register.record_import([file], NOW, "supervisor")


def filled(register: Register, intakes: ModuleType) -> Register:
    """Make two imports, and decisions about two places."""
    record(register, intakes, "a.csv", {"a": "a bicycle", "b": "", "c": "a window"})
    record(register, intakes, "b.csv", {"d": "a lamp"})
    for number in (1, 4):
        moved = register.incidents().set_index("id").loc[[number], PLACE_COLUMNS]
        register.record_alias(f"place {number}", "beta", "", moved, NOW + 1)
    return register


@pytest.fixture(scope="session")
def _first_register(intakes: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("register")
    filled(Register(folder), intakes).close()
    return folder / FILE_NAME


@pytest.fixture
def register(_first_register: Path, tmp_path: Path) -> Iterator[Register]:
    """A copy of a register with two imports and two decisions."""
    shutil.copy(_first_register, tmp_path)
    with Register(tmp_path) as kept:
        yield kept


@pytest.fixture
def either(intakes: ModuleType, tmp_path: Path, register_url: str) -> Iterator[Register]:
    """The same, in either kind of database."""
    with Register(tmp_path, register_url) as kept:
        yield filled(kept, intakes)


def found(register: Register, known_head: str | None = None) -> Findings:
    with reading(register.engine) as connection:
        return verify(connection, known_head)


def change(register: Register, statement: Any) -> None:
    with register.engine.begin() as connection:
        connection.execute(statement)


def test_nothing_is_found_where_nothing_was_altered(either: Register) -> None:
    done = found(either)
    assert done.ok
    assert done.faults == ()
    assert (done.entries, done.head) == (4, either.head())


def test_a_workspace_without_a_register_has_nothing_altered(tmp_path: Path) -> None:
    with Register(tmp_path) as nothing:
        assert found(nothing) == Findings((), "", 0)
        assert not found(nothing, "a" * 64).ok


@pytest.mark.parametrize(
    ("column", "value"),
    [("recorded_at", 1), ("actor", "somebody"), ("action", "plan"), ("subject", "{}"),
     ("subject", "no JSON"), ("previous", "0" * 64), ("hash", "0" * 64)],
)  # fmt: skip
def test_an_altered_entry_is_named(register: Register, column: str, value: object) -> None:
    change(register, sql.update(audit).where(audit.c.number == 2).values({column: value}))
    assert any("entry 2 " in fault for fault in found(register).faults)


@pytest.mark.parametrize(("number", "words"), [(1, "entry 1 is"), (3, "entry 3 is")])
def test_a_removed_entry_is_named(register: Register, number: int, words: str) -> None:
    change(register, sql.delete(audit).where(audit.c.number == number))
    assert f"Audit log: {words} missing." in found(register).faults


def test_several_removed_entries_are_named_together(register: Register) -> None:
    change(register, sql.delete(audit).where(audit.c.number.in_([2, 3])))
    assert "Audit log: entries 2 to 3 are missing." in found(register).faults


def test_entries_in_another_order_are_found(register: Register) -> None:
    for number, new in ((2, 99), (3, 2), (99, 3)):
        change(register, sql.update(audit).where(audit.c.number == number).values(number=new))
    faults = found(register).faults
    assert any("entry 2 does not follow entry 1" in fault for fault in faults)
    assert any("entry 3" in fault and "was altered" in fault for fault in faults)


def test_a_removed_entry_shows_though_the_others_are_numbered_anew(register: Register) -> None:
    change(register, sql.delete(audit).where(audit.c.number == 2))
    for number in (3, 4):
        change(
            register, sql.update(audit).where(audit.c.number == number).values(number=number - 1)
        )
    assert any("entry 2 does not follow entry 1" in fault for fault in found(register).faults)


def test_every_single_entry_that_is_altered_shows(register: Register) -> None:
    with reading(register.engine) as connection:
        log = entries(connection)
    for place in log.index:
        forged = log.copy()
        forged.loc[place, "actor"] = "somebody"
        assert chain_faults(forged)
        assert chain_faults(log.drop(index=place)) or place == log.index[-1]
    assert chain_faults(log) == []


def test_a_cut_tail_shows_beside_a_head_that_was_printed(register: Register) -> None:
    printed = register.head()
    assert found(register, printed).ok
    change(register, sql.delete(audit).where(audit.c.number == 4))
    assert not any("Audit log" in fault for fault in chain_faults(_log(register)))
    assert any(printed in fault for fault in found(register, printed).faults)


def _log(register: Register) -> pd.DataFrame:
    with reading(register.engine) as connection:
        return entries(connection)


def test_a_head_that_was_printed_stays_good_as_the_log_grows(
    register: Register, intakes: ModuleType
) -> None:
    printed = register.head()
    record(register, intakes, "c.csv", {"e": ""})
    assert found(register, printed).ok
    assert found(register, printed[:SHORTEST_HEAD].upper() + " ").ok


def test_too_short_a_head_proves_nothing(register: Register) -> None:
    (fault,) = found(register, register.head()[: SHORTEST_HEAD - 1]).faults
    assert "too short" in fault


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (lambda: sql.update(incidents).where(incidents.c.id == 2).values(category="noise"),
         "1 records were altered (table 'incidents', id 2)"),
        (lambda: sql.update(incidents).where(incidents.c.id == 2).values(occurred_from=5),
         "1 records were altered (table 'incidents', id 2)"),
        (lambda: sql.update(incidents).where(incidents.c.id == 2).values(longitude=1.5),
         "1 records were altered (table 'incidents', id 2)"),
        (lambda: sql.update(incidents).where(incidents.c.id == 2).values(digest=5),
         "entry 1 says of file 'a.csv'"),
        (lambda: sql.update(incidents).where(incidents.c.id == 2).values(file_id=2),
         "entry 2 says of file 'b.csv'"),
        (lambda: sql.delete(incidents).where(incidents.c.id == 2),
         "3 accepted rows were stored, 2 are there"),
        (lambda: sql.update(incidents).where(incidents.c.version == 2).values(cause="x"),
         "Decisions made 2 versions"),
        (lambda: sql.update(details).where(details.c.incident_id == 1).values(text="a car"),
         "1 free texts were altered (table 'incidents', id 1)"),
        (lambda: sql.delete(details).where(details.c.incident_id == 1),
         "1 free texts are gone; the audit log knows of 0"),
        (lambda: sql.delete(rejected_rows).where(rejected_rows.c.file_id == 1),
         "1 rejected rows were stored, 0 are there"),
        (lambda: sql.update(files).where(files.c.id == 1).values(duplicates=3),
         "entry 1 says of file 'a.csv'"),
        (lambda: sql.update(files).where(files.c.id == 1).values(name="x.csv"),
         "entry 1 says of file 'a.csv'"),
        (lambda: sql.insert(files).values(import_id=1, name="new.csv", read=0, accepted=0,
                                          rejected=0, duplicates=0, corrected=0),
         "'new.csv' (id 3) is not in the audit log"),
    ],
)  # fmt: skip
def test_what_was_altered_in_the_records_is_named(
    register: Register, statement: Callable[[], Any], words: str
) -> None:
    change(register, statement())
    faults = found(register).faults
    assert any(words in fault for fault in faults), faults


def test_an_altered_record_shows_in_either_database(either: Register) -> None:
    change(either, sql.update(incidents).where(incidents.c.id == 2).values(place="nowhere"))
    change(either, sql.update(audit).where(audit.c.number == 2).values(actor="somebody"))
    assert len(found(either).faults) == 2


def test_rows_without_an_owner_are_found(register: Register) -> None:
    with register.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("DELETE FROM incidents WHERE id = 1")
    faults = found(register).faults
    assert any(f.startswith("Table 'details': 1 rows belong to rows of 'inc") for f in faults)


def test_files_from_before_there_was_a_log_are_known_once_it_tells_of_them(
    either: Register,
) -> None:
    change(either, sql.delete(audit))
    assert any("'a.csv' (id 1) is not in the audit log" in item for item in found(either).faults)
    with writing(either.engine) as connection:
        append_entry(connection, NOW, "", "upgrade", {"files": told_files(connection)})
    assert not any("a.csv" in item for item in found(either).faults)


def test_the_same_file_imported_again_is_no_fault(either: Register, intakes: ModuleType) -> None:
    record(either, intakes, "a.csv", {"a": "a bicycle", "b": "", "c": "a window"})
    assert found(either).faults == ()


def test_text_that_a_purge_removed_is_no_fault(either: Register) -> None:
    kept = Settings(crs="EPSG:32630", retention=Retention(earlier_versions_days=0))
    with writing(either.engine) as connection:
        purge(connection, kept, NOW + DAY_S, "")
    assert found(either).faults == ()
    with writing(either.engine) as connection:
        purge(connection, kept, NOW + 800 * DAY_S, "")
    assert found(either).faults == ()
    moved = either.incidents().set_index("id").iloc[:1][PLACE_COLUMNS]
    either.record_alias("later", "gamma", "", moved, NOW + 801 * DAY_S)
    assert found(either).faults == ()


def test_a_damaged_file_is_a_fault_and_no_crash(intakes: ModuleType, tmp_path: Path) -> None:
    with Register(tmp_path) as register:
        record(register, intakes, "a.csv", {f"k{n}": "text " * 50 for n in range(400)})
        register.close()
        path = tmp_path / "planner.db"
        content = bytearray(path.read_bytes())
        for at in range(len(content) // 3, len(content), 4_096):
            content[at : at + 64] = b"\xff" * 64
        path.write_bytes(content)
        done = found(register)
    assert not done.ok
    assert "damaged" in done.faults[0]
