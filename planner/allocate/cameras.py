"""Camera positions: maximal covering of risk beside the cameras that stand.

Model
-----
Demand points i with weight w(i), candidate positions j, a(i, j) = 1 where j sees i, and the set S
of points that standing cameras see. Binary x(j) places a camera, y(i) in [0, 1] says that i is
seen (maximal covering location; Church and ReVelle, 1974, "The maximal covering location
problem"):

    maximise    sum w(i) y(i)
    subject to  y(i) <= sum over j of a(i, j) x(j)     for each i not in S,
                y(i) = 1                               for each i in S,
                sum x(j) <= N.

Points that the same candidates see are one row. CBC solves the model to a gap of 0; where its
time runs out, the bound is that of the linear relaxation. A camera sees all within its range:
walls do not yet hide anything.
"""

from dataclasses import dataclass

import numpy as np
import pulp
import shapely
from scipy.sparse import csr_array

TIME_LIMIT_S = 60.0


@dataclass(frozen=True)
class Covering:
    """A solved covering problem.

    Attributes
    ----------
    chosen
        Rows of the candidates, the one that adds most first.
    adds
        Weight that each adds to those before it.
    value
        Weight covered, by standing and new cameras.
    standing
        Weight that standing cameras cover alone.
    bound
        No choice covers more.
    stopped_by
        Which rule stopped the solver, in words.
    """

    chosen: np.ndarray
    adds: np.ndarray
    value: float
    standing: float
    bound: float
    stopped_by: str


def sees(cameras: np.ndarray, points: np.ndarray, ranges: np.ndarray | float) -> csr_array:
    """Tell which camera sees which point.

    Parameters
    ----------
    cameras, points
        Metres, shape (c, 2) and (p, 2).
    ranges
        Metres, one or shape (c,).

    Returns
    -------
    scipy.sparse.csr_array
        Ones, shape (c, p).
    """
    shape = (len(cameras), len(points))
    if not len(cameras) or not len(points):
        return csr_array(shape, dtype=float)
    tree = shapely.STRtree(shapely.points(points))
    camera, point = tree.query(
        shapely.points(cameras), predicate="dwithin", distance=np.broadcast_to(ranges, len(cameras))
    )
    return csr_array((np.ones(len(camera)), (camera, point)), shape=shape)


def choose_cameras(
    weights: np.ndarray, seen: csr_array, standing: np.ndarray, new: int
) -> Covering:
    """Choose the positions that cover most.

    Parameters
    ----------
    weights
        Of the demand points, shape (p,), none negative.
    seen
        Which candidate sees which point, shape (c, p).
    standing
        Points that standing cameras see, booleans of shape (p,).
    new
        How many cameras to place.
    """
    already = float(weights[standing].sum())
    open_points = np.flatnonzero(~standing & (weights > 0) & (seen.sum(axis=0) > 0))
    if not new or not len(open_points):
        nothing = np.array([], dtype=int)
        return Covering(nothing, np.array([]), already, already, already, "nothing to choose")
    reduced = seen[:, open_points]
    rows, row_weights = _merged_points(reduced, weights[open_points])
    chosen, proven = _solve(rows, row_weights, reduced.shape[0], new)
    chosen, adds = _in_order(reduced, weights[open_points], chosen)
    value = already + float(adds.sum())
    bound = value if proven else already + _relaxed(rows, row_weights, reduced.shape[0], new)
    words = "proven optimum" if proven else f"{TIME_LIMIT_S:g} seconds"
    return Covering(chosen, adds, value, already, max(bound, value), words)


def _merged_points(
    seen: csr_array, weights: np.ndarray
) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Join points that the same candidates see into one row."""
    columns = seen.tocsc()
    columns.sort_indices()
    keys = [tuple(part.tolist()) for part in np.split(columns.indices, columns.indptr[1:-1])]
    order = {key: row for row, key in enumerate(dict.fromkeys(keys))}
    total = np.bincount([order[key] for key in keys], weights)
    return list(order), total


def _model(
    rows: list[tuple[int, ...]], weights: np.ndarray, candidates: int, new: int, category: str
) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    model = pulp.LpProblem("cameras", pulp.LpMaximize)
    place = [model.add_variable(f"x{j}", 0, 1, category) for j in range(candidates)]
    covered = [model.add_variable(f"y{i}", 0, 1) for i in range(len(rows))]
    scale = 1.0 / max(weights.max(), 1e-12)
    model += pulp.LpAffineExpression(
        [(y, w) for y, w in zip(covered, (weights * scale).tolist(), strict=True)]
    )
    for y, row in zip(covered, rows, strict=True):
        model += pulp.LpAffineExpression([(y, 1)] + [(place[j], -1) for j in row]) <= 0
    model += pulp.lpSum(place) <= new
    return model, place


def _solve(
    rows: list[tuple[int, ...]], weights: np.ndarray, candidates: int, new: int
) -> tuple[np.ndarray, bool]:
    model, place = _model(rows, weights, candidates, new, pulp.LpBinary)
    model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, timeLimit=TIME_LIMIT_S))
    chosen = np.flatnonzero([(x.value() or 0.0) > 0.5 for x in place])
    # After a time-out the status still reads "Optimal"; only sol_status tells.
    return chosen, model.sol_status == pulp.LpSolutionOptimal


def _relaxed(rows: list[tuple[int, ...]], weights: np.ndarray, candidates: int, new: int) -> float:
    model, _ = _model(rows, weights, candidates, new, pulp.LpContinuous)
    model.solve(pulp.HiGHS(msg=False))
    return float(pulp.value(model.objective) or 0.0) * float(weights.max())


def _in_order(
    seen: csr_array, weights: np.ndarray, chosen: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Put the chosen in the order in which each adds most, leaving out those that add nothing."""
    left, remaining = list(chosen), weights.copy()
    order, adds = [], []
    while left:
        gains = seen[left] @ remaining
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        order.append(left.pop(best))
        adds.append(float(gains[best]))
        remaining[seen[[order[-1]]].indices] = 0.0
    return np.array(order, dtype=int), np.array(adds)
