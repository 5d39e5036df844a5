"""What hangs on each stop of a plan: what it covers, what is lost without it, and its detour."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.allocate.patrols.activities import VISIT
from planner.allocate.patrols.pool import added_by
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.timing import Step, Tour


@dataclass(frozen=True)
class Stake:
    """What hangs on one stop.

    Attributes
    ----------
    covers
        Expected incidents that it covers, after the visits to the same zone before it.
    lost
        What the whole plan would cover less without it.
    detour_s
        How much sooner the team would be through without it, in seconds.
    rank
        Of a visit among those between the same two commitments, 1 for the one that loses most;
        None for what is no visit to choose.
    """

    covers: float
    lost: float
    detour_s: int
    rank: int | None


def stakes_of(problem: Problem, tours: Sequence[Tour]) -> tuple[tuple[Stake, ...], ...]:
    """Return what hangs on each step of each tour."""
    steps = [step for tour in tours for step in tour.steps]
    covers, lost = _covers(problem, steps), _lost(problem, steps)
    found: list[tuple[Stake, ...]] = []
    at = 0
    for tour in tours:
        mine = slice(at, at + len(tour.steps))
        ranks = _ranks(tour.steps, lost[mine])
        detours = _detours(problem, tour)
        found.append(
            tuple(
                Stake(float(cover), float(loss), detour, rank)
                for cover, loss, detour, rank in zip(
                    covers[mine], lost[mine], detours, ranks, strict=True
                )
            )
        )
        at += len(tour.steps)
    return tuple(found)


def _covers(problem: Problem, steps: Sequence[Step]) -> np.ndarray:
    """Return what each step covers, shape (n,); what two teams do together, the first covers."""
    covers = np.zeros(len(steps))
    rows = [row for row, step in enumerate(steps) if step.zone >= 0]
    if not rows:
        return covers
    visits = [steps[row] for row in rows]
    if problem.worth is None:
        covers[rows] = [
            problem.options.worth[step.source] if step.kind == VISIT else 0.0 for step in visits
        ]
    else:
        covers[rows] = added_by(problem, problem.worth, np.zeros(len(rows), dtype=int), visits)
    return covers


def _lost(problem: Problem, steps: Sequence[Step]) -> np.ndarray:
    """Return what the plan covers less without each step, shape (n,)."""
    rows = [row for row, step in enumerate(steps) if step.zone >= 0]
    lost = np.zeros(len(steps))
    if not rows or problem.worth is None:
        return _covers(problem, steps) if rows else lost
    visits = [steps[row] for row in rows]
    count = len(visits)
    # The n-th plan is the whole one without its n-th visit; the last is the whole one.
    owner, kept = np.divmod(np.arange((count + 1) * count), count)
    there = owner != kept
    adds = added_by(problem, problem.worth, owner[there], [visits[row] for row in kept[there]])
    totals = np.bincount(owner[there], adds, minlength=count + 1)
    lost[rows] = np.maximum(totals[count] - totals[:count], 0.0)
    return lost


def _ranks(steps: Sequence[Step], lost: np.ndarray) -> list[int | None]:
    """Rank the visits between two commitments, by what would be lost."""
    ranks: list[int | None] = [None] * len(steps)
    gap: list[int] = []
    for row, step in [*enumerate(steps), (len(steps), None)]:
        if step is not None and step.kind == VISIT:
            gap.append(row)
            continue
        for place, mine in enumerate(sorted(gap, key=lambda one: -lost[one]), start=1):
            ranks[mine] = place
        gap = []
    return ranks


def _detours(problem: Problem, tour: Tour) -> list[int]:
    """Return the seconds that each step takes with the way to it and on, less the way without."""
    team = problem.teams[tour.team]
    seconds = problem.journeys[team.mode].seconds
    leaves = [team.start, *(step.leaves for step in tour.steps)]
    places = [*(step.place for step in tour.steps), team.finish]
    return [
        int(
            seconds[leaves[row], step.place]
            + (step.leave_s - step.arrive_s)
            + seconds[step.leaves, places[row + 1]]
            - seconds[leaves[row], places[row + 1]]
        )
        for row, step in enumerate(tour.steps)
    ]
