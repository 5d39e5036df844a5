"""Many good plans for the same night: each keeps the rules, and covers enough."""

from dataclasses import replace

import pytest
from patrol_problems import Wanted, random_problem
from patrol_rules import broken_rules

from planner.allocate.patrols.pool import cover_of
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols
from planner.allocate.patrols.variety import night_plans

HOUR = 3600
QUICK = Effort(seed=1, tries=2, iterations=60)


@pytest.mark.parametrize("seed", [3, 9, 22])
@pytest.mark.parametrize("wishes", [False, True])
def test_every_plan_keeps_the_rules_also_where_teams_take_meals(seed: int, wishes: bool) -> None:
    wanted = Wanted(duties=3, meals=True)
    problem = random_problem(14, 2, 6 * HOUR, 0.3, seed, wanted=wanted, wishes=wishes)
    best = solve_patrols(problem, QUICK)
    nights = night_plans(problem, best, QUICK, 8, 0.8)
    assert nights[0].tours == best.tours
    assert len({night.tours for night in nights}) == len(nights) > 1
    for night in nights:
        assert broken_rules(problem, night.tours, HOUR) == []
        assert night.cover == pytest.approx(cover_of(problem, night.tours))
        assert night.cover >= 0.8 * best.value
    assert night_plans(problem, best, QUICK, 8, 0.8) == nights


def test_nothing_to_do_is_one_plan() -> None:
    problem = random_problem(3, 1, 600, 0.4, seed=1, side_m=9_000.0)
    best = replace(solve_patrols(problem, QUICK), tours=())
    assert [night.tours for night in night_plans(problem, best, QUICK, 8, 0.8)] == [()]
