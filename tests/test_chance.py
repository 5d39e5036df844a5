import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from planner.insight.hotspots.chance import (
    binomial_tail,
    discovery_rates,
    split_p,
    strewn_tail,
)

REPEATS = st.lists(st.integers(1, 9), min_size=1, max_size=12)


def tail_by_trying_all(repeats: list[int], share: float, least: int) -> float:
    """The probability that places, each falling with a chance, hold so many, set by set."""
    total = 0.0
    for number in range(2 ** len(repeats)):
        falls = [(number >> place) & 1 for place in range(len(repeats))]
        if sum(v * f for v, f in zip(repeats, falls, strict=True)) >= least:
            total += float(np.prod([share if fall else 1 - share for fall in falls]))
    return total


@given(repeats=REPEATS, share=st.floats(0.01, 0.99), data=st.data())
def test_the_strewn_tail_is_that_of_every_set_of_places(repeats, share, data) -> None:
    least = data.draw(st.integers(1, sum(repeats)))
    found = strewn_tail(np.array([least]), np.array(repeats), np.array([share]))
    assert found[0] == pytest.approx(tail_by_trying_all(repeats, share, least), abs=1e-11)


@given(total=st.integers(1, 300), share=st.floats(0.001, 0.999), data=st.data())
def test_with_a_place_for_each_incident_it_is_the_binomial_tail(total, share, data) -> None:
    count = data.draw(st.integers(0, total))
    exact = max(stats.binom.sf(count - 1, total, share), 1e-12)
    each = strewn_tail(np.array([count]), np.ones(total, dtype=int), np.array([share]))
    assert each[0] == pytest.approx(exact, rel=1e-9)
    assert binomial_tail(np.array([count]), total, np.array([share]))[0] == pytest.approx(exact)


def test_many_shares_at_once_are_as_one_by_one() -> None:
    random = np.random.default_rng(3)
    repeats = random.integers(1, 40, 300)
    shares = random.uniform(0, 0.2, 50)
    counts = random.integers(0, 900, 50)
    together = strewn_tail(counts, repeats, shares)
    alone = [strewn_tail(counts[i : i + 1], repeats, shares[i : i + 1])[0] for i in range(50)]
    assert together == pytest.approx(alone, rel=1e-9, abs=1e-12)


def test_nothing_is_told_where_there_is_no_exposure_or_no_incident() -> None:
    none = np.zeros(0, dtype=int)
    assert strewn_tail(np.array([0, 0]), none, np.array([0.5, 0.0])).tolist() == [1.0, 1.0]
    assert strewn_tail(np.array([3]), np.array([3]), np.array([0.0])).tolist() == [1.0]
    assert binomial_tail(np.array([3]), 3, np.array([0.0])).tolist() == [1.0]
    assert strewn_tail(np.array([3]), np.array([3]), np.array([1.0])).tolist() == [1.0]


def test_one_place_with_all_is_no_likelier_than_its_share() -> None:
    assert strewn_tail(np.array([500]), np.array([500]), np.array([0.02]))[0] == pytest.approx(0.02)


@given(
    totals=st.lists(st.integers(0, 60), min_size=1, max_size=3),
    shares=st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3),
    data=st.data(),
)
def test_a_split_is_tested_on_both_sides(totals, shares, data) -> None:
    later = data.draw(st.integers(0, sum(totals)))
    chosen = np.array(shares[: len(totals)])
    p = split_p(np.array([later]), np.array([totals]), chosen)[0]
    assert 0 < p <= 1
    mirrored = split_p(np.array([sum(totals) - later]), np.array([totals]), 1 - chosen)[0]
    assert mirrored == pytest.approx(p, rel=1e-6, abs=1e-12)
    if len(totals) == 1:
        tail = stats.binom(totals[0], chosen[0])
        twice = 2 * min(tail.cdf(later), tail.sf(later - 1))
        assert p == pytest.approx(max(min(1.0, twice), 1e-12), rel=1e-9)


def test_sources_with_the_same_share_are_as_one() -> None:
    one = split_p(np.array([9, 30]), np.array([[40], [40]]), np.array([0.3]))
    two = split_p(np.array([9, 30]), np.array([[25, 15], [10, 30]]), np.array([0.3, 0.3]))
    assert two == pytest.approx(one, rel=1e-6)


@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=30))
def test_discovery_rates_keep_the_order_and_are_no_less(p) -> None:
    q = discovery_rates(np.array(p))
    assert (q >= np.array(p) - 1e-15).all()
    assert (q <= 1).all()
    assert (np.diff(q[np.argsort(p)]) >= -1e-15).all()


def test_nothing_tested_has_no_rates() -> None:
    assert discovery_rates(np.zeros(0)).shape == (0,)
