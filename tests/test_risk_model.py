"""A forecast's numbers and their intervals."""

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.evidence import Evidence
from planner.insight.risk.model import Standing

NUMBERS = st.lists(st.floats(0, 5), min_size=1, max_size=6)


@given(means=NUMBERS, unit=st.floats(0.1, 900))
def test_intervals_widen_with_what_they_hold(
    build: ModuleType, means: list[float], unit: float
) -> None:
    risk = replace(build.risk_of(np.array(means)[:, None]), unit=unit)
    low, high = risk.interval(0.8)
    lower, higher = risk.interval(0.95)
    assert (lower >= 0).all() and (lower <= low).all()
    assert (low <= high).all() and (high <= higher).all()
    assert (risk.low == low).all() and (risk.high == high).all()
    assert low / unit == pytest.approx(np.round(low / unit))
    assert higher / unit == pytest.approx(np.round(higher / unit))
    assert risk.total == pytest.approx(sum(means))
    least, greatest = risk.total_interval()
    assert 0 <= least <= greatest
    assert all(np.isfinite(side).all() for side in (low, high, lower, higher))


def test_harm_scatters_by_whole_incidents(build: ModuleType) -> None:
    counts = build.risk_of(np.array([[3.0]]))
    harm = replace(counts, expected=counts.expected * 50, unit=50.0)
    assert harm.high[0] == 50 * counts.high[0]
    assert harm.total_interval()[1] == 50 * counts.total_interval()[1]


def test_a_reason_not_to_try_the_model_outweighs_its_evidence() -> None:
    good = Evidence(60, 0.2, 0.99)
    assert Standing("police", good, "week").by_model
    assert not Standing("police", good, "week", "patchy").by_model
