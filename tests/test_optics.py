"""Optics: pixels by hand, their inverse, and the edges of fields."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.sightlines.optics import (
    blind_m,
    in_field,
    off_axis,
    pixels_per_metre,
    reach_m,
)


def test_pixels_of_a_lens_by_hand() -> None:
    # 90 degrees: at 10 m the picture is 20 m wide.
    assert pixels_per_metre(10.0, 1.5, 90.0, 1920) == pytest.approx(96)
    # Mounted 6 m above the face and 8 m away: 10 m.
    assert pixels_per_metre(8.0, 7.5, 90.0, 1920) == pytest.approx(96)
    # At the edge of the field the plane is nearer.
    assert pixels_per_metre(10.0, 1.5, 90.0, 1920, 45.0) == pytest.approx(96 * np.sqrt(2))
    assert pixels_per_metre(10.0, 1.5, 90.0, 1920, [90.0, 180.0]).tolist() == [0, 0]


def test_pixels_of_a_fisheye_by_hand() -> None:
    # Half a circle of 10 m is 31.4 m long, wherever one stands.
    wanted = 3200 / (np.pi * 10)
    assert pixels_per_metre(10.0, 1.5, 180.0, 3200, [0.0, 80.0, 170.0]) == pytest.approx(wanted)
    assert np.isfinite(pixels_per_metre(0.0, 1.5, [60.0, 360.0], 3200)).all()


@given(st.floats(1, 500), st.floats(0.5, 30), st.floats(5, 360), st.integers(100, 8000))
def test_the_reach_of_a_grade_is_where_its_pixels_are(
    needed: float, height: float, field: float, sensor: int
) -> None:
    reach = reach_m(needed, height, field, sensor)
    if reach > 0.2:
        assert pixels_per_metre(reach, height, field, sensor) == pytest.approx(needed, rel=1e-6)
        assert pixels_per_metre(reach + 1, height, field, sensor) < needed
    if reach == 0:
        assert pixels_per_metre(0.2, height, field, sensor) <= needed


def test_the_blind_ground_below_a_camera_by_hand() -> None:
    field = 2 * np.degrees(np.arctan(16 / 9 * np.tan(np.radians(15))))
    upper = np.degrees(np.arctan(3.5 / 50))
    assert blind_m(5.0, field, 50.0) == pytest.approx(5 / np.tan(np.radians(upper + 30)))
    assert blind_m(5.0, [121.0, 360.0], 50.0).tolist() == [0, 0]
    # So near a range that the camera looks straight down.
    assert blind_m(50.0, 100.0, 5.0) == 0
    assert blind_m(0.3, 1.0, 2.0) == 2.0


@given(st.floats(0.1, 100), st.floats(0.1, 360), st.floats(0.5, 500))
def test_the_blind_ground_is_within_the_range(height: float, field: float, reach: float) -> None:
    assert 0 <= blind_m(height, field, reach) <= reach
    assert blind_m(height, min(field + 1, 360), reach) <= blind_m(height, field, reach) + 1e-9


def test_the_angle_off_the_axis_goes_the_short_way_round() -> None:
    points = np.array([[0, 10], [10, 0], [-10, 0.0], [0, -10], [0, 0]])
    assert off_axis(350.0, np.zeros(2), points) == pytest.approx([10, 100, -80, -170, 0])
    assert off_axis(np.full(5, 10.0), np.zeros((5, 2)), points) == pytest.approx(
        [-10, 80, -100, 170, 0]
    )


def test_what_is_in_the_field() -> None:
    angles = [-46, -45, 0, 45, 46, 180, -180]
    assert in_field(angles, 90.0).tolist() == [False, True, True, True, False, False, False]
    assert in_field(angles, 360.0).all()
    assert in_field([350.0, -350.0, 370.0], 30.0).all()
    assert not in_field(180.0, 359.0)
