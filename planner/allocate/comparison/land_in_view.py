"""Whose ground is in a camera's view: the service's own sites, others', or streets and the like."""

import numpy as np
import shapely

from planner.allocate.comparison.case_parts import LandPart
from planner.estate.control import NOT_STATED
from planner.estate.model import Estate

OWN = "the service's own sites"
PUBLIC = "streets and other ground"
LEAST_M2 = 0.5


def land_in_view(estate: Estate, view: shapely.Geometry) -> tuple[LandPart, ...]:
    """Share a view out among those whose ground it is.

    Ground within the outlines of several sites counts once: as the service's own if one of them
    is, else for the controller whose name comes first.

    Parameters
    ----------
    estate
        Its sites.
    view
        The ground in view, in metres.

    Returns
    -------
    tuple of LandPart
        The own, then others by their area, then the rest; they sum to the area of the view.
    """
    sites = estate.sites[shapely.intersects(estate.sites.geometry.to_numpy(), view)]
    shapes = sites.geometry.to_numpy()
    own = estate.is_own(sites) | (sites["access"] == "own").to_numpy()
    named = sites["controller"].where(sites["controller"] != NOT_STATED, sites["name"])
    whose = named.to_numpy(object)
    left, ours = _taken(view, shapes[own])
    others = []
    for name in sorted(set(whose[~own])):
        left, theirs = _taken(left, shapes[~own & (whose == name)])
        if theirs > LEAST_M2:
            others.append(LandPart(whose=name, kind="others", square_metres=theirs))
    others.sort(key=lambda part: -part.square_metres)
    parts = [LandPart(whose=OWN, kind="own", square_metres=ours)] if ours > LEAST_M2 else []
    rest = float(shapely.area(view)) - sum(part.square_metres for part in (*parts, *others))
    return (*parts, *others, LandPart(whose=PUBLIC, kind="public", square_metres=max(rest, 0.0)))


def _taken(left: shapely.Geometry, shapes: np.ndarray) -> tuple[shapely.Geometry, float]:
    """Take sites off what is left of a view; return the rest, and the area that they took."""
    rest = shapely.difference(left, shapely.union_all(shapes))
    return rest, float(shapely.area(left) - shapely.area(rest))
