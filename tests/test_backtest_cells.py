"""Square cells over the ground of a history."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import BacktestError
from planner.insight.backtest.cells import cells_over

PLACES = st.lists(
    st.tuples(st.integers(-600, 600), st.integers(-600, 600)), min_size=1, max_size=8
).map(lambda places: np.array(places, float))


@given(points=PLACES, size=st.sampled_from([50.0, 100.0, 150.0, 333.3]))
def test_cells_are_aligned_and_are_all_that_touch_the_hull(points: np.ndarray, size: float) -> None:
    cells = cells_over(points, size)
    hull = shapely.convex_hull(shapely.multipoints(points))
    numbers = np.arange(-20, 20)
    plain = {
        (int(i), int(j))
        for i in numbers
        for j in numbers
        if shapely.box(i * size, j * size, (i + 1) * size, (j + 1) * size).intersects(hull)
    }
    assert set(zip(cells.column.tolist(), cells.row.tolist(), strict=True)) == plain
    assert len(cells) == len(plain)
    assert (cells.of(points) >= 0).all()
    assert cells.of(cells.points).tolist() == list(range(len(cells)))


@given(points=PLACES)
def test_a_point_is_in_the_cell_that_holds_it_or_in_none(points: np.ndarray) -> None:
    cells = cells_over(points[:3], 100.0)
    places = np.concatenate([points, [[np.nan, 0.0], [np.inf, 0.0], [1e12, -1e12]]])
    for place, cell in zip(places, cells.of(places), strict=True):
        inside = np.abs(cells.points - place).max(axis=1) <= 50.0
        if cell >= 0:
            assert inside[cell]
        else:
            assert not (np.abs(cells.points - place).max(axis=1) < 50.0 - 1e-9).any()


def test_cells_over_far_apart_places_are_refused() -> None:
    with pytest.raises(BacktestError, match=r"--cell.*larger cells"):
        cells_over(np.array([[0.0, 0.0], [9e5, 8e5], [0.0, 8e5]]), 150.0)


def test_cells_too_small_to_be_compared_are_refused() -> None:
    with pytest.raises(BacktestError, match=r"--cell.*too small"):
        cells_over(np.array([[0.0, 0.0], [1_500.0, 0.0], [0.0, 1_500.0]]), 10.0)
