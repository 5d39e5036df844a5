"""Commands that plan a shift and show it."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.cli.program import AsJson, Workspace, app, say, working


@app.command()
def plan(
    workspace: Workspace = None,
    scenario: Annotated[
        Path | None, typer.Option(help="Scenario in TOML; the usual one if not given.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the plan's files.")] = Path("out"),
    as_of: Annotated[
        str | None, typer.Option(help="Plan from what was known by then: YYYY-MM-DD[THH:MM].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a shift: routes, cameras, hotspots, a map, a print and GPX."""
    from planner.service.planning import plan_shift, stated_moment
    from planner.service.workspace import workspace_folder

    folder = workspace_folder(workspace)
    moment = stated_moment(folder, as_of) if as_of else None
    with working("Planning the shift"):
        written = plan_shift(folder, scenario, out, moment)
    _show_plan(written.plan, written.folder, as_json)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the plan's files.")] = Path("out"),
    workspace: Workspace = None,
    serve: Annotated[bool, typer.Option("--serve", help="Open the app when done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Do the whole job on the demo estate: Oxford, with illustrative incidents."""
    from planner.service.demo import demo_workspace
    from planner.service.planning import plan_shift

    with working("Making the demo estate"):
        folder = demo_workspace(workspace or out / "workspace")
    with working("Planning the shift"):
        written = plan_shift(folder, None, out)
    _show_plan(written.plan, written.folder, as_json)
    if serve:
        _serve(folder, 8501)
    elif not as_json:
        say(f"\nOpen {out / 'map.html'} in a browser, or run: planner app -w {folder}")


@app.command(name="app")
def app_(
    workspace: Workspace = None,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
) -> None:
    """Open the app in a browser."""
    from planner.service.workspace import open_workspace, workspace_folder

    folder = workspace_folder(workspace)
    open_workspace(folder)
    _serve(folder, port)


def _serve(folder: Path, port: int) -> None:
    from planner.ui.serve import serve

    say(f"The app is at http://localhost:{port} (Ctrl+C ends it).")
    serve(folder, port)


def _show_plan(made: Any, folder: Path, as_json: bool) -> None:
    from planner.ui.words import plan_words, routes_rows

    if as_json:
        sys.stdout.write(made.to_json() + "\n")
        return
    say("\n".join(plan_words(made)))
    table = Table("team", "arrive", "leave", "stop", "expected incidents covered")
    for row in routes_rows(made):
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
    say(f"Written to {folder}: plan.json, map.html, hotspots.pdf, routes.gpx")
    say("Why each stop is there stands in map.html and plan.json.")
