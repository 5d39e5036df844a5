"""Memories of what was recorded where."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.events import Events
from planner.insight.risk.memories import (
    EVEN,
    OTHERS,
    SEASON,
    SEASON_WEEKS,
    WIDER,
    ZONE,
    Memory,
    Remembered,
    usual_memories,
)
from planner.insight.risk.neighbourhood import smoothing
from planner.insight.risk.windows import DAY_S, WEEK_S, Windows

ZONES = 9


def told(
    records: ModuleType, wanted: Events, others: Events, windows: Windows, *, one: bool
) -> Remembered:
    """Bring the memories forward to the last window, week by week."""
    remembered = Remembered(records.grid(3), usual_memories(one_category=one), len(windows))
    for window in range(len(windows)):
        low, high = windows.edges[window] - WEEK_S, windows.edges[window]
        if window:
            remembered.forget(7.0)
        fresh = wanted.only((wanted.known >= low) & (wanted.known < high))
        more = others.only((others.known >= low) & (others.known < high))
        remembered.learn(fresh, more, high)
        remembered.note(windows.of(fresh.at), fresh)
    return remembered


@given(seed=st.integers(0, 1_000), one=st.booleans())
def test_each_memory_is_the_sum_of_what_is_left_of_each_incident(
    records: ModuleType, seed: int, one: bool
) -> None:
    windows = records.weekly(8)
    wanted, others = (records.events(seed + n, ZONES, 8, 25, late_days=9) for n in (0, 1))
    remembered = told(records, wanted, others, windows, one=one)
    shares = remembered.shares((windows.edges[:-1] + windows.edges[1:]) / 2, 7)
    now = windows.edges[7]
    for memory, share in zip(remembered.memories, shares, strict=True):
        if memory.kind in (EVEN, SEASON):
            continue
        events = others if memory.kind == OTHERS else wanted
        known = events.only(events.known < now)
        left = known.weight * 0.5 ** ((now - known.at) / DAY_S / memory.half_life)
        plain = np.bincount(known.zone, left, minlength=ZONES)
        if memory.kind == WIDER:
            plain = smoothing(records.grid(3), memory.deviation_m) @ plain
        assert share == pytest.approx(plain / plain.sum(), abs=1e-9)
        if memory.kind == ZONE:
            assert remembered.counts(memory.half_life) == pytest.approx(plain)
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(shares)))
    assert (shares >= 0).all()


def test_what_nothing_is_known_of_is_even(records: ModuleType) -> None:
    memories = usual_memories(one_category=True)
    shares = Remembered(records.grid(3), memories, 2).shares(np.array([0.0, WEEK_S]), 0)
    assert shares == pytest.approx(np.full((len(memories), ZONES), 1 / ZONES))


def test_only_one_category_looks_at_the_others() -> None:
    kinds = [{memory.kind for memory in usual_memories(one_category=one)} for one in (False, True)]
    assert kinds[1] - kinds[0] == {OTHERS}
    assert kinds[0] == {ZONE, WIDER, SEASON, EVEN}
    last = usual_memories(one_category=True)[-2:]
    assert last == (Memory(SEASON), Memory(EVEN))


def test_the_season_is_of_the_same_weeks_of_earlier_years(records: ModuleType) -> None:
    windows = records.weekly(120)
    at = np.array([(110 - 52) * WEEK_S + 60, (110 - 26) * WEEK_S + 60, 108 * WEEK_S + 60])
    events = Events(np.array([1, 2, 3]), at, at, np.ones(3))
    remembered = told(records, events, events.only(np.zeros(3, bool)), windows, one=False)
    season = remembered.shares((windows.edges[:-1] + windows.edges[1:]) / 2, 110)[-2]
    assert season.argmax() == 1
    assert season[1] == pytest.approx(1.0)
    later = remembered.shares((windows.edges[:-1] + windows.edges[1:]) / 2, 110 - SEASON_WEEKS)[-2]
    assert later[1] == pytest.approx(1.0)
