"""A planted change is found and dated; where nothing changed, the chance of one is as stated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.recording.changes import FEWEST, SHORTEST, Records, _chance, _gain, scan

BINS = 60


def records(counts, others, strata=1) -> Records:
    """One place's counts by month, and those of another that is no group."""
    months = np.concatenate(
        [np.repeat(np.arange(len(counts)), counts), np.repeat(np.arange(len(others)), others)]
    )
    group = np.repeat([0, -1], [int(np.sum(counts)), int(np.sum(others))])
    return Records(
        group, np.zeros(len(months), dtype=int), np.zeros(strata, dtype=int), months, len(counts),
        np.ones(len(months), dtype=bool),
    )  # fmt: skip


def test_a_change_is_found_where_it_is() -> None:
    counts = np.repeat([1, 6], [40, 20])
    (row,) = scan(records(counts, np.full(BINS, 50))).to_dict("records")
    assert (row["split"], row["before"], row["since"]) == (40, 40, 120)
    assert row["p"] < 1e-6
    assert row["ratio_low"] < 6 < row["ratio_high"]


def test_what_everybody_does_is_no_change_of_the_place() -> None:
    counts = np.repeat([1, 6], [40, 20])
    (row,) = scan(records(counts, counts * 50)).to_dict("records")
    assert row["p"] > 0.5
    assert row["ratio_low"] < 1 < row["ratio_high"]


def test_a_burst_is_no_change() -> None:
    counts = np.ones(BINS, dtype=int)
    counts[30] = 60
    (row,) = scan(records(counts, np.full(BINS, 50))).to_dict("records")
    assert row["p"] > 0.2


@pytest.mark.parametrize("counts", [np.zeros(BINS, int), np.full(3, 50), np.array([90])])
def test_what_cannot_change_does_not(counts) -> None:
    table = scan(records(counts, np.full(len(counts), 50)))
    assert (table["p"] == 1).all()
    assert len(table) == (counts.sum() >= FEWEST)


def test_a_place_that_has_no_others_is_not_compared() -> None:
    assert scan(records(np.full(BINS, 3), np.zeros(BINS, int))).empty


def test_the_chance_is_that_of_a_simulation() -> None:
    generator = np.random.default_rng(7)
    expected = generator.uniform(0.5, 2.0, 30)
    share = expected.cumsum()[:-1] / expected.sum()
    there = np.arange(1, 30)
    fits = (there >= SHORTEST) & (there <= 30 - SHORTEST)
    drawn = generator.multinomial(40, expected / expected.sum(), 20_000)
    before = drawn.cumsum(axis=1)[:, :-1]
    best = np.where(fits, _gain(before, np.array(40.0), share), 0.0).max(axis=1)
    for gain in (2.0, 3.5, 5.0):
        simulated = float((best >= gain).mean())
        margin = 4 * np.sqrt(simulated * (1 - simulated) / len(best))
        assert abs(_chance(gain, 40, expected) - simulated) < margin


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30), st.integers(0, 40))
def test_every_result_is_a_number(counts, usual) -> None:
    table = scan(records(np.array(counts), np.full(len(counts), usual)))
    assert np.isfinite(table.to_numpy(float)).all()
    assert ((table["p"] >= 0) & (table["p"] <= 1)).all()
    assert (table["ratio_low"] <= table["ratio_high"]).all()
    assert (table["before"] + table["since"] == sum(counts)).all()
