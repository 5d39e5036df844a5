"""The walking network: nodes and straight edges in metres, and the shortest walks along them.

Streets are cut into pieces of at most 25 m, so that the nearest node stands for the nearest
place on a street. Shortest walks are Dijkstra's (1959, "A note on two problems in connexion with
graphs") as SciPy implements them.
"""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from planner.geo import nearest

PIECE_M = 25.0
SAME_PLACE_M = 0.05


@dataclass(frozen=True)
class Walks:
    """Shortest walks between places on the network.

    Attributes
    ----------
    metres
        Lengths, shape (k, k); infinite where there is no way.
    sources
        Node of each place, shape (k,).
    predecessors
        Node before each node on the way from each place, shape (k, n), negative at the start.
    """

    metres: np.ndarray
    sources: np.ndarray
    predecessors: np.ndarray

    def nodes(self, start: int, end: int) -> np.ndarray:
        """Return the nodes of the walk from one place to another, both ends included."""
        node = int(self.sources[end])
        way = [node]
        while node != self.sources[start]:
            node = int(self.predecessors[start, node])
            if node < 0:
                return np.array([], dtype=int)
            way.append(node)
        return np.array(way[::-1])


@dataclass(frozen=True)
class Streets:
    """A walking network in the estate's metric system.

    Attributes
    ----------
    lines
        The streets as given: ``name``, ``highway``, ``geometry``.
    points
        Node coordinates in metres, shape (n, 2).
    edges
        Node pairs, shape (m, 2); every edge can be walked both ways.
    names
        Street name of each edge, shape (m,); ``""`` where it has none.
    """

    lines: gpd.GeoDataFrame
    points: np.ndarray
    edges: np.ndarray
    names: np.ndarray

    @cached_property
    def lengths(self) -> np.ndarray:
        """Edge lengths in metres, shape (m,)."""
        ends = self.points[self.edges]
        metres: np.ndarray = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
        return metres

    @cached_property
    def graph(self) -> csr_array:
        """Symmetric sparse matrix of edge lengths, shape (n, n)."""
        count = len(self.points)
        ends = pd.DataFrame(np.sort(self.edges, axis=1), columns=["a", "b"])
        ends["metres"] = np.maximum(self.lengths, 1e-3)
        shortest = ends[ends["a"] != ends["b"]].groupby(["a", "b"], as_index=False)["metres"].min()
        return csr_array((shortest["metres"], (shortest["a"], shortest["b"])), shape=(count, count))

    def walks_between(self, nodes: np.ndarray) -> Walks:
        """Find the shortest walks between all pairs of nodes.

        Parameters
        ----------
        nodes
            Node rows, shape (k,); a node may stand in it more than once.
        """
        distinct, back = np.unique(nodes, return_inverse=True)
        metres, predecessors = dijkstra(
            self.graph, directed=False, indices=distinct, return_predecessors=True
        )
        return Walks(metres[:, nodes][back], nodes, predecessors[back])

    def nearest_name(self, points: np.ndarray, reach_m: float) -> np.ndarray:
        """Return the name of the nearest named street within reach, ``""`` where there is none."""
        named = np.flatnonzero(self.names != "")
        segments = shapely.linestrings(self.points[self.edges[named]])
        index, _ = nearest(points, segments, reach_m)
        found = np.full(len(points), "", dtype=object)
        found[index >= 0] = self.names[named[index[index >= 0]]]
        return found


def network(lines: gpd.GeoDataFrame) -> Streets:
    """Join lines into a network: they meet where they share a vertex.

    Parameters
    ----------
    lines
        LineStrings in metres with ``name`` and ``highway``.
    """
    lines = lines[lines.geometry.length > 0].reset_index(drop=True)
    pieces = shapely.segmentize(lines.geometry.to_numpy(), PIECE_M)
    coordinates, line = shapely.get_coordinates(pieces, return_index=True)
    places, node = np.unique(
        np.round(coordinates / SAME_PLACE_M).astype(np.int64), axis=0, return_inverse=True
    )
    points = np.zeros((len(places), 2))
    points[node] = coordinates
    joined = (line[1:] == line[:-1]) & (node[1:] != node[:-1])
    edges = np.column_stack([node[:-1][joined], node[1:][joined]])
    return Streets(lines, points, edges, lines["name"].to_numpy(dtype=object)[line[:-1][joined]])


def largest_part(lines: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int, float]:
    """Keep the largest connected part of the streets, by length.

    Returns
    -------
    kept
        The lines of the largest part.
    islands, island_m
        How many other parts there were, and their length in metres together.
    """
    lines = lines[lines.geometry.length > 0].reset_index(drop=True)
    whole = network(lines)
    if not len(whole.edges):
        return lines, 0, 0.0
    _, part_of_node = connected_components(whole.graph, directed=False)
    lengths = np.bincount(part_of_node[whole.edges[:, 0]], whole.lengths)
    first = np.round(shapely.get_coordinates(shapely.get_point(lines.geometry.to_numpy(), 0)), 6)
    index, _ = nearest(first, shapely.points(whole.points))
    kept = part_of_node[index] == lengths.argmax()
    islands = int((lengths > 0).sum()) - 1
    return lines[kept].reset_index(drop=True), islands, float(lengths.sum() - lengths.max())
