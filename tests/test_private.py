"""Private places: what a camera could see of windows and homes, to the metre."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely

from planner.allocate.cameras.private import Private, exposed, private_of
from planner.allocate.cameras.views import Views, look_around
from planner.allocate.sightlines.walls import walls_of
from planner.estate.model import Estate


def estate_with(build: ModuleType, *rows: dict[str, Any]) -> Estate:
    return build.estate(surroundings=build.surroundings(*rows))


def camera_at(place: tuple[float, float], bearing: float) -> Views:
    values = {
        "bearing": bearing, "field_of_view": 90.0, "height_m": 4.0, "range_m": 50.0,
        "sensor_px": 100.0, "night_factor": 0.0,
    }  # fmt: skip
    return Views(
        places=np.array([place]), place=np.zeros(1, dtype=int),
        **{name: np.array([value]) for name, value in values.items()},
        turns=np.zeros(1, dtype=bool),
    )  # fmt: skip


def shares(estate: Estate, views: Views) -> tuple[Private, np.ndarray]:
    private = private_of(estate)
    walls = walls_of(estate.outlines)
    return private, exposed(views, look_around(views, walls), private).toarray()


def test_points_lines_and_areas_are_all_looked_at(build: ModuleType) -> None:
    window = {"kind": "private", "name": "Bay", "geometry": shapely.Point(build.metres(0, 150))}
    row = shapely.LineString([build.metres(0, 160), build.metres(12, 160)])
    house = {"kind": "building", "use": "house", "geometry": build.square(20, 150, 10)}
    found = private_of(estate_with(build, window, {"kind": "private", "geometry": row}, house))
    assert len(found.places) == 3
    np.testing.assert_allclose(np.bincount(found.owner, found.metres), [1.0, 12.0, 40.0])


def test_an_estate_without_private_places_exposes_none(build: ModuleType) -> None:
    private, found = shares(build.standing_estate(), camera_at(build.metres(50, 50), 0.0))
    assert len(private.points) == 0
    assert found.shape == (1, 0)


def test_of_a_house_the_wall_that_faces_the_camera_is_seen(build: ModuleType) -> None:
    house = {
        "kind": "building",
        "use": "house",
        "name": "Elm",
        "geometry": build.square(45, 120, 10),
    }
    estate = estate_with(build, house)
    _, facing = shares(estate, camera_at(build.metres(50, 105), 0.0))
    # The sides and the back are hidden by the house itself.
    assert facing[0, 0] == pytest.approx(0.25, abs=0.01)
    _, away = shares(estate, camera_at(build.metres(50, 105), 180.0))
    assert away[0, 0] == 0.0


def test_detail_and_darkness_are_no_excuse(build: ModuleType) -> None:
    """The camera of these tests has a hundred pixels and sees nothing at night."""
    window = {"kind": "private", "geometry": shapely.Point(build.metres(50, 150))}
    _, found = shares(estate_with(build, window), camera_at(build.metres(50, 105), 0.0))
    assert found[0, 0] == 1.0


def test_a_wall_between_keeps_a_window_private(build: ModuleType) -> None:
    window = {"kind": "private", "geometry": shapely.Point(build.metres(50, 150))}
    wall = {"kind": "building", "geometry": build.square(40, 120, 20)}
    _, found = shares(estate_with(build, window, wall), camera_at(build.metres(50, 105), 0.0))
    assert found[0, 0] == 0.0
