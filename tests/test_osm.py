"""OpenStreetMap: what is asked, what is made of the answer, and which answers are none."""

import io
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import replay_server as served
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import DownloadFailed, EstateError, PlannerError, UnknownFormat
from planner.estate.sources.area import box_area, place_area, polygon_area
from planner.estate.sources.cache import Cache
from planner.estate.sources.osm import Extract, fetch_extract, overpass_query, slot_wait_s
from planner.estate.sources.request import Clock, Manners
from planner.estate.sources.web import Web

AREA = shapely.box(-1.262, 51.749, -1.257, 51.753)


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served.replaying() as running:
        running.give("/api/status", served.Answer(served.STATUS_FREE, kind="text/plain"))
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def web(tmp_path: Path, waits: list[float]) -> Web:
    clock = Clock(waits.append, lambda: 0.0, lambda: datetime(2026, 1, 15, 12, tzinfo=UTC))
    return Web(Cache(tmp_path / "cache"), Manners(per_second=float("inf"), tries=3), clock)


Fetch = Callable[..., Extract]


@pytest.fixture
def fetch(replay: Any, web: Web) -> Fetch:
    def call(*answers: Any, area: shapely.Geometry = AREA) -> Extract:
        replay.give("/api/interpreter", *answers)
        return fetch_extract(web, f"{replay.url}/api", area)

    return call


def xml(body: bytes, **changes: Any) -> Any:
    return served.Answer(body, **({"kind": "application/osm3s+xml"} | changes))


def test_layers_are_made_of_an_extract(fetch: Fetch) -> None:
    layers = fetch(xml(served.OSM_EXTRACT)).layers
    sites, buildings = layers["sites"], layers["buildings"].sort_values("name")
    assert sites[["name", "kind"]].to_numpy().tolist() == [["St Example's College", "college"]]
    columns = ["name", "kind", "controller", "osm"]
    assert buildings[columns].to_numpy().tolist() == [
        ["Hall & Buttery", "building", "not stated", "way/120"],
        ["Ring Laboratory", "university", "University", "relation/200"],
    ]
    assert len(buildings.geometry.iloc[1].interiors) == 1
    assert layers["entrances"]["kind"].tolist() == ["main"]
    assert layers["lamps"]["kind"].tolist() == ["street lamp"]
    camera = layers["cameras"].iloc[0]
    assert (camera["name"], camera["controller"], camera["kind"]) == (
        "CAM 7",
        "City Council",
        "fixed",
    )
    assert math.isnan(camera["bearing"])
    assert camera.geometry.equals(shapely.Point(-1.2601, 51.7506))
    assert all(table.crs.to_epsg() == 4326 for table in layers.values())


@pytest.mark.parametrize(
    ("tags", "kind", "bearing"),
    [
        ({"camera:type": "dome", "camera:direction": "NE"}, "pan-tilt-zoom", 45.0),
        ({"camera:type": "panning", "camera:direction": "225"}, "pan-tilt-zoom", 225.0),
        ({"camera:type": "fixed", "camera:direction": "360"}, "fixed", 0.0),
        ({"camera:direction": "north-west"}, "fixed", 315.0),
        ({"camera:direction": "90;270"}, "fixed", None),
        ({"camera:direction": "-20"}, "fixed", None),
    ],
)
def test_cameras_say_what_they_are_and_which_way_they_look(
    fetch: Fetch, tags: dict[str, str], kind: str, bearing: float | None
) -> None:
    more = "".join(f'<tag k="{key}" v="{text}"/>' for key, text in tags.items())
    mark = b'<tag k="ref" v="CAM 7"/>'
    camera = fetch(xml(served.OSM_EXTRACT.replace(mark, mark + more.encode()))).layers["cameras"]
    assert camera["kind"].tolist() == [kind]
    assert [None if math.isnan(degrees) else degrees for degrees in camera["bearing"]] == [bearing]


def test_a_guard_is_no_camera(fetch: Fetch) -> None:
    extract = served.OSM_EXTRACT.replace(b'type" v="camera"', b'type" v="guard"')
    assert fetch(xml(extract)).layers["cameras"].empty


def test_streets_keep_their_tags_and_gates(fetch: Fetch, tmp_path: Path) -> None:
    from defusedxml.ElementTree import parse

    root = parse(io.BytesIO(fetch(xml(served.OSM_EXTRACT)).streets)).getroot()
    assert [way.get("id") for way in root.iter("way")] == ["100"]
    tags = {tag.get("k"): tag.get("v") for tag in root.iter("tag")}
    assert tags == {
        "highway": "footway",
        "name": "Towpath",
        "foot": "designated",
        "bridge": "yes",
        "barrier": "gate",
        "opening_hours": "Mo-Su 07:00-19:00",
    }
    assert [node.get("id") for node in root.iter("node")] == ["1", "2", "3"]


def test_the_moment_of_the_data_is_told(fetch: Fetch) -> None:
    assert fetch(xml(served.OSM_EXTRACT)).as_of == "2026-01-10T06:00:00Z"


def test_the_query_asks_once_for_everything(replay: Any, fetch: Fetch) -> None:
    fetch(xml(served.OSM_EXTRACT))
    asked = replay.asked[-1]
    assert asked.method == "POST"
    query = asked.form["data"]
    assert query.startswith("[out:xml][timeout:180];")
    for part in ('way["highway"]', 'way["building"]', 'node["highway"="street_lamp"]'):
        assert part in query
    assert 'node["man_made"="surveillance"]' in query
    assert 'node["entrance"]' in query
    assert 'node["barrier"]' in query


def test_the_query_covers_the_area_and_each_of_its_parts() -> None:
    apart = shapely.union_all([AREA, shapely.affinity.translate(AREA, 0.05)])
    query = overpass_query(apart)
    rings = {part.split('"')[0] for part in query.split('poly:"')[1:]}
    shapes = [
        shapely.Polygon(
            [(float(b), float(a)) for a, b in zip(*[iter(ring.split())] * 2, strict=True)]
        )
        for ring in rings
    ]
    assert len(shapes) == 2
    assert shapely.union_all(shapes).covers(apart)


def test_what_lies_outside_the_area_is_left_out(fetch: Fetch) -> None:
    west = shapely.box(-1.262, 51.749, -1.25995, 51.753)
    layers = fetch(xml(served.OSM_EXTRACT), area=west).layers
    assert {name: len(table) for name, table in layers.items()} == {
        "sites": 0,
        "buildings": 0,
        "entrances": 0,
        "lamps": 1,
        "cameras": 1,
    }


def test_an_extract_of_streets_alone(fetch: Fetch) -> None:
    start = served.OSM_EXTRACT.index(b'<way id="110"')
    only = served.OSM_EXTRACT[:start].replace(b"entrance", b"x").replace(b"man_made", b"x")
    found = fetch(xml(only.replace(b"street_lamp", b"stop") + b"</osm>"))
    assert found.streets.count(b"<way ") == 1
    assert all(table.empty for table in found.layers.values())


def test_an_area_with_nothing_in_it(fetch: Fetch) -> None:
    with pytest.raises(DownloadFailed, match="has nothing in this area; check the place"):
        fetch(xml(served.OSM_NOTHING))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda: xml(served.OSM_TIMED_OUT), id="remark"),
        pytest.param(lambda: xml(served.OSM_ERROR_PAGE, status=429), id="rate limit"),
        pytest.param(lambda: xml(served.OSM_ERROR_PAGE, status=504), id="gateway"),
        pytest.param(lambda: xml(served.OSM_ERROR_PAGE, kind="text/html"), id="page"),
        pytest.param(lambda: xml(served.OSM_EXTRACT, sent=900), id="half, announced whole"),
        pytest.param(lambda: xml(served.OSM_EXTRACT[:900]), id="half, announced so"),
        pytest.param(lambda: xml(b""), id="empty"),
        pytest.param(lambda: xml(b'{"elements": []}', kind="application/json"), id="JSON"),
    ],
)
def test_answers_that_are_none_are_asked_for_again(
    fetch: Fetch, answer: Callable[[], Any], waits: list[float]
) -> None:
    assert fetch(answer(), xml(served.OSM_EXTRACT)).streets
    assert waits == [0.0, 2.0]


def test_a_server_that_stays_busy_is_told_in_one_line(fetch: Fetch, waits: list[float]) -> None:
    with pytest.raises(
        DownloadFailed, match=r"stopped early \(runtime error: Query timed out"
    ) as e:
        fetch(xml(served.OSM_TIMED_OUT))
    assert "tried 3 times. Run the same command again later" in str(e.value)
    assert "\n" not in str(e.value)
    with pytest.raises(DownloadFailed, match=r"no OpenStreetMap extract \(runtime error: open64"):
        fetch(xml(served.OSM_ERROR_PAGE))


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&a;" * 10) for n in range(9))
    + b"]><osm>&b8;</osm>"
)


@pytest.mark.parametrize(
    "body", [BOMB, BOMB.replace(b'"aaaaaaaaaa"', b'SYSTEM "file:///etc/hostname"')]
)
def test_entities_are_refused(fetch: Fetch, body: bytes) -> None:
    with pytest.raises(DownloadFailed, match="no OpenStreetMap extract"):
        fetch(xml(body))


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'id="120"', b'id="x"'), (b'<nd ref="21"/>', b"<nd/>"), (b'lat="51.7504"', b'lat="north"')],
)
def test_an_extract_with_broken_elements(fetch: Fetch, old: bytes, new: bytes) -> None:
    with pytest.raises(DownloadFailed, match="in a form that is not known"):
        fetch(xml(served.OSM_EXTRACT.replace(old, new)))


def test_a_second_fetch_asks_nobody(replay: Any, fetch: Fetch) -> None:
    fetch(xml(served.OSM_EXTRACT))
    count = len(replay.asked)
    fetch(xml(served.OSM_EXTRACT))
    assert len(replay.asked) == count


def test_it_waits_for_a_place_as_the_status_page_says(
    replay: Any, fetch: Fetch, waits: list[float]
) -> None:
    replay.give("/api/status", served.Answer(served.STATUS_BUSY, kind="text/plain"))
    fetch(xml(served.OSM_EXTRACT))
    assert waits == [12.0]


def test_a_mirror_without_a_status_page_will_do(replay: Any, fetch: Fetch) -> None:
    replay.give("/api/status", served.Answer(b"no", 404))
    assert fetch(xml(served.OSM_EXTRACT)).streets


@given(st.text())
def test_any_status_page_gives_a_wait(page: str) -> None:
    assert slot_wait_s(page) >= 0


def test_status_pages() -> None:
    assert slot_wait_s(served.STATUS_FREE.decode()) == 0
    assert slot_wait_s(served.STATUS_BUSY.decode()) == 12
    assert slot_wait_s("Slot available after: 2026-01-10T06:00:31Z, in -3 seconds.") == 0


def test_a_place_by_its_name(replay: Any, web: Web) -> None:
    replay.give("/search", served.Answer(served.nominatim(served.POINT, served.OUTLINE)))
    area = place_area(web, f"{replay.url}/", "Example, UK")
    assert area.bounds == pytest.approx(AREA.bounds)
    assert replay.asked[0].query == {
        "q": "Example, UK",
        "format": "jsonv2",
        "polygon_geojson": "1",
        "limit": "10",
    }


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ([], "is not known to OpenStreetMap"),
        ([{"type": "Point", "coordinates": [-1.2, 51.7]}], "known only as a point"),
        ([{"type": "Polygon", "coordinates": "x"}], "known only as a point"),
        ([{"type": "Polygon", "coordinates": []}], "known only as a point"),
        ([None], "known only as a point"),
    ],
)
def test_places_that_are_no_area(replay: Any, web: Web, shapes: list[Any], said: str) -> None:
    replay.give("/search", served.Answer(served.nominatim(*shapes)))
    with pytest.raises(DownloadFailed, match=said):
        place_area(web, replay.url, "Nowhere")


@pytest.mark.parametrize("body", [b"<html></html>", b'{"error": "busy"}', b"[", b""])
def test_a_place_whose_answer_is_none(replay: Any, web: Web, body: bytes) -> None:
    replay.give("/search", served.Answer(body))
    with pytest.raises(DownloadFailed, match="tried 3 times"):
        place_area(web, replay.url, "Example")


def test_a_place_that_is_a_country(replay: Any, web: Web) -> None:
    outline = {"type": "Polygon", "coordinates": [[[0, 50], [9, 50], [9, 55], [0, 55], [0, 50]]]}
    replay.give("/search", served.Answer(served.nominatim(outline)))
    with pytest.raises(EstateError, match=r"square kilometres; give one of at most 1,000"):
        place_area(web, replay.url, "Somewhere")


def test_boxes() -> None:
    assert box_area("-1.262,51.749,-1.257,51.753").equals(AREA)
    assert box_area(" -1.262, 51.749, -1.257, 51.753 ").equals(AREA)


@pytest.mark.parametrize(
    "text",
    [
        "", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-1.25,51.7,-1.26,51.8", "-1.26,51.8,-1.25,51.7",
        "51.7,-1.26,51.8,-1.25,", "nan,1,2,3", "0,0,inf,1", "-1,51,1,53", "0,89,0.1,89.1",
    ],
)  # fmt: skip
def test_boxes_that_are_none(text: str) -> None:
    with pytest.raises(EstateError):
        box_area(text)


@given(st.text(alphabet="0123456789.,-+einfa ", max_size=40))
def test_any_box_is_an_area_or_a_named_error(text: str) -> None:
    try:
        assert box_area(text).area > 0
    except EstateError as error:
        assert "\n" not in str(error)


def test_a_drawn_polygon(build: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "area.geojson"
    path.write_text(
        build.collection([build.square_feature(0, 0, 100), build.square_feature(50, 0, 100)]),
        encoding="utf-8",
    )
    assert polygon_area(path).geom_type == "Polygon"
    path.write_text(build.collection([build.point_feature(0, 0)]), encoding="utf-8")
    with pytest.raises(EstateError, match="holds no polygon"):
        polygon_area(path)
    path.write_text("no", encoding="utf-8")
    with pytest.raises(UnknownFormat):
        polygon_area(path)
    with pytest.raises(PlannerError, match="cannot be read"):
        polygon_area(tmp_path / "none.geojson")
