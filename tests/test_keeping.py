import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from planner.errors import UnreadableFile, WorkspaceError
from planner.register.audit import entries
from planner.register.database import Register
from planner.register.engine import reading
from planner.service.keeping import (
    RejectedFile,
    back_up,
    export_rejected,
    purge_texts,
    restore,
    verify_register,
)
from planner.settings import Settings, write_settings
from planner.ui.keeping_words import (
    backup_document,
    backup_words,
    findings_document,
    findings_words,
    purge_document,
    purge_words,
    rejected_words,
    restored_document,
    restored_words,
)

TELLING = "a most telling detail"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose estate nobody needs for keeping it."""
    monkeypatch.delenv("PLANNER_REGISTER_URL", raising=False)
    made = tmp_path / "workspace"
    made.mkdir()
    write_settings(made, Settings(crs="EPSG:32630"))
    return made


@pytest.fixture
def filled(folder: Path, build: ModuleType, intakes: ModuleType) -> Iterator[Path]:
    """The same with an import of one incident and two rejected rows."""
    rejected = [(3, "=the time 'x' is no time", 'b,"=1+1\nand, more"'), (4, "no place", "c,é")]
    file = intakes.located([intakes.incident("a", details=TELLING)], file="../a b.csv",
                           rejected=rejected)  # fmt: skip
    with Register(folder) as register:
        register.record_import([file], int(build.NOW.timestamp()))
    yield folder


def actions(folder: Path) -> list[str]:
    with Register(folder) as register, reading(register.engine) as connection:
        return [str(action) for action in entries(connection)["action"]]


def test_a_folder_that_is_no_workspace_is_told(tmp_path: Path) -> None:
    for use in (verify_register, purge_texts):
        with pytest.raises(WorkspaceError, match="is no workspace"):
            use(tmp_path)
    with pytest.raises(WorkspaceError, match="is no workspace"):
        back_up(tmp_path, tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_verifying_says_what_was_found(filled: Path) -> None:
    found = verify_register(filled)
    assert findings_words(found) == [
        f"Nothing altered: 1 entries in the audit log, head {found.head}."
    ]
    assert findings_document(found) == {"ok": True, "faults": [], "head": found.head, "entries": 1}
    cut = verify_register(filled, "f" * 64)
    assert findings_words(cut) == list(cut.faults) != []


def test_what_has_never_been_used_has_nothing_altered(folder: Path) -> None:
    assert findings_words(verify_register(folder)) == [
        "Nothing altered: the audit log has no entries as yet."
    ]
    assert [path.name for path in folder.iterdir()] == ["planner.toml"]


def test_a_backup_and_a_restore_are_logged(filled: Path, build: ModuleType, tmp_path: Path) -> None:
    out, new = tmp_path / "a.zip", tmp_path / "new"
    made = back_up(filled, out, build.NOW)
    assert actions(filled) == ["import", "backup"]
    assert backup_document(made, out)["entries"] == 1
    assert made.manifest.head in backup_words(made, out)[0]
    done = restore(out, new, now=build.NOW + timedelta(days=91))
    assert actions(new) == ["import", "purge", "restore"]
    assert restored_document(done, new)["purged"]["rejected rows"] == 2
    assert "2 rejected rows" in restored_words(done, new)[1]
    assert verify_register(new, made.manifest.head).ok


def test_the_database_of_the_environment_is_restored_into(
    filled: Path,
    build: ModuleType,
    tmp_path: Path,
    new_postgres: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back_up(filled, tmp_path / "a.zip")
    monkeypatch.setenv("PLANNER_REGISTER_URL", new_postgres)
    restore(tmp_path / "a.zip", tmp_path / "new", now=build.NOW)
    assert not (tmp_path / "new" / "planner.db").exists()
    assert verify_register(tmp_path / "new").entries == 2


def test_a_dry_purge_changes_nothing_and_a_wet_one_erases(filled: Path, build: ModuleType) -> None:
    later = build.NOW + timedelta(days=731)
    planned = purge_texts(filled, dry_run=True, now=later)
    assert purge_words(planned)[0] == (
        "Would be purged: 3 free texts (1 usual, 2 rejected rows). Nothing was changed."
    )
    assert actions(filled) == ["import"]
    done = purge_texts(filled, now=later)
    assert purge_document(done)["total"] == 3
    assert (done.erased, actions(filled)) == (True, ["import", "purge"])
    assert not [path for path in filled.iterdir() if TELLING.encode() in path.read_bytes()]
    assert "none was due" in purge_words(purge_texts(filled, now=later))[0]


def test_a_purge_says_where_traces_may_be_left(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.service.keeping.erase_traces", lambda engine: False)
    assert "purge again" in purge_words(purge_texts(filled))[1]


def test_rejected_rows_stand_below_their_header_as_they_stood(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert export_rejected(filled, out) == [RejectedFile("../a b.csv", 2, 0, True)]
    assert sorted(path.name for path in out.iterdir()) == ["a b.1.reasons.csv",
                                                           "a b.1.rejected.csv"]  # fmt: skip
    text = (out / "a b.1.rejected.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["b", "=1+1\nand, more"],
                                                   ["c", "é"]]  # fmt: skip
    reasons = (out / "a b.1.reasons.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(io.StringIO(reasons)))[1] == ["3", "'=the time 'x' is no time"]
    assert actions(filled) == ["import", "export of rejected rows"]


def test_purged_rows_are_counted_and_not_exported(
    filled: Path, build: ModuleType, tmp_path: Path
) -> None:
    purge_texts(filled, now=build.NOW + timedelta(days=91))
    done = export_rejected(filled, tmp_path / "out")
    assert done == [RejectedFile("../a b.csv", 0, 2, True)]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a b.1.reasons.csv"]
    assert "2 whose text was purged" in rejected_words(done, tmp_path)[0]


def test_files_that_are_being_mended_are_not_overwritten(filled: Path, tmp_path: Path) -> None:
    export_rejected(filled, tmp_path)
    with pytest.raises(WorkspaceError, match="exists already"):
        export_rejected(filled, tmp_path)
    assert actions(filled) == ["import", "export of rejected rows"]


def test_where_nothing_was_rejected_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    assert export_rejected(folder, tmp_path / "out") == []
    assert not (tmp_path / "out").exists()
    assert rejected_words([], tmp_path) == ["No row was rejected; nothing was written."]


def test_a_place_that_cannot_be_written_is_told(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreadableFile, match="cannot be written"):
        export_rejected(filled, tmp_path / "file")
    with pytest.raises(UnreadableFile, match="cannot be written"):
        back_up(filled, tmp_path / "file" / "a.zip")
