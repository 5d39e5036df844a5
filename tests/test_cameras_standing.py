import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner.errors import EstateError
from planner.estate.cameras import COLUMNS, USUAL, USUAL_RANGE_M, no_cameras, standing_cameras
from planner.estate.layers.features import read_features


def cameras(build: ModuleType, folder: Path, features: list[Any]) -> Any:
    path = build.write(folder / "cameras.json", build.collection(features))
    return standing_cameras(read_features(path)[0], build.CRS)


def test_cameras_have_name_controller_and_range(build: ModuleType, tmp_path: Path) -> None:
    table = cameras(
        build,
        tmp_path,
        [
            build.point_feature(0, 0, name="Gate", controller="service", range_m=35),
            build.point_feature(10, 0, range_m=None),
            build.square_feature(0, 0, 10, name="no camera"),
            build.point_feature(20, 0, name=" Lodge ", range_m="60.5"),
        ],
    )
    assert table.columns.tolist() == COLUMNS
    assert table["name"].tolist() == ["Gate", "Camera 2", "Lodge"]
    assert table["controller"].tolist() == ["service", "not stated", "not stated"]
    assert table["range_m"].tolist() == [35.0, USUAL_RANGE_M, 60.5]
    assert table.geometry.iloc[0].distance(table.geometry.iloc[2]) == pytest.approx(20, rel=1e-3)


def test_cameras_say_who_may_use_them_and_when(build: ModuleType, tmp_path: Path) -> None:
    table = cameras(
        build,
        tmp_path,
        [
            build.point_feature(0, 0, access="On request", valid_from="2026-01-01"),
            build.point_feature(9, 0, valid_to="2026-02-28T00:00:00"),
        ],
    )
    assert table["access"].tolist() == ["on request", "not stated"]
    assert table["valid_from"].tolist() == ["2026-01-01", ""]
    assert table["valid_to"].tolist() == ["", "2026-02-28"]


def test_a_camera_of_which_nothing_is_said_is_the_usual_one(
    build: ModuleType, tmp_path: Path
) -> None:
    camera = cameras(build, tmp_path, [build.point_feature(0, 0)]).iloc[0]
    for name, value in USUAL.items():
        assert camera[name] == value or (math.isnan(camera[name]) and math.isnan(value))


def test_cameras_say_which_way_they_look_and_how(build: ModuleType, tmp_path: Path) -> None:
    table = cameras(
        build,
        tmp_path,
        [
            build.point_feature(0, 0, kind="PTZ", bearing=360, height_m=6.5, sensor_px=3840),
            build.point_feature(1, 0, kind="all-round", bearing="NE", night_factor=0.4),
            build.point_feature(2, 0, kind="Relocatable", bearing="225°", field_of_view=70),
            build.point_feature(3, 0, kind="camera", field_of_view=120, bearing=""),
            build.point_feature(4, 0, **{"camera:type": "dome", "camera:direction": "SW"}),
            build.point_feature(5, 0, **{"camera:type": "fixed", "camera:direction": "1;2"}),
        ],
    )
    assert table["kind"].tolist() == [
        "pan-tilt-zoom", "all-round", "relocatable", "fixed", "pan-tilt-zoom", "fixed",
    ]  # fmt: skip
    assert table["bearing"].fillna(-1).tolist() == [0, 45, 225, -1, 225, -1]
    assert table["field_of_view"].tolist() == [90, 360, 70, 120, 90, 360]
    assert table["height_m"].tolist() == [6.5, 4, 4, 4, 4, 4]
    assert table["sensor_px"].fillna(0).tolist() == [3840, 0, 0, 0, 0, 0]
    assert table["night_factor"].fillna(-1).tolist() == [-1, 0.4, -1, -1, -1, -1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "drone"}, {"bearing": 361}, {"bearing": -1}, {"bearing": "up"},
        {"bearing": "nan"}, {"bearing": [5]}, {"field_of_view": 0}, {"field_of_view": 361},
        {"field_of_view": "wide"}, {"height_m": 0}, {"height_m": 101}, {"height_m": "inf"},
        {"sensor_px": 0}, {"sensor_px": "4K"}, {"night_factor": 1.5}, {"night_factor": -1},
    ],
    ids=repr,
)  # fmt: skip
def test_what_a_camera_cannot_be_is_named_with_its_feature(
    build: ModuleType, tmp_path: Path, wrong: dict[str, object]
) -> None:
    features = [build.point_feature(0, 0), build.point_feature(5, 0, **wrong)]
    name = next(iter(wrong))
    with pytest.raises(EstateError, match=rf"feature 2: '{name}' .*must be"):
        cameras(build, tmp_path, features)


def test_an_empty_cell_of_a_table_states_nothing(build: ModuleType, tmp_path: Path) -> None:
    longitude, latitude = build.degrees(0, 0)
    text = (
        "name,longitude,latitude,kind,bearing,fov,height_m\n"
        f"Gate,{longitude},{latitude},,,,\n"
        f"Lodge,{longitude},{latitude},ptz,90,60,5\n"
    )
    path = build.write(tmp_path / "cameras.csv", text)
    table = standing_cameras(read_features(path)[0], build.CRS)
    assert table["kind"].tolist() == ["fixed", "pan-tilt-zoom"]
    assert table["field_of_view"].tolist() == [360, 60]
    assert table["height_m"].tolist() == [4, 5]


def test_a_multipoint_is_several_cameras(build: ModuleType, tmp_path: Path) -> None:
    places = [list(build.degrees(x, 0)) for x in (0, 30)]
    both = build.feature({"type": "MultiPoint", "coordinates": places}, name="Pair")
    assert cameras(build, tmp_path, [both])["name"].tolist() == ["Pair", "Pair"]


@pytest.mark.parametrize(
    "wrong",
    [{"access": "private"}, {"valid_from": "01/02/2026"}, {"valid_to": "2026-02-30"},
     {"valid_from": "2026-2-1"}, {"valid_from": "2026-02-02", "valid_to": "2026-02-01"}],
)  # fmt: skip
def test_an_access_or_a_day_that_is_none_is_named_with_its_feature(
    build: ModuleType, tmp_path: Path, wrong: dict[str, str]
) -> None:
    features = [build.point_feature(0, 0), build.point_feature(0, 0, **wrong)]
    with pytest.raises(EstateError, match=rf"feature 2: '({'|'.join(wrong)})'"):
        cameras(build, tmp_path, features)


def test_without_a_stated_range_the_usual_one_holds(build: ModuleType, tmp_path: Path) -> None:
    table = cameras(build, tmp_path, [build.point_feature(0, 0, name="Gate")])
    assert table["range_m"].tolist() == [USUAL_RANGE_M]


@pytest.mark.parametrize(
    "stated", [-1, 0, "far", "", [5], {"m": 5}, "nan", "inf", float("inf")], ids=repr
)
def test_a_range_that_is_no_positive_number_is_named_with_its_feature(
    build: ModuleType, tmp_path: Path, stated: object
) -> None:
    features = [
        build.point_feature(0, 0, range_m=10),
        build.square_feature(0, 0, 10),
        build.point_feature(5, 0, range_m=stated),
    ]
    with pytest.raises(EstateError, match=r"feature 3.*range_m"):
        cameras(build, tmp_path, features)


def test_a_layer_without_points_holds_no_camera(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="no point"):
        cameras(build, tmp_path, [build.square_feature(0, 0, 10)])


def test_no_cameras_is_an_empty_table(build: ModuleType) -> None:
    table = no_cameras(build.CRS)
    assert table.empty
    assert table.columns.tolist() == COLUMNS
    assert table.crs.to_authority() == ("EPSG", "32630")
