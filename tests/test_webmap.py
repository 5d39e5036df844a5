"""The web map: one file, no network, every text from data harmless."""

import dataclasses
import json
import re
import time

import folium
import numpy as np
import pytest
import shapely

from planner.allocate.plan import Plan
from planner.allocate.planning import make_plan
from planner.allocate.scenario import scenario_from
from planner.picture import Picture
from planner.publish import leaflet, style
from planner.publish.features import safe_json
from planner.publish.layers import ground_layers, hotspot_words, plan_layers, view_of
from planner.publish.legend import legend_html
from planner.publish.risk_words import number
from planner.publish.tables import camera_table, for_spreadsheet, hotspot_table, stop_table
from planner.publish.walked_streets import walked_streets
from planner.publish.webmap import map_page, plan_map
from planner.service.demo import make_demo
from planner.service.workspace import take_picture

HOSTILE = (
    '<img src=x onerror="window.hurt=1">',
    "${window.hurt=1}",
    "`${window.hurt=1}`",
    "</script><script>window.hurt=1</script>",
    "{{ 7*7 }}",
    "\\u003cimg src=x onerror=window.hurt=1\\u003e",
)


@pytest.fixture(scope="module")
def picture(tmp_path_factory) -> Picture:
    folder = tmp_path_factory.mktemp("map") / "demo"
    make_demo(folder)
    return take_picture(folder)


@pytest.fixture(scope="module")
def plan(picture) -> Plan:
    return make_plan(picture, scenario_from({"solver": {"tries": 1, "iterations": 60}}))


def hostile_plan(plan: Plan) -> Plan:
    """Put every hostile text in every place of a plan that holds text from data."""
    bad = " ".join(HOSTILE)
    document = json.loads(plan.to_json())

    def spoil(value: object, key: str) -> object:
        if isinstance(value, dict):
            return {name: spoil(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [spoil(part, key) for part in value]
        named = ("name", "why", "top_category", "start", "finish", "warnings", "day", "stopped_by")
        return bad if key in named and isinstance(value, str) else value

    return Plan.model_validate(spoil(document, ""))


def test_the_page_holds_no_address_of_a_network(picture, plan):
    page = map_page(picture, plan)
    attributes = re.findall(r"""(?:src|href)\s*=\s*["']?([^"'\s>]{0,40})""", page)
    assert attributes and all(value.startswith("data:") for value in attributes)
    assert not re.search(r"url\((?!data:|#)", page)
    for name in ("cdn", "jquery", "bootstrap", "glyphicons", "awesome", "googleapis", "unpkg"):
        assert name not in page.lower()


def test_the_page_is_small_and_quick(picture, plan):
    started = time.perf_counter()
    page = map_page(picture, plan)
    assert time.perf_counter() - started < 3
    assert len(page.encode()) < 4_000_000


def test_leaflet_is_whole_and_its_images_are_inside():
    script, sheet = leaflet.script_link(), leaflet.style_link()
    assert script.startswith("data:text/javascript;base64,") and len(script) > 100_000
    assert sheet.startswith("data:text/css;base64,")


def test_the_page_says_what_the_plan_says(picture, plan):
    page = map_page(picture, plan)
    for route in plan.patrols.routes:
        for count, stop in enumerate(route.stops, start=1):
            assert f">{route.team}{count}</b>" in page
            assert style.in_map(stop.name) in page
            assert style.in_map(stop.why) in page
    assert style.per_cent(plan.patrols.risk_covered) in page
    assert style.per_cent(plan.patrols.gap) in page
    assert style.per_cent(plan.baselines.random.risk_covered) in page
    assert style.per_cent(plan.cameras.covered) in page
    for warning in plan.warnings:
        assert style.in_map(warning) in page


def test_invented_incidents_are_called_invented(picture, plan):
    assert style.ILLUSTRATIVE in map_page(picture, plan)
    real = plan.model_copy(
        update={"estate": plan.estate.model_copy(update={"illustrative": False})}
    )
    assert style.ILLUSTRATIVE not in map_page(picture, real)


def test_hostile_texts_stay_texts(picture, plan):
    bad = hostile_plan(plan)
    cameras = picture.estate.cameras.assign(name=HOSTILE[0], controller=HOSTILE[3])
    spoilt = dataclasses.replace(
        picture, estate=dataclasses.replace(picture.estate, cameras=cameras)
    )
    page = map_page(spoilt, bad)
    assert "window.hurt" in page
    assert "<img" not in page
    assert "${window" not in page
    assert page.lower().count("<script") == page.lower().count("</script") == 2


def test_layers_are_geojson_with_six_decimals(picture, plan):
    layers = [*ground_layers(picture), *plan_layers(picture, plan)]
    assert [layer.name for layer in layers][:3] == [
        "Sites and buildings",
        "Streets",
        "Risk by zone",
    ]
    assert [layer.name for layer in layers][-1] == f"Team {plan.patrols.routes[-1].team}"
    for layer in layers:
        document = json.loads(layer.features)
        assert document["features"]
        assert not re.search(r"\d\.\d{7,}[,\]]", json.dumps(document["features"][0]["geometry"]))


def test_each_zone_is_drawn_and_only_the_top_class_is_hatched(picture, plan):
    risk = next(layer for layer in plan_layers(picture, plan) if layer.pane == "risk")
    features = json.loads(risk.features)["features"]
    classes, _ = style.risk_classes(np.array([zone.expected for zone in plan.risk.zones]))
    fills = [feature["properties"]["style"]["fillColor"] for feature in features]
    assert len(fills) == len(plan.risk.zones)
    assert [fill.startswith("url(") for fill in fills] == list(classes == 4)
    assert all("expected this shift" in feature["properties"]["tip"] for feature in features)


def test_every_stop_is_numbered_once(picture, plan):
    for route in plan.patrols.routes:
        layer = next(
            item for item in plan_layers(picture, plan) if item.name == f"Team {route.team}"
        )
        found = json.loads(layer.features)["features"]
        labels = [
            re.sub("<[^>]*>", "", feature["properties"]["label"]).removeprefix(route.team)
            for feature in found
            if "label" in feature["properties"]
        ]
        numbers = sorted(int(part) for label in labels for part in label.split("·"))
        assert numbers == list(range(1, len(route.stops) + 1))


def test_teams_differ_in_colour_and_dashes(picture, plan):
    lines = []
    for layer in plan_layers(picture, plan):
        if layer.name.startswith("Team"):
            features = json.loads(layer.features)["features"]
            styles = [feature["properties"].get("style", {}) for feature in features]
            lines += [(s["color"], s["dashArray"]) for s in styles if "dashArray" in s]
    assert len(set(lines)) == len(plan.patrols.routes)
    assert len({dashes for _, dashes in lines}) == len(lines)


def test_the_first_view_holds_the_routes_and_leaves_far_hotspots_out(picture, plan):
    (south, west), (north, east) = view_of(picture, plan)
    points = [point for route in plan.patrols.routes for point in route.path]
    assert all(west <= x <= east and south <= y <= north for x, y in points)
    far = plan.hotspots[0].model_copy(update={"area": ((9.0, 40.0), (9.1, 40.0), (9.1, 40.1))})
    assert view_of(picture, plan.model_copy(update={"hotspots": (far, *plan.hotspots)})) == [
        [south, west],
        [north, east],
    ]


def test_a_plan_without_routes_cameras_or_hotspots_has_a_page(picture, plan):
    empty = plan.model_copy(
        update={
            "hotspots": (),
            "patrols": plan.patrols.model_copy(update={"routes": ()}),
            "cameras": plan.cameras.model_copy(update={"chosen": ()}),
        }
    )
    page = map_page(picture, empty)
    assert "No team has a stop in this plan" in page
    assert "New camera" not in legend_html(picture, empty)
    assert "<ul></ul>" not in page


def test_an_estate_without_streets_has_a_map(picture, plan):
    bare = dataclasses.replace(picture, estate=dataclasses.replace(picture.estate, streets=None))
    assert [layer.name for layer in ground_layers(bare)] == ["Sites and buildings"]


def test_the_legend_names_units_and_every_class_that_is_used(picture, plan):
    legend = legend_html(picture, plan)
    assert "incidents expected this shift" in legend
    classes, _ = style.risk_classes(np.array([zone.expected for zone in plan.risk.zones]))
    assert legend.count('class="swatch"') == len(np.unique(classes))
    assert all(f"Team {route.team}</b>" in legend for route in plan.patrols.routes)


def test_a_hotspot_that_may_be_chance_is_drawn_otherwise_and_says_so(picture, plan):
    chosen = plan.hotspots[0]
    real = chosen.model_copy(update={"q": 0.003, "more_than_chance": True})
    doubtful = chosen.model_copy(update={"q": 0.4, "more_than_chance": False, "rank": 2})
    assert "More than chance (q = 0.003)" in hotspot_words(real)
    assert "May be chance" in hotspot_words(doubtful)
    both = plan.model_copy(update={"hotspots": (real, doubtful)})
    layer = next(layer for layer in plan_layers(picture, both) if layer.name == "Hotspots")
    assert layer.features.count("dashArray") == 1
    legend = legend_html(picture, both)
    assert "Outline: more than chance (false discovery rate under 5 %) (1)" in legend
    assert "Dashed: may be chance (1)" in legend
    chances = hotspot_table(both)["Chance"].tolist()
    assert chances == ["more than chance (q = 0.003)", "may be chance"]


def test_plan_map_leaves_folium_for_others_as_it_was(picture, plan):
    before = list(folium.Map.default_js)
    drawn = plan_map(picture, plan, scripts=[("leaflet", "here.js")], styles=[])
    assert drawn.ground.default_js == [("leaflet", "here.js")]
    assert folium.Map.default_js == before


def test_tables_have_one_row_a_stop_and_units_in_their_heads(plan):
    stops = stop_table(plan)
    assert len(stops) == sum(len(route.stops) for route in plan.patrols.routes)
    assert "expected incidents" in " ".join(stops.columns)
    assert len(hotspot_table(plan)) == len(plan.hotspots)
    assert len(camera_table(plan)) == len(plan.cameras.chosen)


def test_formulas_in_names_are_no_formulas_in_a_spreadsheet(plan):
    table = stop_table(plan)
    table.loc[0, "Place"] = "=HYPERLINK(1)"
    assert for_spreadsheet(table).loc[0, "Place"] == "'=HYPERLINK(1)"
    assert for_spreadsheet(table).loc[1, "Place"] == table.loc[1, "Place"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.00312, "0.0031"),
        (0.14, "0.14"),
        (3.319, "3.3"),
        (1234.5, "1,234"),
        (9e-9, "0.000000"),
    ],
)
def test_small_numbers_keep_two_figures(value, text):
    assert number(value) == text


def test_json_in_a_script_cannot_end_it():
    text = safe_json({"a": "</script><b>&'"})
    assert not set("<>&'") & set(text)
    assert json.loads(text) == {"a": "</script><b>&'"}


def test_a_street_walked_twice_is_drawn_once(picture, plan):
    route = plan.patrols.routes[0]
    back = route.model_copy(update={"path": route.path + route.path[::-1]})
    assert shapely.length(walked_streets(back)) == pytest.approx(
        shapely.length(walked_streets(route))
    )
