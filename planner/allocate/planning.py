"""From a picture and a scenario to a plan."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner import __version__
from planner.allocate import baselines
from planner.allocate.answer.notes import (
    baseline_notes,
    estate_note,
    hotspot_notes,
    picture_note,
    risk_note,
    shift_note,
)
from planner.allocate.answer.reasons import Reasons
from planner.allocate.answer.warnings import plan_warnings
from planner.allocate.audience import seen_by
from planner.allocate.camera_plan import cameras_plan, deploy_for, random_choice
from planner.allocate.cameras.study import Study
from planner.allocate.events import event_words, with_events
from planner.allocate.intelligence_notes import intelligence_notes, intelligence_warnings
from planner.allocate.patrol_plan import Solved, patrols_plan, solve_question
from planner.allocate.plan import PatrolsPlan, Plan
from planner.allocate.question.question import Before, Question, ask, closed_zones
from planner.allocate.scenario import Scenario, resolve_shift
from planner.allocate.walking import far_warnings, gate_warnings, walking_in
from planner.clock import Shift
from planner.errors import NoIncidents, ScenarioError
from planner.insight.hotspots import find_hotspots
from planner.insight.intelligence import Effects, apply_intelligence
from planner.insight.risk.forecast import shift_risk
from planner.insight.risk.model import Risk
from planner.picture import Picture


def make_plan(picture: Picture, scenario: Scenario, recording_places: int = 0) -> Plan:
    """Plan a shift.

    Parameters
    ----------
    recording_places
        How many places look like recording desks and are undecided: the plan warns of them.

    Raises
    ------
    ScenarioError
        If the scenario asks for what the estate does not have, a shift shorter than a stop, or an
        audience that the settings don't know.
    Infeasible
        If its demands can't all be met.
    NoIncidents
        If no incident lies on the estate.
    """
    # First of all: nothing that the audience may not see takes part in what follows.
    picture = seen_by(picture, scenario)
    asked = question_of(picture, scenario)
    solved = solve_question(asked.question, asked.reasons)
    patrols = patrols_plan(solved)
    return plan_from(asked, solved, patrols, plan_id(picture, scenario), recording_places)


def plan_from(
    asked: "Asked", solved: Solved, patrols: PatrolsPlan, name: str, recording_places: int = 0
) -> Plan:
    """Put a plan together around its patrols: cameras, hotspots, comparisons, and what to know.

    Parameters
    ----------
    asked, solved, patrols
        What was asked, its solution, and the patrols that the plan is to have.
    name
        The plan's ``id``.
    recording_places
        As :func:`make_plan` takes it.
    """
    question, effects = asked.question, asked.effects
    picture, scenario = question.picture, question.scenario
    risk, shift = question.risk, question.shift
    deployment = deploy_for(Study(picture, risk), scenario)
    cameras, camera_draws = (
        cameras_plan(deployment),
        random_choice(deployment, scenario.solver.seed),
    )
    spots = find_hotspots(
        picture.on_estate, picture.periods, picture.estate, picture.settings.time_zone
    )
    draws = baselines.random_patrols(question.problem, scenario.solver.seed)
    return Plan(
        id=name,
        version=__version__,
        estate=estate_note(picture),
        picture=picture_note(picture),
        scenario=scenario,
        shift=shift_note(picture, shift),
        patrols=patrols,
        cameras=cameras,
        baselines=baseline_notes(draws, camera_draws, solved.bound, question.need.total, cameras),
        hotspots=hotspot_notes(spots, picture.estate.crs),
        risk=risk_note(picture, risk, question.walking.stops.reachable),
        intelligence=intelligence_notes(picture, effects),
        warnings=(
            *event_words(scenario),
            *intelligence_warnings(scenario, effects),
            *plan_warnings(picture, scenario, shift, risk, len(patrols.routes), recording_places),
            *gate_warnings(picture.estate, question.walking),
            *far_warnings(picture.estate),
        ),
    )


@dataclass(frozen=True)
class Asked:
    """A question, what graded entries do to its risk, and the reasons for its answers."""

    question: Question
    reasons: Reasons
    effects: Effects


def question_of(
    picture: Picture,
    scenario: Scenario,
    before: Before | None = None,
    in_view: np.ndarray | None = None,
) -> Asked:
    """Set out the patrol problem of a scenario.

    Parameters
    ----------
    picture
        As the scenario's audience may see it.
    scenario
        The scenario.
    before
        What is known of the time before.
    in_view
        The share of each zone's risk that cameras see in the shift, shape (z,); that of the
        cameras that stand and work if None.

    Raises
    ------
    ScenarioError, Infeasible, NoIncidents
        As :func:`make_plan`.
    """
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    _check_length(shift, scenario)
    walking = walking_in(picture, shift, closed_zones(picture, scenario))
    plain, risk, effects = _risk(picture, scenario, shift)
    question = ask(picture, scenario, shift, risk, walking, before, in_view)
    return Asked(question, Reasons(question, plain, effects), effects)


def plan_for_audience(
    picture: Picture, plan: Plan, audience: str, recording_places: int = 0
) -> Plan:
    """Return the plan of the same scenario for another audience, such as the print's.

    Where both may see the same entries, what the plan holds is the same and only renamed; else it
    is made anew, from what that audience may see.

    Parameters
    ----------
    picture
        What the plan was made from, unfiltered.
    plan
        The plan that is there.
    audience
        By a name of the settings.
    recording_places
        As the plan was made with: a warning that came or went would tell of an entry.

    Raises
    ------
    ScenarioError
        If the settings don't know the audience.
    """
    wanted = plan.scenario.model_copy(update={"audience": audience})
    ours, theirs = seen_by(picture, plan.scenario), seen_by(picture, wanted)
    if ours.intelligence != theirs.intelligence:
        return make_plan(picture, wanted, recording_places)
    return plan.model_copy(update={"id": plan_id(picture, wanted), "scenario": wanted})


def risk_of_shift(picture: Picture, scenario: Scenario, shift: Shift) -> Risk:
    """Return what is expected in a scenario's shift, entries of intelligence and events included.

    Raises
    ------
    ScenarioError
        If an event is at a place that the estate does not have.
    NoIncidents
        If no incident lies on the estate.
    """
    return _risk(picture, scenario, shift)[1]


def plan_id(picture: Picture, scenario: Scenario, earlier: Sequence[str] = ()) -> str:
    """Name a plan by what it is made from: picture as its audience sees it, scenario, version.

    ``earlier`` are the names of the plans that it was kept apart from.
    """
    fingerprint = seen_by(picture, scenario).fingerprint
    made_from = "\n".join((fingerprint, scenario.model_dump_json(), __version__, *earlier))
    return hashlib.sha256(made_from.encode()).hexdigest()[:16]


def _check_length(shift: Shift, scenario: Scenario) -> None:
    needed = scenario.patrols.dwell_minutes / (1 - scenario.patrols.reserve)
    if shift.seconds < needed * 60:
        raise ScenarioError(
            f"shift: {shift.starts_at:%H:%M} to {shift.ends_at:%H:%M} is {shift.seconds / 60:.0f} "
            f"minutes, and one stop needs {needed:.0f} (patrols.dwell_minutes over the share that "
            "patrols.reserve leaves); make the shift longer, or the stop or the reserve smaller."
        )


def _risk(picture: Picture, scenario: Scenario, shift: Shift) -> tuple[Risk, Risk, Effects]:
    if picture.on_estate.empty and picture.left_out:
        raise NoIncidents(
            "Every incident on the estate is left out by decision, so nothing can be forecast; "
            "decide otherwise with 'planner review --record KEY --weight keep'."
        )
    plain = with_events(shift_risk(picture.expectation, shift), scenario, picture.estate)
    risk, effects = apply_intelligence(
        plain, picture.intelligence, picture.estate, shift, picture.settings.intelligence,
        picture.on_estate,
    )  # fmt: skip
    return plain, risk, effects
