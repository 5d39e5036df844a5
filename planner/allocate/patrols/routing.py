"""The patrol problem as PyVRP takes it, and one search for routes.

Every activity has a location of its own, so that who ends an escort leaves from its end. Walks
to and from visits, and their dwells, take 1 / (1 - reserve) of their time; those between
commitments don't, since what lies between is kept free anyway. Which team may do what stands in
loads: an activity that not all kinds of team may do loads one unit of a goods that only those can
carry, and a team carries one meal. The routes that a search accepts on its way are its pool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import (
    Client,
    ClientGroup,
    CostEvaluator,
    Depot,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.stop import MaxIterations, MaxRuntime, StoppingCriterion

from planner.allocate.legs import stretched
from planner.allocate.patrols.activities import MEAL, VISIT, Activity
from planner.allocate.patrols.problem import Problem

PRIZE = 100_000
# What is demanded goes before whatever else a team could do in its place.
WISH = 30
UNREACHABLE = 10**8
MUCH = 10**6

# A kind of team, and the rows of its activities in order.
Route_ = tuple[int, tuple[int, ...]]


@dataclass(frozen=True)
class Try:
    """One search: its seed, its iterations or seconds, and the plan that it begins with."""

    seed: int
    iterations: int
    seconds: float | None = None
    begin: tuple[Route_, ...] = ()

    def rule(self) -> StoppingCriterion:
        """Return PyVRP's stopping rule."""
        if self.seconds is not None:
            return MaxRuntime(self.seconds)
        return MaxIterations(self.iterations)


@dataclass(frozen=True)
class Found:
    """What one search found: its best plan, if one is feasible, and the routes on its way."""

    best: tuple[Route_, ...] | None
    routes: tuple[Route_, ...]


class _Collect(IteratedLocalSearchCallbacks):
    """Keeps the routes of every plan that the search accepts."""

    def __init__(self) -> None:
        self.routes: dict[Route_, None] = {}

    def on_iteration(
        self,
        current: Solution,
        candidate: Solution,
        best: Solution,
        cost_evaluator: CostEvaluator,
    ) -> None:
        """Keep a plan's routes if the search goes on from it; PyVRP calls this."""
        if current is candidate:
            self.routes |= dict.fromkeys(_sequences(candidate, feasible=True))


def search(data: ProblemData, attempt: Try) -> Found:
    """Search for routes.

    Parameters
    ----------
    data
        From :func:`routing_data`.
    attempt
        How.
    """
    collect = _Collect()
    begin = None
    if attempt.begin:
        begin = Solution(data, [Route(data, list(rows), kind) for kind, rows in attempt.begin])
    params = SolveParams(ils=IteratedLocalSearchParams(callbacks=collect))
    result = solve(
        data,
        attempt.rule(),
        seed=attempt.seed,
        collect_stats=False,
        params=params,
        initial_solution=begin,
    )
    if not result.is_feasible():
        return Found(None, tuple(collect.routes))
    best = _sequences(result.best, feasible=False)
    return Found(best, tuple(dict.fromkeys((*best, *collect.routes))))


def _sequences(solution: Solution, *, feasible: bool) -> tuple[Route_, ...]:
    return tuple(
        (route.vehicle_type(), tuple(step.idx for step in route if step.is_client()))
        for route in solution.routes()
        if not feasible or route.is_feasible()
    )


@dataclass(frozen=True)
class Aim:
    """What a search is for.

    Attributes
    ----------
    worths
        What each activity is worth, shape (a,); as the activities have it if None.
    metre
        What a metre costs: a hundred-thousandth of the greatest worth, times this.
    once
        Whether a zone is visited once at most.
    """

    worths: np.ndarray | None = None
    metre: int = 1
    once: bool = False


def routing_data(
    problem: Problem, activities: Sequence[Activity], aim: Aim | None = None
) -> ProblemData:
    """Write a problem as PyVRP takes it; clients are activities, vehicle types kinds of team."""
    aim = aim or Aim()
    posts = sorted({place for team in problem.teams for place in (team.start, team.finish)})
    depot = {place: row for row, place in enumerate(posts)}
    demands = _Loads.of(problem, activities)
    worths = aim.worths
    if worths is None:
        worths = np.array([activity.worth for activity in activities])
    prizes = np.rint(PRIZE * worths / max(worths.max(initial=0.0), 1e-300)).astype(int).tolist()
    groups = _client_groups(activities, once=aim.once)
    group_of = {row: number for number, rows in enumerate(groups) for row in rows}
    clients = [
        _client(activity, len(posts) + row, demands.of_activity(activity), prizes[row],
                group_of.get(row))
        for row, activity in enumerate(activities)
    ]  # fmt: skip
    distances, durations = _matrices(problem, activities, posts)
    points = problem.journeys[0].points
    places = [*posts, *(activity.place for activity in activities)]
    return ProblemData(
        locations=[Location(float(x), float(y)) for x, y in points[places]],
        clients=clients,
        depots=[Depot(row) for row in range(len(posts))],
        vehicle_types=_vehicle_types(problem, demands, depot, aim.metre),
        distance_matrices=distances,
        duration_matrices=durations,
        groups=groups,
    )


def _client(
    activity: Activity, location: int, load: list[int], prize: int, group: int | None
) -> Client:
    return Client(
        location=location,
        delivery=load,
        service_duration=activity.takes,
        tw_early=activity.opens,
        tw_late=activity.closes,
        prize=prize + PRIZE * WISH * activity.wished,
        required=activity.required,
        group=group,
    )


def _client_groups(activities: Sequence[Activity], *, once: bool) -> list[ClientGroup]:
    """List the groups of which one is needed, and, if a zone is seen once, the visits to each."""
    members: dict[tuple[str, int], list[int]] = {}
    for row, activity in enumerate(activities):
        if activity.group >= 0:
            members.setdefault(("needed", activity.group), []).append(row)
        elif once and activity.kind == VISIT and activity.partner < 0:
            members.setdefault(("zone", activity.zone), []).append(row)
    return [
        ClientGroup(rows, required=key == "needed" and not activities[rows[0]].wished)
        for (key, _), rows in members.items()
    ]


@dataclass(frozen=True)
class _Loads:
    """Goods that only some kinds of team can carry, and the meals of each kind."""

    patterns: tuple[tuple[str, tuple[bool, ...]], ...]

    @classmethod
    def of(cls, problem: Problem, activities: Sequence[Activity]) -> "_Loads":
        found = dict.fromkeys(_pattern(activity) for activity in activities)
        return cls(tuple(key for key in found if key[0] == MEAL or not all(key[1])))

    def of_activity(self, activity: Activity) -> list[int]:
        mine = _pattern(activity)
        return [int(pattern == mine) for pattern in self.patterns]

    def capacity(self, kind: int) -> list[int]:
        """Return how much of each goods a team of a kind can carry."""
        return [
            0 if not allowed[kind] else 1 if name == MEAL else MUCH
            for name, allowed in self.patterns
        ]


def _pattern(activity: Activity) -> tuple[str, tuple[bool, ...]]:
    return (MEAL if activity.kind == MEAL else "", activity.allowed)


def _vehicle_types(
    problem: Problem, loads: _Loads, depot: dict[int, int], metre: int
) -> list[VehicleType]:
    types = []
    for kind, rows in enumerate(problem.kinds):
        team = problem.teams[rows[0]]
        types.append(
            VehicleType(
                num_available=len(rows),
                capacity=loads.capacity(kind),
                start_depot=depot[team.start],
                end_depot=depot[team.finish],
                tw_early=team.from_s,
                tw_late=team.until_s,
                unit_distance_cost=metre,
                profile=team.mode,
            )
        )
    return types


def _matrices(
    problem: Problem, activities: Sequence[Activity], posts: list[int]
) -> tuple[list[Any], list[Any]]:
    """Return the metres and the seconds between all locations, for each mode."""
    leaves = np.array([*posts, *(activity.leaves for activity in activities)])
    place = np.array([*posts, *(activity.place for activity in activities)])
    visit = np.array([False] * len(posts) + [one.kind == VISIT for one in activities])
    slow = visit[:, None] | visit[None, :]
    distances, durations = [], []
    for legs in problem.journeys:
        metres, seconds = legs.metres[np.ix_(leaves, place)], legs.seconds[np.ix_(leaves, place)]
        long = np.minimum(np.where(slow, stretched(seconds, problem.reserve), seconds), UNREACHABLE)
        far = np.where(np.isfinite(metres), metres, UNREACHABLE)
        durations.append(np.ascontiguousarray(long, dtype=np.int64))
        distances.append(np.ceil(np.minimum(far, UNREACHABLE)).astype(np.int64))
        np.fill_diagonal(durations[-1], 0)
        np.fill_diagonal(distances[-1], 0)
    return distances, durations
