"""The command that sets scenarios side by side."""

import json
import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.cli.program import AsJson, Workspace, app, not_together, say, show, working

if TYPE_CHECKING:
    from planner.service.comparing import Wanted


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
    case: Annotated[
        str | None,
        typer.Option(help="Write the case for one camera of a scenario: its name, or C1, C2 ..."),
    ] = None,
    yearly_sheet: Annotated[
        bool, typer.Option("--yearly-sheet", help="Write which of your own to keep, move, remove.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(help="Choose cameras by records until YYYY-MM-DD, score them on those after."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Compare by what was known by then: YYYY-MM-DD[THH:MM].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set scenarios side by side: cover, cost, proof, budgets, and draws of the risk.

    With --case the page for one camera is written, with --yearly-sheet that of all that stand;
    with --until choices are tested on what came after.
    """
    from planner.service.comparing import Wanted
    from planner.service.planning import stated_moment
    from planner.service.workspace import workspace_folder

    given = {"--case": case, "--yearly-sheet": yearly_sheet or None, "--until": until}
    not_together(given)
    folder = workspace_folder(workspace)
    moment = stated_moment(folder, as_of) if as_of else None
    wanted = Wanted(scenarios or (), base, budget, frontier, draws)
    if case is not None:
        _case(folder, wanted, case, out, moment, as_json)
    elif yearly_sheet:
        _yearly_sheet(folder, out, moment, as_json)
    elif until is not None:
        _hold_out(folder, wanted, until, moment, as_json)
    else:
        _compare(folder, wanted, out, moment, as_json)


def _compare(
    folder: Path, wanted: "Wanted", out: Path, moment: datetime | None, as_json: bool
) -> None:
    from planner.service.comparing import compare_scenarios
    from planner.ui.comparison_words import HEADS, comparison_rows, comparison_words

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


def _one(wanted: "Wanted", usual: str) -> "Wanted":
    """Return the wish with a usual scenario where none is named."""
    return wanted if wanted.scenarios else replace(wanted, scenarios=(usual,))


def _case(
    folder: Path, wanted: "Wanted", camera: str, out: Path, moment: datetime | None, as_json: bool
) -> None:
    from planner.allocate.comparison.built_in import FIVE_MORE_CAMERAS
    from planner.service.defending import write_case

    with working("Making the case"):
        made, written = write_case(folder, _one(wanted, FIVE_MORE_CAMERAS), camera, out, moment)
    if as_json:
        sys.stdout.write(made.model_dump_json(indent=1) + "\n")
        return
    say(f"{made.name}: adds {made.adds:.2%} of the risk of a mean day.".replace("%", " %"))
    say(f"Written to {written.folder}: {', '.join(written.files)}")


def _yearly_sheet(folder: Path, out: Path, moment: datetime | None, as_json: bool) -> None:
    from planner.service.defending import write_yearly_sheet

    with working("Looking at each camera that stands"):
        rows, written = write_yearly_sheet(folder, out, moment)
    if as_json:
        document = {"cameras": [asdict(row) for row in rows]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")
        return
    for row in rows:
        say(f"{row.name}: {row.advice}. {row.reason}")
    say(f"Written to {written.folder}: {', '.join(written.files)}")


def _hold_out(
    folder: Path, wanted: "Wanted", until: str, moment: datetime | None, as_json: bool
) -> None:
    from planner.allocate.comparison.built_in import FIVE_MORE_CAMERAS
    from planner.service.defending import hold_out_cameras
    from planner.service.workspace import open_workspace
    from planner.ui.comparison_words import held_out_document, held_out_words, start_of_day

    settings, _ = open_workspace(folder)
    at = start_of_day(until, settings.time_zone)
    with working("Choosing by what was known, and scoring on what came after"):
        found = hold_out_cameras(folder, _one(wanted, FIVE_MORE_CAMERAS), at, moment)
    show(as_json, held_out_document(found), lambda: say("\n".join(held_out_words(found))))
