"""Stretches of street: what lies between two junctions, cut where it is long.

The street segment is the unit of Weisburd, Groff and Yang (2012, "The Criminology of Place"):
both sides of a street between two crossings.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.ops import substring

from planner.estate.streets import Streets

SHORT_M = 20.0
PATHS = {
    "bridleway", "corridor", "cycleway", "footway", "path", "pedestrian", "steps", "towpath",
    "track",
}  # fmt: skip


def street_segments(streets: Streets, longest_m: float) -> gpd.GeoDataFrame:
    """Cut the public streets at junctions, where their name changes, and where they are long.

    A piece under 20 m (between two near crossings) is joined to the longest piece that it meets,
    of its own street where there is one; so a segment may be some metres longer than asked.

    Parameters
    ----------
    streets
        The walking network.
    longest_m
        Greatest length in metres.

    Returns
    -------
    geopandas.GeoDataFrame
        ``street`` (its name, ``""`` where it has none), ``path`` (whether it is for walkers and
        cyclists only), ``geometry`` (a line, or several that meet).
    """
    edges = _public_edges(streets)
    chain = _chains(edges)
    joined = _merged(shapely.linestrings(streets.points[edges[["a", "b"]].to_numpy()]), chain)
    # A chain that crosses itself on the drawing is several lines.
    lines, whole = shapely.get_parts(joined, return_index=True)
    first = edges.groupby(chain)[["street", "path"]].first().iloc[whole]
    number = np.ceil(shapely.length(lines) / longest_m - 1e-9).clip(1).astype(int)
    row = np.repeat(np.arange(len(lines)), number)
    step = np.arange(len(row)) - (np.cumsum(number) - number)[row]
    shares = np.column_stack([step, step + 1]) / number[row, None]
    pieces = [
        substring(line, start, end, normalized=True)
        for line, (start, end) in zip(lines[row], shares, strict=True)
    ]
    cut = gpd.GeoDataFrame(
        first.iloc[row].reset_index(drop=True), geometry=pieces, crs=streets.lines.crs
    )
    return _without_short(cut, min(SHORT_M, longest_m / 2))


def _public_edges(streets: Streets) -> pd.DataFrame:
    ends = np.sort(streets.edges[streets.public], axis=1)
    path = streets.lines["highway"].isin(PATHS).to_numpy()[streets.line]
    edges = pd.DataFrame(
        {
            "a": ends[:, 0],
            "b": ends[:, 1],
            "street": streets.names[streets.public],
            "path": path[streets.public],
        }
    )
    return edges.drop_duplicates(["a", "b"], ignore_index=True)


def _chains(edges: pd.DataFrame) -> np.ndarray:
    """Give the edges between two junctions on one street one number."""
    node, edge = edges[["a", "b"]].to_numpy().ravel(), np.repeat(np.arange(len(edges)), 2)
    order = np.argsort(node, kind="stable")
    node, edge = node[order], edge[order]
    passed = np.flatnonzero(
        (np.bincount(node)[node] == 2) & np.append(node[1:] == node[:-1], False)
    )
    one, other = edge[passed], edge[passed + 1]
    kind = edges.groupby(["street", "path"], sort=False).ngroup().to_numpy()
    return _groups(len(edges), one, other, kind[one] == kind[other])


def _groups(count: int, one: np.ndarray, other: np.ndarray, joined: np.ndarray) -> np.ndarray:
    links = coo_array((joined[joined], (one[joined], other[joined])), shape=(count, count))
    group: np.ndarray = connected_components(links, directed=False)[1]
    return group


def _merged(lines: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Join the lines of each group, which are numbered from 0, end to end."""
    order = np.argsort(group, kind="stable")
    joined: np.ndarray = shapely.line_merge(
        shapely.multilinestrings(lines[order], indices=group[order])
    )
    return joined


def _without_short(pieces: gpd.GeoDataFrame, short_m: float) -> gpd.GeoDataFrame:
    """Join each short piece to the longest that it meets."""
    lines = pieces.geometry.to_numpy()
    metres = shapely.length(lines)
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1)])
    table = pd.DataFrame(np.round(ends, 2), columns=["x", "y"])
    table["piece"] = np.tile(np.arange(len(lines)), 2)
    short = table[metres[table["piece"]] < short_m]
    pairs = short.merge(table, on=["x", "y"], suffixes=("", "_met"))
    one, other = pairs["piece"].to_numpy(), pairs["piece_met"].to_numpy()
    # Only towards longer pieces, so that no two short ones chase one another.
    longer = (metres[other] > metres[one]) | ((metres[other] == metres[one]) & (other < one))
    one, other = one[longer], other[longer]
    street = pieces["street"].to_numpy(dtype=object)
    order = np.lexsort((other, -metres[other], street[one] != street[other], one))
    first = np.unique(one[order], return_index=True)[1]
    one, other = one[order][first], other[order][first]
    group = _groups(len(lines), one, other, np.ones(len(one), dtype=bool))
    by_length = np.argsort(-metres, kind="stable")
    named = pieces.iloc[by_length].groupby(group[by_length])[["street", "path"]].first()
    return gpd.GeoDataFrame(named, geometry=_merged(lines, group), crs=pieces.crs)
