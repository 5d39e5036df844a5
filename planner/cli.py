"""The command line: ask, call one function of the service, show."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner import __version__
from planner.errors import PlannerError
from planner.text import readable

app = typer.Typer(
    help="Intelligence-led deployment: from incident records to patrols and cameras.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Workspace = Annotated[
    Path | None,
    typer.Option("-w", "--workspace", help="The workspace folder (or set PLANNER_WORKSPACE)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
LEFT_OUT_SHOWN = 12


def main() -> None:
    """Run the command line; what a user can mend ends in one line and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except PlannerError as error:
        words = readable(f"Error: {error}")
        Console(stderr=True, soft_wrap=True).print(words, markup=False, highlight=False)
        sys.exit(1)


def _say(text: str) -> None:
    Console(soft_wrap=True).print(text, markup=False, highlight=False)


def _show(as_json: bool, document: dict[str, Any], words: Callable[[], None]) -> None:
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        words()


def _working(text: str) -> Any:
    """Show on stderr that something is going on; nothing where stderr is no terminal."""
    return Console(stderr=True).status(text)


def _version(asked: bool) -> None:
    if asked:
        _say(f"planner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def init(
    sites: Annotated[list[Path], typer.Argument(help="GeoJSON files of sites and buildings.")],
    workspace: Workspace = None,
    streets: Annotated[
        Path | None, typer.Option(help="OpenStreetMap extract (.osm), or GeoJSON lines.")
    ] = None,
    zones: Annotated[Path | None, typer.Option(help="GeoJSON polygons: hand-drawn beats.")] = None,
    cameras: Annotated[Path | None, typer.Option(help="GeoJSON points: standing cameras.")] = None,
    time_zone: Annotated[str, typer.Option(help="IANA name of the time zone.")] = "Europe/London",
    name_field: Annotated[
        str | None, typer.Option(help="Property that holds a site's name ('name' if not given).")
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the estate, printed on maps.")] = "",
    as_json: AsJson = False,
) -> None:
    """Build a workspace from files of sites, buildings and streets."""
    from planner.service.workspace import EstateFiles, make_workspace, workspace_folder

    folder = workspace_folder(workspace)
    files = EstateFiles(sites, streets, zones, cameras, name_field)
    with _working("Building the workspace"):
        made = make_workspace(folder, files, name=name, time_zone=time_zone)
    from planner.ui.words import estate_document, estate_words

    document = estate_document(made, folder)
    _show(as_json, document, lambda: _say("\n".join(estate_words(made, folder, LEFT_OUT_SHOWN))))


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

    with _working("Reading the incidents"):
        done = import_files(workspace_folder(workspace), files)
    _show(as_json, import_document(done), lambda: _say("\n".join(import_words(done))))


@app.command()
def plan(
    workspace: Workspace = None,
    scenario: Annotated[
        Path | None, typer.Option(help="Scenario in TOML; the usual one if not given.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the plan's files.")] = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Plan a shift: routes, cameras, hotspots, a map, a print and GPX."""
    from planner.service.planning import plan_shift
    from planner.service.workspace import workspace_folder

    with _working("Planning the shift"):
        written = plan_shift(workspace_folder(workspace), scenario, out)
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

    with _working("Making the demo estate"):
        folder = demo_workspace(workspace or out / "workspace")
    with _working("Planning the shift"):
        written = plan_shift(folder, None, out)
    _show_plan(written.plan, written.folder, as_json)
    if serve:
        _serve(folder, 8501)
    elif not as_json:
        _say(f"\nOpen {out / 'map.html'} in a browser, or run: planner app -w {folder}")


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

    _say(f"The app is at http://localhost:{port} (Ctrl+C ends it).")
    serve(folder, port)


def _show_plan(made: Any, folder: Path, as_json: bool) -> None:
    from planner.ui.words import plan_words, routes_rows

    if as_json:
        sys.stdout.write(made.to_json() + "\n")
        return
    _say("\n".join(plan_words(made)))
    table = Table("team", "arrive", "leave", "stop", "expected incidents covered")
    for row in routes_rows(made):
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
    _say(f"Written to {folder}: plan.json, map.html, hotspots.pdf, routes.gpx")
    _say("Why each stop is there stands in map.html and plan.json.")
