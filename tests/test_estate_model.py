from datetime import date
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.errors import WorkspaceError
from planner.estate.cameras import standing_cameras
from planner.estate.model import FILE_NAME, Estate, load_estate, save_estate
from planner.estate.surroundings import COLUMNS as SURROUNDINGS_COLUMNS
from planner.estate.surroundings import surroundings_from
from planner.settings import Settings


def some_cameras(build: ModuleType) -> gpd.GeoDataFrame:
    features = [build.point_feature(5, 5, name="Gate é", controller="service", range_m=40.0),
                build.point_feature(9, 5, name="Lodge", controller="Alpha College"),
                build.point_feature(9, 9, name="Post", controller="Security Office"),
                build.point_feature(9, 20, name="Street")]  # fmt: skip
    frame = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    return standing_cameras(frame.assign(_file="cameras", _row=range(1, 5)), build.CRS)


def some_surroundings(build: ModuleType, *more: object) -> gpd.GeoDataFrame:
    features = [build.square_feature(400, 0, 20, kind="house", height_m=7, listed="II*"),
                build.point_feature(-5, 5, kind="street lamp", valid_to="2020-12-31"),
                build.line_feature([(10, 10), (40, 10)], kind="private", name="Staircase é"),
                *more]  # fmt: skip
    frame = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    sites = build.estate()
    marked = frame.assign(_file="around", _row=range(1, len(frame) + 1))
    return surroundings_from(marked, sites.sites, sites.buildings)[0]


def rows(table: gpd.GeoDataFrame) -> list[list[object]]:
    """The properties of a table; what is not known is None, since NaN equals nothing."""
    values = table.drop(columns="geometry").astype(object)
    listed: list[list[object]] = values.where(values.notna(), None).to_numpy().tolist()
    return listed


@pytest.mark.parametrize("with_streets", [True, False])
@pytest.mark.parametrize("with_cameras", [True, False])
def test_an_estate_reads_back_as_it_was_saved(
    build: ModuleType, tmp_path: Path, with_streets: bool, with_cameras: bool
) -> None:
    changes = {} if with_streets else {"streets": None}
    if with_cameras:
        changes |= {"cameras": some_cameras(build), "surroundings": some_surroundings(build)}
    estate: Estate = build.estate(**changes)
    save_estate(estate, tmp_path)
    again = load_estate(tmp_path, Settings(crs=build.CRS), date(2020, 6, 1))
    for layer in ("sites", "buildings", "zones", "cameras", "surroundings"):
        before, after = getattr(estate, layer), getattr(again, layer)
        assert rows(after) == rows(before)
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
        load_estate(tmp_path, Settings(crs=build.CRS))


def dated(build: ModuleType, **days: tuple[str, str]) -> Estate:
    """The small estate, with days of validity by name."""
    estate = build.estate(cameras=some_cameras(build))
    for table in (estate.sites, estate.buildings, estate.cameras):
        known = [days.get(name.split()[0].lower(), ("", "")) for name in table["name"]]
        table["valid_from"], table["valid_to"] = (
            [first for first, _ in known],
            [last for _, last in known],
        )
    made: Estate = estate
    return made


def test_an_estate_is_loaded_as_it_stands_on_a_day(build: ModuleType, tmp_path: Path) -> None:
    days = {"beta": ("", "2020-12-31"), "hall": ("2021-01-01", ""), "lodge": ("2030-01-01", "")}
    save_estate(dated(build, **days), tmp_path)

    def on(day: date | None, **options: str) -> Estate:
        return load_estate(tmp_path, Settings(crs=build.CRS, **options), day)

    before, after = on(date(2020, 12, 31)), on(date(2021, 1, 1))
    assert before.sites["name"].tolist() == ["Alpha College", "Beta Museum", "Gamma Library"]
    assert sorted(before.buildings["name"]) == ["Chapel", "Control Post", "Gamma Library"]
    assert "Lodge" not in before.cameras["name"].tolist()
    assert after.sites["name"].tolist() == ["Alpha College", "Gamma Library"]
    # What stood on a site that is no more is gone with it, and so is its catchment.
    assert sorted(after.buildings["name"]) == ["Chapel", "Gamma Library", "Hall"]
    assert after.zones["zone"].tolist() == ["alpha-college", "gamma-library"]
    assert len(on(date(2021, 1, 1), zones="beats").zones) == 3
    assert on(None).sites["name"].tolist() == after.sites["name"].tolist()
    assert "Lodge" in on(date(2030, 1, 1)).cameras["name"].tolist()


def test_what_stands_around_is_loaded_as_it_stands_on_a_day(
    build: ModuleType, tmp_path: Path
) -> None:
    save_estate(build.estate(surroundings=some_surroundings(build)), tmp_path)
    on = [date(2020, 12, 31), date(2021, 1, 1)]
    found = [load_estate(tmp_path, Settings(crs=build.CRS), day).surroundings for day in on]
    assert [table["kind"].tolist() for table in found] == [
        ["building", "lamp", "private"], ["building", "private"],
    ]  # fmt: skip


def test_buildings_of_the_estate_and_around_it_block_views(build: ModuleType) -> None:
    estate = build.estate(surroundings=some_surroundings(build))
    # Gamma, a site of 100 m by 100 m without a building, is ground.
    assert sorted(shapely.area(estate.outlines).round().tolist()) == [400, 900, 900, 900]
    assert len(build.estate().outlines) == 3


def test_an_estate_without_a_site_on_the_day_is_named(build: ModuleType, tmp_path: Path) -> None:
    later = ("2020-01-01", "")
    save_estate(dated(build, alpha=later, beta=later, gamma=later), tmp_path)
    with pytest.raises(WorkspaceError, match="2019-12-31"):
        load_estate(tmp_path, Settings(crs=build.CRS), date(2019, 12, 31))


def test_an_estate_of_an_earlier_version_gets_the_columns_it_lacks(
    build: ModuleType, tmp_path: Path
) -> None:
    old = build.estate(cameras=some_cameras(build))
    new = ["reference", "valid_from", "valid_to"]
    only = {
        "sites": old.sites.drop(columns=new),
        "buildings": old.buildings.drop(
            columns=[*new, "number", "uprn", "departments", "aliases", "listed"]
        ),
        "cameras": old.cameras[["name", "controller", "range_m", "geometry"]],
    }
    save_estate(build.estate(**only), tmp_path)
    again = load_estate(tmp_path, Settings(crs=build.CRS))
    for layer in only:
        expected = getattr(old, layer)
        assert getattr(again, layer).columns.tolist() == expected.columns.tolist()
        assert rows(getattr(again, layer)) == (
            rows(expected.assign(**({"aliases": "[]"} if layer == "buildings" else {})))
        )
    assert again.surroundings.empty
    assert again.surroundings.columns.tolist() == SURROUNDINGS_COLUMNS
    assert again.surroundings.crs == build.CRS


def test_columns_of_the_streets_are_kept(build: ModuleType, tmp_path: Path) -> None:
    estate = build.estate()
    estate.streets.lines["opening_hours"] = "Mo-Su 07:00-22:00"
    save_estate(estate, tmp_path)
    again = load_estate(tmp_path, Settings(crs=build.CRS))
    assert again.streets is not None
    assert set(again.streets.lines["opening_hours"]) == {"Mo-Su 07:00-22:00"}


def test_cameras_are_the_service_s_own_or_those_of_others(build: ModuleType) -> None:
    estate = build.estate(cameras=some_cameras(build))
    estate.buildings.loc[estate.buildings["kind"] == "post", "controller"] = "Security Office"
    assert estate.own_cameras["name"].tolist() == ["Gate é", "Post"]
    assert estate.others_cameras["name"].tolist() == ["Lodge", "Street"]


def test_points_fall_into_zones_of_the_area(build: ModuleType, estate: Estate) -> None:
    places = [build.metres(50, 50), build.metres(20, 420), build.metres(9_000, 0)]
    rows = estate.zone_of(np.array(places))
    assert [estate.zones["zone"].iloc[row] if row >= 0 else "" for row in rows] == [
        "alpha-college", "gamma-library", "",
    ]  # fmt: skip
    assert shapely.contains_xy(estate.area, *places[0])


def test_beats_are_part_of_the_area(build: ModuleType) -> None:
    beat = gpd.GeoDataFrame(
        {"zone": ["park"], "name": ["Park"]}, geometry=[build.square(5_000, 0, 50)], crs=build.CRS
    )
    estate = build.estate(zones=beat, zone_kind="beats")
    assert estate.zone_of(np.array([build.metres(5_010, 10)])).tolist() == [0]
    assert build.estate(zones=beat).zone_of(np.array([build.metres(5_010, 10)])).tolist() == [-1]


def test_posts_are_the_service_s_own(estate: Estate) -> None:
    assert estate.posts["name"].tolist() == ["Control Post"]


def test_the_middle_is_the_median_of_the_sites(estate: Estate, build: ModuleType) -> None:
    assert (estate.middle.x, estate.middle.y) == pytest.approx(build.metres(50, 50))


def test_stops_and_catchments_have_a_row_a_zone(estate: Estate) -> None:
    assert len(estate.catchments) == len(estate.stops.points) == len(estate.zones)
    assert shapely.contains(estate.catchments, shapely.centroid(estate.zones.geometry)).all()
