"""What a scenario demands of cameras by place: least cover, second views, and stated positions."""

import numpy as np
import shapely

from planner.allocate.cameras.covering import LeastCover
from planner.allocate.cameras.site_rows import points_of_site
from planner.allocate.cameras.study import Study
from planner.allocate.scenario.cameras import CamerasWanted
from planner.errors import ScenarioError
from planner.estate.model import Estate
from planner.geo import grid_bearing, to_metric


def rows_of_site(study: Study, name: str, key: str) -> tuple[str, np.ndarray]:
    """Return a site's name and the rows of demand on it or before its walls, booleans (rows,).

    Raises
    ------
    ScenarioError
        If no site or post has the name.
    """
    official, near = points_of_site(study.picture.estate, study.demand.points, name, key)
    return official, np.tile(near, 2)


def least_covers(study: Study, wanted: CamerasWanted, weights: np.ndarray) -> list[LeastCover]:
    """Return the least covers that are asked for, over the rows of one year.

    Parameters
    ----------
    weights
        Of the rows, shape (rows,).

    Raises
    ------
    ScenarioError
        If a site is unknown, is not the service's own, or has no risk to be seen.
    """
    found = []
    for name, share in wanted.minimum_cover.items():
        official, rows = rows_of_site(study, name, "cameras.minimum_cover")
        if official not in _own_names(study.picture.estate):
            raise ScenarioError(
                f"cameras.minimum_cover: '{official}' is not the service's own, so its cover can't "
                "be promised; ask for sites and posts that the service controls."
            )
        if not weights[rows].sum() > 0:
            raise ScenarioError(
                f"cameras.minimum_cover: no risk is expected at '{official}', so none can be seen."
            )
        found.append(LeastCover(official, rows, share * float(weights[rows].sum())))
    return found


def _own_names(estate: Estate) -> set[str]:
    """Return the names of the sites and posts that the service controls or holds as its own."""
    names: set[str] = set(estate.posts["name"])
    for table in (estate.sites, estate.buildings):
        own = estate.is_own(table) | (table["access"] == "own").to_numpy()
        names |= set(table.loc[own, "name"])
    return names


def second_views(study: Study, wanted: CamerasWanted) -> np.ndarray:
    """Return what a second view of each row is worth, as a share of its weight, shape (rows,).

    Raises
    ------
    ScenarioError
        If a site is unknown.
    """
    again = np.zeros(len(study.incidents))
    for name in wanted.second_views:
        _, rows = rows_of_site(study, name, "cameras.second_views")
        again[rows] = wanted.second_view_worth
    return again


def stated_places(study: Study, wanted: CamerasWanted) -> tuple[np.ndarray, np.ndarray]:
    """Return where the scenario's own cameras are, metres of (n, 2), and their grid bearings (n,).

    Raises
    ------
    ScenarioError
        If one stands inside a building or off the estate.
    """
    estate = study.picture.estate
    degrees = np.array([camera.position for camera in wanted.place], dtype=float).reshape(-1, 2)
    points = to_metric(degrees[:, 0], degrees[:, 1], estate.crs)
    true = np.array([camera.bearing for camera in wanted.place], dtype=float)
    on_estate = np.isfinite(points).all(axis=1)
    on_estate[on_estate] = shapely.contains_xy(estate.area, points[on_estate])
    for number, camera in enumerate(wanted.place):
        if not on_estate[number]:
            raise ScenarioError(
                f"cameras.place[{number}]: '{camera.name}' stands off the estate, more than "
                f"{estate.reach_m:.0f} m from every site; check the order of its position "
                "(longitude, latitude)."
            )
        if study.walls.inside(points[number : number + 1])[0]:
            raise ScenarioError(
                f"cameras.place[{number}]: '{camera.name}' stands inside a building; put it on the "
                "outside of a wall."
            )
    return points, grid_bearing(true, points, estate.crs)
