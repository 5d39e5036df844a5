"""Shortest and quickest ways between many places of a network, and the nodes along each.

Ways are Dijkstra's (1959, "A note on two problems in connexion with graphs") as SciPy implements
them: a tree of ways from each distinct place to all n nodes. Of a tree's costs only those to the
other places are kept, so trees are grown a block at a time: between k places there stay k x k
costs and 4 k n bytes of trees, and the 8 k n bytes of all costs are never in memory at once.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

BLOCK = 128


@dataclass(frozen=True)
class Ways:
    """The best ways between k places on a network of n nodes.

    Attributes
    ----------
    metres
        Lengths of the ways, shape (k, k); infinite where there is none.
    costs
        What the ways are best in, shape (k, k): ``metres`` itself, or seconds.
    places
        Node of each place, shape (k,).
    tree
        Which tree each place's ways are in, shape (k,).
    blocks
        Node before each node on the way from the place of a tree, negative where there is none:
        ``BLOCK`` trees each, the last the rest, shape (``BLOCK``, n).
    """

    metres: np.ndarray
    costs: np.ndarray
    places: np.ndarray
    tree: np.ndarray
    blocks: tuple[np.ndarray, ...]

    def nodes(self, start: int, end: int) -> np.ndarray:
        """Return the nodes of the way from one place to another, both ends included.

        They are none where there is no way.
        """
        block, row = divmod(int(self.tree[start]), BLOCK)
        way = to_the_root(self.blocks[block][row], int(self.places[end]))
        return way[::-1] if way[-1] == self.places[start] else np.array([], dtype=int)


def shortest_ways(lengths: csr_array, nodes: np.ndarray, limit: float = np.inf) -> Ways:
    """Find the shortest ways between all pairs of places.

    Parameters
    ----------
    lengths
        Metres of each edge, sparse, shape (n, n); every edge can be used both ways.
    nodes
        Node of each place, shape (k,); a node may stand in it more than once.
    limit
        Ways longer than this are not looked for, in metres.
    """
    return _ways(lengths, nodes, None, limit)


def quickest_ways(seconds: csr_array, nodes: np.ndarray, points: np.ndarray) -> Ways:
    """Find the quickest ways between all pairs of places, and how long they are.

    Parameters
    ----------
    seconds
        Seconds that each edge takes, sparse, shape (n, n); every edge can be used both ways.
    nodes
        Node of each place, shape (k,); a node may stand in it more than once.
    points
        Node coordinates in metres, shape (n, 2), between which edges are straight.
    """
    return _ways(seconds, nodes, points, np.inf)


def to_the_root(before: np.ndarray, node: int) -> np.ndarray:
    """Return the nodes from one node of a tree to the tree's root, both included.

    Parameters
    ----------
    before
        Node before each node, shape (n,), negative at the root and where no way leads.
    node
        Where to begin.
    """
    way = [node]
    while (node := int(before[node])) >= 0:
        way.append(node)
    return np.array(way)


def _ways(graph: csr_array, nodes: np.ndarray, points: np.ndarray | None, limit: float) -> Ways:
    distinct, tree = np.unique(nodes, return_inverse=True)
    costs = np.empty((len(nodes), len(nodes)))
    metres = costs if points is None else np.empty_like(costs)
    blocks = []
    for first in range(0, len(distinct), BLOCK):
        cost, before = dijkstra(
            graph,
            directed=False,
            indices=distinct[first : first + BLOCK],
            return_predecessors=True,
            limit=limit,
        )
        # Columns first, then rows: taking both at once is several times slower.
        mine = np.flatnonzero((tree >= first) & (tree < first + BLOCK))
        rows = tree[mine] - first
        costs[mine] = cost.take(nodes, axis=1)[rows]
        if points is not None:
            lengths = np.stack([_lengths(row, points)[nodes] for row in before])[rows]
            metres[mine] = np.where(np.isfinite(costs[mine]), lengths, np.inf)
        blocks.append(before)
    return Ways(metres, costs, nodes, tree, tuple(blocks))


def _lengths(before: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Measure the way from each node of a tree to its root, metres, shape (n,).

    Each round doubles how much of the way is measured and leaps over it (pointer jumping: Wyllie
    1979, "The complexity of parallel computations"), so a way of h edges takes log2(h) rounds.
    """
    leap = np.where(before < 0, np.arange(len(before)), before)
    metres: np.ndarray = np.hypot(*(points[leap] - points).T)
    while not np.array_equal(further := leap[leap], leap):
        metres += metres[leap]
        leap = further
    return metres
