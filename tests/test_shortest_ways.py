from itertools import pairwise

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner.estate.shortest_ways import BLOCK, Ways, quickest_ways, shortest_ways

NODES = 9
PAIRS = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(lambda p: p[0] < p[1]),
    max_size=16,
    unique=True,
)
PLACES = st.lists(st.integers(0, NODES - 1), min_size=1, max_size=7)


def matrix(pairs: list[tuple[int, int]], weights: np.ndarray, count: int = NODES) -> csr_array:
    """Edges as the ways take them: each once."""
    ends = np.array(pairs, dtype=int).reshape(-1, 2).T
    return csr_array((weights, tuple(ends)), shape=(count, count))


def by_networkx(
    pairs: list[tuple[int, int]], weights: np.ndarray, places: np.ndarray
) -> np.ndarray:
    """The costs between places as networkx finds them."""
    graph = networkx.Graph()
    graph.add_nodes_from(places.tolist())
    graph.add_weighted_edges_from(
        (a, b, weight) for (a, b), weight in zip(pairs, weights, strict=True)
    )
    costs = [networkx.single_source_dijkstra_path_length(graph, int(place)) for place in places]
    return np.array([[found.get(int(place), np.inf) for place in places] for found in costs])


def along(ways: Ways, start: int, end: int, points: np.ndarray) -> float:
    """How long the way through its nodes is."""
    way = points[ways.nodes(start, end)]
    return float(np.hypot(*(way[1:] - way[:-1]).T).sum())


@given(pairs=PAIRS, places=PLACES, seed=st.integers(0, 99))
def test_quickest_ways_equal_those_of_networkx_and_are_as_long_as_their_nodes(
    pairs: list[tuple[int, int]], places: list[int], seed: int
) -> None:
    chance = np.random.default_rng(seed)
    points, seconds = chance.uniform(0, 100, (NODES, 2)), chance.uniform(1, 50, len(pairs))
    nodes = np.array(places)
    ways = quickest_ways(matrix(pairs, seconds), nodes, points)
    assert ways.costs == pytest.approx(by_networkx(pairs, seconds, nodes))
    assert (np.isinf(ways.metres) == np.isinf(ways.costs)).all()
    took = dict(zip(pairs, seconds, strict=True))
    for start in range(len(nodes)):
        for end in range(len(nodes)):
            way = ways.nodes(start, end).tolist()
            if np.isinf(ways.costs[start, end]):
                assert way == []
                continue
            assert (way[0], way[-1]) == (nodes[start], nodes[end])
            steps = sum(took[min(step), max(step)] for step in pairwise(way))
            assert steps == pytest.approx(ways.costs[start, end])
            assert along(ways, start, end, points) == pytest.approx(ways.metres[start, end])


def lattice(side: int) -> list[tuple[int, int]]:
    """Nodes in rows, each joined to the next of its row and of its column."""
    across = [(side * y + x, side * y + x + 1) for y in range(side) for x in range(side - 1)]
    return across + [(node, node + side) for node in range(side * (side - 1))]


def test_shortest_ways_between_more_places_than_a_block_holds_equal_those_of_networkx() -> None:
    side = int(np.ceil(np.sqrt(2 * BLOCK + 5)))
    chance, pairs = np.random.default_rng(3), lattice(side)
    weights = chance.uniform(1, 9, len(pairs))
    nodes = np.concatenate([chance.permutation(side * side), [5, 5, 0]])
    ways = shortest_ways(matrix(pairs, weights, side * side), nodes)
    assert ways.metres == pytest.approx(by_networkx(pairs, weights, nodes), abs=1e-9)
    took = dict(zip(pairs, weights, strict=True))
    for start, end in chance.integers(0, len(nodes), (200, 2)):
        way = ways.nodes(int(start), int(end)).tolist()
        assert (way[0], way[-1]) == (nodes[start], nodes[end])
        steps = sum(took[min(step), max(step)] for step in pairwise(way))
        assert steps == pytest.approx(ways.metres[start, end])


def test_a_long_way_is_measured_to_its_end() -> None:
    count = 1_000
    points = np.column_stack([np.arange(count) * 3.0, np.zeros(count)])
    chain = matrix(list(pairwise(range(count))), np.full(count - 1, 7.0), count)
    ways = quickest_ways(chain, np.array([count - 1, 0, 400]), points)
    assert ways.metres[0].tolist() == [0, 3 * (count - 1), 3 * (count - 1 - 400)]
    assert ways.costs[1].tolist() == [7 * (count - 1), 0, 7 * 400]


def test_ways_beyond_the_limit_are_not_looked_for() -> None:
    chain = matrix([(0, 1), (1, 2)], np.array([10.0, 10.0]))
    ways = shortest_ways(chain, np.array([0, 1, 2]), limit=15.0)
    assert ways.metres[0].tolist() == [0, 10, np.inf]
    assert ways.nodes(0, 1).tolist() == [0, 1]
    assert ways.nodes(0, 2).tolist() == []
