"""Resampled shares and their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.comparison.resampling import interval, resampled_shares


@given(st.integers(2, 12), st.integers(0, 999))
def test_what_is_the_same_in_each_block_has_no_spread(blocks: int, seed: int) -> None:
    weights = np.random.default_rng(seed).uniform(0.5, 9, blocks)
    hits = weights[:, None] * [0.25, 1.0]
    low, high = interval(resampled_shares(weights, hits, seed), blocks)
    assert low == pytest.approx([0.25, 1.0])
    assert high == pytest.approx([0.25, 1.0])


@given(st.integers(2, 40), st.integers(0, 999))
def test_the_interval_holds_the_middle_and_stays_within_what_there_was(
    blocks: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.5, 9, blocks)
    shares = generator.uniform(0, 1, blocks)
    low, high = interval(resampled_shares(weights, (weights * shares)[:, None], seed), blocks)
    assert shares.min() - 1e-12 <= low[0] <= high[0] <= shares.max() + 1e-12


def test_draws_are_paired_and_follow_the_seed() -> None:
    weights, hits = np.array([1.0, 2.0, 3.0]), np.array([[0.0, 0.5], [1.0, 1.5], [3.0, 3.0]])
    first, again = (resampled_shares(weights, hits, 3) for _ in range(2))
    assert (first == again).all()
    assert (first != resampled_shares(weights, hits, 4)).any()
    assert (first[:, 1] >= first[:, 0] - 1e-12).all()


def test_few_blocks_hold_the_truth_about_as_often_as_they_say() -> None:
    generator = np.random.default_rng(5)
    held = []
    for number in range(400):
        weights = generator.poisson(60, 7).astype(float) + 1
        seen = generator.binomial(weights.astype(int), 0.2).astype(float)
        low, high = interval(resampled_shares(weights, seen[:, None], number), 7)
        held.append(low[0] <= 0.2 <= high[0])
    assert 0.91 <= np.mean(held) <= 0.99
