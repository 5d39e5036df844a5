"""Which rows of demand belong to a site that a scenario names."""

import numpy as np
import shapely

from planner.errors import ScenarioError
from planner.estate.model import Estate
from planner.estate.names import UnknownName, find_shape

# What lies before a site's gates and walls belongs to it.
APRON_M = 15.0


def points_of_site(
    estate: Estate, points: np.ndarray, name: str, key: str
) -> tuple[str, np.ndarray]:
    """Return a site's name, and which points are on it or before its walls, booleans (p,).

    Parameters
    ----------
    estate
        Its sites and posts.
    points
        Metres, shape (p, 2).
    name, key
        What the scenario calls the site, and where, for a message.

    Raises
    ------
    ScenarioError
        If no site or post has the name.
    """
    try:
        official, shape = find_shape(estate, name)
    except UnknownName as error:
        raise ScenarioError(
            f"{key}: no site or post is called '{name}'{error.hint()}; give the name of one."
        ) from error
    near: np.ndarray = shapely.distance(shapely.points(points), shape) <= APRON_M
    return official, near
