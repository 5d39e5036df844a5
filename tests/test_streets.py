from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from types import ModuleType

import geopandas as gpd
import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import Shift, shift_on
from planner.estate.streets import PIECE_M, Streets, largest_part, network, with_controllers
from planner.settings import USUAL_SHIFTS

PLACE = st.tuples(st.integers(0, 8), st.integers(0, 8))
LINES = st.lists(st.lists(PLACE, min_size=2, max_size=4, unique=True), min_size=1, max_size=8)


def lines_of(places: list[list[tuple[int, int]]]) -> gpd.GeoDataFrame:
    """Lines through places on a grid of 40 m; they meet only where they share a place."""
    shapes = [shapely.LineString([(40.0 * x, 40.0 * y) for x, y in line]) for line in places]
    names = [f"Street {row}" for row in range(len(places))]
    table = {"name": names, "highway": "residential"}
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:32630")


def gated_lines(**gate: str) -> gpd.GeoDataFrame:
    """Round a square of 200 m, and straight through it by a way that can be closed."""
    round_it = [(0, 0), (200, 0), (200, 200)]
    lines = [shapely.LineString(round_it), shapely.LineString([(0, 0), (200, 200)])]
    table = {"name": ["Round", "Through"], "highway": "footway"}
    closed = {column: ["", text] for column, text in gate.items()}
    return gpd.GeoDataFrame(table | closed, geometry=lines, crs="EPSG:32630")


def metres_through(lines: gpd.GeoDataFrame, shift: Shift, keys: Sequence[str] = ()) -> float:
    """How long the walk from corner to corner is in a shift."""
    walking = network(lines).during(shift, keys)
    nodes = np.array([node_at(walking, 0, 0), node_at(walking, 200, 200)])
    return float(walking.walks_between(nodes).metres[0, 1])


DAY_SHIFT = shift_on(date(2026, 1, 14), "early", USUAL_SHIFTS["early"], "Europe/London")
NIGHT_SHIFT = shift_on(date(2026, 1, 14), "night", USUAL_SHIFTS["night"], "Europe/London")
THROUGH_M, ROUND_M = pytest.approx(200 * 2**0.5), pytest.approx(400)


def graph_of(lines: gpd.GeoDataFrame) -> networkx.Graph:
    """The same streets as a networkx graph of their corners."""
    graph = networkx.Graph()
    for line in lines.geometry:
        corners = [tuple(np.round(place, 3)) for place in line.coords]
        for a, b in pairwise(corners):
            graph.add_edge(a, b, metres=float(np.hypot(a[0] - b[0], a[1] - b[1])))
    return graph


def node_at(walking: Streets, x: float, y: float) -> int:
    """The node nearest to a place."""
    return int(np.hypot(*(walking.points - [x, y]).T).argmin())


@given(places=LINES)
def test_shortest_walks_equal_those_of_networkx(places: list[list[tuple[int, int]]]) -> None:
    lines = lines_of(places)
    walking, graph = network(lines), graph_of(lines)
    corners = sorted({place for line in places for place in line})[:6]
    nodes = np.array([node_at(walking, 40 * x, 40 * y) for x, y in corners])
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


def test_a_locked_gate_lengthens_the_walk() -> None:
    lines = gated_lines(opening_hours="Mo-Su 06:00-18:00")
    assert metres_through(lines, DAY_SHIFT) == THROUGH_M
    assert metres_through(lines, NIGHT_SHIFT) == ROUND_M


def test_a_gate_that_is_locked_for_a_minute_of_the_shift_is_locked() -> None:
    lines = gated_lines(opening_hours="Mo-Su 06:00-13:59")
    assert metres_through(lines, DAY_SHIFT) == ROUND_M


def test_who_holds_its_keys_walks_through_a_locked_gate() -> None:
    lines = gated_lines(opening_hours="06:00-18:00", controller="Test College")
    assert metres_through(lines, NIGHT_SHIFT) == ROUND_M
    assert metres_through(lines, NIGHT_SHIFT, ["test college "]) == THROUGH_M
    assert metres_through(lines, NIGHT_SHIFT, ["Other College"]) == ROUND_M


def test_private_ways_are_walked_only_with_keys() -> None:
    lines = gated_lines(access="private", controller="Test College")
    assert metres_through(lines, DAY_SHIFT) == ROUND_M
    assert metres_through(lines, DAY_SHIFT, ["Test College"]) == THROUGH_M
    nobody = gated_lines(access="private")
    assert metres_through(nobody, DAY_SHIFT, ["", "Test College"]) == ROUND_M


def test_hours_that_cannot_be_read_are_locked_at_night_and_listed() -> None:
    lines = gated_lines(opening_hours="ask the porter")
    assert network(lines).unread_hours == ("ask the porter",)
    assert metres_through(lines, DAY_SHIFT) == THROUGH_M
    assert metres_through(lines, NIGHT_SHIFT) == ROUND_M


@given(
    places=LINES,
    private=st.lists(st.booleans(), min_size=8, max_size=8),
    gated=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_a_shift_walks_what_is_left_when_locked_lines_are_taken_away(
    places: list[list[tuple[int, int]]], private: list[bool], gated: list[bool]
) -> None:
    lines = lines_of(places)
    lines["access"] = np.where(private[: len(lines)], "private", "public")
    lines["opening_hours"] = np.where(gated[: len(lines)], "06:00-20:00", "")
    walking = network(lines)
    night = walking.during(NIGHT_SHIFT)
    left = lines[(lines["access"] == "public") & (lines["opening_hours"] == "")]
    graph = graph_of(left)
    corners = sorted({place for line in places for place in line})[:5]
    nodes = np.array([node_at(walking, 40 * x, 40 * y) for x, y in corners])
    metres = night.walks_between(nodes).metres
    for row, (x, y) in enumerate(corners):
        start = (40.0 * x, 40.0 * y)
        lengths = {start: 0.0}
        if start in graph:
            lengths = networkx.single_source_dijkstra_path_length(graph, start, weight="metres")
        expected = [lengths.get((40.0 * x, 40.0 * y), np.inf) for x, y in corners]
        assert metres[row] == pytest.approx(np.array(expected), abs=0.05)
    # By day what is gated is open, and no walk is longer for it.
    assert (walking.during(DAY_SHIFT).walks_between(nodes).metres <= metres).all()


def test_patrols_stand_on_the_largest_open_public_part() -> None:
    places = [[(0, 0), (5, 0)], [(5, 0), (5, 1)], [(5, 1), (6, 1)], [(0, 8), (1, 8)]]
    lines = lines_of(places).assign(access=["public", "private", "public", "public"])
    walking = network(lines)
    stand = walking.points[walking.standing]
    assert stand[:, 1].tolist() == [0] * len(stand)
    keyed = network(lines.assign(controller="Test College")).during(DAY_SHIFT, ["Test College"])
    reached = {tuple(place) for place in keyed.points[keyed.standing].round().tolist()}
    assert {(200, 0), (200, 40), (240, 40)} <= reached
    assert (200, 20) not in reached
    assert (0, 320) not in reached


def test_private_ways_and_gates_get_the_controller_of_their_site(build: ModuleType) -> None:
    lines = gpd.GeoDataFrame(
        {
            "name": list("abcde"),
            "highway": "footway",
            "access": ["private", "private", "public", "public", "private"],
            "opening_hours": ["", "", "06:00-18:00", "", ""],
            "controller": ["", "Stated", "", "", ""],
        },
        geometry=[
            shapely.LineString([build.metres(*start), build.metres(*end)])
            for start, end in [
                ((0, 10), (90, 10)), ((0, 20), (90, 20)), ((210, 10), (290, 10)),
                ((0, 30), (90, 30)), ((0, 600), (90, 600)),
            ]
        ],
        crs=build.CRS,
    )  # fmt: skip
    sites = build.estate().sites.assign(controller=["not stated", "City Council", "not stated"])
    named = with_controllers(lines, sites)
    assert named["controller"].tolist() == ["Alpha College", "Stated", "City Council", "", ""]


def test_the_kept_part_is_that_with_the_most_public_streets() -> None:
    places = [[(0, 0), (8, 0)], [(0, 4), (2, 4)], [(2, 4), (2, 5)]]
    lines = lines_of(places).assign(access=["private", "public", "private"])
    kept, islands, island_m = largest_part(lines)
    assert kept["name"].tolist() == ["Street 1", "Street 2"]
    assert (islands, island_m) == (1, pytest.approx(320))


def test_ground_that_no_patrol_may_cross_is_walked_round() -> None:
    walking = network(gated_lines())
    nodes = np.array([node_at(walking, 0, 0), node_at(walking, 200, 200)])
    closed = walking.without([shapely.box(90, 90, 110, 110)])
    assert walking.walks_between(nodes).metres[0, 1] == THROUGH_M
    assert closed.walks_between(nodes).metres[0, 1] == ROUND_M
    assert (closed.points == walking.points).all()
    both = walking.without([shapely.box(90, 90, 110, 110), shapely.box(190, 90, 210, 110)])
    assert np.isinf(both.walks_between(nodes).metres[0, 1])
    assert both.walkable.sum() < closed.walkable.sum() < walking.walkable.sum()


def test_an_edge_is_closed_where_it_runs_through_a_polygon_but_not_along_it() -> None:
    walking = network(lines_of([[(0, 0), (5, 0)]]))
    assert walking.without([shapely.box(30, 0, 90, 50)]).walkable.all()
    assert walking.without([shapely.box(200, -50, 300, 50)]).walkable.all()
    assert (~walking.without([shapely.box(26, -0.01, 26.1, 50)]).walkable).sum() == 1
    assert (~walking.without([shapely.box(-1, -1, 201, 1)]).walkable).all()
    hole = shapely.box(-99, -99, 299, 99) - shapely.box(-9, -9, 209, 9)
    assert walking.without([hole]).walkable.all()
    assert walking.without([]).walkable.all()


def test_keys_do_not_open_ground_that_no_patrol_may_cross() -> None:
    lines = gated_lines(opening_hours="06:00-18:00", controller="Test College")
    inside = [shapely.box(90, 90, 110, 110)]
    first, last = network(lines).without(inside), network(lines)
    nodes = np.array([node_at(last, 0, 0), node_at(last, 200, 200)])
    for walking in (
        first.during(NIGHT_SHIFT, ["Test College"]),
        last.during(NIGHT_SHIFT, ["Test College"]).without(inside),
        first.during(DAY_SHIFT).without([shapely.box(900, 900, 910, 910)]),
    ):
        assert walking.walks_between(nodes).metres[0, 1] == ROUND_M


def test_patrols_do_not_stand_where_they_may_not_cross() -> None:
    walking = network(lines_of([[(0, 0), (5, 0)]])).without([shapely.box(90, -10, 210, 10)])
    stand = walking.points[walking.standing]
    assert stand[:, 0].max() < 90
    assert len(stand) > 2


@given(places=LINES, corner=PLACE, side=st.floats(1, 200))
def test_what_is_left_open_stays_out_of_the_polygons_and_the_rest_is_closed(
    places: list[list[tuple[int, int]]], corner: tuple[int, int], side: float
) -> None:
    walking = network(lines_of(places))
    left, low = 40 * corner[0] - side / 3, 40 * corner[1] - side / 3
    polygon = shapely.box(left, low, left + side, low + side)
    open_edges = walking.without([polygon]).walkable
    pieces = shapely.linestrings(walking.points[walking.edges])
    inside = shapely.length(shapely.intersection(pieces, shapely.buffer(polygon, -1e-6)))
    assert not inside[open_edges].any()
    near = shapely.intersects(pieces, shapely.buffer(polygon, 1e-6))
    assert near[~open_edges].all()


def test_only_some_kinds_of_street_are_allowed_and_the_longest_part_is_driven() -> None:
    lines = lines_of([[(0, 0), (5, 0)], [(5, 0), (6, 0)], [(6, 0), (8, 0)], [(0, 8), (8, 8)]])
    lines["highway"] = ["residential", "steps", "residential", "residential"]
    lines["access"] = ["public", "public", "public", "private"]
    walking = network(lines)
    of_line = [set(walking.line[mask].tolist()) for mask in (
        walking.allows(["steps", "path"]), walking.allows([]), walking.drivable(["steps"]),
        walking.drivable([]), walking.drivable(["steps", "residential"]),
    )]  # fmt: skip
    assert of_line == [{0, 2, 3}, {0, 1, 2, 3}, {0}, {0, 1, 2}, set()]
