"""Where incidents stand: from coordinates, from the written place, and from both."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.estate.model import Estate
from planner.estate.nearest_street import NearestStreet
from planner.geo import nearest
from planner.incidents.locate import AGREED, APART, CONFIDENCE, STREET_REACH_M, locate
from planner.incidents.model import PLACE_COLUMNS

HALL = "alpha-college-hall"


def place(
    build: ModuleType, estate: Estate, *places: Any, anonymised: bool = False, written: str = "",
    aliases: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Locate incidents at places in metres from the corner; None has no coordinates."""
    at = [build.degrees(*spot) if spot else (np.nan, np.nan) for spot in places]
    table = pd.DataFrame(at, columns=["longitude", "latitude"], dtype=float)
    return locate(table.assign(anonymised=anonymised, place=written), estate, aliases)


@pytest.mark.parametrize(
    ("spot", "expected"),
    [
        ((20, 20), ("exact", HALL, "alpha-college", "alpha-college")),
        ((50, 20), ("exact", "", "alpha-college", "alpha-college")),
        ((50, -45), ("exact", "", "", "alpha-college")),
        ((50, 350), ("exact", "gamma-library-gamma-library", "gamma-library", "gamma-library")),
        ((320, 50), ("exact", "", "", "beta-museum")),
        ((2_000, 50), ("outside", "", "", "")),
        (None, ("unknown", "", "", "")),
    ],
)
def test_coordinates_alone_say_where_it_lies(
    build: ModuleType, estate: Estate, spot: Any, expected: tuple[str, ...]
) -> None:
    row = place(build, estate, spot).iloc[0]
    assert tuple(row[["precision", "building", "site", "zone"]]) == expected
    assert row["confidence"] == CONFIDENCE[expected[0]]
    assert np.isnan(row["apart_m"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The House, Hall", ("building", HALL, "alpha-college", "alpha-college", "")),
        ("Alph", ("site", "", "alpha-college", "alpha-college", "")),
        ("Cross Lane", ("street", "", "", "alpha-college", "Cross Lane")),
        ("Beta Museum, South Lane", ("site", "", "beta-museum", "beta-museum", "")),
        ("Nowhere", ("unknown", "", "", "", "")),
    ],
)
def test_a_text_alone_says_where_it_was(
    build: ModuleType, estate: Estate, written: str, expected: tuple[str, ...]
) -> None:
    row = place(build, estate, None, written=written).iloc[0]
    assert tuple(row[["precision", "building", "site", "zone"]]) == expected[:4]
    assert row["confidence"] == CONFIDENCE[expected[0]]
    if expected[0] == "street":
        assert row["street"] == expected[4]
    point = shapely.Point(row["x"], row["y"])
    shapes = {"building": estate.buildings, "site": estate.sites}
    if expected[0] in shapes:
        table = shapes[expected[0]]
        named = table[table[expected[0]] == row[expected[0]]].geometry.iloc[0]
        assert named.contains(point)


def test_a_street_stands_at_its_point_nearest_the_estate_s_middle(
    build: ModuleType, estate: Estate
) -> None:
    row = place(build, estate, None, written="East Street").iloc[0]
    assert (row["x"], row["y"]) == pytest.approx((build.metres(350, 50)), abs=1e-6)


@pytest.mark.parametrize(
    ("spot", "written", "building", "site"),
    [
        ((20, 20), "Alpha College", HALL, "alpha-college"),
        ((20, 20), "Alpha College, Chapel", "alpha-college-chapel", "alpha-college"),
        ((120, 50), "Alpha College, Chapel", "alpha-college-chapel", "alpha-college"),
        ((-30, 50), "Alpha College", "", "alpha-college"),
        ((20, 20), "Hall, bicycle racks", HALL, "alpha-college"),
        ((210, 50), "Alpha College", "", "alpha-college"),
    ],
)
def test_where_text_and_coordinates_agree_the_place_is_the_text_s(
    build: ModuleType, estate: Estate, spot: Any, written: str, building: str, site: str
) -> None:
    row = place(build, estate, spot, written=written).iloc[0]
    assert tuple(row[["precision", "building", "site", "zone"]]) == ("exact", building, site, site)
    assert row["confidence"] == AGREED
    assert np.isnan(row["apart_m"])
    assert (row["x"], row["y"]) == pytest.approx(build.metres(*spot), abs=0.01)


def test_where_they_disagree_the_coordinates_decide_and_it_is_flagged(
    build: ModuleType, estate: Estate
) -> None:
    row = place(build, estate, (20, 20), written="Gamma Library").iloc[0]
    assert row["apart_m"] == pytest.approx(280, abs=0.5)
    assert tuple(row[["precision", "building", "site", "zone"]]) == (
        "exact", "", "alpha-college", "alpha-college",
    )  # fmt: skip
    assert row["confidence"] == APART


def test_outside_is_flagged_too_where_the_text_names_a_place(
    build: ModuleType, estate: Estate
) -> None:
    row = place(build, estate, (2_000, 50), written="Gamma Library").iloc[0]
    assert (row["precision"], row["zone"], row["building"]) == ("outside", "", "")
    assert row["apart_m"] > 1_000


@pytest.mark.parametrize("written", ["Fellows' Fountain", "Public Way", "bus stop"])
def test_a_building_does_not_hold_what_the_text_puts_elsewhere(
    build: ModuleType, estate: Estate, written: str
) -> None:
    row = place(build, estate, (20, 20), written=written).iloc[0]
    assert tuple(row[["precision", "building", "site"]]) == ("exact", "", "alpha-college")


def decided(site: str, building: str) -> pd.DataFrame:
    """The decision on 'Old Place'."""
    return pd.DataFrame({"place": ["old place"], "site": [site], "building": [building]})


def test_a_decision_goes_before_coordinates(build: ModuleType, estate: Estate) -> None:
    aliases = decided("alpha-college", HALL)
    rows = place(build, estate, None, (20, 20), (310, 310), written="Old Place", aliases=aliases)
    assert rows["building"].tolist() == [HALL] * 3
    assert rows["zone"].tolist() == ["alpha-college"] * 3
    assert rows["precision"].tolist() == ["building", "exact", "building"]
    assert rows["apart_m"].isna().all()
    assert rows["x"].max() < build.metres(45, 0)[0]


def test_what_is_decided_to_be_no_place_of_the_estate_is_outside(
    build: ModuleType, estate: Estate
) -> None:
    rows = place(build, estate, None, (20, 20), written="Old Place", aliases=decided("", ""))
    assert rows["precision"].tolist() == ["outside", "exact"]


def test_a_decision_for_a_place_that_is_gone_is_none(build: ModuleType, estate: Estate) -> None:
    rows = place(build, estate, None, written="Old Place", aliases=decided("gone", ""))
    assert rows["precision"].tolist() == ["unknown"]


def test_the_nearest_named_street_is_told(build: ModuleType, estate: Estate) -> None:
    rows = place(build, estate, (50, -45), (50, 50), (145, 100))
    assert rows["street"].tolist() == ["South Lane", "", "Middle Street"]


@pytest.mark.parametrize(
    ("written", "street"),
    [("On or near High Street", "High Street"), ("No Location", ""), ("", ""),
     ("Near High Street", ""), ("Gamma Library", "")],
)  # fmt: skip
def test_a_police_point_has_a_zone_and_never_a_building(
    build: ModuleType, estate: Estate, written: str, street: str
) -> None:
    row = place(build, estate, (20, 20), anonymised=True, written=written).iloc[0]
    assert tuple(row[["precision", "building", "site", "zone", "street"]]) == (
        "anonymised", "", "", "alpha-college", street,
    )  # fmt: skip
    assert np.isnan(row["apart_m"])


def test_a_police_record_without_coordinates_is_unknown(build: ModuleType, estate: Estate) -> None:
    row = place(build, estate, None, anonymised=True, written="Gamma Library").iloc[0]
    assert tuple(row[["precision", "site"]]) == ("unknown", "")


def test_without_streets_no_street_is_told(build: ModuleType) -> None:
    assert place(build, build.estate(streets=None), (50, -45))["street"].tolist() == [""]


@pytest.mark.parametrize("longitude", [87.0, -93.0, 177.0, 100.0])
def test_a_place_on_the_other_side_of_the_earth_is_outside_and_not_unknown(
    estate: Estate, longitude: float
) -> None:
    table = pd.DataFrame({"longitude": [longitude], "latitude": [0.0], "anonymised": [False],
                          "place": [""]})  # fmt: skip
    assert locate(table, estate)["precision"].tolist() == ["outside"]


def test_no_incidents_have_no_places(build: ModuleType, estate: Estate) -> None:
    located = place(build, estate)
    assert located.empty
    assert located.columns.tolist() == PLACE_COLUMNS
    assert (located.dtypes == place(build, estate, (0, 0)).dtypes).all()


@settings(max_examples=15)
@given(
    spots=st.lists(st.none() | st.tuples(st.integers(-600, 900), st.integers(-600, 900)),
                   min_size=1, max_size=10),
    anonymised=st.booleans(),
    written=st.sampled_from(["", "Alpha College", "Hall", "Beta Museum", "West Street", "Nowhere"]),
)  # fmt: skip
def test_what_is_told_of_a_place_agrees_with_itself(
    build: ModuleType, spots: list[Any], anonymised: bool, written: str
) -> None:
    estate = build.standing_estate()
    rows = place(build, estate, *spots, anonymised=anonymised, written=written)
    site_of = estate.buildings.set_index("building")["site"]
    for row in rows.itertuples():
        assert np.isnan(row.x) <= (row.precision == "unknown")
        assert (row.zone == "") == (row.precision in ("outside", "unknown"))
        assert 0 <= row.confidence <= 1
        if row.building:
            assert row.site == site_of[row.building]
        if row.site:
            assert row.zone == row.site
        if anonymised:
            assert row.building == row.site == ""


def test_streets_and_outlines_are_found_as_the_plain_way_finds_them(build: ModuleType) -> None:
    estate = build.standing_estate()
    generator = np.random.default_rng(5)
    spots = np.concatenate([generator.uniform(-80, 420, (3_000, 2)),
                            estate.streets.points - build.CORNER])  # fmt: skip
    points = spots + build.CORNER
    assert (
        NearestStreet(estate.streets, STREET_REACH_M).names(points)
        == estate.streets.nearest_name(points, STREET_REACH_M)
    ).all()
    rows = place(build, estate, *map(tuple, spots[:300]))
    for column, table in (("building", estate.buildings), ("site", estate.sites)):
        index, _ = nearest(rows[["x", "y"]].to_numpy(), table.geometry.to_numpy(), 1e-9)
        plain = np.where(index >= 0, table[column].to_numpy(dtype=object)[index], "")
        held = plain != ""
        assert held.any()
        assert (rows[column].to_numpy(dtype=object)[held] == plain[held]).all()


def test_pieces_of_any_length_and_place_give_the_nearest_street(build: ModuleType) -> None:
    generator = np.random.default_rng(11)
    points = generator.uniform(0, 500, (60, 2))
    edges = generator.integers(0, 60, (50, 2))
    edges = edges[edges[:, 0] != edges[:, 1]]
    names = np.array([f"S{i % 9}" if i % 5 else "" for i in range(len(edges))], dtype=object)
    shapes = shapely.linestrings(points[edges])
    asked = generator.uniform(-50, 550, (2_000, 2))
    streets = replace(build.streets(), points=points, edges=edges, names=names)
    found = NearestStreet(streets, 40.0).names(asked)
    named = names != ""
    index, _ = nearest(asked, shapes[named], 40.0)
    assert (found == np.where(index >= 0, names[named][index], "")).all()


def test_every_row_inside_the_hull_of_a_campus_has_a_zone(shared_data: Path) -> None:
    from planner.estate.cameras import no_cameras
    from planner.estate.sites import SiteFiles, read_sites
    from planner.estate.zones import zones_from_sites

    campus = shared_data / "campus"
    files = SiteFiles([campus / "uchicago-buildings.geojson"], name_field="BLDG_NAME1")
    sites, _ = read_sites(files)
    crs = sites.sites.crs.to_string()
    estate = Estate(
        crs, sites.sites, sites.buildings, None, zones_from_sites(sites.sites), no_cameras(crs)
    )
    incidents = pd.read_csv(campus / "ucpd_2011_2019.csv", dtype=str, keep_default_na=False)
    degrees = incidents["validated_location"].str.split(",", expand=True).astype(float)
    table = pd.DataFrame({"longitude": degrees[1], "latitude": degrees[0],
                          "place": incidents["location"], "anonymised": False})  # fmt: skip
    rows = locate(table, estate)
    hull = shapely.convex_hull(shapely.union_all(sites.buildings.geometry.to_numpy()))
    inside = shapely.contains_xy(hull, rows["x"].to_numpy(), rows["y"].to_numpy())
    assert inside.sum() > 5_000
    assert (rows["zone"][inside] != "").all()
