"""How near zones lie to one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.neighbourhood import REACH, smoothing

PLACES = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=12).map(
    lambda places: np.array(places, float)
)


@given(points=PLACES, deviation=st.floats(20, 300))
def test_nothing_is_added_or_lost_and_it_is_a_gaussian(
    points: np.ndarray, deviation: float
) -> None:
    shares = smoothing(points, deviation).toarray()
    assert shares.sum(axis=0) == pytest.approx(np.ones(len(points)))
    apart = np.linalg.norm(points[:, None] - points[None, :], axis=2)
    plain = np.where(apart <= REACH * deviation, np.exp(-0.5 * (apart / deviation) ** 2), 0.0)
    assert shares == pytest.approx(plain / plain.sum(axis=0))


def test_a_zone_without_a_middle_keeps_to_itself() -> None:
    points = np.array([[0.0, 0.0], [np.nan, np.nan], [50.0, 0.0]])
    shares = smoothing(points, 75.0).toarray()
    assert shares[:, 1].tolist() == [0.0, 1.0, 0.0]
    assert shares[1].tolist() == [0.0, 1.0, 0.0]
    assert shares[0, 2] > 0.3
