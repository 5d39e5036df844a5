"""Records that are thin, stacked or hostile: hotspots stay finite, and say that little is known."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.hotspots import find_hotspots
from planner.insight.hotspots.names import place_name
from planner.publish.layers import hotspot_words
from planner.publish.style import chance_words, trend_words

HOSTILE = ["<script>alert(1)</script>", "${alert(1)}", "=cmd()", "a" * 400, "\u202egnirts", ""]


@settings(max_examples=15)
@given(
    count=st.integers(0, 40), places=st.integers(1, 5), days=st.integers(1, 3),
    lost=st.integers(0, 3), text=st.sampled_from(HOSTILE), seed=st.integers(0, 1_000),
)  # fmt: skip
def test_hotspots_are_finite_whatever_comes(
    build: ModuleType, count: int, places: int, days: int, lost: int, text: str, seed: int
) -> None:
    random = np.random.default_rng(seed)
    points = random.uniform(-50, 350, (places, 2))[random.integers(0, places, count)]
    at = pd.Timestamp("2025-06-01", tz="UTC")
    rows = [
        {"x": build.CORNER[0] + x, "y": build.CORNER[1] + y, "category": text, "street": text,
         "zone": "alpha-college", "occurred_from": at, "occurred_to": at}
        for x, y in points
    ]  # fmt: skip
    rows += [{"x": np.nan, "y": np.nan}] * lost
    end = at + pd.Timedelta(days=days)
    periods = build.periods((str(at.date()), str(end.date())))
    for spot in find_hotspots(build.located(rows), periods, build.estate(), "Europe/London"):
        assert np.isfinite([spot.expected, spot.p, spot.q, spot.count]).all()
        assert 0 < spot.p <= spot.q <= 1
        assert spot.geometry.is_valid
        assert spot.trend == "no change shown" or spot.trend_q is None or spot.trend_q <= 1


def test_a_zone_of_no_width_and_an_area_of_none_are_told_nothing_of(build: ModuleType) -> None:
    estate = build.estate(reach_m=0.0)
    line = shapely.LineString([build.metres(0, 0), build.metres(50, 0)])
    zones = estate.zones.assign(geometry=[line] * len(estate.zones))
    thin = build.estate(zones=zones, reach_m=0.0)
    rows = [{"x": build.CORNER[0] + 3 * n, "y": build.CORNER[1]} for n in range(20)]
    periods = build.periods(("2025-01-01", "2025-07-01"))
    for spot in find_hotspots(build.located(rows), periods, thin, "Europe/London"):
        assert 0 < spot.p <= spot.q <= 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_reach_no_map_as_code(build: ModuleType, workspace: Path, text: str) -> None:
    from planner.allocate.answer.notes import hotspot_notes

    rows = [
        {"x": build.CORNER[0] + 3 * n, "y": build.CORNER[1], "category": text, "street": text}
        for n in range(20)
    ]
    periods = build.periods(("2025-01-01", "2025-07-01"))
    spots = find_hotspots(build.located(rows), periods, build.estate(), "Europe/London")
    assert spots
    for note in hotspot_notes(spots, build.CRS):
        words = hotspot_words(note)
        assert "<script" not in words
        assert "${" not in words


def test_a_name_without_anything_is_still_a_name() -> None:
    nothing = pd.DataFrame({"x": [0.0], "y": [0.0], "street": [""], "zone": [""]})
    assert place_name(nothing, {}) == "Unnamed place"


def test_words_of_chance_and_trend() -> None:
    assert chance_words(0.003) == "more than chance (q = 0.003)"
    assert chance_words(1e-9) == "more than chance (q < 0.001)"
    assert chance_words(0.05) == chance_words(1.0) == "may be chance"
    assert trend_words("emerging", 0.01) == "emerging (q = 0.010)"
    assert trend_words("persistent", 0.9) == "persistent"
    assert trend_words("no change shown", None) == "no change shown"
