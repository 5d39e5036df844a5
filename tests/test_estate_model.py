from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.errors import WorkspaceError
from planner.estate.model import FILE_NAME, Estate, load_estate, save_estate


def some_cameras(build: ModuleType) -> gpd.GeoDataFrame:
    table = {"name": ["Gate é"], "controller": ["service"], "range_m": [40.0]}
    return gpd.GeoDataFrame(table, geometry=[shapely.Point(build.metres(5, 5))], crs=build.CRS)


@pytest.mark.parametrize("with_streets", [True, False])
@pytest.mark.parametrize("with_cameras", [True, False])
def test_an_estate_reads_back_as_it_was_saved(
    build: ModuleType, tmp_path: Path, with_streets: bool, with_cameras: bool
) -> None:
    changes = {} if with_streets else {"streets": None}
    if with_cameras:
        changes |= {"cameras": some_cameras(build)}
    estate: Estate = build.estate(**changes)
    save_estate(estate, tmp_path)
    again = load_estate(tmp_path, build.CRS)
    for layer in ("sites", "buildings", "zones", "cameras"):
        before, after = getattr(estate, layer), getattr(again, layer)
        assert after.drop(columns="geometry").to_numpy().tolist() == (
            before.drop(columns="geometry").to_numpy().tolist()
        )
        assert shapely.equals_exact(after.geometry, before.geometry, 1e-6).all()
        assert after.columns.tolist() == before.columns.tolist()
    if with_streets:
        assert again.streets is not None
        assert estate.streets is not None
        assert np.array_equal(again.streets.points, estate.streets.points)
        assert np.array_equal(again.streets.edges, estate.streets.edges)
        assert again.streets.names.tolist() == estate.streets.names.tolist()
    else:
        assert again.streets is None


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "half", "no layer"])
def test_a_damaged_estate_file_is_named(build: ModuleType, tmp_path: Path, damage: str) -> None:
    path = tmp_path / FILE_NAME
    save_estate(build.estate(), tmp_path)
    whole = path.read_bytes()
    path.unlink()
    if damage == "no layer":
        sites = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs=build.CRS)
        sites.to_file(path, layer="other", driver="GPKG")
    elif damage != "missing":
        pieces = {"empty": b"", "text": b"no database", "half": whole[: len(whole) // 2]}
        path.write_bytes(pieces[damage])
    with pytest.raises(WorkspaceError, match=FILE_NAME):
        load_estate(tmp_path, build.CRS)


def test_posts_are_the_service_s_own(estate: Estate) -> None:
    assert estate.posts["name"].tolist() == ["Control Post"]


def test_the_middle_is_the_median_of_the_sites(estate: Estate, build: ModuleType) -> None:
    assert (estate.middle.x, estate.middle.y) == pytest.approx(build.metres(50, 50))


def test_stops_and_catchments_have_a_row_a_zone(estate: Estate) -> None:
    assert len(estate.catchments) == len(estate.stops.points) == len(estate.zones)
    assert shapely.contains(estate.catchments, shapely.centroid(estate.zones.geometry)).all()
