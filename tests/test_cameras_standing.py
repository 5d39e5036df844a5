from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner.errors import EstateError
from planner.estate.cameras import COLUMNS, USUAL_RANGE_M, no_cameras, standing_cameras
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
