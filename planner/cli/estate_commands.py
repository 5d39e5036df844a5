"""Commands that make an estate."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.program import AsJson, Workspace, app, say, show, working

LEFT_OUT_SHOWN = 12


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
    with working("Building the workspace"):
        made = make_workspace(folder, files, name=name, time_zone=time_zone)
    from planner.ui.words import estate_document, estate_words

    document = estate_document(made, folder)
    show(as_json, document, lambda: say("\n".join(estate_words(made, folder, LEFT_OUT_SHOWN))))
