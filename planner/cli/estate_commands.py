"""Commands that make an estate."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from planner.cli.program import AsJson, Workspace, app, say, show, working

LEFT_OUT_SHOWN = 12


@app.command()
def init(
    sites: Annotated[
        list[Path],
        typer.Argument(
            help="Sites and buildings: GeoJSON, GeoPackage, zipped Shapefile, CSV with coordinates."
        ),
    ],
    workspace: Workspace = None,
    streets: Annotated[
        Path | None, typer.Option(help="OpenStreetMap extract (.osm), or a layer of lines.")
    ] = None,
    zones: Annotated[Path | None, typer.Option(help="Polygons: hand-drawn beats.")] = None,
    cameras: Annotated[Path | None, typer.Option(help="Points: standing cameras.")] = None,
    surroundings: Annotated[
        list[Path] | None,
        typer.Option(
            help="Other buildings, lamps, entrances, gates, bicycle racks, private windows, and "
            "where no camera may be fixed (any number of files)."
        ),
    ] = None,
    time_zone: Annotated[str, typer.Option(help="IANA name of the time zone.")] = "Europe/London",
    name_field: Annotated[
        str | None, typer.Option(help="Property that holds a site's name ('name' if not given).")
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(help="Property that holds the source's own identifier.")
    ] = None,
    crs: Annotated[
        str | None,
        typer.Option(help="Coordinate system of files that do not state theirs: EPSG:27700."),
    ] = None,
    layer: Annotated[
        list[str] | None, typer.Option(help="Layer of sites to read (all if not given).")
    ] = None,
    zone_kind: Annotated[
        Literal["catchments", "beats", "streets", "grid"] | None,
        typer.Option(help="What risk is forecast for (beats with --zones, else catchments)."),
    ] = None,
    grid_m: Annotated[
        float | None, typer.Option(help="Side of a square, longest street segment, in metres.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the estate, printed on maps.")] = "",
    as_json: AsJson = False,
) -> None:
    """Build a workspace from files of sites, buildings and streets."""
    from planner.service.workspace import EstateFiles, make_workspace, workspace_folder

    folder = workspace_folder(workspace)
    files = EstateFiles(
        sites, streets, zones, cameras, name_field, id_field, crs, layer or (), surroundings or ()
    )
    with working("Building the workspace"):
        made = make_workspace(
            folder, files, name=name, time_zone=time_zone, zones=zone_kind, grid_m=grid_m
        )
    from planner.ui.words import estate_document, estate_words

    document = estate_document(made, folder)
    show(as_json, document, lambda: say("\n".join(estate_words(made, folder, LEFT_OUT_SHOWN))))
