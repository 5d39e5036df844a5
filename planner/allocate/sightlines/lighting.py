"""Lighting: what a camera's picture is worth after dark, near lamps and away from them."""

import numpy as np
from scipy.spatial import cKDTree


def lit(points: np.ndarray, lamps: np.ndarray, reach_m: float) -> np.ndarray:
    """Tell which points a lamp lights.

    Parameters
    ----------
    points
        Metres, shape (m, 2).
    lamps
        Metres, shape (k, 2); there may be none.
    reach_m
        How far from a lamp it is light, in metres.

    Returns
    -------
    numpy.ndarray
        Booleans, shape (m,).
    """
    if not len(lamps) or not len(points):
        return np.zeros(len(points), dtype=bool)
    metres, _ = cKDTree(lamps).query(points)
    near: np.ndarray = metres <= reach_m
    return near


def night_factor(
    points: np.ndarray, lamps: np.ndarray, reach_m: float, factor: float
) -> np.ndarray:
    """Return what pixels count for after dark.

    Parameters
    ----------
    points, lamps, reach_m
        As in ``lit``.
    factor
        What they count for where no lamp lights the target.

    Returns
    -------
    numpy.ndarray
        1 where a point is lit, else the factor, shape (m,).
    """
    return np.where(lit(points, lamps, reach_m), 1.0, factor)
