"""How near zones lie to one another, and what is recorded in one says of those next door."""

import numpy as np
from scipy import sparse
from scipy.spatial import KDTree

REACH = 3.0


def smoothing(points: np.ndarray, deviation_m: float) -> sparse.csc_array:
    """Return the share of what is recorded in one zone that speaks for each other one.

    A Gaussian of the distance between the zones' middles, cut off at three deviations.

    Parameters
    ----------
    points
        The zones' middles in metres, shape (z, 2); one that is not finite has no neighbours.
    deviation_m
        Standard deviation in metres.

    Returns
    -------
    scipy.sparse.csc_array
        Shape (z, z); each column sums to 1, so nothing is added or lost.
    """
    placed = np.flatnonzero(np.isfinite(points).all(axis=1))
    tree = KDTree(points[placed])
    pairs = placed[tree.query_pairs(REACH * deviation_m, output_type="ndarray").reshape(-1, 2)]
    metres = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    weight = np.exp(-0.5 * (metres / deviation_m) ** 2)
    own = np.arange(len(points))
    row = np.concatenate([pairs[:, 0], pairs[:, 1], own])
    column = np.concatenate([pairs[:, 1], pairs[:, 0], own])
    value = np.concatenate([weight, weight, np.ones(len(points))])
    total = np.bincount(column, value, minlength=len(points))
    shares = (value / total[column], (row, column))
    return sparse.csc_array(sparse.coo_array(shares, shape=(len(points),) * 2))
