"""The command that sets scenarios side by side."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.cli.program import AsJson, Workspace, app, say


@app.command()
def compare(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Scenarios: TOML files, or built-in ones by name (all eight if none is given)."
        ),
    ] = None,
    workspace: Workspace = None,
    base: Annotated[
        Path | None, typer.Option(help="Scenario in TOML that the built-in ones differ from.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("out"),
    budget: Annotated[
        float | None, typer.Option(help="Largest of the ten budgets of the frontier.")
    ] = None,
    frontier: Annotated[bool, typer.Option(help="Work out what ten budgets buy.")] = True,
    draws: Annotated[
        int, typer.Option(min=0, max=2_000, help="Draws of the risk that choices are tried over.")
    ] = 200,
    as_of: Annotated[
        str | None, typer.Option(help="Compare by what was known by then: YYYY-MM-DD[THH:MM].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set scenarios side by side: cover, cost, proof, budgets, and draws of the risk."""
    from planner.service.comparing import Wanted, compare_scenarios
    from planner.service.planning import stated_moment
    from planner.service.workspace import workspace_folder
    from planner.ui.comparison_words import HEADS, comparison_rows, comparison_words

    folder = workspace_folder(workspace)
    moment = stated_moment(folder, as_of) if as_of else None
    wanted = Wanted(scenarios or (), base, budget, frontier, draws)
    with Console(stderr=True).status("Comparing scenarios") as status:
        written = compare_scenarios(
            folder, wanted, out, moment, lambda text: status.update(f"Comparing: {text}")
        )
    if as_json:
        sys.stdout.write(written.comparison.to_json() + "\n")
        return
    table = Table(*HEADS)
    for row in comparison_rows(written.comparison):
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
    say("\n".join(comparison_words(written.comparison)))
    say(f"Written to {written.folder}: {', '.join(written.files)}")
