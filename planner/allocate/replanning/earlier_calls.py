"""Calls that a plan holds already, as demands at their own places: a second replan keeps them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from planner.allocate.legs import Place, legs_between
from planner.allocate.patrols.problem import Commitment
from planner.allocate.plan import Plan, Stop
from planner.allocate.question.places import Places
from planner.allocate.question.question import Question
from planner.clock import seconds_between

CALL_KEY = "incidents["


def is_call(commitment: Commitment) -> bool:
    """Tell whether a commitment is a call."""
    return commitment.key.startswith(CALL_KEY)


def with_places(question: Question, places: Sequence[Place]) -> Question:
    """Add places to a question, in the last rows of its places, and measure the ways anew."""
    if not places:
        return question
    every = (*question.places, *places)
    points, nodes = np.array([one.point for one in every]), np.array([one.node for one in every])
    streets, modes = question.walking.streets, question.teams.modes
    journeys = tuple(legs_between(streets, points, nodes, mode) for mode in modes)
    return replace(question, places=every, problem=replace(question.problem, journeys=journeys))


def with_earlier_calls(question: Question, plan: Plan) -> Question:
    """Add the calls of a plan to the question that it answers.

    Parameters
    ----------
    question
        What the plan's scenario asks, without calls.
    plan
        The plan; none of its calls is in the question if it was never made anew.

    Raises
    ------
    ScenarioError
        If a call lies far from every open street.
    """
    stops = [stop for route in plan.patrols.routes for stop in route.stops if stop.kind == "call"]
    count = len(question.places)
    on_streets = Places(question.picture.estate, question.walking)
    places = [on_streets.at((stop.longitude, stop.latitude), stop.key) for stop in stops]
    wider = with_places(question, places)
    calls = tuple(
        _commitment(question, stop, row) for row, stop in enumerate(stops, start=count)
    )  # fmt: skip
    commitments = (*wider.problem.commitments, *calls)
    return replace(wider, problem=replace(wider.problem, commitments=commitments))


def _commitment(question: Question, stop: Stop, place: int) -> Commitment:
    arrive, leave = (
        round(seconds_between(question.shift.starts_at, datetime.fromisoformat(moment)))
        for moment in (stop.arrive, stop.leave)
    )
    return Commitment(stop.key, stop.name, place, place, arrive, arrive, leave - arrive)
