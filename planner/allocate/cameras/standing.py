"""Cameras that stand: which are the service's own, what each sees, and which are out of order."""

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from planner.allocate.cameras.views import Views
from planner.allocate.scenario.values import named
from planner.camera_settings import FIXED, PAN_TILT_ZOOM, RELOCATABLE, CameraSettings
from planner.errors import ScenarioError
from planner.estate.model import Estate
from planner.geo import grid_bearing

USUAL_NIGHT_FACTOR = 0.5
FULL_CIRCLE = 360.0


@dataclass(frozen=True)
class Standing:
    """The cameras that stand and work.

    Attributes
    ----------
    table
        As :class:`planner.estate.model.Estate` has them, those that work.
    own
        Which are the service's own, booleans of shape (c,).
    views
        What they see.
    """

    table: gpd.GeoDataFrame
    own: np.ndarray
    views: Views

    @property
    def names(self) -> np.ndarray:
        """What people call them, shape (c,)."""
        names: np.ndarray = self.table["name"].to_numpy(dtype=object)
        return names


def standing_in(estate: Estate, gone: Collection[str]) -> Standing:
    """Return the cameras that stand, less those of the service's own that are named."""
    table, own = estate.cameras, estate.is_own(estate.cameras)
    there = ~(own & table["name"].isin(gone).to_numpy())
    left = table[there].reset_index(drop=True)
    return Standing(left, own[there], standing_views(left, estate.crs))


def check_own(estate: Estate, names: Collection[str], key: str) -> None:
    """Stop where a name is none of the service's own cameras.

    Parameters
    ----------
    estate
        Its cameras.
    names
        What is to be there.
    key
        Where they were named, for the message.

    Raises
    ------
    ScenarioError
        If there is no such camera.
    """
    known = estate.own_cameras["name"]
    unknown = [name for name in names if name not in set(known)]
    if unknown:
        listed = named(known.iloc[:6].tolist()) if len(known) else "none"
        raise ScenarioError(
            f"{key}: the service has no camera {named(unknown)} of its own; it has {listed}"
            f"{', and others' if len(known) > 6 else ''}."
        )


def standing_views(table: gpd.GeoDataFrame, crs: str) -> Views:
    """Return what cameras of the estate see; without a bearing they see all round."""
    places = shapely.get_coordinates(table.geometry.to_numpy())
    true = table["bearing"].to_numpy(float)
    aimed = np.isfinite(true)
    turns = (table["kind"] == PAN_TILT_ZOOM).to_numpy()
    field = np.where(aimed | turns, table["field_of_view"].to_numpy(float), FULL_CIRCLE)
    night = table["night_factor"].to_numpy(float)
    return Views(
        places=places,
        place=np.arange(len(table)),
        bearing=grid_bearing(np.where(aimed, true, 0.0), places, crs),
        field_of_view=np.clip(field, 1.0, FULL_CIRCLE),
        height_m=table["height_m"].to_numpy(float),
        range_m=table["range_m"].to_numpy(float),
        sensor_px=table["sensor_px"].to_numpy(float),
        night_factor=np.where(np.isfinite(night), night, USUAL_NIGHT_FACTOR),
        turns=turns & (field < FULL_CIRCLE),
    )


def yearly_cost(table: gpd.GeoDataFrame, settings: CameraSettings) -> np.ndarray:
    """Return what each camera costs a year, that of the first of the settings' kinds like it."""
    by_word: dict[str, float] = {
        kind.moves: kind.yearly for kind in reversed(settings.kinds.values())
    }
    usual = by_word.get(FIXED, next(iter(settings.kinds.values())).yearly)
    words = table["kind"].where(table["kind"].isin([PAN_TILT_ZOOM, RELOCATABLE]), FIXED)
    costs: np.ndarray = words.map(by_word).fillna(usual).to_numpy(float)
    return costs
