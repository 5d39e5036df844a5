"""Horizons: held against exact views by another method, and against what must be seen."""

import numpy as np
import pytest
import shapely
from exact_views import exact_view
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import affinity

from planner.allocate.sightlines import sweep
from planner.allocate.sightlines.horizons import Horizons, horizons, pairs_within
from planner.allocate.sightlines.walls import walls_of

RANGE_M = 30.0
FINE = 0.1
PLACE = st.tuples(st.floats(-35, 35), st.floats(-35, 35))
HOUSE = st.tuples(
    PLACE,
    st.floats(1, 25),
    st.floats(1, 25),
    st.sampled_from([0.0, 0.0, 0.0, 90.0, 45.0, 17.3, 200.1]),
    st.sampled_from([0.0, 0.0, 0.5, 0.9]),
)
HOUSES = st.lists(HOUSE, max_size=7)
House = tuple[tuple[float, float], float, float, float, float]
ROW = np.array([0])


def house(corner: tuple[float, float], wide: float, deep: float, turn: float, court: float):
    x, y = corner
    shape = shapely.box(x, y, x + wide, y + deep)
    if court:
        shape = shape.difference(affinity.scale(shape, court, court))
    return affinity.rotate(shape, turn)


def looked(
    position: tuple[float, float], outlines: list[shapely.Geometry], range_m: float = RANGE_M
) -> Horizons:
    walls = walls_of(np.array(outlines, dtype=object))
    return horizons(np.array([position], dtype=float), range_m, walls)


def all_round(seen: Horizons, row: int = 0) -> shapely.Geometry:
    return seen.outline(row, 0.0, 360.0, arc_step_degrees=FINE)


def buildings(seen: Horizons) -> shapely.Geometry:
    return shapely.union_all(seen.walls.buildings.geometries)


@given(HOUSES, PLACE)
def test_the_view_is_that_of_the_disc_less_all_shadows(
    houses: list[House], position: tuple[float, float]
) -> None:
    outlines = [house(*each) for each in houses]
    seen = looked(position, outlines)
    assume(seen.ranges[0] > 0)
    view = all_round(seen)
    exact = exact_view(seen.positions[0], RANGE_M, [buildings(seen)])
    assert view.is_valid
    assert view.area == pytest.approx(exact.area, rel=1e-5, abs=1e-5)
    assert view.symmetric_difference(exact).area < 1e-4 * exact.area + 1e-4


@given(HOUSES, PLACE)
def test_no_view_reaches_into_a_building(
    houses: list[House], position: tuple[float, float]
) -> None:
    seen = looked(position, [house(*each) for each in houses])
    assert all_round(seen).intersection(buildings(seen)).area < 1e-5


@given(HOUSES.filter(len), st.integers(0, 999), st.floats(0, 1), st.floats(-0.05, 0.05))
def test_a_camera_on_a_facade_sees_nothing_of_what_is_behind_it(
    houses: list[House], piece: int, share: float, off: float
) -> None:
    walls = walls_of(np.array([house(*each) for each in houses], dtype=object))
    piece %= len(walls.segments)
    start, end = walls.segments[piece].reshape(2, 2)
    on = start * (1 - share) + end * share + off * walls.normals[piece]
    seen = horizons(on[None], RANGE_M, walls)
    assert all_round(seen).intersection(buildings(seen)).area < 1e-5
    assume(seen.ranges[0] > 0)
    exact = exact_view(seen.positions[0], RANGE_M, [buildings(seen)])
    assert all_round(seen).area == pytest.approx(exact.area, rel=1e-4, abs=1e-4)


@given(HOUSES, PLACE, st.integers(0, 999))
def test_points_are_seen_that_no_building_is_before(
    houses: list[House], position: tuple[float, float], seed: int
) -> None:
    seen = looked(position, [house(*each) for each in houses])
    assume(seen.ranges[0] > 0)
    points = np.random.default_rng(seed).uniform(-60, 60, (60, 2))
    lines = shapely.linestrings(
        np.stack([np.broadcast_to(seen.positions[0], points.shape), points], axis=1)
    )
    hidden = shapely.length(shapely.intersection(lines, buildings(seen))) > 1e-6
    wanted = ~hidden & (shapely.length(lines) <= RANGE_M)
    edge = shapely.boundary(exact_view(seen.positions[0], RANGE_M, [buildings(seen)]))
    plain = shapely.distance(shapely.points(points), edge) > 0.1
    found = seen.sees(np.zeros(60, dtype=int), points)
    assert (found == wanted)[plain].all()


@given(HOUSES, st.integers(0, 999))
def test_whoever_is_seen_sees(houses: list[House], seed: int) -> None:
    walls = walls_of(np.array([house(*each) for each in houses], dtype=object))
    points = np.random.default_rng(seed).uniform(-35, 35, (20, 2))
    one, other = (index.ravel() for index in np.indices((20, 20)))
    lines = shapely.linestrings(np.stack([points[one], points[other]], axis=1))
    corners = shapely.multipoints(walls.segments[:, :2])
    # A line that grazes a corner may go either way.
    plain = ~(shapely.distance(lines, corners) < 1e-3)
    sees = horizons(points, RANGE_M, walls).sees(one, points[other])
    assert (sees == sees.reshape(20, 20).T.ravel())[plain].all()


def test_one_wall_makes_the_shadow_that_it_should() -> None:
    seen = looked((0, 0), [shapely.box(10, -5, 11, 5)])
    angle = 2 * np.arctan2(5, 10)
    shadow = angle / 2 * RANGE_M**2 - 10 * 10 / 2
    assert all_round(seen).area == pytest.approx(np.pi * RANGE_M**2 - shadow, rel=1e-5)
    angles = np.array([0.0, 0.4, -0.4, 0.5, np.pi, -np.pi, 2 * np.pi + 0.4])
    wanted = [10, 10 / np.cos(0.4), 10 / np.cos(0.4), *[RANGE_M] * 3, 10 / np.cos(0.4)]
    np.testing.assert_allclose(seen.distance(np.zeros(7, dtype=int), angles), wanted)


def test_a_wall_across_the_west_is_whole() -> None:
    seen = looked((0, 0), [shapely.box(-11, -5, -10, 5)])
    angles = np.array([np.pi, -np.pi, 3.0, -3.0, 3 * np.pi, np.nextafter(np.pi, 0)])
    distances = seen.distance(np.zeros(6, dtype=int), angles)
    np.testing.assert_allclose(distances, -10 / np.cos(angles))
    assert not seen.sees(ROW, np.array([[-12.0, 0.0]])).any()


def test_one_can_see_through_a_narrow_gap() -> None:
    seen = looked((0, 0), [shapely.box(20, -9, 21, -0.005), shapely.box(20, 0.005, 21, 9)])
    assert seen.distance(np.zeros(3, dtype=int), np.array([0.0, 0.01, -0.01])) == pytest.approx(
        [RANGE_M, 20, 20], rel=1e-3
    )


def test_a_camera_in_a_closed_courtyard_sees_the_courtyard_only() -> None:
    court = shapely.box(-8, -6, 8, 6)
    around = shapely.box(-20, -20, 20, 20).difference(court)
    seen = looked((3, 2), [around, shapely.box(25, 0, 28, 3)], 100.0)
    assert all_round(seen).symmetric_difference(court).area < 1e-6
    assert seen.sees(np.zeros(3, dtype=int), np.array([[7, 5], [0, 25], [-8, 0]])).tolist() == [
        True,
        False,
        True,
    ]


def test_with_nothing_in_the_way_all_is_seen_to_the_range() -> None:
    seen = looked((5, 5), [])
    usual = seen.outline(0, 0.0, 360.0)
    assert usual.area == pytest.approx(np.pi * RANGE_M**2, rel=1e-4)
    points = np.array([[5, 34.9], [5, 35.1], [5, 5]])
    assert seen.sees(np.zeros(3, dtype=int), points).tolist() == [True, False, True]
    assert horizons(np.empty((0, 2)), 10.0, seen.walls).offsets.tolist() == [0]


def test_from_within_a_building_nothing_is_seen() -> None:
    seen = looked((5, 5), [shapely.box(0, 0, 10, 10)])
    assert seen.outline(0, 0.0, 360.0).is_empty
    assert seen.distance(ROW, np.array([1.0])).tolist() == [0.0]
    points = np.array([[5.0, 5.0], [6.0, 6.0], [12.0, 5.0]])
    assert not seen.sees(np.zeros(3, dtype=int), points).any()


@pytest.mark.parametrize("off", [-0.04, 0.0, 0.001, 0.03])
def test_a_facade_is_seen_from_outside_and_along_it(off: float) -> None:
    seen = looked((2, -off), [shapely.box(0, 0, 20, 10), shapely.box(40, -5, 50, 5)], 60.0)
    entrances = np.array([[15, 0], [15, 0.001], [15, -0.03], [15, 0.2], [10, 10], [40, -2]])
    assert seen.sees(np.zeros(6, dtype=int), entrances).tolist() == [True] * 3 + [False] * 2 + [
        True
    ]
    assert seen.sees(ROW, np.array([[50.0, 0.0]])).tolist() == [False]


def test_a_view_is_where_the_camera_looks() -> None:
    seen = looked((0, 0), [])
    for bearing, ahead in [(0, (0, 20)), (90, (20, 0)), (180, (0, -20)), (270, (-20, 0))]:
        view = seen.outline(0, bearing, 60.0, arc_step_degrees=FINE)
        assert view.contains(shapely.Point(ahead))
        assert view.area == pytest.approx(np.pi * RANGE_M**2 / 6, rel=1e-5)
    wide = seen.outline(0, 180.0, 270.0, arc_step_degrees=FINE)
    assert wide.area == pytest.approx(np.pi * RANGE_M**2 * 0.75, rel=1e-5)
    assert not wide.contains(shapely.Point(0, 20))


@given(HOUSES, PLACE, st.floats(0, 359), st.floats(1, 359))
def test_a_view_and_the_rest_make_the_whole(
    houses: list[House], position: tuple[float, float], bearing: float, field: float
) -> None:
    seen = looked(position, [house(*each) for each in houses])
    part = seen.outline(0, bearing, field, arc_step_degrees=FINE)
    rest = seen.outline(0, (bearing + 180) % 360, 360 - field, arc_step_degrees=FINE)
    assert part.is_valid
    assert part.area + rest.area == pytest.approx(all_round(seen).area, rel=1e-5, abs=1e-6)
    assert part.intersection(rest).area < 1e-5


def test_ground_that_is_too_near_is_not_in_the_view() -> None:
    seen = looked((0, 0), [shapely.box(10, -5, 11, 5)])
    whole = seen.outline(0, 90.0, 40.0, arc_step_degrees=FINE)
    far = seen.outline(0, 90.0, 40.0, 4.0, arc_step_degrees=FINE)
    assert whole.area - far.area == pytest.approx(np.pi * 16 / 9, rel=1e-5)
    assert seen.outline(0, 90.0, 40.0, 12.0).is_empty
    assert seen.outline(0, 0.0, 360.0, 4.0).interiors


def test_positions_see_each_their_own_range() -> None:
    walls = walls_of(np.array([shapely.box(10, -50, 11, 50)]))
    seen = horizons(np.array([[0.0, 0.0], [0.0, 0.0], [20.0, 0.0]]), np.array([5.0, 15, 15]), walls)
    assert seen.distance(np.array([0, 1, 2]), np.array([0, 0, np.pi])).tolist() == [5, 10, 9]


def test_how_many_are_looked_around_from_at_once_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(4)
    outlines = [house(tuple(chance.uniform(-35, 35, 2)), 5, 8, 20.0, 0.5) for _ in range(12)]
    walls = walls_of(np.array(outlines, dtype=object))
    points = chance.uniform(-35, 35, (40, 2))
    whole = horizons(points, RANGE_M, walls)
    monkeypatch.setattr(sweep, "PLACES_AT_ONCE", 3)
    monkeypatch.setattr(sweep, "PAIRS_AT_ONCE", 5)
    parts = horizons(points, RANGE_M, walls)
    assert (whole.offsets == parts.offsets).all()
    assert (whole.starts == parts.starts).all()
    assert (whole.wall == parts.wall).all()


def test_pairs_are_all_points_within_range() -> None:
    chance = np.random.default_rng(5)
    places, points = chance.uniform(0, 100, (20, 2)), chance.uniform(0, 100, (50, 2))
    ranges = chance.uniform(5, 40, 20)
    which, point = pairs_within(places, ranges, points)
    metres = np.hypot(*(places[:, None] - points[None]).transpose(2, 0, 1))
    wanted = set(
        zip(*(rows.tolist() for rows in np.nonzero(metres <= ranges[:, None])), strict=True)
    )
    assert set(zip(which.tolist(), point.tolist(), strict=True)) == wanted
    assert not len(pairs_within(places, 10.0, np.empty((0, 2)))[0])
