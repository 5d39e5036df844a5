"""Commands that plan a shift and show it."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.cli.program import AsJson, Workspace, app, not_together, say, show, working

if TYPE_CHECKING:
    from planner.service.planning import Written

USUAL_COVER_SHARE = 0.95


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
    replan: Annotated[
        Path | None, typer.Option(help="A plan.json that is being walked: plan the rest anew.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="With --replan, the moment: HH:MM or YYYY-MM-DDTHH:MM.")
    ] = None,
    positions: Annotated[
        Path | None,
        typer.Option(help="With --replan, CSV or JSON of team, longitude, latitude."),
    ] = None,
    incident: Annotated[
        list[str] | None,
        typer.Option(help="With --replan, what came in: 'Place[; minutes[; HH:MM]]'; repeatable."),
    ] = None,
    nights: Annotated[
        int | None, typer.Option(help="Make a rotation of routes for so many nights.")
    ] = None,
    cover_share: Annotated[
        float | None,
        typer.Option(help="With --nights, their mean cover as a share of the best plan's (0.95)."),
    ] = None,
    vary: Annotated[
        list[Path] | None,
        typer.Option(help="Plans of the last seven nights to keep apart from, or their folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a shift: routes, route cards, cameras, hotspots, a map, a print, GPX and GeoJSON.

    With --replan the rest of a shift is planned anew; with --nights a rotation is made.
    """
    not_together({"--replan": replan, "--nights": nights, "--vary": vary})
    not_together({"--replan": replan, "--scenario": scenario})
    _only_with("--replan", replan, {"--at": at, "--positions": positions, "--incident": incident})
    _only_with("--nights", nights, {"--cover-share": cover_share})
    if replan is not None and at is None:
        raise typer.BadParameter("--replan needs --at: the moment from which to plan anew.")
    from planner.service.planning import stated_moment
    from planner.service.workspace import workspace_folder

    folder = workspace_folder(workspace)
    moment = stated_moment(folder, as_of) if as_of else None
    if replan is not None and at is not None:
        _replan(folder, replan, at, (positions, incident or []), out, moment, as_json)
    elif nights is not None:
        _rotate(
            folder,
            scenario,
            (nights, USUAL_COVER_SHARE if cover_share is None else cover_share),
            out,
            moment,
            as_json,
        )
    else:
        _plan(folder, scenario, out, moment, vary, as_json)


def _only_with(leader: str, value: object, given: dict[str, object]) -> None:
    """Refuse options that say nothing without another, as a fault of usage."""
    names = [name for name, other in given.items() if other is not None]
    if value is None and names:
        raise typer.BadParameter(f"{names[0]} is for {leader}, which is not given.")


def _plan(
    folder: Path,
    scenario: Path | None,
    out: Path,
    as_of: datetime | None,
    vary: list[Path] | None,
    as_json: bool,
) -> None:
    from planner.service.planning import plan_shift

    with working("Planning the shift"):
        written = plan_shift(folder, scenario, out, as_of, vary)
    _show_plan(written, as_json)


def _replan(
    folder: Path,
    plan_file: Path,
    at: str,
    happened: tuple[Path | None, list[str]],
    out: Path,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    from planner.service.replanning import Happened, replan_shift

    positions, incidents = happened
    with working("Planning the rest of the shift"):
        told = Happened(at, incidents, positions)
        written = replan_shift(folder, plan_file, told, out, as_of)
    _show_plan(written, as_json)


def _rotate(
    folder: Path,
    scenario: Path | None,
    wanted: tuple[int, float],
    out: Path,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    from planner.service.rotating import plan_nights
    from planner.ui.patrol_words import rotation_rows, rotation_words

    with working("Making the rotation"):
        written = plan_nights(folder, scenario, *wanted, out, as_of)
    if as_json:
        sys.stdout.write(written.rotation.to_json() + "\n")
        return
    say("\n".join(rotation_words(written.rotation)))
    _table(("night", "date", "plan", "covers"), rotation_rows(written.rotation))
    say(f"Written to {written.folder}: rotation.json, rotation.csv")


@app.command(name="next")
def next_(
    plan_file: Annotated[
        Path, typer.Argument(metavar="PLAN", help="The plan.json that is being walked.")
    ],
    team: Annotated[str, typer.Option(help="The team.")],
    at: Annotated[str, typer.Option(help="The moment: HH:MM or YYYY-MM-DDTHH:MM.")],
    position: Annotated[
        str | None, typer.Option(help="Where it is: longitude,latitude (as planned if not given).")
    ] = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Say what a team should do next: the three best visits from where it is."""
    from planner.service.replanning import next_stops
    from planner.service.workspace import workspace_folder
    from planner.ui.patrol_words import next_document, next_words

    found = next_stops(workspace_folder(workspace), plan_file, team, at, position)
    show(as_json, next_document(found), lambda: say("\n".join(next_words(found))))


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
    _show_plan(written, as_json)
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


def _show_plan(written: "Written", as_json: bool) -> None:
    from planner.ui.patrol_words import CHOICE_HEADS, choices_rows, patrol_words
    from planner.ui.words import plan_words, routes_rows

    made = written.plan
    if as_json:
        sys.stdout.write(made.to_json() + "\n")
        return
    say("\n".join(plan_words(made)))
    _table(("team", "arrive", "leave", "stop", "expected incidents covered"), routes_rows(made))
    say("\n".join(patrol_words(made)))
    if len(made.patrols.choices) > 1:
        _table(CHOICE_HEADS, choices_rows(made.patrols))
    say(f"Written to {written.folder}: {', '.join(written.files)}")
    say("Why each stop is there stands in map.html and plan.json.")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(*heads)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
