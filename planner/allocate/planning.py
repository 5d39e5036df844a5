"""From a picture and a scenario to a plan."""

import hashlib

import numpy as np
import shapely

from planner import __version__
from planner.allocate import baselines
from planner.allocate.audience import seen_by
from planner.allocate.camera_plan import plan_cameras
from planner.allocate.intelligence_notes import intelligence_notes, intelligence_warnings
from planner.allocate.legs import Place, legs_between, place_at, whole_seconds
from planner.allocate.patrol_bound import upper_bound
from planner.allocate.patrols import FIRST_STOP, Effort, Patrols, Problem, solve_patrols
from planner.allocate.plan import PatrolsPlan, Plan, gap_between
from planner.allocate.plan_parts import (
    Answered,
    baseline_notes,
    estate_note,
    hotspot_notes,
    picture_note,
    risk_note,
    routes_of,
    shift_note,
)
from planner.allocate.reasons import plan_warnings
from planner.allocate.scenario import Scenario, resolve_shift
from planner.allocate.visits import visit_options
from planner.allocate.walking import Walking, far_warnings, gate_warnings, walking_in
from planner.clock import Shift
from planner.errors import EstateError, Infeasible, NoIncidents, ScenarioError
from planner.estate.names import UnknownName, find_shape, zone_row
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
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    _check_length(shift, scenario)
    walking = walking_in(picture, shift)
    posts = _posts(picture, scenario, walking)
    risk, effects = _risk(picture, shift)
    problem = _problem(picture, scenario, shift, risk, posts, walking)
    solved = _solved(problem, scenario)
    bound = max(upper_bound(problem), solved.value)
    cameras, camera_draws = plan_cameras(picture, risk, scenario)
    spots = find_hotspots(
        picture.on_estate, picture.periods, picture.estate, picture.settings.time_zone
    )
    total = float(risk.expected.sum())
    routes = routes_of(Answered(picture, shift, risk, problem, posts, solved.tours, effects))
    draws = baselines.random_patrols(problem, scenario.solver.seed)
    return Plan(
        id=plan_id(picture, scenario),
        version=__version__,
        estate=estate_note(picture),
        picture=picture_note(picture),
        scenario=scenario,
        shift=shift_note(picture, shift),
        patrols=PatrolsPlan(
            routes=routes,
            risk_covered=solved.value / total,
            bound=bound / total,
            gap=gap_between(solved.value, bound),
            stopped_by=solved.stopped_by,
        ),
        cameras=cameras,
        baselines=baseline_notes(draws, camera_draws, bound, total, cameras),
        hotspots=hotspot_notes(spots, picture.estate.crs),
        risk=risk_note(picture, risk, walking.stops.reachable),
        intelligence=intelligence_notes(picture, effects),
        warnings=(
            *intelligence_warnings(scenario, effects),
            *plan_warnings(picture, scenario, shift, risk, len(routes), recording_places),
            *gate_warnings(picture.estate, walking),
            *far_warnings(picture.estate),
        ),
    )


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


def plan_id(picture: Picture, scenario: Scenario) -> str:
    """Name a plan by what it is made from: picture as its audience sees it, scenario, version."""
    fingerprint = seen_by(picture, scenario).fingerprint
    made_from = f"{fingerprint}\n{scenario.model_dump_json()}\n{__version__}"
    return hashlib.sha256(made_from.encode()).hexdigest()[:16]


def _solved(problem: Problem, scenario: Scenario) -> Patrols:
    try:
        return solve_patrols(problem, _effort(scenario))
    except Infeasible as error:
        asked = ", ".join(scenario.patrols.minimum_visits)
        raise Infeasible(f"{error} Asked for: {asked}.") from error


def _effort(scenario: Scenario) -> Effort:
    wanted = scenario.solver
    return Effort(wanted.seed, wanted.tries, wanted.iterations, wanted.seconds)


def _check_length(shift: Shift, scenario: Scenario) -> None:
    needed = scenario.patrols.dwell_minutes / (1 - scenario.patrols.reserve)
    if shift.seconds < needed * 60:
        raise ScenarioError(
            f"shift: {shift.starts_at:%H:%M} to {shift.ends_at:%H:%M} is {shift.seconds / 60:.0f} "
            f"minutes, and one stop needs {needed:.0f} (patrols.dwell_minutes over the share that "
            "patrols.reserve leaves); make the shift longer, or the stop or the reserve smaller."
        )


def _risk(picture: Picture, shift: Shift) -> tuple[Risk, Effects]:
    if picture.on_estate.empty and picture.left_out:
        raise NoIncidents(
            "Every incident on the estate is left out by decision, so nothing can be forecast; "
            "decide otherwise with 'planner review --record KEY --weight keep'."
        )
    risk = shift_risk(picture.expectation, shift)
    bounds = picture.settings.intelligence
    entries = picture.intelligence
    return apply_intelligence(risk, entries, picture.estate, shift, bounds, picture.on_estate)


def _posts(picture: Picture, scenario: Scenario, walking: Walking) -> tuple[Place, Place]:
    start = _post(picture, scenario.patrols.start, "patrols.start", walking)
    finish = scenario.patrols.finish
    return start, start if finish is None else _post(picture, finish, "patrols.finish", walking)


def _post(picture: Picture, name: str | None, key: str, walking: Walking) -> Place:
    estate = picture.estate
    if name is None:
        return _usual_post(picture, walking)
    try:
        official, shape = find_shape(estate, name)
    except UnknownName as error:
        raise ScenarioError(
            f"{key}: no post or site is called '{name}'{error.hint()}; give the name of one."
        ) from error
    place, metres = place_at(walking.streets, official, shape)
    if metres > estate.stop_reach_m:
        raise ScenarioError(
            f"{key}: '{official}' is more than {estate.stop_reach_m:.0f} m from every street that "
            "is open in this shift; choose a post nearer to one."
        )
    return place


def _usual_post(picture: Picture, walking: Walking) -> Place:
    """Take the service's post nearest the middle of the estate, or else the site nearest it."""
    estate = picture.estate
    for table in (estate.posts, estate.sites):
        order = np.argsort(
            shapely.distance(table.geometry.to_numpy(), estate.middle), kind="stable"
        )
        for row in order:
            name, shape = table["name"].iloc[row], table.geometry.iloc[row]
            place, off_street_m = place_at(walking.streets, str(name), shape)
            if off_street_m <= estate.stop_reach_m:
                return place
    raise EstateError(
        f"No site lies within {estate.stop_reach_m:.0f} m of an open street, so no patrol can "
        "start; give the streets around the estate to 'planner init'."
    )


def _problem(
    picture: Picture,
    scenario: Scenario,
    shift: Shift,
    risk: Risk,
    posts: tuple[Place, Place],
    walking: Walking,
) -> Problem:
    stops, wanted = walking.stops, scenario.patrols
    rows = np.flatnonzero(stops.reachable)
    points = np.vstack([posts[0].point, posts[1].point, stops.points[rows]])
    nodes = np.concatenate([[posts[0].node, posts[1].node], stops.nodes[rows]])
    legs = legs_between(walking.streets, points, nodes, picture.settings.metres_per_second)
    place_of_zone = np.full(len(picture.estate.zones), -1)
    place_of_zone[rows] = np.arange(len(rows)) + FIRST_STOP
    dwell_s = whole_seconds(wanted.dwell_minutes)
    options = visit_options(risk, shift.seconds, dwell_s)
    options = options.only(np.flatnonzero(place_of_zone[options.zone] >= 0))
    return Problem(
        options=options,
        place=place_of_zone[options.zone],
        legs=legs,
        teams=wanted.teams,
        shift_s=int(shift.seconds),
        dwell_s=dwell_s,
        reserve=wanted.reserve,
        minimum=_minimum(picture, scenario, place_of_zone),
    )


def _minimum(picture: Picture, scenario: Scenario, place_of_zone: np.ndarray) -> dict[int, int]:
    least: dict[int, int] = {}
    for name, visits in scenario.patrols.minimum_visits.items():
        try:
            zone = zone_row(picture.estate, name)
        except UnknownName as error:
            raise ScenarioError(
                f"patrols.minimum_visits: no site or zone is called '{name}'{error.hint()}; give "
                "the name of one."
            ) from error
        if place_of_zone[zone] < 0:
            raise ScenarioError(
                f"patrols.minimum_visits: '{name}' is more than "
                f"{picture.estate.stop_reach_m:.0f} m from every street that is open in this "
                "shift, so no route can reach it."
            )
        least[zone] = max(visits, least.get(zone, 0))
    return least
