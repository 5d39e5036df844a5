"""The mixture of memories."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk import mixture
from planner.insight.risk.memories import EVEN, EVER, ZONE, Memory, usual_memories
from planner.insight.risk.mixture import fitted_weights, prior_counts


def belief(shares: np.ndarray, count: np.ndarray, weights: np.ndarray, prior: np.ndarray) -> float:
    """The logarithm of the likelihood times the prior."""
    return float((count * np.log(shares @ weights)).sum() + (prior * np.log(weights)).sum())


@given(seed=st.integers(0, 10_000), events=st.integers(1, 30), memories=st.integers(1, 6))
def test_no_round_lowers_the_likelihood_times_the_prior(
    seed: int, events: int, memories: int
) -> None:
    chance = np.random.default_rng(seed)
    shares = chance.gamma(0.3, 1, (events, memories)) + 1e-6
    count, prior = chance.uniform(0.1, 1, events), chance.uniform(0.1, 5, memories)
    weights = np.full(memories, 1 / memories)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mixture, "ROUNDS", 1)
        for _ in range(20):
            better = fitted_weights(shares, count, weights, prior)
            assert better.sum() == pytest.approx(1)
            assert (better > 0).all()
            gained = belief(shares, count, better, prior) - belief(shares, count, weights, prior)
            assert gained >= -1e-9
            weights = better


def test_the_memory_that_foresees_gets_the_weight() -> None:
    chance = np.random.default_rng(1)
    shares = np.column_stack([np.full(2_000, 0.01), chance.uniform(0.05, 0.2, 2_000)])
    weights = fitted_weights(shares, np.ones(2_000), np.array([0.9, 0.1]), np.array([5.0, 0.1]))
    assert weights[1] > 0.95


def test_without_incidents_the_prior_stands() -> None:
    prior = prior_counts(usual_memories(one_category=True))
    start = np.full(len(prior), 1 / len(prior))
    weights = fitted_weights(np.empty((0, len(prior))), np.empty(0), start, prior)
    assert weights == pytest.approx(prior / prior.sum())


def test_the_prior_favours_the_whole_history_then_the_even_share() -> None:
    memories = usual_memories(one_category=False)
    prior = dict(zip(memories, prior_counts(memories), strict=True))
    ordered = sorted(prior, key=lambda memory: -prior[memory])
    assert ordered[:2] == [Memory(ZONE, EVER), Memory(EVEN)]
