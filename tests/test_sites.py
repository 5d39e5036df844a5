import json
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.sites import SiteFiles, read_sites, split_sites

LAYERS = [
    "colleges-buildings.json", "other-buildings.json", "university-colleges-halls-sites.json",
    "university-departments-museums-library.json",
]  # fmt: skip


def test_sites_hold_their_buildings(build: ModuleType) -> None:
    both = split_sites(build.shapes_table(build.SHAPES))
    assert both.sites["site"].tolist() == ["alpha-college", "beta-museum", "gamma-library"]
    standing = both.buildings[["name", "site"]].to_numpy().tolist()
    assert sorted(standing) == [
        ["Chapel", "alpha-college"], ["Control Post", "beta-museum"],
        ["Gamma Library", "gamma-library"], ["Hall", "alpha-college"],
    ]  # fmt: skip


def test_a_shape_on_the_edge_belongs_where_more_than_half_of_it_lies(build: ModuleType) -> None:
    shapes = [(0, 0, 100, {"name": "A"}), (85, 0, 20, {"name": "in"}), (0, 95, 20, {"name": "out"})]
    both = split_sites(build.shapes_table(shapes))
    assert both.sites["name"].tolist() == ["A", "out"]
    assert both.buildings.set_index("name")["site"].to_dict() == {"in": "a", "out": "out"}


def test_of_two_equal_shapes_the_first_is_the_site(build: ModuleType) -> None:
    both = split_sites(
        build.shapes_table([(0, 0, 50, {"name": "First"}), (0, 0, 50, {"name": "Second"})])
    )
    assert both.sites["name"].tolist() == ["First"]
    assert both.buildings["name"].tolist() == ["Second"]


def test_a_shape_within_a_building_stands_on_the_building_s_site(build: ModuleType) -> None:
    shapes = [(0, 0, 100, {"name": "A"}), (10, 10, 50, {"name": "B"}), (20, 20, 5, {"name": "C"})]
    both = split_sites(build.shapes_table(shapes))
    assert both.sites["name"].tolist() == ["A"]
    assert both.buildings["site"].tolist() == ["a", "a"]


def test_unclear_names_are_told_apart_by_their_neighbour(build: ModuleType) -> None:
    shapes = [(0, 0, 50, {"name": "Alpha"}), (60, 0, 10, {"name": "Hut"}),
              (500, 0, 50, {"name": "Beta"}), (560, 0, 10, {"name": "Hut"}),
              (0, 60, 10, {"name": ""})]  # fmt: skip
    names = split_sites(build.shapes_table(shapes)).sites["name"].tolist()
    assert names == ["Alpha", "Hut near Alpha", "Beta", "Hut near Beta",
                     "Unnamed building near Alpha"]  # fmt: skip


def test_sites_that_all_lack_a_name_still_have_identifiers(build: ModuleType) -> None:
    shapes = [(200 * n, 0, 50, {"name": ""}) for n in range(3)]
    sites = split_sites(build.shapes_table(shapes)).sites
    assert sites["site"].is_unique
    assert (sites["name"] != "").all()


@pytest.mark.parametrize(
    ("given_aliases", "kept"),
    [("The House; Ch Ch ;", ["The House", "Ch Ch"]), (["A", "É"], ["A", "É"]), (None, []), (5, [])],
)
def test_aliases_are_kept_as_a_list(
    build: ModuleType, given_aliases: object, kept: list[str]
) -> None:
    table = build.shapes_table([(0, 0, 50, {"name": "A"})])
    table["aliases"] = [given_aliases]
    assert json.loads(split_sites(table).sites["aliases"].iloc[0]) == kept


@settings(max_examples=12)
@given(
    shapes=st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 40)),
        min_size=1,
        max_size=10,
    )
)
def test_every_shape_is_a_site_or_a_building_of_one(
    build: ModuleType, shapes: list[tuple[int, int, int]]
) -> None:
    named = [(x, y, side, {"name": f"S{row}"}) for row, (x, y, side) in enumerate(shapes)]
    both = split_sites(build.shapes_table(named))
    standing = set(both.sites["name"]) | set(both.buildings["name"])
    assert standing == {f"S{row}" for row in range(len(shapes))}
    assert both.buildings["site"].isin(both.sites["site"]).all()
    assert both.sites["site"].isin(both.buildings["site"]).all()
    assert both.sites["site"].is_unique
    assert both.buildings["building"].is_unique


def sites_file(build: ModuleType, folder: Path, features: list[object]) -> Path:
    path: Path = build.write(folder / "sites.geojson", build.collection(features))
    return path


def test_a_file_becomes_sites_in_metres(build: ModuleType, tmp_path: Path) -> None:
    both, left_out = read_sites(SiteFiles([sites_file(build, tmp_path, build.site_features())]))
    assert both.sites.crs.to_authority() == ("EPSG", "32630")
    assert both.sites.geometry.area.tolist() == pytest.approx([10_000] * 3, rel=1e-3)
    assert left_out == []


def read(build: ModuleType, folder: Path, *features: object, **options: object) -> Any:
    return read_sites(SiteFiles([sites_file(build, folder, list(features))], **options))


def test_what_lies_far_away_or_has_no_shape_is_left_out_with_its_reason(
    build: ModuleType, tmp_path: Path
) -> None:
    far = build.square_feature(200_000, 0, 50, name="Outpost")
    nothing = build.feature(None, name="Nothing")
    _, left_out = read(build, tmp_path, *build.site_features(), far, nothing)
    reasons = {item.row: (item.name, item.reason) for item in left_out}
    assert set(reasons) == {7, 8}
    assert reasons[7][0] == "Outpost"
    assert "10 km" in reasons[7][1]


def test_a_point_off_every_building_is_given_ground_with_a_note(
    build: ModuleType, tmp_path: Path
) -> None:
    bench, kiosk = build.point_feature(5, 60, name="Bench"), build.point_feature(500, 0, name="K")
    both, left_out = read(build, tmp_path, *build.site_features(), bench, kiosk)
    building = both.buildings.set_index("name").loc["Bench"]
    assert building["site"] == "alpha-college"
    assert building["geometry"].area == pytest.approx(math.pi * 8**2, rel=0.02)
    assert "K" in both.sites["name"].tolist()
    assert [(item.row, item.name, item.note) for item in both.noted] == [
        (7, "Bench", "Points given a radius of 8 m"), (8, "K", "Points given a radius of 8 m"),
    ]  # fmt: skip
    assert left_out == []


def test_a_point_at_the_edge_of_a_site_stands_on_it(build: ModuleType, tmp_path: Path) -> None:
    both, _ = read(build, tmp_path, *build.site_features(), build.point_feature(0, 0, name="Edge"))
    assert len(both.sites) == 3
    assert both.buildings.set_index("name").loc["Edge", "site"] == "alpha-college"


def test_a_point_at_a_building_is_a_department_housed_there(
    build: ModuleType, tmp_path: Path
) -> None:
    points = [
        build.point_feature(20, 20, name="Logic"),
        build.point_feature(41, 20, name="Ethics"),
        build.point_feature(20, 25, name="Hall"),
        build.point_feature(30, 330, name="Maps"),
    ]
    both, left_out = read(build, tmp_path, *build.site_features(), *points)
    housed = both.buildings.set_index("name")["departments"]
    assert json.loads(housed["Hall"]) == ["Logic", "Ethics"]
    assert json.loads(housed["Gamma Library"]) == ["Maps"]
    assert len(both.buildings) == 4
    assert [(item.name, item.building) for item in both.noted] == [
        ("Logic", "Hall"), ("Ethics", "Hall"), ("Hall", "Hall"), ("Maps", "Gamma Library"),
    ]  # fmt: skip
    assert left_out == []


@pytest.mark.parametrize("properties", [{"name": "Lodge"}, {"name": "North", "kind": "Gate"}, {}])
def test_a_lodge_or_gate_at_a_building_is_a_place_of_its_own(
    build: ModuleType, tmp_path: Path, properties: dict[str, str]
) -> None:
    point = build.point_feature(20, 320, **properties)
    both, _ = read(build, tmp_path, *build.site_features(), point)
    on_gamma = both.buildings[both.buildings["site"] == "gamma-library"]
    # The library, which holds but a point, is a building still.
    assert sorted(on_gamma["name"]) == sorted(["Gamma Library", properties.get("name", "")])
    assert len(both.sites) == 3


def test_points_at_the_same_place_are_one_building(build: ModuleType, tmp_path: Path) -> None:
    points = [build.point_feature(500 + x, 0, name=f"P{x}") for x in (0, 5, 40)]
    both, _ = read(build, tmp_path, *build.site_features(), *points)
    housed = both.buildings.set_index("name")["departments"]
    assert json.loads(housed["P0"]) == ["P5"]
    assert "P40" in housed
    assert "P5" not in housed


def test_a_department_that_lies_on_a_building_is_housed_there(
    build: ModuleType, tmp_path: Path
) -> None:
    shapes = [build.square_feature(500, 0, 50, name="Old Block", kind="Building"),
              build.square_feature(500, 0, 50, name="Logic", kind="Department"),
              build.square_feature(510, 10, 10, name="Ethics", type_name="Department"),
              build.square_feature(530, 30, 60, name="Apart", kind="Department")]  # fmt: skip
    both, _ = read(build, tmp_path, *shapes)
    assert both.sites["name"].tolist() == ["Old Block", "Apart"]
    assert json.loads(both.buildings["departments"].iloc[0]) == ["Logic", "Ethics"]


def test_lines_become_ground_with_a_note(build: ModuleType, tmp_path: Path) -> None:
    ring = [(500, 0), (600, 0), (600, 50), (500, 50), (500, 0)]
    lines = [build.line_feature(ring, name="Yard"),
             build.line_feature([(700, 0), (800, 0)], name="Wall")]  # fmt: skip
    both, left_out = read(build, tmp_path, *build.site_features(), *lines)
    area = both.sites.set_index("name").geometry.area
    assert area["Yard"] == pytest.approx(5_000, rel=0.01)
    assert area["Wall"] == pytest.approx(100 * 6 + math.pi * 9, rel=0.01)
    assert [item.note for item in both.noted] == [
        "Closed lines taken as the ground within them",
        "Lines given 3 m of ground on either side",
    ]
    assert left_out == []


PLACE = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(
    lambda at: [-1.25 + at[0] / 2_000, 51.75 + at[1] / 2_000]
)
RING = st.lists(PLACE, min_size=3, max_size=6).map(lambda ring: [*ring, ring[0]])
SIMPLE = {
    "Point": PLACE, "MultiPoint": st.lists(PLACE, max_size=3),
    "LineString": st.lists(PLACE, min_size=2, max_size=5) | RING,
    "MultiLineString": st.lists(st.lists(PLACE, min_size=2, max_size=5) | RING, max_size=3),
    "Polygon": st.lists(RING, max_size=2), "MultiPolygon": st.lists(st.lists(RING), max_size=2),
}  # fmt: skip
SHAPE = st.sampled_from(sorted(SIMPLE)).flatmap(
    lambda kind: st.fixed_dictionaries({"type": st.just(kind), "coordinates": SIMPLE[kind]})
)
COLLECTION = st.fixed_dictionaries(
    {"type": st.just("GeometryCollection"), "geometries": st.lists(SHAPE, max_size=3)}
)


@settings(max_examples=6)
@given(shapes=st.lists(SHAPE | COLLECTION, min_size=1, max_size=8))
def test_a_shape_of_any_kind_is_a_place_or_left_out(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory, shapes: list[Any]
) -> None:
    features = [build.feature(shape, name=f"N{row}") for row, shape in enumerate(shapes)]
    try:
        both, left_out = read(build, tmp_path_factory.mktemp("shapes"), *features)
    except EstateError:
        return
    assert both.buildings.geometry.is_valid.all()
    assert set(both.buildings.geom_type) <= {"Polygon", "MultiPolygon"}
    known = set(both.sites["name"]) | set(both.buildings["name"])
    for listed in both.buildings["departments"]:
        known |= set(json.loads(listed))
    lost = {item.row - 1 for item in left_out}
    assert {f"N{row}" for row in range(len(shapes)) if row not in lost} <= known


def test_points_alone_make_an_estate(build: ModuleType, tmp_path: Path) -> None:
    both, _ = read(build, tmp_path, build.point_feature(0, 0, name="x"))
    assert both.sites["name"].tolist() == both.buildings["name"].tolist() == ["x"]


def test_features_without_a_shape_make_no_estate(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="no polygon"):
        read(build, tmp_path, build.feature(None, name="x"))


@settings(max_examples=6)
@given(
    shapes=st.lists(
        st.tuples(st.sampled_from(["point", "line", "ring", "square"]), st.integers(0, 90),
                  st.integers(0, 90), st.sampled_from(["", "building", "department", "lodge"])),
        min_size=1, max_size=10,
    )
)  # fmt: skip
def test_every_feature_is_a_place_or_named_in_one(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory, shapes: list[Any]
) -> None:
    made = {
        "point": lambda x, y, **p: build.point_feature(x, y, **p),
        "line": lambda x, y, **p: build.line_feature([(x, y), (x + 9, y)], **p),
        "ring": lambda x, y, **p: build.line_feature([(x, y), (x + 9, y), (x, y + 9), (x, y)], **p),
        "square": lambda x, y, **p: build.square_feature(x, y, 20, **p),
    }
    features = [made[form](x, y, name=f"N{row}", kind=kind)
                for row, (form, x, y, kind) in enumerate(shapes)]  # fmt: skip
    both, left_out = read(build, tmp_path_factory.mktemp("sites"), *features)
    known = set(both.sites["name"]) | set(both.buildings["name"])
    for listed in both.buildings["departments"]:
        known |= set(json.loads(listed))
    assert {f"N{row}" for row in range(len(shapes))} <= known
    assert left_out == []
    assert both.buildings["building"].is_unique
    assert set(both.buildings["site"]) == set(both.sites["site"])


def test_a_wrong_name_field_lists_the_properties(build: ModuleType, tmp_path: Path) -> None:
    path = sites_file(build, tmp_path, [build.square_feature(0, 0, 50, title="A", use="b")])
    with pytest.raises(EstateError, match="title, use"):
        read_sites(SiteFiles([path], "label"))
    assert read_sites(SiteFiles([path], "title"))[0].sites["name"].tolist() == ["A"]


def test_a_self_crossing_polygon_is_mended(build: ModuleType, tmp_path: Path) -> None:
    ring = [list(build.degrees(*place)) for place in [(0, 0), (50, 50), (50, 0), (0, 50), (0, 0)]]
    bow = build.feature({"type": "Polygon", "coordinates": [ring]}, name="Bow")
    both, left_out = read_sites(SiteFiles([sites_file(build, tmp_path, [bow])]))
    assert both.sites.geometry.is_valid.all()
    assert both.sites.geometry.area.iloc[0] == pytest.approx(1_250, rel=0.01)
    assert left_out == []


def test_a_polygon_without_area_is_no_site(build: ModuleType, tmp_path: Path) -> None:
    ring = [list(build.degrees(300, 300))] * 4
    dot = build.feature({"type": "Polygon", "coordinates": [ring]}, name="Dot")
    both, left_out = read_sites(
        SiteFiles([sites_file(build, tmp_path, [*build.site_features(), dot])])
    )
    assert "Dot" not in both.sites["name"].tolist()
    assert [item.name for item in left_out] == ["Dot"]


def test_several_files_make_one_estate(build: ModuleType, tmp_path: Path) -> None:
    sites = build.write(tmp_path / "a.json", build.collection(build.site_features()[:3]))
    halls = build.write(tmp_path / "b.json", build.collection(build.site_features()[3:]))
    both, _ = read_sites(SiteFiles([halls, sites]))
    assert len(both.sites) == 3
    assert len(both.buildings) == 4


def test_the_oxford_estate_is_read_whole(shared_data: Path) -> None:
    paths = [shared_data / "oxford" / "estate" / name for name in LAYERS]
    both, left_out = read_sites(SiteFiles(paths))
    given_features = sum(len(json.loads(path.read_text())["features"]) for path in paths)
    assert given_features == 1_764
    # What is left out lies abroad or in another town; points and lines are not lost.
    assert 3 <= len(left_out) <= 7
    assert all("10 km" in item.reason for item in left_out)
    housed = sum(len(json.loads(text)) for text in both.buildings["departments"])
    assert housed > 80
    alone = both.sites["site"].isin(both.buildings["site"]).all()
    assert alone
    changed = [item for item in both.noted if item.building or "Points" in item.note]
    assert len(both.sites) + len(both.buildings) >= given_features - len(left_out) - len(changed)
    assert not both.buildings.geometry.has_z.any()
    left, low, right, high = both.sites.total_bounds
    assert max(right - left, high - low) < 100_000


def test_the_chicago_campus_has_addresses_in_its_own_zone(shared_data: Path) -> None:
    path = shared_data / "campus" / "uchicago-buildings.geojson"
    both, _ = read_sites(SiteFiles([path], "BLDG_NAME1", "BLDG_ID"))
    assert both.sites.crs.to_authority() == ("EPSG", "32616")
    addresses = both.buildings.set_index("reference")["address"]
    assert addresses["502651"] == "1442 E 59TH ST"
    assert (addresses != "").mean() > 0.9
