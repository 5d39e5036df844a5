from itertools import pairwise
from types import ModuleType

import geopandas as gpd
import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.estate.streets import PIECE_M, Streets, largest_part, network

PLACE = st.tuples(st.integers(0, 8), st.integers(0, 8))
LINES = st.lists(st.lists(PLACE, min_size=2, max_size=4, unique=True), min_size=1, max_size=8)


def lines_of(places: list[list[tuple[int, int]]]) -> gpd.GeoDataFrame:
    """Lines through places on a grid of 40 m; they meet only where they share a place."""
    shapes = [shapely.LineString([(40.0 * x, 40.0 * y) for x, y in line]) for line in places]
    names = [f"Street {row}" for row in range(len(places))]
    table = {"name": names, "highway": "residential"}
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:32630")


def graph_of(lines: gpd.GeoDataFrame) -> networkx.Graph:
    """The same streets as a networkx graph, cut into pieces by shapely alone."""
    graph = networkx.Graph()
    for line in shapely.segmentize(lines.geometry.to_numpy(), PIECE_M):
        corners = [tuple(np.round(place, 3)) for place in line.coords]
        for a, b in pairwise(corners):
            graph.add_edge(a, b, metres=float(np.hypot(a[0] - b[0], a[1] - b[1])))
    return graph


@given(places=LINES)
def test_shortest_walks_equal_those_of_networkx(places: list[list[tuple[int, int]]]) -> None:
    lines = lines_of(places)
    walking, graph = network(lines), graph_of(lines)
    nodes = np.unique(np.linspace(0, len(walking.points) - 1, 6).astype(int))
    walks = walking.walks_between(nodes)
    for row, start in enumerate(nodes):
        lengths = networkx.single_source_dijkstra_path_length(
            graph, tuple(np.round(walking.points[start], 3)), weight="metres"
        )
        expected = [lengths.get(tuple(np.round(walking.points[n], 3)), np.inf) for n in nodes]
        assert walks.metres[row] == pytest.approx(np.array(expected), abs=0.05)


@given(places=LINES)
def test_the_nodes_of_a_walk_are_as_long_as_the_walk(places: list[list[tuple[int, int]]]) -> None:
    walking = network(lines_of(places))
    nodes = np.array([0, len(walking.points) - 1, 0])
    walks = walking.walks_between(nodes)
    joined = {frozenset(edge) for edge in walking.edges.tolist()}
    for start in range(3):
        for end in range(3):
            way = walks.nodes(start, end)
            if np.isinf(walks.metres[start, end]):
                assert len(way) == 0
                continue
            assert (way[0], way[-1]) == (nodes[start], nodes[end])
            steps = list(zip(way.tolist(), way[1:].tolist(), strict=False))
            assert all(frozenset(step) in joined for step in steps)
            length = np.hypot(*(walking.points[way][1:] - walking.points[way][:-1]).T).sum()
            assert length == pytest.approx(walks.metres[start, end], abs=0.01)


@given(places=LINES)
def test_the_largest_part_is_the_longest_connected_one(
    places: list[list[tuple[int, int]]],
) -> None:
    lines = lines_of(places)
    graph = graph_of(lines)
    # Of lines that lie on one another each counts.
    lengths = sorted(
        sum(line.length for line in lines.geometry if tuple(np.round(line.coords[0], 3)) in part)
        for part in networkx.connected_components(graph)
    )
    kept, islands, island_m = largest_part(lines)
    assert islands == len(lengths) - 1
    assert networkx.is_connected(graph_of(kept))
    assert kept.geometry.length.sum() == pytest.approx(lengths[-1], abs=0.1)
    assert island_m == pytest.approx(sum(lengths[:-1]), abs=0.1)


def test_streets_are_cut_into_short_pieces(build: ModuleType) -> None:
    walking: Streets = build.streets()
    assert walking.lengths.max() <= PIECE_M + 1e-6
    assert walking.lengths.sum() == pytest.approx(6 * 400 + 3 * 100, abs=1e-3)
    assert len(walking.edges) == len(walking.names)


def test_the_way_round_the_block_is_measured(build: ModuleType) -> None:
    walking: Streets = build.streets()
    corners = np.array([build.metres(-50, -50), build.metres(350, 450)])
    nodes = np.array([np.hypot(*(walking.points - corner).T).argmin() for corner in corners])
    assert walking.walks_between(nodes).metres[0, 1] == pytest.approx(900, abs=1e-3)


def test_lines_that_cross_without_a_shared_vertex_do_not_meet() -> None:
    walking = network(lines_of([[(0, 1), (3, 1)], [(1, 0), (1, 2)]]))
    ends = [int(np.hypot(*(walking.points - place).T).argmin()) for place in ([0, 40], [40, 0])]
    assert np.isinf(walking.walks_between(np.array(ends)).metres[0, 1])


def test_the_nearest_named_street_is_found_within_reach(build: ModuleType) -> None:
    walking: Streets = build.streets()
    points = np.array([build.metres(50, -40), build.metres(-44, 100), build.metres(60, 90)])
    assert walking.nearest_name(points, 20.0).tolist() == ["South Lane", "West Street", ""]


def test_streets_without_names_name_nothing() -> None:
    lines = lines_of([[(0, 0), (1, 0)]]).assign(name="")
    assert network(lines).nearest_name(np.array([[1.0, 1.0]]), 50.0).tolist() == [""]


def test_a_line_without_length_joins_nothing() -> None:
    lines = lines_of([[(0, 0), (1, 0)]])
    lines.loc[1] = ["Dot", "residential", shapely.LineString([(200, 0), (200, 0)])]
    walking = network(lines)
    assert walking.lengths.sum() == pytest.approx(40)
    kept, islands, _ = largest_part(lines)
    assert kept["name"].tolist() == ["Street 0"]
    assert islands == 0
