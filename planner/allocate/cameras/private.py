"""Windows of bedrooms and private homes: how much of each a camera could see."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array

from planner.allocate.cameras.views import Views, shares_exposed, sights
from planner.allocate.demand import points_along
from planner.allocate.sightlines.horizons import Horizons
from planner.estate.model import Estate
from planner.estate.surroundings import private_places

# A window is about so wide.
SPACING_M = 1.0


@dataclass(frozen=True)
class Private:
    """What must not be watched, as points.

    Attributes
    ----------
    places
        Columns ``name``, ``kind``, ``geometry``.
    points
        Metres, shape (p, 2).
    owner
        Row of each point's place, shape (p,).
    metres
        What each point stands for, shape (p,).
    """

    places: gpd.GeoDataFrame
    points: np.ndarray
    owner: np.ndarray
    metres: np.ndarray


def private_of(estate: Estate) -> Private:
    """Return the private places of an estate; points, lines and the edges of areas alike."""
    places = private_places(estate.surroundings, estate.buildings)
    shapes = places.geometry.to_numpy()
    area = np.isin(
        shapely.get_type_id(shapes),
        (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
    )
    lines = np.where(area, shapely.boundary(shapes), shapes)
    parts, owner = shapely.get_parts(lines, return_index=True)
    single = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    along, line, metres = points_along(parts[~single], SPACING_M)
    return Private(
        places,
        np.concatenate([shapely.get_coordinates(parts[single]), along]),
        np.concatenate([owner[single], owner[~single][line]]).astype(int),
        np.concatenate([np.ones(int(single.sum())), metres]),
    )


def exposed(views: Views, around: Horizons, private: Private) -> csr_array:
    """Return the share of each private place that each option could see, were nothing masked.

    Returns
    -------
    scipy.sparse.csr_array
        Shape (options, places).
    """
    found = sights(views, around, private.points)
    return shares_exposed(views, found, private.owner, private.metres, len(private.places))
