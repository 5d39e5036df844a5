from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.geo import to_metric
from planner.incidents.checks import Reasons, column_of, coordinates
from planner.incidents.source_profiles import SourceProfile

OXFORD = (-1.2540, 51.7534)
# The Radcliffe Camera on the National Grid.
EASTING, NORTHING = "451592", "206342"


def profile(crs: str = "EPSG:4326", **columns: str) -> SourceProfile:
    return SourceProfile.model_validate(
        {
            "source": "test",
            "required": ["n"],
            "crs": crs,
            "columns": {"reference": "n", "category": "c", "month": "m"} | columns,
            "dates": {"month": ["YYYY-MM"]},
        }
    )


DEGREES = profile(longitude="x", latitude="y")
GRID = profile("EPSG:27700", easting="E", northing="N")
POINT = profile(point="p")


def read(
    columns: dict[str, list[str]], by: SourceProfile, about: Any = None
) -> tuple[np.ndarray, list[str]]:
    table = pd.DataFrame(columns, dtype="str")
    reasons = Reasons(table.index)
    points = coordinates(table, by, reasons, about)
    told = reasons.rejected.reindex(table.index, fill_value="").tolist()
    return points[["longitude", "latitude"]].to_numpy(), told


def read_points(longitude: list[str], latitude: list[str]) -> tuple[np.ndarray, list[str]]:
    return read({"x": longitude, "y": latitude}, DEGREES)


def read_grid(rows: list[tuple[str, str]], about: Any = None) -> tuple[np.ndarray, list[str]]:
    return read({"E": [e for e, _ in rows], "N": [n for _, n in rows]}, GRID, about)


# --- Reasons. ---


def test_the_first_reason_stands() -> None:
    reasons = Reasons(pd.Index([7, 8, 9]))
    reasons.add(pd.Series([True, False, False], index=[7, 8, 9]), "first")
    reasons.add(pd.Series([True, True, False], index=[7, 8, 9]), "second")
    assert reasons.rejected.to_dict() == {7: "first", 8: "second"}
    assert reasons.accepted.to_dict() == {7: False, 8: False, 9: True}


def test_a_reason_shows_the_text_that_it_is_about_cut_and_on_one_line() -> None:
    reasons = Reasons(pd.Index([2, 3]))
    text = pd.Series(["a\nb\x1b[31m" + "x" * 99, "y"], index=[2, 3], dtype="str")
    reasons.add(pd.Series([True, False], index=[2, 3]), "place: '", text, "' is odd")
    assert reasons.rejected.to_dict() == {2: "place: 'a b [31m" + "x" * 22 + "' is odd"}


def test_a_column_that_is_not_there_is_empty() -> None:
    table = pd.DataFrame({"a": ["x", "y"]}, index=[2, 3], dtype="str")
    assert column_of(table, "b").to_dict() == {2: "", 3: ""}
    assert column_of(table, "a").to_dict() == {2: "x", 3: "y"}


# --- Degrees. ---


@given(longitude=st.floats(-180, 180), latitude=st.floats(-90, 90))
def test_coordinates_are_read_as_they_stand(longitude: float, latitude: float) -> None:
    points, reasons = read_points([repr(longitude)], [repr(latitude)])
    assert reasons == [""]
    if (longitude, latitude) == (0, 0):
        assert np.isnan(points).all()
    else:
        assert points.tolist() == [[longitude, latitude]]


@pytest.mark.parametrize(
    ("longitude", "latitude", "word"),
    [
        ("west", "51.7", "not a number"), ("-1.25", "51°45'", "not a number"),
        ("inf", "51.7", "not a number"), ("nan", "nan", "not a number"),
        ("-1,25", "51.7", "not a number"), ("-1.25", "", "not a number"),
        ("", "51.7", "not a number"), ("180.1", "51.7", "180"), ("-1.25", "-90.5", "90"),
        (EASTING, NORTHING, "180"), ("1e400", "1", "not a number"), ("0x10", "1", "not a number"),
        ("1_0", "1", "not a number"), ("٣", "1", "not a number"), ("True", "1", "not a number"),
    ],
)  # fmt: skip
def test_impossible_coordinates_are_rejected(longitude: str, latitude: str, word: str) -> None:
    _, reasons = read_points([longitude], [latitude])
    assert word in reasons[0]


def test_none_or_nought_means_no_place() -> None:
    points, reasons = read_points(["", "0", "0.0", "0"], ["", "0", "-0", "51.5"])
    assert reasons == [""] * 4
    assert np.isnan(points).any(axis=1).tolist() == [True, True, True, False]


@given(texts=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6))
def test_every_pair_is_a_place_none_or_rejected(texts: list[tuple[str, str]]) -> None:
    points, reasons = read_points([x for x, _ in texts], [y for _, y in texts])
    for (x, y), point, reason in zip(texts, points, reasons, strict=True):
        if not reason:
            assert np.isfinite(point).all() or (x, y) == ("", "") or float(x) == float(y) == 0


def test_a_profile_without_coordinates_has_none() -> None:
    points, reasons = read({"n": ["1", "2"]}, profile())
    assert np.isnan(points).all()
    assert reasons == ["", ""]


# --- Both in one column. ---


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("51.5,-1.25", [-1.25, 51.5]), (" 51.5 , -1.25 ", [-1.25, 51.5]), ("", None),
        ("0.0,0.0", None), ("0,-0", None),
    ],
)  # fmt: skip
def test_latitude_and_longitude_in_one_column_are_read(text: str, point: Any) -> None:
    points, reasons = read({"p": [text]}, POINT)
    assert reasons == [""]
    assert points.tolist() == [point] if point else np.isnan(points).all()


@pytest.mark.parametrize(
    "text", ["51.5", "51.5;-1.25", "51.5,", ",", "1,2,3", "x,y", "nan,nan", "91,0", "51.5,-181"]
)
def test_what_is_no_such_pair_is_rejected_and_shown(text: str) -> None:
    _, reasons = read({"p": [text]}, POINT)
    assert reasons[0].startswith("p: ")
    assert text in reasons[0]


# --- A national grid. ---


def test_a_grid_is_turned_into_degrees() -> None:
    points, reasons = read_grid([(EASTING, NORTHING), ("", ""), ("0", "0")])
    assert reasons == ["", "", ""]
    assert points[0] == pytest.approx(OXFORD, abs=2e-4)
    assert np.isnan(points[1:]).all()


@settings(max_examples=5)
@given(east=st.floats(-20_000, 20_000), north=st.floats(-20_000, 20_000))
def test_a_place_near_the_middle_is_never_refused(east: float, north: float) -> None:
    row = (f"{451_592 + east:.2f}", f"{206_342 + north:.2f}")
    points, reasons = read_grid([row], OXFORD)
    assert reasons == [""]
    back = to_metric(points[:, 0], points[:, 1], "EPSG:27700")[0]
    assert back == pytest.approx([float(row[0]), float(row[1])], abs=0.5)


@pytest.mark.parametrize("about", [OXFORD, None])
def test_easting_and_northing_that_changed_places_are_proposed_not_mended(about: Any) -> None:
    fine = [(EASTING, NORTHING)] * 3
    _, reasons = read_grid([*fine, (NORTHING, EASTING)], about)
    assert reasons[:3] == ["", "", ""]
    assert f"changed places; check whether it should be {EASTING}, {NORTHING}" in reasons[3]


def test_a_whole_file_of_changed_places_is_seen_by_the_estate() -> None:
    _, reasons = read_grid([(NORTHING, EASTING)] * 3, OXFORD)
    assert all("changed places" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("easting", "northing", "word"),
    [
        ("-1.2544", "51.7534", "look like degrees"), ("51.7534", "-1.2544", "look like degrees"),
        ("9999999", "206342", "outside the area"), ("-3000000", "5", "outside the area"),
        ("x", "206342", "not a number"), ("451592", "", "not a number"),
        ("1e300", "1e300", "outside the area"), ("inf", "1", "not a number"),
    ],
)  # fmt: skip
def test_what_is_not_on_the_grid_is_rejected(easting: str, northing: str, word: str) -> None:
    _, reasons = read_grid([(EASTING, NORTHING), (easting, northing)], OXFORD)
    assert reasons[0] == ""
    assert word in reasons[1]


def test_a_place_elsewhere_in_the_country_is_no_fault() -> None:
    _, reasons = read_grid([(EASTING, NORTHING), ("325000", "673000")], OXFORD)
    assert reasons == ["", ""]


def test_degrees_of_another_system_are_turned() -> None:
    points, _ = read({"x": ["-1.2544"], "y": ["51.7534"]}, profile("EPSG:4277", longitude="x",
                     latitude="y"))  # fmt: skip
    metres = np.hypot(*(to_metric(points[:, 0], points[:, 1], "EPSG:27700")
                        - to_metric(*np.array([OXFORD]).T, "EPSG:27700"))[0])  # fmt: skip
    assert 50 < metres < 200
