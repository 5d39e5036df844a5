"""A night kept apart from those before it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night_pools import any_pool

from planner.allocate.rotation.keep_apart import keep_apart, share_in_common


def stops(present: np.ndarray, bins_in_hour: int) -> set[tuple[int, int]]:
    return {
        (when // bins_in_hour, int(zone))
        for team in present
        for when, zone in enumerate(team)
        if zone >= 0
    }


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000),
    st.integers(1, 8),
    st.integers(0, 4),
    st.sampled_from([0.0, 0.2, 0.5, 1.0]),
    st.integers(1, 7),
)
def test_the_best_plan_that_keeps_apart_is_chosen(
    seed: int, plans: int, recent: int, share: float, bins_in_hour: int
) -> None:
    nights = any_pool(seed, plans=plans, zones=6, away=0.6)
    before = any_pool(seed + 1, plans=4, zones=6, teams=3, away=0.6).present[:recent]
    chosen = keep_apart(nights, before, share, 0.9, bins_in_hour)
    common = np.zeros((plans, recent))
    for row, plan in enumerate(nights.present):
        own = stops(plan, bins_in_hour)
        for night, other in enumerate(before):
            both = own & stops(other, bins_in_hour)
            common[row, night] = len(both) / len(own) if own else 0.0
            assert share_in_common(plan, other, bins_in_hour) == common[row, night]
    assert chosen.shares == pytest.approx(common[chosen.row])
    assert chosen.cover_share == pytest.approx(nights.cover[chosen.row] / nights.most_cover)
    assert chosen.cover_share >= 0.9
    enough = nights.cover >= 0.9 * nights.most_cover
    greatest = common.max(axis=1, initial=0.0)
    kept = enough & (greatest <= share)
    assert chosen.kept == kept.any()
    if kept.any():
        assert nights.cover[chosen.row] == nights.cover[kept].max()
    else:
        assert greatest[chosen.row] == greatest[enough].min()


def test_share_in_common_by_hand() -> None:
    a = np.array([[0, 0, 1, -1], [2, -1, -1, 3]])
    b = np.array([[-1, 0, 3, 3]])
    # Two bins an hour: a's stops are 0 and 2 in the first hour, 1 and 3 in the second.
    assert share_in_common(a, b, 2) == 0.5
    assert share_in_common(b, a, 2) == 1.0
    assert share_in_common(a, a, 2) == 1.0
    assert share_in_common(np.full((1, 4), -1), a, 2) == 0.0
    # Bin by bin only 0 in the second and 3 in the last are the same, of five.
    assert share_in_common(a, b, 1) == pytest.approx(2 / 5)
