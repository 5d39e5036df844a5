"""Outlines: which shapes are walls that block a view, and which are only ground."""

import geopandas as gpd
import numpy as np
import shapely

from planner.estate.layers.shapes import POINT_RADIUS_M

# A lone site no larger than this is taken for the footprint of one building. The largest
# single buildings of a university are about as large, and the grounds of a college larger.
LARGEST_LONE_M2 = 6_000.0
STATED = "building"
HELD_SHARE = 0.5
SAME_M = 1e-3
# A circle drawn with 32 corners fills 99.4 % of a true one.
ROUND_M, ROUND_SHARE = 0.01, 0.99


def outlines(
    sites: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, others: np.ndarray
) -> np.ndarray:
    """Return what blocks views: buildings of the estate, and those around it.

    A site's shape is ground, and no wall. A site without a building is its own (see
    :mod:`planner.estate.sites`), drawn as its footprint or as its grounds, and nothing says which.
    It is a wall if it is smaller than 6,000 m2 and no building of the surroundings stands in it.
    Another feature drawn as a whole site of that size or more, on which buildings stand, such as an
    institute that its layer gives the grounds of its college, is ground too.
    The circle that stands for a building given as a point is a convention, and no wall either.

    Parameters
    ----------
    sites, buildings
        The estate's, as in :mod:`planner.estate.sites`.
    others
        The buildings of the surroundings, polygons in the same metres, shape (n,).

    Returns
    -------
    numpy.ndarray
        Polygons, each of one part.
    """
    own = buildings.geometry.to_numpy()[are_walls(sites, buildings, others)]
    parts = shapely.get_parts(np.concatenate([own, others]))
    walls: np.ndarray = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return walls


def are_walls(
    sites: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, others: np.ndarray
) -> np.ndarray:
    """Mark the estate's buildings that are walls, as :func:`outlines` has it, shape (b,)."""
    shapes = buildings.geometry.to_numpy()
    lone = is_lone(sites, buildings)
    ground = is_disc(shapes) | is_grounds(sites, buildings)
    alone = np.flatnonzero(lone & ~ground)
    ground[alone[np.unique(_held(others, shapes[alone]))]] = True
    walls: np.ndarray = ~ground
    return walls


def is_lone(sites: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> np.ndarray:
    """Mark the buildings that are nothing but their whole site under its own name, shape (b,).

    What its file calls a building is one, however large.
    """
    named = sites.set_index("site")["name"].reindex(buildings["site"]).to_numpy(dtype=object)
    alone = ~buildings["site"].duplicated(keep=False).to_numpy()
    lone: np.ndarray = _is_whole_site(sites, buildings) & alone
    lone &= buildings["name"].to_numpy(dtype=object) == named
    return lone


def is_grounds(sites: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> np.ndarray:
    """Mark the large buildings that are a whole site, alone or with others on it, shape (b,)."""
    large = ~(shapely.area(buildings.geometry.to_numpy()) < LARGEST_LONE_M2)
    whole = _is_whole_site(sites, buildings)
    holds_others = buildings["site"].isin(buildings.loc[~whole, "site"]).to_numpy()
    ground: np.ndarray = large & whole & (is_lone(sites, buildings) | holds_others)
    return ground


def _is_whole_site(sites: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> np.ndarray:
    """Mark the buildings of their site's very shape that their file calls no building, (b,)."""
    row = sites.reset_index(drop=True).reset_index().set_index("site")["index"]
    at = row.reindex(buildings["site"]).fillna(-1).to_numpy(dtype=int)
    whole: np.ndarray = at >= 0
    whole[whole] = shapely.equals_exact(
        buildings.geometry.to_numpy()[whole], sites.geometry.to_numpy()[at[whole]], SAME_M
    )
    whole &= (buildings["kind"] != STATED).to_numpy(dtype=bool)
    return whole


def is_disc(shapes: np.ndarray) -> np.ndarray:
    """Mark the circles of ground that points were given, shape (n,)."""
    round_m = shapely.minimum_bounding_radius(shapes)
    fills = shapely.area(shapes) / (np.pi * np.maximum(round_m, SAME_M) ** 2)
    disc: np.ndarray = (np.abs(round_m - POINT_RADIUS_M) < ROUND_M) & (fills > ROUND_SHARE)
    return disc


def repeats(shapes: np.ndarray, sites: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> np.ndarray:
    """Mark the shapes that draw a building of the estate again, shape (n,).

    More than half of such a shape lies on the building. Of a lone site it must also cover more
    than half, or else it stands on the site's ground; and what is ground (see :func:`outlines`)
    has no building that could be drawn again.

    Parameters
    ----------
    shapes
        Polygons in metres, shape (n,).
    sites, buildings
        The estate's.
    """
    own = buildings.geometry.to_numpy()
    lone = is_lone(sites, buildings)
    row, other = shapely.STRtree(own).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[row], own[other]))
    ground = is_disc(own) | is_grounds(sites, buildings)
    again = (shared > HELD_SHARE * shapely.area(shapes[row])) & ~ground[other]
    again &= ~lone[other] | (shared > HELD_SHARE * shapely.area(own)[other])
    marked = np.zeros(len(shapes), dtype=bool)
    marked[row[again]] = True
    return marked


def _held(shapes: np.ndarray, grounds: np.ndarray) -> np.ndarray:
    """Return the rows of grounds that hold more than half of a shape."""
    row, ground = shapely.STRtree(grounds).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[row], grounds[ground]))
    held: np.ndarray = ground[shared > HELD_SHARE * shapely.area(shapes[row])]
    return held
