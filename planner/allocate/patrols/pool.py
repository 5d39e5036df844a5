"""The pool: good routes, each with its times and its exact worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.allocate.patrols.activities import Activity
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.routing import Route_
from planner.allocate.patrols.timing import Begins, Step, Timetable, Tour, within_gaps
from planner.allocate.patrols.worth import Worth

MOST_ROUTES = 3_000


@dataclass(frozen=True)
class Pooled:
    """One route of the pool.

    Attributes
    ----------
    kind
        Kind of team.
    rows
        Rows of its activities, in order.
    tour
        Its times, as of the first team of the kind.
    worth
        Expected incidents that it covers alone.
    metres
        How far it goes.
    wishes
        How many demands it meets that a plan may leave undone; a half is half of one.
    """

    kind: int
    rows: tuple[int, ...]
    tour: Tour
    worth: float
    metres: float
    wishes: float


@dataclass(frozen=True)
class Pool:
    """Good routes, and where those that were found stand among them.

    Attributes
    ----------
    routes
        The routes.
    row_of
        Row of each found route that could be timed; of routes with the same activities, only the
        one of most worth is in the pool.
    """

    routes: tuple[Pooled, ...]
    row_of: Mapping[Route_, int]

    def rows_of(self, plan: Sequence[Route_]) -> tuple[int, ...] | None:
        """Return the rows of a plan's routes; None if one could not be timed."""
        rows = [self.row_of.get(route) for route in plan]
        return tuple(row for row in rows if row is not None) if None not in rows else None


class RouteTimes:
    """Times and values routes, each once, and gathers them in pools."""

    def __init__(self, problem: Problem, activities: Sequence[Activity]) -> None:
        self.problem, self.activities = problem, activities
        self._timetable = Timetable.of(problem)
        self._begins = Begins.of(problem, activities)
        self._known: dict[Route_, Pooled | None] = {}

    def pool(self, plans: Sequence[Sequence[Route_]], found: Iterable[Route_]) -> Pool:
        """Gather routes; of those with the same activities the one of most worth stays.

        Parameters
        ----------
        plans
            Whole plans, whose routes are in the pool whatever they are worth.
        found
            Other routes; of too many, those that gain least are left out.
        """
        first = list(dict.fromkeys(route for plan in plans for route in plan))
        every = list(dict.fromkeys([*first, *found]))
        self._time([route for route in every if route not in self._known])
        timed = [(route, one) for route in every if (one := self._known[route]) is not None]
        kept = _most_gainful(timed, set(first))
        place: dict[tuple[int, frozenset[int]], int] = {}
        routes: list[Pooled] = []
        row_of = {}
        for route, one in kept:
            key = (one.kind, frozenset(one.rows))
            row = place.setdefault(key, len(routes))
            if row == len(routes):
                routes.append(one)
            elif (one.worth, -one.tour.ends_s) > (routes[row].worth, -routes[row].tour.ends_s):
                routes[row] = one
            row_of[route] = row
        return Pool(tuple(routes), row_of)

    def timed(self, routes: Iterable[Route_]) -> list[Pooled]:
        """Return those of some routes that can be timed."""
        listed = list(dict.fromkeys(routes))
        self._time([route for route in listed if route not in self._known])
        return [one for route in listed if (one := self._known[route]) is not None]

    def _in_time(self, fresh: Sequence[Route_]) -> list[tuple[Route_, tuple[int, ...]]]:
        """Return the routes that can be walked in time, each with what is kept in its gaps."""
        most, found = self.problem.visits_a_gap, []
        for kind, teams in enumerate(self.problem.kinds):
            mine = [route for route in fresh if route[0] == kind]
            kept = [tuple(within_gaps(rows, self.activities, most)) for _, rows in mine]
            possible = self._begins.in_time(teams[0], kept)
            found += [(mine[at], kept[at]) for at in np.flatnonzero(possible).tolist()]
        return found

    def _time(self, fresh: Sequence[Route_]) -> None:
        problem, activities = self.problem, self.activities
        self._known |= dict.fromkeys(fresh)
        timed: list[tuple[Route_, Tour, tuple[int, ...]]] = []
        for route, kept in self._in_time(fresh):
            doing = [activities[row] for row in kept]
            tour = self._timetable.timed(problem, problem.kinds[route[0]][0], doing)
            if tour is not None:
                timed.append((route, tour, kept))
        tours, rows_of = [tour for _, tour, _ in timed], [rows for _, _, rows in timed]
        worth = _worth_alone(problem, activities, tours, rows_of)
        for (route, tour, rows), value in zip(timed, worth.tolist(), strict=True):
            wishes = sum(_wish(activities[row]) for row in rows)
            metres = metres_of(problem, tour)
            self._known[route] = Pooled(route[0], rows, tour, value, metres, wishes)


def _wish(activity: Activity) -> float:
    return 0.0 if not activity.wished else 0.5 if activity.partner >= 0 else 1.0


def _most_gainful(
    timed: Sequence[tuple[Route_, Pooled]], first: set[Route_]
) -> list[tuple[Route_, Pooled]]:
    if len(timed) <= MOST_ROUTES:
        return list(timed)
    ranked = sorted(
        range(len(timed)),
        key=lambda at: (
            timed[at][0] not in first,
            -timed[at][1].wishes,
            -timed[at][1].worth,
        ),
    )
    return [timed[at] for at in sorted(ranked[:MOST_ROUTES])]


def _worth_alone(
    problem: Problem,
    activities: Sequence[Activity],
    tours: Sequence[Tour],
    rows: Sequence[tuple[int, ...]],
) -> np.ndarray:
    """Value each route as if it were the only one; of what two teams do together, half."""
    halves = [
        0.5 if activities[row].partner >= 0 else 1.0
        for mine in rows
        for row in mine
        if activities[row].zone >= 0
    ]
    adds = _adds(problem, activities, tours, rows) * np.array(halves)
    owner = np.repeat(np.arange(len(tours)), [len(tour.visits) for tour in tours])
    summed: np.ndarray = np.bincount(owner, adds, minlength=len(tours))
    return summed


def _adds(
    problem: Problem,
    activities: Sequence[Activity],
    tours: Sequence[Tour],
    rows: Sequence[tuple[int, ...]],
) -> np.ndarray:
    if problem.worth is None:
        flat = [activities[row] for mine in rows for row in mine]
        return np.array([one.worth * (2 if one.partner >= 0 else 1) for one in flat if
                         one.zone >= 0])  # fmt: skip
    owner = np.repeat(np.arange(len(tours)), [len(tour.visits) for tour in tours])
    steps = [step for tour in tours for step in tour.visits]
    return added_by(problem, problem.worth, owner, steps)


def added_by(
    problem: Problem, worth: Worth, owner: np.ndarray, steps: Sequence[Step]
) -> np.ndarray:
    """Return what each visit adds to those of its own plan and those that were made before.

    Parameters
    ----------
    worth
        What visits are worth: the problem's, or that of another measure.
    owner
        Number of the plan of each visit, shape (n,).
    steps
        The visits, n of them.
    """
    zones = np.array([step.zone for step in steps], dtype=int)
    begins = np.array([step.arrive_s for step in steps], dtype=float)
    ends = np.array([step.leave_s for step in steps], dtype=float)
    plans = np.unique(owner)
    made = problem.made
    adds = worth.in_order(
        np.concatenate([owner, np.repeat(plans, len(made.zone))]),
        np.concatenate([zones, np.tile(made.zone, len(plans))]),
        np.concatenate([begins, np.tile(made.begins, len(plans))]),
        np.concatenate([ends, np.tile(made.ends, len(plans))]),
    )
    return adds[: len(steps)]


def cover_of(problem: Problem, tours: Sequence[Tour], worth: Worth | None = None) -> float:
    """Return the expected incidents that a whole plan covers, by the problem's worth or another."""
    steps = [step for tour in tours for step in tour.visits]
    measure = worth or problem.worth
    if not steps:
        return 0.0
    if measure is None:
        return float(problem.options.worth[sorted({step.source for step in steps})].sum())
    owner = np.zeros(len(steps), dtype=int)
    return float(added_by(problem, measure, owner, steps).sum())


def metres_of(problem: Problem, tour: Tour) -> float:
    """Return how far a team goes on a tour, in metres."""
    team = problem.teams[tour.team]
    leaves = [team.start, *(step.leaves for step in tour.steps)]
    places = [*(step.place for step in tour.steps), team.finish]
    return float(problem.journeys[team.mode].metres[leaves, places].sum())
