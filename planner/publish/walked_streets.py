"""The streets of a route, once each: dashes drawn over dashes would look like a line."""

import numpy as np
import shapely

from planner.allocate.plan import Route


def walked_streets(route: Route) -> shapely.Geometry:
    """Return the lines that a route goes along, once each, in longitude and latitude."""
    points = np.asarray(route.path, dtype=float).reshape(-1, 2)
    legs = np.stack([points[:-1], points[1:]], axis=1)
    backwards = (legs[:, 0, 0] > legs[:, 1, 0]) | (
        (legs[:, 0, 0] == legs[:, 1, 0]) & (legs[:, 0, 1] > legs[:, 1, 1])
    )
    legs[backwards] = legs[backwards][:, ::-1]
    distinct = np.unique(legs.reshape(-1, 4), axis=0).reshape(-1, 2, 2)
    return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(distinct)))
