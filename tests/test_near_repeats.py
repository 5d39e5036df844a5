from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.hotspots.near_repeats import (
    DAYS,
    DISTANCES_M,
    LIMITS_M,
    Dated,
    dated_incidents,
    knox_test,
)


def dated(points: np.ndarray, days: np.ndarray) -> Dated:
    order = np.argsort(days, kind="stable")
    return Dated(points[order], days[order], 0)


def counted_by_hand(points: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Pairs by distance and days, pair by pair."""
    table = np.zeros((len(DISTANCES_M), len(DAYS)))
    for one in range(len(points)):
        for other in range(one):
            metres = float(np.hypot(*(points[one] - points[other])))
            apart = abs(int(days[one] - days[other]))
            row = next((r for r, limit in enumerate(LIMITS_M) if metres <= limit), None)
            column = next((c for c, (_, last) in enumerate(DAYS) if apart <= last), None)
            if row is not None and column is not None:
                table[row, column] += 1
    return table


def drawn(seed: int, count: int, side_m: float, days: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.integers(0, int(side_m), (count, 2)) * 1.0, random.integers(0, days, count)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 60), st.sampled_from([(500, 2_000), (5_000, 40)]))
def test_pairs_are_counted_as_by_hand(seed, count, size) -> None:
    """Both with the pairs that are near and with those that follow soon in memory."""
    points, days = drawn(seed, count, *size)
    found = knox_test(dated(points, days), seed=1, permutations=3)
    assert found.observed.tolist() == counted_by_hand(points, days).tolist()
    assert (found.p > 0).all()
    assert (found.p <= 1).all()
    assert (found.q >= found.p - 1e-12).all()
    assert np.isfinite(found.ratio).all()


def series(count: int, gap_days: int, apart_m: float, seed: int = 3) -> Dated:
    """Pairs of incidents, the second soon after the first and near it, over a large estate."""
    random = np.random.default_rng(seed)
    first = random.uniform(0, 9_000, (count, 2))
    day = random.integers(0, 700, count)
    points = np.vstack([first, first + np.array([apart_m, 0.0])])
    return dated(points, np.concatenate([day, day + gap_days]))


def test_near_repeats_are_found_in_their_band_and_no_other() -> None:
    found = knox_test(series(150, 3, 60.0), seed=1)
    assert found.q[1, 0] < 0.05
    assert found.ratio[1, 0] > 1.5
    assert (np.delete(found.q.ravel(), 3) > 0.05).all()
    later = knox_test(series(150, 20, 0.0), seed=1)
    assert np.argwhere(later.q < 0.05).tolist() == [[0, 2]]


def test_p_is_never_0_and_the_seed_decides() -> None:
    one = knox_test(series(150, 3, 60.0), seed=1, permutations=99)
    assert one.p.min() == 1 / 100
    again = knox_test(series(150, 3, 60.0), seed=1, permutations=99)
    assert (one.expected == again.expected).all()
    other = knox_test(series(150, 3, 60.0), seed=2, permutations=99)
    assert (one.expected != other.expected).any()


def test_incidents_that_follow_by_chance_are_seldom_found() -> None:
    false = 0
    for seed in range(20):
        points, days = drawn(seed, 200, 1_500, 365)
        false += (knox_test(dated(points, days), seed=1).q < 0.05).any()
    assert false <= 4


def test_expected_is_the_mean_over_all_orders() -> None:
    points, days = drawn(5, 60, 400, 60)
    found = knox_test(dated(points, days), seed=1, permutations=2_000)
    near = np.array(counted_by_hand(points, np.zeros(60, dtype=int))[:, 0])
    soon = np.array(counted_by_hand(np.zeros((60, 2)), days)[0])
    exact = np.outer(near, soon) / (60 * 59 / 2)
    assert found.expected == pytest.approx(exact, rel=0.1, abs=0.5)


def test_memory_is_bounded_and_what_is_left_out_is_counted() -> None:
    points, days = drawn(1, 400, 300, 30)
    found = knox_test(dated(points, days), seed=1, permutations=3, most_pairs=5_000)
    kept = len(found.dated.days)
    assert found.dated.older == 400 - kept > 0
    assert kept * (kept - 1) / 2 <= 5_000 * 1.05
    assert found.dated.days.min() >= np.sort(days)[400 - kept]


def test_all_at_one_place_and_all_on_one_day() -> None:
    one_place = knox_test(dated(np.zeros((30, 2)), np.arange(30)), seed=1, permutations=19)
    assert one_place.p[0].tolist() == [1.0, 1.0, 1.0]
    points, _ = drawn(1, 30, 300, 1)
    one_day = knox_test(dated(points, np.zeros(30, dtype=int)), seed=1, permutations=19)
    assert (one_day.p == 1).all()


def test_nothing_and_one_incident_find_nothing() -> None:
    for count in (0, 1):
        found = knox_test(Dated(np.zeros((count, 2)), np.zeros(count, int), 0), 1, permutations=9)
        assert not found.observed.any()
        assert (found.p == 1).all()
        assert (found.ratio == 1).all()


def test_only_known_days_count_and_they_are_local(build: ModuleType) -> None:
    rows = build.located([
        {"occurred_from": "2025-06-10T23:30", "occurred_to": "2025-06-10T23:40"},
        {"time_known": "month"},
        {"time_known": "unknown"},
        {"occurred_from": "2025-06-01T00:00", "occurred_to": "2025-06-03T00:00"},
        {"x": np.nan},
    ])  # fmt: skip
    found = dated_incidents(rows, "Europe/London")
    assert found.undated == 4
    # Half past eleven in UTC is the next day in London.
    assert found.days.tolist() == [(pd.Timestamp("2025-06-11") - pd.Timestamp("1970-01-01")).days]
