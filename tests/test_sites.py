import json
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.sites import read_sites, split_sites

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
    both, left_out = read_sites([sites_file(build, tmp_path, build.site_features())])
    assert both.sites.crs.to_authority() == ("EPSG", "32630")
    assert both.sites.geometry.area.tolist() == pytest.approx([10_000] * 3, rel=1e-3)
    assert left_out == []


def test_what_is_no_polygon_or_far_away_is_left_out_with_its_reason(
    build: ModuleType, tmp_path: Path
) -> None:
    features = [*build.site_features(), build.point_feature(5, 5, name="Bench"),
                build.square_feature(200_000, 0, 50, name="Outpost"),
                build.feature(None, name="Nothing")]  # fmt: skip
    _, left_out = read_sites([sites_file(build, tmp_path, features)])
    reasons = {item.row: (item.name, item.reason) for item in left_out}
    assert set(reasons) == {7, 8, 9}
    assert reasons[7][0] == "Bench"
    assert "Point" in reasons[7][1]
    assert reasons[8][0] == "Outpost"
    assert "10 km" in reasons[8][1]


def test_only_points_make_no_estate(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="no polygon"):
        read_sites([sites_file(build, tmp_path, [build.point_feature(0, 0, name="x")])])


def test_a_wrong_name_field_lists_the_properties(build: ModuleType, tmp_path: Path) -> None:
    path = sites_file(build, tmp_path, [build.square_feature(0, 0, 50, title="A", use="b")])
    with pytest.raises(EstateError, match="title, use"):
        read_sites([path], "label")
    assert read_sites([path], "title")[0].sites["name"].tolist() == ["A"]


def test_a_self_crossing_polygon_is_mended(build: ModuleType, tmp_path: Path) -> None:
    ring = [list(build.degrees(*place)) for place in [(0, 0), (50, 50), (50, 0), (0, 50), (0, 0)]]
    bow = build.feature({"type": "Polygon", "coordinates": [ring]}, name="Bow")
    both, left_out = read_sites([sites_file(build, tmp_path, [bow])])
    assert both.sites.geometry.is_valid.all()
    assert both.sites.geometry.area.iloc[0] == pytest.approx(1_250, rel=0.01)
    assert left_out == []


def test_a_polygon_without_area_is_no_site(build: ModuleType, tmp_path: Path) -> None:
    ring = [list(build.degrees(300, 300))] * 4
    dot = build.feature({"type": "Polygon", "coordinates": [ring]}, name="Dot")
    both, left_out = read_sites([sites_file(build, tmp_path, [*build.site_features(), dot])])
    assert "Dot" not in both.sites["name"].tolist()
    assert [item.name for item in left_out] == ["Dot"]


def test_several_files_make_one_estate(build: ModuleType, tmp_path: Path) -> None:
    sites = build.write(tmp_path / "a.json", build.collection(build.site_features()[:3]))
    halls = build.write(tmp_path / "b.json", build.collection(build.site_features()[3:]))
    both, _ = read_sites([halls, sites])
    assert len(both.sites) == 3
    assert len(both.buildings) == 4


def test_the_oxford_estate_leaves_out_what_lies_far_away(shared_data: Path) -> None:
    paths = [shared_data / "oxford" / "estate" / name for name in LAYERS]
    both, left_out = read_sites(paths)
    given_features = sum(len(json.loads(path.read_text())["features"]) for path in paths)
    far = [item for item in left_out if "10 km" in item.reason]
    assert len(far) >= 3
    assert all(item.reason for item in left_out)
    alone = both.sites["site"].isin(both.buildings["site"]).all()
    assert alone
    assert len(set(both.sites.index)) + len(both.buildings) >= given_features - len(left_out)
    longest_way = both.sites.total_bounds
    assert longest_way[2] - longest_way[0] < 100_000
    assert longest_way[3] - longest_way[1] < 100_000


def test_the_chicago_campus_is_measured_in_its_own_zone(shared_data: Path) -> None:
    path = shared_data / "campus" / "uchicago-buildings.geojson"
    field = next(iter(json.loads(path.read_text())["features"][0]["properties"]))
    both, _ = read_sites([path], field)
    assert both.sites.crs.to_authority() == ("EPSG", "32616")
