"""Whether the forecast has shown itself better than counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from planner.insight.risk.evidence import (
    ESTABLISHED,
    FEWEST_WINDOWS,
    LIKELY,
    NONE,
    NOT_SHOWN,
    Evidence,
    evidence_of,
    weaker,
    windows_a_block,
)


@given(seed=st.integers(0, 999), windows=st.integers(8, 80), block=st.integers(1, 4))
def test_it_is_students_t_of_the_blocks(seed: int, windows: int, block: int) -> None:
    gain = np.random.default_rng(seed).normal(0.2, 1, windows)
    counts = np.full(windows, 5.0)
    found = evidence_of(gain, counts, block)
    kept = gain[windows % block :].reshape(-1, block).sum(axis=1)
    plain = stats.ttest_1samp(kept, 0, alternative="greater").pvalue
    assert found.confidence == pytest.approx(1 - plain)
    assert found.difference == pytest.approx(gain.sum() / counts.sum())
    opposite = evidence_of(-gain, counts, block)
    assert opposite.confidence == pytest.approx(1 - found.confidence)


def test_too_few_windows_are_never_enough() -> None:
    gain = np.random.default_rng(1).normal(5, 1, FEWEST_WINDOWS)
    full, short = (evidence_of(gain[:n], np.ones(n), 1) for n in (len(gain), len(gain) - 1))
    assert full.enough and full.words == ESTABLISHED
    assert short.confidence > 0.99
    assert not short.enough and short.words == NOT_SHOWN


def test_words_follow_the_confidence() -> None:
    words = [Evidence(100, 0.1, sure).words for sure in (0.5, 0.89, 0.9, 0.97, 0.975)]
    assert words == [NOT_SHOWN, NOT_SHOWN, LIKELY, LIKELY, ESTABLISHED]


@pytest.mark.parametrize("gain", [np.zeros(40), np.full(40, -0.2), np.zeros(0), np.ones(3)])
def test_no_difference_or_too_little_to_tell_is_not_shown(gain: np.ndarray) -> None:
    found = evidence_of(gain, np.ones(len(gain)), 4)
    assert not found.enough
    assert np.isfinite(found.confidence)


def test_windows_without_incidents_say_nothing() -> None:
    assert evidence_of(np.zeros(60), np.zeros(60), 4) == Evidence(60, 0.0, 0.5)


def test_the_weaker_of_two_is_the_one_of_less_confidence() -> None:
    sure = Evidence(40, 0.5, 0.99)
    assert weaker(sure, NONE) == weaker(NONE, sure) == NONE


@given(days=st.floats(0.5, 400))
def test_a_block_is_about_four_weeks(days: float) -> None:
    block = windows_a_block(days)
    assert block >= 1
    assert block == 1 or abs(block * days - 28) <= days / 2 + 1e-9
