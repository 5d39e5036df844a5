"""Commands that download what an estate is made from."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TransferSpeedColumn
from rich.progress import Progress as Bar

from planner.cli.program import AsJson, app, say, show

fetch = typer.Typer(help="Download OpenStreetMap or police data into files.", no_args_is_help=True)
app.add_typer(fetch, name="fetch")

Out = Annotated[Path, typer.Option(help="Folder for the files.")]
Cached = Annotated[
    Path | None, typer.Option("--cache", help="Folder that keeps what came (OUT/.cache).")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask again for what the cache holds.")]
Polygon = Annotated[Path | None, typer.Option(help="GeoJSON file that draws the area.")]


@fetch.command()
def osm(
    out: Out,
    place: Annotated[str, typer.Option(help="A place by name, such as 'Oxford, UK'.")] = "",
    box: Annotated[str, typer.Option(help="west,south,east,north in degrees.")] = "",
    polygon: Polygon = None,
    cache: Cached = None,
    fresh: Fresh = False,
    base_url: Annotated[
        str, typer.Option(help="Another Overpass server (or set PLANNER_OVERPASS_URL).")
    ] = "",
    nominatim_url: Annotated[
        str, typer.Option(help="Another Nominatim server (or set PLANNER_NOMINATIM_URL).")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Fetch streets, buildings, entrances, lamps and cameras from OpenStreetMap."""
    from planner.service.fetching import Place, Ways, fetch_osm, servers_named
    from planner.ui.fetch_words import fetched_document, osm_words

    given = {"PLANNER_OVERPASS_URL": base_url, "PLANNER_NOMINATIM_URL": nominatim_url}
    servers = servers_named(os.environ | {key: url for key, url in given.items() if url})
    with _bar() as progress:
        done = fetch_osm(Place(place, box, polygon), out, Ways(cache, fresh, progress, servers))
    show(as_json, fetched_document(done), lambda: say("\n".join(osm_words(done))))


@fetch.command()
def police(
    out: Out,
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")],
    force: Annotated[str, typer.Option(help="A force, such as thames-valley or btp.")] = "",
    polygon: Polygon = None,
    cache: Cached = None,
    fresh: Fresh = False,
    base_url: Annotated[
        str, typer.Option(help="A mirror of data.police.uk (or set PLANNER_POLICE_URL).")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Fetch street-level incidents from data.police.uk, by force or by area."""
    from planner.service.fetching import Ways, fetch_police, servers_named
    from planner.ui.fetch_words import fetched_document, police_words

    given = {"PLANNER_POLICE_URL": base_url} if base_url else {}
    ways_servers = servers_named(os.environ | given)
    with _bar() as progress:
        ways = Ways(cache, fresh, progress, ways_servers)
        done = fetch_police(first, last, out, force=force, polygon=polygon, ways=ways)
    show(as_json, fetched_document(done), lambda: say("\n".join(police_words(done))))


class _Shown:
    """Shows on a bar what a transfer reports."""

    def __init__(self, bar: Bar):
        self.bar = bar
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, whole: int | None) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.bar.add_task(what, total=whole)
        self.bar.update(self.tasks[what], completed=done, total=whole)


@contextmanager
def _bar() -> Iterator[_Shown]:
    """Show on stderr how far a transfer is; nothing where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    bar = Bar(
        *columns,
        TransferSpeedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        yield _Shown(bar)
