"""Scores of a forecast of where incidents fell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.insight.backtest.scores import (
    LEAST_SHARE,
    PERCENTAGES,
    best_number,
    hits,
    log_scores,
)


@settings(max_examples=15)
@given(seed=st.integers(0, 999), cells=st.integers(1, 120), levels=st.integers(1, 5))
def test_ties_are_scored_by_expectation(seed: int, cells: int, levels: int) -> None:
    chance = np.random.default_rng(seed)
    shares = chance.integers(1, levels + 1, cells) / cells
    fell, weight = chance.integers(0, cells, 30), chance.uniform(0.1, 1, 30)
    counts = np.bincount(fell, weight, minlength=cells)
    orders = np.array([np.lexsort((chance.uniform(size=cells), -shares)) for _ in range(2_000)])
    found = hits(shares, fell, weight)
    for place, percentage in enumerate(PERCENTAGES):
        tried = counts[orders[:, : best_number(percentage, cells)]].sum(axis=1)
        error = 5 * tried.std() / np.sqrt(len(tried)) + 1e-9
        assert found[place] == pytest.approx(tried.mean(), abs=error)


@given(seed=st.integers(0, 999))
def test_without_ties_it_is_what_lay_in_the_best_cells(seed: int) -> None:
    chance = np.random.default_rng(seed)
    shares = chance.permutation(300) / 300
    fell = chance.integers(0, 300, 40)
    for percentage, found in zip(PERCENTAGES, hits(shares, fell, np.ones(40)), strict=True):
        best = np.argsort(-shares)[: best_number(percentage, 300)]
        assert found == np.isin(fell, best).sum()


@pytest.mark.parametrize(
    ("percentage", "cells", "number"), [(1, 10, 1), (1, 600, 6), (5, 99, 5), (10, 1, 1), (2, 30, 1)]
)
def test_the_best_share_is_at_least_one_cell(percentage: int, cells: int, number: int) -> None:
    assert best_number(percentage, cells) == number


def test_a_share_of_nothing_is_a_bad_score_and_not_an_infinite_one() -> None:
    shares = np.array([1.0, 0.0])
    told = log_scores(shares, np.array([0, 1]), np.array([1.0, 0.5]))
    assert told == pytest.approx(0.5 * np.log(LEAST_SHARE))
    assert log_scores(shares, np.empty(0, int), np.empty(0)) == 0.0
    assert hits(shares, np.empty(0, int), np.empty(0)).tolist() == [0.0] * len(PERCENTAGES)
