from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.estate.model import Estate
from planner.insight.hotspots import (
    FEWEST_AT_ONE_PLACE,
    FEWEST_INCIDENTS,
    MOST_HOTSPOTS,
    Hotspot,
    find_hotspots,
    latest_periods,
)

LONDON = "Europe/London"


def ground(build: ModuleType) -> Estate:
    """The small estate, answering for everything within 3 km."""
    estate: Estate = build.estate(reach_m=3_000.0)
    return estate


def gathering(
    build: ModuleType, x: float, y: float, count: int, seed: int = 1, **changes: Any
) -> list[dict[str, Any]]:
    """Incidents scattered by 15 m around a place, in metres from the corner."""
    spread = np.random.default_rng(seed).normal(0, 15, (count, 2))
    usual = {"occurred_to": "2025-06-15"}
    return [
        usual | {"x": build.CORNER[0] + x + dx, "y": build.CORNER[1] + y + dy} | changes
        for dx, dy in spread
    ]


def year(build: ModuleType) -> pd.DataFrame:
    spans: pd.DataFrame = build.periods(("2024-07-01", "2025-07-01"))
    return spans


def found(build: ModuleType, rows: list[dict[str, Any]], periods: Any = None) -> list[Hotspot]:
    spans = year(build) if periods is None else periods
    return find_hotspots(build.located(rows), spans, ground(build), LONDON)


def two_gatherings(build: ModuleType) -> list[dict[str, Any]]:
    large = gathering(build, 0, 0, 40, street="High Street", category="bicycle theft")
    small = gathering(build, 900, 900, 20, seed=2, zone="beta-museum", category="burglary")
    return large + small


def test_gatherings_are_ranked_by_their_incidents(build: ModuleType) -> None:
    spots = found(build, two_gatherings(build))
    assert [spot.rank for spot in spots] == list(range(1, len(spots) + 1))
    counts = [spot.count for spot in spots]
    assert counts == sorted(counts, reverse=True)
    assert spots[0].name == "High Street, Alpha College"
    assert spots[0].top_category == "bicycle theft"
    assert any("Beta Museum" in spot.name for spot in spots)


def test_a_hotspot_holds_its_place_and_no_other(build: ModuleType) -> None:
    near = shapely.Point(build.CORNER).buffer(120)
    far = shapely.Point(build.metres(900, 900)).buffer(120)
    for spot in found(build, two_gatherings(build)):
        assert spot.geometry.is_valid
        assert spot.geometry.geom_type == "Polygon"
        assert near.contains(spot.geometry) or far.contains(spot.geometry)


def test_equal_names_are_numbered(build: ModuleType) -> None:
    rows = gathering(build, 0, 0, 30) + gathering(build, 2_000, 0, 30, seed=3)
    names = [spot.name for spot in found(build, rows)]
    assert len(names) >= 2
    assert len(set(names)) == len(names)
    assert names[0] == "Alpha College"


def test_old_incidents_make_no_hotspot_of_today(build: ModuleType) -> None:
    assert found(build, gathering(build, 0, 0, 40, occurred_to="2024-08-01")) == []


def test_one_gathering_alone_is_a_hotspot(build: ModuleType) -> None:
    assert len(found(build, gathering(build, 0, 0, 60))) >= 1


def test_few_incidents_make_no_hotspot(build: ModuleType) -> None:
    assert found(build, gathering(build, 0, 0, FEWEST_INCIDENTS - 1)) == []


def test_without_incidents_or_periods_there_is_no_hotspot(build: ModuleType) -> None:
    assert found(build, []) == []
    assert found(build, two_gatherings(build), build.periods()) == []


def test_the_period_before_is_scaled_to_the_same_covered_time(build: ModuleType) -> None:
    rows = two_gatherings(build)
    rows += [row | {"occurred_to": "2024-08-01"} for row in rows]
    even = found(build, rows)[0]
    assert even.before == pytest.approx(even.count, rel=0.02)
    assert even.change == pytest.approx(0.0, abs=0.02)
    half_covered = build.periods(("2024-07-01", "2024-10-01"), ("2024-12-31", "2025-07-01"))
    scaled = found(build, rows, half_covered)[0]
    assert scaled.before == pytest.approx(2 * even.before, rel=0.05)
    assert scaled.change == pytest.approx(-0.5, abs=0.05)


def test_where_the_period_before_is_hardly_covered_no_change_is_told(build: ModuleType) -> None:
    spans = build.periods(("2024-07-01", "2024-07-08"), ("2024-12-31", "2025-07-01"))
    spot = found(build, two_gatherings(build), spans)[0]
    assert spot.before is None
    assert spot.change is None


def test_the_latest_period_is_at_most_a_year(build: ModuleType) -> None:
    spans = latest_periods(build.periods(("2020-01-01", "2025-07-01")))
    assert spans.ends_at - spans.starts_at == pd.Timedelta(days=365)
    short = latest_periods(build.periods(("2025-05-01", "2025-07-01")))
    assert short.ends_at - short.starts_at == pd.Timedelta(days=30.5)
    assert short.starts_at - short.before_starts_at == pd.Timedelta(days=30.5)


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), groups=st.integers(1, 30))
def test_hotspots_keep_their_promises(build: ModuleType, seed: int, groups: int) -> None:
    random = np.random.default_rng(seed)
    middles = random.uniform(0, 3_000, (groups, 2))
    rows = [row for x, y in middles for row in gathering(build, x, y, 8, seed=int(x))]
    spots = found(build, rows)
    assert len(spots) <= MOST_HOTSPOTS
    assert all(spot.count >= FEWEST_INCIDENTS for spot in spots)
    assert sum(spot.count for spot in spots) <= len(rows)
    turned = [(spot.name, spot.count) for spot in found(build, rows[::-1])]
    assert turned == [(spot.name, spot.count) for spot in spots]


def test_change_compares_only_sources_that_cover_both_periods(build: ModuleType) -> None:
    own = gathering(build, 0, 0, 30) + gathering(build, 0, 0, 30, occurred_to="2024-08-01")
    police = [row | {"source": "police"} for row in gathering(build, 0, 0, 60, seed=5)]
    spans = pd.concat([
        build.periods(("2024-07-01", "2025-07-01")),
        build.periods(("2025-01-01", "2025-07-01"), source="police"),
    ])  # fmt: skip
    spots = find_hotspots(build.located(own + police), spans, ground(build), LONDON)
    assert sum(spot.count for spot in spots) > 60
    assert sum(spot.compared for spot in spots) <= 30
    assert all(spot.change is None or spot.change < 0.6 for spot in spots)


def stacked(build: ModuleType, count: int, x: float = 0.0, **changes: Any) -> list[dict[str, Any]]:
    """Incidents at one address."""
    place = {"x": build.CORNER[0] + x, "y": build.CORNER[1], "occurred_to": "2025-06-15"}
    return [place | changes] * count


def strewn(build: ModuleType, count: int, seed: int = 8, **changes: Any) -> list[dict[str, Any]]:
    """Incidents anywhere within a kilometre or two, each at an address of its own."""
    points = np.random.default_rng(seed).uniform(-1_000, 2_000, (count, 2))
    usual = {"occurred_to": "2025-06-15"} | changes
    return [usual | {"x": build.CORNER[0] + x, "y": build.CORNER[1] + y} for x, y in points]


def test_one_address_again_and_again_is_a_hotspot_and_more_than_chance(build: ModuleType) -> None:
    heavy = stacked(build, 3 * FEWEST_AT_ONE_PLACE, x=-2_500.0)
    spots = found(build, strewn(build, 60) + heavy)
    assert spots[0].count == len(heavy)
    assert spots[0].more_than_chance
    assert found(build, stacked(build, FEWEST_AT_ONE_PLACE - 1)) == []


def test_all_at_one_point_may_be_chance(build: ModuleType) -> None:
    (spot,) = found(build, stacked(build, 50))
    assert not spot.more_than_chance
    assert spot.q <= 1.0


def test_a_gathering_is_more_than_chance_and_says_what_its_ground_would_hold(
    build: ModuleType,
) -> None:
    spots = found(build, strewn(build, 200) + gathering(build, 0, 0, 60))
    near = shapely.Point(build.CORNER).buffer(60)
    inside = [spot for spot in spots if spot.geometry.intersects(near)]
    assert any(spot.more_than_chance for spot in inside)
    area = ground(build).area
    for spot in spots:
        assert 0 < spot.p <= spot.q <= 1
        share = spot.geometry.intersection(area).area / area.area
        assert spot.expected == pytest.approx(260 * share)


def test_strewn_incidents_make_no_hotspot_that_is_more_than_chance(build: ModuleType) -> None:
    spots = found(build, strewn(build, 300))
    assert spots
    assert not any(spot.more_than_chance for spot in spots)


def test_ground_off_the_estate_is_told_nothing_of(build: ModuleType) -> None:
    rows = gathering(build, 0, 0, 40)
    spots = find_hotspots(build.located(rows), year(build), build.estate(reach_m=1.0), LONDON)
    assert all(0 < spot.p <= spot.q <= 1 for spot in spots)


def test_trends_are_told_in_words(build: ModuleType) -> None:
    spans = build.periods(("2022-07-01", "2025-07-01"))
    years = ("2022-09-01", "2023-09-01", "2025-06-15")
    always = [row for day in years for row in gathering(build, 0, 0, 30, occurred_to=day)]
    new = gathering(build, 900, 900, 40, seed=2)
    gone = 4 * gathering(build, -900, 0, 60, seed=3, occurred_to="2023-09-01")
    gone += gathering(build, -900, 0, 60, seed=3)
    spots = found(build, always + new + gone + strewn(build, 100), spans)

    def trends(x: float, y: float) -> set[str]:
        near = shapely.Point(build.metres(x, y)).buffer(60)
        return {spot.trend for spot in spots if spot.geometry.intersects(near)}

    assert "persistent" in trends(0, 0)
    assert "emerging" in trends(900, 900)
    assert "receding" in trends(-900, 0)
    assert all(spot.trend_q is None or 0 < spot.trend_q <= 1 for spot in spots)


def test_without_earlier_records_no_change_is_shown(build: ModuleType) -> None:
    spans = build.periods(("2024-12-31", "2025-07-01"))
    spans = pd.concat([spans, build.periods(("2024-07-01", "2024-07-02"), source="police")])
    spot = found(build, two_gatherings(build), spans)[0]
    assert spot.trend == "no change shown"
    assert spot.trend_q is None


def test_categories_and_peak_hours(build: ModuleType) -> None:
    evening = {"occurred_from": "2025-06-13T20:30", "occurred_to": "2025-06-13T21:00"}
    rows = gathering(build, 0, 0, 20, **evening, category="theft")
    rows += gathering(build, 0, 0, 10, **evening, category="burglary")
    rows += gathering(build, 0, 0, 4, **evening, category="alarm")
    rows += gathering(build, 0, 0, 1, **evening, category="drugs")
    spot = found(build, rows)[0]
    assert [item.name for item in spot.categories] == ["theft", "burglary", "alarm"]
    counts = [item.count for item in spot.categories]
    assert counts == sorted(counts, reverse=True)
    assert spot.top_category == "theft"
    # 20:30 UTC in June is 21:30 in London.
    assert spot.peak_hours.startswith("Fri, ")
    begins, ends = (int(text[:2]) for text in spot.peak_hours[5:].split(" to "))
    assert begins <= 21 < (ends or 24)


def test_incidents_without_coordinates_are_left_out(build: ModuleType) -> None:
    rows = two_gatherings(build)
    lost = [{"x": np.nan, "y": np.nan, "occurred_to": "2025-06-15"}] * 5
    assert [s.count for s in found(build, rows + lost)] == [s.count for s in found(build, rows)]
