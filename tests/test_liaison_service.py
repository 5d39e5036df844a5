"""Contacts, plans and premises from file to file, and on the command line."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import LiaisonError, PlannerError
from planner.estate.liaison.records import (
    COLUMNS,
    FILE_NAME,
    Liaison,
    load_liaison,
    make_table,
    save_liaison,
)
from planner.service.liaison import export_liaison, import_liaison, overdue

TODAY = date(2026, 1, 15)
CONTACTS = """site,role,phone,email,deputy,trained on,last briefed on
Alph,Head Porter,01865 270000,porters@example.ac.uk,Deputy Porter,2025-06-01,
Beta Museum,Security Liaison Officer,ext 72944,security@example.ac.uk,,2024-06-01,
Gamma Library,Security Liaison Officer,07700 900123,,,,
"""


def put(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_each_row_is_accounted_for(workspace: Path, tmp_path: Path) -> None:
    [done] = import_liaison(workspace, put(tmp_path, CONTACTS), today=TODAY)
    counts = done.merged
    assert (done.read, counts.added, counts.changed, counts.unchanged) == (3, 2, 0, 0)
    [fault] = done.checked.refused
    assert (fault.row, fault.column) == (4, "phone")
    kept = load_liaison(workspace).contacts
    assert kept["site"].tolist() == ["Alpha College", "Beta Museum"]


def test_the_same_file_again_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    path = put(tmp_path, CONTACTS)
    import_liaison(workspace, path, today=TODAY)
    before = (workspace / FILE_NAME).read_bytes()
    [again] = import_liaison(workspace, path, today=TODAY)
    assert (again.merged.added, again.merged.changed, again.merged.unchanged) == (0, 0, 2)
    assert (workspace / FILE_NAME).read_bytes() == before


def test_a_later_file_corrects_a_row(workspace: Path, tmp_path: Path) -> None:
    import_liaison(workspace, put(tmp_path, CONTACTS), today=TODAY)
    later = "site,role,trained on\nalpha college,head porter,2025-12-01\n"
    [done] = import_liaison(workspace, put(tmp_path, later), today=TODAY)
    assert done.merged.changed == 1
    kept = load_liaison(workspace).contacts
    assert kept["trained_on"].tolist() == ["2025-12-01", "2024-06-01"]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("name,number\n1,2\n", None),
        ("site,role\n", "people"),
        ('site,role\n"x', None),
        ("\n\n", None),
        (",,\n", None),
    ],
)
def test_a_file_that_fails_leaves_what_was_kept(
    workspace: Path, tmp_path: Path, text: str, table: str | None
) -> None:
    import_liaison(workspace, put(tmp_path, CONTACTS), today=TODAY)
    before = (workspace / FILE_NAME).read_bytes()
    with pytest.raises(PlannerError):
        import_liaison(workspace, put(tmp_path, text), table, TODAY)
    assert (workspace / FILE_NAME).read_bytes() == before


def test_a_workbook_of_three_sheets(workspace: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["site", "role", "trained on"])
    book.active.append(["Alpha College", "Head Porter", date(2025, 6, 1)])
    plans = book.create_sheet("Plans")
    plans.append(["building", "plan", "reviewed on"])
    plans.append(["Hall", "LSP", date(2025, 6, 1)])
    book.create_sheet("empty")
    premises = book.create_sheet("Premises")
    premises.append(["premises", "expected attendance"])
    premises.append(["Beta Museum", 650])
    book.save(tmp_path / "all.xlsx")
    done = import_liaison(workspace, tmp_path / "all.xlsx", today=TODAY)
    assert [item.checked.table for item in done] == ["contacts", "plans", "premises"]
    kept = load_liaison(workspace)
    assert kept.plans["building"].tolist() == ["Hall"]
    assert kept.premises[["expected_attendance", "tier"]].to_numpy().tolist() == [[650, "standard"]]


word = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="@"), min_size=1, max_size=10
)
formula = st.builds("{}{}".format, st.sampled_from("=+-"), word)
role = (
    (word | formula | st.sampled_from(["#N/A", "'quoted", "_x0041_", "NULL", "NA", "007", "True"]))
    .map(str.strip)
    .filter(bool)
)
day = st.dates(date(1990, 1, 1), TODAY).map(date.isoformat) | st.just("")
contact = st.fixed_dictionaries(
    {
        "site": st.sampled_from(["Alpha College", "Beta Museum"]),
        "role": role,
        "phone": st.sampled_from(["", "+44 1865 270000", "01865 270000", "72944"]),
        "email": st.sampled_from(["", "porters@example.ac.uk"]),
        "deputy": role | st.just(""),
        "trained_on": day,
        "last_briefed_on": day,
    }
)
premises = st.fixed_dictionaries(
    {
        "premises": st.sampled_from(["Alpha College", "Hall", "Chapel"]),
        "expected_attendance": st.integers(0, 999_999),
        "tier": st.sampled_from(["none", "standard", "enhanced"]),
        "responsible": role | st.just(""),
        "lockdown_reviewed_on": day,
    }
)


@pytest.fixture(scope="module")
def shared_workspace(_first_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    return Path(shutil.copytree(_first_workspace, tmp_path_factory.mktemp("one") / "workspace"))


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@settings(max_examples=6)
@given(
    contacts=st.lists(
        contact, max_size=5, unique_by=lambda row: (row["site"], row["role"].casefold())
    ),
    listed=st.lists(premises, max_size=3, unique_by=lambda row: row["premises"]),
)
def test_an_export_can_be_imported_again(
    shared_workspace: Path, ending: str, contacts: list[Any], listed: list[Any]
) -> None:
    from planner.estate.liaison.liaison_files import without_escape
    from planner.estate.liaison.private_details import private_detail
    from planner.text import readable

    rows = [
        {key: without_escape(readable(value)) for key, value in row.items()} for row in contacts
    ]
    # Only what an import would have taken is ever kept.
    rows = [
        row
        for row in rows
        if row["role"] and not any(private_detail(text) for text in row.values())
    ]
    keys = {(row["site"], row["role"].casefold()): row for row in rows}
    for row in listed:
        row["responsible"] = without_escape(readable(row["responsible"]))
    kept = Liaison(
        make_table("contacts", list(keys.values())),
        make_table("plans", []),
        make_table("premises", [row for row in listed if not private_detail(row["responsible"])]),
    )
    save_liaison(kept, shared_workspace)
    out = shared_workspace.parent / f"export.{ending}"
    files = [None] if ending == "xlsx" else ["contacts", "premises"]
    written = []
    for table in files:
        path = out if table is None else out.with_name(f"{table}.csv")
        export_liaison(shared_workspace, path, table)
        written.append(path)
    (shared_workspace / FILE_NAME).unlink()
    for path in written:
        for item in import_liaison(shared_workspace, path, today=TODAY):
            assert item.checked.refused == ()
    again = load_liaison(shared_workspace)
    for name in COLUMNS:
        pd.testing.assert_frame_equal(again.table(name), kept.table(name))


def test_no_text_of_an_export_starts_a_formula(workspace: Path, tmp_path: Path) -> None:
    rows = [{"site": "Beta Museum", "role": role} for role in ("=1+1", "+1", "-1", "@A1")]
    save_liaison(
        Liaison(make_table("contacts", rows), make_table("plans", []), make_table("premises", [])),
        workspace,
    )
    export_liaison(workspace, tmp_path / "out.csv", "contacts")
    read = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert read["role"].tolist() == ["'=1+1", "'+1", "'-1", "'@A1"]
    export_liaison(workspace, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["contacts"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {
        "s"
    }


@pytest.mark.parametrize(
    ("name", "table", "said"),
    [
        ("out.csv", None, "holds one table; say which with --table"),
        ("out.pdf", None, "ends in .xlsx or .csv"),
        ("out.xlsx", "people", "There is no table 'people'"),
    ],
)
def test_exports_that_cannot_be(
    workspace: Path, tmp_path: Path, name: str, table: str | None, said: str
) -> None:
    with pytest.raises(LiaisonError, match=said):
        export_liaison(workspace, tmp_path / name, table)
    assert not (tmp_path / name).exists()


def test_what_is_overdue(workspace: Path, tmp_path: Path) -> None:
    import_liaison(workspace, put(tmp_path, CONTACTS), today=TODAY)
    items = overdue(workspace, TODAY)
    assert items[["place", "state", "overdue_days"]].to_numpy().tolist() == [
        ["Beta Museum", "overdue", 228]
    ]


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    from planner.cli import liaison_commands, program

    assert liaison_commands.liaison.registered_commands

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["planner", "liaison", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            program.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(end.value.code or 0), said.out, said.err

    return call


def test_import_on_the_command_line(run: Run, workspace: Path, tmp_path: Path) -> None:
    code, out, _ = run("import", put(tmp_path, CONTACTS), "-w", workspace)
    assert code == 0
    assert "3 rows of contacts read: 2 added, 0 changed, 0 unchanged, 0 repeated, 1 refused." in out
    assert "Refused: list.csv, row 4, phone: holds a mobile telephone number" in out
    code, out, _ = run("import", put(tmp_path, CONTACTS), "-w", workspace, "--json")
    document = json.loads(out)
    assert (document["read"], document["taken"], document["refused"]) == (3, 2, 1)
    assert document["sheets"][0]["unchanged"] == 2
    text = "premises,expected attendance\nBeta Museum,900\n"
    _, out, _ = run("import", put(tmp_path, text), "-w", workspace)
    assert "a record of what the service was told, not a legal assessment" in out


def test_overdue_on_the_command_line(run: Run, workspace: Path, tmp_path: Path) -> None:
    _, out, _ = run("overdue", "-w", workspace, "--on", "2026-01-15")
    assert "nothing is overdue" in out
    import_liaison(workspace, put(tmp_path, CONTACTS), today=TODAY)
    text = "premises,expected attendance,evacuation reviewed on\nBeta Museum,900,2025-02-01\n"
    import_liaison(workspace, put(tmp_path, text), today=TODAY)
    _, out, _ = run("overdue", "-w", workspace, "--on", "2026-01-15")
    lines = out.splitlines()
    assert lines[0] == "On 2026-01-15: 3 never done, 1 overdue, 1 due soon."
    assert lines[1] == "  Beta Museum, communication procedure: no day on record."
    assert lines[4] == (
        "  Beta Museum, training (Security Liaison Officer): overdue by 228 days, since 2025-06-01."
    )
    assert lines[5] == "  Beta Museum, evacuation procedure: due in 17 days, on 2026-02-01."
    assert "not a legal assessment" in lines[6]
    _, out, _ = run("overdue", "-w", workspace, "--on", "2026-01-15", "--json")
    document = json.loads(out)
    assert document["counts"] == {"never": 3, "overdue": 1, "due soon": 1}
    assert document["items"][0]["overdue_days"] is None
    assert run("overdue", "-w", workspace, "--on", "15/01/2026")[0] == 2


def test_export_on_the_command_line(run: Run, workspace: Path, tmp_path: Path) -> None:
    import_liaison(workspace, put(tmp_path, CONTACTS), today=TODAY)
    code, out, _ = run("export", tmp_path / "out.xlsx", "-w", workspace)
    assert (code, out.strip()) == (
        0,
        f"Written to {tmp_path}/out.xlsx: 2 contacts, 0 plans, 0 premises.",
    )
    code, _, err = run("export", tmp_path / "out.csv", "-w", workspace)
    assert code == 1
    assert err.startswith("Error: ")
    assert len(err.strip().splitlines()) == 1
