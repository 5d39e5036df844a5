"""The routes that fit together best: the same as by trying every choice."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import random_problem

from planner.allocate.patrols.activities import COMMITMENT, MEAL, VISIT, Activity
from planner.allocate.patrols.packing import (
    Limit,
    Nearness,
    Packing,
    best_together,
    keeps_rules,
)
from planner.allocate.patrols.pool import Pooled
from planner.allocate.patrols.problem import Meal, Problem
from planner.allocate.patrols.timing import Tour

HOUR = 3600
# Two teams on foot and one that leaves late: two kinds.
LATE = 2


def three_teams(meals: bool) -> Problem:
    problem = random_problem(5, 3, 8 * HOUR, 0.3, seed=1)
    meal = Meal(0, HOUR, 4 * HOUR, 1800) if meals else None
    first, second, third = (replace(team, meal=meal) for team in problem.teams)
    return replace(problem, teams=(first, second, replace(third, from_s=600)))


def an_activity(kind: str, source: int, **changes: object) -> Activity:
    return replace(Activity(kind, source, 0, 0, 0, 9000, 900, 900, (True, True)), **changes)


def table_of(problem: Problem, wishes: bool, duties: int, groups: bool) -> tuple[Activity, ...]:
    """Six visits, of which 4 and 5 are two halves, then duties, then meals."""
    listed = [
        an_activity(VISIT, row, zone=row, group=0 if groups and row < 2 else -1,
                    wished=wishes and groups and row < 2)
        for row in range(4)
    ]  # fmt: skip
    listed += [an_activity(VISIT, 4, zone=4, partner=5), an_activity(VISIT, 4, zone=4, partner=4)]
    listed += [
        an_activity(COMMITMENT, row, required=not wishes, wished=wishes) for row in range(duties)
    ]
    if problem.teams[0].meal:
        of_two = an_activity(MEAL, 0, allowed=(True, False), required=not wishes, wished=wishes)
        listed += [of_two, of_two, replace(of_two, source=1, allowed=(False, True))]
    return tuple(listed)


def routes_of(
    problem: Problem, table: tuple[Activity, ...], generator: np.random.Generator
) -> tuple[Pooled, ...]:
    routes = []
    for _ in range(13):
        kind = int(generator.integers(len(problem.kinds)))
        rows = generator.permutation(6)[: generator.integers(0, 4)].tolist()
        # No route holds both halves, nor two of a group.
        for one, other in ((4, 5), (0, 1)):
            if {one, other} <= set(rows):
                rows.remove(other)
        rows += [row for row, one in enumerate(table) if one.kind == COMMITMENT
                 and generator.random() < 0.4]  # fmt: skip
        meals = [row for row, one in enumerate(table) if one.kind == MEAL and one.allowed[kind]]
        if meals and generator.random() < 0.9:
            rows.append(int(generator.choice(meals)))
        wishes = sum(table[row].wished for row in rows)
        routes.append(Pooled(kind, tuple(rows), lambda: Tour(0, (), 0, 0), 0.0, 0.0, wishes))
    return tuple(routes)


def fits(packing: Packing, chosen: tuple[int, ...]) -> bool:
    """Whether routes fit together, said without any model."""
    problem, table, pool = packing.problem, packing.activities, packing.pool
    routes = [pool[row] for row in chosen]
    for kind, teams in enumerate(problem.kinds):
        if sum(route.kind == kind for route in routes) > len(teams):
            return False
    held = [row for route in routes for row in route.rows if table[row].kind != MEAL]
    if len(held) != len(set(held)):
        return False
    if (4 in held) != (5 in held):
        return False
    wishes = any(one.wished for one in table)
    if not wishes and any(row not in held for row, one in enumerate(table) if one.kind ==
                          COMMITMENT):  # fmt: skip
        return False
    in_group = [row for row in held if table[row].group == 0]
    grouped = any(one.group == 0 for one in table)
    if (len(in_group) > 1 and grouped) or (grouped and not wishes and not in_group):
        return False
    for kind, teams in enumerate(problem.kinds):
        fed = sum(table[row].kind == MEAL and table[row].source == kind
                  for route in routes for row in route.rows)  # fmt: skip
        if fed > len(teams) or (problem.teams[0].meal and not wishes and fed < len(teams)):
            return False
    for limit in packing.limits:
        total = limit.weights[list(chosen)].sum()
        if total < limit.side - 1e-9 if limit.sense == ">=" else total > limit.side + 1e-9:
            return False
    return all(near.route not in chosen or set(near.others) & set(chosen) for near in packing.near)


def best_of_choices(packing: Packing, gains: np.ndarray) -> float | None:
    count = len(packing.pool)
    values = [
        float(gains[list(chosen)].sum())
        for size in range(min(3, count) + 1)
        for chosen in combinations(range(count), size)
        if fits(packing, chosen)
    ]
    return max(values, default=None)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 9999), st.booleans(), st.booleans(), st.integers(0, 2), st.booleans(),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_no_choice_that_keeps_the_rules_gains_more(
    seed: int, meals: bool, wishes: bool, duties: int, groups: bool, floor: bool, near: bool
) -> None:
    problem, generator = three_teams(meals), np.random.default_rng(seed)
    table = table_of(problem, wishes, duties, groups)
    pool = routes_of(problem, table, generator)
    gains = generator.uniform(0, 1, len(pool))
    second = (Limit(generator.uniform(0, 1, len(pool)), ">=", 0.9),) if floor else ()
    nearness = (Nearness(0, (1, 2)), Nearness(3, ())) if near else ()
    packing = Packing(problem, table, pool, second, nearness)
    best = best_of_choices(packing, gains)
    chosen = best_together(packing, gains)
    if best is None:
        assert chosen is None
        return
    assert chosen is not None
    assert fits(packing, chosen)
    assert keeps_rules(packing, chosen)
    assert gains[list(chosen)].sum() == pytest.approx(best, rel=1e-4)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 9999), st.booleans(), st.integers(0, 1))
def test_a_known_choice_is_never_made_worse(seed: int, meals: bool, duties: int) -> None:
    problem, generator = three_teams(meals), np.random.default_rng(seed)
    table = table_of(problem, False, duties, False)
    pool = routes_of(problem, table, generator)
    gains = generator.uniform(0, 1, len(pool))
    packing = Packing(problem, table, pool)
    for known in combinations(range(len(pool)), 3):
        assert keeps_rules(packing, known) == fits(packing, known)
        if fits(packing, known):
            chosen = best_together(packing, gains, known)
            assert chosen is not None
            assert gains[list(chosen)].sum() >= gains[list(known)].sum() - 1e-9
            return


def test_an_empty_pool_holds_only_the_empty_choice() -> None:
    problem = three_teams(meals=False)
    packing = Packing(problem, (), ())
    assert best_together(packing, np.array([]), ()) == ()
    assert best_together(packing, np.array([])) in (None, ())
