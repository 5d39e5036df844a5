"""Legs by every mode: what they take, where they lead, and that no detour is quicker."""

from itertools import pairwise

import geopandas as gpd
import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.legs import NEVER_S, legs_between
from planner.errors import EstateError
from planner.estate.streets import Streets, network
from planner.travel_modes import BICYCLE, FOOT, VEHICLE, TravelMode

FOOTWAYS = ("footway", "steps")
WALK = TravelMode(FOOT, 1.25, 1.25)
RIDE = TravelMode(BICYCLE, 4.0, 1.25, FOOTWAYS)
DRIVE = TravelMode(VEHICLE, 8.0, 1.25, FOOTWAYS)
EVERY = st.sampled_from([WALK, RIDE, DRIVE])

PLACE = st.tuples(st.integers(0, 6), st.integers(0, 6))
LINE = st.tuples(
    st.lists(PLACE, min_size=2, max_size=4, unique=True),
    st.sampled_from(["residential", "service", *FOOTWAYS]),
)
LINES = st.lists(LINE, min_size=1, max_size=8)


def streets_of(lines: list[tuple[list[tuple[int, int]], str]]) -> Streets:
    """Lines of some kind through places on a grid of 40 m; the first can be driven on."""
    shapes = [shapely.LineString([(40.0 * x, 40.0 * y) for x, y in line]) for line, _ in lines]
    kinds = ["residential", *(kind for _, kind in lines[1:])]
    table = {"name": [""] * len(lines), "highway": kinds}
    return network(gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:32630"))


def some_nodes(streets: Streets, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, len(streets.points), 6)


def has_drivable(streets: Streets, mode: TravelMode) -> bool:
    return mode.name != VEHICLE or bool(streets.drivable(mode.not_on).any())


@given(lines=LINES, mode=EVERY, seed=st.integers(0, 99))
def test_no_detour_is_quicker_than_a_leg(
    lines: list[tuple[list[tuple[int, int]], str]], mode: TravelMode, seed: int
) -> None:
    streets = streets_of(lines)
    if not has_drivable(streets, mode):
        return
    nodes = some_nodes(streets, seed)
    seconds = legs_between(streets, streets.points[nodes], nodes, mode).seconds
    by_detour = (seconds[:, :, None] + seconds[None, :, :]).min(axis=1)
    # A second: where sums of fractions come out apart by their last digit.
    assert (seconds <= by_detour + 1).all()
    assert (seconds == seconds.T).all()
    assert not seconds.diagonal().any()


@given(lines=LINES, mode=EVERY, seed=st.integers(0, 99))
def test_a_leg_is_as_long_as_its_way(
    lines: list[tuple[list[tuple[int, int]], str]], mode: TravelMode, seed: int
) -> None:
    streets = streets_of(lines)
    if not has_drivable(streets, mode):
        return
    nodes = some_nodes(streets, seed)
    legs = legs_between(streets, streets.points[nodes], nodes, mode)
    joined = {frozenset(edge) for edge in streets.edges[streets.walkable].tolist()}
    for start, end in np.ndindex(legs.metres.shape):
        way = legs.way(start, end)
        if np.isinf(legs.metres[start, end]):
            assert len(way) == 0
            assert legs.seconds[start, end] == NEVER_S
            continue
        assert way[0].tolist() == legs.points[start].tolist()
        assert way[-1].tolist() == legs.points[end].tolist()
        length = np.hypot(*(way[1:] - way[:-1]).T).sum()
        assert length == pytest.approx(legs.metres[start, end], abs=0.01)
        assert legs.ways is not None
        steps = legs.ways.nodes(start, end).tolist()
        assert all(frozenset(step) in joined for step in pairwise(steps))


def riding_graph(streets: Streets, mode: TravelMode) -> networkx.Graph:
    """The streets as a networkx graph of seconds."""
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(streets.points)))
    for (a, b), line in zip(streets.edges.tolist(), streets.line, strict=True):
        pushed = streets.lines["highway"][line] in mode.not_on
        speed = mode.walking_metres_per_second if pushed else mode.metres_per_second
        seconds = float(np.hypot(*(streets.points[a] - streets.points[b]))) / speed
        if seconds < graph.get_edge_data(a, b, {"weight": np.inf})["weight"]:
            graph.add_edge(a, b, weight=seconds)
    return graph


@given(lines=LINES, seed=st.integers(0, 99))
def test_rides_take_as_long_as_networkx_says(
    lines: list[tuple[list[tuple[int, int]], str]], seed: int
) -> None:
    streets = streets_of(lines)
    nodes = some_nodes(streets, seed)
    graph = riding_graph(streets, RIDE)
    seconds = legs_between(streets, streets.points[nodes], nodes, RIDE).seconds
    on_foot = legs_between(streets, streets.points[nodes], nodes, WALK).seconds
    for row, start in enumerate(nodes):
        took = networkx.single_source_dijkstra_path_length(graph, int(start))
        expected = np.array([took.get(int(node), NEVER_S) for node in nodes])
        assert (np.abs(seconds[row] - np.ceil(expected)) <= 1).all()
        assert (seconds[row] <= on_foot[row]).all()


def test_a_bicycle_takes_the_quickest_way_and_not_the_shortest() -> None:
    # 240 m straight on along a footway, or 400 m round by streets.
    streets = streets_of([
        ([(0, 0), (0, 1), (0, 2), (6, 2)], "residential"), ([(6, 2), (6, 0)], "residential"),
        ([(0, 0), (6, 0)], "footway"),
    ])  # fmt: skip
    ends = np.array([node_at(streets, 0, 0), node_at(streets, 240, 0)])
    ride, walk = (legs_between(streets, streets.points[ends], ends, mode) for mode in (RIDE, WALK))
    assert (ride.metres[0, 1], ride.seconds[0, 1]) == (pytest.approx(400), 100)
    assert (walk.metres[0, 1], walk.seconds[0, 1]) == (pytest.approx(240), 192)
    pushed = np.array([ends[0], node_at(streets, 24, 0)])
    short = legs_between(streets, streets.points[pushed], pushed, RIDE)
    assert (short.metres[0, 1], short.seconds[0, 1]) == (pytest.approx(24), 20)


def node_at(streets: Streets, x: float, y: float) -> int:
    return int(np.hypot(*(streets.points - [x, y]).T).argmin())


@pytest.mark.parametrize(("mode", "seconds"), [(WALK, 40), (RIDE, 13), (DRIVE, 7)])
def test_without_streets_legs_are_straight_lines_at_the_speed_of_the_mode(
    mode: TravelMode, seconds: int
) -> None:
    ends = np.array([[0.0, 0.0], [30.0, 40.0]])
    legs = legs_between(None, ends, np.array([-1, -1]), mode)
    assert (legs.metres[0, 1], legs.seconds[0, 1]) == (50, seconds)
    assert legs.way(0, 1).tolist() == ends.tolist()


def test_a_vehicle_that_nothing_can_be_driven_on_is_refused_with_its_key() -> None:
    streets = streets_of([([(0, 0), (6, 0)], "residential")])
    nodes = np.array([0, 1])
    nowhere = TravelMode(VEHICLE, 8.0, 1.25, ("residential",))
    with pytest.raises(EstateError, match=r"modes\.vehicle\.not_on"):
        legs_between(streets, streets.points[nodes], nodes, nowhere)
