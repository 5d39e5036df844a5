"""Where a camera could be put up: outside walls, facing outward, where somebody can agree."""

from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from planner.allocate.cameras.mounts import HIGHWAY, mounts
from planner.allocate.sightlines.walls import walls_of
from planner.estate.model import Estate

STEP_M = 1.0


def places(estate: Estate) -> gpd.GeoDataFrame:
    return mounts(estate, walls_of(estate.outlines))


def with_hall(build: ModuleType, shape: shapely.Geometry | None = None, **says: str) -> Estate:
    """The small estate with Hall alone, of another shape or saying something of itself."""
    whole = build.standing_estate()
    hall = whole.buildings[whole.buildings["name"] == "Hall"].assign(**says)
    if shape is not None:
        hall = hall.set_geometry([shape], crs=build.CRS)
    return build.estate(buildings=hall.reset_index(drop=True))


def steps_out(found: gpd.GeoDataFrame, metres: float = STEP_M) -> np.ndarray:
    """Points so far before each place, in the direction in which it faces."""
    angle = np.radians(found["outward"].to_numpy(float))
    at = shapely.get_coordinates(found.geometry.to_numpy())
    return at + metres * np.column_stack([np.sin(angle), np.cos(angle)])


def test_a_square_has_its_corners_and_places_on_its_walls(build: ModuleType) -> None:
    found = places(with_hall(build))
    assert found["mount"].value_counts().to_dict() == {"façade": 8, "corner": 4}
    facing = sorted(found.loc[found["mount"] == "corner", "outward"].round(6))
    assert facing == [45, 135, 225, 315]
    assert set(found.loc[found["mount"] == "façade", "outward"].round(6)) == {0, 90, 180, 270}
    assert set(found.loc[found["mount"] == "corner", "spread"].round(6)) == {270}
    assert set(found["name"]) == {"Alpha College, Hall"}


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 360), st.floats(5, 60), st.floats(5, 60), st.booleans(), st.booleans())
def test_places_lie_outside_and_face_away_from_the_wall(
    build: ModuleType, turn: float, wide: float, deep: float, court: bool, backwards: bool
) -> None:
    house = shapely.box(*build.metres(20, 20), *build.metres(20 + wide, 20 + deep))
    if court:
        house = house.difference(affinity.scale(house, 0.6, 0.6))
    house = affinity.rotate(house, turn)
    found = places(with_hall(build, shapely.reverse(house) if backwards else house))
    assert len(found) >= 4
    assert not shapely.intersects_xy(house, shapely.get_coordinates(found.geometry)).any()
    assert (found.distance(house) < 0.31).all()
    assert (shapely.distance(shapely.points(steps_out(found)), house) > 0.31).all()


def test_a_courtyard_has_places_that_face_into_it(build: ModuleType) -> None:
    outer, yard = build.square(10, 10, 80), build.square(30, 30, 40)
    found = places(with_hall(build, outer.difference(yard)))
    inside = found[found.within(yard)]
    # The corners of a courtyard stand in, so that a camera there would see less than on its walls.
    assert set(inside["mount"]) == {"façade"}
    assert len(inside) == 8
    assert shapely.contains_xy(yard, steps_out(inside)).all()


def test_none_is_on_ground_where_no_camera_may_be_fixed(build: ModuleType) -> None:
    ground = {"kind": "no camera", "geometry": build.square(5, 5, 20)}
    bare = places(build.standing_estate())
    found = places(build.estate(surroundings=build.surroundings(ground)))
    assert 0 < len(found) < len(bare)
    assert not found.intersects(build.square(5, 5, 20)).any()


def test_none_is_on_a_private_home(build: ModuleType) -> None:
    whole = build.standing_estate()
    homes = whole.buildings.assign(
        kind=whole.buildings["kind"].mask(whole.buildings["name"] == "Hall", "Student_Residence")
    )
    found = places(build.estate(buildings=homes))
    assert len(found)
    assert (found.distance(build.square(10, 10, 30)) > 1).all()


def test_none_is_inside_another_building(build: ModuleType) -> None:
    shed = {"kind": "building", "geometry": build.square(38, 10, 12)}
    found = places(build.estate(surroundings=build.surroundings(shed)))
    assert not found.within(build.square(38, 10, 12)).any()
    assert found.within(build.square(8, 8, 34)).any()


@pytest.mark.parametrize(
    ("says", "consents"),
    [
        ({"controller": "the service"}, ()),
        ({"controller": "Alpha College", "access": "own"}, ()),
        ({"controller": "Alpha College"}, ("agreement of Alpha College",)),
        ({}, ("agreement of Alpha College",)),
        (
            {"controller": "Alpha College", "listed": "II*"},
            ("agreement of Alpha College", "listed building consent (II*)"),
        ),
        ({"controller": "the service", "listed": "I"}, ("listed building consent (I)",)),
    ],
)
def test_who_must_agree(build: ModuleType, says: dict[str, str], consents: tuple[str, ...]) -> None:
    found = places(with_hall(build, **says))
    assert set(found["consents"]) == {consents}


def test_a_lodge_is_named_as_one(build: ModuleType) -> None:
    assert set(places(with_hall(build, kind="lodge"))["mount"]) == {"lodge"}


def test_lamps_hold_cameras_that_look_any_way_with_a_licence(build: ModuleType) -> None:
    lamp = {"kind": "lamp", "geometry": shapely.Point(build.metres(150, 50))}
    found = places(build.estate(surroundings=build.surroundings(lamp)))
    (column,) = found[found["mount"] == "lamp column"].to_dict("records")
    assert column["spread"] == 360
    assert column["consents"] == (HIGHWAY,)
    assert column["name"] == "Middle Street, lamp column"


def test_lamps_off_the_estate_hold_none(build: ModuleType) -> None:
    lamp = {"kind": "lamp", "geometry": shapely.Point(build.metres(2_000, 50))}
    found = places(build.estate(surroundings=build.surroundings(lamp)))
    assert "lamp column" not in set(found["mount"])


@pytest.mark.parametrize("streets", [True, False])
def test_without_buildings_and_lamps_columns_are_put_up(build: ModuleType, streets: bool) -> None:
    whole = build.standing_estate()
    bare = {"buildings": whole.buildings[:0]} | ({} if streets else {"streets": None})
    found = places(build.estate(**bare))
    assert len(found) >= 3
    assert set(found["mount"]) == {"new column"}
    assert set(found["consents"]) == {(HIGHWAY,)}
