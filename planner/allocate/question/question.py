"""From a picture, a scenario and its risk to a patrol problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from planner.allocate.daylight import Stretch, dark_stretches
from planner.allocate.legs import Legs, Place, legs_between, whole_seconds
from planner.allocate.patrols.draws import draw_factors
from planner.allocate.patrols.options import Options, ZoneRules, visit_options
from planner.allocate.patrols.problem import Commitment, Made, Problem, none_made
from planner.allocate.patrols.worth import Worth
from planner.allocate.question.demands import Demands, Ground, Week, demands_of, site_zones
from planner.allocate.question.need import Need, need_for
from planner.allocate.question.places import Places, named_zone
from planner.allocate.question.teams import Teams, teams_of
from planner.allocate.scenario import Scenario
from planner.allocate.walking import Walking
from planner.clock import Shift
from planner.insight.risk.model import Risk
from planner.picture import Picture

# Enough for the worst tenth to have six; more make the packing slow.
DRAWS = 60
WEEK_NIGHTS = 7


@dataclass(frozen=True)
class Question:
    """A patrol problem, with what it takes to put its answer into words.

    Attributes
    ----------
    picture, scenario, shift, risk, walking
        What is asked, of what.
    need
        What visits are planned for.
    problem
        The problem in numbers.
    places
        Its places, by row.
    teams
        Its teams, with the names of their posts.
    demands
        What must be done.
    dark
        When it is dark, in seconds after the start of the shift.
    site_zones
        Rows of the zones in which sites lie and which routes can reach.
    """

    picture: Picture
    scenario: Scenario
    shift: Shift
    risk: Risk
    walking: Walking
    need: Need
    problem: Problem
    places: tuple[Place, ...]
    teams: Teams
    demands: Demands
    dark: tuple[Stretch, ...]
    site_zones: np.ndarray

    def note_of(self, key: str) -> str:
        """Return what the scenario adds to a demand, by its key."""
        notes = {f"duties[{at}]": one.note for at, one in enumerate(self.scenario.duties)}
        notes |= {
            f"must_visits[{at}]": one.note for at, one in enumerate(self.scenario.must_visits)
        }
        return notes.get(key, "")

    @property
    def worths(self) -> tuple[Worth, Worth]:
        """What visits are worth in incidents, and in harm."""
        length = int(self.shift.seconds)
        return Worth(self.need.incidents, length), Worth(self.need.harm, length)


@dataclass(frozen=True)
class Before:
    """What is known of the time before the plan.

    Attributes
    ----------
    seen_this_week
        Visits by zone row in the last six nights.
    nights_left
        Nights left of the week that the first of those began; all if none is known.
    made
        Visits that were made in this shift already.
    """

    seen_this_week: Mapping[int, int] = field(default_factory=dict)
    nights_left: int = WEEK_NIGHTS
    made: Made = field(default_factory=none_made)


def ask(
    picture: Picture,
    scenario: Scenario,
    shift: Shift,
    risk: Risk,
    walking: Walking,
    before: Before | None = None,
    in_view: np.ndarray | None = None,
) -> Question:
    """Set out the patrol problem of a scenario.

    Parameters
    ----------
    picture, scenario, shift, risk, walking, before
        What is asked, of what, and what is known of the time before.
    in_view
        The share of each zone's risk that cameras see in the shift, shape (z,); that of the
        cameras that stand and work if None.

    Raises
    ------
    ScenarioError
        If it names what the estate lacks, or a time outside the shift.
    Infeasible
        If something demanded can't be done at all.
    """
    known = before or Before()
    places = Places(picture.estate, walking)
    teams = teams_of(scenario, picture.settings, shift, places)
    need = need_for(picture, risk, scenario, shift, places, in_view)
    dark = dark_stretches(shift, picture.estate)
    no_go = closed_zones(picture, scenario)
    dwell_s, together = _zone_lengths(scenario, places)
    alone = _single_officer(scenario, places)
    ground = Ground(shift, places, no_go, dwell_s, together, _OfficersNeeded(places, alone, dark))
    seen = np.zeros(len(no_go), dtype=int)
    for zone, visits in known.seen_this_week.items():
        seen[zone] = visits
    demands = demands_of(scenario, ground, Week(seen, known.nights_left, need.aim.sum(axis=1)))
    rules = ZoneRules(_stops(places, no_go), dwell_s, together, alone)
    worth = Worth(need.aim, int(shift.seconds))
    gap_s = whole_seconds(scenario.patrols.gap_minutes)
    options = visit_options(worth, rules, gap_s, dark)
    options = apart_from(options, known.made, demands.commitments, gap_s)
    apart = scenario.safety.nearest_team_minutes
    problem = Problem(
        teams=teams.teams,
        options=options,
        commitments=demands.commitments,
        minimum=demands.minimum,
        journeys=_journeys(teams, places, walking),
        worth=worth,
        reserve=scenario.patrols.reserve,
        visits_a_gap=scenario.patrols.visits_a_gap,
        made=known.made,
        wishes=scenario.patrols.if_impossible == "relax",
        draws=_draws(scenario, risk),
        apart_s=None if apart is None else whole_seconds(apart),
    )
    return Question(
        picture, scenario, shift, risk, walking, need, problem, tuple(places.listed), teams,
        demands, dark, site_zones(ground),
    )  # fmt: skip


def _draws(scenario: Scenario, risk: Risk) -> np.ndarray | None:
    if scenario.patrols.risk == "expected":
        return None
    return draw_factors(risk.dispersion, DRAWS, scenario.solver.seed)


def closed_zones(picture: Picture, scenario: Scenario) -> np.ndarray:
    """Return which zones no team enters, shape (z,).

    Raises
    ------
    ScenarioError
        If one is unknown.
    """
    closed = np.zeros(len(picture.estate.zones), dtype=bool)
    for name in scenario.patrols.no_go:
        closed[named_zone(picture.estate, name, "patrols.no_go")] = True
    return closed


def _stops(places: Places, no_go: np.ndarray) -> np.ndarray:
    """Give each zone that routes may reach the row of its place; -1 to the others, shape (z,)."""
    rows = np.full(len(no_go), -1)
    for zone in np.flatnonzero(places.walking.stops.reachable & ~no_go).tolist():
        stop = places.stop_of(zone)
        rows[zone] = -1 if stop is None else places.add(stop)
    return rows


def _zone_lengths(scenario: Scenario, places: Places) -> tuple[np.ndarray, np.ndarray]:
    """Return how long a visit to each zone lasts, and how many teams make it, shape (z,) each."""
    count = len(places.estate.zones)
    dwell_s = np.full(count, whole_seconds(scenario.patrols.dwell_minutes))
    together = np.ones(count, dtype=int)
    for number, wanted in enumerate(scenario.zones):
        zone = places.zone(wanted.name, f"zones[{number}].name")
        if wanted.dwell_minutes is not None:
            dwell_s[zone] = whole_seconds(wanted.dwell_minutes)
        together[zone] = wanted.teams
    return dwell_s, together


def _single_officer(scenario: Scenario, places: Places) -> np.ndarray:
    """Return where a team of one may be after dark, shape (z,)."""
    allowed = scenario.safety.single_officers_after_dark
    alone = np.full(len(places.estate.zones), allowed == "anywhere")
    if allowed != "anywhere":
        for name in allowed:
            alone[places.zone(name, "safety.single_officers_after_dark")] = True
    return alone


@dataclass(frozen=True)
class _OfficersNeeded:
    """Tells how many officers must be at a place between two moments of the shift."""

    places: Places
    alone: np.ndarray
    dark: tuple[Stretch, ...]

    def __call__(self, place: Place, begins: int, ends: int) -> int:
        if not any(begins < end and ends > begin for begin, end in self.dark):
            return 1
        zone = int(self.places.estate.zone_of(place.point[None, :])[0])
        return 1 if zone >= 0 and self.alone[zone] else 2


def apart_from(options: Options, made: Made, demanded: Sequence[Commitment], gap_s: int) -> Options:
    """Keep the visits to choose from away from those that were made or are demanded.

    Parameters
    ----------
    options
        The visits to choose from.
    made, demanded
        Visits that were made, and commitments, of which some are visits.
    gap_s
        The least time between two visits to a zone.
    """
    opens, kept = options.opens.copy(), np.ones(len(options), dtype=bool)
    for zone, end in zip(made.zone.tolist(), made.ends.tolist(), strict=True):
        mine = options.zone == zone
        opens[mine] = np.maximum(opens[mine], end + gap_s)
    for one in demanded:
        mine = options.zone == one.zone
        before = options.closes + options.dwell_s + gap_s <= one.opens_s
        after = options.opens >= one.closes_s + one.service_s + gap_s
        kept &= ~mine | before | after
    rows = np.flatnonzero(kept & (opens <= options.closes))
    return replace(options, opens=opens).only(rows)


def _journeys(teams: Teams, places: Places, walking: Walking) -> tuple[Legs, ...]:
    return tuple(
        legs_between(walking.streets, places.points, places.nodes, mode) for mode in teams.modes
    )
