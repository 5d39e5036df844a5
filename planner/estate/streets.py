"""The walking network: nodes and straight edges in metres, and the shortest walks along them.

Streets are cut into pieces of at most 25 m, so that the nearest node stands for the nearest
place on a street. A network holds private ways and gates that close too: :meth:`Streets.during`
says which of them can be walked in a shift, and :meth:`Streets.without` closes ground that no
patrol may cross.

Bicycles and vehicles use the same network, but for the kinds of street they may not use. Every
edge leads both ways: one-way streets are ignored, and so is what only OpenStreetMap's tags for
bicycles and motor vehicles would tell. Rides and drives may so be longer than they are said to be.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from planner.clock import Shift
from planner.estate.layers.features import text_column
from planner.estate.opening_hours import open_throughout, unread_rules
from planner.estate.shortest_ways import Ways, quickest_ways, shortest_ways
from planner.geo import nearest

PUBLIC, PRIVATE = "public", "private"
PIECE_M = 25.0
SAME_PLACE_M = 0.05
ON_IT_M = 0.01
LEAST_WEIGHT = 1e-3


@dataclass(frozen=True)
class Streets:
    """A walking network in the estate's metric system.

    Attributes
    ----------
    lines
        The streets as given: ``name``, ``highway``, ``access`` (``"public"``, or ``"private"``
        where only who holds a key may walk), ``opening_hours`` (as in
        :mod:`planner.estate.opening_hours`, ``""`` where it is always open), ``controller``
        (whose keys open it, ``""`` where not known), ``geometry``.
    points
        Node coordinates in metres, shape (n, 2).
    edges
        Node pairs, shape (m, 2); every edge can be walked both ways.
    names
        Street name of each edge, shape (m,); ``""`` where it has none.
    line
        Row of each edge's line, shape (m,).
    walkable
        Which edges can be walked, shape (m,): the public ones, or those of a shift.
    closed
        Which edges no patrol may use whatever keys it holds, shape (m,).
    """

    lines: gpd.GeoDataFrame
    points: np.ndarray
    edges: np.ndarray
    names: np.ndarray
    line: np.ndarray
    walkable: np.ndarray
    closed: np.ndarray

    @cached_property
    def lengths(self) -> np.ndarray:
        """Edge lengths in metres, shape (m,)."""
        ends = self.points[self.edges]
        metres: np.ndarray = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
        return metres

    @cached_property
    def graph(self) -> csr_array:
        """Sparse matrix of the lengths of walkable edges, shape (n, n), each in it once."""
        return self.weighted(self.walkable, self.lengths)

    def weighted(self, usable: np.ndarray, weights: np.ndarray) -> csr_array:
        """Return the graph of some edges, each in it once; of edges side by side the lightest.

        Parameters
        ----------
        usable
            Which edges are in it, shape (m,).
        weights
            What each edge costs, in metres or seconds, shape (m,).

        Returns
        -------
        scipy.sparse.csr_array
            Above the diagonal, shape (n, n); no weight in it is less than 0.001.
        """
        count = len(self.points)
        ends = pd.DataFrame(np.sort(self.edges[usable], axis=1), columns=["a", "b"])
        ends["weight"] = np.maximum(weights[usable], LEAST_WEIGHT)
        least = ends[ends["a"] != ends["b"]].groupby(["a", "b"], as_index=False)["weight"].min()
        return csr_array((least["weight"], (least["a"], least["b"])), shape=(count, count))

    @cached_property
    def public(self) -> np.ndarray:
        """Which edges are public ways, shape (m,)."""
        public: np.ndarray = (self.lines["access"] == PUBLIC).to_numpy()[self.line]
        return public

    @cached_property
    def standing(self) -> np.ndarray:
        """Which nodes a patrol may stand on and walk between, shape (n,).

        They are on public ways, and in the longest connected part of what can be walked.
        """
        stand = np.zeros(len(self.points), dtype=bool)
        stand[self.edges[self._longest_part(self.walkable) & self.public]] = True
        return stand

    def allows(self, not_on: Collection[str]) -> np.ndarray:
        """Return which edges lie on none of some kinds of street (``highway``), shape (m,)."""
        allowed: np.ndarray = ~self.lines["highway"].isin(list(not_on)).to_numpy()[self.line]
        return allowed

    def drivable(self, not_on: Collection[str]) -> np.ndarray:
        """Return the edges that a vehicle can use, shape (m,).

        They are the longest connected part of the allowed streets among those where a patrol may
        stand, so that a vehicle can drive from each of them to each other.

        Parameters
        ----------
        not_on
            Values of ``highway`` on which it can't drive.
        """
        return self._longest_part(self._longest_part(self.walkable) & self.allows(not_on))

    def _longest_part(self, usable: np.ndarray) -> np.ndarray:
        """Return which edges are in the longest connected part of the usable ones, shape (m,)."""
        count, ends = len(self.points), self.edges[usable].T
        joined = coo_array((np.ones(len(ends[0])), tuple(ends)), shape=(count, count))
        _, part = connected_components(joined, directed=False)
        edge_part = part[self.edges[:, 0]]
        lengths = np.bincount(edge_part, self.lengths * usable, minlength=1)
        longest: np.ndarray = usable & (edge_part == lengths.argmax())
        return longest

    def during(self, shift: Shift, keys: Collection[str] = ()) -> "Streets":
        """Return the network as it can be walked in a shift; its nodes keep their rows.

        A way that is locked at any time of the shift counts as locked in all of it, unless the
        service holds its controller's keys; and so does a private way. Routes may so be longer
        than they need be, and never lead to a locked gate.

        Parameters
        ----------
        shift
            The shift.
        keys
            Controllers whose keys the service holds, in any case.
        """
        held = {name.strip().casefold() for name in keys} - {""}
        with_key = self.lines["controller"].str.strip().str.casefold().isin(held)
        hours = self.lines["opening_hours"]
        is_open = hours.isin([text for text in hours.unique() if open_throughout(text, shift)])
        free = with_key | (is_open & (self.lines["access"] == PUBLIC))
        return replace(self, walkable=free.to_numpy()[self.line] & ~self.closed)

    def without(self, shapes: Sequence[shapely.Geometry] | np.ndarray) -> "Streets":
        """Return the network without ground that no patrol may cross; its nodes keep their rows.

        Every edge is closed that runs through the inside of a polygon, however short a way; one
        that only runs along its outline, or ends there, stays open. An edge is a piece of street
        of at most 25 m, so up to so much before a polygon may be closed too.

        Parameters
        ----------
        shapes
            Polygons in metres, in the network's system.
        """
        polygons = np.asarray(shapes, dtype=object)
        pieces = shapely.linestrings(self.points[self.edges])
        polygon, piece = shapely.STRtree(pieces).query(polygons, predicate="intersects")
        inside = piece[~shapely.touches(pieces[piece], polygons[polygon])]
        closed = self.closed.copy()
        closed[inside] = True
        return replace(self, walkable=self.walkable & ~closed, closed=closed)

    @cached_property
    def unread_hours(self) -> tuple[str, ...]:
        """The opening hours that can't be read in full; such ways count as locked at night."""
        texts = sorted(self.lines["opening_hours"].unique())
        return tuple(text for text in texts if unread_rules(text))

    def walks_between(self, nodes: np.ndarray, limit: float = np.inf) -> Ways:
        """Find the shortest walks between all pairs of nodes.

        Parameters
        ----------
        nodes
            Node rows, shape (k,); a node may stand in it more than once.
        limit
            Walks longer than this are not looked for, in metres.
        """
        return shortest_ways(self.graph, nodes, limit)

    def rides_between(self, nodes: np.ndarray, seconds: np.ndarray) -> Ways:
        """Find the quickest ways between all pairs of nodes along what can be walked.

        Parameters
        ----------
        nodes
            Node rows, shape (k,); a node may stand in it more than once.
        seconds
            How long each edge takes, shape (m,).
        """
        return quickest_ways(self.weighted(self.walkable, seconds), nodes, self.points)

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
        LineStrings in metres with ``name`` and ``highway``, and, where some are private or close,
        ``access``, ``opening_hours`` and ``controller``.
    """
    lines = _complete(lines)
    corners, line = shapely.get_coordinates(lines.geometry.to_numpy(), return_index=True)
    places, node = np.unique(
        np.round(corners / SAME_PLACE_M).astype(np.int64), axis=0, return_inverse=True
    )
    points = np.zeros((len(places), 2))
    points[node] = corners
    starts = np.flatnonzero((line[1:] == line[:-1]) & (node[1:] != node[:-1]))
    edges, between, part = _cut(points, np.column_stack([node[starts], node[starts + 1]]))
    line = line[starts[part]]
    public = (lines["access"] == PUBLIC).to_numpy()[line]
    names = lines["name"].to_numpy(dtype=object)[line]
    nothing = np.zeros(len(edges), dtype=bool)
    return Streets(lines, np.vstack([points, between]), edges, names, line, public, nothing)


def _cut(points: np.ndarray, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut straight parts of streets into short edges.

    The nodes where they are cut are no other street's, even where one crosses there: a bridge
    does not meet the street below.

    Returns
    -------
    edges, between, part
        Node pairs of the edges, the points of the new nodes (whose rows follow those of
        ``points``), and the row of each edge's part.
    """
    starts, ends = points[parts[:, 0]], points[parts[:, 1]]
    count = np.ceil(np.hypot(*(ends - starts).T) / PIECE_M - 1e-9).clip(1).astype(int)
    part = np.repeat(np.arange(len(parts)), count)
    step = np.arange(len(part)) - (np.cumsum(count) - count)[part]
    first, last = step == 0, step == count[part] - 1
    # All but the first edge of a part begin at a new node, at which the edge before ends.
    new = len(points) + np.cumsum(~first) - 1
    edges = np.column_stack(
        [np.where(first, parts[part, 0], new), np.where(last, parts[part, 1], new + 1)]
    )
    share = (step / count[part])[~first, None]
    between = starts[part[~first]] * (1 - share) + ends[part[~first]] * share
    return edges, between, part


def _complete(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop what has no length, and say of every line who may walk it and when."""
    whole = lines[lines.geometry.length > 0].reset_index(drop=True)
    whole["access"] = text_column(whole, "access").replace("", PUBLIC)
    for column in ("opening_hours", "controller"):
        whole[column] = text_column(whole, column)
    return whole


def with_controllers(lines: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give private ways and gates that name no controller that of the site they lie on.

    A site that states none is taken to hold its own keys, under its own name.

    Parameters
    ----------
    lines
        As :func:`network` takes them.
    sites
        Columns ``name``, ``controller``, ``geometry`` (polygons), in the same system.
    """
    whole = _complete(lines)
    unnamed = whole["controller"] == ""
    unnamed &= (whole["access"] != PUBLIC) | (whole["opening_hours"] != "")
    middles = shapely.line_interpolate_point(
        whole.geometry[unnamed].to_numpy(), 0.5, normalized=True
    )
    site, _ = nearest(shapely.get_coordinates(middles), sites.geometry.to_numpy(), ON_IT_M)
    stated = text_column(sites, "controller").replace("not stated", "")
    names = stated.mask(stated == "", text_column(sites, "name")).to_numpy(dtype=object)
    whole.loc[unnamed, "controller"] = np.where(site >= 0, names[site], "")
    return whole


def largest_part(lines: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int, float]:
    """Keep the connected part that holds the most public streets, by length.

    Returns
    -------
    kept
        The lines of that part, private ones too.
    islands, island_m
        How many other parts there were, and their length in metres together.
    """
    lines = _complete(lines)
    whole = network(lines)
    if not len(whole.edges):
        return lines, 0, 0.0
    every = np.ones(len(whole.edges), dtype=bool)
    _, part_of_node = connected_components(replace(whole, walkable=every).graph, directed=False)
    part = part_of_node[whole.edges[:, 0]]
    lengths = np.bincount(part, whole.lengths)
    largest = np.lexsort((lengths, np.bincount(part, whole.lengths * whole.public, len(lengths))))[
        -1
    ]
    kept = np.zeros(len(lines), dtype=bool)
    kept[whole.line[part == largest]] = True
    islands = int((lengths > 0).sum()) - 1
    return lines[kept].reset_index(drop=True), islands, float(lengths.sum() - lengths[largest])
