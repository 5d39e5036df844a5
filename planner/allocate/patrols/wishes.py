"""Demands that may be left undone: as many as can be are done before the rest is planned.

A search that goes for everything at once seldom finds room for a far demand between near visits:
several of these would have to go for it at the same time. So a part of the effort goes into a
plan of the demands alone. What it does, the rest of the search must keep, as it must all demands
where none may be left; what it leaves stays a wish.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.allocate.patrols.activities import MEAL, VISIT, Activity
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.rounds import Effort, Goal, Patrols, as_found, best_of_rounds
from planner.allocate.patrols.routing import Aim, Route_

# What part of the search is for the demands alone.
ALONE = 0.25


def best_with_wishes(
    problem: Problem,
    activities: tuple[Activity, ...],
    effort: Effort,
    goal: Goal,
    plan: Sequence[Route_] = (),
) -> Patrols | None:
    """Search as :func:`planner.allocate.patrols.rounds.best_of_rounds`, for what is wished first.

    Parameters
    ----------
    problem, activities
        The problem, and what routes can hold.
    effort
        How long to search.
    goal
        What for, once it is known what is done of the demands.
    plan
        The routes of a plan that is known already.
    """
    alone = replace(goal, aim=Aim(np.zeros(len(activities))))
    little = replace(effort.share(ALONE), packings=1)
    first = best_of_rounds(problem, activities, little, alone, plan)
    rest = effort.share(1 - ALONE)
    if first is None:
        whole = best_of_rounds(problem, activities, rest, goal, plan)
    else:
        kept = _kept(activities, first)
        whole = best_of_rounds(problem, kept, rest, goal, as_found(first), plan) or first
    return whole and replace(whole, activities=activities, stopped_by=effort.words())


def wishes_met(solved: Patrols) -> int:
    """Count the wishes that a plan meets."""
    return len(_held(solved.activities, solved))


def _held(activities: Sequence[Activity], solved: Patrols) -> list[Activity]:
    rows = (row for at in solved.chosen for row in solved.pool.routes[at].rows)
    return [activities[row] for row in rows if activities[row].wished]


def _kept(activities: Sequence[Activity], solved: Patrols) -> tuple[Activity, ...]:
    """Demand what a plan does of the wishes."""
    held = _held(activities, solved)
    groups = {one.group for one in held if one.kind == VISIT}
    done = {(one.kind, one.source) for one in held if one.kind not in (VISIT, MEAL)}
    # Meals of a kind of team are all alike: they are demanded where all of them are taken.
    meals = Counter(one.source for one in activities if one.kind == MEAL)
    taken = Counter(one.source for one in held if one.kind == MEAL)
    done |= {(MEAL, kind) for kind, count in meals.items() if taken[kind] == count}
    return tuple(
        replace(one, wished=False, required=one.kind != VISIT)
        if one.wished and (one.group in groups if one.kind == VISIT
                           else (one.kind, one.source) in done)
        else one
        for one in activities
    )  # fmt: skip
