"""Fetching the streets and buildings of an estate, and the police's incidents, into files."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import shapely

from planner.errors import DownloadFailed, EstateError
from planner.estate.sources.area import box_area, place_area, polygon_area
from planner.estate.sources.cache import Cache
from planner.estate.sources.osm import fetch_extract
from planner.estate.sources.police import StreetFile, months_between
from planner.estate.sources.police_archives import force_files
from planner.estate.sources.police_area import area_files
from planner.estate.sources.request import Clock, Manners
from planner.estate.sources.web import Progress, Web
from planner.estate.whole_files import write_whole

OSM_MANNERS = Manners(per_second=1.0)
# The service allows 15 a second.
POLICE_MANNERS = Manners(per_second=5.0)


@dataclass(frozen=True)
class Servers:
    """Where to fetch from: the public services, or mirrors within a closed network.

    Attributes
    ----------
    overpass, nominatim, police
        Addresses. ``PLANNER_OVERPASS_URL``, ``PLANNER_NOMINATIM_URL`` and ``PLANNER_POLICE_URL``
        name others.
    """

    overpass: str = "https://overpass-api.de/api"
    nominatim: str = "https://nominatim.openstreetmap.org"
    police: str = "https://data.police.uk"


@dataclass(frozen=True)
class Place:
    """The area that was asked for, in one of three ways.

    Attributes
    ----------
    name, box, polygon
        A place by its name, ``"west,south,east,north"``, or a GeoJSON file; one of them.
    """

    name: str = ""
    box: str = ""
    polygon: Path | None = None


@dataclass(frozen=True)
class Ways:
    """How to fetch.

    Attributes
    ----------
    cache
        Folder that keeps what came; ``.cache`` in the folder of the files where None.
    fresh
        Whether to ask again for what the cache holds.
    progress
        Told what is fetched, how many bytes came, and of how many (None where unknown).
    servers, clock
        Where from, and by which clock.
    """

    cache: Path | None = None
    fresh: bool = False
    progress: Progress | None = None
    servers: Servers = Servers()
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True)
class Fetched:
    """What was fetched.

    Attributes
    ----------
    files
        Each file and the number of things (features, bytes) in it.
    notes
        What a person should know, in words.
    """

    files: tuple[tuple[Path, int], ...]
    notes: tuple[str, ...]


def servers_named(environment: Mapping[str, str]) -> Servers:
    """Return the servers that the environment names, else the public ones."""
    usual = Servers()
    return Servers(
        environment.get("PLANNER_OVERPASS_URL") or usual.overpass,
        environment.get("PLANNER_NOMINATIM_URL") or usual.nominatim,
        environment.get("PLANNER_POLICE_URL") or usual.police,
    )


def fetch_osm(place: Place, out: Path, ways: Ways | None = None) -> Fetched:
    """Fetch streets, buildings, entrances, lamps and cameras into files for ``planner init``.

    Parameters
    ----------
    place
        Where.
    out
        Folder for ``streets.osm``, ``sites.geojson``, ``buildings.geojson``,
        ``entrances.geojson``, ``lamps.geojson`` and ``cameras.geojson``. A layer without
        features gets no file.
    ways
        How; the public servers if not given.

    Raises
    ------
    PlannerError
        If the place can't be used, the services didn't answer or the files can't be written.
    """
    how = ways or Ways(servers=servers_named(os.environ))
    web = _web(how, out, OSM_MANNERS)
    extract = fetch_extract(web, how.servers.overpass, _area(place, web, how.servers))
    contents = {
        f"{name}.geojson": (_geojson(table), len(table))
        for name, table in extract.layers.items()
        if len(table)
    }
    if extract.streets:
        contents["streets.osm"] = (extract.streets, extract.streets.count(b"<way "))
    for name, (content, _) in contents.items():
        write_whole(out / name, content)
    empty = [name for name, table in extract.layers.items() if not len(table)]
    notes = ["© OpenStreetMap contributors, Open Database Licence 1.0: say so where it is shown."]
    notes += [f"The data stand as of {extract.as_of}."] * bool(extract.as_of)
    notes += [f"OpenStreetMap knows no {', '.join(empty)} here."] * bool(empty)
    return Fetched(
        tuple((out / name, count) for name, (_, count) in contents.items()), tuple(notes)
    )


def fetch_police(
    first: str,
    last: str,
    out: Path,
    *,
    force: str = "",
    polygon: Path | None = None,
    ways: Ways | None = None,
) -> Fetched:
    """Fetch the police's incidents into street files for ``planner import``.

    Parameters
    ----------
    first, last
        Months, ``YYYY-MM``, both included.
    out
        Folder for the files.
    force, polygon
        One of them: a force by its name there (from the archives), or a GeoJSON file of the area
        (from the API, which states neither force nor LSOA).
    ways
        How; the public servers if not given.

    Raises
    ------
    PlannerError
        If what was asked for can't be, the service didn't answer, none of the months is
        published, or the files can't be written. Files that were finished before stay.
    """
    if bool(force) == (polygon is not None):
        raise EstateError("Give either --force, for its archive, or --polygon, for the API.")
    how = ways or Ways(servers=servers_named(os.environ))
    months, server = months_between(first, last), how.servers.police
    web = _web(how, out, POLICE_MANNERS)
    if polygon is not None:
        found = area_files(web, server, polygon_area(polygon), months)
    else:
        found = force_files(web, server, force, months)
    files, missing = [], []
    for item in found:
        if isinstance(item, StreetFile):
            write_whole(out / item.name, item.content)
            files.append((out / item.name, max(item.content.count(b"\n") - 1, 0)))
        else:
            missing.append(item)
    if not files:
        raise DownloadFailed(f"None of the months from {first} to {last} is published there.")
    return Fetched(tuple(sorted(files)), _police_notes(sorted(missing), polygon is not None))


def _police_notes(missing: list[str], from_api: bool) -> tuple[str, ...]:
    notes = ["Police data under the Open Government Licence 3.0: say so where it is shown."]
    if missing:
        notes.append(f"Not published, so not covered: {', '.join(missing)}.")
    if from_api:
        notes.append(
            "The API doesn't say which force reported an incident, so don't import the same "
            "month from an archive as well: incidents without a Crime ID would count twice."
        )
    return tuple(notes)


def _web(how: Ways, out: Path, manners: Manners) -> Web:
    web = Web(Cache(how.cache or out / ".cache"), manners, how.clock, fresh=how.fresh)
    if how.progress is not None:
        web.progress = how.progress
    return web


def _area(place: Place, web: Web, servers: Servers) -> shapely.Geometry:
    given = [bool(place.name), bool(place.box), place.polygon is not None]
    if sum(given) != 1:
        raise EstateError("Say where with one of --place, --box and --polygon.")
    if place.polygon is not None:
        return polygon_area(place.polygon)
    return box_area(place.box) if place.box else place_area(web, servers.nominatim, place.name)


def _geojson(table: gpd.GeoDataFrame) -> bytes:
    text: str = table.to_json(drop_id=True)
    return text.encode()
