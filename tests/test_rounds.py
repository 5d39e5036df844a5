"""Rounds of search and packing: what is packed again is never worse, and ends when it is told."""

from dataclasses import replace

import numpy as np
import pytest
from patrol_problems import Wanted, random_problem

from planner.allocate.patrols.activities import activities_of
from planner.allocate.patrols.goals import goal_of
from planner.allocate.patrols.rounds import Effort, Patrols, as_found, best_of_rounds
from planner.allocate.patrols.routing import Aim


def planned(seed: int, packings: int, seconds: float | None = None) -> Patrols | None:
    """Plan a night of random zones and duties."""
    problem = random_problem(25, 2, 8 * 3600, 0.3, seed, wanted=Wanted(duties=3))
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    effort = Effort(seed, 2, 10, seconds, packings)
    return best_of_rounds(problem, activities, effort, goal_of(problem))


def test_a_plan_that_is_packed_again_is_never_worse_and_sometimes_better() -> None:
    gained = []
    for seed in range(6):
        once, often = planned(seed, 1), planned(seed, 8)
        assert (once is None) == (often is None)
        if once is not None and often is not None:
            gained.append(often.value - once.value)
    assert min(gained) >= -1e-12
    assert max(gained) > 0


def test_the_same_seed_gives_the_same_plan_though_searches_run_beside_the_packing() -> None:
    first, second = planned(2, 3), planned(2, 3)
    assert first is not None
    assert second is not None
    assert first.tours == second.tours


def test_an_effort_of_seconds_finds_a_plan_and_names_its_rule() -> None:
    found = planned(1, 8, seconds=0.5)
    assert found is not None
    assert found.value > 0
    assert found.stopped_by == "0.5 seconds"


@pytest.mark.parametrize("seed", range(4))
def test_a_known_plan_whose_visits_are_grouped_otherwise_now_can_be_begun_with(seed: int) -> None:
    problem = random_problem(6, 2, 8 * 3600, 0.0, seed)
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    effort = Effort(seed, 2, 60)
    free = best_of_rounds(problem, activities, effort, goal_of(problem))
    assert free is not None
    plan = as_found(free)
    visited = [activities[row].zone for _, rows in plan for row in rows]
    assert len(set(visited)) < len(visited)
    once = replace(goal_of(problem), aim=Aim(once=True))
    grouped = best_of_rounds(problem, activities, effort, once, plan)
    again = best_of_rounds(problem, activities, effort, goal_of(problem), [*plan, *plan])
    assert grouped is not None
    assert again is not None
    # What is known is never lost.
    assert grouped.value >= free.value - 1e-9
