import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError, PlannerError, UnknownFormat, UnreadableFile
from planner.estate.layers.features import read_features, read_text, text_column, unique_ids

PLACES = st.lists(st.floats(allow_nan=True), max_size=3)
GEOMETRIES = st.none() | st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "Sphere"]),
        "coordinates": PLACES | st.lists(PLACES, max_size=4),
    }
)


@pytest.mark.parametrize(
    ("content", "word"),
    [(None, "cannot be read"), (b"", "empty"), (b" \n\t ", "empty"), (b"\x89PNG\xff", "UTF-8"),
     (b"{\0}", "binary")],
)  # fmt: skip
def test_what_is_no_text_is_unreadable(tmp_path: Path, content: bytes | None, word: str) -> None:
    path = tmp_path / "sites.geojson"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=word) as caught:
        read_text(path, "a GeoJSON file")
    assert str(path) in str(caught.value)


def test_a_folder_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_text(tmp_path, "a GeoJSON file")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf{}")
    assert read_text(path, "JSON") == "{}"


@pytest.mark.parametrize(
    "text",
    [
        "{", "no json", "[]", "5", "null", '{"type": "Feature"}', '{"features": {}}',
        '{"features": [1, 2]}', '{"features": []}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_collection_of_features_is_an_unknown_format(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(UnknownFormat):
        read_features(path)


def test_the_line_of_broken_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"features":\n[{]\n}')
    with pytest.raises(UnknownFormat, match="line 2"):
        read_features(path)


def test_a_number_of_thousands_of_digits_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"features": [{"id": ' + "9" * 5_000 + "}]}")
    with pytest.raises(UnknownFormat):
        read_features(path)


@pytest.mark.parametrize("properties", ["text", [1, 2], 5])
def test_properties_that_are_no_object_cost_at_most_their_feature(
    build: ModuleType, tmp_path: Path, properties: Any
) -> None:
    odd = build.square_feature(0, 0, 10) | {"properties": properties}
    text = build.collection([build.square_feature(50, 0, 10, name="Good"), odd])
    try:
        features, _ = read_features(build.write(tmp_path / "a.json", text))
    except PlannerError:
        return
    assert features["name"].iloc[0] == "Good"


@pytest.mark.parametrize("member", [{"properties": None}, {"properties": "EPSG:4326"}, "x", []])
def test_an_odd_crs_member_is_no_traceback(
    build: ModuleType, tmp_path: Path, member: object
) -> None:
    text = build.collection([build.square_feature(0, 0, 10)], crs=member)
    try:
        features, _ = read_features(build.write(tmp_path / "a.json", text))
    except PlannerError:
        return
    assert len(features) == 1


def test_a_declared_crs_is_understood(build: ModuleType, tmp_path: Path) -> None:
    shape = {"type": "Point", "coordinates": [451_592, 206_342]}
    member = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    text = build.collection([build.feature(shape)], crs=member)
    features, _ = read_features(build.write(tmp_path / "a.json", text))
    assert features.geometry.iloc[0].x == pytest.approx(-1.2540, abs=0.001)
    assert features.geometry.iloc[0].y == pytest.approx(51.7535, abs=0.001)


def test_an_unknown_crs_is_named(build: ModuleType, tmp_path: Path) -> None:
    text = build.collection(
        [build.square_feature(0, 0, 10)], crs={"properties": {"name": "EPSG:999999"}}
    )
    with pytest.raises(UnknownFormat, match="EPSG:999999"):
        read_features(build.write(tmp_path / "a.json", text))


def test_national_grid_coordinates_are_recognised(build: ModuleType, tmp_path: Path) -> None:
    text = build.collection(
        [build.feature({"type": "Point", "coordinates": [451_592, 206_342]}, name="x")]
    )
    with pytest.raises(EstateError, match="national grid"):
        read_features(build.write(tmp_path / "a.json", text))


def test_rows_are_counted_from_one_and_a_third_dimension_is_dropped(
    build: ModuleType, tmp_path: Path
) -> None:
    features = [
        build.feature(None, name="nowhere"),
        build.feature({"type": "Point", "coordinates": [-1.25, 51.75, 64.0]}, name="high"),
        build.feature({"type": "Polygon", "coordinates": []}, name="empty"),
    ]
    table, left_out = read_features(build.write(tmp_path / "a.json", build.collection(features)))
    assert table[["_file", "_row", "name"]].to_numpy().tolist() == [["a.json", 2, "high"]]
    assert not table.geometry.has_z.any()
    assert [(item.file, item.row) for item in left_out] == [("a.json", 1), ("a.json", 3)]


@given(geometries=st.lists(GEOMETRIES, min_size=1, max_size=5))
def test_every_feature_is_taken_or_left_out_with_a_reason(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory, geometries: list[Any]
) -> None:
    text = build.collection([build.feature(shape, name="x") for shape in geometries])
    path = build.write(tmp_path_factory.mktemp("features") / "a.json", text)
    try:
        table, left_out = read_features(path)
    except PlannerError:
        return
    rows = sorted([*table["_row"], *(item.row for item in left_out)])
    assert rows == list(range(1, len(geometries) + 1))
    assert all(item.reason for item in left_out)
    assert np.isfinite(table.total_bounds).all() or table.empty


@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                          lambda inner: st.lists(inner, max_size=3)
                          | st.dictionaries(st.text(max_size=4), inner, max_size=3)))  # fmt: skip
def test_json_of_any_shape_is_no_traceback(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(value))
    with pytest.raises(PlannerError):
        read_features(path)


def test_the_first_named_column_that_exists_is_taken() -> None:
    table = pd.DataFrame({"type_name": [" Hall ", None, 5]})
    assert text_column(table, "kind", "type_name", default="site").tolist() == ["Hall", "site", "5"]
    assert text_column(table, "kind", default="site").tolist() == ["site"] * 3


def test_equal_names_get_numbered_identifiers() -> None:
    names = pd.Series(["St John's", "St Johns", "Queen\u2019s & Co.", "Café", "?!", "st johns 2"])
    assert unique_ids(names).tolist() == [
        "st-johns", "st-johns-2", "queens-co", "cafe", "unnamed", "st-johns-2-2",
    ]  # fmt: skip


@given(names=st.lists(st.text("aA1-' é", max_size=4) | st.text(max_size=6), max_size=12))
def test_identifiers_are_unique_and_plain(names: list[str]) -> None:
    identifiers = unique_ids(pd.Series(names, dtype=object))
    assert len(identifiers) == len(names)
    assert not identifiers.duplicated().any()
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) for text in identifiers)
