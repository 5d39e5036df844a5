from datetime import time
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.timing.busiest import ShiftRates, hours_of_shifts, shift_rates
from planner.settings import USUAL_SHIFTS, ShiftHours

LONDON = "Europe/London"
CLOCK = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def drawn(seed: int, weeks: int, busy: float, source: str = "control room") -> pd.DataFrame:
    """Incidents at random moments of so many weeks; Friday nights have ``busy`` times as many."""
    generator = np.random.default_rng(seed)
    starts = pd.Timestamp("2025-01-06", tz="UTC")  # A Monday.
    night = 4 * 24 + 22
    weight = np.ones(168)
    weight[night : night + 8] = busy
    week = np.repeat(np.arange(weeks), generator.poisson(60, weeks))
    hour = generator.choice(168, len(week), p=weight / weight.sum())
    minutes = generator.integers(0, 60, len(week))
    moments = starts + pd.to_timedelta(week * 168 + hour, unit="h")
    moments += pd.to_timedelta(minutes, unit="min")
    return pd.DataFrame(
        {"source": source, "occurred_from": moments, "occurred_to": moments,
         "time_known": "interval"}
    )  # fmt: skip


def rates_of(rows: pd.DataFrame, periods: pd.DataFrame, zone: str = "UTC") -> ShiftRates:
    found = shift_rates(rows, periods, USUAL_SHIFTS, zone)
    assert found is not None
    return found


@given(start=CLOCK, end=CLOCK)
def test_a_shift_has_its_length_in_hours_of_the_week_on_each_day(start: time, end: time) -> None:
    parts = hours_of_shifts((ShiftHours(start=start, end=end),))
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    length = (minutes if minutes > 0 else minutes + 1440) / 60
    assert parts.sum(axis=2) == pytest.approx(np.full((7, 1), length))
    assert ((parts >= 0) & (parts <= 1)).all()


def test_usual_shifts_share_out_the_week() -> None:
    parts = hours_of_shifts(tuple(USUAL_SHIFTS.values()))
    assert parts.sum(axis=(0, 1)) == pytest.approx(np.ones(168))
    sunday_night = parts[6, 2]
    assert np.flatnonzero(sunday_night).tolist() == [0, 1, 2, 3, 4, 5, 166, 167]


def test_the_busy_night_is_found_with_about_its_rate(build: ModuleType) -> None:
    rows = drawn(1, 100, 5.0)
    found = rates_of(rows, build.periods(("2025-01-06", "2026-12-07")))
    assert found.busiest_first()[0] == (4, 2)
    truth = 60 * 40 / 200  # Eight hours of weight 5 among 160 of weight 1.
    assert found.rates.mean[4, 2] == pytest.approx(truth, rel=0.1)
    low, _ = found.rates.interval(0.95)
    assert low[4, 2] > found.usual
    assert found.counts.sum() == pytest.approx(len(rows))
    assert found.covered == pytest.approx(np.full((7, 3), 100), abs=1.01)
    assert found.incidents == len(rows)


def test_without_a_busy_night_intervals_hold_the_rate(build: ModuleType) -> None:
    held = []
    for seed in range(30):
        rates = rates_of(drawn(seed, 52, 1.0), build.periods(("2025-01-06", "2026-01-05"))).rates
        low, high = rates.interval(0.95)
        truth = 60 * 8 / 168
        held.append(((low < truth) & (truth < high)).mean())
    assert np.mean(held) > 0.93


@given(seed=st.integers(0, 50), weeks=st.integers(1, 6))
def test_rates_stay_above_zero_and_below_infinity(seed: int, weeks: int) -> None:
    rows = drawn(seed, weeks, 3.0)
    periods = pd.DataFrame(
        {"source": ["control room"], "starts_at": [pd.Timestamp("2025-01-06", tz="UTC")],
         "ends_at": [pd.Timestamp("2025-01-06", tz="UTC") + pd.Timedelta(weeks=weeks)]}
    )  # fmt: skip
    found = shift_rates(rows, periods, USUAL_SHIFTS, LONDON)
    if found is None:
        assert rows.empty
        return
    for values in (found.rates.mean, found.rates.variance, *found.rates.interval(0.95)):
        assert np.isfinite(values).all() and (values >= 0).all()
    assert found.counts.sum() <= len(rows) + 1e-9


def test_sources_that_cover_different_times_add_up(build: ModuleType) -> None:
    first, second = drawn(1, 20, 1.0), drawn(2, 80, 1.0, source="ledger")
    one, other = build.periods(("2025-01-06", "2025-05-26")), build.periods(
        ("2025-01-06", "2026-07-20"), source="ledger"
    )  # fmt: skip
    together = rates_of(pd.concat([first, second]), pd.concat([one, other]))
    apart = rates_of(first, one).rates.mean + rates_of(second, other).rates.mean
    assert together.rates.mean == pytest.approx(apart)
    assert together.usual == pytest.approx(2 * 60 / 21, rel=0.1)
    assert together.covered.max() == pytest.approx(80, abs=1.01)


def test_what_happened_outside_the_covered_time_is_no_part_of_a_rate(build: ModuleType) -> None:
    rows = drawn(1, 20, 1.0)
    found = rates_of(rows, build.periods(("2025-01-06", "2025-02-03")))
    inside = rows["occurred_from"] < pd.Timestamp("2025-02-03", tz="UTC")
    assert found.incidents == int(inside.sum()) < len(rows)
    assert found.usual == pytest.approx(60 / 21, rel=0.3)


def test_a_night_of_seven_hours_is_covered_as_such(build: ModuleType) -> None:
    rows = build.located([{"occurred_from": "2025-03-30T00:30", "occurred_to": "2025-03-30T00:30"}])
    found = rates_of(rows, build.periods(("2025-03-29T12:00", "2025-03-30T12:00")), LONDON)
    assert found.covered[5, 2] == pytest.approx(7 / 8)
    assert found.counts[5, 2] == 1


def test_no_usable_time_is_no_rate(build: ModuleType) -> None:
    periods = build.periods(("2025-01-01", "2026-01-01"))
    rows = build.located([{"time_known": "unknown"}, {"time_known": "month"}])
    assert shift_rates(rows, periods, USUAL_SHIFTS, LONDON) is None
    assert shift_rates(rows[:0], periods, USUAL_SHIFTS, LONDON) is None
    assert shift_rates(build.located([{}]), build.periods(), USUAL_SHIFTS, LONDON) is None
