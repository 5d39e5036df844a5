from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner.errors import EstateError
from planner.estate.cameras import COLUMNS, USUAL_RANGE_M, no_cameras, standing_cameras
from planner.estate.features import read_features


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
