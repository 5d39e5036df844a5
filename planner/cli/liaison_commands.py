"""Commands for contacts, plans and premises."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.program import AsJson, Workspace, app, say, show

liaison = typer.Typer(
    help="Contacts, security plans and premises: import, list what is overdue, export.",
    no_args_is_help=True,
)
app.add_typer(liaison, name="liaison")

Table = Annotated[
    str | None, typer.Option(help="contacts, plans or premises (told by the header if not given).")
]
TableOut = Annotated[str | None, typer.Option(help="contacts, plans or premises; needed for CSV.")]


@liaison.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    workspace: Workspace = None,
    table: Table = None,
    as_json: AsJson = False,
) -> None:
    """Take contacts, plans or premises from a file; each row is taken or refused with a reason."""
    from planner.service.liaison import import_liaison
    from planner.service.workspace import workspace_folder
    from planner.ui.liaison_words import import_document, import_words

    done = import_liaison(workspace_folder(workspace), file, table)
    show(as_json, import_document(done), lambda: say("\n".join(import_words(done))))


@liaison.command()
def overdue(
    workspace: Workspace = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Judge from this day, not today.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List training, plans and procedures that are overdue, never done, or due within 30 days."""
    from planner.service.liaison import overdue as listed
    from planner.service.workspace import workspace_folder
    from planner.ui.liaison_words import overdue_document, overdue_words

    day = on.date() if on else date.today()
    items = listed(workspace_folder(workspace), day)
    document = overdue_document(items, day.isoformat())
    show(as_json, document, lambda: say("\n".join(overdue_words(items, day.isoformat()))))


@liaison.command()
def export(
    out: Annotated[Path, typer.Argument(help="An .xlsx file, or .csv for one table.")],
    workspace: Workspace = None,
    table: TableOut = None,
    as_json: AsJson = False,
) -> None:
    """Write what is kept to a file that can be imported again."""
    from planner.service.liaison import export_liaison
    from planner.service.workspace import workspace_folder

    counts = export_liaison(workspace_folder(workspace), out, table)
    listed = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    show(as_json, {"file": str(out), **counts}, lambda: say(f"Written to {out}: {listed}."))
