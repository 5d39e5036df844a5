import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError, PlannerError, RefusedFile, UnknownFormat
from planner.estate.layers.features import read_features

CAMERA = pytest.approx((-1.2540, 51.7535), abs=1e-4)


def read(folder: Path, text: str, crs: str | None = None) -> Any:
    path = folder / "sites.csv"
    path.write_text(text, encoding="utf-8")
    return read_features(path, crs)


def place(features: Any) -> tuple[float, float]:
    middle = features.geometry.iloc[0].centroid
    return middle.x, middle.y


@pytest.mark.parametrize("names", [("longitude", "latitude"), ("Lon", " LAT "), ("lng", "lat")])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_longitude_and_latitude_need_no_system(
    tmp_path: Path, names: tuple[str, str], separator: str
) -> None:
    rows = [["name", *names], ["Radcliffe Camera", "-1.2540", " 51.7535"]]
    text = "\n".join(separator.join(row) for row in rows)
    features, left_out = read(tmp_path, text)
    assert place(features) == CAMERA
    assert features[["_file", "_row", "name"]].to_numpy().tolist() == [
        ["sites.csv", 1, "Radcliffe Camera"]
    ]
    assert left_out == []


@pytest.mark.parametrize("names", ["easting,northing", "X,Y", "X_COORDINATE,Y_COORDINATE"])
def test_easting_and_northing_need_a_system(tmp_path: Path, names: str) -> None:
    text = f"name,{names}\nCamera,451592,206342\n"
    with pytest.raises(UnknownFormat, match="--crs"):
        read(tmp_path, text)
    assert place(read(tmp_path, text, "EPSG:27700")[0]) == CAMERA


def test_degrees_in_grid_columns_are_recognised(tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="look like degrees"):
        read(tmp_path, "name,easting,northing\nx,-1.254,51.753\n", "EPSG:27700")


def test_a_grid_in_columns_of_degrees_is_recognised(tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="national grid"):
        read(tmp_path, "name,longitude,latitude\nx,451592,206342\n")


@pytest.mark.parametrize("column", ["wkt", "geometry", "WKT_GEOM"])
def test_shapes_in_wkt_need_a_system(tmp_path: Path, column: str) -> None:
    text = f'name,{column}\nx,"POLYGON Z ((0 0 1, 9 0 1, 9 9 1, 0 0 1))"\n'
    with pytest.raises(UnknownFormat, match="--crs"):
        read(tmp_path, text)
    features, _ = read(tmp_path, text, "EPSG:4326")
    assert features.geometry.iloc[0].area == pytest.approx(40.5)
    assert not features.geometry.has_z.any()


def test_rows_without_a_readable_place_are_left_out(tmp_path: Path) -> None:
    rows = ["1,,51.7", "2,-1.25,north", "3,-1.25,51.75", "4,nan,51.7", "5,inf,51.7", '6,"1,2",3']
    features, left_out = read(tmp_path, "name,lon,lat\n" + "\n".join(rows))
    assert features["name"].tolist() == ["3"]
    assert [item.row for item in left_out] == [1, 2, 4, 5, 6]


def test_text_stays_as_it_is_written(tmp_path: Path) -> None:
    features, _ = read(tmp_path, "name,code,lon,lat\nNA,00123,-1.25,51.75\n")
    assert features[["name", "code"]].to_numpy().tolist() == [["NA", "00123"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,place\nx,y\n", "longitude and latitude"),
        ("name,lon,lat\n", "without rows"),
        ("name,lon,lat\nx,1,2,3\n", "cannot be read|can be read"),
        ("name,lon,Lon,lat\nx,1,2,3\n", "two columns are named"),
        ('name,lon,lat\n"x,1,2', "can be read"),
    ],
)
def test_what_is_no_table_with_coordinates_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UnknownFormat, match=words):
        read(tmp_path, text)


def test_shapes_nested_without_end_are_left_out(tmp_path: Path) -> None:
    deep = "GEOMETRYCOLLECTION(" * 200_000 + "POINT(0 0)" + ")" * 200_000
    features, left_out = read(tmp_path, f"name;wkt\nx;{deep}\ny;POINT(1 2)\n", "EPSG:4326")
    assert features["name"].tolist() == ["y"]
    assert [item.row for item in left_out] == [1]


def test_a_table_of_endless_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="cells"):
        read(tmp_path, "lon,lat" + "," * 2_000 + "\n1,2\n")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_every_row_is_taken_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    quoted = ['"' + '","'.join(cell.replace('"', '""') for cell in row) + '"' for row in rows]
    text = "\n".join(["name,lon,lat", *quoted])
    try:
        features, left_out = read(tmp_path_factory.mktemp("csv"), text)
    except PlannerError:
        return
    taken = [*features["_row"], *(item.row for item in left_out)]
    assert sorted(taken) == list(range(1, len(rows) + 1))


@given(text=st.text(max_size=60), head=st.sampled_from(["", "lon,lat\n", "wkt;a\n"]))
def test_no_text_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, text: str, head: str
) -> None:
    folder = tmp_path_factory.mktemp("text")
    try:
        read(folder, head + text.encode("utf-8", "replace").decode("utf-8"), "EPSG:4326")
    except PlannerError as error:
        assert "\n" not in str(error)


def test_a_feature_s_own_id_is_among_its_properties(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [-1.25, 51.75]}
    features = [{"type": "Feature", "id": "way/1", "properties": {"name": "x"}, "geometry": point}]
    collection = {"type": "FeatureCollection", "features": features}
    assert read(tmp_path, json.dumps(collection))[0]["id"].tolist() == ["way/1"]


def test_geojson_in_a_given_grid_is_read(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [451_592, 206_342]}
    collection = {"type": "FeatureCollection", "features": [{"geometry": point, "properties": {}}]}
    assert place(read(tmp_path, json.dumps(collection), "EPSG:27700")[0]) == CAMERA


def test_halves_of_characters_are_replaced(tmp_path: Path) -> None:
    text = '{"features": [{"properties": {"name": "\\ud800x"}, "geometry": null}, {"geometry": '
    features, _ = read(tmp_path, text + '{"type": "Point", "coordinates": [1, 2]}}]}')
    features["name"].astype(str).str.encode("utf-8")


def test_properties_without_end_are_refused(tmp_path: Path) -> None:
    features = [
        {"properties": {f"{row}-{key}": 1 for key in range(150)}, "geometry": None}
        for row in range(200)
    ]
    with pytest.raises(RefusedFile, match="different properties"):
        read(tmp_path, json.dumps({"features": features}))
