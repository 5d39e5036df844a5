"""Density along the streets: incidents per metre of street, not across walls and rivers.

The kernel is the equal-split one of Okabe, Satoh and Sugihara (2009, "A kernel density estimation
method for networks, its computational method and a GIS-based tool"): from an incident's place on
the network it falls with the walking distance, as 1 - (d / bandwidth)^2, and at each junction it is
split evenly between the ways ahead, so that junctions gain nothing by being junctions. It follows
the shortest ways only, and what would be lost at dead ends and where ways meet again is given back
by scaling each incident's kernel to one: the densities sum to the incidents.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from planner.estate.streets import Streets

BANDWIDTH_M = 100.0
SNAP_M = 60.0
CHUNK = 400
TOP_SHARE = 0.05
STRETCHES_SHOWN = 10
FEWEST_INCIDENTS = 2.0


@dataclass(frozen=True)
class Stretch:
    """A stretch of one street on which incidents are dense.

    Attributes
    ----------
    street
        Its name, ``""`` where it has none.
    length_m
        Metres.
    incidents
        Incidents that the kernel lays on it.
    middle
        Metres, shape (2,): the middle of its densest piece.
    """

    street: str
    length_m: float
    incidents: float
    middle: np.ndarray

    @property
    def per_100_m(self) -> float:
        """Incidents for each 100 metres of street."""
        return 100 * self.incidents / self.length_m


@dataclass(frozen=True)
class StreetDensity:
    """Incidents per metre along every piece of street.

    Attributes
    ----------
    per_metre
        Density on each edge of the network, shape (m,).
    bandwidth_m
        The distance at which an incident's kernel ends.
    snapped, off_streets
        Incidents on the network, and those further than 60 m from it.
    stretches
        The densest, named streets joined, at most ten.
    """

    per_metre: np.ndarray
    bandwidth_m: float
    snapped: int
    off_streets: int
    stretches: tuple[Stretch, ...]


def street_density(
    points: np.ndarray, streets: Streets, bandwidth_m: float = BANDWIDTH_M
) -> StreetDensity:
    """Estimate the density of incidents along the streets.

    Parameters
    ----------
    points
        Where incidents happened, metres, shape (n, 2), finite. Each is put on the nearest node of
        a public street; nodes are at most 25 m apart.
    streets
        The walking network.
    bandwidth_m
        Above 0: how far an incident reaches along the streets.
    """
    density = np.zeros(len(streets.edges))
    public = np.flatnonzero(streets.walkable & streets.lengths.astype(bool))
    nodes = np.unique(streets.edges[public])
    if not len(points) or not len(nodes):
        return StreetDensity(density, bandwidth_m, 0, len(points), ())
    metres, found = cKDTree(streets.points[nodes]).query(points, distance_upper_bound=SNAP_M)
    near = np.isfinite(metres)
    sources, number = np.unique(nodes[found[near]], return_counts=True)
    ways = _ways(streets, public)
    mass = np.zeros(len(streets.edges))
    for first in range(0, len(sources), CHUNK):
        part = slice(first, first + CHUNK)
        mass += _spread(streets, ways, sources[part], number[part], bandwidth_m)
    density[public] = mass[public] / streets.lengths[public]
    return StreetDensity(
        density, bandwidth_m, int(near.sum()), int((~near).sum()), _stretches(streets, density)
    )


@dataclass(frozen=True)
class _Ways:
    """The edges that begin at each node.

    ``first`` and ``degree`` have shape (n,): an edge list's place and length; ``edge`` and ``end``
    are the lists, the row of an edge and the node at its other end.
    """

    first: np.ndarray
    degree: np.ndarray
    edge: np.ndarray
    end: np.ndarray


def _ways(streets: Streets, usable: np.ndarray) -> _Ways:
    ends = streets.edges[usable]
    start = np.concatenate([ends[:, 0], ends[:, 1]])
    end = np.concatenate([ends[:, 1], ends[:, 0]])
    order = np.argsort(start, kind="stable")
    degree = np.bincount(start, minlength=len(streets.points))
    return _Ways(np.cumsum(degree) - degree, degree, np.tile(usable, 2)[order], end[order])


def _spread(
    streets: Streets, ways: _Ways, sources: np.ndarray, number: np.ndarray, bandwidth_m: float
) -> np.ndarray:
    """Lay the kernels of some nodes on the edges; return the mass on each, shape (m,)."""
    metres, before = dijkstra(
        streets.graph, directed=False, indices=sources, limit=bandwidth_m, return_predecessors=True
    )
    split = _split(metres, before, ways.degree, sources)
    row, node = np.nonzero(np.isfinite(metres))
    degree = ways.degree[node]
    place = np.repeat(np.arange(len(row)), degree)
    step = np.arange(len(place)) - np.repeat(np.cumsum(degree) - degree, degree)
    way = ways.first[node][place] + step
    row, node, edge, end = row[place], node[place], ways.edge[way], ways.end[way]
    # Each edge is entered from its nearer end; from both where they are equally far.
    enters = (metres[row, node] <= metres[row, end]) & (before[row, node] != end)
    row, node, edge, end = row[enters], node[enters], edge[enters], end[enters]
    half = np.where(metres[row, node] == metres[row, end], 4.0, 2.0)
    length = streets.lengths[edge]
    away = (metres[row, node] + length / half) / bandwidth_m
    weight = np.maximum(1 - away**2, 0.0) * split[row, node] * length * 2 / half
    total = np.bincount(row, weight, minlength=len(sources))
    lone = np.flatnonzero(total <= 0)
    if len(lone):
        # Pieces longer than twice the bandwidth: the nearest piece takes it all.
        weight = np.append(weight, np.ones(len(lone)))
        edge = np.append(edge, ways.edge[ways.first[sources[lone]]])
        row = np.append(row, lone)
        total[lone] = 1.0
    mass: np.ndarray = np.bincount(
        edge, weight * (number / total)[row], minlength=len(streets.edges)
    )
    return mass


def _split(
    metres: np.ndarray, before: np.ndarray, degree: np.ndarray, sources: np.ndarray
) -> np.ndarray:
    """Return what each node passes on to each way ahead, shape (sources, nodes).

    That is the product of 1 / (degree - 1) over the nodes on the way; it is found by doubling:
    each step joins a node's way to that of the node where it begins.
    """
    row, node = np.nonzero(np.isfinite(metres))
    own = np.zeros(metres.shape, dtype=int)
    own[row, node] = np.arange(len(row))
    is_source = node == sources[row]
    factor = np.where(is_source, 1.0, 1.0 / np.maximum(degree[node] - 1, 1))
    pointer = own[row, np.where(is_source, node, before[row, node])]
    # A source points to itself, with a factor of one.
    while (pointer[pointer] != pointer).any():
        factor, pointer = factor * factor[pointer], pointer[pointer]
    passed = np.zeros(metres.shape)
    passed[row, node] = factor
    return passed


def _stretches(streets: Streets, density: np.ndarray) -> tuple[Stretch, ...]:
    """Join the densest twentieth of the streets' length into stretches of one name."""
    usable = np.flatnonzero(density > 0)
    order = usable[np.argsort(-density[usable], kind="stable")]
    length = np.cumsum(streets.lengths[order])
    kept = order[length <= max(TOP_SHARE * streets.lengths.sum(), length[0] if len(length) else 0)]
    if not len(kept):
        return ()
    edges = pd.DataFrame(
        {
            "edge": kept,
            "street": streets.names[kept].astype(str),
            "length_m": streets.lengths[kept],
            "incidents": density[kept] * streets.lengths[kept],
            "group": _joined(streets.edges[kept], streets.names[kept].astype(str)),
        }
    )
    found = edges.groupby("group").agg(
        street=("street", "first"), edge=("edge", "first"), length_m=("length_m", "sum"),
        incidents=("incidents", "sum"),
    )  # fmt: skip
    found = found[found["incidents"] >= FEWEST_INCIDENTS]
    found = found.sort_values(["incidents", "edge"], ascending=[False, True]).head(STRETCHES_SHOWN)
    middles = streets.points[streets.edges[found["edge"].to_numpy(int)]].mean(axis=1)
    return tuple(
        Stretch(str(row.street), float(row.length_m), float(row.incidents), middle)
        for row, middle in zip(found.itertuples(), middles, strict=True)
    )


def _joined(edges: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Give a number to the groups of edges that meet and have one name."""
    _, name = np.unique(names, return_inverse=True)
    # A node stands once for each name that meets there.
    key = np.concatenate([edges[:, 0], edges[:, 1]]) * (name.max() + 1) + np.tile(name, 2)
    _, place = np.unique(key, return_inverse=True)
    count = int(place.max()) + 1
    one, other = np.split(place, 2)
    links = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
    group: np.ndarray = connected_components(links, directed=False)[1][one]
    return group
