"""Finding the site or post that a person named."""

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from planner.estate.model import Estate
from planner.estate.naming.written import normalised

CLOSE_SCORE = 60.0


class UnknownName(LookupError):
    """No site or post has this name; ``close`` holds the names that are spelled alike."""

    def __init__(self, name: str, close: list[str]):
        super().__init__(name)
        self.close = close

    def hint(self) -> str:
        """Say which names come close."""
        return f" (did you mean {' or '.join(self.close)}?)" if self.close else ""


def known_shapes(estate: Estate) -> dict[str, tuple[str, shapely.Geometry]]:
    """Return name and shape of every post and site by each of its names, normalised."""
    posts, sites = estate.posts, estate.sites
    called = [
        sites["aliases"].map(lambda text: [*json.loads(text or "[]")]).explode(),
        sites["site"],
    ]
    every = [posts["name"], sites["name"], *called]
    official = [posts["name"], *[sites["name"].reindex(part.index) for part in every[1:]]]
    shapes = [posts.geometry, *[sites.geometry.reindex(part.index) for part in every[1:]]]
    keys = pd.concat(every, ignore_index=True)
    table = pd.DataFrame(
        {
            "key": normalised(keys),
            "name": pd.concat(official, ignore_index=True),
            "shape": np.concatenate([part.to_numpy() for part in shapes]),
        }
    )
    # An official name goes before another site's alias.
    table = table[table["key"] != ""].drop_duplicates("key")
    told = table[["key", "name", "shape"]].itertuples(index=False)
    return {key: (name, shape) for key, name, shape in told}


def find_shape(
    estate: Estate, name: str, known: Mapping[str, tuple[str, shapely.Geometry]] | None = None
) -> tuple[str, shapely.Geometry]:
    """Return the official name and the shape of a post or site.

    Parameters
    ----------
    estate, name
        Where to look, and what was written.
    known
        What :func:`known_shapes` gave, where many names are looked up.

    Raises
    ------
    UnknownName
        If nothing has this name or alias.
    """
    shapes = known_shapes(estate) if known is None else known
    asked = normalised(pd.Series([name]))[0]
    found = shapes.get(asked)
    if found is None:
        close = process.extract(
            asked, shapes.keys(), scorer=fuzz.ratio, limit=6, score_cutoff=CLOSE_SCORE
        )
        raise UnknownName(name, list(dict.fromkeys(shapes[key][0] for key, *_ in close))[:2])
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
