"""The estate's total."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.totals import FEWEST_JUDGED, Level, Totals
from planner.insight.risk.windows import WEEK_S, Windows

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=40)


def levels(windows: Windows, counts: np.ndarray) -> list[Level]:
    """Forecast each window in turn; all of what is past is known."""
    totals = Totals(windows)
    return [totals.expect(counts, np.ones(w), w) for w in range(len(windows))]


@given(counts=COUNTS)
def test_a_level_agrees_with_itself_and_lies_within_what_was_seen(
    records: ModuleType, counts: list[int]
) -> None:
    windows = records.weekly(len(counts) + 1)
    made = levels(windows, np.array([*counts, 0], float))
    assert made[0].expected == 0.0
    for window, level in enumerate(made[1:], start=1):
        assert np.isfinite(level.expected)
        assert level.expected == pytest.approx(7 * level.daily * level.season)
        assert min(counts[:window]) - 1e-9 <= 7 * level.daily <= max(counts[:window]) + 1e-9


@given(counts=COUNTS, later=COUNTS)
def test_what_comes_later_is_not_looked_at(
    records: ModuleType, counts: list[int], later: list[int]
) -> None:
    windows = records.weekly(len(counts) + len(later))
    one, other = (np.array([*counts, *after], float) for after in (later, [0] * len(later)))
    made, beside = levels(windows, one), levels(windows, other)
    assert made[: len(counts) + 1] == beside[: len(counts) + 1]


def test_a_short_history_gives_its_plain_rate(records: ModuleType) -> None:
    counts = np.array([2.0, 8, 2, 8, 2, 8, 0])
    level = levels(records.weekly(7), counts)[-1]
    assert level.expected == pytest.approx(5.0)
    assert level.half_life == np.inf
    assert level.season == 1.0


def test_a_rate_that_has_doubled_is_followed(records: ModuleType) -> None:
    counts = np.random.default_rng(1).poisson(np.where(np.arange(200) < 130, 20, 40)).astype(float)
    level = levels(records.weekly(200), counts)[-1]
    assert level.half_life < np.inf
    assert level.expected == pytest.approx(40, rel=0.15)


def test_a_season_is_found_where_the_records_show_one(records: ModuleType) -> None:
    week = np.arange(5 * 52)
    high = 1 + 0.9 * np.sin(2 * np.pi * week / 52.18)
    counts = np.random.default_rng(2).poisson(40 * high).astype(float)
    made = levels(records.weekly(len(week)), counts)[-52:]
    told = np.array([level.expected for level in made])
    assert np.corrcoef(told, high[-52:])[0, 1] > 0.9
    assert max(level.season for level in made) > 1.3


def test_late_reports_do_not_lower_the_rate(records: ModuleType) -> None:
    counts = np.full(30, 20.0)
    counts[28:] = [10.0, 0.0]
    complete = np.ones(29)
    complete[28] = 0.5
    totals = Totals(records.weekly(30))
    for window in range(29):
        totals.expect(counts, np.ones(window), window)
    assert totals.expect(counts, complete, 29).expected == pytest.approx(20.0)


def test_rates_divide_by_covered_days() -> None:
    covered = np.ones(FEWEST_JUDGED + 20)
    covered[5:15] = 0.0
    windows = Windows(np.arange(len(covered) + 1) * WEEK_S, covered)
    counts = np.where(covered > 0, 14.0, 0.0)
    assert levels(windows, counts)[-1].daily == pytest.approx(2.0)
