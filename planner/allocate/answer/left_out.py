"""The zones of highest risk that have no visit: why, and what forcing one in would cost."""

from dataclasses import replace

import numpy as np

from planner.allocate.patrols.activities import COMMITMENT, MEAL, VISIT, Activity
from planner.allocate.patrols.options import Options
from planner.allocate.patrols.pool import cover_of
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.timing import Timetable, Tour
from planner.allocate.plan import LeftOut
from planner.allocate.question.question import Question, closed_zones

ZONES = 5
# Of the highest-ranked zones, how many are looked through for those without a visit.
TOP = 20
MOST_REPLACED = 3


def left_out(question: Question, tours: tuple[Tour, ...]) -> tuple[LeftOut, ...]:
    """List the highest of the top zones that have no visit in a plan."""
    need = question.need.aim.sum(axis=1)
    seen = {step.zone for tour in tours for step in tour.visits}
    seen |= set(question.problem.made.zone.tolist())
    order = [int(zone) for zone in np.argsort(-need, kind="stable")[:TOP] if need[zone] > 0]
    ranks = {zone: rank for rank, zone in enumerate(order, start=1)}
    missing = [zone for zone in order if zone not in seen][:ZONES]
    closed = closed_zones(question.picture, question.scenario)
    return tuple(_left_out(question, tours, zone, ranks[zone], closed) for zone in missing)


def _left_out(
    question: Question, tours: tuple[Tour, ...], zone: int, rank: int, closed: np.ndarray
) -> LeftOut:
    estate = question.picture.estate
    why, cost = _why(question, tours, zone, closed)
    return LeftOut(
        zone=str(estate.zones["zone"].iloc[zone]),
        name=str(estate.zones["name"].iloc[zone]),
        rank=rank,
        expected=float(question.need.aim[zone].sum()),
        why=why,
        cost=cost,
    )


def _why(
    question: Question, tours: tuple[Tour, ...], zone: int, closed: np.ndarray
) -> tuple[str, float | None]:
    problem = question.problem
    if closed[zone]:
        return "No team is to enter it (patrols.no_go).", None
    if not question.walking.stops.reachable[zone]:
        return "No street that is open in this shift is near it.", None
    rows = np.flatnonzero(problem.options.zone == zone)
    if not len(rows):
        return "It was seen too short a time ago, or the shift is too short for a visit.", None
    if not any(problem.teams[mine].officers >= problem.options.officers[row]
               for row in rows for mine in range(len(problem.teams))):  # fmt: skip
        return "After dark no single officer may go there, and no team has two.", None
    if (problem.options.together[rows] > 1).all():
        return "It takes two teams at once, who cover more apart.", None
    cost = cost_of_forcing(problem, tours, rows)
    if cost is None:
        return "No way was found to fit it in, even in the place of three other visits.", None
    return "The way to it and the stay cover more elsewhere.", cost


def cost_of_forcing(problem: Problem, tours: tuple[Tour, ...], options: np.ndarray) -> float | None:
    """Return what a plan covers less, at most, if one of some visits is put into it.

    The visit is added, or takes the place of up to three others in a row, wherever that loses
    least; more changes might lose less. None where it fits nowhere.
    """
    timetable = Timetable.of(problem)
    whole = cover_of(problem, tours)
    best: float | None = None
    for row in options.tolist():
        forced = _as_activity(problem.options, row, problem)
        for number, tour in enumerate(tours):
            if problem.teams[tour.team].officers < problem.options.officers[row]:
                continue
            for doing in _with(
                forced, [_again(problem, tour, at) for at in range(len(tour.steps))]
            ):
                changed = timetable.timed(problem, tour.team, doing)
                if changed is None:
                    continue
                others = (*tours[:number], changed, *tours[number + 1 :])
                loss = whole - cover_of(problem, others)
                best = loss if best is None else min(best, loss)
    return None if best is None else max(0.0, best)


def _with(forced: Activity, doing: list[Activity]) -> list[list[Activity]]:
    """List the ways to put a visit in: between two activities, or in the place of visits."""
    return [
        [*doing[:at], forced, *doing[at + many :]]
        for many in range(MOST_REPLACED + 1)
        for at in range(len(doing) + 1 - many)
        if all(one.kind == VISIT for one in doing[at : at + many])
    ]


def _as_activity(options: Options, row: int, problem: Problem) -> Activity:
    dwell = int(options.dwell_s[row])
    place = int(options.place[row])
    takes = int(np.ceil(dwell / (1 - problem.reserve) - 1e-9))
    return Activity(
        VISIT, row, place, place, int(options.opens[row]), int(options.closes[row]), dwell, takes,
        (), zone=int(options.zone[row]),
    )  # fmt: skip


def _again(problem: Problem, tour: Tour, at: int) -> Activity:
    """Return a step of a tour as the activity that it was; who waits for a team keeps its time."""
    step = tour.steps[at]
    if step.kind == VISIT:
        again = _as_activity(problem.options, step.source, problem)
        if problem.options.together[step.source] > 1:
            return replace(again, opens=step.arrive_s, closes=step.arrive_s)
        return again
    opens, closes = step.arrive_s, step.arrive_s
    if step.kind == COMMITMENT and problem.commitments[step.source].together < 2:
        one = problem.commitments[step.source]
        opens, closes = one.opens_s, one.closes_s
    meal = problem.teams[tour.team].meal
    if step.kind == MEAL and meal is not None:
        opens, closes = meal.opens_s, meal.closes_s
    stay = step.leave_s - step.arrive_s
    return Activity(
        step.kind, step.source, step.place, step.leaves, opens, closes, stay, stay, (),
        zone=step.zone,
    )  # fmt: skip
