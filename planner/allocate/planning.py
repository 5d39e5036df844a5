"""From a picture and a scenario to a plan."""

import hashlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from planner import __version__
from planner.allocate import baselines
from planner.allocate.camera_plan import plan_cameras
from planner.allocate.legs import Legs, Place, legs_between, place_at, whole_seconds
from planner.allocate.patrol_bound import upper_bound
from planner.allocate.patrols import (
    FINISH,
    FIRST_STOP,
    START,
    Effort,
    Patrols,
    Problem,
    Tour,
    solve_patrols,
)
from planner.allocate.plan import (
    Baseline,
    Baselines,
    CamerasPlan,
    EstateNote,
    HotspotNote,
    PatrolsPlan,
    PictureNote,
    Plan,
    RiskNote,
    Route,
    ShiftNote,
    Stop,
    ZoneRisk,
    gap_between,
)  # fmt: skip
from planner.allocate.reasons import plan_warnings, reasons_for_stops
from planner.allocate.scenario import Scenario, resolve_shift
from planner.allocate.visits import visit_options
from planner.clock import Shift, academic_day, after
from planner.errors import EstateError, ScenarioError
from planner.estate.names import UnknownName, find_shape, zone_row
from planner.geo import to_degrees
from planner.insight.hotspots import Hotspot, find_hotspots
from planner.insight.risk import Risk, forecast
from planner.picture import Picture


@dataclass(frozen=True)
class _Posted:
    """A patrol problem together with its posts."""

    problem: Problem
    start: Place
    finish: Place


def make_plan(picture: Picture, scenario: Scenario) -> Plan:
    """Plan a shift.

    Raises
    ------
    ScenarioError
        If the scenario asks for what the estate does not have, or a shift shorter than a stop.
    Infeasible
        If its demands can't all be met.
    NoIncidents
        If no incident lies on the estate.
    """
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    _check_length(shift, scenario)
    posts = _posts(picture, scenario)
    risk = _risk(picture, shift)
    problem = _problem(picture, scenario, shift, risk, posts)
    solved = solve_patrols(problem, _effort(scenario))
    bound = max(upper_bound(problem), solved.value)
    cameras, camera_draws = plan_cameras(picture, risk, scenario)
    spots = find_hotspots(picture.on_estate, picture.periods, _zone_names(picture))
    total = float(risk.expected.sum())
    routes = _routes(picture, shift, risk, _Posted(problem, *posts), solved)
    draws = baselines.random_patrols(problem, scenario.solver.seed)
    return Plan(
        id=plan_id(picture, scenario),
        version=__version__,
        estate=EstateNote(
            name=picture.settings.name,
            time_zone=picture.settings.time_zone,
            illustrative=picture.settings.illustrative,
        ),
        picture=PictureNote(
            as_of=picture.as_of.isoformat(timespec="seconds"), fingerprint=picture.fingerprint
        ),
        scenario=scenario,
        shift=_shift_note(picture, shift),
        patrols=PatrolsPlan(
            routes=routes,
            risk_covered=solved.value / total,
            bound=bound / total,
            gap=gap_between(solved.value, bound),
            stopped_by=solved.stopped_by,
        ),
        cameras=cameras,
        baselines=_baselines(draws, camera_draws, bound, total, cameras),
        hotspots=tuple(_hotspot_note(spot, picture.estate.crs) for spot in spots),
        risk=_risk_note(picture, risk),
        warnings=plan_warnings(picture, scenario, shift, risk, len(routes)),
    )


def plan_id(picture: Picture, scenario: Scenario) -> str:
    """Name a plan by what it is made from: picture, scenario and version."""
    made_from = f"{picture.fingerprint}\n{scenario.model_dump_json()}\n{__version__}"
    return hashlib.sha256(made_from.encode()).hexdigest()[:16]


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


def _risk(picture: Picture, shift: Shift) -> Risk:
    zones = picture.estate.zones["zone"].to_numpy(dtype=object)
    return forecast(picture.on_estate, picture.periods, zones, shift, picture.settings.time_zone)


def _posts(picture: Picture, scenario: Scenario) -> tuple[Place, Place]:
    start = _post(picture, scenario.patrols.start, "patrols.start")
    finish = scenario.patrols.finish
    return start, start if finish is None else _post(picture, finish, "patrols.finish")


def _post(picture: Picture, name: str | None, key: str) -> Place:
    estate = picture.estate
    if name is None:
        return _usual_post(picture)
    try:
        official, shape = find_shape(estate, name)
    except UnknownName as error:
        raise ScenarioError(f"{key}: no post or site is called '{name}'{error.hint()}") from error
    place, metres = place_at(estate, official, shape)
    if metres > estate.stop_reach_m:
        raise ScenarioError(
            f"{key}: '{official}' is {metres:.0f} m from the nearest street; choose a post within "
            f"{estate.stop_reach_m:.0f} m of one."
        )
    return place


def _usual_post(picture: Picture) -> Place:
    """Take the service's post nearest the middle of the estate, or else the site nearest it."""
    estate = picture.estate
    for table in (estate.posts, estate.sites):
        order = np.argsort(
            shapely.distance(table.geometry.to_numpy(), estate.middle), kind="stable"
        )
        for row in order:
            name, shape = table["name"].iloc[row], table.geometry.iloc[row]
            place, off_street_m = place_at(estate, str(name), shape)
            if off_street_m <= estate.stop_reach_m:
                return place
    raise EstateError(
        f"No site lies within {estate.stop_reach_m:.0f} m of a street, so no patrol can start; "
        "give the streets around the estate to 'planner init'."
    )


def _problem(
    picture: Picture, scenario: Scenario, shift: Shift, risk: Risk, posts: tuple[Place, Place]
) -> Problem:
    estate, wanted = picture.estate, scenario.patrols
    rows = np.flatnonzero(estate.stops.reachable)
    points = np.vstack([posts[0].point, posts[1].point, estate.stops.points[rows]])
    nodes = np.concatenate([[posts[0].node, posts[1].node], estate.stops.nodes[rows]])
    legs = legs_between(estate, points, nodes, picture.settings.metres_per_second)
    place_of_zone = np.full(len(estate.zones), -1)
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
                f"patrols.minimum_visits: no site or zone is called '{name}'{error.hint()}"
            ) from error
        if place_of_zone[zone] < 0:
            raise ScenarioError(
                f"patrols.minimum_visits: '{name}' is more than "
                f"{picture.estate.stop_reach_m:.0f} m from a street, so no route can reach it."
            )
        least[zone] = max(visits, least.get(zone, 0))
    return least


def _zone_names(picture: Picture) -> dict[str, str]:
    zones = picture.estate.zones
    return dict(zip(zones["zone"], zones["name"], strict=True))


def _shift_note(picture: Picture, shift: Shift) -> ShiftNote:
    settings = picture.settings
    return ShiftNote(
        name=shift.name,
        starts_at=shift.starts_at.isoformat(timespec="seconds"),
        ends_at=shift.ends_at.isoformat(timespec="seconds"),
        day=academic_day(shift.starts_at.date(), settings.terms, settings.days),
    )


def _routes(
    picture: Picture, shift: Shift, risk: Risk, posted: _Posted, solved: Patrols
) -> tuple[Route, ...]:
    reasons = reasons_for_stops(picture, risk, posted.problem, solved.tours)
    ordered = sorted(solved.tours, key=lambda tour: (tour.starts_s, tour.visits[0].option))
    return tuple(
        _route(team_letter(number), picture, shift, posted, tour, reasons)
        for number, tour in enumerate(ordered)
    )


def team_letter(number: int) -> str:
    """Name a team: A to Z, then AA."""
    letter = chr(ord("A") + number % 26)
    return letter if number < 26 else team_letter(number // 26 - 1) + letter


def _route(
    team: str,
    picture: Picture,
    shift: Shift,
    posted: _Posted,
    tour: Tour,
    reasons: dict[int, str],
) -> Route:
    problem = posted.problem
    places = [START, *(int(problem.place[v.option]) for v in tour.visits), FINISH]
    legs = list(pairwise(places))
    return Route(
        team=team,
        start=posted.start.name,
        finish=posted.finish.name,
        starts_at=_moment(shift, tour.starts_s),
        ends_at=_moment(shift, tour.ends_s),
        length_m=round(float(sum(problem.legs.metres[leg] for leg in legs)), 1),
        stops=tuple(
            _stop(picture, shift, problem, visit.option, visit.arrive_s, visit.leave_s, reasons)
            for visit in tour.visits
        ),
        path=_path(problem.legs, legs, picture.estate.crs),
    )


def _stop(
    picture: Picture,
    shift: Shift,
    problem: Problem,
    option: int,
    arrive_s: int,
    leave_s: int,
    reasons: dict[int, str],
) -> Stop:
    zone = int(problem.options.zone[option])
    estate = picture.estate
    point = to_degrees(estate.stops.points[[zone]], estate.crs)[0]
    return Stop(
        zone=str(estate.zones["zone"].iloc[zone]),
        name=str(estate.zones["name"].iloc[zone]),
        longitude=round(float(point[0]), 6),
        latitude=round(float(point[1]), 6),
        arrive=_moment(shift, arrive_s),
        leave=_moment(shift, leave_s),
        risk=float(problem.options.risk[option]),
        why=reasons[zone],
    )


def _moment(shift: Shift, seconds: float) -> str:
    return after(shift.starts_at, seconds).isoformat(timespec="seconds")


def _path(legs: Legs, pairs: list[tuple[int, int]], crs: str) -> tuple[tuple[float, float], ...]:
    ways = [legs.way(*pair) for pair in pairs]
    points = np.concatenate(ways)
    moved = np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])
    degrees = np.round(to_degrees(points[moved], crs), 6)
    return tuple((float(longitude), float(latitude)) for longitude, latitude in degrees)


def _hotspot_note(spot: Hotspot, crs: str) -> HotspotNote:
    ring = shapely.get_coordinates(shapely.get_exterior_ring(spot.geometry))
    degrees = np.round(to_degrees(ring, crs), 6)
    return HotspotNote(
        rank=spot.rank,
        name=spot.name,
        count=spot.count,
        before=spot.before,
        change=spot.change,
        top_category=spot.top_category,
        area=tuple((float(x), float(y)) for x, y in degrees),
    )


def _risk_note(picture: Picture, risk: Risk) -> RiskNote:
    names = picture.estate.zones["name"].to_numpy(dtype=object)
    columns = zip(
        risk.zones, names, risk.mean, risk.low, risk.high, risk.counts,
        picture.estate.stops.reachable, strict=True,
    )  # fmt: skip
    zones = tuple(
        ZoneRisk(
            zone=str(zone), name=str(name), expected=float(mean), low=float(low),
            high=float(high), recorded=int(count), in_routes=bool(reachable),
        )
        for zone, name, mean, low, high, count, reachable in columns
    )  # fmt: skip
    return RiskNote(
        expected=float(risk.mean.sum()),
        covered_days=risk.covered_days,
        timed=risk.timed,
        zones=zones,
    )


def _baselines(
    patrols: baselines.Spread,
    cameras: baselines.Spread,
    bound: float,
    total: float,
    planned: CamerasPlan,
) -> Baselines:
    return Baselines(
        none=Baseline(
            risk_covered=0.0,
            gap=1.0,
            risk_low=0.0,
            risk_high=0.0,
            cameras_covered=planned.standing,
            cameras_gap=gap_between(planned.standing, planned.bound),
        ),
        random=Baseline(
            risk_covered=patrols.mean / total,
            gap=gap_between(patrols.mean, bound),
            risk_low=patrols.low / total,
            risk_high=patrols.high / total,
            cameras_covered=cameras.mean,
            cameras_gap=gap_between(cameras.mean, planned.bound),
        ),
    )
