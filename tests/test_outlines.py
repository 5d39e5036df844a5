"""What blocks views: buildings do, the ground of sites does not."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely

from planner.estate.outlines import LARGEST_LONE_M2, is_disc, is_lone, outlines, repeats
from planner.estate.sites import SiteFiles, read_sites, split_sites

NONE = np.array([], dtype=object)


def split(build: ModuleType, *shapes: Any) -> tuple[Any, Any]:
    found = split_sites(build.shapes_table(shapes))
    return found.sites, found.buildings


def areas(walls: np.ndarray) -> list[float]:
    return sorted(shapely.area(walls).round(3).tolist())


def test_a_site_with_buildings_is_ground(build: ModuleType) -> None:
    both = split(build, (0, 0, 50, {"name": "Site"}), (10, 10, 20, {"name": "Hall"}))
    assert areas(outlines(*both, NONE)) == [400]


@pytest.mark.parametrize(("side", "is_wall"), [(70, True), (77, True), (78, False), (300, False)])
def test_a_lone_site_is_a_wall_while_it_is_small(
    build: ModuleType, side: float, is_wall: bool
) -> None:
    both = split(build, (0, 0, side, {"name": "Museum"}))
    assert is_lone(*both).tolist() == [True]
    assert (side**2 < LARGEST_LONE_M2) == is_wall
    assert areas(outlines(*both, NONE)) == ([side**2] if is_wall else [])


def test_a_lone_site_with_a_building_of_the_surroundings_in_it_is_ground(
    build: ModuleType,
) -> None:
    both = split(build, (0, 0, 70, {"name": "Nursery"}))
    inside = np.array([build.square(5, 5, 20)])
    assert areas(outlines(*both, inside)) == [400]
    beside = np.array([build.square(65, 0, 20)])
    assert areas(outlines(*both, beside)) == [400, 4900]


def test_a_large_building_that_fills_its_site_is_a_wall(build: ModuleType) -> None:
    both = split(build, (0, 0, 100, {"name": "Science Area"}), (0, 0, 100, {"name": "Block"}))
    assert is_lone(*both).tolist() == [False]
    assert areas(outlines(*both, NONE)) == [10_000]


def test_a_large_lone_shape_that_is_called_a_building_is_a_wall(build: ModuleType) -> None:
    both = split(build, (0, 0, 100, {"name": "Hospital", "kind": "Building"}))
    assert is_lone(*both).tolist() == [False]
    assert areas(outlines(*both, NONE)) == [10_000]


def test_what_is_drawn_as_the_grounds_that_buildings_stand_on_is_no_wall(
    build: ModuleType,
) -> None:
    both = split(
        build,
        (0, 0, 100, {"name": "College"}), (0, 0, 100, {"name": "Institute of the College"}),
        (10, 10, 20, {"name": "Hall"}),
    )  # fmt: skip
    assert len(both[1]) == 2
    assert areas(outlines(*both, NONE)) == [400]
    others = np.array([build.square(50, 50, 20), build.square(11, 11, 20)])
    assert repeats(others, *both).tolist() == [False, True]


def test_walls_are_polygons_of_one_part(build: ModuleType) -> None:
    both = split(build, (0, 0, 50, {"name": "Site"}), (10, 10, 20, {"name": "Hall"}))
    pair = shapely.union_all([build.square(100, 0, 10), build.square(200, 0, 10)])
    walls = outlines(*both, np.array([pair]))
    assert {shape.geom_type for shape in walls} == {"Polygon"}
    assert areas(walls) == [100, 100, 400]


def test_without_a_building_there_is_no_wall(build: ModuleType) -> None:
    sites, buildings = split(build, (0, 0, 50, {"name": "Site"}))
    walls = outlines(sites, buildings.iloc[:0], NONE)
    assert (len(walls), isinstance(walls, np.ndarray)) == (0, True)


def test_a_building_drawn_again_is_told_from_one_on_a_site_s_ground(build: ModuleType) -> None:
    both = split(
        build,
        (0, 0, 100, {"name": "College"}), (10, 10, 20, {"name": "Hall"}),
        (200, 0, 70, {"name": "Museum"}),
        (400, 0, 200, {"name": "Garden"}),
    )  # fmt: skip
    drawn = [
        (build.square(12, 12, 20), True), (build.square(24, 24, 20), False),
        (build.square(40, 40, 20), False), (build.square(202, 2, 70), True),
        (build.square(210, 10, 20), False), (build.square(402, 2, 195), False),
    ]  # fmt: skip
    shapes = np.array([shape for shape, _ in drawn])
    assert repeats(shapes, *both).tolist() == [again for _, again in drawn]
    assert repeats(NONE, *both).tolist() == []


def test_the_circle_of_a_point_is_no_wall(build: ModuleType, tmp_path: Path) -> None:
    features = [
        build.square_feature(0, 0, 100, name="College"),
        build.square_feature(60, 60, 20, name="Hall"),
        build.point_feature(20, 20, name="Porters' lodge"),
        build.point_feature(300, 0, name="Cabin post"),
    ]
    path = build.write(tmp_path / "sites.json", build.collection(features))
    found, _ = read_sites(SiteFiles([path]))
    assert len(found.buildings) == 3
    assert is_disc(found.buildings.geometry.to_numpy()).sum() == 2
    walls = outlines(found.sites, found.buildings, NONE)
    assert shapely.area(walls) == pytest.approx([400], rel=1e-3)
    hut = shapely.buffer(shapely.centroid(found.sites.geometry.iloc[-1]), 4)
    assert repeats(np.array([hut]), found.sites, found.buildings).tolist() == [False]


def test_a_square_or_a_larger_tower_is_no_such_circle(build: ModuleType) -> None:
    middle = shapely.Point(*build.metres(0, 0))
    shapes = [build.square(0, 0, 16), build.square(0, 0, 8 * 2**0.5), shapely.buffer(middle, 9)]
    assert not is_disc(np.array(shapes)).any()
    assert is_disc(np.array([shapely.buffer(middle, 8)])).all()
