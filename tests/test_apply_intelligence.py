"""What entries do to the risk: where, when, by how much, and never beyond the bounds."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import Shift
from planner.errors import IntelligenceError
from planner.incidents.intelligence import Where
from planner.insight.intelligence import (
    apply_intelligence,
    bin_starts,
    category_shares,
    covered_bins,
    effective_factor,
    zones_covered,
)
from planner.settings import IntelligenceBounds

BOUNDS = IntelligenceBounds()
SHIFT = Shift("night", datetime(2026, 3, 1, 22, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC))
NOTHING = pd.DataFrame({"zone": [], "category": []}).astype(str)


@pytest.fixture(scope="session")
def flat_risk(build):
    def make(estate, bins=32):
        zones = estate.zones["zone"].to_numpy(dtype=object)
        expected = np.arange(1.0, len(zones) + 1)[:, None] * np.ones((1, bins))
        return replace(build.risk_of(expected), zones=zones)

    return make


@pytest.fixture(scope="session")
def applied(flat_risk):
    def apply(estate, *entries, incidents=NOTHING, bounds=BOUNDS):
        return apply_intelligence(flat_risk(estate), entries, estate, SHIFT, bounds, incidents)

    return apply


def test_no_entry_changes_nothing(estate, applied, flat_risk):
    before = flat_risk(estate)
    after, effects = applied(estate)
    assert np.array_equal(after.expected, before.expected)
    assert np.array_equal(after.daily, before.daily)
    assert effects.each == ()
    assert (effects.factors == 1).all()


def test_only_the_zones_and_quarter_hours_that_an_entry_covers_change(
    estate, build, applied, flat_risk
):
    entry = build.entry(until="2026-03-02T00:00", factor=2.0)
    before, (after, effects) = flat_risk(estate), applied(estate, entry)
    alpha = estate.zones["name"].to_numpy() == "Alpha College"
    ratio = after.expected / before.expected
    assert np.allclose(ratio[alpha][:, :8], 2.0)
    assert np.allclose(ratio[alpha][:, 8:], 1.0)
    assert np.allclose(ratio[~alpha], 1.0)
    # Eight of the shift's 32 quarter hours are doubled, eight of a day's 96.
    assert np.allclose(effects.factors, np.where(alpha, 1.25, 1.0))
    assert np.allclose(after.daily / before.daily, np.where(alpha, 1 + 8 / 96, 1.0))
    # The interval follows the expectation.
    assert (after.high[alpha] > before.high[alpha]).all()
    assert np.array_equal(after.high[~alpha], before.high[~alpha])
    row = int(np.flatnonzero(alpha)[0])
    assert [effect.entry.id for effect in effects.of_zone(row)] == [entry.id]
    assert effects.of_zone((row + 1) % len(alpha)) == []


@pytest.mark.parametrize("status", ["off", "withdrawn"])
def test_an_entry_that_is_not_active_has_no_effect(estate, build, status, applied, flat_risk):
    entry = build.entry().model_copy(update={"status": status})
    after, effects = applied(estate, entry)
    assert np.array_equal(after.expected, flat_risk(estate).expected)
    assert effects.each == ()


def test_an_entry_that_is_over_has_no_effect(estate, build, applied, flat_risk):
    after, effects = applied(estate, build.entry(until="2026-03-01T22:00"))
    assert np.array_equal(after.expected, flat_risk(estate).expected)
    assert effects.each == ()


def test_hours_of_day_go_over_midnight(build):
    entry = build.entry(until="2026-03-05", hours=["23:50", "00:20"])
    starts = bin_starts(SHIFT)
    marked = starts[covered_bins(entry, starts)]
    assert [f"{at:%H:%M}" for at in marked] == ["23:45", "00:00", "00:15"]


@given(
    first=st.integers(0, 1439), length=st.integers(1, 1439), start=st.integers(0, 1439)
)  # fmt: skip
def test_hours_of_day_are_those_of_the_clock(build, first, length, start):
    last = (first + length) % 1440
    hours = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (first, last)]
    entry = build.entry(**{"from": "2026-06-01", "until": "2026-06-09", "hours": hours})
    begins = pd.Timestamp("2026-06-03", tz="Europe/London") + pd.Timedelta(minutes=start)
    marked = covered_bins(entry, pd.DatetimeIndex([begins]))[0]
    minutes = [(start + step) % 1440 for step in range(15)]
    assert marked == any((minute - first) % 1440 < length for minute in minutes)


def test_the_grade_weighs_the_factor(build):
    factors = {grade: effective_factor(build.entry(grade=f"{grade}P", factor=4.0), BOUNDS)
               for grade in ("1A", "2B", "1C", "1D", "2D")}  # fmt: skip
    assert factors == pytest.approx({"1A": 4.0, "2B": 4.0, "1C": 4**0.75, "1D": 2.0, "2D": 2.0})


@given(
    factor=st.floats(0.25, 4.0),
    source=st.sampled_from("123"),
    information=st.sampled_from("ABCDE"),
    code=st.sampled_from("PC"),
)
def test_a_bad_source_and_false_information_never_raise_risk(
    estate, build, factor, source, information, code, applied, flat_risk
):
    entry = build.entry(factor=factor, grade=source + information + code)
    after, _ = applied(estate, entry)
    ratio = after.expected / flat_risk(estate).expected
    assert np.isfinite(ratio).all()
    # The grade draws a factor towards 1 and never past it.
    assert min(1.0, factor) - 1e-12 <= ratio.min() <= ratio.max() <= max(1.0, factor) + 1e-12
    if source == "3" or information == "E":
        assert ratio.max() <= 1.0
        assert (after.daily <= flat_risk(estate).daily).all()


@given(st.lists(st.tuples(st.floats(0.25, 4.0), st.integers(0, 7)), max_size=5))
def test_the_product_of_many_stays_within_the_bounds(estate, build, applied, flat_risk, drawn):
    entries = [build.entry(factor=factor, until=f"2026-03-02T0{hour}:00") for factor, hour in drawn]
    after, _ = applied(estate, *entries)
    ratio = after.expected / flat_risk(estate).expected
    assert (ratio >= BOUNDS.least_factor * (1 - 1e-12)).all()
    assert (ratio <= BOUNDS.greatest_factor * (1 + 1e-12)).all()
    turned, _ = applied(estate, *reversed(entries))
    assert np.array_equal(after.expected, turned.expected)


def test_categories_move_their_share_only(estate, build, applied, flat_risk):
    zones = estate.zones["zone"].to_numpy(dtype=object)
    incidents = pd.DataFrame({"zone": [zones[0]] * 80, "category": ["theft"] * 40 + ["fire"] * 40})
    shares = category_shares(["theft"], incidents, zones)
    # Where nothing is recorded the estate's share stands for the zone's.
    assert np.allclose(shares, 0.5)
    entry = build.entry(factor=3.0, categories=["theft"])
    after, _ = applied(estate, entry, incidents=incidents)
    alpha = estate.zones["name"].to_numpy() == "Alpha College"
    assert np.allclose((after.expected / flat_risk(estate).expected)[alpha, :24], 2.0)


def test_places_are_found_by_name_site_point_and_polygon(estate, build):
    def names(**where):
        return set(estate.zones["name"][zones_covered(Where(**where), estate)])

    assert names(zones=["alpha college"]) == {"Alpha College"}
    assert names(zones=["The House", "Beta Museum"]) == {"Alpha College", "Beta Museum"}
    assert names(point=build.degrees(50, 50), radius_m=20) == {"Alpha College"}
    # Between the sites: whoever's catchment it is.
    assert names(point=build.degrees(50, 130), radius_m=10) == {"Alpha College"}
    ring = [build.degrees(*at) for at in ((0, 0), (300, 0), (300, 100), (0, 100))]
    assert names(polygon=ring) == {"Alpha College", "Beta Museum"}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"zones": ["Alpha Colege"]}, "did you mean Alpha College"),
        ({"zones": ["Alpha College", "Nowhere at all"]}, "Nowhere at all"),
        ({"point": (0.0, 0.0), "radius_m": 100.0}, "off the estate"),
        ({"point": (179.9, -89.9), "radius_m": 100.0}, "off the estate"),
    ],
)
def test_a_place_that_the_estate_lacks_is_a_named_error(estate, where, said):
    with pytest.raises(IntelligenceError, match=said):
        zones_covered(Where(**where), estate)


def test_an_entry_whose_place_is_gone_has_no_effect_and_is_named(estate, build, applied, flat_risk):
    entry = build.entry(where={"zones": ["A college that was sold"]})
    after, effects = applied(estate, entry)
    assert np.array_equal(after.expected, flat_risk(estate).expected)
    assert effects.gone == (entry,)
