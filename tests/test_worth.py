"""What visits are worth: the closed forms, and what several visits cover together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.patrols.worth import HALF_LIFE_S, Worth
from planner.insight.timing.profile import BIN_S

SHIFT_S = 5 * 3600 + 700
STEP_S = 2.0


def worth_of(seed: int, zones: int = 3, shift_s: int = SHIFT_S) -> Worth:
    bins = -(-shift_s // BIN_S)
    return Worth(np.random.default_rng(seed).gamma(0.5, 1.0, (zones, bins)), shift_s)


def integrated(worth: Worth, zone: int, visits: list[tuple[float, float]]) -> float:
    """What visits cover, added up second by second: whole while someone is there, then halving."""
    times = np.arange(STEP_S / 2, worth.shift_s, STEP_S)
    length = np.minimum(BIN_S, worth.shift_s - np.arange(worth.need.shape[1]) * BIN_S)
    rate = (worth.need[zone] / length)[(times // BIN_S).astype(int)]
    effect = np.zeros(len(times))
    for begin, end in visits:
        fading = np.where(times >= end, 0.5 ** ((times - end).clip(0) / HALF_LIFE_S), 0.0)
        effect = np.maximum(effect, np.where((times >= begin) & (times < end), 1.0, fading))
    return float((rate * effect).sum() * STEP_S)


def together(worth: Worth, zone: int, visits: list[tuple[float, float]]) -> np.ndarray:
    begins, ends = np.array(visits, dtype=float).reshape(-1, 2).T
    same = np.zeros(len(begins), dtype=int)
    adds: np.ndarray = worth.in_order(same, same + zone, begins, ends)
    return adds


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 999), st.integers(0, SHIFT_S), st.integers(60, 3600))
def test_one_visit_is_worth_its_integral(seed: int, begin: int, dwell_s: int) -> None:
    worth = worth_of(seed)
    closed = worth.of_visits(np.array([1]), np.array([begin]), np.array([dwell_s]))[0]
    counted = integrated(worth, 1, [(begin, begin + dwell_s)])
    assert closed == pytest.approx(counted, abs=3e-3 * worth.need[1].max())


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 999),
    st.lists(
        st.tuples(st.integers(0, SHIFT_S), st.integers(60, 5400)), min_size=1, max_size=5
    ),
)  # fmt: skip
def test_several_visits_are_worth_the_integral_of_what_they_do_together(
    seed: int, listed: list[tuple[int, int]]
) -> None:
    # Visits may overlap, and lie within one another, as those at stated hours can.
    worth = worth_of(seed)
    visits = [(float(begin), float(begin + dwell_s)) for begin, dwell_s in listed]
    adds = together(worth, 0, visits)
    counted = integrated(worth, 0, visits)
    assert adds.sum() == pytest.approx(counted, abs=1e-2 * worth.need[0].max())
    assert (adds >= -1e-9).all()
    alone = [worth.of_visits(np.array([0]), np.array([b]), np.array([e - b]))[0] for b, e in visits]
    assert (adds <= np.array(alone) + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 999), st.integers(0, 3600), st.integers(300, 1800))
def test_a_second_visit_adds_less_the_sooner_it_follows(
    seed: int, begin: int, dwell_s: int
) -> None:
    worth = Worth(np.full((1, -(-SHIFT_S // BIN_S)), 1.0 + seed), SHIFT_S)
    end = begin + dwell_s
    # Far from the end of the shift, so that each would be worth about the same alone.
    later = [end + wait for wait in (0, 600, 1800, 3600)]
    seconds = [together(worth, 0, [(begin, end), (at, at + dwell_s)])[1] for at in later]
    alone = worth.of_visits(np.zeros(4, dtype=int), np.array(later), np.full(4, dwell_s))
    shares = np.array(seconds) / alone
    assert (shares < 1).all()
    assert (np.diff(shares) > 0).all()


def test_two_teams_at_the_same_place_at_the_same_time_count_once() -> None:
    worth = worth_of(4)
    once = together(worth, 2, [(1000, 1900)]).sum()
    assert together(worth, 2, [(1000, 1900), (1000, 1900)]).sum() == pytest.approx(once)
    assert together(worth, 2, [(1000, 1900), (1200, 1500)]).sum() == pytest.approx(once)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 999))
def test_other_plans_and_other_zones_take_nothing_off(seed: int) -> None:
    worth, generator = worth_of(seed), np.random.default_rng(seed)
    plans, zones = generator.integers(0, 3, 12), generator.integers(0, 3, 12)
    begins = generator.uniform(0, SHIFT_S, 12)
    ends = begins + generator.uniform(60, 3000, 12)
    adds = worth.in_order(plans, zones, begins, ends)
    for plan in range(3):
        for zone in range(3):
            mine = (plans == plan) & (zones == zone)
            visits = list(zip(begins[mine], ends[mine], strict=True))
            if visits:
                np.testing.assert_allclose(adds[mine].sum(), together(worth, zone, visits).sum())


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 999), st.integers(0, SHIFT_S), st.integers(0, 5400), st.integers(60, 3600)
)  # fmt: skip
def test_no_visit_of_a_window_covers_more_than_its_most(
    seed: int, opens: int, width: int, dwell_s: int
) -> None:
    worth, zones = worth_of(seed), np.arange(3)
    closes = min(opens + width, SHIFT_S)
    mean, most = worth.over_windows(opens, closes, zones, dwell_s)
    for begin in np.linspace(opens, closes, 97):
        covered = worth.of_visits(zones, np.full(3, begin), np.full(3, dwell_s))
        assert (covered <= most + 1e-12).all()
    assert (mean <= most).all()
    # The bound is near: a second visit could not be hidden between the two.
    tried = np.array([
        worth.of_visits(zones, np.full(3, begin), np.full(3, dwell_s))
        for begin in np.linspace(opens, closes, 997)
    ])  # fmt: skip
    assert (mean >= tried.min(axis=0) - 1e-9).all()
    assert (most <= tried.max(axis=0) + 0.02 * worth.need.max(axis=1)).all()


def test_presence_halves_every_half_hour() -> None:
    # In a very long shift a visit is worth its dwell and the whole tail: h / ln 2.
    worth = Worth(np.full((1, 200), float(BIN_S)), 200 * BIN_S)
    covered = worth.of_visits(np.array([0]), np.array([0]), np.array([900]))[0]
    assert covered == pytest.approx(900 + HALF_LIFE_S / np.log(2), rel=1e-3)


def test_what_lies_outside_the_shift_is_worth_nothing() -> None:
    worth = worth_of(1)
    zones, dwell_s = np.array([0, 0]), np.array([900, 900])
    covered = worth.of_visits(zones, np.array([SHIFT_S, SHIFT_S + 60]), dwell_s)
    np.testing.assert_allclose(covered, 0.0)
    before = worth.of_visits(zones[:1], np.array([-900]), dwell_s[:1])
    np.testing.assert_allclose(before, worth.fading(zones[:1], np.array([0])))
