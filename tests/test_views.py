"""What cameras see: walls, field, range, detail, light, and cameras that turn."""

from typing import Any

import numpy as np
import pytest
import shapely

from planner.allocate.cameras.views import (
    Views,
    look_around,
    shares_exposed,
    shares_seen,
    sights,
    targets,
)
from planner.allocate.sightlines.walls import Walls, walls_of

NOTHING = walls_of(np.array([], dtype=object))
NO_LAMPS = np.empty((0, 2))
AHEAD = (0.0, 20.0)


def camera(**changes: Any) -> Views:
    """One camera at the origin, looking north; single values."""
    usual = {
        "bearing": 0.0, "field_of_view": 90.0, "height_m": 4.0, "range_m": 50.0,
        "sensor_px": 3840.0, "night_factor": 0.5, "turns": False,
    }  # fmt: skip
    values = {name: np.array([value]) for name, value in (usual | changes).items()}
    return Views(places=np.zeros((1, 2)), place=np.zeros(1, dtype=int), **values)


def seen(
    views: Views,
    *points: tuple[float, float],
    walls: Walls = NOTHING,
    pixels: float = 40.0,
    lamps: np.ndarray = NO_LAMPS,
) -> tuple[np.ndarray, np.ndarray]:
    """The share of the time in which each option sees each point: by day, and after dark."""
    at = np.array(points, dtype=float)
    found = sights(views, look_around(views, walls), at)
    day, night = shares_seen(views, found, targets(at, lamps, 15.0, pixels))
    return day.toarray(), night.toarray()


def by_day(views: Views, *points: tuple[float, float], **more: Any) -> list[float]:
    return seen(views, *points, **more)[0][0].tolist()


def test_a_wall_hides_what_is_behind_it_and_nothing_else() -> None:
    wall = walls_of(np.array([shapely.box(-5, 10, 5, 12)], dtype=object))
    assert by_day(camera(), AHEAD, (-12.0, 20.0), (0.0, 8.0), walls=wall) == [0.0, 1.0, 1.0]


def test_only_what_is_in_the_field_is_seen() -> None:
    angles = np.radians([44, 46, 180])
    at_44, at_46, behind = 20 * np.column_stack([np.sin(angles), np.cos(angles)])
    assert by_day(camera(), tuple(at_44), tuple(at_46), tuple(behind)) == [1.0, 0.0, 0.0]
    assert by_day(camera(bearing=180.0), tuple(behind), AHEAD) == [1.0, 0.0]
    # The field goes on across north.
    assert by_day(camera(bearing=350.0), (-5.0, 20.0), (12.0, 20.0)) == [1.0, 1.0]


def test_only_what_is_in_range_is_seen() -> None:
    assert by_day(camera(range_m=30.0), (0.0, 29.9), (0.0, 30.1)) == [1.0, 0.0]


def test_what_is_below_the_camera_is_not_seen() -> None:
    assert by_day(camera(field_of_view=60.0, height_m=6.0), (0.0, 2.0), AHEAD) == [0.0, 1.0]


def test_too_few_pixels_are_not_enough_for_the_grade() -> None:
    # 3,840 pixels over 90 degrees are 1,920 a metre at one metre.
    assert by_day(camera(), (0.0, 7.0), (0.0, 8.0), pixels=250.0) == [1.0, 0.0]
    assert by_day(camera(sensor_px=1280.0), (0.0, 15.0), (0.0, 17.0)) == [1.0, 0.0]


def test_after_dark_pixels_count_for_less_unless_a_lamp_lights_the_target() -> None:
    far, near = (0.0, 40.0), (0.0, 20.0)
    day, night = seen(camera(), far, near)
    assert day.tolist() == [[1.0, 1.0]]
    assert night.tolist() == [[0.0, 1.0]]
    _, lit = seen(camera(), far, near, lamps=np.array([[3.0, 40.0]]))
    assert lit.tolist() == [[1.0, 1.0]]
    _, blind = seen(camera(night_factor=0.0), far, near)
    assert blind.tolist() == [[0.0, 0.0]]


def test_a_camera_that_turns_sees_each_way_for_a_part_of_the_time() -> None:
    turning = camera(turns=True, field_of_view=60.0, range_m=80.0)
    day, night = seen(turning, AHEAD, (0.0, -20.0), (-15.0, 0.0), (0.0, 1.0))
    np.testing.assert_allclose(day, 1 / 6)
    np.testing.assert_allclose(night, 1 / 6)


def test_of_a_camera_without_a_stated_sensor_the_range_counts() -> None:
    plain = camera(sensor_px=np.nan)
    day, night = seen(plain, (0.0, 24.0), (0.0, 26.0), pixels=1e6)
    assert day.tolist() == [[1.0, 1.0]]
    assert night.tolist() == [[1.0, 0.0]]


def test_options_at_one_place_and_at_others_keep_their_rows() -> None:
    three = Views(
        places=np.array([[0.0, 0], [100, 0]]), place=np.array([1, 0, 0]),
        bearing=np.array([0.0, 0, 180]), field_of_view=np.full(3, 90.0),
        height_m=np.full(3, 4.0), range_m=np.full(3, 50.0), sensor_px=np.full(3, 3840.0),
        night_factor=np.full(3, 0.5), turns=np.zeros(3, dtype=bool),
    )  # fmt: skip
    day, _ = seen(three, (0.0, 20.0), (0.0, -20.0), (100.0, 20.0))
    assert day.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_private_places_are_exposed_by_the_metres_that_are_seen() -> None:
    windows = np.array([[0.0, 20.0], [0.0, 25.0], [0.0, -20.0], [0.0, -30.0]])
    views = camera()
    found = sights(views, look_around(views, NOTHING), windows)
    shares = shares_exposed(views, found, np.array([0, 0, 0, 1]), np.array([1.0, 2, 3, 1]), 2)
    np.testing.assert_allclose(shares.toarray(), [[0.5, 0.0]])


@pytest.mark.parametrize("count", [0, 1])
def test_without_cameras_or_points_there_is_nothing_to_see(count: int) -> None:
    views = camera()
    at = np.zeros((count, 2)) + 20.0
    found = sights(views, look_around(views, NOTHING), at)
    assert len(found.option) == count
