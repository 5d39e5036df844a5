"""Cameras that stand: whose they are, which work, and what is said where nothing is known."""

from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.allocate.cameras.standing import (
    USUAL_NIGHT_FACTOR,
    check_own,
    standing_in,
    yearly_cost,
)
from planner.camera_settings import CameraSettings
from planner.errors import ScenarioError
from planner.estate.model import Estate


def camera(build: ModuleType, name: str, x: float, **says: Any) -> dict[str, Any]:
    usual = {
        "name": name, "controller": "the service", "access": "", "kind": "fixed", "range_m": 40.0,
        "bearing": 90.0, "field_of_view": 80.0, "height_m": 4.0, "sensor_px": 1920,
        "night_factor": 0.25, "valid_from": "", "valid_to": "",
        "geometry": shapely.Point(build.metres(x, 150.0)),
    }  # fmt: skip
    return usual | says


@pytest.fixture
def watched(build: ModuleType) -> Estate:
    cameras = [
        camera(build, "Gate", 0.0),
        camera(build, "City", 50.0, controller="City Council"),
        camera(build, "Dome", 100.0, kind="pan-tilt-zoom", bearing=np.nan, field_of_view=60.0),
        camera(build, "Old", 150.0, bearing=np.nan, night_factor=np.nan),
    ]
    return build.estate(cameras=gpd.GeoDataFrame(cameras, crs=build.CRS))


def test_the_service_s_own_are_told_from_others(watched: Estate) -> None:
    found = standing_in(watched, ())
    assert found.names.tolist() == ["Gate", "City", "Dome", "Old"]
    assert found.own.tolist() == [True, False, True, True]
    assert len(found.views) == 4


def test_what_is_gone_is_not_there(watched: Estate) -> None:
    found = standing_in(watched, ("Gate", "Old"))
    assert found.names.tolist() == ["City", "Dome"]
    assert found.own.tolist() == [False, True]
    assert found.views.place.tolist() == [0, 1]


def test_a_camera_that_nobody_knows_is_named_with_what_there_is(watched: Estate) -> None:
    with pytest.raises(ScenarioError, match=r"^cameras.remove: .*'Gait'.*it has 'Gate', 'Dome'"):
        check_own(watched, ("Gait",), "cameras.remove")


def test_others_cameras_can_t_be_taken_away(watched: Estate) -> None:
    with pytest.raises(ScenarioError, match=r"^cameras.down: .*no camera 'City' of its own"):
        check_own(watched, ("City",), "cameras.down")


def test_of_no_cameras_none_can_be_gone(build: ModuleType) -> None:
    estate = build.standing_estate()
    assert len(standing_in(estate, ()).views) == 0
    with pytest.raises(ScenarioError, match="it has none"):
        check_own(estate, ("Gate",), "cameras.down")


def test_many_cameras_are_not_all_listed(build: ModuleType) -> None:
    many = [camera(build, f"Camera {n}", 10.0 * n) for n in range(9)]
    estate = build.estate(cameras=gpd.GeoDataFrame(many, crs=build.CRS))
    with pytest.raises(ScenarioError, match="'Camera 5', and others"):
        check_own(estate, ("Gate",), "cameras.down")


def test_bearings_are_turned_to_the_grid(watched: Estate) -> None:
    views = standing_in(watched, ()).views
    # The estate lies east of its grid's middle, where the grid's north is east of the true one.
    assert 0.5 < 90.0 - views.bearing[0] < 2.5


def test_without_a_bearing_a_camera_sees_all_round_unless_it_turns(watched: Estate) -> None:
    views = standing_in(watched, ()).views
    assert views.field_of_view.tolist() == [80.0, 80.0, 60.0, 360.0]
    assert views.turns.tolist() == [False, False, True, False]


def test_where_nothing_is_said_of_the_night_the_usual_counts(watched: Estate) -> None:
    views = standing_in(watched, ()).views
    assert views.night_factor.tolist() == [0.25, 0.25, 0.25, USUAL_NIGHT_FACTOR]


def test_a_year_costs_what_the_settings_say_of_its_kind(watched: Estate) -> None:
    settings = CameraSettings()
    costs = yearly_cost(watched.cameras, settings)
    assert costs.tolist() == [450, 450, 900, 450]
    only = CameraSettings(kinds={"big": settings.kinds["pan-tilt-zoom"]})
    assert yearly_cost(watched.cameras, only).tolist() == [900, 900, 900, 900]
