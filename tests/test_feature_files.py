import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError, RefusedFile, UnknownFormat
from planner.estate.layers.feature_files import geopackage_layers, shapefile_layers
from planner.estate.layers.features import read_features

NATIONAL_GRID = "EPSG:27700"
CAMERA = (451_592.0, 206_342.0)


def table(name: str = "Camera", crs: str | None = NATIONAL_GRID, **columns: Any) -> Any:
    shapes = [shapely.box(CAMERA[0], CAMERA[1], CAMERA[0] + 30, CAMERA[1] + 30)]
    return gpd.GeoDataFrame({"name": [name]} | columns, geometry=shapes, crs=crs)


def geopackage(folder: Path, **layers: Any) -> Path:
    path = folder / "estate.gpkg"
    for layer, frame in layers.items():
        frame.to_file(path, layer=layer, driver="GPKG")
    return path


def zipped(folder: Path, frame: Any, inside: str = "", without: str = "", **extra: bytes) -> Path:
    made = folder / "shapefile"
    made.mkdir()
    frame.to_file(made / "sites.shp")
    path = folder / "sites.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(made.iterdir()):
            if part.suffix not in (without, *(f".{name}" for name in extra)):
                archive.write(part, f"{inside}{part.name}")
        for ending, content in extra.items():
            archive.writestr(f"{inside}sites.{ending}", content)
    return path


def assert_at_the_camera(features: Any) -> None:
    middle = features.geometry.iloc[0].centroid
    assert (middle.x, middle.y) == pytest.approx((-1.2537, 51.7536), abs=5e-4)


def test_a_geopackage_is_read_in_its_own_system(tmp_path: Path) -> None:
    high = table(id=[7]).set_geometry([shapely.Point(*CAMERA, 64.0)])
    features, left_out = read_features(geopackage(tmp_path, sites=high))
    assert_at_the_camera(features)
    assert not features.geometry.has_z.any()
    assert features[["_file", "_row", "name", "id"]].to_numpy().tolist() == [
        ["estate.gpkg", 1, "Camera", 7]
    ]
    assert left_out == []


def test_each_layer_is_read_and_named(tmp_path: Path) -> None:
    path = geopackage(tmp_path, sites=table("A"), halls=table("B", "EPSG:27700"), empty=table("C"))
    features, _ = read_features(path)
    assert features[["_file", "name"]].to_numpy().tolist() == [
        ["estate.gpkg, layer sites", "A"], ["estate.gpkg, layer halls", "B"],
        ["estate.gpkg, layer empty", "C"],
    ]  # fmt: skip
    features, _ = read_features(path, layers=["halls"])
    assert features["name"].tolist() == ["B"]


def test_a_layer_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = geopackage(tmp_path, sites=table("A"), halls=table("B"))
    with pytest.raises(UnknownFormat, match=r"no layer 'huts'.*sites, halls"):
        read_features(path, layers=["huts"])


def test_layers_in_different_systems_come_together(tmp_path: Path) -> None:
    path = geopackage(tmp_path, a=table("A"), b=table("B").to_crs("EPSG:3857"))
    features, _ = read_features(path)
    assert features.geometry.iloc[0].distance(features.geometry.iloc[1]) < 1e-6


def test_a_feature_of_a_geopackage_without_a_shape_is_left_out(tmp_path: Path) -> None:
    shapes = [None, shapely.Point(*CAMERA)]
    both = gpd.GeoDataFrame({"name": ["x", "y"]}, geometry=shapes, crs=NATIONAL_GRID)
    features, left_out = read_features(geopackage(tmp_path, sites=both))
    assert features["_row"].tolist() == [2]
    assert [item.row for item in left_out] == [1]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIEW more AS SELECT * FROM sites",
        "CREATE TRIGGER own AFTER INSERT ON sites BEGIN DELETE FROM sites; END",
        "CREATE VIRTUAL TABLE words USING fts5(a)",
        "ALTER TABLE sites ADD COLUMN big AS (zeroblob(1000000000)) VIRTUAL",
        "CREATE TABLE t (a, b GENERATED ALWAYS AS (zeroblob(a)) STORED)",
    ],
)
def test_a_geopackage_that_computes_what_it_holds_is_refused(tmp_path: Path, sql: str) -> None:
    path = geopackage(tmp_path, sites=table())
    with closing(sqlite3.connect(path)) as database:
        database.execute(sql)
        database.commit()
    with pytest.raises(RefusedFile, match="computes"):
        read_features(path)


def test_a_view_named_as_a_layer_is_not_read(tmp_path: Path) -> None:
    path = geopackage(tmp_path, sites=table())
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIEW geometry_columns AS SELECT * FROM sites")
        database.execute("UPDATE gpkg_contents SET table_name = 'geometry_columns'")
        database.execute("UPDATE gpkg_geometry_columns SET table_name = 'geometry_columns'")
        database.commit()
    with pytest.raises(UnknownFormat, match="no layer"):
        read_features(path)


def test_a_database_that_is_no_geopackage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "planner.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE a (b)")
    with pytest.raises(UnknownFormat, match="no GeoPackage"):
        read_features(path)


@pytest.mark.parametrize("inside", ["", "export/2026/"])
def test_a_zipped_shapefile_is_read_in_its_own_system(tmp_path: Path, inside: str) -> None:
    features, _ = read_features(zipped(tmp_path, table("Café", BLDG_ID=[12]), inside))
    assert_at_the_camera(features)
    assert features[["_file", "_row", "name", "BLDG_ID"]].to_numpy().tolist() == [
        ["sites.zip", 1, "Café", 12]
    ]


@pytest.mark.parametrize("cpg", [b"UTF-8", b"utf8\n", b"65001"])
def test_the_stated_encoding_of_a_shapefile_is_used(tmp_path: Path, cpg: bytes) -> None:
    assert read_features(zipped(tmp_path, table("Café"), cpg=cpg))[0]["name"].tolist() == ["Café"]


def test_a_shapefile_without_a_system_needs_one_given(tmp_path: Path) -> None:
    path = zipped(tmp_path, table(), without=".prj")
    with pytest.raises(UnknownFormat, match="--crs"):
        read_features(path)
    assert_at_the_camera(read_features(path, NATIONAL_GRID)[0])


@pytest.mark.parametrize("part", [".shx", ".dbf", ".shp"])
def test_a_part_that_is_missing_is_named(tmp_path: Path, part: str) -> None:
    with pytest.raises(UnknownFormat, match=part):
        read_features(zipped(tmp_path, table(), without=part))


def test_an_unknown_projection_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"sites\.prj"):
        read_features(zipped(tmp_path, table(), prj=b"PROJCS[broken"))


@pytest.mark.parametrize("ending", ["shp", "shx", "dbf"])
@pytest.mark.parametrize("content", [b"", b"x" * 200, b"<OGRVRTDataSource></OGRVRTDataSource>"])
def test_a_part_that_is_something_else_is_named(
    tmp_path: Path, ending: str, content: bytes
) -> None:
    with pytest.raises(PlannerError, match=r"sites\.zip"):
        read_features(zipped(tmp_path, table(), **{ending: content}))


def test_an_index_that_names_one_shape_over_and_over_is_refused(tmp_path: Path) -> None:
    made = zipped(tmp_path, table())
    with zipfile.ZipFile(made) as archive:
        index = archive.read("sites.shx")
    path = tmp_path / "bomb"
    path.mkdir()
    with pytest.raises(RefusedFile, match="claims more"):
        read_features(zipped(path, table(), shx=index[:100] + index[100:108] * 1_000))


def test_a_degree_in_a_column_of_metres_is_recognised(tmp_path: Path) -> None:
    frame = table().to_crs("EPSG:4326").set_crs(NATIONAL_GRID, allow_override=True)
    with pytest.raises(PlannerError, match="look like degrees"):
        read_features(zipped(tmp_path, frame))


def test_an_unknown_given_system_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="EPSG:nowhere"):
        read_features(zipped(tmp_path, table()), "EPSG:nowhere")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    frame = table("Café", id=[1])
    return {
        "gpkg": geopackage(folder, sites=frame).read_bytes(),
        "zip": zipped(folder, frame).read_bytes(),
    }


@settings(max_examples=25)
@given(data=st.data())
def test_a_damaged_file_is_named_or_read(whole: dict[str, bytes], data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(whole)))
    content = bytearray(whole[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.just(len(content)) | st.integers(0, len(content)))])
    read = geopackage_layers if kind == "gpkg" else shapefile_layers
    try:
        layers = read(cut, Path("damaged"))
    except PlannerError as error:
        assert "damaged" in str(error)
        assert "\n" not in str(error)
        return
    assert all(len(layer.table) == len(layer.shapes) > 0 for layer in layers)


@settings(max_examples=20)
@given(entry=st.sampled_from(["shp", "shx", "dbf"]), data=st.data())
def test_a_damaged_part_is_named_or_read(
    whole: dict[str, bytes], entry: str, data: st.DataObject
) -> None:
    parts = {}
    with zipfile.ZipFile(io.BytesIO(whole["zip"])) as archive:
        parts = {info.filename: bytearray(archive.read(info)) for info in archive.infolist()}
    content = parts[f"sites.{entry}"]
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, bytes(part))
    try:
        layers = shapefile_layers(kept.getvalue(), Path("damaged"))
    except PlannerError as error:
        assert "damaged" in str(error)
        return
    assert all(len(layer.table) == len(layer.shapes) for layer in layers)


def test_a_workspace_s_own_estate_can_be_read(build: ModuleType, tmp_path: Path) -> None:
    frame = build.shapes_table(build.SHAPES)
    features, left_out = read_features(geopackage(tmp_path, shapes=frame))
    assert features["name"].tolist() == [properties["name"] for *_, properties in build.SHAPES]
    assert left_out == []
