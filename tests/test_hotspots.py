from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.hotspots import (
    FEWEST_INCIDENTS,
    MOST_HOTSPOTS,
    Hotspot,
    find_hotspots,
    latest_periods,
)

ZONE_NAMES = {"alpha-college": "Alpha College", "beta-museum": "Beta Museum"}


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
    return find_hotspots(build.located(rows), spans, ZONE_NAMES)


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
    stacked = [{"occurred_to": "2025-06-15"}] * 50
    assert found(build, stacked) == []


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
    spots = find_hotspots(build.located(own + police), spans, {})
    assert sum(spot.count for spot in spots) > 60
    assert sum(spot.compared for spot in spots) <= 30
    assert all(spot.change is None or spot.change < 0.6 for spot in spots)
