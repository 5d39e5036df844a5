"""Commands that say where incidents gather."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.cli.program import AsJson, Workspace, app, say, show, working


@app.command()
def hotspots(
    workspace: Workspace = None,
    category: Annotated[
        str | None, typer.Option(help="Only this category of the workspace's list.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the near-repeat permutations.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Where incidents gather, whether that is more than chance, and what changed."""
    from planner.service.surveying import survey_hotspots
    from planner.service.workspace import workspace_folder
    from planner.ui.hotspot_words import survey_document

    folder: Path = workspace_folder(workspace)
    with working("Looking for hotspots"):
        done = survey_hotspots(folder, category, seed=seed)
    show(as_json, survey_document(done) if as_json else {}, lambda: _say(done))


def _say(done: Any) -> None:
    from planner.ui import hotspot_words as words

    found = done.survey
    say("\n".join(words.survey_words(done)))
    if found.hotspots:
        _table(words.HOTSPOT_HEADS, words.hotspot_rows(done))
    say(words.zone_words(done))
    if rows := words.zone_rows(done):
        _table(words.ZONE_HEADS, rows)
    if found.repeats is not None:
        say(words.repeat_words(found.repeats))
        _table(words.REPEAT_HEADS, words.repeat_rows(found.repeats))
        say("\n".join(words.alert_words(found.alerts)))
    if found.streets is not None:
        say("\n".join(words.street_words(found.streets)))


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = Table()
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
