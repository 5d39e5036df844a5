"""Rotations as they are drawn: every minimum, the cover, the order, and the seed."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from night_pools import any_pool, walked_pool

from planner.allocate.rotation import drawing
from planner.allocate.rotation.drawing import draw_rotation
from planner.allocate.rotation.nights import Nights
from planner.allocate.rotation.observer import predictability
from planner.allocate.rotation.order import draw_order, next_chances
from planner.allocate.rotation.policy import choose_policy
from planner.allocate.rotation.shortfall import NoRotation


def repeats(rows: np.ndarray, last: int | None) -> int:
    before = rows if last is None else np.append(last, rows)
    return int((before[1:] == before[:-1]).sum())


@settings(deadline=None, max_examples=50)
@example(1, 6, 6, False)  # Where no counts keep to their room, the solver gives some below 0.
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 20), st.booleans())
def test_a_rotation_does_what_is_asked(seed: int, plans: int, length: int, follows: bool) -> None:
    generator = np.random.default_rng(seed)
    nights = any_pool(seed, plans=plans)
    # What some rotation does can be asked for.
    some = generator.multinomial(length, generator.dirichlet(np.full(plans, 0.5)))
    minimum = np.maximum(some @ nights.visits - generator.integers(0, 4, nights.zones), 0)
    share = float(some @ nights.cover / length / nights.most_cover) - 0.01
    last = int(generator.integers(plans)) if follows else None
    policy = choose_policy(nights, minimum, length, share)
    rotation = draw_rotation(policy, nights, minimum, length, seed, share, last)
    assert rotation.shape == (length,)
    assert (nights.visits[rotation].sum(axis=0) >= minimum).all()
    assert nights.cover[rotation].mean() >= (share - 1e-7) * nights.most_cover
    again = draw_rotation(policy, nights, minimum, length, seed, share, last)
    assert again.tolist() == rotation.tolist()
    room = np.full(plans, (length + 1) // 2)
    if last is not None:
        room[last] = length // 2
    if (some <= room).all():
        assert repeats(rotation, last) == 0


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=4),
    st.one_of(st.none(), st.integers(0, 3)),
    st.integers(0, 1000),
)
def test_no_order_has_fewer_nights_with_the_plan_of_the_night_before(
    counts: list[int], last: int | None, seed: int
) -> None:
    assume(0 < sum(counts) <= 7)
    wanted = np.array(counts)
    last = None if last is None else last % len(counts)
    order = draw_order(wanted, last, np.random.default_rng(seed))
    assert np.bincount(order, minlength=len(counts)).tolist() == counts
    orders = set(permutations(np.repeat(np.arange(len(counts)), counts).tolist()))
    assert repeats(order, last) == min(repeats(np.array(rows), last) for rows in orders)


def test_the_next_plan_is_drawn_by_what_is_left() -> None:
    assert next_chances(np.array([1, 2, 1]), None).tolist() == [0.25, 0.5, 0.25]
    assert next_chances(np.array([1, 2, 1]), 0).tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    # Three uses of one plan with two others left: it has to come now, or it comes twice running.
    assert next_chances(np.array([1, 3, 1]), 0).tolist() == [0, 1, 0]
    assert next_chances(np.array([0, 2]), 1).tolist() == [0, 1]
    # Two nights repeat the one before either way: 0 1 0 0 and 1 0 0 0, both after 0.
    assert next_chances(np.array([3, 1]), 0).tolist() == [0.75, 0.25]


@pytest.mark.parametrize("seed", range(12))
def test_the_first_night_is_not_like_the_last_of_the_rotation_before(seed: int) -> None:
    nights = Nights(np.ones(2), np.eye(2), np.arange(2)[:, None, None])
    policy = choose_policy(nights, np.zeros(2), 3)
    assert draw_rotation(policy, nights, np.zeros(2), 3, seed, last=0).tolist() == [1, 0, 1]


def test_shares_come_out_over_many_draws() -> None:
    nights = Nights(np.ones(9), np.eye(9), np.arange(9)[:, None, None])
    policy = choose_policy(nights, np.zeros(9), 4)
    drawn = np.concatenate(
        [draw_rotation(policy, nights, np.zeros(9), 4, seed) for seed in range(900)]
    )
    found = np.bincount(drawn, minlength=9) / len(drawn)
    # Six standard errors of a share of 1 / 9 in 3,600 nights.
    assert np.abs(found - policy.shares).max() < 6 * np.sqrt(1 / 9 * 8 / 9 / 3600)


def test_every_minimum_comes_before_another_plan_each_night() -> None:
    nights = Nights(np.ones(2), np.eye(2), np.arange(2)[:, None, None])
    minimum = np.array([9.0, 0.0])
    policy = choose_policy(nights, minimum, 10)
    rotation = draw_rotation(policy, nights, minimum, 10, seed=1)
    assert np.bincount(rotation).tolist() == [9, 1]
    assert repeats(rotation, None) == 7
    with pytest.raises(NoRotation):
        draw_rotation(policy, nights, np.array([9.0, 2.0]), 10, seed=1)


def test_where_time_runs_out_what_is_found_still_does_what_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nights = walked_pool(5, plans=12, zones=20, teams=2, hours=4)
    minimum = np.floor(nights.visits.mean(axis=0) * 14 * 0.8)
    policy = choose_policy(nights, minimum, 14, 0.9)
    monkeypatch.setattr(drawing, "_counts", lambda *given: (None, False))
    rotation = draw_rotation(policy, nights, minimum, 14, seed=2, cover_share=0.9)
    assert (nights.visits[rotation].sum(axis=0) >= minimum).all()
    assert nights.cover[rotation].mean() >= 0.9 * nights.most_cover


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_four_weeks_keep_cover_and_minimum_and_halve_what_an_observer_hits(seed: int) -> None:
    nights = walked_pool(seed, plans=40, zones=60, teams=3, hours=6)
    minimum = np.minimum(np.floor(nights.visits.mean(axis=0) * 28 / 2), 4)
    assert (minimum > 0).sum() > 30
    policy = choose_policy(nights, minimum, 28)
    earlier = draw_rotation(policy, nights, minimum, 28, seed)
    last = int(earlier[-1])
    rotation = draw_rotation(policy, nights, minimum, 28, seed + 100, last=last)
    assert nights.cover[rotation].mean() >= 0.95 * nights.most_cover
    assert (nights.visits[rotation].sum(axis=0) >= minimum).all()
    assert repeats(rotation, last) == 0
    score = predictability(rotation, nights, policy, earlier)
    assert score.single == 1.0
    assert score.hit_rate <= 0.5 * score.single
