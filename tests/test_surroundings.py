import json
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.layers.features import LeftOut, read_features
from planner.estate.model import Estate
from planner.estate.surroundings import (
    BUILDING,
    CALLED,
    COLUMNS,
    DOORS,
    KINDS,
    no_surroundings,
    private_places,
    surroundings_from,
)


@pytest.fixture
def around(build: ModuleType, estate: Estate, tmp_path: Path) -> Any:
    def made(*features: Any) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
        path = build.write(tmp_path / "around.json", build.collection(features))
        return surroundings_from(read_features(path)[0], estate.sites, estate.buildings)

    return made


def test_every_kind_is_taken_in_the_estate_s_metres(build: ModuleType, around: Any) -> None:
    table, left_out = around(
        build.square_feature(400, 0, 20, kind="building", use="shop", height_m=9, listed="II*"),
        build.point_feature(-5, 0, kind="Lamp", controller="City Council"),
        build.point_feature(0, 50, kind="ENTRANCE", name="Main door", valid_from="2026-01-01"),
        build.point_feature(0, 60, kind="gate"),
        build.line_feature([(0, 70), (0, 75)], kind="Bicycle_Rack"),
        build.line_feature([(10, 10), (40, 10)], kind="private", use="bedroom"),
        build.square_feature(60, 60, 30, kind="no-camera"),
    )
    assert left_out == []
    assert table.columns.tolist() == COLUMNS
    assert table["kind"].tolist() == list(KINDS)
    assert table["use"].tolist() == ["shop", "", "", "", "", "bedroom", ""]
    assert table["listed"].tolist() == ["II*", *[""] * 6]
    assert table["controller"].tolist() == ["not stated", "City Council", *["not stated"] * 5]
    assert table["height_m"].fillna(0).tolist() == [9.0, *[0.0] * 6]
    assert table["valid_from"].tolist()[2] == "2026-01-01"
    assert table.crs == build.CRS
    assert table.geometry.iloc[0].area == pytest.approx(400, rel=1e-3)


def test_a_home_that_is_a_building_of_the_estate_stays_private(
    build: ModuleType, around: Any, estate: Estate
) -> None:
    table, left_out = around(
        build.square_feature(10, 10, 30, kind="dormitory"),
        build.square_feature(60, 60, 30, kind="chapel"),
    )
    assert table["kind"].tolist() == ["private"]
    assert table["name"].tolist() == ["Dormitory"]
    assert table.geometry.iloc[0].length == pytest.approx(120, rel=1e-3)
    assert [item.reason for item in left_out] == ["it is a building of the estate itself"]
    private = private_places(table, estate.buildings)
    assert private["name"].tolist() == ["Dormitory"]


@pytest.mark.parametrize(
    ("drawn", "word", "kind", "use"),
    [
        ("point", "street lamp", "lamp", ""),
        ("point", "main", "entrance", "main"),
        ("point", "home", "entrance", "home"),
        ("point", "garage", "entrance", "garage"),
        ("point", "yes", "entrance", ""),
        ("point", "entrance", "entrance", ""),
        ("point", "bicycle_parking", "bicycle rack", ""),
        ("square", "bicycle parking", "bicycle rack", ""),
        ("square", "house", "building", "house"),
        ("square", "semidetached_house", "building", "semidetached_house"),
        ("square", "garage", "building", "garage"),
        ("square", "service", "building", "service"),
        ("square", "yes", "building", ""),
        ("square", "", "building", ""),
        ("square", "anything else", "building", "anything else"),
        ("line", "private", "private", ""),
    ],
)
def test_words_of_openstreetmap_are_known(
    build: ModuleType, around: Any, drawn: str, word: str, kind: str, use: str
) -> None:
    shapes = {
        "point": lambda **said: build.point_feature(400, 0, **said),
        "line": lambda **said: build.line_feature([(400, 0), (410, 0)], **said),
        "square": lambda **said: build.square_feature(400, 0, 20, **said),
    }
    table, left_out = around(shapes[drawn](kind=word))
    assert table[["kind", "use"]].to_numpy().tolist() == [[kind, use]]
    assert left_out == []


def test_openstreetmap_s_own_tag_says_the_use_of_a_building(build: ModuleType, around: Any) -> None:
    table, _ = around(build.square_feature(400, 0, 20, building="house"))
    assert table[["kind", "use"]].to_numpy().tolist() == [["building", "house"]]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (lambda build: build.point_feature(400, 0, kind="tree"), "of the kind 'tree'"),
        (lambda build: build.point_feature(400, 0), "of the kind ''"),
        (lambda build: build.line_feature([(400, 0), (410, 0)], kind="main"), "of the kind 'main'"),
        (lambda build: build.point_feature(400, 0, kind="building"), "must be a polygon"),
        (lambda build: build.point_feature(400, 0, kind="no camera"), "must be a polygon"),
        (lambda build: build.square_feature(400, 0, 9, kind="street lamp"), "must be a point"),
        (lambda build: build.square_feature(400, 0, 9, kind="gate"), "must be a point"),
        (lambda build: build.square_feature(400, 0, 0, kind="house"), "no area"),
    ],
)
def test_what_is_no_surroundings_is_left_out_with_a_reason(
    build: ModuleType, around: Any, odd: Any, reason: str
) -> None:
    table, left_out = around(build.point_feature(400, 9, kind="lamp"), odd(build))
    assert table["kind"].tolist() == ["lamp"]
    assert [(item.file, item.row) for item in left_out] == [("around.json", 2)]
    assert reason in left_out[0].reason


def test_a_building_of_the_estate_is_left_out(build: ModuleType, around: Any) -> None:
    table, left_out = around(
        build.square_feature(12, 12, 30, name="The Hall", kind="university"),
        # 40 % of it lies on the chapel.
        build.square_feature(82, 60, 20, name="Beside", kind="house"),
        # On the ground of a site that has no building, and of one that has.
        build.square_feature(20, 320, 30, name="Stacks", kind="library"),
        build.square_feature(45, 5, 10, name="Shed", kind="shed"),
        build.square_feature(15, 15, 10, kind="no camera"),
    )
    assert table["name"].tolist() == ["Beside", "Stacks", "Shed", ""]
    assert [(item.name, item.row) for item in left_out] == [("The Hall", 1)]
    assert "estate itself" in left_out[0].reason


def test_lamps_of_one_feature_are_as_many_lamps(build: ModuleType, around: Any) -> None:
    places = [list(build.degrees(x, -5)) for x in (0, 40, 80)]
    lamps = build.feature({"type": "MultiPoint", "coordinates": places}, kind="lamp")
    table, _ = around(lamps, build.point_feature(0, 0, kind="gate"))
    assert table["kind"].tolist() == ["lamp"] * 3 + ["gate"]
    assert set(table.geom_type) == {"Point"}


def test_a_self_crossing_building_is_mended(build: ModuleType, around: Any) -> None:
    ring = [list(build.degrees(*place)) for place in
            [(400, 0), (420, 20), (420, 0), (400, 20), (400, 0)]]  # fmt: skip
    bow = build.feature({"type": "Polygon", "coordinates": [ring]}, kind="house")
    table, _ = around(bow)
    assert table.geometry.is_valid.all()
    assert table.geometry.area.sum() == pytest.approx(200, rel=1e-2)


@pytest.mark.parametrize("height", [0, -3, "tall", "inf", [5], "nan"])
def test_a_height_that_is_none_is_named_with_its_feature(
    build: ModuleType, around: Any, height: object
) -> None:
    with pytest.raises(EstateError, match=r"around.json: feature 2: 'height_m'"):
        around(
            build.point_feature(400, 9, kind="lamp", height_m=5),
            build.square_feature(400, 0, 9, kind="house", height_m=height),
        )


@pytest.mark.parametrize("listed", ["no", False, None, "", "None"])
def test_what_is_not_listed_says_nothing(build: ModuleType, around: Any, listed: object) -> None:
    table, _ = around(build.square_feature(400, 0, 9, kind="house", listed=listed))
    assert table["listed"].tolist() == [""]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["point", "line", "square", "dot"]),
            st.sampled_from([*CALLED, *DOORS, "house", "tree", "Gate ", "NO_CAMERA"]) | st.text(),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_feature_is_taken_or_left_out(
    build: ModuleType, estate: Estate, drawn: list[tuple[str, str]]
) -> None:
    shapes = {
        "point": shapely.Point(*build.metres(400, 0)),
        "line": shapely.LineString([build.metres(400, 0), build.metres(420, 0)]),
        "square": build.square(400, 0, 20),
        "dot": build.square(400, 0, 0),
    }
    frame = gpd.GeoDataFrame(
        {"kind": [word for _, word in drawn], "_file": "f", "_row": range(1, len(drawn) + 1)},
        geometry=[shapes[shape] for shape, _ in drawn],
        crs=build.CRS,
    )
    table, left_out = surroundings_from(frame, estate.sites, estate.buildings)
    assert len(table) + len(left_out) == len(drawn)
    assert set(table["kind"]) <= set(KINDS)
    areas = table[table["kind"].isin([BUILDING, "no camera"])]
    assert areas.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    assert all(item.reason for item in left_out)
    json.dumps([vars(item) for item in left_out])


def test_student_rooms_are_homes_whatever_the_map_calls_them(
    build: ModuleType, estate: Estate, around: Any
) -> None:
    words = ("dormitory", "university accommodation", "student_accommodation", "university")
    table, _ = around(
        *(
            build.square_feature(400 + 30 * at, 0, 20, building=word)
            for at, word in enumerate(words)
        )
    )
    private = private_places(table, estate.buildings.iloc[:0])["kind"].tolist()
    assert private == list(words[:3])


def test_private_places_are_windows_and_homes(build: ModuleType, around: Any) -> None:
    table, _ = around(
        build.line_feature([(10, 10), (40, 10)], kind="private", name="Staircase 4"),
        build.point_feature(15, 40, kind="private"),
        build.square_feature(400, 0, 20, kind="Semidetached_House"),
        build.square_feature(430, 0, 20, kind="house", name="The Nook"),
        build.square_feature(460, 0, 20, kind="shop"),
        build.point_feature(400, 0, kind="home"),
    )
    own = build.estate().buildings
    own["kind"] = own["kind"].mask(own["name"] == "Hall", "dormitory")
    places = private_places(table, own)
    assert places.columns.tolist() == ["name", "kind", "geometry"]
    assert places[["name", "kind"]].to_numpy().tolist() == [
        ["Staircase 4", "private"], ["Private window, 2", "private"],
        ["Semidetached_house, 1", "Semidetached_House"], ["The Nook", "house"],
        ["Hall", "dormitory"],
    ]  # fmt: skip
    assert places.geom_type.tolist() == ["LineString", "Point", *["LineString"] * 3]
    assert places.geometry.length.iloc[-1] == pytest.approx(120)
    assert places.crs == build.CRS


def test_without_surroundings_there_is_no_private_place(build: ModuleType, estate: Estate) -> None:
    places = private_places(no_surroundings(build.CRS), estate.buildings)
    assert places.empty
    assert places.columns.tolist() == ["name", "kind", "geometry"]
    assert places.crs == build.CRS
