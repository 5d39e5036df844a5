"""Route cards: one legible A4 page a team, whatever the plan and its names hold."""

import io
import re
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pypdf
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_plans import (
    CRS,
    MIDDLE,
    at,
    degrees,
    every_kind,
    many_stops,
    picture,
    plan,
    route,
    stop,
)
from pyproj import Geod

from planner.allocate.plan import Plan
from planner.allocate.scenario import scenario_from
from planner.estate.liaison.records import CONTACTS, make_table
from planner.picture import Picture
from planner.publish.printmap_layout import Box, Window, line_mm, width_mm
from planner.publish.route_card import route_cards_pdf
from planner.publish.route_card_chips import Chip, place_chips, route_chips
from planner.publish.route_card_map import NorthUp, north_up, route_window
from planner.publish.route_card_notes import (
    MOST_NUMBER_LINES,
    contact_numbers,
    note_lines,
    ordered_numbers,
    safety_words,
)
from planner.publish.route_card_table import COLUMNS, NARROW, SMALLEST, fitted_table
from planner.publish.stop_words import look_words
from planner.publish.style import ILLUSTRATIVE

A4 = [0, 0, 210 * 72 / 25.4, 297 * 72 / 25.4]
FRAME = Box(10, 100, 190, 80)
NUMBERS = (("Elm Court, Head Porter", "01632 960002"), ("Control room", "01632 960001"))


def cards(
    made: Plan, numbers: Sequence[tuple[str, str]] = NUMBERS, known: Picture | None = None
) -> pypdf.PdfReader:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        content = route_cards_pdf(known or picture(), made, numbers)
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(page: pypdf.PageObject) -> str:
    return " ".join(page.extract_text().split())


def letter_sizes(page: pypdf.PageObject) -> set[float]:
    return {
        float(size) for size in re.findall(rb"/\S+ ([\d.]+) Tf", page.get_contents().get_data())
    }


def heights(page: pypdf.PageObject) -> list[float]:
    """How high each text lies, in millimetres above the foot of the page."""
    drawn = re.findall(rb"([-\d.]+) cm\nBT\n/\S+ [\d.]+ Tf\n0 0 Td", page.get_contents().get_data())
    return [float(height) * 25.4 / 72 for height in drawn]


def test_a_page_a_team_each_a4_upright() -> None:
    made = plan([route(every_kind()), route([stop()], team="B"), route([], team="C", path=())])
    pages = cards(made).pages
    assert len(pages) == 3
    for page, team in zip(pages, "ABC", strict=True):
        assert [float(side) for side in page.mediabox] == pytest.approx(A4, abs=0.01)
        assert not list(page.images)
        assert f"Team {team}" in text_of(page)
    assert "this team stands by" in text_of(pages[2])


def test_it_says_what_a_patrol_needs() -> None:
    made = plan(
        [route(every_kind(), officers=1, mode="bicycle", finish="Far Post")], illustrative=True,
        scenario=scenario_from({"safety": {"nearest_team_minutes": 12}}),
        relaxed=["Oak Hall is seen once."], changes=["Team B was called away."],
    )  # fmt: skip
    text = text_of(cards(made).pages[0])
    for words in (
        ILLUSTRATIVE, "Oxbridge", "Night shift, Fri 27 Nov 2026, 22:00 to 06:00 (week 7 of term)",
        "By bicycle, 1 officer, alone; 3.5 km.", "Leaves Home Post at 22:00",
        "ends at Far Post by 04:40", "Not met: Oak Hall is seen once.",
        "Changed: Team B was called away.", "22:10\u201322:20", "Ash Yard", "must be visited",
        "meal break", "call", "1 last", "12 min", "Most often bicycle theft",
        "Escort: bring the float", "Call in at 23:00, 00:00, 01:00.", "Safety: You are alone",
        "12 minutes from the nearest other", "Control room: 01632 960001", "True north",
        "Plan abc123", "planner 9.9", "records to Thu 1 Oct 2026, 00:00", "at A4", "Elm Court",
        "A3 !", "A4 end", "A5 meal", "A6 call", "Tree Street",
    ):  # fmt: skip
        assert words in text, words
    # A cell of several lines is read line by line.
    assert "ends at Oak" in text and "with team B" in text


def test_what_is_not_so_is_not_said() -> None:
    text = text_of(cards(plan([route([stop()], check_ins=())]), ()).pages[0])
    for words in ("ILLUSTRATIVE", "Not met", "Changed", "Safety", "Rank:", "Detour:", "end"):
        assert words not in text.replace("Depend", "").replace("ends", ""), words
    assert "No numbers recorded: add them with 'planner liaison import'" in text
    assert "Call in: no times are set." in text


def test_same_plan_same_bytes() -> None:
    made = plan([route(every_kind()), route(many_stops(30), team="B")])
    first, again = (route_cards_pdf(picture(), made, NUMBERS) for _ in range(2))
    assert first == again
    assert b"CreationDate" not in first


def test_a_plan_without_routes_has_one_page_that_says_so() -> None:
    pages = cards(plan()).pages
    assert len(pages) == 1
    assert "No team has a stop in this plan." in text_of(pages[0])
    assert "Oxbridge" in text_of(pages[0])


@pytest.mark.parametrize("count", [1, 12, 30, 60, 150])
def test_a_long_route_keeps_to_one_legible_page(count: int) -> None:
    stops = many_stops(count)
    pages = cards(plan([route(stops)], illustrative=True)).pages
    assert len(pages) == 1
    assert min(letter_sizes(pages[0])) >= SMALLEST
    assert min(heights(pages[0])) >= 9.5
    assert max(heights(pages[0])) <= 287
    text = text_of(pages[0])
    said = len(re.findall(r"\d\d:\d\d\u2013\d\d:\d\d", text))
    left = re.search(r"(\d+) more stops have no room here", text)
    assert said + (int(left.group(1)) if left else 0) == count
    if count <= 60:
        assert said == count
        assert all(f"{one.arrive[11:16]}\u2013{one.leave[11:16]}" in text for one in stops)


def test_thirty_stops_still_say_what_to_look_for() -> None:
    text = text_of(cards(plan([route(many_stops(30))], illustrative=True)).pages[0])
    assert text.count("Most often bicycle theft") == 30
    assert all(f"Long Named Court and Lodge {number}" in text for number in range(1, 31))


@given(st.integers(0, 80), st.floats(30, 240))
@settings(max_examples=30, deadline=None)
def test_a_table_fits_its_room_or_counts_what_it_leaves_out(count: int, room: float) -> None:
    table = fitted_table(route(many_stops(count)), room)
    assert len(table.rows) == count
    if table.shown > 1:
        assert table.height <= room
    for column, lines in ((column, lines) for row in table.rows for column, lines in row.items()):
        assert all(width_mm(line, table.style.size) <= column.width + 1e-6 for line in lines)


@pytest.mark.parametrize("columns", [COLUMNS, NARROW])
def test_columns_do_not_overlap(columns: Sequence) -> None:
    for left, right in pairwise(columns):
        assert left.left + left.width < right.left
    assert columns[-1].left + columns[-1].width <= (190 if columns is COLUMNS else 92)


@pytest.mark.parametrize(
    "name",
    [
        "$x^2$ and $\\frac{1}{0}$ Street", "東京大学 図書館", "W" * 300, "long " * 90,
        "two\nlines\ttab\x00\x1b[31m", "\u202eevil", "😀", "<script>", "", " ",
    ],
)  # fmt: skip
def test_hostile_names(name: str) -> None:
    kinds = [
        one.model_copy(update={"name": name, "why": name, "with_team": name})
        for one in every_kind()
    ]
    kinds[3] = kinds[3].model_copy(update={"to_name": name})
    made = plan(
        [route(kinds, team=name, start=name, finish=name), route(many_stops(25, name, name))],
        name=name, relaxed=[name], changes=[name],
    )  # fmt: skip
    pages = cards(made, [(name, name)] * 30, picture((name, "Oak Hall", name))).pages
    assert len(pages) == 2
    for page in pages:
        assert "Plan abc123" in text_of(page)
        assert min(heights(page)) >= 9.5
        assert min(letter_sizes(page)) >= SMALLEST


def test_twenty_teams_have_twenty_pages_in_good_time() -> None:
    made = plan([route(many_stops(8), team=f"T{number}") for number in range(20)])
    started = time.process_time()
    pages = cards(made).pages
    assert time.process_time() - started < 60
    assert [f"Team T{number}" in text_of(page) for number, page in enumerate(pages)] == [True] * 20


def test_an_estate_without_streets_has_cards() -> None:
    text = text_of(cards(plan([route(every_kind())]), known=picture(streets=False)).pages[0])
    assert "A1" in text and "Tree Street" not in text


@pytest.mark.parametrize("crs", [CRS, "EPSG:27700", "EPSG:32756"])
def test_true_north_is_straight_up(crs: str) -> None:
    longitude, latitude = (-1.26, 51.75) if crs != "EPSG:32756" else (151.2, -33.9)
    ahead = Geod(ellps="WGS84").fwd(longitude, latitude, 0.0, 400.0)[:2]
    way = ((longitude, latitude), ahead)
    known = replace(picture().estate, crs=crs)
    up = north_up(known, route([], path=way))
    paper = route_window(known, route([], path=way), FRAME).on_paper(up.from_degrees(way))
    assert paper[1, 0] - paper[0, 0] == pytest.approx(0.0, abs=0.02)
    scale = route_window(known, route([], path=way), FRAME).scale
    assert paper[1, 1] - paper[0, 1] == pytest.approx(400_000 / scale, rel=2e-3)


def test_turning_keeps_lengths_and_the_middle() -> None:
    up = NorthUp(CRS, MIDDLE)
    points = np.array([MIDDLE, (MIDDLE[0] + 300, MIDDLE[1]), (MIDDLE[0], MIDDLE[1] - 500)])
    turned = up.turn(points)
    assert turned[0] == pytest.approx(MIDDLE)
    assert shapely.length(shapely.LineString(turned)) == pytest.approx(
        shapely.length(shapely.LineString(points))
    )


def test_the_ground_turns_with_the_route() -> None:
    estate = picture().estate
    up = north_up(estate, route(every_kind()))
    window = route_window(estate, route(every_kind()), FRAME)
    ground = up.ground(estate, window)
    turned = shapely.get_coordinates(ground.sites.geometry.to_numpy())
    own = estate.sites[estate.sites["site"].isin(ground.sites["site"])]
    assert turned == pytest.approx(up.turn(shapely.get_coordinates(own.geometry.to_numpy())))
    assert estate.sites.geometry.iloc[0].equals(picture().estate.sites.geometry.iloc[0])


def test_the_whole_route_and_escorts_ends_are_on_the_map() -> None:
    far = degrees(2_000, 1_500)
    one = stop("duty", to_name="Far", to_longitude=far[0], to_latitude=far[1])
    estate, made = picture().estate, route([one])
    window: Window = route_window(estate, made, FRAME)
    paper = window.on_paper(north_up(estate, made).from_degrees([*made.path, far]))
    assert (paper >= [FRAME.left, FRAME.bottom]).all()
    assert (paper <= [FRAME.right, FRAME.top]).all()


def test_stops_of_one_kind_at_one_place_share_a_chip() -> None:
    stops = [stop(), stop(), stop("duty"), stop(), stop()]
    found = [(chip.text, chip.kind) for chip, _ in route_chips(route(stops), 8)]
    assert found == [
        ("A1\u00b72\u00b74", "visit"), ("A5", "visit"), ("A3", "duty"), ("Post", "post"),
    ]  # fmt: skip
    long_named = [chip.text for chip, _ in route_chips(route(stops[:1], team="Victor"), 8)]
    assert long_named == ["1", "Post"]


@given(
    st.lists(
        st.tuples(st.floats(10, 200), st.floats(100, 180), st.sampled_from(["A1", "A2\u00b73"])),
        min_size=1, max_size=40,
    )
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_numbers_lie_on_the_map_and_not_over_one_another(
    places: list[tuple[float, float, str]],
) -> None:
    chips = place_chips([Chip(text, "visit", (x, y), 8) for x, y, text in places], FRAME)
    shown = [chip for chip in chips if not chip.crowded]
    assert shown
    boxes = [
        shapely.box(x - wide, y - high, x + wide, y + high)
        for (x, y), (wide, high) in ((chip.middle, chip.half) for chip in shown)
    ]
    frame = shapely.box(FRAME.left, FRAME.bottom, FRAME.right, FRAME.top)
    assert all(frame.contains(box) for box in boxes)
    for number, box in enumerate(boxes):
        assert shapely.area(shapely.intersection(box, boxes[number + 1 :])).sum() == 0


def test_a_lone_number_lies_on_its_place() -> None:
    (chip,) = place_chips([Chip("A1", "visit", (100, 140), 8)], FRAME)
    assert chip.middle == (100, 140)


def test_numbers_begin_with_the_control_room_and_the_teams_own_places() -> None:
    listed = [("Far Hall, Lodge", "1"), ("Elm Court, Lodge", "2"), ("Control room", "3")]
    assert [number for _, number in ordered_numbers(route([stop()]), listed)] == ["3", "2", "1"]


def test_numbers_that_have_no_room_are_counted() -> None:
    listed = [(f"Hall {number}, Lodge", f"01632 960{number:03d}") for number in range(90)]
    lines = note_lines(plan(), route([stop()]), listed, 190)[-1]
    assert len(lines.texts) <= MOST_NUMBER_LINES
    assert all(width_mm(line, lines.size) <= 190 for line in lines.texts)
    shown = sum(line.count("Lodge:") for line in lines.texts)
    assert f"and {90 - shown} more in the list of contacts" in " ".join(lines.texts)
    assert lines.height > len(lines.texts) * line_mm(lines.size)


def test_contacts_become_numbers_where_they_have_one() -> None:
    rows = [
        {"site": "Elm Court", "role": "Head Porter", "phone": "01632 960002"},
        {"site": "Oak Hall", "role": "Deputy", "phone": ""},
    ]
    assert contact_numbers(make_table(CONTACTS, rows)) == (
        ("Elm Court, Head Porter", "01632 960002"),
    )
    assert contact_numbers(pd.DataFrame({"site": [], "role": [], "phone": []})) == ()


@pytest.mark.parametrize(
    ("officers", "safety", "words"),
    [
        (2, {}, ""),
        (1, {}, "Safety: You are alone: nowhere after dark."),
        (1, {"single_officers_after_dark": ["Elm"]}, "You are alone: after dark only in Elm."),
        (1, {"single_officers_after_dark": "anywhere"}, "after dark you may be anywhere."),
        (2, {"nearest_team_minutes": 7.5}, "Safety: No team is further than 7.5 minutes"),
    ],
)
def test_safety(officers: int, safety: dict[str, object], words: str) -> None:
    made = plan(scenario=scenario_from({"safety": safety}))
    said = safety_words(made, route([stop()], officers=officers))
    assert words in said and bool(words) == bool(said)


def test_reasons_are_shortened_to_what_to_look_for() -> None:
    assert look_words(stop().why) == "Most often bicycle theft; busiest about 23:00."
    assert look_words("Escort: bring the float.") == "Escort: bring the float."
    assert look_words("3rd highest risk of 9 zones: 0.1") == "3rd highest risk of 9 zones: 0.1"
    assert look_words("") == ""


def test_moments_of_the_night_are_as_the_plan_has_them() -> None:
    late = stop(arrive=at(130), leave=at(145.5))
    assert "00:10\u201300:25" in text_of(cards(plan([route([late])])).pages[0])
