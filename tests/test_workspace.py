import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import pytest

from planner.errors import EstateError, PlannerError, SettingsError
from planner.service.workspace import (
    EstateFiles,
    make_workspace,
    open_register,
    open_workspace,
    register_url,
    take_picture,
)
from planner.settings import Settings


def shapes(build: ModuleType) -> Any:
    return gpd.GeoDataFrame.from_features(build.site_features(), crs="EPSG:4326")


def as_geojson(build: ModuleType, folder: Path) -> EstateFiles:
    path = build.write(folder / "sites.json", build.collection(build.site_features()))
    return EstateFiles([path])


def as_geopackage(build: ModuleType, folder: Path) -> EstateFiles:
    path = folder / "sites.gpkg"
    shapes(build).to_crs("EPSG:27700").to_file(path, layer="all", driver="GPKG")
    return EstateFiles([path])


def as_shapefile(build: ModuleType, folder: Path) -> EstateFiles:
    shapes(build).to_crs("EPSG:3857").to_file(folder / "sites.shp")
    path = folder / "sites.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.glob("sites.[!z]*"):
            archive.write(part, part.name)
    return EstateFiles([path])


def as_table(build: ModuleType, folder: Path) -> EstateFiles:
    frame = shapes(build)
    path = folder / "sites.csv"
    frame.assign(wkt=frame.geometry.to_wkt()).drop(columns="geometry").to_csv(path, index=False)
    return EstateFiles([path], crs="EPSG:4326")


@pytest.mark.parametrize("made", [as_geojson, as_geopackage, as_shapefile, as_table])
def test_every_format_gives_the_same_estate(build: ModuleType, tmp_path: Path, made: Any) -> None:
    files = made(build, tmp_path)
    new = make_workspace(tmp_path / "workspace", files)
    _, estate = open_workspace(tmp_path / "workspace")
    expected = build.estate()
    for layer, columns in (("sites", ["site", "name", "aliases"]),
                           ("buildings", ["building", "site", "name", "kind"])):  # fmt: skip
        table, known = getattr(estate, layer), getattr(expected, layer)
        assert table[columns].to_numpy().tolist() == known[columns].to_numpy().tolist()
        assert (table.geometry.centroid.distance(known.geometry.centroid) < 2).all()
    assert new.left_out == new.noted == ()


def test_layers_and_fields_can_be_named(build: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "all.gpkg"
    frame = shapes(build).assign(title=lambda table: table["name"].str.upper(), code=range(6))
    frame.to_file(path, layer="sites", driver="GPKG")
    frame.to_crs("EPSG:3857").to_file(path, layer="copies", driver="GPKG")
    files = EstateFiles([path], name_field="title", id_field="code", layers=["copies"])
    new = make_workspace(tmp_path / "workspace", files)
    assert new.estate.sites["name"].tolist() == ["ALPHA COLLEGE", "BETA MUSEUM", "GAMMA LIBRARY"]
    assert new.estate.sites["reference"].tolist() == ["0", "1", "2"]
    assert new.layers == ("all.gpkg, layer copies",)


def around(build: ModuleType) -> list[Any]:
    return [build.square_feature(400, 0, 20, kind="house", height_m=7.5),
            build.square_feature(11, 11, 30, kind="building"),
            build.square_feature(50, 0, 9, kind="no camera", listed="I")]  # fmt: skip


@pytest.mark.parametrize("made", ["geojson", "gpkg", "shapefile", "table"])
def test_surroundings_come_in_every_format_and_from_several_files(
    build: ModuleType, tmp_path: Path, made: str
) -> None:
    frame = gpd.GeoDataFrame.from_features(around(build), crs="EPSG:4326")
    path = tmp_path / f"around.{made}"
    if made == "geojson":
        build.write(path, build.collection(around(build)))
    elif made == "gpkg":
        frame.to_crs("EPSG:27700").to_file(path, layer="all", driver="GPKG")
    elif made == "shapefile":
        frame.to_crs("EPSG:3857").to_file(tmp_path / "around.shp")
        with zipfile.ZipFile(path, "w") as archive:
            for end in ("shp", "shx", "dbf", "prj"):
                archive.write(tmp_path / f"around.{end}", f"around.{end}")
    else:
        frame.assign(wkt=frame.geometry.to_wkt()).drop(columns="geometry").to_csv(path)
    lamps = f"kind,longitude,latitude\nlamp,{build.degrees(0, -5)[0]},{build.degrees(0, -5)[1]}\n"
    files = EstateFiles(
        as_geojson(build, tmp_path).sites,
        crs="EPSG:4326",
        surroundings=[path, build.write(tmp_path / "lamps.csv", lamps)],
    )
    new = make_workspace(tmp_path / "workspace", files)
    _, estate = open_workspace(tmp_path / "workspace")
    table = estate.surroundings
    assert table["kind"].tolist() == ["building", "no camera", "lamp"]
    assert table["use"].tolist() == ["house", "", ""]
    assert table["height_m"].fillna(0).tolist() == [7.5, 0, 0]
    assert table["listed"].tolist() == ["", "I", ""]
    assert table.crs == estate.sites.crs
    assert [item.reason for item in new.left_out] == ["it is a building of the estate itself"]


def test_a_workspace_without_surroundings_has_none(workspace: Path) -> None:
    _, estate = open_workspace(workspace)
    assert estate.surroundings.empty
    assert estate.surroundings.crs == estate.sites.crs


def test_buildings_say_as_what_they_are_listed(build: ModuleType, tmp_path: Path) -> None:
    features = build.site_features()
    features[3]["properties"]["listed"] = "II*"
    path = build.write(tmp_path / "sites.json", build.collection(features))
    make_workspace(tmp_path / "workspace", EstateFiles([path]))
    _, estate = open_workspace(tmp_path / "workspace")
    listed = estate.buildings.set_index("name")["listed"].to_dict()
    assert listed == {"Hall": "II*", "Chapel": "", "Control Post": "", "Gamma Library": ""}


@pytest.mark.parametrize(("kind", "least"), [("streets", 5), ("grid", 8), ("catchments", 3)])
def test_the_kind_of_zone_is_kept(build: ModuleType, tmp_path: Path, kind: Any, least: int) -> None:
    folder = tmp_path / "workspace"
    new = build.new_workspace(folder, zones=kind, grid_m=200.0)
    settings, estate = open_workspace(folder)
    assert (settings.zones, settings.grid_m, estate.zone_kind) == (kind, 200.0, kind)
    assert len(estate.zones) == len(new.estate.zones) >= least


def test_beats_are_the_zones_where_they_are_given(build: ModuleType, tmp_path: Path) -> None:
    beats = build.write(
        tmp_path / "beats.json", build.collection([build.square_feature(0, 0, 400, name="All")])
    )
    sites = as_geojson(build, tmp_path).sites
    make_workspace(tmp_path / "workspace", EstateFiles(sites, zones=beats))
    settings, estate = open_workspace(tmp_path / "workspace")
    assert (settings.zones, estate.zones["name"].tolist()) == ("beats", ["All"])
    with pytest.raises(EstateError, match="one or the other"):
        make_workspace(tmp_path / "other", EstateFiles(sites, zones=beats), zones="grid")
    with pytest.raises(EstateError, match="beats"):
        make_workspace(tmp_path / "other", EstateFiles(sites), zones="beats")


def test_an_impossible_square_is_named(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="grid_m"):
        make_workspace(tmp_path / "workspace", as_geojson(build, tmp_path), grid_m=0.5)
    assert not (tmp_path / "workspace").exists()


def test_a_workspace_has_its_categories(workspace: Path) -> None:
    settings, _ = open_workspace(workspace)
    assert settings.categories == Settings(crs="EPSG:32630").categories


def test_the_environment_names_the_register_first(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(crs="EPSG:32630", register_url="postgresql://server/register")
    monkeypatch.delenv("PLANNER_REGISTER_URL", raising=False)
    assert register_url(workspace, settings) == "postgresql://server/register"
    assert register_url(workspace, Settings(crs="EPSG:32630")) == ""
    monkeypatch.setenv("PLANNER_REGISTER_URL", "postgresql://other/register")
    assert register_url(workspace, settings) == "postgresql://other/register"


def test_a_register_that_can_t_be_used_is_named(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_REGISTER_URL", "mysql://server/register")
    with pytest.raises(PlannerError, match="mysql"):
        open_register(workspace, Settings(crs="EPSG:32630"))


def test_a_picture_of_a_past_day_has_the_estate_of_that_day(
    build: ModuleType, tmp_path: Path
) -> None:
    features = build.site_features()
    features[1]["properties"]["valid_to"] = "2024-03-31"
    path = build.write(tmp_path / "sites.json", build.collection(features))
    folder = tmp_path / "workspace"
    make_workspace(folder, EstateFiles([path]), time_zone="America/Chicago")
    # It is the last of March still in Chicago.
    then = take_picture(folder, datetime(2024, 4, 1, 4, tzinfo=UTC))
    assert len(then.estate.sites) == 3
    assert then.recorded_until == datetime(2024, 4, 1, 4, tzinfo=UTC)
    assert len(take_picture(folder).estate.sites) == 2
    assert len(open_workspace(folder, date(2024, 3, 31))[1].sites) == 3
