"""What visits are worth, and when they can begin."""

from types import ModuleType

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.visits import covered_share, visit_options
from planner.insight.timing.profile import BIN_S


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 9),
    st.integers(10 * 60, 13 * 3600),
    st.integers(60, 3600),
    st.integers(0, 1000),
)
def test_slices_share_out_the_risk_of_the_shift(
    build: ModuleType, zones: int, shift_s: int, dwell_s: int, seed: int
) -> None:
    bins = -(-shift_s // BIN_S)
    expected = np.random.default_rng(seed).gamma(0.5, 1.0, (zones, bins))
    options = visit_options(build.risk_of(expected), shift_s, dwell_s)
    by_zone = np.bincount(options.zone, options.slice_risk, minlength=zones)
    np.testing.assert_allclose(by_zone, expected.sum(axis=1), rtol=1e-9)
    assert (options.risk <= options.slice_risk + 1e-12).all()
    assert (options.risk >= 0).all()
    assert (options.opens <= options.closes).all()
    assert (options.closes <= shift_s).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(1800, 13 * 3600), st.integers(60, 14_400))
def test_visits_to_one_zone_are_kept_apart(build: ModuleType, shift_s: int, dwell_s: int) -> None:
    bins = -(-shift_s // BIN_S)
    options = visit_options(build.risk_of(np.ones((4, bins))), shift_s, dwell_s)
    for zone in range(4):
        mine = options.only(np.flatnonzero(options.zone == zone))
        assert (mine.opens[1:] - mine.closes[:-1] >= min(dwell_s, 3600) - 1).all()
        # Half of every slice is open, and no slice is too short for the stay.
        assert (mine.closes > mine.opens).all()
        assert len(mine) == 1 or (mine.ends - mine.opens >= 2 * dwell_s - 1).all()


def test_a_visit_covers_less_of_a_longer_slice_but_more_in_all() -> None:
    share = covered_share(np.array([1800.0, 3600.0, 7200.0]), 900)
    assert (np.diff(share) < 0).all()
    assert (np.diff(share * [1800, 3600, 7200]) > 0).all()
    assert covered_share(np.array([600.0]), 900)[0] == 1.0


def test_presence_halves_every_half_hour() -> None:
    # Over a very long slice a visit is worth its dwell and the whole tail: h / ln 2.
    worth = covered_share(np.array([1e7]), 900)[0] * 1e7
    np.testing.assert_allclose(worth, 900 + 1800 / np.log(2), rtol=1e-3)
