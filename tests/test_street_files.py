from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely

from planner.errors import EstateError, PlannerError, UnknownFormat, UnreadableFile
from planner.estate.layers.street_files import read_streets
from planner.estate.streets import largest_part, network

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
    ("tags", "access"),
    [
        ({"highway": "footway"}, "public"),
        ({"highway": "path", "name": "Thames Path"}, "public"),
        ({"highway": "footway", "towpath": "yes"}, "public"),
        ({"highway": "towpath"}, "public"),
        ({"highway": "steps"}, "public"),
        ({"highway": "footway", "bridge": "yes", "layer": "1"}, "public"),
        ({"highway": "footway", "tunnel": "building_passage"}, "public"),
        ({"highway": "cycleway", "foot": "designated"}, "public"),
        ({"highway": "service", "access": "private", "foot": "designated"}, "public"),
        ({"highway": "service", "access": "private", "foot": "yes"}, "public"),
        ({"highway": "service", "access": "no", "foot": "permissive"}, "public"),
        ({"highway": "service", "access": "destination"}, "public"),
        ({"highway": "service", "access": "private"}, "private"),
        ({"highway": "footway", "foot": "private"}, "private"),
        ({"highway": "footway", "access": "no", "foot": "private"}, "private"),
        ({"highway": "track", "access": "military"}, "private"),
        ({"highway": "path", "foot": "no"}, None),
        ({"highway": "path", "access": "no"}, None),
        ({"highway": "motorway"}, None),
        ({"highway": "motorway", "foot": "yes"}, None),
        ({"highway": "construction"}, None),
        ({"building": "yes"}, None),
        ({"highway": "pedestrian", "area": "yes"}, None),
    ],
)
def test_a_street_can_be_walked_by_anyone_or_with_a_key(
    build: ModuleType, tmp_path: Path, tags: dict[str, str], access: str | None
) -> None:
    lines = streets(build, tmp_path, build.osm(NODES, [([1, 2], TAGS), ([3, 4], tags)]))
    assert lines["access"].tolist() == ["public"] + ([access] if access else [])


def with_gate(text: str, node: int, **tags: str) -> str:
    """Put tags on a node of an extract."""
    told = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    head = text.index(f'<node id="{node}"')
    end = text.index("/>", head)
    return text[:end] + f">{told}</node>" + text[end + 2 :]


@pytest.mark.parametrize(
    ("gate", "access", "hours"),
    [
        ({"barrier": "gate"}, "public", ""),
        ({"barrier": "gate", "opening_hours": "Mo-Su 06:00-18:00"}, "public", "Mo-Su 06:00-18:00"),
        ({"barrier": "kissing_gate", "opening_hours": "07:00-dusk"}, "public", "07:00-dusk"),
        ({"barrier": "gate", "access": "private"}, "private", ""),
        ({"barrier": "lift_gate", "access": "private", "foot": "yes"}, "public", ""),
        ({"barrier": "gate", "locked": "yes"}, "private", ""),
        ({"barrier": "gate", "foot": "no"}, "private", ""),
        ({"highway": "crossing", "opening_hours": "Mo-Su 06:00-18:00"}, "public", ""),
    ],
)
def test_a_gate_closes_the_edges_that_end_at_it(
    build: ModuleType, tmp_path: Path, gate: dict[str, str], access: str, hours: str
) -> None:
    text = build.osm(NODES, [([1, 2, 3, 4], TAGS)])
    lines = streets(build, tmp_path, with_gate(text, 2, operator="Test College", **gate))
    touched = shapely.distance(lines.geometry.to_numpy(), shapely.Point(build.metres(100, 0))) < 1
    assert touched.sum() == 2
    assert set(lines["access"][touched]) == {access}
    assert set(lines["opening_hours"][touched]) == {hours}
    own = lines["controller"][touched].tolist()
    assert own == ["Test College" if "barrier" in gate else ""] * 2
    assert lines.loc[~touched, ["access", "opening_hours"]].to_numpy().tolist() == [["public", ""]]


def test_a_way_has_hours_and_a_controller_and_its_gate_others(
    build: ModuleType, tmp_path: Path
) -> None:
    way = {"highway": "path", "access": "private", "opening_hours": "06:00-20:00"}
    text = build.osm(NODES, [([1, 2], way | {"operator": "North College"}), ([3, 4], TAGS)])
    gate = {"barrier": "gate", "opening_hours": "Mo-Fr 08:00-18:00", "operator": "Porter"}
    lines = streets(build, tmp_path, with_gate(text, 1, **gate))
    private = lines[lines["access"] == "private"].iloc[0]
    assert private["opening_hours"] == "06:00-20:00 & Mo-Fr 08:00-18:00"
    assert private["controller"] == "North College"


def test_a_bridge_does_not_join_the_street_it_crosses(build: ModuleType, tmp_path: Path) -> None:
    nodes = {1: (0, 50), 2: (100, 50), 3: (50, 0), 4: (50, 100), 5: (100, 100)}
    bridge = {"highway": "footway", "bridge": "yes", "layer": "1"}
    ways = [([1, 2], TAGS), ([3, 4], bridge), ([4, 5, 2], {"highway": "steps"})]
    walking = network(streets(build, tmp_path, build.osm(nodes, ways)))
    ends = [
        int(np.hypot(*(walking.points - build.metres(*place)).T).argmin())
        for place in [(0, 50), (50, 0)]
    ]
    # Not 100 m over the crossing, but on to the end of the bridge and down the steps.
    assert walking.walks_between(np.array(ends)).metres[0, 1] == pytest.approx(300, abs=0.5)


def test_only_private_ways_are_no_streets(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="no street"):
        streets(build, tmp_path, build.osm(NODES, [([1, 2], TAGS | {"access": "private"})]))


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


def test_geojson_lines_say_who_may_walk_and_when(build: ModuleType, tmp_path: Path) -> None:
    features = [
        build.line_feature([(0, 0), (100, 0)], access="public", opening_hours="07:00-19:00"),
        build.line_feature([(0, 9), (100, 9)], access="key", controller="Test College"),
        build.line_feature([(0, 18), (100, 18)], access="private", operator="North College"),
        build.line_feature([(0, 27), (100, 27)], access="private", foot="designated"),
        build.line_feature([(0, 36), (100, 36)], access="no"),
        build.line_feature([(0, 45), (100, 45)], access=None, opening_hours=None),
    ]
    lines = streets(build, tmp_path, build.collection(features), "streets.geojson")
    assert lines[["access", "opening_hours", "controller"]].to_numpy().tolist() == [
        ["public", "07:00-19:00", ""], ["private", "", "Test College"],
        ["private", "", "North College"], ["public", "", ""], ["public", "", ""],
    ]  # fmt: skip


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
    gated = lines[lines["opening_hours"] == "Mo-Su 06:00-18:00"]
    assert len(gated) > 0
    assert 0.1 < (lines["access"] == "private").mean() < 0.6
