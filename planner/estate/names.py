"""Finding the site or post that a person named."""

import difflib
import json

import numpy as np
import pandas as pd
import shapely

from planner.estate.model import Estate


class UnknownName(LookupError):
    """No site or post has this name; ``close`` holds the names that are spelled alike."""

    def __init__(self, name: str, close: list[str]):
        super().__init__(name)
        self.close = close

    def hint(self) -> str:
        """Say which names come close."""
        return f" (did you mean {' or '.join(self.close)}?)" if self.close else ""


def known_shapes(estate: Estate) -> dict[str, tuple[str, shapely.Geometry]]:
    """Return name and shape of every post and site by each of its names, in lower case."""
    shapes: dict[str, tuple[str, shapely.Geometry]] = {}
    for name, shape in estate.posts[["name", "geometry"]].itertuples(index=False):
        shapes.setdefault(name.lower(), (name, shape))
    rows = estate.sites[["site", "name", "aliases", "geometry"]]
    for _, name, _, shape in rows.itertuples(index=False):
        shapes.setdefault(name.lower(), (name, shape))
    for site, name, aliases, shape in rows.itertuples(index=False):
        for alias in [site, *json.loads(aliases)]:
            shapes.setdefault(alias.lower(), (name, shape))
    return shapes


def find_shape(estate: Estate, name: str) -> tuple[str, shapely.Geometry]:
    """Return the official name and the shape of a post or site.

    Raises
    ------
    UnknownName
        If nothing has this name or alias.
    """
    shapes = known_shapes(estate)
    found = shapes.get(name.strip().lower())
    if found is None:
        close = difflib.get_close_matches(name.strip().lower(), shapes, n=6, cutoff=0.6)
        raise UnknownName(name, list(dict.fromkeys(shapes[key][0] for key in close))[:2])
    return found


def zone_row(estate: Estate, name: str) -> int:
    """Return the row of the zone that has this name, or in which the named site lies.

    Raises
    ------
    UnknownName
        If no zone, site or alias has this name.
    """
    zones = estate.zones
    same = pd.Series(zones["name"]).str.lower() == name.strip().lower()
    if same.any():
        return int(np.argmax(same))
    _, shape = find_shape(estate, name)
    point = shapely.point_on_surface(shape)
    return int(np.argmin(shapely.distance(zones.geometry.to_numpy(), point)))
