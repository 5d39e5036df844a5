"""Patrol routes: team orienteering with time windows, solved by PyVRP.

Model
-----
Places 0..k-1 (the post at the start, the post at the finish, and one stop for each zone that
routes can reach), walking times t(i, j), teams 1..m, a shift of S seconds, a dwell d, and a
reserve r. Options v (:mod:`planner.allocate.visits`) have a place, a window [a(v), b(v)] and a
value p(v). Binary y(v) says whether v is visited, x(v, w, team) whether the team goes from v
to w, s(v) when the visit begins:

    maximise    sum p(v) y(v)
    subject to  each team walks from the start through its visits to the finish,
                s(w) >= s(v) + (d + t(v, w)) / (1 - r)     where x(v, w, team) = 1,
                a(v) <= s(v) <= b(v),
                every team is back within S,
                each group of options in G has exactly one visit (minimum visits).

Dividing what takes time by 1 - r spreads the reserve over the shift: after each stop a team is
free for a call for r / (1 - r) times as long as it worked, and the plan still holds.

How near that is to the best possible is told by :mod:`planner.allocate.patrol_bound`.
"""

import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import (
    Client,
    ClientGroup,
    Depot,
    Location,
    ProblemData,
    Route,
    Solution,
    VehicleType,
    solve,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxIterations, MaxRuntime, StoppingCriterion

from planner.allocate.legs import Legs, stretched
from planner.allocate.visits import Options
from planner.errors import Infeasible

START, FINISH, FIRST_STOP = 0, 1, 2
PRIZE = 1_000_000
# A team makes about 15 visits in a shift. A search among three times as many found better plans
# in the same time than one among all.
CHOICES_PER_TEAM = 45
FEWEST_CHOICES = 120


@dataclass(frozen=True)
class Problem:
    """A patrol problem in numbers.

    Attributes
    ----------
    options
        The visits to choose from.
    place
        Row in ``legs`` of each option, shape (v,).
    legs
        Walks between the posts (rows 0 and 1) and the stops.
    teams
        Number of teams.
    shift_s, dwell_s
        Length of the shift and of a visit in seconds.
    reserve
        Share of the shift kept free.
    minimum
        Least number of visits by zone row.
    """

    options: Options
    place: np.ndarray
    legs: Legs
    teams: int
    shift_s: int
    dwell_s: int
    reserve: float
    minimum: Mapping[int, int]


@dataclass(frozen=True)
class Visit:
    """One stop of a route: which option, and when it begins and ends (s after shift start)."""

    option: int
    arrive_s: int
    leave_s: int


@dataclass(frozen=True)
class Tour:
    """What one team does: its visits in order, and when it leaves and returns to its post."""

    visits: tuple[Visit, ...]
    starts_s: int
    ends_s: int


@dataclass(frozen=True)
class Patrols:
    """A solved patrol problem.

    Attributes
    ----------
    tours
        One for each team that has something to do.
    value
        Expected incidents covered.
    stopped_by
        Which rule stopped the solver, in words.
    """

    tours: tuple[Tour, ...]
    value: float
    stopped_by: str


@dataclass(frozen=True)
class Effort:
    """How long to search: iterations for each try, or seconds in all, and the first seed."""

    seed: int
    tries: int
    iterations: int
    seconds: float | None

    def rule(self) -> StoppingCriterion:
        """Return PyVRP's stopping rule for one try."""
        if self.seconds is not None:
            return MaxRuntime(self.seconds / self.tries)
        return MaxIterations(self.iterations)

    def words(self) -> str:
        """Say the rule."""
        if self.seconds is not None:
            return f"{self.seconds:g} seconds in {self.tries} tries"
        return f"{self.iterations} iterations in each of {self.tries} tries"


def solve_patrols(problem: Problem, effort: Effort) -> Patrols:
    """Plan routes that cover as much risk as can be found.

    Raises
    ------
    Infeasible
        If the minimum visits can't all be made by these teams in this shift.
    """
    chosen = _best_options(problem)
    needed: dict[int, int] = {}
    best = _best_solution(problem, chosen, needed, effort)
    # What is demanded of one zone may take the place of another's visits: ask again for both.
    while unmet := _unmet(problem, chosen, best):
        needed |= unmet
        best = _best_solution(problem, chosen, needed, effort)
    routes = best.routes() if best else []
    tours = tuple(_tour(problem, chosen, route) for route in routes if _clients(route))
    value = float(sum(problem.options.risk[v.option] for tour in tours for v in tour.visits))
    return Patrols(tours, value, effort.words())


def _best_options(problem: Problem) -> np.ndarray:
    """Return the rows of the best options, and all of the zones that must be visited."""
    options, place = problem.options, problem.place
    seconds = stretched(problem.legs.seconds, problem.reserve)
    service = int(stretched(problem.dwell_s, problem.reserve))
    first = np.maximum(options.opens, seconds[START, place])
    last = np.minimum(options.closes, problem.shift_s - service - seconds[place, FINISH])
    possible = np.flatnonzero(first <= last)
    most = max(FEWEST_CHOICES, CHOICES_PER_TEAM * problem.teams)
    best = possible[np.argsort(-options.risk[possible], kind="stable")[:most]]
    needed = possible[np.isin(options.zone[possible], list(problem.minimum))]
    return np.union1d(best, needed)


def _best_solution(
    problem: Problem, chosen: np.ndarray, needed: Mapping[int, int], effort: Effort
) -> Solution | None:
    """Return the best plan of several tries; None where there is nothing to do."""
    if not len(chosen) and not needed:
        return None
    data = _data(problem, chosen, needed)
    with warnings.catch_warnings():
        # PyVRP warns where it finds no feasible plan; that is told below.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        tries = [
            solve(data, effort.rule(), seed=effort.seed + number, collect_stats=False)
            for number in range(effort.tries)
        ]
    feasible = [result for result in tries if result.is_feasible()]
    if not feasible and needed:
        raise Infeasible(
            f"patrols.minimum_visits: no way was found to make {sum(problem.minimum.values())} "
            f"visits with {problem.teams} team(s) in {problem.shift_s / 3600:.1f} h and a reserve "
            f"of {problem.reserve:g}; ask for fewer, or give more teams or a smaller reserve."
        )
    return min(feasible, key=lambda result: result.cost()).best if feasible else None


def _data(problem: Problem, chosen: np.ndarray, needed: Mapping[int, int]) -> ProblemData:
    options, legs = problem.options.only(chosen), problem.legs
    group_of, groups = _groups(options, needed)
    prizes = np.rint(options.risk / max(options.risk.max(initial=0.0), 1e-12) * PRIZE).astype(int)
    service = int(stretched(problem.dwell_s, problem.reserve))
    clients = [
        Client(
            location=int(problem.place[row]),
            service_duration=service,
            tw_early=int(options.opens[i]),
            tw_late=int(options.closes[i]),
            prize=int(prizes[i]),
            required=False,
            group=group_of.get(i),
        )
        for i, row in enumerate(chosen)
    ]
    teams = VehicleType(
        num_available=problem.teams,
        start_depot=START,
        end_depot=FINISH,
        tw_late=problem.shift_s,
        unit_distance_cost=1,
    )
    metres = np.ceil(np.where(np.isfinite(legs.metres), legs.metres, 1e8)).astype(np.int64)
    # PyVRP's annotations know no other arrays than its own.
    matrices: list[Any] = [metres, stretched(legs.seconds, problem.reserve)]
    return ProblemData(
        locations=[Location(float(x), float(y)) for x, y in legs.points],
        clients=clients,
        depots=[Depot(START), Depot(FINISH)],
        vehicle_types=[teams],
        distance_matrices=matrices[:1],
        duration_matrices=matrices[1:],
        groups=groups,
    )


def _groups(
    options: Options, needed: Mapping[int, int]
) -> tuple[dict[int, int], list[ClientGroup]]:
    """Split each needed zone's options, in order of time, into a group for each visit."""
    group_of: dict[int, int] = {}
    groups: list[ClientGroup] = []
    for zone, visits in needed.items():
        rows = np.flatnonzero(options.zone == zone)
        if len(rows) < visits:
            raise Infeasible(
                f"patrols.minimum_visits: one zone can be seen at most {len(rows)} times in this "
                f"shift, not {visits} times; visits to one zone are kept apart."
            )
        for part in np.array_split(rows, visits):
            group_of |= dict.fromkeys(part.tolist(), len(groups))
            groups.append(ClientGroup(part.tolist(), required=True))
    return group_of, groups


def _unmet(problem: Problem, chosen: np.ndarray, solution: Solution | None) -> dict[int, int]:
    zones = problem.options.zone[chosen]
    routes = solution.routes() if solution else []
    visited = [zones[client] for route in routes for client in _clients(route)]
    counts = Counter(int(zone) for zone in visited)
    return {zone: least for zone, least in problem.minimum.items() if counts[zone] < least}


def _clients(route: Route) -> list[int]:
    return [activity.idx for activity in route if activity.is_client()]


def _tour(problem: Problem, chosen: np.ndarray, route: Route) -> Tour:
    """Begin each visit as early as its window allows: the solver's own times may lie later."""
    seconds = stretched(problem.legs.seconds, problem.reserve)
    service = int(stretched(problem.dwell_s, problem.reserve))
    here, now, visits = START, 0, []
    for option in (int(chosen[client]) for client in _clients(route)):
        stop = int(problem.place[option])
        begins = max(now + int(seconds[here, stop]), int(problem.options.opens[option]))
        visits.append(Visit(option, begins, begins + problem.dwell_s))
        here, now = stop, begins + service
    return _without_waiting(problem, tuple(visits))


def _without_waiting(problem: Problem, visits: tuple[Visit, ...]) -> Tour:
    """Leave the post just in time for the first visit, and return from the last at once."""
    legs, place = problem.legs, problem.place
    out = int(legs.seconds[START, place[visits[0].option]])
    back = int(legs.seconds[place[visits[-1].option], FINISH])
    return Tour(visits, visits[0].arrive_s - out, visits[-1].leave_s + back)
