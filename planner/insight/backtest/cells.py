"""Square cells over the ground of a history, for a backtest without an estate."""

from dataclasses import dataclass

import numpy as np
import shapely

from planner.errors import BacktestError

MOST_CELLS = 200_000
# What is recorded in one cell speaks for those within this reach; so many pairs fit in memory.
REACH_M, MOST_PAIRS = 450.0, 5e6


@dataclass(frozen=True)
class Cells:
    """Squares whose corners lie at multiples of their size.

    Attributes
    ----------
    size_m
        Side in metres.
    column, row
        Number of each cell's column and row from the origin of the metric system, shape (c,).
    """

    size_m: float
    column: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.column)

    @property
    def points(self) -> np.ndarray:
        """The cells' middles in metres, shape (c, 2)."""
        middles: np.ndarray = (np.column_stack([self.column, self.row]) + 0.5) * self.size_m
        return middles

    def of(self, points: np.ndarray) -> np.ndarray:
        """Return the cell of each point, shape (n,); -1 off the cells and where it is not finite.

        Parameters
        ----------
        points
            Metres, shape (n, 2).
        """
        index = np.full(len(points), -1)
        finite = np.flatnonzero(np.isfinite(points).all(axis=1))
        place = np.floor(points[finite] / self.size_m).astype(np.int64)
        low = np.array([self.column.min(), self.row.min()])
        wide = np.array([self.column.max(), self.row.max()]) - low + 1
        inside = ((place >= low) & (place < low + wide)).all(axis=1)
        known = np.full(int(wide.prod()), -1)
        known[(self.column - low[0]) * wide[1] + self.row - low[1]] = np.arange(len(self))
        at = place[inside] - low
        index[finite[inside]] = known[at[:, 0] * wide[1] + at[:, 1]]
        return index


def cells_over(points: np.ndarray, size_m: float) -> Cells:
    """Lay cells over the convex hull of points: all that touch it.

    Parameters
    ----------
    points
        Metres, shape (n, 2), n at least 1.
    size_m
        Side in metres.

    Raises
    ------
    BacktestError
        If they would be too many.
    """
    hull = shapely.convex_hull(shapely.multipoints(points))
    edges = np.array(hull.bounds) / size_m
    # Cells that the hull's left and lower edge only touch count too.
    left, low = np.ceil(edges[:2]).astype(np.int64) - 1
    right, high = np.floor(edges[2:]).astype(np.int64)
    if (right - left + 1) * (high - low + 1) > 4 * MOST_CELLS:
        raise _too_many((right - left + 1) * (high - low + 1), size_m)
    column, row = (
        side.ravel()
        for side in np.meshgrid(np.arange(left, right + 1), np.arange(low, high + 1), indexing="ij")
    )
    squares = shapely.box(column * size_m, row * size_m, (column + 1) * size_m, (row + 1) * size_m)
    shapely.prepare(hull)
    kept = shapely.intersects(hull, squares)
    if kept.sum() > MOST_CELLS:
        raise _too_many(int(kept.sum()), size_m)
    if kept.sum() * np.pi * (REACH_M / size_m) ** 2 / 2 > MOST_PAIRS:
        raise BacktestError(
            f"--cell: cells of {size_m:g} m are too small for {kept.sum():,} of them to be "
            "compared with their neighbours; give larger cells."
        )
    return Cells(size_m, column[kept], row[kept])


def _too_many(number: int, size_m: float) -> BacktestError:
    return BacktestError(
        f"--cell: cells of {size_m:g} m over all that was recorded would be about {number:,}, and "
        f"more than {MOST_CELLS:,} can't be judged; give larger cells, or leave out the records "
        "that lie far from the rest."
    )
