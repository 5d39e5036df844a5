"""Rounds of search and packing, each from the best plan so far."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from pyvrp import ProblemData

from planner.allocate.patrols.activities import MEAL, Activity
from planner.allocate.patrols.nearness import NearRoutes, near_posts, too_far
from planner.allocate.patrols.packing import (
    Limit,
    Packing,
    Uncertain,
    best_together,
    keeps_rules,
)
from planner.allocate.patrols.pool import Pool, RouteTimes, cover_of
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.routing import WISH, Aim, Route_, routing_data
from planner.allocate.patrols.searches import THREADS, Given, Searches, waiting
from planner.allocate.patrols.timing import Tour
from planner.allocate.patrols.variations import Variations

# Many short searches found better plans in the same time than a few long ones: their routes differ
# more, and the packing joins them.
ROUND_ITERATIONS, LEAST_ROUNDS = 100, 2
MOST_CUTS = 40
# A team makes few visits together with another; all selections of so many are still few.
MOST_HALVES = 4
# Where time is set, how much longer searches of a round last than a packing: half of them begin
# beside it.
SEARCHING = 2.0
LEAST_ROUND_S = 0.2
LEAST_LEFT = 0.04


@dataclass(frozen=True)
class Effort:
    """How long to search.

    Attributes
    ----------
    seed
        Of the first try; each further try has the next.
    tries
        Searches in a round.
    iterations
        Of each try, over all rounds.
    seconds
        A limit for all instead.
    packings
        After the last round the plan that was packed has new variations: it is packed again while
        that helps, but not more often than this in all.
    """

    seed: int
    tries: int
    iterations: int
    seconds: float | None = None
    packings: int = 8

    def share(self, part: float) -> "Effort":
        """Return an effort that is a part of this one."""
        seconds = None if self.seconds is None else part * self.seconds
        return replace(self, iterations=max(1, round(part * self.iterations)), seconds=seconds)

    def words(self) -> str:
        """Say the rule that stops the search."""
        if self.seconds is not None:
            return f"{self.seconds:g} seconds"
        return f"{self.iterations} iterations in each of {self.tries} tries"


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
    activities, pool
        What the search considered: good routes, and the table that their rows point into.
    chosen
        Rows of the pool that the plan is made of.
    """

    tours: tuple[Tour, ...]
    value: float
    stopped_by: str
    activities: tuple[Activity, ...]
    pool: Pool
    chosen: tuple[int, ...]


@dataclass(frozen=True)
class Goal:
    """What plans are searched for and chosen by.

    Attributes
    ----------
    aim
        Of the searches.
    gains
        Returns what each route of a pool gains, shape (r,).
    value
        Returns what whole tours are worth: the plan of most is chosen.
    limits
        Returns further limits on a choice of routes.
    uncertain
        Returns gains over draws, or None.
    """

    aim: Aim
    gains: Callable[[Pool], np.ndarray]
    value: Callable[[Sequence[Tour]], float]
    limits: Callable[[Pool], tuple[Limit, ...]] = lambda pool: ()
    uncertain: Callable[[Pool], Uncertain | None] = lambda pool: None


def best_of_rounds(
    problem: Problem,
    activities: tuple[Activity, ...],
    effort: Effort,
    goal: Goal,
    plan: Sequence[Route_] = (),
    known: Sequence[Route_] = (),
) -> Patrols | None:
    """Search and pack until the effort is spent; None if no plan was found that keeps the rules.

    Parameters
    ----------
    problem, activities
        The problem, and what routes can hold.
    effort
        How long to search.
    goal
        What for.
    plan
        The routes of a plan that is known already.
    known
        Other routes that are known already.
    """
    data = [routing_data(problem, activities, goal.aim)]
    if problem.apart_s is not None:
        data.append(routing_data(problem, activities, near_posts(problem, activities, goal.aim)))
    clock, times = _Clock(effort), RouteTimes(problem, activities)
    variations = Variations(problem, activities)
    found: dict[Route_, None] = dict.fromkeys([*plan, *known])
    best: Patrols | None = None
    with Searches.begun(data, effort.seed, effort.tries) as searches:
        while (given := clock.next_round()) is not None:
            begin = _each_once(data[0], plan if best is None else as_found(best))
            searched = searches.of_round(given, begin)
            if (beside := clock.beside_packing()) is not None:
                searches.begin_own(beside)
            clock.packing_begins()
            plans = [one.best for one in searched if one.best is not None]
            fresh = [route for one in searched for route in one.routes]
            found |= dict.fromkeys(_with_and_without_halves(activities, fresh))
            plans.append(tuple(plan) if best is None else as_found(best))
            for _ in range(effort.packings if beside is None else 1):
                varied = variations.of(times.timed(plans[-1]))
                packed = _Packed(times, effort, goal, clock.seconds_left())
                best = packed.best(plans, [*varied, *found])
                if best is None or plans == [as_found(best)] or clock.seconds_left() == 0.0:
                    break
                plans = [as_found(best)]
            clock.packing_ends()
    return best


def _each_once(data: ProblemData, plan: Sequence[Route_]) -> tuple[Route_, ...]:
    """Leave out of a plan what a search can't begin with.

    That is what comes twice, and two of one group: of a plan that is known already the meals of all
    teams may be one, and visits may be grouped otherwise than they were when it was made.
    """
    group_of = {row: -1 - number for number, group in enumerate(data.groups()) for row in group}
    seen: set[int] = set()
    routes = []
    for kind, rows in plan:
        kept = []
        for row in rows:
            if row not in seen and group_of.get(row, row) not in seen:
                kept.append(row)
                seen |= {row, group_of.get(row, row)}
        routes.append((kind, tuple(kept)))
    return tuple((kind, rows) for kind, rows in routes if rows)


class _Clock:
    """Shares out an effort among rounds: by iterations, or by what is left of its time."""

    def __init__(self, effort: Effort) -> None:
        self._effort, self._began = effort, time.monotonic()
        self._iterations, self._packing_s, self._packed_at = effort.iterations, 0.0, self._began
        self._each = min(ROUND_ITERATIONS, -(-effort.iterations // LEAST_ROUNDS))
        self._to_begin = effort.tries

    def next_round(self) -> Given | None:
        """Return what each search of a round is given that waits for the best plan.

        It is None when all is spent.
        """
        if self._effort.seconds is None:
            given = min(self._iterations, self._each)
            self._iterations -= given
            return (given, None) if given else None
        left = self.seconds_left() or 0.0
        if left < LEAST_LEFT * self._effort.seconds:
            return None
        waves = -(-self._to_begin // THREADS)
        self._to_begin = self._effort.tries
        packing = max(self._packing_s, LEAST_ROUND_S)
        return 0, min(max(left - packing, left / 2), SEARCHING * packing) / waves

    def beside_packing(self) -> Given | None:
        """Return what each search beside the packing is given; None when all is spent."""
        if self._effort.seconds is None:
            given = min(self._iterations, self._each)
            return (given, None) if given else None
        packing = max(self._packing_s, LEAST_ROUND_S)
        left = (self.seconds_left() or 0.0) - packing
        if left <= LEAST_LEFT * self._effort.seconds:
            return None
        self._to_begin = waiting(self._effort.tries)
        own = self._effort.tries - self._to_begin
        return 0, min(left / 2, SEARCHING * packing) / max(1, -(-own // THREADS))

    def seconds_left(self) -> float | None:
        """Return what is left of the time; None where it has no limit."""
        if self._effort.seconds is None:
            return None
        return max(0.0, self._effort.seconds - (time.monotonic() - self._began))

    def packing_begins(self) -> None:
        """Note when the searches of a round are over."""
        self._packed_at = time.monotonic()

    def packing_ends(self) -> None:
        """Note when the packing of a round is over."""
        self._packing_s = time.monotonic() - self._packed_at


def as_found(plan: Patrols) -> tuple[Route_, ...]:
    """Return a plan's routes, each with a meal of its own: the meals of a kind are all alike."""
    meals: dict[int, list[int]] = {}
    for row, activity in enumerate(plan.activities):
        if activity.kind == MEAL:
            meals.setdefault(activity.source, []).append(row)
    routes = [plan.pool.routes[row] for row in plan.chosen]
    return tuple(
        (
            route.kind,
            tuple(
                meals[route.kind].pop(0) if plan.activities[row].kind == MEAL else row
                for row in route.rows
            ),
        )
        for route in routes
    )


def _with_and_without_halves(
    activities: Sequence[Activity], routes: Sequence[Route_]
) -> list[Route_]:
    """Add to each route what is left of it without some visits that need a second team."""
    listed = []
    for kind, rows in routes:
        halves = [
            row for row in rows if activities[row].partner >= 0 and not activities[row].required
        ]
        listed += [
            (kind, tuple(row for row in rows if row not in left_out))
            for left_out in _some_of(halves)
        ]
    return listed


def _some_of(halves: Sequence[int]) -> list[tuple[int, ...]]:
    """Return every selection of a few halves; of many none, all, each one, and all but each."""
    count = len(halves)
    sizes = range(count + 1) if count <= MOST_HALVES else sorted({0, 1, count - 1, count})
    return [some for size in sizes for some in combinations(halves, size)]


@dataclass(frozen=True)
class _Packed:
    """The packing of one round."""

    times: RouteTimes
    effort: Effort
    goal: Goal
    seconds: float | None

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.times.problem

    def best(self, plans: Sequence[tuple[Route_, ...]], found: Sequence[Route_]) -> Patrols | None:
        """Return the best of some whole plans, and of what fits together of all routes."""
        pool = self.times.pool(plans, found)
        packing = Packing(
            self.problem, self.times.activities, pool.routes, self.goal.limits(pool),
            uncertain=self.goal.uncertain(pool), seconds=self.seconds,
        )  # fmt: skip
        known = [pool.rows_of(plan) for plan in plans]
        candidates = [
            rows
            for rows in known
            if rows is not None
            and keeps_rules(packing, rows)
            and not too_far(self.problem, assigned(self.problem, pool, rows))
        ]
        best = self._best(pool, candidates)
        gains = with_wishes(self.goal.gains(pool), pool)
        rows = self._near(pool, packing, gains, None if best is None else best.chosen)
        return best if rows is None else self._best(pool, [*candidates, rows])

    def _near(
        self,
        pool: Pool,
        packing: Packing,
        gains: np.ndarray,
        known: tuple[int, ...] | None,
    ) -> tuple[int, ...] | None:
        """Choose routes that keep near one another, if that is asked: rules are added as broken."""
        rows = best_together(packing, gains, known)
        if self.problem.apart_s is None:
            return rows
        near = NearRoutes(self.problem, pool)
        for _ in range(MOST_CUTS):
            broken = None if rows is None else near.broken(rows)
            if not broken:
                return rows
            packing = replace(packing, near=(*packing.near, *broken))
            rows = best_together(packing, gains, known)
        return known

    def _best(self, pool: Pool, candidates: Sequence[tuple[int, ...]]) -> Patrols | None:
        ranked = []
        for rows in candidates:
            tours = assigned(self.problem, pool, rows)
            met = sum(pool.routes[row].wishes for row in rows)
            ranked.append((met, self.goal.value(tours), tours, rows))
        if not ranked:
            return None
        _, _, tours, rows = max(ranked, key=lambda one: one[:2])
        cover = cover_of(self.problem, tours)
        activities = tuple(self.times.activities)
        return Patrols(tours, cover, self.effort.words(), activities, pool, rows)


def with_wishes(gains: np.ndarray, pool: Pool) -> np.ndarray:
    """Add to what routes gain the demands that they meet and that may be left undone."""
    wishes = np.array([route.wishes for route in pool.routes], dtype=float)
    most = max(float(np.abs(gains).max(initial=0.0)), 1e-12)
    whole: np.ndarray = gains + wishes * WISH * most
    return whole


def assigned(problem: Problem, pool: Pool, rows: Sequence[int]) -> tuple[Tour, ...]:
    """Give chosen routes to the teams of their kind, those that leave first to the first."""
    tours: list[Tour] = []
    for kind, teams in enumerate(problem.kinds):
        mine = [pool.routes[row].tour for row in rows if pool.routes[row].kind == kind]
        mine.sort(key=lambda tour: (tour.starts_s, tour.steps[0].kind, tour.steps[0].source))
        tours += [replace(tour, team=team) for tour, team in zip(mine, teams, strict=False)]
    return tuple(sorted(tours, key=lambda tour: tour.team))
