"""Neighbourhoods chosen beforehand: where it is tested whether incidents gather more than chance.

A cluster is drawn around the very incidents that it holds, so a test of the cluster itself would
find one in any estate. What is tested are squares of 50 m on a grid that knows nothing of the
incidents, each together with the eight around it (150 m across, about a hotspot's size), and
single places. A hotspot takes the probability of the square in which most of its incidents lie, or
of one of its places where that says more. Two questions are asked:

1. *Do more incidents lie in a square and its neighbours than if their places were strewn evenly
   over the estate?* Exposure is area: the estate's supervisor asks where on the ground to go, and
   zones of unequal size get no more for being many. The tail is
   :func:`planner.insight.hotspots.chance.strewn_tail`.
2. *Has one place more incidents than its even share among all places that have any?* The tail is
   binomial with one over their number, which errs towards chance, as places without incidents
   aren't known.

The false discovery rate is taken over all squares of the estate, and over all places; it is
doubled, since there are two questions (there are so many more squares than places that one rate
over both would leave the places without a say).
"""

from dataclasses import dataclass

import numpy as np
import shapely

from planner.insight.hotspots.chance import binomial_tail, discovery_rates, strewn_tail
from planner.insight.hotspots.clusters import distinct_places

SIDE_M = 50.0
MOST_SQUARES = 1_000_000
QUESTIONS = 2


@dataclass(frozen=True)
class Squares:
    """A grid over the estate.

    Attributes
    ----------
    corner
        South-west corner, metres, shape (2,).
    side_m
        Side of a square.
    shares
        Each square's share of the estate's area, shape (columns, rows); 0 off the estate.
    """

    corner: np.ndarray
    side_m: float
    shares: np.ndarray

    def of(self, points: np.ndarray) -> np.ndarray:
        """Return the flat index of each point's square, shape (n,); -1 off the estate."""
        step = np.floor((points - self.corner) / self.side_m)
        within = ((step >= 0) & (step < self.shares.shape)).all(axis=1)
        column, row = np.where(within[:, None], step, 0).astype(int).T
        index = column * self.shares.shape[1] + row
        return np.where(within & (self.shares.ravel()[index] > 0), index, -1)


def squares_over(area: shapely.Geometry, side_m: float = SIDE_M) -> Squares:
    """Lay a grid over an area, aligned to multiples of the side.

    Parameters
    ----------
    area
        The ground that the estate answers for, in metres.
    side_m
        Side of a square; more where a very large area would have over a million.
    """
    if shapely.is_empty(area) or shapely.area(area) <= 0:
        return Squares(np.zeros(2), side_m, np.zeros((0, 0)))
    left, low, right, high = shapely.bounds(area)
    side_m = max(side_m, np.sqrt((right - left) * (high - low) / MOST_SQUARES))
    columns = np.arange(np.floor(left / side_m), np.ceil(right / side_m)) * side_m
    rows = np.arange(np.floor(low / side_m), np.ceil(high / side_m)) * side_m
    west, south = (side.ravel() for side in np.meshgrid(columns, rows, indexing="ij"))
    boxes = shapely.box(west, south, west + side_m, south + side_m)
    shapely.prepare(area)
    within = shapely.contains_properly(area, boxes)
    covered = np.where(within, side_m**2, 0.0)
    edge = np.flatnonzero(~within & shapely.intersects(area, boxes))
    covered[edge] = shapely.area(shapely.intersection(boxes[edge], area))
    shares = covered / covered.sum()
    corner = np.array([columns[0], rows[0]])
    return Squares(corner, float(side_m), shares.reshape(len(columns), len(rows)))


@dataclass(frozen=True)
class Tested:
    """What was found at each incident, by the tests chosen beforehand.

    Attributes
    ----------
    square
        Flat index of each incident's square, shape (n,); -1 off the estate.
    p, q
        Of each incident's square, shape (n,); 1 off the estate.
    place_p, place_q
        Of each incident's place, shape (n,); 1 off the estate.
    """

    square: np.ndarray
    p: np.ndarray
    q: np.ndarray
    place_p: np.ndarray
    place_q: np.ndarray

    def of(self, rows: np.ndarray) -> tuple[float, float]:
        """Return p and q of a hotspot that holds these incidents, which is at least one."""
        fullest = rows[self.square[rows] == np.bincount(self.square[rows] + 1).argmax() - 1][0]
        place = rows[self.place_p[rows].argmin()]
        if self.place_q[place] < self.q[fullest]:
            return float(self.place_p[place]), float(self.place_q[place])
        return float(self.p[fullest]), float(self.q[fullest])


def chances_by_place(points: np.ndarray, squares: Squares, counted: np.ndarray) -> Tested:
    """Test every square of an estate and every place.

    Parameters
    ----------
    points
        Where incidents happened, metres, shape (n, 2).
    squares
        The grid.
    counted
        Which incidents count (those of a period), shape (n,); the others take what is found where
        they lie.
    """
    square = squares.of(points) if squares.shares.size else np.full(len(points), -1)
    _, place = distinct_places(points)
    inside = np.flatnonzero((square >= 0) & counted)
    p, q = np.ones((2, squares.shares.size + 1))
    place_p, place_q = np.ones((2, int(place.max(initial=-1)) + 1))
    if len(inside):
        repeats = np.bincount(place[inside], minlength=len(place_p))
        used = np.flatnonzero(repeats)
        on_estate = np.flatnonzero(squares.shares.ravel() > 0)
        p[on_estate] = _square_tails(square[inside], repeats[used], squares)[on_estate]
        even = np.full(len(used), 1 / len(used))
        place_p[used] = binomial_tail(repeats[used], len(inside), even)
        q[on_estate] = np.minimum(QUESTIONS * discovery_rates(p[on_estate]), 1.0)
        place_q[used] = np.minimum(QUESTIONS * discovery_rates(place_p[used]), 1.0)
    return Tested(square, p[square], q[square], place_p[place], place_q[place])


def _square_tails(square: np.ndarray, repeats: np.ndarray, squares: Squares) -> np.ndarray:
    counts = np.bincount(square, minlength=squares.shares.size).reshape(squares.shares.shape)
    shares = _rounded_up(_around(squares.shares).ravel(), squares)
    return strewn_tail(_around(counts).ravel(), repeats, shares)


def _around(values: np.ndarray) -> np.ndarray:
    """Sum each square with its eight neighbours."""
    edged = np.pad(values, 1)
    wide, high = values.shape
    total: np.ndarray = sum(
        edged[right : right + wide, up : up + high] for right in range(3) for up in range(3)
    )  # type: ignore[assignment]
    return total


def _rounded_up(shares: np.ndarray, squares: Squares) -> np.ndarray:
    """Round shares up to tenths of a whole square: fewer distinct ones, and none too small."""
    tenth = float(squares.shares.max()) / 10
    rounded: np.ndarray = np.minimum(np.ceil(shares / tenth - 1e-6) * tenth, 1.0)
    return rounded
