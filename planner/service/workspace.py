"""Making and opening a workspace: the folder that the user owns."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import ValidationError

from planner.errors import EstateError, SettingsError, UnreadableFile, WorkspaceError
from planner.estate.camera_places import check_own, on_estate, out_of_walls
from planner.estate.cameras import COLUMNS as CAMERA_COLUMNS
from planner.estate.cameras import described_cameras, no_cameras
from planner.estate.control import OWN_POST
from planner.estate.layers.features import LeftOut, read_features
from planner.estate.layers.shapes import POINTS, POLYGONS, Noted, near_sites
from planner.estate.layers.street_files import read_streets
from planner.estate.model import Estate, load_estate, save_estate
from planner.estate.sites import SiteFiles, Sites, read_sites
from planner.estate.streets import Streets, largest_part, network, with_controllers
from planner.estate.surroundings import SHAPES, no_surroundings, surroundings_from
from planner.estate.zone_kinds import zones_for
from planner.estate.zones import estate_area
from planner.geo import FAR_M, WGS84
from planner.picture import Picture
from planner.register.database import Register
from planner.register.intelligence import entries_until
from planner.register.place_weights import read_place_weights
from planner.settings import FILE_NAME as SETTINGS_FILE
from planner.settings import (
    NamedDays,
    Settings,
    Term,
    first_fault,
    known_time_zone,
    read_settings,
    write_settings,
)

ZoneKind = Literal["catchments", "beats", "streets", "grid"]


@dataclass(frozen=True)
class EstateFiles:
    """The files that an estate is made from.

    Attributes
    ----------
    sites
        Sites and buildings, one file or more: GeoJSON, GeoPackage, zipped Shapefile or CSV.
    streets
        OpenStreetMap extract, or a layer of lines; or None.
    zones, cameras
        Layers of polygons and of points; or None.
    name_field, id_field
        Properties that hold a feature's name (None for ``name``), and its source's identifier.
    crs
        The coordinate system of files that do not state theirs; or None.
    layers
        Which layers of the files of sites to read; all where none is named.
    surroundings
        Files of what stands around that matters for cameras, as
        :mod:`planner.estate.surroundings` lists it; in the formats of the sites.
    """

    sites: Sequence[Path]
    streets: Path | None = None
    zones: Path | None = None
    cameras: Path | None = None
    name_field: str | None = None
    id_field: str | None = None
    crs: str | None = None
    layers: Sequence[str] = ()
    surroundings: Sequence[Path] = ()


@dataclass(frozen=True)
class NewEstate:
    """What a workspace was made of, and what was left out.

    Attributes
    ----------
    estate
        The estate; also what is not there yet, or no more.
    left_out
        Features that did not become part of it.
    noted
        Features that became part of it, but not as their file has them.
    layers
        The files, with the layers of those that hold several, that sites were read from.
    street_islands, island_m
        Parts of the streets that can't be walked to from the rest, and their length in metres.
    unreachable
        Names of the zones further from every street than routes reach.
    """

    estate: Estate
    left_out: tuple[LeftOut, ...]
    noted: tuple[Noted, ...]
    layers: tuple[str, ...]
    street_islands: int
    island_m: float
    unreachable: tuple[str, ...]


def make_workspace(
    folder: Path,
    files: EstateFiles,
    *,
    name: str = "",
    time_zone: str = "Europe/London",
    illustrative: bool = False,
    terms: Sequence[Term] = (),
    days: Sequence[NamedDays] = (),
    zones: ZoneKind | None = None,
    grid_m: float | None = None,
) -> NewEstate:
    """Build a workspace from files of sites, streets, zones, cameras and surroundings.

    Nothing is left behind where it fails: the workspace is built beside its place and moved.

    Parameters
    ----------
    folder
        Where it is to stand; missing or empty.
    files
        What it is made from.
    name
        The estate's name; that of the folder if not given.
    time_zone, illustrative, terms, days, grid_m
        As in :class:`planner.settings.Settings`.
    zones
        What risk is forecast for; beats where there is a file of them, or else catchments.

    Raises
    ------
    WorkspaceError
        If the folder is a workspace already, or is not empty.
    SettingsError
        If a setting can't be, such as the side of a square.
    PlannerError
        If a file can't be used; the message says which and why.
    """
    _check_free(folder)
    known_time_zone(time_zone)
    sites, left_out = read_sites(
        SiteFiles(files.sites, files.name_field, files.id_field, files.crs, files.layers)
    )
    settings = _settings(
        name=name or folder.resolve().name,
        time_zone=time_zone,
        crs=":".join(sites.sites.crs.to_authority()),
        illustrative=illustrative,
        terms=tuple(terms),
        days=tuple(days),
        zones=zones or ("catchments" if files.zones is None else "beats"),
        **({} if grid_m is None else {"grid_m": grid_m}),
    )
    made = _estate(sites, left_out, files, settings)
    _write_whole(folder, settings, made.estate)
    return made


def _settings(**values: Any) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(first_fault(error)) from error


def _check_free(folder: Path) -> None:
    if (folder / SETTINGS_FILE).exists():
        raise WorkspaceError(f"{folder}: is a workspace already; choose another folder.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder}: is not an empty folder; choose another one.")


def _estate(
    sites: Sites, left_out: list[LeftOut], files: EstateFiles, settings: Settings
) -> NewEstate:
    crs = settings.crs
    streets, islands, island_m = None, 0, 0.0
    if files.streets is not None:
        lines, islands, island_m = largest_part(_streets_near(files.streets, crs, sites))
        streets = network(with_controllers(lines, sites.sites))
    zones = _zones(sites, left_out, files, settings, streets)
    estate = Estate(
        crs, sites.sites, sites.buildings, streets, zones, no_cameras(crs),
        zone_kind=settings.zones, surroundings=_surroundings(files, sites, left_out),
    )  # fmt: skip
    noted = list(sites.noted)
    if files.cameras is not None:
        cameras = _cameras(files.cameras, files, estate, left_out, noted)
        estate = replace(estate, cameras=cameras)
    names = zones["name"].to_numpy(dtype=object)[~estate.stops.reachable]
    return NewEstate(
        estate,
        tuple(left_out),
        tuple(noted),
        sites.layers,
        islands,
        island_m,
        tuple(str(name) for name in names),
    )


def _surroundings(files: EstateFiles, sites: Sites, left_out: list[LeftOut]) -> gpd.GeoDataFrame:
    if not files.surroundings:
        return no_surroundings(sites.sites.crs)
    read = [_near(path, files, sites, left_out, SHAPES) for path in files.surroundings]
    features = gpd.GeoDataFrame(pd.concat(read, ignore_index=True), crs=WGS84)
    made, dropped = surroundings_from(features, sites.sites, sites.buildings)
    left_out.extend(dropped)
    return made


def _cameras(
    path: Path,
    files: EstateFiles,
    estate: Estate,
    left_out: list[LeftOut],
    told: list[Noted],
) -> gpd.GeoDataFrame:
    """Read the cameras that stand on the estate, each where it can."""
    features, unreadable = read_features(path, files.crs)
    left_out.extend(unreadable)
    posts = estate.buildings[estate.buildings["kind"] == OWN_POST]
    check_own(features, estate.sites, posts, estate.area)
    near = _of_estate(features, path, estate.sites, left_out, POINTS)
    here, off = on_estate(described_cameras(near, estate.crs), estate.sites, estate.area)
    placed, moved = out_of_walls(here, estate.outlines)
    left_out.extend(off)
    told.extend(moved)
    return placed[CAMERA_COLUMNS].reset_index(drop=True)


def _zones(
    sites: Sites,
    left_out: list[LeftOut],
    files: EstateFiles,
    settings: Settings,
    streets: Streets | None,
) -> gpd.GeoDataFrame:
    beats = None
    if files.zones is not None:
        if settings.zones != "beats":
            raise EstateError(
                f"{files.zones}: is a file of hand-drawn beats, but zones of the kind "
                f"'{settings.zones}' are asked for; give one or the other."
            )
        beats = _near(files.zones, files, sites, left_out, POLYGONS)
    area = estate_area(sites.sites.geometry.to_numpy(), settings.reach_m)
    return zones_for(settings.zones, sites.sites, streets, beats, area, settings.grid_m)


def _near(
    path: Path, files: EstateFiles, sites: Sites, left_out: list[LeftOut], wanted: Sequence[str]
) -> gpd.GeoDataFrame:
    """Read features and note those that can't be used, or are not of this estate."""
    features, unreadable = read_features(path, files.crs)
    left_out.extend(unreadable)
    return _of_estate(features, path, sites.sites, left_out, wanted)


def _of_estate(
    features: gpd.GeoDataFrame,
    path: Path,
    sites: gpd.GeoDataFrame,
    left_out: list[LeftOut],
    wanted: Sequence[str],
) -> gpd.GeoDataFrame:
    near, far = near_sites(features, sites, wanted)
    left_out.extend(far)
    if near.empty:
        raise EstateError(
            f"{path}: holds no {wanted[0].lower()} near the sites; give a layer of theirs."
        )
    return near


def _streets_near(path: Path, crs: str, sites: Sites) -> gpd.GeoDataFrame:
    lines = read_streets(path, crs)
    apart = shapely.distance(
        shapely.box(*lines.total_bounds), shapely.box(*sites.sites.total_bounds)
    )
    if apart > FAR_M:
        raise EstateError(
            f"{path}: these streets lie {apart / 1000:,.0f} km from the sites; give the streets "
            "around them."
        )
    return lines


def _write_whole(folder: Path, settings: Settings, estate: Estate) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".planner-") as beside:
            made = Path(beside)
            write_settings(made, settings)
            save_estate(estate, made)
            folder.mkdir(exist_ok=True)
            for item in sorted(made.iterdir(), key=lambda path: path.name == SETTINGS_FILE):
                shutil.move(item, folder / item.name)
    except OSError as error:
        raise UnreadableFile(f"{folder}: cannot be written ({error.strerror}).") from error


def open_workspace(folder: Path, on: date | None = None) -> tuple[Settings, Estate]:
    """Read a workspace's settings, and its estate as it stands on a day (today if not given).

    Raises
    ------
    WorkspaceError
        If the folder is no workspace.
    """
    if not (folder / SETTINGS_FILE).is_file():
        raise WorkspaceError(
            f"{folder}: is no workspace (it has no {SETTINGS_FILE}); make one with 'planner init'."
        )
    settings = read_settings(folder)
    today = datetime.now(ZoneInfo(settings.time_zone)).date()
    return settings, load_estate(folder, settings, on or today)


def register_url(folder: Path, settings: Settings) -> str:
    """Return the register's URL, the environment's first; ``""`` for a file in the workspace."""
    return os.environ.get("PLANNER_REGISTER_URL") or settings.register_url


def open_register(folder: Path, settings: Settings) -> Register:
    """Open the register of a workspace.

    Raises
    ------
    WorkspaceError
        If it can't be opened.
    """
    return Register(folder, register_url(folder, settings))


def take_picture(folder: Path, as_of: datetime | None = None) -> Picture:
    """Read all that a workspace knows, or knew at a moment, as one frozen picture.

    Parameters
    ----------
    folder
        The workspace.
    as_of
        A moment with its time zone: what was recorded later is not in the picture, and the
        estate is as it stood on that day. Everything, on today's estate, if not given.

    Raises
    ------
    WorkspaceError
        If the folder is no workspace, or its register can't be read.
    """
    settings, estate = open_workspace(folder, _local_day(folder, as_of))
    until = None if as_of is None else int(as_of.timestamp())
    register = open_register(folder, settings)
    try:
        incidents, periods = register.incidents(until), register.periods(until)
        matches = register.matches(until)
        entries = entries_until(register.engine, until)
        weights = read_place_weights(register, until)
    finally:
        register.close()
    active = tuple(entry for entry in entries if entry.status == "active")
    return Picture(
        settings, estate, incidents, periods, matches, as_of,
        intelligence=active, place_weights=weights,
    )  # fmt: skip


def _local_day(folder: Path, as_of: datetime | None) -> date | None:
    if as_of is None or not (folder / SETTINGS_FILE).is_file():
        return None
    return as_of.astimezone(ZoneInfo(read_settings(folder).time_zone)).date()


def workspace_folder(given: Path | None) -> Path:
    """Return the workspace that was named, or that the environment names.

    Raises
    ------
    WorkspaceError
        If neither does.
    """
    named = given or os.environ.get("PLANNER_WORKSPACE")
    if not named:
        raise WorkspaceError("Say which workspace with -w DIR, or set PLANNER_WORKSPACE.")
    return Path(named)
