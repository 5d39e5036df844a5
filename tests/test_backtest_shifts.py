"""Judging zones by shift."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from planner.insight.backtest.backtest import run_backtest
from planner.insight.backtest.rivals import COUNT, MODEL, POLICY, ZONE_COUNT
from planner.insight.backtest.shifts import ShiftScores, hours_of_events
from planner.insight.risk.events import Events, event_rows, events_of
from planner.insight.risk.windows import Windows
from planner.settings import USUAL_SHIFTS

ZONES, WEEKS = 9, 40
KINDS = 21


def timed(records: ModuleType, seed: int, count: int = 800) -> tuple[pd.DataFrame, np.ndarray]:
    """Incidents, in each zone at an hour of its own."""
    chance = np.random.default_rng(seed)
    zone = chance.integers(0, ZONES, count)
    day = np.sort(chance.integers(0, WEEKS * 7, count)) * 86_400
    at = day + (zone * 2 + 4) % 24 * 3_600 + chance.integers(0, 3_000, count)
    moments = pd.to_datetime(at, unit="s", utc=True)
    table = records.table([{}] * count)
    table["occurred_from"], table["occurred_to"], table["reported_at"] = (
        moments, moments, moments + pd.Timedelta(hours=2),
    )  # fmt: skip
    return table, zone


def scores(records: ModuleType, table: pd.DataFrame, zone: np.ndarray) -> tuple[
    Events, Windows, ShiftScores
]:  # fmt: skip
    windows, events = records.weekly(WEEKS), events_of(table, zone)
    hours = hours_of_events(table, event_rows(table, zone), "UTC")
    return events, windows, ShiftScores(ZONES, windows, events, hours, USUAL_SHIFTS, "UTC")


def test_each_incident_falls_in_its_shift_and_shares_sum_to_one(records: ModuleType) -> None:
    events, _, shifts = scores(records, *timed(records, 1))
    assert shifts.slots_a_window == KINDS
    even = np.full(ZONES, 1 / ZONES)
    total = 0.0
    for window in range(WEEKS):
        shares, fell, weight = shifts.by_shift(window, {COUNT: even, MODEL: even})
        total += weight.sum()
        for share in shares.values():
            assert share.sum() == pytest.approx(1)
            assert (share > 0).all() and share.shape == (ZONES * len(share) // ZONES,)
        slots = len(shares[MODEL]) // ZONES
        assert ((fell // slots >= 0) & (fell // slots < ZONES)).all()
    # The night that begins before the first window is in none.
    assert total == pytest.approx(len(events), abs=10)
    assert set(shares) == {COUNT, MODEL, ZONE_COUNT}
    assert (shares[MODEL] == shares[ZONE_COUNT]).all()


def test_hours_are_learnt_from_what_is_known_alone(records: ModuleType) -> None:
    table, zone = timed(records, 2)
    edge = pd.Timestamp(30 * 7 * 86_400, unit="s", tz="UTC")
    early = (table["reported_at"] < edge).to_numpy()
    told = []
    for rows in (np.ones(len(table), bool), early):
        _, _, shifts = scores(records, table[rows].reset_index(drop=True), zone[rows])
        even = np.full(ZONES, 1 / ZONES)
        made = [shifts.by_shift(window, {COUNT: even, MODEL: even})[0] for window in range(31)]
        told.append(made[30])
    for name in told[0]:
        assert told[0][name].tobytes() == told[1][name].tobytes()


def test_profiles_beat_raw_counts_where_zones_share_their_hours(
    records: ModuleType,
) -> None:
    table, zone = timed(records, 3, 300)
    zone = np.random.default_rng(3).permutation(zone)
    events, windows, shifts = scores(records, table, zone)
    found = run_backtest(records.grid(3), windows, 8, events, shifts=shifts)
    assert found.zones == ZONES * KINDS
    assert found.models[POLICY].log_score > found.models[COUNT].log_score
    assert found.models[POLICY].log_score == found.models[ZONE_COUNT].log_score


def test_hours_in_no_shift_are_left_out(records: ModuleType) -> None:
    table, zone = timed(records, 4)
    windows, events = records.weekly(WEEKS), events_of(table, zone)
    hours = hours_of_events(table, event_rows(table, zone), "UTC")
    early = {"early": USUAL_SHIFTS["early"]}
    shifts = ShiftScores(ZONES, windows, events, hours, early, "UTC")
    even = np.full(ZONES, 1 / ZONES)
    fallen = sum(len(shifts.by_shift(w, {COUNT: even})[1]) for w in range(WEEKS))
    hour = table["occurred_from"].dt.hour
    assert fallen == ((hour >= 6) & (hour < 14)).sum()


def test_incidents_without_a_time_are_in_no_shift(records: ModuleType) -> None:
    table, zone = timed(records, 5)
    table["time_known"] = np.where(np.arange(len(table)) % 2, "unknown", "interval")
    _, _, shifts = scores(records, table, zone)
    even = np.full(ZONES, 1 / ZONES)
    fallen = sum(len(shifts.by_shift(w, {COUNT: even})[1]) for w in range(WEEKS))
    assert fallen == pytest.approx(len(table) / 2, abs=10)
