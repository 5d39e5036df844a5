"""What a forecast is made of, in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.evidence import NONE, Evidence
from planner.insight.risk.memories import usual_memories
from planner.insight.risk.model import Parts, Standing
from planner.insight.risk.parts import (
    ALIKE,
    FRACTIONS,
    HISTORY,
    NAMES,
    counted_parts,
    fraction_words,
    model_parts,
    parts_words,
    standing_words,
)


@given(seed=st.integers(0, 999), one=st.booleans())
def test_the_mixture_is_shared_out_as_a_whole(seed: int, one: bool) -> None:
    chance = np.random.default_rng(seed)
    memories = usual_memories(one_category=one)
    weights = chance.dirichlet(np.full(len(memories), 0.5)) + 1e-9
    shares = chance.dirichlet(np.ones(5), len(memories))
    parts = model_parts(memories, weights, shares)
    assert parts.shape == (5, len(NAMES))
    assert parts.sum(axis=1) == pytest.approx(np.ones(5))
    own = [m.kind == "zone" and m.half_life > 365 for m in memories]
    assert parts[:, NAMES.index(HISTORY)] == pytest.approx(
        (weights[own] @ shares[own]) / (weights @ shares)
    )


@given(counts=st.lists(st.integers(0, 50), min_size=1, max_size=6), pull=st.floats(0, 1))
def test_the_count_is_its_own_records_and_the_mean(counts: list[int], pull: float) -> None:
    own = np.array(counts, float) / 100
    rates = pull * own + (1 - pull) * own.mean()
    parts = counted_parts(np.array(counts, float), rates, 100.0)
    assert parts.sum(axis=1) == pytest.approx(np.ones(len(counts)))
    assert (parts >= 0).all()
    apart = (np.abs(own - own.mean()) > 1e-9) & (rates > 0)
    told = parts[apart, NAMES.index(HISTORY)]
    assert told == pytest.approx(pull * own[apart] / rates[apart], abs=1e-6)


def test_parts_are_said_greatest_first_and_small_ones_left_out() -> None:
    shares = np.zeros((1, len(NAMES)))
    shares[0, [0, 1, 3, 7]] = 0.2, 0.67, 0.05, 0.08
    words = parts_words(Parts(NAMES, shares), 0)
    assert words == (
        "two thirds from the last year here, a fifth from the whole history here, "
        f"a tenth from {ALIKE}"
    )


@given(share=st.floats(0, 1))
def test_a_fraction_is_the_nearest_one(share: float) -> None:
    told = {name: value for value, name in FRACTIONS}[fraction_words(share)]
    assert abs(told - share) == min(abs(value - share) for value, _ in FRACTIONS)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing("police", NONE, "month", "they are patchy"), "they are patchy, so"),
        (Standing("police", Evidence(9, 0.2, 0.99), "week"), "9 weeks are too few"),
        (Standing("police", Evidence(60, 0.2, 0.6), "week"), "over 60 weeks nothing was shown"),
        (Standing("police", Evidence(60, 0.2, 0.93), "month"), "is likely, over 60 months"),
        (Standing("police", Evidence(60, 0.2, 0.99), "week"), "is established, over 60 weeks"),
    ],
)  # fmt: skip
def test_how_it_stood_up_is_said_in_a_sentence(standing: Standing, words: str) -> None:
    said = standing_words(standing)
    assert words in said
    assert said.startswith("Records of the police: ") and said.endswith(".")
    assert standing.by_model == ("count's" not in said)
