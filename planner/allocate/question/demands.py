"""The demands of a question: duties, visits at stated hours, and how often zones must be seen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from planner.allocate.legs import Place, whole_seconds
from planner.allocate.moments import seconds_in
from planner.allocate.patrols.problem import Commitment
from planner.allocate.question.places import Places
from planner.allocate.scenario import Scenario
from planner.allocate.scenario.demands import DutyWanted, VisitWanted
from planner.clock import Shift
from planner.errors import Infeasible, ScenarioError

TWO_OFFICERS = "two officers"


@dataclass(frozen=True)
class Demands:
    """What must be done.

    Attributes
    ----------
    commitments
        Duties and visits at stated hours.
    minimum
        Least number of visits by zone row.
    relaxed
        What was left out because it can't be done at all, in words.
    """

    commitments: tuple[Commitment, ...]
    minimum: dict[int, int]
    relaxed: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What demands are set against.

    Attributes
    ----------
    shift
        The shift.
    places
        Where things are.
    no_go
        Which zones no team enters, shape (z,).
    dwell_s, together
        How long a visit to each zone lasts and how many teams make it, shape (z,) each.
    officers_needed
        Gives the least number of officers at a place between two moments of the shift.
    """

    shift: Shift
    places: Places
    no_go: np.ndarray
    dwell_s: np.ndarray
    together: np.ndarray
    officers_needed: Callable[[Place, int, int], int]


@dataclass(frozen=True)
class Week:
    """How far a week's visits to sites have come.

    Attributes
    ----------
    seen
        Visits to each zone in the last six nights that are known, shape (z,).
    nights_left
        Nights of the week that are left, tonight among them.
    need
        How much each zone needs visits, shape (z,): of zones seen as rarely, which come first.
    """

    seen: np.ndarray
    nights_left: int
    need: np.ndarray

    def due(self, zones: np.ndarray, visits: int) -> np.ndarray:
        """Return which zones must be seen tonight, so that all have their visits in time.

        What is missing is shared out among the nights that are left; the zones that miss most
        come first.

        Parameters
        ----------
        zones
            Rows of the zones that must be seen.
        visits
            How often in the week.
        """
        missing = np.maximum(visits - self.seen[zones], 0)
        tonight = -(-int(missing.sum()) // self.nights_left)
        order = np.lexsort((-self.need[zones], -missing))
        due: np.ndarray = zones[order[: min(tonight, int((missing > 0).sum()))]]
        return due


def demands_of(scenario: Scenario, ground: Ground, week: Week) -> Demands:
    """Set out the demands of a scenario.

    Parameters
    ----------
    scenario
        The scenario; its ``patrols.if_impossible`` says whether what can't be done at all is
        left out, and said, or refused.
    ground
        What they are set against.
    week
        What a weekly minimum asks of tonight.

    Raises
    ------
    ScenarioError
        If a place is unknown, cut off from the streets or no-go, or a time is not in the shift.
    Infeasible
        If something does not fit in its own window.
    """
    relax = scenario.patrols.if_impossible == "relax"
    relaxed: list[str] = []
    commitments: list[Commitment] = []
    asked: list[tuple[str, Callable[[str], Commitment]]] = [
        *(
            (f"duties[{number}]", lambda key, duty=duty: _duty(duty, ground, key))
            for number, duty in enumerate(scenario.duties)
        ),
        *(
            (f"must_visits[{number}]", lambda key, visit=visit: _must_visit(visit, ground, key))
            for number, visit in enumerate(scenario.must_visits)
        ),
    ]
    for key, made in asked:
        try:
            commitments.append(made(key))
        except (ScenarioError, Infeasible) as error:
            if not relax:
                raise
            relaxed.append(f"Left out: {error}")
    minimum = _minimum(scenario, ground, week, relaxed if relax else None)
    return Demands(tuple(commitments), minimum, tuple(relaxed))


def _duty(duty: DutyWanted, ground: Ground, key: str) -> Commitment:
    place = ground.places.named(duty.place, f"{key}.place")
    end = place if duty.to_place is None else ground.places.named(duty.to_place, f"{key}.to_place")
    takes = whole_seconds(duty.minutes)
    opens, closes = _window(ground.shift, duty.earliest, duty.latest, takes, key)
    needs = {word.strip().casefold() for word in duty.needs}
    officers = max(2 if TWO_OFFICERS in needs else 1,
                   ground.officers_needed(place, opens, closes + takes))  # fmt: skip
    to = f" to {end.name}" if duty.to_place else ""
    return Commitment(
        key=key, name=f"{duty.kind.capitalize()}: {place.name}{to}",
        place=ground.places.add(place), leaves=ground.places.add(end),
        opens_s=opens, closes_s=closes, service_s=takes,
        needs=frozenset(needs - {TWO_OFFICERS}), together=duty.teams, officers=officers,
    )  # fmt: skip


def _must_visit(visit: VisitWanted, ground: Ground, key: str) -> Commitment:
    zone = ground.places.zone(visit.place, f"{key}.place")
    place = _stop(ground, zone, visit.place, f"{key}.place")
    takes = int(ground.dwell_s[zone]) if visit.minutes is None else whole_seconds(visit.minutes)
    opens, closes = _window(ground.shift, visit.earliest, visit.latest, takes, key)
    row = ground.places.add(place)
    return Commitment(
        key=key, name=place.name, place=row, leaves=row, opens_s=opens, closes_s=closes,
        service_s=takes, zone=zone, together=max(visit.teams, int(ground.together[zone])),
        officers=ground.officers_needed(place, opens, closes + takes),
    )  # fmt: skip


def _stop(ground: Ground, zone: int, name: str, key: str) -> Place:
    if ground.no_go[zone]:
        raise ScenarioError(
            f"{key}: '{name}' must be visited and is named in patrols.no_go; take it out of one."
        )
    place = ground.places.stop_of(zone)
    if place is None:
        raise ScenarioError(
            f"{key}: '{name}' is more than {ground.places.estate.stop_reach_m:.0f} m from every "
            "street that is open in this shift, so no route can reach it."
        )
    return place


def _window(
    shift: Shift, earliest: str | None, latest: str | None, takes: int, key: str
) -> tuple[int, int]:
    """Return when something can begin so that all of it lies in its window."""
    opens = 0 if earliest is None else seconds_in(shift, earliest, f"{key}.from")
    ends = int(shift.seconds) if latest is None else seconds_in(shift, latest, f"{key}.to")
    if ends - takes < opens:
        raise Infeasible(
            f"{key}: {takes / 60:g} minutes do not fit between {earliest or 'the start'} and "
            f"{latest or 'the end'} of its window; give a longer one, or fewer minutes."
        )
    return opens, ends - takes


def _minimum(
    scenario: Scenario, ground: Ground, week: Week, relaxed: list[str] | None
) -> dict[int, int]:
    wanted = scenario.patrols
    least: dict[int, int] = {}
    for name, visits in wanted.minimum_visits.items():
        key = "patrols.minimum_visits"
        try:
            zone = ground.places.zone(name, key)
            _stop(ground, zone, name, key)
        except ScenarioError as error:
            if relaxed is None:
                raise
            relaxed.append(f"Left out: {error}")
            continue
        least[zone] = max(visits, least.get(zone, 0))
    sites = site_zones(ground)
    due = set(week.due(sites, wanted.every_site_a_week).tolist())
    for zone in sites.tolist():
        tonight = max(wanted.every_site, int(zone in due))
        if tonight > 0:
            least[zone] = max(tonight, least.get(zone, 0))
    return dict(sorted(least.items()))


def site_zones(ground: Ground) -> np.ndarray:
    """Return the rows of the zones in which sites lie and which routes can reach."""
    estate, stops = ground.places.estate, ground.places.walking.stops
    middles = shapely.get_coordinates(shapely.point_on_surface(estate.sites.geometry.to_numpy()))
    rows = np.unique(estate.zone_of(middles))
    rows = rows[rows >= 0]
    reachable: np.ndarray = rows[stops.reachable[rows] & ~ground.no_go[rows]]
    return reachable
