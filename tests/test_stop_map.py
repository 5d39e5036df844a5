"""Stops on the web map: each kind has a shape, a word and a place in the legend of its own."""

import dataclasses
import json
import re
from collections import Counter

import pandas as pd
import pytest
from patrol_plans import degrees, every_kind, picture, plan, route, stop

from planner.allocate.plan import Plan, ZoneRisk
from planner.picture import Picture
from planner.publish.layers import plan_layers, view_of
from planner.publish.legend import legend_html
from planner.publish.stop_words import KIND_WORDS
from planner.publish.webmap import map_page, map_style

HOSTILE = "<img src=x onerror=window.hurt=1> ${window.hurt=1} `x` </script><script>window.hurt=1"


@pytest.fixture(scope="module")
def known() -> Picture:
    found = picture()
    cameras = found.estate.cameras.assign(
        name=pd.Series(dtype=str), controller="", access="own", valid_from="", valid_to=""
    )
    return dataclasses.replace(found, estate=dataclasses.replace(found.estate, cameras=cameras))


def drawn(made: Plan, known: Picture) -> Plan:
    """Give a plan a forecast of every zone, which the map draws."""
    zones = tuple(
        ZoneRisk(
            zone=zone, name=name, expected=0.1 + number, low=0, high=1, low_95=0, high_95=2,
            recorded=1, in_routes=True, made_of="",
        )
        for number, (zone, name) in enumerate(
            zip(known.estate.zones["zone"], known.estate.zones["name"], strict=True)
        )
    )  # fmt: skip
    return made.model_copy(update={"risk": made.risk.model_copy(update={"zones": zones})})


def stops_of(made: Plan, known: Picture, team: str = "A") -> list[dict[str, str]]:
    layer = next(item for item in plan_layers(known, made) if item.name == f"Team {team}")
    features = json.loads(layer.features)["features"]
    return [feature["properties"] for feature in features if "label" in feature["properties"]]


def plain(label: str) -> str:
    return re.sub("<[^>]*>", "", label)


def test_each_kind_has_a_shape_and_says_what_it_is(known: Picture) -> None:
    found = stops_of(drawn(plan([route(every_kind())]), known), known)
    assert [plain(one["label"]) for one in found] == [
        "A1", "A2", "A3 !", "A4", "A5 meal", "A6 call", "A4 end",
    ]  # fmt: skip
    shapes = [re.search(r'class="chip stop ([\w-]+)"', one["label"]) for one in found]
    assert [shape.group(1) for shape in shapes if shape] == [
        "visit", "visit", "must-visit", "duty", "meal", "call", "end",
    ]  # fmt: skip
    for one, words in zip(
        found,
        (
            "visit", "visit", "must be visited", "duty, ends at Oak Hall, with team B",
            "meal break", "call", "the escort from Lime Library ends here by 23:20",
        ),
        strict=True,
    ):  # fmt: skip
        assert words in one["tip"]
    sheet = map_style()
    assert all(f".chip.{kind}" in sheet for kind in ("must-visit", "duty", "meal", "call", "end"))


def test_only_what_covers_risk_says_how_much(known: Picture) -> None:
    made = drawn(plan([route(every_kind())], measure="harm"), known)
    covers = Counter(
        "covers 0.041 expected harm" in one["popup"] for one in stops_of(made, known)[:6]
    )
    assert covers == {True: 2, False: 4}


def test_stops_of_several_kinds_at_one_place_have_a_label_each(known: Picture) -> None:
    made = drawn(plan([route([stop(), stop("meal"), stop()])]), known)
    assert [plain(one["label"]) for one in stops_of(made, known)] == ["A1\u00b73", "A2 meal"]


def test_reasons_of_each_duty_stand_in_its_popup(known: Picture) -> None:
    stops = [stop("duty", why="Lock the gate."), stop("duty", why="Take the keys back.")]
    (one,) = stops_of(drawn(plan([route(stops)]), known), known)
    assert "Lock the gate." in one["popup"] and "Take the keys back." in one["popup"]


def test_the_first_view_holds_escorts_ends(known: Picture) -> None:
    longitude, latitude = degrees(3_000, 2_000)
    far = stop("duty", to_name="Far", to_longitude=longitude, to_latitude=latitude)
    (south, west), (north, east) = view_of(known, plan([route([far])]))
    assert west <= longitude <= east and south <= latitude <= north


def test_the_legend_explains_the_kinds_that_are_there(known: Picture) -> None:
    legend = legend_html(known, drawn(plan([route(every_kind())]), known))
    for kind, words in KIND_WORDS.items():
        assert f'class="stop {kind}"' in legend
        assert words[:1].upper() + words[1:] in legend
    assert "Where an escort ends" in legend
    bare = legend_html(known, drawn(plan([route([stop(), stop("meal")])]), known))
    assert 'class="stop duty"' not in bare and "Where an escort ends" not in bare


def test_the_page_says_how_teams_get_about(known: Picture) -> None:
    made = drawn(plan([route(every_kind(), mode="bicycle", officers=1)]), known)
    page = map_page(known, made)
    assert "3.5 km by bicycle, 1 officer, alone" in page
    assert "on foot" not in page
    assert "<td>duty, ends at Oak Hall, with team B</td>" in re.sub(' data-label="What"', "", page)


def test_hostile_texts_of_stops_stay_texts(known: Picture) -> None:
    stops = [
        one.model_copy(update={"name": HOSTILE, "why": HOSTILE, "with_team": HOSTILE})
        for one in every_kind()
    ]
    stops[3] = stops[3].model_copy(update={"to_name": HOSTILE})
    made = drawn(
        plan([route(stops, team=HOSTILE, mode=HOSTILE, start=HOSTILE)], measure=HOSTILE), known
    )
    page = map_page(known, made)
    assert "window.hurt" in page
    assert "<img" not in page and "${window" not in page
    assert page.lower().count("<script") == page.lower().count("</script") == 2
