"""Lighting: within reach of a lamp pixels count in full, elsewhere by the factor."""

import numpy as np

from planner.allocate.sightlines.lighting import lit, night_factor

POINTS = np.array([[0.0, 0.0], [15.0, 0.0], [15.1, 0.0], [100.0, 100.0]])
LAMPS = np.array([[30.0, 0.0], [0.0, 1.0]])


def test_what_is_within_reach_of_a_lamp_is_lit() -> None:
    assert lit(POINTS, LAMPS, 15.0).tolist() == [True, True, True, False]
    assert lit(POINTS, LAMPS[:1], 15.0).tolist() == [False, True, True, False]
    assert lit(POINTS, LAMPS[:1], 14.95).tolist() == [False, False, True, False]


def test_pixels_count_in_full_where_it_is_lit() -> None:
    assert night_factor(POINTS, LAMPS, 15.0, 0.25).tolist() == [1, 1, 1, 0.25]


def test_without_lamps_every_point_is_dark() -> None:
    none = np.empty((0, 2))
    assert night_factor(POINTS, none, 15.0, 0.25).tolist() == [0.25] * 4
    assert night_factor(none, LAMPS, 15.0, 0.25).tolist() == []
