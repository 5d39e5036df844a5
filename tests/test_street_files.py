from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner.errors import EstateError, PlannerError, UnknownFormat, UnreadableFile
from planner.estate.street_files import read_streets
from planner.estate.streets import largest_part

NODES = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100)}
TAGS = {"highway": "residential"}


def streets(build: ModuleType, folder: Path, text: str | bytes, name: str = "a.osm") -> Any:
    return read_streets(build.write(folder / name, text), build.CRS)


def test_a_grid_of_streets_is_read_from_openstreetmap(build: ModuleType, tmp_path: Path) -> None:
    lines = streets(build, tmp_path, build.grid_osm())
    assert lines.geometry.length.sum() == pytest.approx(6 * 400 + 3 * 100, rel=1e-3)
    assert set(lines["name"]) == set(build.NAMES_ACROSS) | set(build.NAMES_UP)
    assert set(lines["highway"]) == {"residential"}
    assert lines.crs.to_authority() == ("EPSG", "32630")


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "construction"}, False),
        ({"building": "yes"}, False),
        ({"highway": "pedestrian", "area": "yes"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "path", "foot": "no"}, False),
        ({"highway": "cycleway", "foot": "designated"}, True),
        ({"highway": "motorway", "foot": "yes"}, False),
    ],
)
def test_only_what_can_be_walked_is_a_street(
    build: ModuleType, tmp_path: Path, tags: dict[str, str], walkable: bool
) -> None:
    text = build.osm(NODES, [([1, 2], TAGS), ([3, 4], tags)])
    assert len(streets(build, tmp_path, text)) == (2 if walkable else 1)


def test_one_way_streets_are_walked_both_ways_and_stand_once(
    build: ModuleType, tmp_path: Path
) -> None:
    text = build.osm(NODES, [([1, 2], TAGS | {"oneway": "yes"}), ([2, 3], TAGS)])
    assert len(streets(build, tmp_path, text)) == 2


def test_a_way_cut_off_at_the_box_keeps_what_the_file_holds(
    build: ModuleType, tmp_path: Path
) -> None:
    lines = streets(build, tmp_path, build.osm(NODES, [([1, 2, 99], TAGS), ([98, 3], TAGS)]))
    assert lines.geometry.length.tolist() == pytest.approx([100], rel=1e-3)


def test_a_name_with_signs_of_xml_is_kept(build: ModuleType, tmp_path: Path) -> None:
    name = "Queen's & \"King's\" <Lane> é"
    lines = streets(build, tmp_path, build.osm(NODES, [([1, 2], TAGS | {"name": name})]))
    assert lines["name"].tolist() == [name]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<html></html>", UnknownFormat),
        ("<osm><node", UnknownFormat),
        ("<osm></osm>", EstateError),
        ("", UnreadableFile),
        ("not a map", UnknownFormat),
        ("<!DOCTYPE osm><osm></osm>", UnknownFormat),
        ('<!DOCTYPE x [<!ENTITY a "b">]><osm>&a;</osm>', UnknownFormat),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><osm>&a;</osm>', UnknownFormat),
        ('<?xml version="1.0" encoding="nonsense"?><osm></osm>', UnknownFormat),
        ('<?xml version="1.0" encoding="shift_jis"?><osm></osm>', UnknownFormat),
    ],
)
def test_what_is_no_extract_is_named(
    build: ModuleType, tmp_path: Path, text: str, error: type[PlannerError]
) -> None:
    with pytest.raises(error):
        streets(build, tmp_path, text)


@pytest.mark.parametrize(
    "damage",
    [
        ('lat="', 'latitude="'), ('lat="', 'lat="north'), ('lat="', 'lat="nan" x="'),
        ('lat="', 'lat="95" x="'), ('<way id="1">', "<way>"), ('<way id="1">', '<way id="x">'),
        ('<node id="1"', '<node id="x"'), ('<nd ref="1"/>', '<nd ref="x"/>'), ("<nd ref", "<nd r"),
        ('<tag k="highway"', '<tag k="name"/><tag k="highway"'),
        ('<tag k="highway"', '<tag v="name"/><tag k="highway"'),
    ],
    ids=lambda damage: damage[1][:24],
)  # fmt: skip
def test_a_damaged_extract_is_no_traceback(
    build: ModuleType, tmp_path: Path, damage: tuple[str, str]
) -> None:
    whole = build.osm(NODES, [([1, 2, 3], TAGS), ([3, 4], TAGS)])
    assert damage[0] in whole
    try:
        lines = streets(build, tmp_path, whole.replace(*damage, 1))
        kept, _, _ = largest_part(lines)
    except PlannerError:
        return
    assert kept.geometry.length.sum() > 0


def test_a_way_that_only_meets_itself_is_no_street(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(EstateError):
        streets(build, tmp_path, build.osm(NODES, [([1, 1], TAGS)]))


def test_streets_are_read_from_geojson_lines(build: ModuleType, tmp_path: Path) -> None:
    two = {"type": "MultiLineString", "coordinates": [
        [list(build.degrees(0, 50)), list(build.degrees(30, 50))],
        [list(build.degrees(0, 60)), list(build.degrees(30, 60))]]}  # fmt: skip
    features = [
        build.line_feature([(0, 0), (100, 0)], name="High Street"),
        build.line_feature([(0, 9), (100, 9)], name="M40", highway="motorway"),
        build.feature(two, highway="footway"),
        build.point_feature(0, 0, name="Lamp"),
    ]
    lines = streets(build, tmp_path, build.collection(features), "streets.geojson")
    assert lines["name"].tolist() == ["High Street", "", ""]
    assert lines["highway"].tolist() == ["unclassified", "footway", "footway"]
    assert lines.geometry.length.tolist() == pytest.approx([100, 30, 30], rel=1e-3)


def test_geojson_without_lines_holds_no_street(build: ModuleType, tmp_path: Path) -> None:
    text = build.collection(build.site_features())
    with pytest.raises(EstateError, match="no street"):
        streets(build, tmp_path, text, "a.geojson")


def test_a_geojson_line_without_length_is_no_traceback(build: ModuleType, tmp_path: Path) -> None:
    features = [build.line_feature([(0, 0), (0, 0)]), build.line_feature([(0, 0), (90, 0)])]
    lines = streets(build, tmp_path, build.collection(features), "a.geojson")
    kept, _, _ = largest_part(lines)
    assert kept.geometry.length.sum() == pytest.approx(90, rel=1e-3)


def test_the_oxford_extract_keeps_streets_and_no_buildings(shared_data: Path) -> None:
    lines = read_streets(shared_data / "oxford" / "streets_central.osm", "EPSG:32630")
    kept, islands, island_m = largest_part(lines)
    assert 25_000 < kept.geometry.length.sum() < 50_000
    assert islands > 0
    assert island_m > 0
    assert "St Giles" in set(kept["name"]) or "Banbury Road" in set(kept["name"])
