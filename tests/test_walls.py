"""Walls: made of outlines as they come, and what stands on one is moved to before it."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from planner.allocate.sightlines.walls import CLEAR_M, Walls, walls_of

COURT = shapely.box(0, 0, 20, 20).difference(shapely.box(5, 5, 15, 15))
BOXES = st.lists(
    st.tuples(
        *[st.floats(-30, 30)] * 2, *[st.floats(0.5, 20)] * 2, st.sampled_from([0.0, 30.0, 45.5])
    ),
    max_size=6,
)


def of(*outlines: shapely.Geometry | None) -> Walls:
    return walls_of(np.array(outlines, dtype=object))


def turned(x: float, y: float, wide: float, deep: float, degrees: float) -> shapely.Geometry:
    return affinity.rotate(shapely.box(x, y, x + wide, y + deep), degrees)


def test_two_houses_of_a_terrace_have_no_wall_between_them() -> None:
    walls = of(shapely.box(0, 0, 5, 5), shapely.box(5, 0, 10, 5))
    middles = (walls.segments[:, :2] + walls.segments[:, 2:]) / 2
    assert not ((middles[:, 0] == 5) & (middles[:, 1] > 0) & (middles[:, 1] < 5)).any()
    assert np.hypot(*(walls.segments[:, 2:] - walls.segments[:, :2]).T).sum() == 30


def test_the_outside_is_to_the_left_of_walls_and_of_those_of_courtyards() -> None:
    walls = of(COURT)
    middles = (walls.segments[:, :2] + walls.segments[:, 2:]) / 2
    assert len(walls.segments) == 8
    assert not walls.inside(middles + walls.normals * 0.1).any()
    assert walls.inside(middles - walls.normals * 0.1).all()
    way = walls.segments[:, 2:] - walls.segments[:, :2]
    assert (way[:, 0] * walls.normals[:, 1] - way[:, 1] * walls.normals[:, 0] > 0).all()


def test_inside_is_further_than_the_tolerance_from_the_walls() -> None:
    walls = of(COURT)
    points = np.array([[2, 2], [0.04, 10], [0.06, 10], [10, 10], [-1, 5], [5, 10.0]])
    assert walls.inside(points).tolist() == [True, False, True, False, False, False]
    assert walls.inside(points, 0.0).tolist() == [True, True, True, False, False, True]
    assert walls.inside(points, 3.0).tolist() == [False] * 6


@pytest.mark.parametrize(
    ("outlines"),
    [
        (),
        (None,),
        (shapely.Polygon(),),
        (shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)])),
    ],
)
def test_no_buildings_have_no_walls(outlines: tuple[shapely.Geometry | None, ...]) -> None:
    walls = of(*outlines)
    assert walls.segments.shape == (0, 4)
    assert walls.normals.shape == (0, 2)
    assert walls.inside(np.array([[1.0, 1.0]])).tolist() == [False]
    assert walls.in_front(np.array([[1.0, 1.0]])).tolist() == [[1.0, 1.0]]


def test_an_outline_that_crosses_itself_is_mended() -> None:
    walls = of(shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))
    assert (
        walls.inside(np.array([[1, 5], [9, 5], [5, 1], [5, 9]])).tolist()
        == [True, True] + [False] * 2
    )


def test_repeated_corners_and_outlines_make_no_walls_of_their_own() -> None:
    twice = shapely.Polygon([(0, 0), (0, 0), (5, 0), (5, 5), (5, 5), (0, 5)])
    assert len(of(twice, shapely.box(0, 0, 5, 5), shapely.MultiPolygon([twice])).segments) == 4


@given(BOXES)
def test_no_two_walls_cross(boxes: list[tuple[float, float, float, float, float]]) -> None:
    walls = of(*[turned(*box) for box in boxes])
    one, other = walls.lines.query(walls.lines.geometries, predicate="crosses")
    assert not len(one), walls.segments[[one, other]]
    assert (walls.segments[:, :2] != walls.segments[:, 2:]).any(axis=1).all()


@given(BOXES, st.floats(-0.05, 0.05), st.floats(0, 1))
def test_what_is_on_a_wall_comes_to_stand_before_it(
    boxes: list[tuple[float, float, float, float, float]], off: float, share: float
) -> None:
    walls = of(*[turned(*box) for box in boxes])
    on = walls.segments[:, :2] * (1 - share) + walls.segments[:, 2:] * share + walls.normals * off
    moved = walls.in_front(on)
    assert (np.hypot(*(moved - on).T) < 0.5).all()
    # One that has no room between two buildings may stay inside; few do.
    outside = ~walls.inside(moved, 0.0)
    assert outside.sum() >= 0.8 * len(outside) - 2
    away = shapely.distance(shapely.points(moved), shapely.union_all(walls.lines.geometries))
    lone = len(boxes) == 1
    assert not lone or (outside.all() and (away > CLEAR_M - 0.002).all())


def test_at_a_corner_it_stands_before_both_walls() -> None:
    walls = of(COURT)
    moved = walls.in_front(np.array([[0.0, 0.0], [5.0, 5.0], [20.01, 19.99], [4.97, 10.0]]))
    wanted = [
        [-CLEAR_M, -CLEAR_M],
        [5 + CLEAR_M, 5 + CLEAR_M],
        [20 + CLEAR_M, 19.99],
        [5 + CLEAR_M, 10],
    ]
    np.testing.assert_allclose(moved, wanted, atol=1e-9)


def test_what_is_not_on_a_wall_stays() -> None:
    points = np.array([[-0.06, 10.0], [0.06, 10.0], [10.0, 10.0], [-3.0, -3.0], [-0.03, 10.0]])
    assert of(COURT).in_front(points).tolist() == points.tolist()
