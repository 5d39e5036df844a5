"""What a team should do next from where it is now: the three best visits, and the next duty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.allocate.patrols.activities import COMMITMENT, MEAL
from planner.allocate.patrols.pool import added_by
from planner.allocate.patrols.timing import Step, Tour
from planner.allocate.question.question import Question

BEST = 3


@dataclass(frozen=True)
class NextVisit:
    """A visit that a team could make next.

    Attributes
    ----------
    zone
        Its row.
    arrive_s, leave_s
        When, in seconds after the start of the shift.
    adds
        What it covers that no other visit does.
    a_minute
        The same by the minute of way and stay.
    """

    zone: int
    arrive_s: int
    leave_s: int
    adds: float
    a_minute: float


def next_visits(
    question: Question,
    tours: Sequence[Tour],
    team: int,
    place: int,
    now_s: int,
    best: int = BEST,
) -> tuple[NextVisit, ...]:
    """Rank the visits that a team can make now and still be in time for what it must do next.

    Parameters
    ----------
    question, tours
        What was asked, and the plan: visits that other teams are still to make are counted.
    team, place, now_s
        Row of the team, row of the place where it is, and the moment.
    best
        How many to give.
    """
    problem, options = question.problem, question.problem.options
    who = problem.teams[team]
    seconds = problem.journeys[who.mode].seconds
    arrive = now_s + seconds[place, options.place]
    leave = arrive + options.dwell_s
    due, due_place = _due(question, tours, team, now_s)
    possible = (
        (arrive >= options.opens)
        & (arrive <= options.closes)
        & (leave + seconds[options.place, due_place] <= due)
        & (options.officers <= who.officers)
        & (options.together < 2)
    )
    rows = np.flatnonzero(possible)
    if not len(rows) or problem.worth is None:
        return ()
    others = _planned(tours, team, now_s)
    adds = _adds(question, rows, arrive[rows], leave[rows], others)
    a_minute = adds / np.maximum((leave[rows] - now_s) / 60, 1 / 60)
    order = [int(at) for at in np.argsort(-a_minute, kind="stable") if adds[at] > 0]
    return tuple(
        NextVisit(
            int(options.zone[rows[at]]), int(arrive[rows[at]]), int(leave[rows[at]]),
            float(adds[at]), float(a_minute[at]),
        )
        for at in order[:best]
    )  # fmt: skip


def _due(question: Question, tours: Sequence[Tour], team: int, now_s: int) -> tuple[int, int]:
    """Return by when, and where, a team must be for what it must do next."""
    who = question.problem.teams[team]
    for tour in tours:
        if tour.team == team:
            for step in tour.steps:
                if step.kind in (COMMITMENT, MEAL) and step.arrive_s > now_s:
                    return step.arrive_s, step.place
    return who.until_s, who.finish


def _planned(tours: Sequence[Tour], team: int, now_s: int) -> list[Step]:
    """Return the visits that were made, and those that other teams are still to make."""
    return [
        step
        for tour in tours
        for step in tour.visits
        if tour.team != team or step.arrive_s <= now_s
    ]


def _adds(
    question: Question,
    rows: np.ndarray,
    arrive: np.ndarray,
    leave: np.ndarray,
    others: Sequence[Step],
) -> np.ndarray:
    """Return what each visit would add to the others, shape (n,)."""
    problem = question.problem
    if problem.worth is None:
        return np.zeros(len(rows))
    zones = problem.options.zone[rows].tolist()
    new = [
        Step("visit", int(row), int(zone), 0, 0, int(begin), int(end))
        for row, zone, begin, end in zip(rows, zones, arrive, leave, strict=True)
    ]
    steps: list[Step] = []
    owner: list[int] = []
    for number, step in enumerate(new):
        mine = [step, *(other for other in others if other.zone == step.zone)]
        steps += mine
        owner += [number] * len(mine)
    with_new = _total(question, owner, steps, len(new))
    rest = [at for at, (step, who) in enumerate(zip(steps, owner, strict=True)) if
            step is not new[who]]  # fmt: skip
    without = _total(question, [owner[at] for at in rest], [steps[at] for at in rest], len(new))
    adds: np.ndarray = np.maximum(with_new - without, 0.0)
    return adds


def _total(
    question: Question, owner: Sequence[int], steps: Sequence[Step], count: int
) -> np.ndarray:
    worth = question.problem.worth
    if not steps or worth is None:
        return np.zeros(count)
    adds = added_by(question.problem, worth, np.array(owner), steps)
    total: np.ndarray = np.bincount(owner, adds, minlength=count)
    return total
