"""What the forecast is shown beside."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.backtest import rivals
from planner.insight.backtest.rivals import best_shares, rival_shares
from planner.insight.risk.count import counted_shares
from planner.insight.risk.neighbourhood import smoothing
from planner.insight.risk.rolling import Rolling
from planner.insight.risk.windows import DAY_S

ZONES = 16


@settings(max_examples=8)
@given(seed=st.integers(0, 99))
def test_rivals_are_what_they_are_called(records: ModuleType, seed: int) -> None:
    windows, points = records.weekly(70), records.grid(4)
    wanted = records.events(seed, ZONES, 70, 200)
    rolling = Rolling(points, windows, wanted)
    outlook = rolling.last()
    shares = rival_shares(outlook, windows, rolling.memories)
    for share in shares.values():
        assert share.sum() == pytest.approx(1)
        assert (share > 0).all()
    now = windows.edges[69]
    known = wanted.only(wanted.known < now)
    counts = np.bincount(known.zone, known.weight, minlength=ZONES)
    assert shares[rivals.COUNT] == pytest.approx(counted_shares(counts))
    left = known.weight * 0.5 ** ((now - known.at) / DAY_S / 365)
    decayed = np.bincount(known.zone, left, minlength=ZONES)
    assert shares[rivals.DECAYED_365] == pytest.approx(counted_shares(decayed))
    late = known.only(known.at >= windows.edges[69 - 52])
    year = np.bincount(late.zone, late.weight, minlength=ZONES)
    assert shares[rivals.COUNT_365] == pytest.approx(counted_shares(year))
    kernel = smoothing(points, rivals.KERNEL_M) @ counts
    assert shares[rivals.KERNEL] == pytest.approx(kernel / kernel.sum())


def test_the_best_possible_is_where_they_fell() -> None:
    shares = best_shares(np.array([2, 2, 0]), np.array([1.0, 0.5, 0.5]), 4)
    assert shares.tolist() == [0.25, 0.0, 0.75, 0.0]
    assert best_shares(np.empty(0, int), np.empty(0), 4).tolist() == [0.25] * 4
