"""Commands that take incidents in."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.program import AsJson, Workspace, app, say, show, working


@app.command(name="import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV files of incidents.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Read, check, locate and store files of incidents."""
    from planner.service.importing import import_files
    from planner.service.workspace import workspace_folder
    from planner.ui.words import import_document, import_words

    with working("Reading the incidents"):
        done = import_files(workspace_folder(workspace), files)
    show(as_json, import_document(done), lambda: say("\n".join(import_words(done))))
