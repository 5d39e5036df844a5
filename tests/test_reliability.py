"""The plots of a backtest: what they show is what was measured, and nothing of them is cut off."""

import base64
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.backtest.backtest import Backtest, Scores, Versus
from planner.insight.backtest.calibration import Calibration, calibration_of
from planner.insight.backtest.comparison import Difference
from planner.insight.risk.evidence import Evidence
from planner.publish.drawing import picture_html, spread
from planner.publish.hit_rates import hit_rate_svg
from planner.publish.reliability import reliability_svg, reliability_words, sampling_band
from planner.publish.track_html import hit_rates_html, reliability_html, rivals_html

SVG = "{http://www.w3.org/2000/svg}"
SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4)


def flat(counted: int = 1000, **changes: object) -> Calibration:
    usual = {"counted": counted, "central": (0.5, 0.8, 0.95), "low_tail": 0.1, "high_tail": 0.1,
             "bins": (0.1,) * 10}  # fmt: skip
    return Calibration(**(usual | changes))


def result(
    issued: list[float], zones: int = 76, calibration: Calibration | None = None
) -> Backtest:
    def scores(rates: list[float]) -> Scores:
        return Scores(tuple(rates), (1.0,) * 4, (0.5,) * 4, -4.2)

    gains = tuple(Difference(0.01, -0.01, 0.03) for _ in range(4))
    versus = Versus(gains, Difference(0.01, -0.01, 0.03))
    found = calibration or flat()
    models = {"count": scores([0.9 * rate for rate in issued]), "policy": scores(issued),
              "best_possible": scores([1.0] * 4)}  # fmt: skip
    return Backtest(
        windows=104, zones=zones, incidents=500.0, models=models, chosen="model", floor="count",
        fell_back=3, versus_count=versus, versus_decayed=versus, calibration=found,
        total_calibration=found, evidence=Evidence(104, 0.01, 0.99),
    )  # fmt: skip


def inside(drawing: str) -> ElementTree.Element:
    """Check that nothing lies outside of a drawing; return it."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    for item in root.iter():
        places = [(float(item.attrib[x]), float(item.attrib[y])) for x, y in
                  (("x", "y"), ("cx", "cy")) if x in item.attrib]  # fmt: skip
        if item.tag == f"{SVG}rect":
            left, top = places[0]
            places.append((left + float(item.attrib["width"]), top + float(item.attrib["height"])))
        if item.tag == f"{SVG}polyline":
            places += [tuple(map(float, pair.split(","))) for pair in item.attrib["points"].split()]
        assert all(-1 <= x <= width + 1 and -1 <= y <= height + 1 for x, y in places), item.attrib
    return root


@given(st.lists(st.floats(0, 1), min_size=10, max_size=10), st.integers(0, 5000))
def test_the_reliability_plot_stays_in_its_frame(bins: list[float], counted: int) -> None:
    root = inside(reliability_svg(flat(counted, bins=tuple(bins))))
    assert len(list(root.iter(f"{SVG}rect"))) >= 10


@given(SHARES, st.integers(1, 12_000))
def test_the_plot_of_hit_rates_stays_in_its_frame(rates: list[float], zones: int) -> None:
    root = inside(hit_rate_svg(result(sorted(rates), zones)))
    texts = [(item.text, float(item.attrib["y"])) for item in root.iter(f"{SVG}text")]
    names = [y for text, y in texts if text in
             ("best possible", "as issued", "whole-history count", "chance")]  # fmt: skip
    assert len(names) == 4
    assert min(np.diff(sorted(names))) >= 14


@given(st.lists(st.floats(0, 100), max_size=5))
def test_labels_are_moved_apart_and_keep_their_order(heights: list[float]) -> None:
    placed = spread(heights, 17, 0, 100)
    order = np.argsort(heights, kind="stable")
    assert (np.diff(np.array(placed)[order]) >= 17 - 1e-9).all()
    assert all(y >= 0 - 1e-9 for y in placed)


def test_the_band_of_chance_narrows_with_the_counts() -> None:
    few, many = sampling_band(50, 0.1), sampling_band(5000, 0.1)
    assert few[0] < many[0] < 0.1 < many[1] < few[1]
    assert sampling_band(0, 0.1) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("central", "words"),
    [
        ((0.5, 0.8, 0.95), "as much as they said"),
        ((0.7, 0.95, 1.0), "too wide"),
        ((0.3, 0.6, 0.8), "too narrow"),
        ((0.3, 0.9, 0.95), "and others less"),
    ],
)
def test_words_say_which_way_the_intervals_are_off(central: tuple[float, ...], words: str) -> None:
    assert words in reliability_words(flat(central=central))


def test_without_a_count_the_plot_says_so() -> None:
    empty = calibration_of(np.array([]), np.array([]))
    assert reliability_words(empty) == "No count was judged."
    assert "nan" not in reliability_svg(empty)


def test_a_drawing_is_shown_as_a_picture_that_holds_it() -> None:
    html = picture_html(reliability_svg(flat()), 'what "it" is')
    held = re.search(r"base64,([^\"]+)", html)
    assert held is not None
    inside(base64.b64decode(held[1]).decode())
    assert "what &quot;it&quot; is" in html


def test_the_table_names_the_zones_of_each_share_and_every_rival() -> None:
    table = rivals_html(result([0.1, 0.2, 0.3, 0.4]))
    assert all(f"{zones} zone" in table for zones in (1, 2, 4, 8))
    assert table.count("<tr>") == 4
    assert "now the model's" in table and "30.0&nbsp;%" in table


def test_figures_carry_their_words() -> None:
    found = result([0.1, 0.2, 0.3, 0.4])
    assert "as issued 30 %" in hit_rates_html(found)
    assert "1,000 counts" in reliability_html(found)
