import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.hotspots.neighbourhoods import chances_by_place, squares_over

LAND = shapely.box(12.0, 7.0, 1_512.0, 1_007.0)


def everyone(points: np.ndarray) -> np.ndarray:
    return np.ones(len(points), dtype=bool)


def test_squares_share_out_the_area() -> None:
    shape = shapely.Polygon([(0, 0), (900, 100), (700, 800), (30, 500)])
    squares = squares_over(shape)
    assert squares.shares.sum() == pytest.approx(1.0)
    inner = squares.of(np.array([[500.0, 400.0]]))[0]
    whole = squares.side_m**2 / shape.area
    assert squares.shares.ravel()[inner] == pytest.approx(whole)
    assert (squares.corner % squares.side_m == 0).all()


def test_points_are_in_their_square_or_off_the_estate() -> None:
    squares = squares_over(LAND)
    points = np.array([[20.0, 20.0], [60.0, 20.0], [20.0, 60.0], [-500.0, 0.0], [5_000.0, 5_000.0]])
    square = squares.of(points)
    assert len(set(square[:3])) == 3
    assert square[3:].tolist() == [-1, -1]


def test_a_very_large_area_has_larger_squares() -> None:
    squares = squares_over(shapely.box(0, 0, 100_000, 100_000))
    assert squares.side_m == pytest.approx(100.0)


def test_an_empty_area_has_no_squares() -> None:
    squares = squares_over(shapely.Polygon())
    points = np.array([[1.0, 1.0]])
    assert chances_by_place(points, squares, everyone(points)).of(np.array([0])) == (1.0, 1.0)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 300))
def test_rates_are_no_less_than_probabilities(seed, count) -> None:
    points = np.random.default_rng(seed).uniform([12, 7], [1_512, 1_007], (count, 2))
    tested = chances_by_place(points, squares_over(LAND), everyone(points))
    for p, q in ((tested.p, tested.q), (tested.place_p, tested.place_q)):
        assert (p > 0).all()
        assert (q >= p).all()
        assert (q <= 1).all()


def test_uniform_risk_is_hardly_ever_found_and_a_gathering_is() -> None:
    """Estates drawn with uniform risk: points, and points that share snap points."""
    squares = squares_over(LAND)
    false = real = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        points = random.uniform([12, 7], [1_512, 1_007], (200, 2))
        if seed % 2:
            points = points[random.integers(0, 80, 200)]
        tested = chances_by_place(points, squares, everyone(points))
        false += min(tested.q.min(), tested.place_q.min()) < 0.05
        planted = 40 if seed % 2 else 16
        points[:planted] = random.normal([700, 500], 20, (planted, 2))
        again = chances_by_place(points, squares, everyone(points))
        real += again.of(np.arange(planted))[1] < 0.05
    assert false <= 6
    assert real >= 54


def test_one_address_with_far_more_than_its_share_is_found() -> None:
    random = np.random.default_rng(4)
    points = random.uniform([12, 7], [1_512, 1_007], (200, 2))
    points[:15] = [700.0, 500.0]
    tested = chances_by_place(points, squares_over(LAND), everyone(points))
    assert tested.place_q[0] < 0.05
    assert tested.place_q[15:].min() > 0.05
    assert tested.of(np.arange(15))[1] < 0.05


def test_only_what_counts_is_tested() -> None:
    random = np.random.default_rng(5)
    points = random.uniform([12, 7], [1_512, 1_007], (200, 2))
    points[:30] = random.normal([700, 500], 20, (30, 2))
    without = everyone(points)
    without[:30] = False
    squares = squares_over(LAND)
    assert chances_by_place(points, squares, everyone(points)).of(np.arange(30))[1] < 0.05
    assert chances_by_place(points, squares, without).of(np.arange(30))[1] > 0.05
