from types import ModuleType

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.features import read_features
from planner.estate.model import Estate
from planner.estate.zones import (
    SAMPLE_M,
    catchments,
    stops_for,
    zone_of,
    zones_from_beats,
    zones_from_sites,
)

PLACE = st.tuples(st.integers(-400, 800), st.integers(-400, 800))


def test_each_site_is_the_core_of_a_zone(estate: Estate) -> None:
    zones = zones_from_sites(estate.sites)
    assert zones["zone"].tolist() == ["alpha-college", "beta-museum", "gamma-library"]
    assert zones.geometry.area.tolist() == pytest.approx([10_000] * 3)


@given(places=st.lists(PLACE, min_size=1, max_size=20), reach=st.sampled_from([50.0, 250.0]))
def test_every_point_within_reach_has_the_nearest_zone(
    build: ModuleType, places: list[tuple[int, int]], reach: float
) -> None:
    estate = build.standing_estate()
    points = np.array([build.metres(*place) for place in places])
    rows = zone_of(points, estate.zones, reach)
    for point, row in zip(points, rows, strict=True):
        metres = estate.zones.geometry.distance(shapely.Point(point)).to_numpy()
        expected = int(metres.argmin()) if metres.min() <= reach else -1
        assert row == expected


def test_a_catchment_agrees_with_the_zone_of_its_points(estate: Estate, build: ModuleType) -> None:
    areas = catchments(estate.zones, 250.0)
    points = np.random.default_rng(5).uniform(-300, 700, (400, 2)) + build.CORNER
    rows = zone_of(points, estate.zones, 250.0)
    cores = estate.zones.geometry.to_numpy()
    shapes = shapely.points(points)
    metres = np.sort(shapely.distance(shapes[:, None], cores[None, :]), axis=1)
    clear = (metres[:, 1] - metres[:, 0] > SAMPLE_M) & (abs(metres[:, 0] - 250) > 5)
    inside = shapely.contains(areas[None, :], shapes[:, None])
    assert clear.sum() > 200
    for row in np.flatnonzero(clear):
        expected = [] if rows[row] < 0 else [rows[row]]
        assert np.flatnonzero(inside[row]).tolist() == expected


@given(
    squares=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(5, 55)),
        min_size=1,
        max_size=6,
        unique_by=lambda square: square[:2],
    )
)
def test_catchments_of_separate_cores_share_the_ground_within_reach(
    build: ModuleType, squares: list[tuple[int, int, int]]
) -> None:
    shapes = [(70 * x, 70 * y, side, {"name": f"Z{x}{y}"}) for x, y, side in squares]
    zones = build.shapes_table(shapes).assign(zone=[s[3]["name"] for s in shapes])
    areas = catchments(zones, 100.0)
    ground = shapely.union_all(shapely.buffer(zones.geometry.to_numpy(), 100.0))
    assert len(areas) == len(squares)
    assert shapely.is_valid(areas).all()
    assert shapely.area(areas).sum() == pytest.approx(ground.area, rel=0.01)
    assert shapely.union_all(areas).area == pytest.approx(ground.area, rel=0.01)


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
