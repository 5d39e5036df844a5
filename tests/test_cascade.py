"""The cascade, beside a plain one that takes zone after zone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.cascade import EVEN_SHARE, NO_CORRECTION, STEPS, Cascade

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=9)


def plainly(history: list[float], recent: list[list[float]], shapes: list[float]) -> list[float]:
    zones, total = len(history), sum(history)
    share = [
        (1 - EVEN_SHARE) * n / total + EVEN_SHARE / zones if total else 1 / zones for n in history
    ]
    for counts, shape in zip(recent, shapes, strict=True):
        whole = sum(counts)
        share = [p * (shape + n) / (shape + p * whole) for p, n in zip(share, counts, strict=True)]
        share = [p / sum(share) for p in share]
    return share


def drawn(history: list[int], seed: int) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """A history, and at each half-life a part of it."""
    counts = np.array(history, float)
    parts = np.random.default_rng(seed).uniform(0, 1, (len(STEPS), len(history)))
    return counts, tuple(counts * part for part in parts)


@given(history=COUNTS, seed=st.integers(0, 99))
def test_it_equals_the_plain_one(history: list[int], seed: int) -> None:
    counts, recent = drawn(history, seed)
    cascade = Cascade(len(counts))
    share, told = cascade.shares(counts, recent, np.arange(len(counts)))
    recents = [list(part) for part in recent]
    assert share == pytest.approx(plainly(list(counts), recents, list(cascade.shapes)))
    assert share.sum() == pytest.approx(1)
    assert (share > 0).all()
    for step in range(len(STEPS)):
        for place, shape in enumerate(cascade.candidates):
            shapes = [*cascade.shapes[:step], shape]
            plain = plainly(list(counts), recents[: step + 1], shapes)
            assert np.exp(told[:, step, place]) == pytest.approx(plain)


def test_it_learns_that_a_step_tells_nothing() -> None:
    cascade = Cascade(3)
    told = np.tile(np.log(np.linspace(0.1, 0.5, len(cascade.candidates))), (200, len(STEPS), 1))
    cascade.learn(told, np.ones(200))
    assert (cascade.shapes == NO_CORRECTION).all()


def test_some_incidents_do_not_move_the_usual_shapes() -> None:
    cascade = Cascade(3)
    before = cascade.shapes.copy()
    cascade.learn(np.zeros((4, len(STEPS), len(cascade.candidates))), np.ones(4))
    assert (cascade.shapes == before).all()
    assert before.tolist() == [8.0, 16.0, 4.0, 16.0]
