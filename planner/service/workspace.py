"""Making and opening a workspace: the folder that the user owns."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely

from planner.errors import EstateError, UnreadableFile, WorkspaceError
from planner.estate.cameras import no_cameras, standing_cameras
from planner.estate.features import LeftOut, read_features
from planner.estate.model import Estate, load_estate, save_estate
from planner.estate.sites import Sites, near_sites, read_sites
from planner.estate.street_files import read_streets
from planner.estate.streets import largest_part, network
from planner.estate.zones import zones_from_beats, zones_from_sites
from planner.geo import FAR_M
from planner.picture import Picture
from planner.register.database import Register
from planner.settings import FILE_NAME as SETTINGS_FILE
from planner.settings import (
    NamedDays,
    Settings,
    Term,
    known_time_zone,
    read_settings,
    write_settings,
)

POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class EstateFiles:
    """The files that an estate is made from.

    Attributes
    ----------
    sites
        GeoJSON of sites and buildings, one or more.
    streets, zones, cameras
        OpenStreetMap extract (or GeoJSON lines), GeoJSON polygons, GeoJSON points; or None.
    name_field
        Property that holds a feature's name, or None for ``name``.
    """

    sites: Sequence[Path]
    streets: Path | None = None
    zones: Path | None = None
    cameras: Path | None = None
    name_field: str | None = None


@dataclass(frozen=True)
class NewEstate:
    """What a workspace was made of, and what was left out.

    Attributes
    ----------
    estate
        The estate.
    left_out
        Features that did not become part of it.
    street_islands, island_m
        Parts of the streets that can't be walked to from the rest, and their length in metres.
    unreachable
        Names of the zones further from every street than routes reach.
    """

    estate: Estate
    left_out: tuple[LeftOut, ...]
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
) -> NewEstate:
    """Build a workspace from files of sites, streets, zones and cameras.

    Nothing is left behind where it fails: the workspace is built beside its place and moved.

    Raises
    ------
    WorkspaceError
        If the folder is a workspace already, or is not empty.
    PlannerError
        If a file can't be used; the message says which and why.
    """
    _check_free(folder)
    known_time_zone(time_zone)
    sites, left_out = read_sites(files.sites, files.name_field)
    made = _estate(sites, left_out, files)
    settings = Settings(
        name=name or folder.resolve().name,
        time_zone=time_zone,
        crs=made.estate.crs,
        illustrative=illustrative,
        terms=tuple(terms),
        days=tuple(days),
    )
    _write_whole(folder, settings, made.estate)
    return made


def _check_free(folder: Path) -> None:
    if (folder / SETTINGS_FILE).exists():
        raise WorkspaceError(f"{folder}: is a workspace already; choose another folder.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder}: is not an empty folder; choose another one.")


def _estate(sites: Sites, left_out: list[LeftOut], files: EstateFiles) -> NewEstate:
    crs = ":".join(sites.sites.crs.to_authority())
    streets, islands, island_m = None, 0, 0.0
    if files.streets is not None:
        lines, islands, island_m = largest_part(_streets_near(files.streets, crs, sites))
        streets = network(lines)
    zones = zones_from_sites(sites.sites)
    if files.zones is not None:
        zones = zones_from_beats(_near(files.zones, sites, left_out, POLYGONS), crs)
    cameras = no_cameras(crs)
    if files.cameras is not None:
        cameras = standing_cameras(_near(files.cameras, sites, left_out, ("Point",)), crs)
    estate = Estate(crs, sites.sites, sites.buildings, streets, zones, cameras)
    names = zones["name"].to_numpy(dtype=object)[~estate.stops.reachable]
    return NewEstate(estate, tuple(left_out), islands, island_m, tuple(str(n) for n in names))


def _near(
    path: Path, sites: Sites, left_out: list[LeftOut], wanted: Sequence[str]
) -> gpd.GeoDataFrame:
    """Read features and note those that can't be used, or are not of this estate."""
    features, unreadable = read_features(path)
    near, far = near_sites(features, sites.sites, wanted)
    left_out.extend(unreadable + far)
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


def open_workspace(folder: Path) -> tuple[Settings, Estate]:
    """Read a workspace's settings and estate.

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
    return settings, load_estate(folder, settings.crs, settings.reach_m, settings.stop_reach_m)


def take_picture(folder: Path) -> Picture:
    """Read all that a workspace knows as one frozen picture."""
    settings, estate = open_workspace(folder)
    register = Register(folder)
    try:
        incidents, periods = register.incidents(), register.periods()
    finally:
        register.close()
    return Picture(settings, estate, incidents, periods)


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
