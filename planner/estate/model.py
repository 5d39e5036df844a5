"""The estate as one value, and the file that keeps it, ``estate.gpkg``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from planner.errors import WorkspaceError
from planner.estate.cameras import COLUMNS as CAMERA_COLUMNS
from planner.estate.cameras import USUAL as USUAL_CAMERA
from planner.estate.control import NOT_STATED, OWN_POST, is_own, is_valid
from planner.estate.outlines import are_walls, outlines
from planner.estate.sites import BUILDING_COLUMNS, SITE_COLUMNS
from planner.estate.streets import Streets, network
from planner.estate.surroundings import BUILDING, no_surroundings
from planner.estate.surroundings import COLUMNS as SURROUNDINGS_COLUMNS
from planner.estate.zones import Stops, catchments, estate_area, stops_for, zone_of
from planner.settings import Settings

FILE_NAME = "estate.gpkg"
BEATS = "beats"
LAYERS = ("sites", "buildings", "zones", "cameras")
# Layers of an estate.gpkg that may be missing.
SURROUNDINGS, STREETS = "surroundings", "streets"
# What stands for what an estate.gpkg of an earlier version lacks; elsewhere it is ``""``.
UNKNOWN = {"controller": NOT_STATED, "access": NOT_STATED, "aliases": "[]", "departments": "[]"}


@dataclass(frozen=True)
class Estate:
    """Sites, buildings, streets, zones, cameras and what is around, in one metric system.

    Attributes
    ----------
    crs
        The metric system's authority code.
    sites, buildings
        As in :mod:`planner.estate.sites`.
    streets
        The walking network, or None where no streets were given.
    zones
        Columns ``zone``, ``name``, ``geometry`` (the core).
    cameras
        As in :mod:`planner.estate.cameras`.
    reach_m, stop_reach_m, zone_kind
        As in :class:`planner.settings.Settings`, there ``zones``.
    surroundings
        As in :mod:`planner.estate.surroundings`.
    """

    crs: str
    sites: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    streets: Streets | None
    zones: gpd.GeoDataFrame
    cameras: gpd.GeoDataFrame
    reach_m: float = 250.0
    stop_reach_m: float = 150.0
    zone_kind: str = "catchments"
    surroundings: gpd.GeoDataFrame = field(default_factory=no_surroundings)

    @cached_property
    def stops(self) -> Stops:
        """Where a patrol stands for each zone."""
        return stops_for(self.zones, self.streets, self.stop_reach_m)

    @cached_property
    def catchments(self) -> np.ndarray:
        """The area that belongs to each zone, polygons of shape (z,)."""
        return catchments(self.zones, self.area)

    @cached_property
    def area(self) -> shapely.Geometry:
        """The ground that the estate answers for: its sites', and that of hand-drawn beats."""
        cores = [self.sites.geometry.to_numpy()]
        if self.zone_kind == BEATS:
            cores.append(self.zones.geometry.to_numpy())
        return estate_area(np.concatenate(cores), self.reach_m)

    @cached_property
    def outlines(self) -> np.ndarray:
        """What blocks views: polygons of the estate's buildings and of those around it.

        Sites are none; :func:`planner.estate.outlines.outlines` says when a lone one is.
        """
        return outlines(self.sites, self.buildings, self._around)

    @cached_property
    def built(self) -> gpd.GeoDataFrame:
        """The estate's buildings that are walls, and not only ground."""
        walls = are_walls(self.sites, self.buildings, self._around)
        return self.buildings[walls].reset_index(drop=True)

    @property
    def _around(self) -> np.ndarray:
        around = self.surroundings[self.surroundings["kind"] == BUILDING]
        shapes: np.ndarray = around.geometry.to_numpy()
        return shapes

    def zone_of(self, points: np.ndarray) -> np.ndarray:
        """Return the row of each point's zone, shape (n,); -1 off the area.

        Parameters
        ----------
        points
            Metres, shape (n, 2).
        """
        return zone_of(points, self.zones, self.area)

    @cached_property
    def posts(self) -> gpd.GeoDataFrame:
        """The service's own posts: ``name``, ``geometry``; porters' lodges are none of them."""
        own = self.buildings["kind"] == OWN_POST
        return self.buildings.loc[own, ["name", "geometry"]].reset_index(drop=True)

    @cached_property
    def own_cameras(self) -> gpd.GeoDataFrame:
        """The cameras that the service controls: those alone it may move or remove."""
        return self.cameras[self.is_own(self.cameras)]

    @cached_property
    def others_cameras(self) -> gpd.GeoDataFrame:
        """The cameras of others: they count as cover, and are never shown to a third party."""
        return self.cameras[~self.is_own(self.cameras)]

    def is_own(self, table: gpd.GeoDataFrame) -> np.ndarray:
        """Mark the sites, buildings or cameras that the service itself controls, shape (n,).

        They are those whose controller is called the service or controls one of its posts, and
        the posts.
        """
        posts = self.buildings[self.buildings["kind"] == OWN_POST]
        own: np.ndarray = is_own(table, posts).to_numpy(dtype=bool)
        return own

    @cached_property
    def middle(self) -> shapely.Point:
        """The estate's middle: the median of its sites' middles."""
        centres = shapely.get_coordinates(shapely.centroid(self.sites.geometry.to_numpy()))
        return shapely.Point(np.median(centres, axis=0))


def save_estate(estate: Estate, workspace: Path) -> None:
    """Write an estate to ``estate.gpkg`` in a workspace, every column as it is."""
    path = workspace / FILE_NAME
    layers = {layer: getattr(estate, layer) for layer in LAYERS}
    if estate.streets is not None:
        layers[STREETS] = estate.streets.lines
    if len(estate.surroundings):
        layers[SURROUNDINGS] = estate.surroundings
    for layer, table in layers.items():
        pyogrio.write_dataframe(
            table,
            path,
            layer=layer,
            driver="GPKG",
            append=path.exists(),
            geometry_type="Unknown",
            promote_to_multi=False,
        )


def load_estate(workspace: Path, settings: Settings, on: date | None = None) -> Estate:
    """Read the estate of a workspace as it stands on a day.

    Parameters
    ----------
    workspace
        The folder.
    settings
        Its settings.
    on
        The day, in local time; today (in UTC) if not given. Sites, buildings, cameras and what
        stands around that are not there on it are not loaded, nor the catchments of such sites.

    Raises
    ------
    WorkspaceError
        If the workspace has no estate that can be read, or no site is there on the day.
    """
    path = workspace / FILE_NAME
    tables = _tables(path)
    if not all(tables[layer].crs is not None for layer in LAYERS[:3]) or not all(
        tables[layer].crs.equals(settings.crs) for layer in LAYERS[:3]
    ):
        raise WorkspaceError(
            f"{path}: is not in {settings.crs}, the crs of planner.toml; put back what stood there."
        )
    day = on or datetime.now(UTC).date()
    there = {
        "sites": _there(tables["sites"], SITE_COLUMNS, day),
        "buildings": _there(tables["buildings"], BUILDING_COLUMNS, day),
        "cameras": _there(tables["cameras"], CAMERA_COLUMNS, day, USUAL_CAMERA),
        SURROUNDINGS: _there(
            tables.get(SURROUNDINGS, no_surroundings(settings.crs)), SURROUNDINGS_COLUMNS, day
        ),
    }
    if there["sites"].empty:
        raise WorkspaceError(
            f"{path}: no site is there on {day}; mend valid_from and valid_to and make it anew."
        )
    ended = set(tables["sites"]["site"]) - set(there["sites"]["site"])
    zones = tables["zones"]
    if ended and settings.zones == "catchments":
        zones = zones[~zones["zone"].isin(ended)].reset_index(drop=True)
    on_site = there["buildings"]["site"].isin(there["sites"]["site"])
    streets = network(tables[STREETS].fillna("")) if STREETS in tables else None
    return Estate(
        settings.crs,
        there["sites"],
        there["buildings"][on_site].reset_index(drop=True),
        streets,
        zones,
        there["cameras"],
        settings.reach_m,
        settings.stop_reach_m,
        settings.zones,
        there[SURROUNDINGS],
    )


def _tables(path: Path) -> dict[str, gpd.GeoDataFrame]:
    try:
        layers = {str(name) for name, _ in pyogrio.list_layers(path)}
        tables = {layer: pyogrio.read_dataframe(path, layer=layer) for layer in layers}
    except pyogrio.errors.DataSourceError as error:
        raise WorkspaceError(
            f"{path}: is missing or damaged; make the workspace anew with 'planner init'."
        ) from error
    if any(layer not in tables or "geometry" not in tables[layer] for layer in LAYERS):
        raise WorkspaceError(
            f"{path}: lacks one of {', '.join(LAYERS)}; make the workspace anew with "
            "'planner init'."
        )
    return tables


def _there(
    table: gpd.GeoDataFrame,
    columns: list[str],
    day: date,
    usual: Mapping[str, str | float] = UNKNOWN,
) -> gpd.GeoDataFrame:
    """Keep what is there on a day, with every column that there should be."""
    missing = [name for name in columns if name not in table]
    whole = table.assign(**{name: usual.get(name, UNKNOWN.get(name, "")) for name in missing})
    if missing:
        whole = whole[[*columns, *(name for name in table if name not in columns)]]
    return whole[is_valid(whole, day)].reset_index(drop=True)
