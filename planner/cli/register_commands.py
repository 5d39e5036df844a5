"""Commands that keep the register: verify, back up, restore, purge, hand rejected rows back."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.program import AsJson, Workspace, app, say, show, working


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="The head of the audit log, as printed on a briefing.")
    ] = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Find out whether anything in the register was altered, removed or reordered."""
    from planner.service.keeping import verify_register
    from planner.service.workspace import workspace_folder
    from planner.ui.keeping_words import findings_document, findings_words

    with working("Verifying the register"):
        found = verify_register(workspace_folder(workspace), head)
    show(as_json, findings_document(found), lambda: say("\n".join(findings_words(found))))
    if not found.ok:
        raise typer.Exit(1)


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(help="The zip to write; it must not exist.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Write settings, estate and register into one zip, while others go on writing."""
    from planner.service.keeping import back_up
    from planner.service.workspace import workspace_folder
    from planner.ui.keeping_words import backup_document, backup_words

    with working("Backing up"):
        made = back_up(workspace_folder(workspace), out)
    show(as_json, backup_document(made, out), lambda: say("\n".join(backup_words(made, out))))
    if not made.findings.ok:
        raise typer.Exit(1)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A zip that 'planner backup' wrote.")],
    workspace: Workspace = None,
    register_url: Annotated[
        str,
        typer.Option(
            help="An empty PostgreSQL database for the register (or set PLANNER_REGISTER_URL)."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Restore a backup into a new workspace; free text whose time has come stays away."""
    from planner.service.keeping import restore as restore_backup
    from planner.service.workspace import workspace_folder
    from planner.ui.keeping_words import restored_document, restored_words

    folder = workspace_folder(workspace)
    with working("Restoring"):
        done = restore_backup(file, folder, register_url)
    show(
        as_json,
        restored_document(done, folder),
        lambda: say("\n".join(restored_words(done, folder))),
    )


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Remove the free text whose time has come, for good."""
    from planner.service.keeping import purge_texts
    from planner.service.workspace import workspace_folder
    from planner.ui.keeping_words import purge_document, purge_words

    with working("Purging"):
        done = purge_texts(workspace_folder(workspace), dry_run=dry_run)
    show(as_json, purge_document(done), lambda: say("\n".join(purge_words(done))))


@app.command()
def rejected(
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Write the rejected rows and their reasons, to be mended and imported again."""
    from planner.service.keeping import export_rejected
    from planner.service.workspace import workspace_folder
    from planner.ui.keeping_words import rejected_document, rejected_words

    files = export_rejected(workspace_folder(workspace), out)
    show(as_json, rejected_document(files, out), lambda: say("\n".join(rejected_words(files, out))))
