import base64
import re
import xml.etree.ElementTree as ElementTree
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.timing.summary import Timing, timing
from planner.publish.heat import heat_classes, heat_html, heat_svg
from planner.settings import Settings

SVG = "{http://www.w3.org/2000/svg}"
WEIGHTS = st.lists(st.floats(0, 500), min_size=168, max_size=168).map(np.array)


def found(build: ModuleType, rows: int = 3) -> Timing:
    periods = build.periods(("2025-01-01", "2026-01-01"))
    return timing(build.located([{}] * rows), periods, Settings(crs="EPSG:32630"))


@given(weights=WEIGHTS)
def test_busier_hours_are_never_of_a_lower_class(weights: np.ndarray) -> None:
    classes = heat_classes(weights, np.ones(168))
    order = np.argsort(weights, kind="stable")
    assert (np.diff(classes.of_hour[order]) >= 0).all()
    assert (classes.of_hour == 4).sum() <= 9
    for level, least, most in classes.ranges:
        inside = weights[classes.of_hour == level]
        assert (inside.min(), inside.max()) == (least, most)
    assert sum((classes.of_hour == level).sum() for level, *_ in classes.ranges) == 168


def test_hours_that_are_not_covered_have_no_class() -> None:
    covered = np.ones(168)
    covered[:24] = 0
    classes = heat_classes(np.zeros(168), covered)
    assert (classes.of_hour[:24] == -1).all()
    assert (classes.of_hour[24:] == 0).all()


@pytest.mark.parametrize("narrow", [False, True])
def test_a_drawing_has_each_hour_once_inside_its_frame(build: ModuleType, narrow: bool) -> None:
    drawing = ElementTree.fromstring(heat_svg(found(build), "Whole estate", narrow))  # noqa: S314
    width, height = (float(side) for side in drawing.attrib["viewBox"].split()[2:])
    cells = [cell.attrib for cell in drawing.findall(f"{SVG}rect")]
    corners = [(float(cell["x"]), float(cell["y"])) for cell in cells]
    assert len(set(corners)) == len(corners)
    assert len({x for x, _ in corners[:168]}) == 24
    assert len({y for _, y in corners[:168]}) == 7
    for cell, (x, y) in zip(cells, corners, strict=True):
        assert x >= 0 and x + float(cell["width"]) <= width
        assert y >= 0 and y + float(cell["height"]) <= height
    assert [text.text for text in drawing.findall(f"{SVG}text")][:7] == [
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
    ]  # fmt: skip


def test_the_busiest_hour_is_hatched_in_its_own_place(build: ModuleType) -> None:
    # Monday 2 June, 23:00 to 23:30 local time.
    drawing = ElementTree.fromstring(heat_svg(found(build), "Whole estate"))  # noqa: S314
    cells = drawing.findall(f"{SVG}rect")[:168]
    hatched = [row for row, cell in enumerate(cells) if cell.attrib["fill"] == "url(#busiest)"]
    assert hatched == [23]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "${alert(1)}", "a & b"]
)
def test_hostile_names_stay_text(build: ModuleType, name: str) -> None:
    page = heat_html(found(build), name, "Europe/London")
    assert name not in page
    for encoded in re.findall(r"base64,([^\"]+)", page):
        svg = base64.b64decode(encoded).decode()
        title = ElementTree.fromstring(svg).find(f"{SVG}title")  # noqa: S314
        assert title is not None and title.text is not None
        assert title.text.endswith(name)
        assert "<script" not in svg and "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_who_can_not_see_it_is_told_the_busiest_hours(build: ModuleType) -> None:
    page = heat_html(found(build), "Whole estate", "Europe/London")
    assert "Busiest hours: Monday 23:00" in page
    none = heat_html(found(build, 0), "Whole estate", "Europe/London")
    assert "Busiest hours: none" in none
