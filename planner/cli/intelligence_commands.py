"""Commands for graded entries of intelligence."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.program import AsJson, Workspace, app, say, show, working
from planner.incidents.intelligence import Status

intelligence = typer.Typer(
    help="Graded entries: events, series, warnings that raise or lower risk for a time.",
    no_args_is_help=True,
)
app.add_typer(intelligence, name="intelligence")

Role = Annotated[str, typer.Option(help="The role that does this, for the audit log.")]
ForAudience = Annotated[str, typer.Option(help="List only what this audience may see.")]
Identifier = Annotated[str, typer.Argument(metavar="ID", help="As 'intelligence list' names it.")]


@intelligence.command()
def add(
    file: Annotated[Path, typer.Argument(help="The entry in TOML.")],
    workspace: Workspace = None,
    role: Role = "",
    as_json: AsJson = False,
) -> None:
    """Record an entry: where, when, what, its factor and its 3x5x2 grade."""
    from planner.service.intelligence import add_intelligence_file
    from planner.service.workspace import workspace_folder
    from planner.ui.intelligence_words import added_words, entry_document

    added = add_intelligence_file(workspace_folder(workspace), file, role)
    show(as_json, entry_document(added), lambda: say("\n".join(added_words(added))))


@intelligence.command(name="list")
def list_(
    workspace: Workspace = None,
    audience: ForAudience = "control room",
    as_json: AsJson = False,
) -> None:
    """List entries, whether each is in force, and when it expires."""
    from planner.service.intelligence import list_intelligence
    from planner.service.workspace import workspace_folder
    from planner.ui.intelligence_words import entry_document, list_words

    found = list_intelligence(workspace_folder(workspace), audience)
    document = {"audience": audience, "entries": [entry_document(item) for item in found]}
    show(as_json, document, lambda: say("\n".join(list_words(found))))


@intelligence.command()
def off(
    entry: Identifier, workspace: Workspace = None, role: Role = "", as_json: AsJson = False
) -> None:
    """Switch an entry off: plans are made without it until it is switched on again."""
    _set(entry, "off", workspace, role, as_json)


@intelligence.command()
def on(
    entry: Identifier, workspace: Workspace = None, role: Role = "", as_json: AsJson = False
) -> None:
    """Switch an entry on again."""
    _set(entry, "active", workspace, role, as_json)


@intelligence.command()
def withdraw(
    entry: Identifier, workspace: Workspace = None, role: Role = "", as_json: AsJson = False
) -> None:
    """Withdraw an entry for good; it stays in the register."""
    _set(entry, "withdrawn", workspace, role, as_json)


@intelligence.command()
def score(
    workspace: Workspace = None,
    audience: ForAudience = "control room",
    as_json: AsJson = False,
) -> None:
    """Score the entries that are over: whether the stated factor helped."""
    from planner.service.intelligence import score_intelligence
    from planner.service.workspace import workspace_folder
    from planner.ui.intelligence_words import scores_document, scores_words

    with working("Scoring the entries that are over"):
        outcomes = score_intelligence(workspace_folder(workspace), audience)
    show(as_json, scores_document(outcomes), lambda: say("\n".join(scores_words(outcomes))))


def _set(entry: str, status: Status, workspace: Path | None, role: str, as_json: bool) -> None:
    from planner.service.intelligence import set_status
    from planner.service.workspace import workspace_folder
    from planner.ui.intelligence_words import status_words

    changed = set_status(workspace_folder(workspace), entry, status, role).entry
    # No word of what it says: whoever knows the identifier need not be one who may read it.
    document = {"id": changed.id, "status": changed.status}
    show(as_json, document, lambda: say(status_words(changed.id, changed.status)))
