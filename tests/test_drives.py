import geopandas as gpd
import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.drives import Drives, drives_between
from planner.estate.streets import Streets, network
from planner.travel_modes import VEHICLE, TravelMode

DRIVE = TravelMode(VEHICLE, 10.0, 1.0, ("footway",))
PLACE = st.tuples(st.integers(0, 6), st.integers(0, 6))
LINES = st.lists(
    st.tuples(
        st.lists(PLACE, min_size=2, max_size=4, unique=True),
        st.sampled_from(["residential", "footway"]),
    ),
    min_size=1,
    max_size=8,
)
# A road, a path that leaves it at 100 m and forks, and a path at its end.
YARDS = [
    ([(0, 0), (100, 0), (300, 0)], "residential"),
    ([(100, 0), (100, 40)], "footway"), ([(100, 40), (80, 40)], "footway"),
    ([(100, 40), (120, 40)], "footway"), ([(300, 0), (300, 30)], "footway"),
]  # fmt: skip


def streets_of(lines: list[tuple[list[tuple[int, int]], str]], scale: float = 1.0) -> Streets:
    shapes = [shapely.LineString(np.array(line) * scale) for line, _ in lines]
    table = {"name": [""] * len(lines), "highway": [kind for _, kind in lines]}
    return network(gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:32630"))


def between(streets: Streets, *places: tuple[float, float]) -> Drives:
    nodes = [int(np.hypot(*(streets.points - place).T).argmin()) for place in places]
    return drives_between(streets, np.array(nodes), DRIVE)


def test_a_stop_off_the_road_is_reached_from_the_nearest_parking_place() -> None:
    drives = between(streets_of(YARDS), (0, 0), (80, 40), (300, 30))
    # 100 m by road and 60 on foot; then back to the vehicle, 200 by road and 30 on foot.
    assert drives.seconds[0, 1] == pytest.approx(10 + 60)
    assert drives.seconds[1, 2] == pytest.approx(60 + 20 + 30)
    assert drives.metres[1, 2] == pytest.approx(60 + 200 + 30)


def test_between_stops_with_one_parking_place_the_team_walks() -> None:
    streets = streets_of(YARDS)
    drives = between(streets, (80, 40), (120, 40))
    assert (drives.seconds[0, 1], drives.metres[0, 1]) == (pytest.approx(40), pytest.approx(40))
    ways = streets.points[drives.nodes(0, 1)].tolist()
    assert ways == [pytest.approx(place) for place in ([80, 40], [100, 40], [120, 40])]


def test_a_vehicle_stays_in_the_longest_part_of_what_can_be_driven() -> None:
    # Beyond a path there is one more short road: no vehicle gets there.
    lines = [*YARDS, ([(300, 30), (340, 30)], "residential")]
    drives = between(streets_of(lines), (0, 0), (340, 30))
    assert drives.seconds[0, 1] == pytest.approx(30 + 70)


def test_where_no_walk_leads_to_a_vehicle_there_is_no_way() -> None:
    lines = [*YARDS, ([(0, 500), (20, 500)], "residential")]
    drives = between(streets_of(lines), (0, 0), (0, 500), (20, 500), (0, 500))
    assert np.isinf(drives.metres[0, 1:]).all()
    assert np.isinf(drives.seconds[1, 2])
    assert drives.nodes(0, 1).tolist() == []
    assert drives.seconds[1, 3] == 0


@given(lines=LINES, seed=st.integers(0, 99))
def test_drives_are_walks_to_the_vehicle_and_shortest_drives_by_networkx(
    lines: list[tuple[list[tuple[int, int]], str]], seed: int
) -> None:
    streets = streets_of(lines, 40.0)
    drivable = streets.drivable(DRIVE.not_on)
    if not drivable.any():
        return
    nodes = np.random.default_rng(seed).integers(0, len(streets.points), 5)
    drives = drives_between(streets, nodes, DRIVE)
    walking, driving = (graph_of(streets, usable) for usable in (streets.walkable, drivable))
    can_park = set(streets.edges[drivable].ravel().tolist())
    on_foot = [lengths_from(walking, node) for node in nodes]
    away = [min((far for at, far in found.items() if at in can_park), default=np.inf)
            for found in on_foot]  # fmt: skip
    for i, j in np.ndindex(5, 5):
        parked, other = int(drives.parked[i]), int(drives.parked[j])
        if np.isinf(away[i]):
            assert np.isinf(drives.seconds[i, j]) == (nodes[i] != nodes[j])
            continue
        # Of parking places that are equally near any may be the one.
        assert parked in can_park
        assert on_foot[i][parked] == pytest.approx(away[i])
        if np.isinf(away[j]):
            assert np.isinf(drives.seconds[i, j])
        elif parked == other:
            assert drives.seconds[i, j] == pytest.approx(on_foot[i][int(nodes[j])])
        else:
            driven = lengths_from(driving, parked)[other]
            assert drives.seconds[i, j] == pytest.approx(away[i] + driven / 10 + away[j])


def graph_of(streets: Streets, usable: np.ndarray) -> networkx.Graph:
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(streets.points)))
    for a, b in streets.edges[usable].tolist():
        graph.add_edge(a, b, weight=float(np.hypot(*(streets.points[a] - streets.points[b]))))
    return graph


def lengths_from(graph: networkx.Graph, node: int) -> dict[int, float]:
    lengths: dict[int, float] = networkx.single_source_dijkstra_path_length(graph, int(node))
    return lengths
