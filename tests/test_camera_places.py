"""Cameras stand on the estate and outside buildings, or are moved, left out or refused."""

from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.camera_places import CLEAR_M, WALL_M, check_own, on_estate, out_of_walls
from planner.estate.model import Estate


def cameras(build: ModuleType, *places: tuple[float, float], **said: Any) -> gpd.GeoDataFrame:
    rows = range(1, len(places) + 1)
    table = {"name": [f"C{row}" for row in rows], "controller": "not stated", "_file": "cameras",
             "_row": rows} | said  # fmt: skip
    points = [shapely.Point(build.metres(*place)) for place in places]
    return gpd.GeoDataFrame(table, geometry=points, crs=build.CRS)


def places(build: ModuleType, table: gpd.GeoDataFrame) -> list[tuple[float, float]]:
    here = shapely.get_coordinates(table.geometry.to_numpy()) - build.CORNER
    return [(round(float(x), 3), round(float(y), 3)) for x, y in here]


def test_others_cameras_off_the_estate_are_left_out(build: ModuleType, estate: Estate) -> None:
    table = cameras(build, (50, 50), (900, 50), (5_000, 0))
    here, left_out = on_estate(table, estate.sites, estate.area)
    assert here["name"].tolist() == ["C1"]
    assert [item.name for item in left_out] == ["C2", "C3"]
    assert "600 m from the nearest site" in left_out[0].reason
    assert "5 km" in left_out[1].reason


def test_the_service_s_own_off_the_estate_is_refused(build: ModuleType, estate: Estate) -> None:
    posts = estate.posts.assign(controller="Security Office", kind="post")
    whose = ["not stated", "Security Office", "City Council"]
    table = cameras(build, (900, 50), (1_400, 50), (900, 50), controller=whose)
    with pytest.raises(EstateError, match=r"cameras: .*feature 2 \('C2'\) lies 1,100 m .*mend"):
        check_own(table, estate.sites, posts, estate.area)
    check_own(table[table["controller"] != whose[1]], estate.sites, posts, estate.area)
    near = cameras(build, (450, 50), controller="service")
    check_own(near, estate.sites, posts, estate.area)


def test_a_camera_just_within_a_wall_is_moved_before_it(build: ModuleType, estate: Estate) -> None:
    # The hall stands from 10 to 40.
    table = cameras(build, (25, 11.5), (25, 5), (40, 25), (9, 25))
    placed, moved = out_of_walls(table, estate.outlines)
    assert places(build, placed) == [(25, 9.7), (25, 5), (40.3, 25), (9, 25)]
    assert [item.name for item in moved] == ["C1", "C3"]
    assert {item.note for item in moved} == {"Cameras drawn within a wall moved to 0.3 m before it"}
    assert places(build, table)[0] == (25, 11.5)


def test_a_camera_deep_in_a_building_is_refused(build: ModuleType, estate: Estate) -> None:
    table = cameras(build, (5, 5), (25, 25), (75, 75))
    with pytest.raises(EstateError, match=r"feature 2 \('C2'\) stands 15\.0 m .*1 more.*give its"):
        out_of_walls(table, estate.outlines)


def test_a_wall_that_two_houses_share_is_no_way_out(build: ModuleType) -> None:
    terrace = np.array([build.square(0, 0, 10), build.square(10, 0, 10)])
    with pytest.raises(EstateError, match=r"5\.0 m within"):
        out_of_walls(cameras(build, (9.5, 5)), terrace)
    placed, _ = out_of_walls(cameras(build, (9.5, 1)), terrace)
    assert places(build, placed) == [(9.5, -0.3)]


def test_without_walls_nothing_is_moved(build: ModuleType) -> None:
    placed, moved = out_of_walls(cameras(build, (0, 0)), np.array([], dtype=object))
    assert (places(build, placed), moved) == ([(0, 0)], [])


@given(st.floats(-20, 60), st.floats(-20, 60))
def test_a_camera_ends_outside_every_wall_or_is_refused(
    build: ModuleType, x: float, y: float
) -> None:
    walls = np.array([build.square(0, 0, 20), build.square(20, 5, 15), build.square(36, 5, 15)])
    table = cameras(build, (x, y))
    depth = shapely.distance(table.geometry.iloc[0], shapely.union_all(walls).boundary)
    inside = shapely.intersects(shapely.union_all(walls), table.geometry.iloc[0])
    try:
        placed, _ = out_of_walls(table, walls)
    except EstateError:
        assert inside
        assert depth > WALL_M
        return
    apart = shapely.distance(placed.geometry.iloc[0], shapely.union_all(walls))
    assert apart == pytest.approx(CLEAR_M, abs=2e-3) if inside else apart > 0
