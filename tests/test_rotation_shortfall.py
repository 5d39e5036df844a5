"""Why there is no rotation: sets of zones that are in conflict, and none that need not be."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from night_pools import any_pool

from planner.allocate.rotation.nights import Nights
from planner.allocate.rotation.policy import choose_policy
from planner.allocate.rotation.shortfall import (
    NoRotation,
    does_what_is_asked,
    least_short,
    require_possible,
)
from planner.errors import Infeasible


def rotations(plans: int, length: int) -> np.ndarray:
    """All counts of plans in a rotation, shape (r, k)."""
    return np.array(
        [
            np.bincount(rows, minlength=plans)
            for rows in combinations_with_replacement(range(plans), length)
        ]
    )


@settings(deadline=None, max_examples=80)
@given(
    st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 4), st.sampled_from([0.0, 0.9, 0.97])
)
def test_the_zones_named_are_in_conflict_and_each_is_needed(
    seed: int, plans: int, length: int, share: float
) -> None:
    nights = any_pool(seed, plans=plans, zones=4, teams=1, bins=4)
    minimum = np.random.default_rng(seed).integers(0, length + 2, 4).astype(float)
    every = rotations(plans, length)
    visits, cover = every @ nights.visits, every @ nights.cover / length
    enough = cover >= (share - 1e-7) * nights.most_cover

    def possible(zones: np.ndarray, covered: np.ndarray) -> bool:
        return bool(((visits[:, zones] >= minimum[zones]).all(axis=1) & covered).any())

    try:
        require_possible(nights, minimum, length, share, whole=True)
    except NoRotation as error:
        assert not possible(np.arange(4), enough)
        assert isinstance(error, Infeasible)
        assert error.minimum.tolist() == minimum[error.zones].tolist()
        if (error.reach < error.minimum).any():
            short = length * nights.visits.max(axis=0) < minimum
            assert error.zones.tolist() == np.flatnonzero(short).tolist()
            return
        whatever = np.full(len(every), True)
        covered = whatever if error.possible is None else enough
        assert not possible(error.zones, covered)
        for zone in error.zones:
            assert possible(error.zones[error.zones != zone], covered)
        met = (visits >= minimum).all(axis=1)
        assert met.any() == (error.possible is not None)
        if error.possible is not None:
            assert error.possible == pytest.approx(cover[met].max() / nights.most_cover)
            assert f"{error.possible:.1%} is possible" in str(error)
    else:
        assert possible(np.arange(4), enough)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 4))
def test_as_few_visits_as_can_be_are_short(seed: int, plans: int, length: int) -> None:
    nights = any_pool(seed, plans=plans, zones=4, teams=1, bins=4)
    minimum = np.random.default_rng(seed).integers(0, length + 2, 4).astype(float)
    every = rotations(plans, length)
    enough = every[every @ nights.cover >= 0.9 * nights.most_cover * length]
    fewest = np.maximum(minimum - enough @ nights.visits, 0).sum(axis=1).min()
    try:
        found = least_short(nights, minimum, length, 0.9)
    except NoRotation as error:
        assert not error.proven
        assert (error.minimum - error.reach).sum() == fewest > 0
        assert "was found in time" in str(error)
    else:
        assert fewest == 0
        assert does_what_is_asked(nights, minimum, found, 0.9)


def test_a_policy_may_do_what_whole_nights_cannot() -> None:
    # In one night both zones can't be visited; on average each can be, half a time.
    nights = Nights(np.ones(2), np.eye(2), np.arange(2)[:, None, None])
    half = np.array([0.5, 0.5])
    require_possible(nights, half, 1, 0.95, whole=False)
    with pytest.raises(NoRotation, match="whatever the cover") as caught:
        require_possible(nights, half, 1, 0.95, whole=True)
    assert caught.value.zones.tolist() == [0, 1]


def test_what_is_said_names_zones_as_the_caller_does() -> None:
    nights = Nights(np.ones(1), np.array([[1, 0, 2]]), np.array([[[0, 2, 2]]]))
    with pytest.raises(NoRotation, match=r"zone row 0 \(8 visits, at most 7\)") as caught:
        choose_policy(nights, np.array([8.0, 1.0, 14.0]), 7)
    said = caught.value.words(["Broad Street", "Museum"])
    assert "Broad Street (8 visits, at most 7), Museum (1 visit, at most 0)" in said
    assert "7 nights" in said


def test_a_long_list_of_zones_is_cut() -> None:
    nights = Nights(np.ones(1), np.zeros((1, 13)), np.full((1, 1, 1), -1))
    with pytest.raises(NoRotation, match=r"zone row 9 \(1 visit, at most 0\) and 3 more"):
        choose_policy(nights, np.ones(13), 7)


def test_no_night_plans_at_all() -> None:
    nights = Nights(np.empty(0), np.empty((0, 3)), np.empty((0, 2, 4), dtype=int))
    with pytest.raises(NoRotation, match="no night plan"):
        choose_policy(nights, np.zeros(3), 7)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_more_cover_than_the_best_is_refused(seed: int) -> None:
    nights = any_pool(seed, plans=3)
    minimum = np.where(nights.visits[nights.best] < nights.visits.max(axis=0), 1.0, 0.0)
    minimum *= 7 * nights.visits[nights.best] + 1
    assume((minimum > 0).any())
    with pytest.raises(NoRotation) as caught:
        choose_policy(nights, minimum, 7, 1.0)
    assert caught.value.possible is None or 0 < caught.value.possible < 1
