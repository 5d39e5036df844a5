"""Rotations drawn stretch by stretch: each has its minimums, and what is relaxed is no more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night_pools import any_pool

from planner.allocate.rotation.nights import Nights
from planner.allocate.rotation.shortfall import NoRotation
from planner.allocate.rotation.weeks import Stretch, draw_stretches


def parts(rows: np.ndarray, stretches: list[Stretch]) -> list[np.ndarray]:
    return np.split(rows, np.cumsum([one.length for one in stretches])[:-1])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 3), st.integers(0, 4))
def test_every_stretch_has_its_minimum(seed: int, plans: int, weeks: int, rest: int) -> None:
    generator = np.random.default_rng(seed)
    nights = any_pool(seed, plans=plans)
    # What some week does can be asked of each.
    some = generator.multinomial(7, generator.dirichlet(np.full(plans, 0.5)))
    minimum = np.maximum(some @ nights.visits - generator.integers(0, 4, nights.zones), 0)
    share = float(some @ nights.cover / 7 / nights.most_cover) - 0.01
    stretches = [Stretch(7, minimum)] * weeks
    stretches += [Stretch(rest, np.zeros(nights.zones))] * (rest > 0)
    drawn = draw_stretches(nights, stretches, share, seed)
    assert len(drawn.rows) == 7 * weeks + rest
    assert drawn.cover_share == share
    for one, rows in zip(stretches, parts(drawn.rows, stretches), strict=True):
        assert (nights.visits[rows].sum(axis=0) >= one.minimum).all()
        assert nights.cover[rows].mean() >= (share - 1e-7) * nights.most_cover
    again = draw_stretches(nights, stretches, share, seed)
    assert again.rows.tolist() == drawn.rows.tolist()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_what_can_not_be_had_is_asked_less_of_only_if_it_may_be(seed: int, plans: int) -> None:
    generator = np.random.default_rng(seed)
    nights = any_pool(seed, plans=plans)
    minimum = generator.integers(0, 9, nights.zones).astype(float)
    stretches = [Stretch(7, minimum), Stretch(7, minimum)]
    relaxed = draw_stretches(nights, stretches, 0.99, seed, relax=True)
    assert len(relaxed.rows) == 14
    met = all(
        (nights.visits[rows].sum(axis=0) >= minimum).all()
        for rows in parts(relaxed.rows, stretches)
    )
    try:
        asked = draw_stretches(nights, stretches, 0.99, seed)
    except NoRotation:
        assert not met or relaxed.cover_share < 0.99
    else:
        assert asked.rows.tolist() == relaxed.rows.tolist()


def one_of_each(covers: list[float]) -> Nights:
    """Plans of which each sees a zone of its own."""
    count = len(covers)
    return Nights(np.array(covers), np.eye(count, dtype=int), np.arange(count)[:, None, None])


def test_the_cover_is_lowered_no_further_than_the_minimums_ask() -> None:
    # Four nights of seven with the second plan: 3/7 + 4/7 * 0.3 = 0.6 of the best.
    nights, minimum = one_of_each([1.0, 0.3]), np.array([0, 4])
    with pytest.raises(NoRotation) as caught:
        draw_stretches(nights, [Stretch(7, minimum)], 0.95, 1)
    assert caught.value.possible == pytest.approx(0.6)
    drawn = draw_stretches(nights, [Stretch(7, minimum)], 0.95, 1, relax=True)
    assert np.bincount(drawn.rows).tolist() == [3, 4]
    assert drawn.cover_share == pytest.approx(0.57)


def test_a_zone_that_no_plan_sees_is_given_up_and_the_others_are_not() -> None:
    nights = one_of_each([1.0, 1.0, 1.0])
    nights = Nights(nights.cover, np.column_stack([nights.visits, np.zeros(3)]), nights.present)
    stretch = Stretch(7, np.array([2, 2, 2, 1]))
    drawn = draw_stretches(nights, [stretch], 0.95, 1, relax=True)
    assert (nights.visits[drawn.rows].sum(axis=0)[:3] >= 2).all()
    assert drawn.cover_share == 0.95


def test_of_minimums_in_conflict_as_few_visits_are_given_up_as_can_be_seen() -> None:
    # Each plan sees one zone: of nine visits in seven nights two can't be made.
    stretch = Stretch(7, np.array([3, 3, 3]))
    drawn = draw_stretches(one_of_each([1.0, 1.0, 1.0]), [stretch], 0.95, 1, relax=True)
    assert sorted(np.bincount(drawn.rows, minlength=3).tolist()) in ([1, 3, 3], [2, 2, 3])


def test_no_night_plans_are_no_rotation_even_if_relaxed() -> None:
    nothing = Nights(np.empty(0), np.empty((0, 3)), np.empty((0, 2, 4), dtype=int))
    with pytest.raises(NoRotation, match="no night plan"):
        draw_stretches(nothing, [Stretch(7, np.zeros(3))], 0.95, 1, relax=True)
