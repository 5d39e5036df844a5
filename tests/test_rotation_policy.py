"""Policies: as hard to guess as any that does what is asked, and widely spread."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night_pools import any_pool, walked_pool

from planner.allocate.rotation.nights import NOWHERE, Nights
from planner.allocate.rotation.policy import (
    SLACK,
    choose_policy,
    entropy,
    policy_predictability,
)

pools = st.builds(
    any_pool,
    st.integers(0, 10_000),
    plans=st.integers(1, 8),
    zones=st.integers(1, 6),
    teams=st.integers(1, 3),
    bins=st.integers(1, 10),
    away=st.sampled_from([0.0, 0.3, 0.9, 1.0]),
)


@settings(deadline=None, max_examples=60)
@given(pools, st.integers(1, 30), st.integers(0, 10_000))
def test_no_policy_that_does_what_is_asked_is_harder_to_guess(
    nights: Nights, length: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    # What some policy does can be asked for.
    some = generator.dirichlet(np.full(len(nights), 0.5))
    minimum = np.floor(length * (some @ nights.visits) * generator.uniform(0, 1, nights.zones))
    share = float(some @ nights.cover / nights.most_cover) * generator.uniform(0.9, 1.0)
    policy = choose_policy(nights, minimum, length, share)

    assert policy.shares.min() >= 0
    assert policy.shares.sum() == pytest.approx(1)
    assert policy.cover >= share * nights.most_cover - 1e-6
    assert (length * policy.shares @ nights.visits >= minimum - 1e-5 * np.maximum(minimum, 1)).all()
    assert policy.predictability == policy_predictability(nights, policy.shares)
    assert policy.predictability <= policy.least_predictability * (1 + SLACK) + 1e-6
    assert 0 <= policy.least_predictability <= 1 + 1e-9

    others = np.vstack([some, generator.dirichlet(np.full(len(nights), 0.7), 300)])
    # Between any other policy and one that is allowed lie more that are.
    others = np.vstack([others, 0.8 * some + 0.2 * others, 0.8 * policy.shares + 0.2 * others])
    allowed = (others @ nights.cover >= share * nights.most_cover) & (
        length * others @ nights.visits >= minimum
    ).all(axis=1)
    for shares in others[allowed]:
        guessed = policy_predictability(nights, shares)
        assert guessed >= policy.least_predictability - 1e-6
        if guessed <= policy.least_predictability * (1 + SLACK):
            # The tangents leave 2.1 % of p and 0.0001 a plan, in natural units.
            left = (0.021 + 1e-4 * len(nights)) / np.log(2)
            assert entropy(shares) <= policy.entropy + left + 1e-3


def test_the_share_of_hits_by_hand() -> None:
    # Two bins; in the second, plan 1 has no team standing.
    present = np.array([[[0, 1]], [[2, NOWHERE]]])
    nights = Nights(np.ones(2), np.array([[1, 1, 0], [0, 0, 1]]), present)
    # Bins that count: 2 p0 + p1; hits: max(p0, p1) in the first, p0 in the second.
    assert policy_predictability(nights, np.array([0.4, 0.6])) == pytest.approx(1.0 / 1.4)
    assert policy_predictability(nights, np.array([1.0, 0.0])) == 1.0
    policy = choose_policy(nights, np.zeros(3), 10, 0.5)
    # (max(p, 1 - p) + p) / (1 + p) is least, 2/3, at p = 1/2: before it falls, after it rises.
    assert policy.least_predictability == pytest.approx(2 / 3)
    assert policy.shares == pytest.approx([0.5, 0.5], abs=0.02)


def test_two_teams_in_one_zone_are_hit_once() -> None:
    nights = Nights(np.ones(1), np.array([[4, 0]]), np.zeros((1, 2, 2), dtype=int))
    assert policy_predictability(nights, np.ones(1)) == 1.0


def test_plans_that_are_as_good_share_alike() -> None:
    present = np.arange(8)[:, None, None]
    policy = choose_policy(Nights(np.ones(8), np.eye(8), present), np.zeros(8), 28)
    assert policy.shares == pytest.approx(np.full(8, 1 / 8), abs=0.02)
    assert policy.entropy == pytest.approx(3, abs=0.05)
    assert policy.least_predictability == pytest.approx(1 / 8)


def test_cover_and_minimum_bind() -> None:
    # Only the third plan visits zone 2, and it covers little.
    nights = Nights(np.array([1.0, 1.0, 0.5]), np.eye(3), np.arange(3)[:, None, None])
    free = choose_policy(nights, np.zeros(3), 10, 0.0)
    assert free.shares == pytest.approx(np.full(3, 1 / 3), abs=0.02)
    held = choose_policy(nights, np.zeros(3), 10, 0.95)
    assert held.cover >= 0.95 - 1e-6
    assert held.shares[2] == pytest.approx(0.1, abs=1e-6)
    bound = choose_policy(nights, np.array([0.0, 0.0, 6.0]), 10, 0.5)
    assert bound.shares[2] == pytest.approx(0.6, abs=1e-6)


def test_the_policy_is_far_harder_to_guess_than_one_plan() -> None:
    nights = walked_pool(3, plans=40, zones=60, teams=3, hours=6)
    policy = choose_policy(nights, np.zeros(60), 28)
    one = np.eye(40)[nights.best]
    assert policy_predictability(nights, one) == 1.0
    assert policy.predictability < 0.25
