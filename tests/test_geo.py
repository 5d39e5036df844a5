from types import ModuleType

import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from planner.errors import EstateError
from planner.geo import (
    FAR_M,
    convergence,
    far_from_rest,
    grid_bearing,
    in_range,
    metric_crs,
    nearest,
    to_degrees,
    to_metric,
    true_bearing,
)

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("longitude", "latitude", "crs"),
    [(-1.25, 51.75, "EPSG:32630"), (-87.6, 41.79, "EPSG:32616"), (151.19, -33.89, "EPSG:32756")],
)
def test_an_estate_is_measured_in_its_own_utm_zone(
    longitude: float, latitude: float, crs: str
) -> None:
    assert metric_crs(np.array([longitude]), np.array([latitude])) == crs


def test_a_far_point_does_not_move_the_metric_system() -> None:
    longitude, latitude = np.array([-1.25, -1.26, 100.5]), np.array([51.75, 51.76, 13.7])
    assert metric_crs(longitude, latitude) == "EPSG:32630"


@pytest.mark.parametrize("latitude", [89.0, -85.0])
def test_an_estate_at_a_pole_is_refused(latitude: float) -> None:
    with pytest.raises(EstateError, match="WGS84"):
        metric_crs(np.array([0.0]), np.array([latitude]))


@given(
    longitude=st.floats(-3, 1),
    latitude=st.floats(50, 58),
    east=st.floats(-0.02, 0.02),
    north=st.floats(-0.02, 0.02),
)
def test_metres_are_true_to_one_in_a_thousand(
    longitude: float, latitude: float, east: float, north: float
) -> None:
    places = np.array([[longitude, latitude], [longitude + east, latitude + north]])
    points = to_metric(places[:, 0], places[:, 1], "EPSG:32630")
    _, _, true = GEOD.inv(*places[0], *places[1])
    assert np.hypot(*(points[1] - points[0])) == pytest.approx(true, rel=1e-3, abs=1e-6)
    assert to_degrees(points, "EPSG:32630") == pytest.approx(places, abs=1e-8)


def test_the_radcliffe_camera_lies_on_its_national_grid_square() -> None:
    point = to_metric(np.array([-1.25395]), np.array([51.75345]), "EPSG:27700")
    assert point == pytest.approx(np.array([[451_592, 206_342]]), abs=30)


def test_what_has_no_coordinates_is_not_finite() -> None:
    points = to_metric(np.array([np.nan, -1.25]), np.array([np.nan, 51.75]), "EPSG:32630")
    assert np.isfinite(points).all(axis=1).tolist() == [False, True]


def test_points_linked_by_short_steps_are_one_group() -> None:
    longitude = np.arange(20) * 0.1
    assert not far_from_rest(longitude, np.full(20, 51.75)).any()


def test_a_step_of_over_ten_kilometres_parts_the_groups() -> None:
    latitude = np.array([51.75, 51.76, 51.76 + 9.9 / 111.2, 51.76 + 9.9 / 111.2 + 10.2 / 111.2])
    assert far_from_rest(np.full(4, -1.25), latitude).tolist() == [False, False, False, True]


@given(
    places=st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-80, 80)).flatmap(
            lambda middle: st.lists(
                st.tuples(st.just(middle[0]), st.floats(middle[1] - 0.2, middle[1] + 0.2)),
                min_size=1,
                max_size=4,
            )
        ),
        min_size=1,
        max_size=4,
    )
)
def test_far_from_rest_agrees_with_a_graph_of_all_pairs(
    places: list[list[tuple[float, float]]],
) -> None:
    points = np.array([place for group in places for place in group])
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(points)))
    sphere = Geod(a=6_371_008.8, f=0)
    for a in range(len(points)):
        for b in range(a):
            _, _, metres = sphere.inv(*points[a], *points[b])
            if abs(metres - FAR_M) < 1e-3:
                return
            if metres < FAR_M:
                graph.add_edge(a, b)
    parts = list(networkx.connected_components(graph))
    far = far_from_rest(points[:, 0], points[:, 1])
    kept = set(np.flatnonzero(~far).tolist())
    assert kept in parts
    assert len(kept) == max(len(part) for part in parts)


def test_nearest_takes_the_lower_row_of_equals(build: ModuleType) -> None:
    shapes = np.array([build.square(100, 0, 10), build.square(0, 0, 10), build.square(100, 0, 10)])
    index, metres = nearest(np.array([build.metres(105, 15)]), shapes)
    assert (index.tolist(), metres.tolist()) == ([0], [5.0])


def test_nearest_finds_nothing_beyond_reach_or_without_a_place() -> None:
    points = np.array([[0.0, 20.0], [np.nan, np.nan], [np.inf, 0.0], [5.0, 5.0]])
    index, metres = nearest(points, np.array([shapely.box(0, 0, 10, 10)]), 9.0)
    assert index.tolist() == [-1, -1, -1, 0]
    assert metres.tolist() == [np.inf, np.inf, np.inf, 0.0]


def test_nearest_of_no_shapes_is_nothing() -> None:
    index, metres = nearest(np.zeros((2, 2)), np.array([]))
    assert index.tolist() == [-1, -1]
    assert np.isinf(metres).all()


COORDINATE = st.integers(-50, 50).map(float)


@given(
    corners=st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=6),
    points=st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=6),
    reach=st.sampled_from([5.0, 30.0, np.inf]),
)
def test_nearest_agrees_with_measuring_every_pair(
    corners: list[tuple[float, float]], points: list[tuple[float, float]], reach: float
) -> None:
    shapes = np.array([shapely.box(x, y, x + 7, y + 7) for x, y in corners])
    index, metres = nearest(np.array(points), shapes, reach)
    for row, place in enumerate(points):
        all_metres = shapely.distance(shapely.Point(place), shapes)
        within = all_metres.min() <= reach
        assert index[row] == (all_metres.argmin() if within else -1)
        assert metres[row] == (all_metres.min() if within else np.inf)


def test_a_position_reaches_to_its_range_and_no_further() -> None:
    points = np.array([[0.0, 0.0], [50.0, 0.0], [50.1, 0.0], [80.0, 0.0]])
    within = in_range(np.array([[0.0, 0.0], [100.0, 0.0]]), points, np.array([50.0, 20.0]))
    assert within.toarray().tolist() == [[1, 1, 0, 0], [0, 0, 0, 1]]
    assert in_range(np.empty((0, 2)), points, 50.0).shape == (0, 4)


OXFORD_GRID = np.array([[451_592.0, 206_342.0], [457_000.0, 206_000.0], [400_000.0, 206_342.0]])


@given(st.lists(st.floats(0, 360, exclude_max=True), min_size=3, max_size=3))
def test_a_bearing_turned_to_the_grid_and_back_is_the_same(true: list[float]) -> None:
    grid = grid_bearing(np.array(true), OXFORD_GRID, "EPSG:27700")
    assert ((grid >= 0) & (grid <= 360)).all()
    again = true_bearing(grid, OXFORD_GRID, "EPSG:27700")
    away = (again - np.array(true) + 180) % 360 - 180
    np.testing.assert_allclose(away, 0.0, atol=1e-9)


def test_a_grid_bearing_is_that_of_a_line_on_the_grid() -> None:
    """North by the sun is the way to a point of the same longitude, further north."""
    crs = "EPSG:27700"
    degrees = to_degrees(OXFORD_GRID, crs)
    north = to_metric(degrees[:, 0], degrees[:, 1] + 0.0005, crs) - OXFORD_GRID
    drawn = np.degrees(np.arctan2(north[:, 0], north[:, 1])) % 360
    found = grid_bearing(np.zeros(3), OXFORD_GRID, crs)
    away = (found - drawn + 180) % 360 - 180
    np.testing.assert_allclose(away, 0.0, atol=0.01)
    # On the grid's central meridian both norths are one; at Oxford they are half a degree apart.
    assert convergence(OXFORD_GRID, crs)[2] == pytest.approx(0.0, abs=0.01)
    assert convergence(OXFORD_GRID, crs)[0] == pytest.approx(0.58, abs=0.02)
    assert convergence(np.zeros((0, 2)), crs).shape == (0,)


@given(st.integers(0, 10_000))
def test_what_is_in_range_is_what_lies_no_further(seed: int) -> None:
    generator = np.random.default_rng(seed)
    positions, points = generator.uniform(0, 100, (7, 2)), generator.uniform(0, 100, (30, 2))
    ranges = generator.uniform(0, 60, 7)
    apart = np.hypot(*(positions[:, None] - points[None, :]).transpose(2, 0, 1))
    found = in_range(positions, points, ranges).toarray()
    np.testing.assert_array_equal(found, (apart <= ranges[:, None]) * 1.0)
