from itertools import combinations
from types import ModuleType

import geopandas as gpd
import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.layers.features import read_features
from planner.estate.model import Estate
from planner.estate.streets import network
from planner.estate.zones import (
    SAMPLE_M,
    catchments,
    estate_area,
    stops_for,
    zone_of,
    zones_from_beats,
    zones_from_sites,
)


def test_each_site_is_the_core_of_a_zone(estate: Estate) -> None:
    zones = zones_from_sites(estate.sites)
    assert zones["zone"].tolist() == ["alpha-college", "beta-museum", "gamma-library"]
    assert zones.geometry.area.tolist() == pytest.approx([10_000] * 3)


SQUARES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(5, 90)),
    min_size=1,
    max_size=6,
    unique_by=lambda square: square[:2],
)


def zones_of(build: ModuleType, squares: list[tuple[int, int, int]]) -> gpd.GeoDataFrame:
    """Zones whose cores are squares on a grid of 70 m, which may overlap."""
    shapes = [(70 * x, 70 * y, side, {"name": f"Z{x}{y}"}) for x, y, side in squares]
    return build.shapes_table(shapes).assign(zone=[s[3]["name"] for s in shapes])


def by_plain_distance(
    points: np.ndarray, zones: gpd.GeoDataFrame, area: shapely.Geometry
) -> np.ndarray:
    """Measure every point to every core."""
    shapes = shapely.points(points)
    metres = shapely.distance(shapes[:, None], zones.geometry.to_numpy()[None, :])
    return np.where(shapely.intersects(area, shapes), metres.argmin(axis=1), -1)


@given(squares=SQUARES, seed=st.integers(0, 2**32 - 1), reach=st.sampled_from([5.0, 50.0, 250.0]))
def test_every_point_of_the_area_has_the_nearest_zone(
    build: ModuleType, squares: list[tuple[int, int, int]], seed: int, reach: float
) -> None:
    zones = zones_of(build, squares)
    area = estate_area(zones.geometry.to_numpy(), reach)
    drawn = np.random.default_rng(seed).uniform(-300, 800, (300, 2))
    # Whole metres hit edges, corners and ties.
    points = np.vstack([drawn, np.round(drawn)]) + build.CORNER
    rows = zone_of(points, zones, area)
    assert rows.tolist() == by_plain_distance(points, zones, area).tolist()


@given(squares=SQUARES, seed=st.integers(0, 2**32 - 1))
def test_a_point_has_the_same_zone_alone_as_among_others(
    build: ModuleType, squares: list[tuple[int, int, int]], seed: int
) -> None:
    zones = zones_of(build, squares)
    area = estate_area(zones.geometry.to_numpy(), 100.0)
    points = np.random.default_rng(seed).uniform(-150, 650, (20, 2)) + build.CORNER
    alone = [int(zone_of(points[[row]], zones, area)[0]) for row in range(len(points))]
    assert zone_of(points, zones, area).tolist() == alone


def test_what_is_no_place_has_no_zone(estate: Estate, build: ModuleType) -> None:
    area = estate_area(estate.zones.geometry.to_numpy(), 250.0)
    inside = build.metres(50, 50)
    points = np.array([[np.nan, 0], [np.inf, np.inf], [1e300, -1e300], inside])
    assert zone_of(points, estate.zones, area).tolist() == [-1, -1, -1, 0]
    assert zone_of(np.empty((0, 2)), estate.zones, area).tolist() == []


def test_the_area_is_what_sites_reach_and_stand_around(build: ModuleType) -> None:
    # Three in a triangle 400 m apart are a group at a reach of 250 m; the fourth stands alone.
    cores = [build.square(*place, 10) for place in [(0, 0), (400, 0), (200, 380), (2_000, 0)]]
    area = estate_area(np.array(cores), 250.0)
    within = {(205, 130): True, (205, 300): True, (1_800, 5): True, (1_000, 5): False}
    found = [bool(shapely.intersects_xy(area, *build.metres(*place))) for place in within]
    assert found == list(within.values())
    apart = estate_area(np.array(cores), 150.0)
    assert not shapely.intersects_xy(apart, *build.metres(205, 170))


@given(squares=SQUARES, reach=st.sampled_from([60.0, 150.0]))
def test_the_area_holds_the_hull_of_each_group_and_all_within_reach(
    build: ModuleType, squares: list[tuple[int, int, int]], reach: float
) -> None:
    cores = zones_of(build, squares).geometry.to_numpy()
    area = estate_area(cores, reach)
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(cores)))
    graph.add_edges_from(
        (a, b)
        for a, b in combinations(range(len(cores)), 2)
        if cores[a].distance(cores[b]) <= 2 * reach
    )
    hulls = [
        shapely.union_all(cores[list(group)]).convex_hull
        for group in networkx.connected_components(graph)
    ]
    expected = shapely.union_all([*hulls, *shapely.buffer(cores, reach, quad_segs=16)])
    assert area.symmetric_difference(expected).area == pytest.approx(0, abs=1e-3)


@given(squares=SQUARES, seed=st.integers(0, 2**32 - 1))
def test_each_point_of_the_area_lies_in_one_catchment_that_of_its_zone(
    build: ModuleType, squares: list[tuple[int, int, int]], seed: int
) -> None:
    zones = zones_of(build, squares)
    area = estate_area(zones.geometry.to_numpy(), 100.0)
    areas = catchments(zones, area)
    assert shapely.is_valid(areas).all()
    assert shapely.area(areas).sum() == pytest.approx(area.area, rel=1e-9)
    assert shapely.union_all(areas).area == pytest.approx(area.area, rel=1e-9)
    points = np.random.default_rng(seed).uniform(-150, 650, (200, 2)) + build.CORNER
    rows = zone_of(points, zones, area)
    inside = shapely.intersects(areas[None, :], shapely.points(points)[:, None])
    assert inside.sum(axis=1).tolist() == (rows >= 0).tolist()
    metres = shapely.distance(shapely.points(points)[:, None], zones.geometry.to_numpy()[None, :])
    metres = np.sort(np.column_stack([metres, np.full(len(points), np.inf)]), axis=1)
    clear = (rows >= 0) & ((metres[:, 0] == 0) | (metres[:, 1] - metres[:, 0] > SAMPLE_M))
    assert inside[clear].argmax(axis=1).tolist() == rows[clear].tolist()


def test_catchments_of_lines_that_meet_share_the_area(build: ModuleType) -> None:
    middle = build.metres(0, 0)
    ends = [(200, 0), (0, 200), (-200, 0), (3, -2)]
    lines = [shapely.LineString([middle, build.metres(*end)]) for end in ends]
    zones = gpd.GeoDataFrame({"zone": list("abcd")}, geometry=lines, crs=build.CRS)
    area = estate_area(np.array(lines), 50.0)
    areas = catchments(zones, area)
    assert shapely.area(areas).sum() == pytest.approx(area.area, rel=1e-9)
    assert (shapely.area(areas) > 0).all()
    assert [bool(areas[row].intersects(line.centroid)) for row, line in enumerate(lines)] == [
        True
    ] * 4


def beats(build: ModuleType, folder: object, features: list[object]) -> object:
    path = build.write(folder / "beats.json", build.collection(features))  # type: ignore[operator]
    return read_features(path)[0]


def test_hand_drawn_beats_become_zones(build: ModuleType, tmp_path: object) -> None:
    drawn = [
        build.square_feature(0, 0, 50, name="North"),
        build.square_feature(90, 0, 50, name="North"),
        build.square_feature(200, 0, 50, name=None),
        build.point_feature(0, 0, name="Pin"),
    ]
    zones = zones_from_beats(beats(build, tmp_path, drawn), build.CRS)
    assert zones["zone"].tolist() == ["north", "north-2", "zone-3"]
    assert zones["name"].tolist() == ["North", "North", "Zone 3"]
    assert zones.geometry.area.tolist() == pytest.approx([2_500] * 3, rel=0.01)


def test_beats_need_a_polygon(build: ModuleType, tmp_path: object) -> None:
    with pytest.raises(EstateError, match="no polygon"):
        zones_from_beats(beats(build, tmp_path, [build.point_feature(0, 0)]), build.CRS)


def test_a_stop_is_the_street_node_nearest_the_core(estate: Estate, build: ModuleType) -> None:
    stops = stops_for(estate.zones, build.streets(), 150.0)
    nodes = build.streets().points
    for row, core in enumerate(estate.zones.geometry):
        nearest = shapely.distance(shapely.points(nodes), core).min()
        place = shapely.Point(stops.points[row])
        assert place.distance(core) == pytest.approx(nearest)
        assert stops.points[row].tolist() == nodes[stops.nodes[row]].tolist()
    assert stops.reachable.all()


def test_of_nodes_that_are_equally_near_the_one_by_the_middle_is_chosen(
    estate: Estate, build: ModuleType
) -> None:
    stops = stops_for(estate.zones, build.streets(), 150.0)
    # South Lane, West and Middle Street pass Alpha at 50 m; node at the middle of a side.
    middle = np.array(build.metres(50, 50))
    assert np.hypot(*(stops.points[0] - middle)) == pytest.approx(100, abs=0.1)


def test_a_zone_beyond_reach_of_streets_cannot_be_a_stop(estate: Estate, build: ModuleType) -> None:
    assert stops_for(estate.zones, build.streets(), 49.0).reachable.tolist() == [False] * 3
    assert stops_for(estate.zones, build.streets(), 50.1).reachable.tolist() == [True] * 3


def test_without_streets_a_stop_stands_on_the_outline(estate: Estate) -> None:
    stops = stops_for(estate.zones, None, 150.0)
    outlines = estate.zones.geometry.boundary
    assert [outlines[row].distance(shapely.Point(p)) for row, p in enumerate(stops.points)] == (
        pytest.approx([0.0] * 3, abs=1e-6)
    )
    assert stops.nodes.tolist() == [-1] * 3
    assert stops.reachable.all()


def test_of_a_ring_without_streets_the_stop_stands_on_it(build: ModuleType) -> None:
    ring = build.square(0, 0, 100).exterior
    zones = gpd.GeoDataFrame({"zone": ["a"]}, geometry=[shapely.LineString(ring)], crs=build.CRS)
    stops = stops_for(zones, None, 150.0)
    assert shapely.Point(stops.points[0]).distance(ring) == pytest.approx(0, abs=1e-6)


def test_no_stop_stands_on_private_ground_or_an_island(estate: Estate, build: ModuleType) -> None:
    shapes = [[(-50, -80), (350, -80)], [(50, 50), (50, -80)], [(60, 60), (60, 90)]]
    lines = gpd.GeoDataFrame(
        {"name": "", "highway": "footway", "access": ["public", "private", "public"]},
        geometry=[shapely.LineString([build.metres(*at) for at in line]) for line in shapes],
        crs=build.CRS,
    )
    stops = stops_for(estate.zones, network(lines), 150.0)
    assert stops.points[0].tolist() == pytest.approx(build.metres(50, -80))
    assert stops.reachable.tolist() == [True, True, False]


def test_where_no_street_is_public_no_zone_is_reached(estate: Estate, build: ModuleType) -> None:
    lines = build.street_lines().assign(access="private")
    assert not stops_for(estate.zones, network(lines), 150.0).reachable.any()
