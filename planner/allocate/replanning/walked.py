"""What a plan had its teams do, read back from the plan, and what of it was done by a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from planner.allocate.patrols.activities import COMMITMENT, MEAL, VISIT
from planner.allocate.patrols.timing import Step, Tour
from planner.allocate.plan import Plan, Route, Stop
from planner.allocate.question.question import Question
from planner.allocate.replanning.earlier_calls import is_call
from planner.clock import seconds_between
from planner.errors import ScenarioError


@dataclass(frozen=True)
class Walked:
    """What one team has done by a moment.

    Attributes
    ----------
    team
        Its row.
    steps
        What it has done or is doing.
    left
        What it had still to do.
    place
        Row of the place where it is, or which it left last.
    free_s
        When it is free: the end of what it is doing, or the moment itself.
    """

    team: int
    steps: tuple[Step, ...]
    left: tuple[Step, ...]
    place: int
    free_s: int


def tours_of(question: Question, plan: Plan) -> tuple[Tour, ...]:
    """Read the tours of a plan back into numbers.

    Parameters
    ----------
    question
        What the plan answers, with the calls that it holds
        (:func:`planner.allocate.replanning.earlier_calls.with_earlier_calls`).
    plan
        The plan.

    Raises
    ------
    ScenarioError
        If the plan is of another shift or another estate than the question.
    """
    if plan.shift.starts_at != question.shift.starts_at.isoformat(timespec="seconds"):
        raise ScenarioError(
            f"The plan is for {plan.shift.starts_at}, and the question for "
            f"{question.shift.starts_at.isoformat(timespec='seconds')}; give the plan of the shift."
        )
    return tuple(_tour(question, route) for route in plan.patrols.routes)


def _tour(question: Question, route: Route) -> Tour:
    team = question.problem.team_named(route.team)
    if team is None:
        raise ScenarioError(f"The plan has a team '{route.team}', which its scenario has not.")
    steps = tuple(_step(question, team, stop) for stop in route.stops)
    return Tour(team, steps, _seconds(question, route.starts_at), _seconds(question, route.ends_at))


def _seconds(question: Question, moment: str) -> int:
    return round(seconds_between(question.shift.starts_at, datetime.fromisoformat(moment)))


def _step(question: Question, team: int, stop: Stop) -> Step:
    arrive, leave = _seconds(question, stop.arrive), _seconds(question, stop.leave)
    problem = question.problem
    if stop.kind == "meal":
        meal = problem.teams[team].meal
        if meal is None:
            raise _unknown(stop)
        kind = next(at for at, rows in enumerate(problem.kinds) if team in rows)
        return Step(MEAL, kind, -1, meal.place, meal.place, arrive, leave)
    if stop.key:
        row = next((at for at, one in enumerate(problem.commitments) if one.key == stop.key), None)
        if row is None:
            raise _unknown(stop)
        one = problem.commitments[row]
        return Step(COMMITMENT, row, one.zone, one.place, one.leaves, arrive, leave)
    zones = question.picture.estate.zones["zone"].to_numpy(dtype=object)
    zone = np.flatnonzero(zones == stop.zone)
    if not len(zone):
        raise _unknown(stop)
    return _visit(question, int(zone[0]), arrive, leave)


def _unknown(stop: Stop) -> ScenarioError:
    return ScenarioError(
        f"The plan holds '{stop.name}' at {stop.arrive}, which its scenario or this estate has "
        "not; give a plan that was made here, or plan the shift anew."
    )


def _visit(question: Question, zone: int, arrive: int, leave: int) -> Step:
    options = question.problem.options
    rows = np.flatnonzero(options.zone == zone)
    within = rows[(options.opens[rows] <= arrive) & (arrive <= options.closes[rows])]
    if not len(within):
        raise ScenarioError(
            "The plan holds a visit that its own scenario does not allow; it was changed, or made "
            "by another version. Plan the shift anew."
        )
    row = int(within[0])
    place = int(options.place[row])
    return Step(VISIT, row, zone, place, place, arrive, leave)


def walked_by(question: Question, tours: Sequence[Tour], now_s: int) -> tuple[Walked, ...]:
    """Return what each team has done by a moment, in the order of the teams."""
    by_team = {tour.team: tour for tour in tours}
    return tuple(
        _walked(question, row, by_team.get(row), now_s)
        for row in range(len(question.problem.teams))
    )


def _walked(question: Question, row: int, tour: Tour | None, now_s: int) -> Walked:
    team = question.problem.teams[row]
    if tour is None:
        return Walked(row, (), (), team.start, max(now_s, team.from_s))
    count = sum(step.arrive_s <= now_s for step in tour.steps)
    # Who was sent to a call goes there, whatever else comes in.
    commitments = question.problem.commitments
    calls = [
        number
        for number, step in enumerate(tour.steps, start=1)
        if step.kind == COMMITMENT and is_call(commitments[step.source])
    ]
    count = max([count, *calls])
    done, left = tour.steps[:count], tour.steps[count:]
    if not done:
        return Walked(row, (), left, team.start, max(now_s, team.from_s))
    return Walked(row, done, left, done[-1].leaves, max(now_s, done[-1].leave_s, team.from_s))
