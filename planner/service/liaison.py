"""Importing, judging and exporting contacts, plans and premises."""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell

from planner.errors import LiaisonError
from planner.estate.liaison.liaison_files import read_sheets
from planner.estate.liaison.liaison_places import all_places, place_words, site_places
from planner.estate.liaison.liaison_rows import Checked, Known, check_sheet
from planner.estate.liaison.records import (
    RECORDS,
    Liaison,
    Merged,
    due,
    load_liaison,
    merge,
    save_liaison,
)
from planner.estate.whole_files import write_whole
from planner.publish.tables import for_spreadsheet
from planner.service.workspace import open_register, open_workspace
from planner.settings import Settings


@dataclass(frozen=True)
class SheetImport:
    """What became of one sheet; ``added + changed + unchanged + repeated + refused = read``.

    Attributes
    ----------
    checked
        Its rows, taken and refused.
    merged
        What the taken rows did to the table.
    """

    checked: Checked
    merged: Merged

    @property
    def read(self) -> int:
        """How many rows the sheet had, empty ones aside."""
        return len(self.checked.taken) + len(self.checked.refused)


def import_liaison(
    workspace: Path, path: Path, table: str | None = None, today: date | None = None
) -> list[SheetImport]:
    """Take contacts, plans and premises from a CSV or XLSX file.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    path
        The file; of an XLSX every sheet that is not empty.
    table
        ``contacts``, ``plans`` or ``premises``; told by each header where None.
    today
        Nothing can have been done after it; the present day if not given.

    Raises
    ------
    LiaisonError
        If a header fits no table, or there is no such table.
    PlannerError
        If the file can't be used. Whatever fails, what was kept stays as it was.
    """
    _check_table(table)
    settings, estate = open_workspace(workspace)
    day = today or date.today()
    known = Known(site_places(estate), all_places(estate), place_words(estate), day)
    sheets = read_sheets(path)
    tables = _tables(load_liaison(workspace))
    done = []
    for checked in [check_sheet(sheet, known, table) for sheet in sheets]:
        merged = merge(checked.table, tables[checked.table], checked.taken)
        tables[checked.table] = merged.table
        done.append(SheetImport(checked, merged))
    save_liaison(Liaison(**tables), workspace)
    said = {"file": path.name, "digest": _digest(path)}
    _log(workspace, settings, "import of contacts, plans or premises", said)
    return done


def overdue(workspace: Path, on: date | None = None) -> pd.DataFrame:
    """List what is overdue, never done, or due within 30 days.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    on
        The day to judge from; the present one if not given.

    Returns
    -------
    pandas.DataFrame
        As :func:`planner.estate.liaison.records.due` makes it.
    """
    open_workspace(workspace)
    return due(load_liaison(workspace), on or date.today())


def export_liaison(workspace: Path, out: Path, table: str | None = None) -> dict[str, int]:
    """Write the tables to a file that can be imported again: XLSX, or one of them as CSV.

    Text that a spreadsheet would run as a formula gets an apostrophe first.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    out
        ``.xlsx``, or ``.csv`` with ``table``.
    table
        Which; all where None.

    Returns
    -------
    dict of str to int
        Rows written, by table.

    Raises
    ------
    LiaisonError
        If the ending is another one, or a CSV file would need more than one table.
    UnreadableFile
        If the file can't be written.
    """
    _check_table(table)
    settings, _ = open_workspace(workspace)
    kept = _tables(load_liaison(workspace))
    chosen = {name: kept[name] for name in ([table] if table else kept)}
    safe = {name: for_spreadsheet(rows) for name, rows in chosen.items()}
    if out.suffix.lower() == ".xlsx":
        write_whole(out, _xlsx(safe))
    elif out.suffix.lower() != ".csv":
        raise LiaisonError(f"{out}: give a name that ends in .xlsx or .csv.")
    elif table is None:
        raise LiaisonError(
            f"{out}: a CSV file holds one table; say which with --table, or give an .xlsx name."
        )
    else:
        write_whole(out, _csv(safe[table]))
    rows = {name: len(table) for name, table in chosen.items()}
    said = {"rows": rows, "digest": _digest(out)}
    _log(workspace, settings, "export of contacts, plans or premises", said)
    return rows


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _log(workspace: Path, settings: Settings, action: str, said: Mapping[str, object]) -> None:
    with open_register(workspace, settings) as register:
        register.log(action, said, int(datetime.now(UTC).timestamp()))


def _check_table(table: str | None) -> None:
    if table is not None and table not in RECORDS:
        raise LiaisonError(f"There is no table '{table}'; the tables are: {', '.join(RECORDS)}.")


def _tables(liaison: Liaison) -> dict[str, pd.DataFrame]:
    return {name: liaison.table(name) for name in RECORDS}


def _csv(table: pd.DataFrame) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows(table.itertuples(index=False))
    # The mark tells spreadsheets that this is UTF-8.
    return written.getvalue().encode("utf-8-sig")


def _xlsx(tables: Mapping[str, pd.DataFrame]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(list(table.columns))
        for row in table.itertuples(index=False):
            cells = [WriteOnlyCell(sheet, value) for value in row]
            for cell in cells:
                # Text such as '#N/A' would else become an error.
                cell.data_type = "s" if isinstance(cell.value, str) else "n"
            sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
