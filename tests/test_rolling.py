"""Forecasts of window after window: nothing that comes later may play any part."""

from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.risk.events import Events
from planner.insight.risk.memories import EVER
from planner.insight.risk.rolling import Outlook, Rolling
from planner.insight.risk.windows import WEEK_S, Windows

SIDE, WEEKS = 4, 60
ZONES = SIDE * SIDE


def frozen(outlook: Outlook) -> bytes:
    """All that an outlook says, to the last bit."""
    level = outlook.level
    said = [
        outlook.count, outlook.model, outlook.mixture, outlook.cascade, outlook.shares,
        outlook.parts, outlook.weights, outlook.decayed, outlook.by_window[: outlook.window],
        np.array([level.expected, level.daily, level.season, level.half_life]),
        np.array([outlook.dispersion, outlook.total_dispersion]),
        np.array([[e.windows, e.difference, e.confidence]
                  for e in (outlook.against_count, outlook.evidence)]),
    ]  # fmt: skip
    return b"".join(np.ascontiguousarray(part, dtype=float).tobytes() for part in said)


def all_said(
    records: ModuleType, windows: Windows, wanted: Events, others: Events | None
) -> Iterator[bytes]:
    rolling = Rolling(records.grid(SIDE), windows, wanted, others)
    for outlook in rolling.outlooks():
        yield frozen(outlook)


def until(events: Events, moment: float) -> Events:
    return events.only(events.known < moment)


@pytest.mark.parametrize("one_category", [False, True])
@settings(max_examples=4)
@given(
    seed=st.integers(0, 10_000),
    late_days=st.sampled_from([0.0, 5.0, 60.0]),
    cut=st.integers(2, WEEKS - 1),
)
def test_a_forecast_is_the_same_bit_for_bit_without_what_came_later(
    records: ModuleType, one_category: bool, seed: int, late_days: float, cut: int
) -> None:
    windows = records.weekly(WEEKS)
    every = records.events(seed, ZONES, WEEKS, 500, late_days)
    mine = np.random.default_rng(seed).uniform(size=len(every)) < 0.5
    wanted, others = (every.only(mine), every) if one_category else (every, None)
    whole = list(all_said(records, windows, wanted, others))
    edge = float(windows.edges[cut])
    # The records end there, and so do the windows: the one to forecast is the last.
    shorter = Windows(windows.edges[: cut + 2], windows.covered[: cut + 1])
    told = list(
        all_said(
            records, shorter, until(wanted, edge), None if others is None else until(others, edge)
        )
    )
    assert told == whole[: cut + 1]


@pytest.mark.parametrize("cut", range(41, 44))
def test_the_live_forecast_is_the_first_one_of_a_backtest_from_there(
    records: ModuleType, cut: int
) -> None:
    windows, wanted = records.weekly(WEEKS), records.events(3, ZONES, WEEKS, 900, late_days=9)
    live = Rolling(
        records.grid(SIDE),
        Windows(windows.edges[: cut + 2], windows.covered[: cut + 1]),
        until(wanted, float(windows.edges[cut])),
    ).last()
    judged = next(
        frozen(outlook)
        for outlook in Rolling(records.grid(SIDE), windows, wanted).outlooks(cut)
        if outlook.window == cut
    )
    assert frozen(live) == judged
    assert (live.dispersion, live.total_dispersion) != (1.0, 1.0)


@given(seed=st.integers(0, 999), count=st.integers(0, 60))
def test_shares_sum_to_one_and_are_never_nothing(
    records: ModuleType, seed: int, count: int
) -> None:
    windows, wanted = records.weekly(6), records.events(seed, ZONES, 6, count, late_days=3)
    for outlook in Rolling(records.grid(SIDE), windows, wanted).outlooks():
        for shares in (outlook.count, outlook.model, outlook.cascade, outlook.mixture):
            assert shares.sum() == pytest.approx(1)
            assert (shares > 0).all()
        assert np.isfinite(outlook.level.expected)
        assert outlook.shares is outlook.count


def test_the_memories_are_of_what_is_known(records: ModuleType) -> None:
    windows, wanted = records.weekly(10), records.events(7, ZONES, 10, 300, late_days=10)
    rolling = Rolling(records.grid(SIDE), windows, wanted)
    row = [(m.kind, m.half_life) for m in rolling.memories].index(("zone", EVER))
    for outlook in rolling.outlooks():
        known = wanted.only(wanted.known < windows.edges[outlook.window])
        if len(known):
            plain = np.bincount(known.zone, known.weight, minlength=ZONES)
            assert outlook.parts[row] == pytest.approx(plain / plain.sum())


def test_a_hotspot_that_moves_each_season_is_followed(records: ModuleType) -> None:
    chance, weeks = np.random.default_rng(11), 150
    at = np.sort(chance.uniform(0, weeks * WEEK_S, weeks * 20))
    hot = (at // (13 * WEEK_S)).astype(int) * 5 % ZONES
    zone = np.where(chance.uniform(size=len(at)) < 0.6, hot, chance.integers(0, ZONES, len(at)))
    windows = records.weekly(weeks)
    outlook = Rolling(
        records.grid(SIDE), windows, Events(zone, at, at + 60, np.ones(len(at)))
    ).last()
    assert outlook.evidence.enough
    assert outlook.shares is outlook.model
    now = int((weeks * WEEK_S - 1) // (13 * WEEK_S)) * 5 % ZONES
    assert outlook.model.argmax() == now


def test_risk_that_is_constant_keeps_the_count(records: ModuleType) -> None:
    windows, used = records.weekly(104), 0
    for seed in range(3):
        wanted = records.events(seed, ZONES, 104, 104 * 8)
        used += Rolling(records.grid(SIDE), windows, wanted).last().evidence.enough
    assert used == 0


def test_what_all_windows_say_takes_in_late_reports_of_them(records: ModuleType) -> None:
    windows, wanted = records.weekly(WEEKS), records.events(2, ZONES, WEEKS, 900, late_days=50)
    rolling = Rolling(records.grid(SIDE), windows, wanted)
    outlook = rolling.last()
    found = rolling.judged_all()
    assert found.windows == (np.cumsum(windows.days) - windows.days >= 182).sum()
    assert found.windows > outlook.evidence.windows
    assert np.isfinite(found.confidence)
