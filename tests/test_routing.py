"""The patrol problem as PyVRP takes it: who may do what, and what must be done."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, random_problem

from planner.allocate.legs import stretched
from planner.allocate.patrols.activities import MEAL, VISIT, activities_of
from planner.allocate.patrols.routing import Try, routing_data, search


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 999), st.integers(1, 3), st.floats(0, 0.6), st.booleans(), st.booleans()
)  # fmt: skip
def test_routes_hold_only_what_their_team_may_do(
    seed: int, teams: int, reserve: float, meals: bool, wishes: bool
) -> None:
    wanted = Wanted(mixed=True, duties=3, joint=1, meals=meals, for_two=1)
    problem = random_problem(6, teams, 5 * 3600, reserve, seed, wanted=wanted, wishes=wishes)
    table = activities_of(problem, np.arange(len(problem.options)), {0: 1})
    found = search(routing_data(problem, table), Try(seed, 60))
    for kind, rows in found.routes:
        assert len(set(rows)) == len(rows)
        assert all(table[row].allowed[kind] for row in rows)
        assert sum(table[row].kind == MEAL for row in rows) <= 1
        groups = [table[row].group for row in rows if table[row].group >= 0]
        assert len(groups) == len(set(groups))
    if found.best is not None:
        held = [row for _, rows in found.best for row in rows]
        assert len(held) == len(set(held))
        required = {row for row, one in enumerate(table) if one.required}
        assert required <= set(held)


def test_walks_to_and_from_visits_take_their_reserve_and_others_do_not() -> None:
    problem = random_problem(4, 1, 6 * 3600, 0.5, seed=3, wanted=Wanted(duties=2, escorts=1))
    table = activities_of(problem, np.arange(len(problem.options)), {})
    data = routing_data(problem, table)
    seconds = problem.journeys[0].seconds
    posts = data.num_depots
    for row, one in enumerate(table):
        for column, other in enumerate(table):
            plain = seconds[one.leaves, other.place]
            visit = VISIT in (one.kind, other.kind)
            expected = 0 if row == column else stretched(plain, 0.5) if visit else plain
            assert data.duration_matrix(0)[posts + row, posts + column] == expected
        client = data.clients()[row]
        assert client.service_duration == one.takes
        assert (client.tw_early, client.tw_late) == (one.opens, one.closes)
        assert one.takes == (stretched(one.stay, 0.5) if one.kind == VISIT else one.stay)


@pytest.mark.parametrize("wishes", [False, True])
def test_what_is_demanded_is_required_or_worth_most(wishes: bool) -> None:
    problem = random_problem(
        5, 2, 6 * 3600, 0.3, seed=3, wanted=Wanted(duties=2, meals=True), wishes=wishes
    )
    table = activities_of(problem, np.arange(len(problem.options)), {0: 1})
    data = routing_data(problem, table)
    clients = data.clients()
    most = max(client.prize for client, one in zip(clients, table, strict=True) if not one.wished)
    for client, one in zip(clients, table, strict=True):
        if one.kind != VISIT:
            assert client.required != wishes
            assert one.wished == wishes
        if one.wished:
            assert client.prize > most
    assert [group.required for group in data.groups()] == [not wishes]


def test_a_search_that_begins_with_a_plan_never_ends_below_it() -> None:
    problem = random_problem(12, 2, 6 * 3600, 0.3, seed=4)
    table = activities_of(problem, np.arange(len(problem.options)), {})
    data = routing_data(problem, table)
    long = search(data, Try(1, 400))
    assert long.best is not None
    short = search(data, Try(2, 1, begin=long.best))
    assert short.best is not None

    def worth(plan: tuple[tuple[int, tuple[int, ...]], ...]) -> float:
        return sum(table[row].worth for _, rows in plan for row in rows)

    assert worth(short.best) >= worth(long.best) * 0.98
    assert search(data, Try(1, 400)) == long


def test_a_search_without_a_plan_that_keeps_the_rules_has_no_best() -> None:
    problem = random_problem(4, 1, 3600, 0.3, seed=4, wanted=Wanted(duties=1))
    late = tuple(replace(one, opens_s=99_999, closes_s=99_999) for one in problem.commitments)
    table = activities_of(replace(problem, commitments=late), np.array([], dtype=int), {})
    assert search(routing_data(problem, table), Try(1, 50)).best is None
