"""The pool: good routes, each with its times and its exact worth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from planner.allocate.patrols.activities import Activity
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.routing import Route_
from planner.allocate.patrols.timing import Begins, Step, Tour, tour_of, within_gaps
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
    make_tour
        Returns its times, as of the first team of the kind.
    worth
        Expected incidents that it covers alone.
    metres
        How far it goes.
    wishes
        How many demands it meets that a plan may leave undone; a half is half of one.
    """

    kind: int
    rows: tuple[int, ...]
    make_tour: Callable[[], Tour] = field(repr=False, compare=False)
    worth: float
    metres: float
    wishes: float

    @cached_property
    def tour(self) -> Tour:
        """Its times; of most routes nobody asks for them."""
        return self.make_tour()

    @cached_property
    def holds(self) -> tuple[int, frozenset[int]]:
        """Its kind and activities, in any order."""
        return self.kind, frozenset(self.rows)


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
        self._begins = Begins.of(problem, activities)
        self._zone = np.array([one.zone for one in activities], dtype=int)
        self._stay = np.array([one.stay for one in activities], dtype=int)
        self._half = np.array([one.partner >= 0 for one in activities], dtype=bool)
        self._wish = np.array([_wish(one) for one in activities])
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
            row = place.setdefault(one.holds, len(routes))
            if row == len(routes):
                routes.append(one)
            elif _is_better(one, routes[row]):
                routes[row] = one
            row_of[route] = row
        return Pool(tuple(routes), row_of)

    def timed(self, routes: Iterable[Route_]) -> list[Pooled]:
        """Return those of some routes that can be timed."""
        listed = list(dict.fromkeys(routes))
        self._time([route for route in listed if route not in self._known])
        return [one for route in listed if (one := self._known[route]) is not None]

    def _time(self, fresh: Sequence[Route_]) -> None:
        self._known |= dict.fromkeys(fresh)
        for kind, teams in enumerate(self.problem.kinds):
            mine = [route for route in fresh if route[0] == kind]
            most = self.problem.visits_a_gap
            kept = [tuple(within_gaps(rows, self.activities, most)) for _, rows in mine]
            possible, begins = self._begins.of_routes(teams[0], kept)
            walked = [at for at in np.flatnonzero(possible).tolist() if kept[at]]
            routes = [mine[at] for at in walked]
            self._value(teams[0], routes, [kept[at] for at in walked], begins[walked])

    def _value(
        self,
        team: int,
        routes: Sequence[Route_],
        kept: Sequence[tuple[int, ...]],
        begins: np.ndarray,
    ) -> None:
        """Keep what is known of routes of one kind, whose activities begin in time."""
        length = np.array([len(rows) for rows in kept], dtype=int)
        owner = np.repeat(np.arange(len(kept)), length)
        rows = np.array([row for mine in kept for row in mine], dtype=int)
        first = begins[np.arange(begins.shape[1]) < length[:, None]]
        worth = self._worth_alone(owner, rows, first, len(kept))
        metres = self._metres(team, owner, rows, length)
        wishes = np.bincount(owner, self._wish[rows], minlength=len(kept))
        numbers = zip(
            begins.tolist(), worth.tolist(), metres.tolist(), wishes.tolist(), strict=True
        )
        for route, mine, (moments, value, far, met) in zip(routes, kept, numbers, strict=True):
            doing = [self.activities[row] for row in mine]
            make = partial(tour_of, self.problem, team, doing, moments[: len(mine)])
            self._known[route] = Pooled(route[0], mine, make, value, far, met)

    def _worth_alone(
        self, owner: np.ndarray, rows: np.ndarray, begins: np.ndarray, count: int
    ) -> np.ndarray:
        """Value each route as if it were the only one; of what two teams do together, half."""
        visits = self._zone[rows] >= 0
        owner, rows, begins = owner[visits], rows[visits], begins[visits]
        if self.problem.worth is None:
            adds = np.array([self.activities[row].worth for row in rows.tolist()])
        else:
            ends, zones = begins + self._stay[rows], self._zone[rows]
            adds = adds_in_order(self.problem, self.problem.worth, owner, zones, begins, ends)
            adds = adds * np.where(self._half[rows], 0.5, 1.0)
        summed: np.ndarray = np.bincount(owner, adds, minlength=count)
        return summed

    def _metres(
        self, team: int, owner: np.ndarray, rows: np.ndarray, length: np.ndarray
    ) -> np.ndarray:
        """Return how far each route goes."""
        who = self.problem.teams[team]
        metres = self.problem.journeys[who.mode].metres
        here = np.concatenate([[who.start], self._begins.leaves[rows[:-1]]])[: len(rows)]
        last = np.cumsum(length) - 1
        here[(last + 1)[:-1]] = who.start
        far = np.bincount(owner, metres[here, self._begins.place[rows]], minlength=len(length))
        whole: np.ndarray = far + metres[self._begins.leaves[rows[last]], who.finish]
        return whole


def _is_better(one: Pooled, other: Pooled) -> bool:
    """Tell which of two routes with the same activities is worth more, or ends sooner."""
    if one.worth != other.worth:
        return one.worth > other.worth
    return one.tour.ends_s < other.tour.ends_s


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
    return adds_in_order(problem, worth, owner, zones, begins, ends)


def adds_in_order(
    problem: Problem,
    worth: Worth,
    owner: np.ndarray,
    zones: np.ndarray,
    begins: np.ndarray,
    ends: np.ndarray,
) -> np.ndarray:
    """Return what each visit adds to those of its own plan and those that were made before.

    Parameters
    ----------
    problem, worth, owner
        As of :func:`added_by`.
    zones, begins, ends
        Row of each visit's zone, and seconds after the start of the shift, shape (n,).
    """
    plans, made = np.unique(owner), problem.made
    adds = worth.in_order(
        np.concatenate([owner, np.repeat(plans, len(made.zone))]),
        np.concatenate([zones, np.tile(made.zone, len(plans))]),
        np.concatenate([begins, np.tile(made.begins, len(plans))]),
        np.concatenate([ends, np.tile(made.ends, len(plans))]),
    )
    return adds[: len(zones)]


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
