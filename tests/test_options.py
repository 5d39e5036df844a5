"""The visits to choose from: apart whichever times are chosen, and within the shift."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.patrols.options import (
    LEAST_PERIOD_S,
    PHASES,
    Options,
    ZoneRules,
    visit_options,
    windows,
)
from planner.allocate.patrols.worth import Worth
from planner.insight.timing.profile import BIN_S

HOUR = 3600


def options_of(
    shift_s: int,
    gap_s: int = HOUR,
    zones: int = 8,
    dark: tuple[tuple[int, int], ...] = (),
    **rules: np.ndarray,
) -> Options:
    need = np.random.default_rng(zones).gamma(0.5, 1.0, (zones, -(-shift_s // BIN_S)))
    usual = {
        "place": np.arange(zones) + 10,
        "dwell_s": np.full(zones, 900),
        "together": np.ones(zones, dtype=int),
        "single_officer": np.zeros(zones, dtype=bool),
    }
    return visit_options(Worth(need, shift_s), ZoneRules(**(usual | rules)), gap_s, dark)


@settings(deadline=None, max_examples=200)
@given(
    st.integers(60, 25 * HOUR),
    st.integers(60, 4 * HOUR),
    st.integers(0, 12 * HOUR),
    st.integers(0, PHASES - 1),
)
def test_the_gap_is_kept_whichever_times_are_chosen(
    shift_s: int, dwell_s: int, gap_s: int, phase: int
) -> None:
    found = windows(shift_s, dwell_s, gap_s, phase)
    for opens, closes in found:
        assert 0 <= opens <= closes <= shift_s - dwell_s
    for (_, closes), (opens, _) in pairwise(found):
        assert opens - (closes + dwell_s) >= gap_s


@settings(deadline=None, max_examples=100)
@given(st.integers(60, 25 * HOUR), st.integers(60, 4 * HOUR), st.integers(0, 12 * HOUR))
def test_a_zone_can_be_visited_in_every_shift_that_is_long_enough(
    shift_s: int, dwell_s: int, gap_s: int
) -> None:
    period = max(LEAST_PERIOD_S, 2 * (gap_s + dwell_s))
    for phase in range(PHASES):
        found = windows(shift_s, dwell_s, gap_s, phase)
        assert bool(found) == (shift_s >= dwell_s)
        if found and shift_s < 1.5 * period:
            assert found == [(0, shift_s - dwell_s)]


@pytest.mark.parametrize("shift_s", [6 * HOUR, 8 * HOUR, 12 * HOUR])
def test_at_any_time_about_half_of_the_zones_can_be_visited(shift_s: int) -> None:
    each = [windows(shift_s, 900, HOUR, phase) for phase in range(PHASES)]
    for at in range(0, shift_s - HOUR, 300):
        open_ = sum(any(opens <= at <= closes for opens, closes in found) for found in each)
        assert 1 <= open_ <= 3


@settings(deadline=None, max_examples=40)
@given(st.integers(60, 14 * HOUR), st.integers(0, 3 * HOUR), st.integers(0, 99))
def test_options_of_a_zone_are_apart_and_in_order(shift_s: int, gap_s: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    dwell_s = generator.integers(60, 3600, 8)
    together = generator.integers(1, 3, 8)
    options = options_of(shift_s, gap_s, dwell_s=dwell_s, together=together)
    for zone in range(8):
        mine = options.only(np.flatnonzero(options.zone == zone))
        assert (mine.dwell_s == dwell_s[zone]).all()
        assert (mine.opens[1:] - mine.closes[:-1] - dwell_s[zone] >= gap_s).all()
        assert (mine.closes + dwell_s[zone] <= shift_s).all()
        assert (mine.place == zone + 10).all()
        if together[zone] == 2:
            assert (mine.opens == mine.closes).all()
    assert (options.worth <= options.most + 1e-12).all()
    assert (options.worth >= 0).all()


def test_zones_that_no_route_may_reach_have_no_options() -> None:
    place = np.array([10, -1, 12, -1])
    options = options_of(8 * HOUR, zones=4, place=place)
    assert set(options.zone.tolist()) == {0, 2}
    assert len(options_of(8 * HOUR, zones=4, place=np.full(4, -1))) == 0
    assert len(options_of(600, zones=4)) == 0


def test_two_officers_are_asked_for_where_a_visit_may_fall_after_dark() -> None:
    alone = np.array([True] + [False] * 7)
    dark = ((4 * HOUR, 8 * HOUR),)
    options = options_of(8 * HOUR, dark=dark, single_officer=alone)
    # Whichever time of its window is chosen.
    may_be_dark = options.closes + options.dwell_s > 4 * HOUR
    assert (options.officers[options.zone == 0] == 1).all()
    others = options.zone != 0
    assert (options.officers[others & may_be_dark] == 2).all()
    assert (options.officers[others & ~may_be_dark] == 1).all()
    assert (others & ~may_be_dark).any()
    assert (options_of(8 * HOUR).officers == 1).all()
