"""The count, drawn towards the estate's mean."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.insight.risk.count import shrunk_rates

COUNTS = st.lists(st.integers(0, 200), min_size=1, max_size=12).map(
    lambda counts: np.array(counts, dtype=float)
)


@given(counts=COUNTS, days=st.floats(1, 1_000))
def test_rates_keep_the_total_and_are_drawn_to_the_mean(counts: np.ndarray, days: float) -> None:
    assume(counts.sum() > 0)
    mean = shrunk_rates(counts, days)
    raw = counts / days
    assert (mean > 0).all()
    assert mean.sum() == pytest.approx(raw.sum())
    assert (abs(mean - raw.mean()) <= abs(raw - raw.mean()) + 1e-9).all()


@given(counts=COUNTS, days=st.floats(1, 1_000))
def test_shrinkage_keeps_the_order(counts: np.ndarray, days: float) -> None:
    mean = shrunk_rates(counts, days)
    order = np.argsort(counts, kind="stable")
    assert (np.diff(mean[order]) >= -1e-12).all()
    assert (np.diff(mean[order])[np.diff(counts[order]) == 0] == 0).all()


def test_zones_that_differ_by_chance_only_are_drawn_together() -> None:
    mean = shrunk_rates(np.array([9.0, 10.0, 11.0]), 10.0)
    assert mean == pytest.approx(np.ones(3), abs=0.05)


def test_zones_that_truly_differ_keep_their_own_rate() -> None:
    mean = shrunk_rates(np.array([10.0, 1_000.0, 5_000.0]), 10.0)
    assert mean == pytest.approx(np.array([1.0, 100.0, 500.0]), rel=0.1)


def test_nothing_recorded_is_a_rate_of_nothing() -> None:
    mean = shrunk_rates(np.zeros(4), 30.0)
    assert mean.tolist() == [0.0] * 4


def test_twice_the_covered_time_halves_the_rate() -> None:
    counts = np.array([1.0, 5.0, 30.0])
    assert shrunk_rates(counts, 20.0) == pytest.approx(shrunk_rates(counts, 10.0) / 2)


def test_a_zone_that_was_covered_half_as_long_has_twice_the_rate_of_the_same_count() -> None:
    counts = np.array([400.0, 400.0, 0.0, 0.0])
    mean = shrunk_rates(counts, np.array([200.0, 100.0, 200.0, 100.0]))
    assert mean[1] / mean[0] == pytest.approx(2, rel=0.05)
    assert mean[3] > mean[2]


def test_a_zone_that_no_file_covers_has_the_estates_rate() -> None:
    counts = np.array([30.0, 40.0, 50.0, 0.0])
    mean = shrunk_rates(counts, np.array([100.0, 100.0, 100.0, 0.0]))
    assert mean[3] == pytest.approx(0.4)
