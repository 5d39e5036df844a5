from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.estate.model import Estate
from planner.incidents.locate import CONFIDENCE, locate


def place(
    build: ModuleType, estate: Estate, *places: Any, anonymised: bool = False, written: str = ""
) -> pd.DataFrame:
    """Locate incidents at places in metres from the corner; None has no coordinates."""
    at = [build.degrees(*spot) if spot else (np.nan, np.nan) for spot in places]
    table = pd.DataFrame(at, columns=["longitude", "latitude"])
    return locate(table.assign(anonymised=anonymised, place=written), estate)


@pytest.mark.parametrize(
    ("spot", "expected"),
    [
        ((20, 20), ("building", "alpha-college-hall", "alpha-college", "alpha-college")),
        ((50, 20), ("site", "", "alpha-college", "alpha-college")),
        ((50, -45), ("street", "", "", "alpha-college")),
        ((50, 350), ("building", "gamma-library-gamma-library", "gamma-library", "gamma-library")),
        ((320, 50), ("street", "", "", "beta-museum")),
        ((2_000, 50), ("outside", "", "", "")),
        (None, ("unlocated", "", "", "")),
    ],
)
def test_an_incident_is_put_where_it_lies(
    build: ModuleType, estate: Estate, spot: Any, expected: tuple[str, ...]
) -> None:
    row = place(build, estate, spot).iloc[0]
    assert tuple(row[["precision", "building", "site", "zone"]]) == expected
    assert row["confidence"] == CONFIDENCE[expected[0]]


def test_the_nearest_named_street_is_told(build: ModuleType, estate: Estate) -> None:
    rows = place(build, estate, (50, -45), (50, 50), (145, 100))
    assert rows["street"].tolist() == ["South Lane", "", "Middle Street"]


def test_a_police_point_has_a_zone_and_never_a_building(build: ModuleType, estate: Estate) -> None:
    row = place(build, estate, (20, 20), anonymised=True, written="On or near High Street").iloc[0]
    assert tuple(row[["precision", "building", "site", "zone", "street"]]) == (
        "anonymised", "", "", "alpha-college", "High Street",
    )  # fmt: skip


@pytest.mark.parametrize("written", ["No Location", "", "Near High Street"])
def test_a_police_place_in_other_words_names_no_street(
    build: ModuleType, estate: Estate, written: str
) -> None:
    row = place(build, estate, (20, 20), anonymised=True, written=written).iloc[0]
    assert row["street"] == ""


def test_a_zone_ends_at_the_estate_s_reach(build: ModuleType) -> None:
    estate = build.estate(reach_m=30.0)
    assert place(build, estate, (-29, 50), (-31, 50))["zone"].tolist() == ["alpha-college", ""]


def test_without_streets_no_street_is_told(build: ModuleType) -> None:
    assert place(build, build.estate(streets=None), (50, -45))["street"].tolist() == [""]


@pytest.mark.parametrize("longitude", [87.0, -93.0, 177.0, 100.0])
def test_a_place_on_the_other_side_of_the_earth_is_outside_and_not_unlocated(
    estate: Estate, longitude: float
) -> None:
    table = pd.DataFrame({"longitude": [longitude], "latitude": [0.0], "anonymised": [False],
                          "place": [""]})  # fmt: skip
    assert locate(table, estate)["precision"].tolist() == ["outside"]


def test_no_incidents_have_no_places(build: ModuleType, estate: Estate) -> None:
    located = place(build, estate, (0, 0)).iloc[:0]
    table = pd.DataFrame({"longitude": [], "latitude": [], "anonymised": [], "place": []}).astype(
        {"anonymised": bool, "place": object}
    )
    again = locate(table, estate)
    assert again.empty
    assert again.columns.tolist() == located.columns.tolist()


@given(
    spots=st.lists(st.none() | st.tuples(st.integers(-600, 900), st.integers(-600, 900)),
                   min_size=1, max_size=10),
    anonymised=st.booleans(),
)  # fmt: skip
def test_what_is_told_of_a_place_agrees_with_itself(
    build: ModuleType, spots: list[Any], anonymised: bool
) -> None:
    estate = build.standing_estate()
    rows = place(build, estate, *spots, anonymised=anonymised)
    site_of = estate.buildings.set_index("building")["site"]
    for spot, row in zip(spots, rows.itertuples(), strict=True):
        assert (row.precision == "unlocated") == (spot is None) == bool(np.isnan(row.x))
        assert (row.zone == "") == (row.precision in ("outside", "unlocated"))
        assert row.confidence == CONFIDENCE[row.precision]
        if row.building:
            assert row.precision == "building"
            assert row.site == site_of[row.building]
        if row.site:
            assert row.zone == row.site
