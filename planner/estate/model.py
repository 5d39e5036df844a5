"""The estate as one value, and the file that keeps it, ``estate.gpkg``."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from planner.errors import WorkspaceError
from planner.estate.streets import Streets, network
from planner.estate.zones import Stops, catchments, stops_for

FILE_NAME = "estate.gpkg"
OWN_POST = "post"


@dataclass(frozen=True)
class Estate:
    """Sites, buildings, streets, zones and standing cameras in one metric system.

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
        Columns ``name``, ``controller``, ``range_m``, ``geometry``.
    reach_m, stop_reach_m
        As in :class:`planner.settings.Settings`.
    """

    crs: str
    sites: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    streets: Streets | None
    zones: gpd.GeoDataFrame
    cameras: gpd.GeoDataFrame
    reach_m: float = 250.0
    stop_reach_m: float = 150.0

    @cached_property
    def stops(self) -> Stops:
        """Where a patrol stands for each zone."""
        return stops_for(self.zones, self.streets, self.stop_reach_m)

    @cached_property
    def catchments(self) -> np.ndarray:
        """The area that belongs to each zone, polygons of shape (z,)."""
        return catchments(self.zones, self.reach_m)

    @cached_property
    def posts(self) -> gpd.GeoDataFrame:
        """The service's own posts: ``name``, ``geometry``; porters' lodges are none of them."""
        own = self.buildings["kind"] == OWN_POST
        return self.buildings.loc[own, ["name", "geometry"]].reset_index(drop=True)

    @cached_property
    def middle(self) -> shapely.Point:
        """The estate's middle: the median of its sites' middles."""
        centres = shapely.get_coordinates(shapely.centroid(self.sites.geometry.to_numpy()))
        return shapely.Point(np.median(centres, axis=0))


def save_estate(estate: Estate, workspace: Path) -> None:
    """Write an estate to ``estate.gpkg`` in a workspace."""
    path = workspace / FILE_NAME
    layers = {
        "sites": estate.sites,
        "buildings": estate.buildings,
        "zones": estate.zones,
        "cameras": estate.cameras,
    }
    if estate.streets is not None:
        layers["streets"] = estate.streets.lines
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


def load_estate(
    workspace: Path, crs: str, reach_m: float = 250.0, stop_reach_m: float = 150.0
) -> Estate:
    """Read the estate of a workspace.

    Raises
    ------
    WorkspaceError
        If the workspace has no estate that can be read.
    """
    path = workspace / FILE_NAME
    try:
        layers = {str(name) for name, _ in pyogrio.list_layers(path)}
        tables = {layer: pyogrio.read_dataframe(path, layer=layer) for layer in layers}
        parts = [tables[layer] for layer in ("sites", "buildings", "zones", "cameras")]
    except (pyogrio.errors.DataSourceError, KeyError) as error:
        raise WorkspaceError(
            f"{path}: is missing or damaged; make the workspace anew with 'planner init'."
        ) from error
    if not all(part.crs is not None and part.crs.equals(crs) for part in parts[:3]):
        raise WorkspaceError(
            f"{path}: is not in {crs}, the crs of planner.toml; put back what stood there."
        )
    streets = network(tables["streets"].fillna("")) if "streets" in tables else None
    sites, buildings, zones, cameras = parts
    return Estate(crs, sites, buildings, streets, zones, cameras, reach_m, stop_reach_m)
