"""Routes as people read them: where each team is when, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planner.allocate.answer.reasons import Reasons
from planner.allocate.answer.stakes import Stake, stakes_of
from planner.allocate.legs import Legs, whole_seconds
from planner.allocate.patrols.activities import COMMITMENT, MEAL
from planner.allocate.patrols.pool import metres_of
from planner.allocate.patrols.timing import Step, Tour
from planner.allocate.plan import PointPair, Route, Stop, StopKind
from planner.allocate.question.question import Question
from planner.clock import Shift, after
from planner.geo import degree_pairs

TOGETHER_S = 60


@dataclass(frozen=True)
class Answered:
    """A question and the tours that answer it.

    Attributes
    ----------
    question
        What was asked.
    tours
        What each team does.
    reasons
        Why patrols stop where.
    """

    question: Question
    tours: tuple[Tour, ...]
    reasons: Reasons


def routes_of(answered: Answered) -> tuple[Route, ...]:
    """Write out each team's route, in the order of the teams."""
    stakes = stakes_of(answered.question.problem, answered.tours)
    return tuple(
        _route(answered, tour, stakes[number]) for number, tour in enumerate(answered.tours)
    )


def _route(answered: Answered, tour: Tour, stakes: Sequence[Stake]) -> Route:
    question = answered.question
    problem, shift = question.problem, question.shift
    team = problem.teams[tour.team]
    start, finish = question.teams.posts[tour.team]
    legs = problem.journeys[team.mode]
    return Route(
        team=team.name,
        start=start.name,
        finish=finish.name,
        starts_at=_moment(shift, tour.starts_s),
        ends_at=_moment(shift, tour.ends_s),
        length_m=round(metres_of(problem, tour), 1),
        stops=tuple(
            _stop(answered, tour, step, stake)
            for step, stake in zip(tour.steps, stakes, strict=True)
        ),
        path=_path(legs, _in_order(team.start, tour.steps, team.finish), question),
        mode=question.teams.modes[team.mode].name,
        officers=team.officers,
        check_ins=_check_ins(answered, tour),
    )


def _in_order(start: int, steps: Sequence[Step], finish: int) -> list[int]:
    """Return the places of a tour in order, both ends of escorts among them."""
    places = [start]
    for step in steps:
        places += [step.place] if step.place == step.leaves else [step.place, step.leaves]
    return [*places, finish]


def _stop(answered: Answered, tour: Tour, step: Step, stake: Stake) -> Stop:
    question = answered.question
    estate, shift = question.picture.estate, question.shift
    place = question.places[step.place]
    longitude, latitude = degree_pairs(place.point[None, :], estate.crs)[0]
    end = question.places[step.leaves]
    escort = step.leaves != step.place
    ends = degree_pairs(end.point[None, :], estate.crs)[0] if escort else (None, None)
    visit = step.zone >= 0
    reasons = answered.reasons
    return Stop(
        zone=str(estate.zones["zone"].iloc[step.zone]) if visit else "",
        name=_name(question, step),
        longitude=longitude,
        latitude=latitude,
        arrive=_moment(shift, step.arrive_s),
        leave=_moment(shift, step.leave_s),
        risk=stake.covers,
        why=_why(answered, step),
        kind=kind_of(question, step),
        key=question.problem.commitments[step.source].key if step.kind == COMMITMENT else "",
        rank=stake.rank,
        made_of=reasons.parts(step.zone, step.arrive_s) if visit else (),
        detour_minutes=round(stake.detour_s / 60, 1),
        lost_without=stake.lost if visit else None,
        with_team=_with_team(answered, tour, step),
        to_name=end.name if escort else "",
        to_longitude=ends[0],
        to_latitude=ends[1],
    )


def kind_of(question: Question, step: Step) -> StopKind:
    """Say what a step is."""
    if step.kind == MEAL:
        return "meal"
    if step.kind == COMMITMENT:
        if step.zone >= 0:
            return "must-visit"
        key = question.problem.commitments[step.source].key
        return "call" if key.startswith("incident") else "duty"
    return "visit"


def _name(question: Question, step: Step) -> str:
    if step.kind == MEAL:
        return f"Meal break, {question.places[step.place].name}"
    if step.kind == COMMITMENT and step.zone < 0:
        return question.problem.commitments[step.source].name
    return str(question.picture.estate.zones["name"].iloc[step.zone])


def _why(answered: Answered, step: Step) -> str:
    question = answered.question
    if step.kind == MEAL:
        return "The team's break."
    if step.kind == COMMITMENT:
        one = question.problem.commitments[step.source]
        window = (
            f"{after(question.shift.starts_at, one.opens_s):%H:%M} and "
            f"{after(question.shift.starts_at, one.closes_s + one.service_s):%H:%M}"
        )
        note = question.note_of(one.key)
        if step.zone < 0:
            return f"To be done between {window}. {note}".strip()
        asked = f"Must be visited between {window}. {note}".strip()
        return f"{asked} {answered.reasons.sentence(step)}"
    return answered.reasons.sentence(step)


def _with_team(answered: Answered, tour: Tour, step: Step) -> str:
    """Name the team that does the same at the same time."""
    for other in answered.tours:
        if other.team != tour.team and any(
            one.kind == step.kind
            and one.source == step.source
            and one.kind != MEAL
            and abs(one.arrive_s - step.arrive_s) < TOGETHER_S
            for one in other.steps
        ):
            return answered.question.problem.teams[other.team].name
    return ""


def _check_ins(answered: Answered, tour: Tour) -> tuple[str, ...]:
    """Return when a team is to call in: every so often while it is out."""
    every = whole_seconds(answered.question.scenario.safety.check_in_minutes)
    times = np.arange(tour.starts_s + every, tour.ends_s, every)
    return tuple(_moment(answered.question.shift, float(at)) for at in times)


def _moment(shift: Shift, seconds: float) -> str:
    return after(shift.starts_at, seconds).isoformat(timespec="seconds")


def _path(legs: Legs, places: Sequence[int], question: Question) -> tuple[PointPair, ...]:
    points = np.concatenate([legs.way(*pair) for pair in pairwise(places)])
    moved = np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])
    return degree_pairs(points[moved], question.picture.estate.crs)
