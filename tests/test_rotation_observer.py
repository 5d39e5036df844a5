"""The simulated observer: what he hits, and that he is as good as the chances let him be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night_pools import any_pool

from planner.allocate.rotation.nights import NOWHERE, Nights
from planner.allocate.rotation.observer import Score, predictability
from planner.allocate.rotation.order import draw_order
from planner.allocate.rotation.policy import Policy, policy_predictability


def policy_of(nights: Nights, shares: np.ndarray) -> Policy:
    return Policy(shares, float(shares @ nights.cover), nights.most_cover, 0.0, 0.0, 0.0)


def rates(score: Score) -> list[float]:
    return [
        score.by_policy,
        score.by_what_was,
        score.by_what_is_left,
        score.watching,
        score.single,
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 15), st.sampled_from([0.0, 0.5, 1.0])
)
def test_rates_are_shares_and_the_names_of_zones_do_not_matter(
    seed: int, plans: int, length: int, away: float
) -> None:
    generator = np.random.default_rng(seed)
    nights = any_pool(seed, plans=plans, away=away)
    policy = policy_of(nights, generator.dirichlet(np.ones(plans)))
    rotation = generator.integers(0, plans, length)
    earlier = generator.integers(0, plans, 5)
    score = predictability(rotation, nights, policy, earlier)
    assert all(0 <= rate <= 1 for rate in rates(score))
    assert score.hit_rate == max(rates(score)[:2])
    assert 0 <= score.entropy <= score.greatest_entropy + 1e-9
    assert score.bins == (nights.present[rotation] >= 0).any(axis=1).sum()
    if away == 0.0:
        assert score.single == 1.0

    names = generator.permutation(nights.zones)
    present = np.where(nights.present == NOWHERE, NOWHERE, names[nights.present])
    visits = np.empty_like(nights.visits)
    visits[:, names] = nights.visits
    renamed = predictability(rotation, Nights(nights.cover, visits, present), policy, earlier)
    assert rates(renamed) == pytest.approx(rates(score))
    assert renamed.entropy == pytest.approx(score.entropy)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 15))
def test_one_plan_night_after_night_is_hit_always(seed: int, length: int) -> None:
    nights = any_pool(seed, teams=1, away=0.5)
    row = seed % len(nights)
    score = predictability(
        np.full(length, row), nights, policy_of(nights, np.eye(len(nights))[row])
    )
    assert nights.busy[row].any()
    assert rates(score)[:4] == [1.0] * 4
    assert score.entropy == 0.0


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_over_nights_in_proportion_the_policy_hits_as_often_as_it_says(seed: int) -> None:
    generator = np.random.default_rng(seed)
    nights = any_pool(seed, away=0.2)
    counts = generator.integers(1, 5, len(nights))
    rotation = generator.permutation(np.repeat(np.arange(len(nights)), counts))
    policy = policy_of(nights, counts / counts.sum())
    score = predictability(rotation, nights, policy)
    assert score.by_policy == pytest.approx(policy_predictability(nights, policy.shares))


def test_what_he_hits_by_hand() -> None:
    # Two plans, one team, two bins, in each bin a zone of their own.
    present = np.array([[[0, 1]], [[2, 3]]])
    nights = Nights(np.array([2.0, 1.0]), np.array([[1, 1, 0, 0], [0, 0, 1, 1]]), present)
    policy = policy_of(nights, np.array([0.5, 0.5]))
    score = predictability(np.array([0, 1]), nights, policy)
    assert score.by_policy == 0.5
    # On the first night even chances; on the second he expects the first once more.
    assert score.by_what_was == 0.25
    # On the second night only the second plan is left.
    assert score.by_what_is_left == 0.75
    # Watching, he also knows the second bin of the first night.
    assert score.watching == 0.875
    assert (score.entropy, score.greatest_entropy, score.bins) == (1.0, 1.0, 4)
    # Having seen the second plan last night, he knows that tonight it is the first one's turn.
    known = predictability(np.array([0, 1]), nights, policy, earlier=np.array([0, 1]))
    assert known.by_what_is_left == 1.0
    # By the nights before: 1.5 of 3 each, then 2.5 of 4 for the first.
    assert known.by_what_was == 0.25


def test_teams_that_change_places_look_alike() -> None:
    present = np.array([[[0, 2], [1, 2]], [[1, 3], [0, 3]]])
    nights = Nights(np.ones(2), np.ones((2, 4)), present)
    score = predictability(np.array([0, 1]), nights, policy_of(nights, np.array([0.5, 0.5])))
    # In the first bin either zone has a team; seeing it says nothing of the second.
    assert score.watching == 0.875


def test_nobody_knows_more_than_the_chances_of_the_draw() -> None:
    """Over many draws, the guess by what is left hits most of the three."""
    nights = any_pool(8, plans=6, zones=8, teams=1, bins=6, away=0.0)
    counts = np.array([3, 2, 2, 1, 1, 1])
    policy = policy_of(nights, counts / counts.sum())
    generator = np.random.default_rng(8)
    scores = [
        predictability(draw_order(counts, None, generator), nights, policy) for _ in range(400)
    ]
    policy_hits, was_hits, left_hits, watching_hits, _ = np.mean([rates(s) for s in scores], axis=0)
    assert left_hits > max(policy_hits, was_hits)
    assert watching_hits > left_hits
