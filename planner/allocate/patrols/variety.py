"""Many good plans for the same night: what a rotation, and a plan that keeps apart, choose from.

The worth of every zone, and of every hour in it, is changed at random, so that plans lie apart in
place and time. Short searches with the changed worths, from the best plan and afresh, each give a
plan; every now and then the routes that all of them found are packed into another. What plans
cover is counted without the changes, and those that cover too little are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.allocate.patrols.nearness import too_far
from planner.allocate.patrols.packing import Packing, best_together, keeps_rules
from planner.allocate.patrols.pool import Pool, RouteTimes, added_by, cover_of
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.rounds import (
    Effort,
    Patrols,
    as_found,
    assigned,
    with_wishes,
)
from planner.allocate.patrols.routing import Aim, Route_, Try, routing_data
from planner.allocate.patrols.searches import at_once
from planner.allocate.patrols.timing import Tour

HOUR_S = 3_600
# How far worths are changed, by turns.
SPREADS = (0.2, 0.4, 0.6)
PACK_EVERY, TRIES, ITERATIONS = 4, 4, 50
# At most so many times as many tries as plans are wanted.
TRIED = 2
# These plans need not be the best of their kind.
MOST_ROUTES, NEAR_ENOUGH = 400, 0.02


@dataclass(frozen=True)
class Night:
    """One plan for the night: its tours, and what it covers."""

    tours: tuple[Tour, ...]
    cover: float


def night_plans(
    problem: Problem,
    patrols: Patrols,
    effort: Effort,
    count: int,
    least_cover: float,
) -> tuple[Night, ...]:
    """Make many good plans for a night.

    Parameters
    ----------
    problem, patrols
        The problem, and its best plan with its pool; that plan is the first.
    effort
        Its seed, and how long a search is.
    count
        How many plans to make; those that are alike count once.
    least_cover
        As a share of the best plan's cover.
    """
    if not patrols.tours:
        return (Night((), 0.0),)
    maker = _Maker(problem, patrols, effort)
    best = Night(patrols.tours, patrols.value)
    found = {_visits(best.tours): best}
    for number in range(TRIED * count):
        for night in maker.others(number):
            if night.cover >= least_cover * best.cover and len(found) < count:
                found.setdefault(_visits(night.tours), night)
        if len(found) >= count:
            break
    return tuple(found.values())


def _visits(tours: Sequence[Tour]) -> frozenset[tuple[int, int]]:
    return frozenset((step.zone, step.arrive_s) for tour in tours for step in tour.visits)


class _Maker:
    """Makes plans from a pool that grows."""

    def __init__(self, problem: Problem, patrols: Patrols, effort: Effort) -> None:
        self.problem, self.effort = problem, effort
        self.activities = patrols.activities
        self.times = RouteTimes(problem, self.activities)
        self.found: dict[Route_, None] = dict.fromkeys(patrols.pool.row_of)
        self.first = as_found(patrols)
        self.zones = 1 + max((one.zone for one in self.activities), default=0)
        self.hours = 1 + max(team.until_s for team in problem.teams) // HOUR_S

    def others(self, number: int) -> list[Night]:
        """Make plans of a number; the same number gives the same plans."""
        generator = np.random.default_rng([self.effort.seed, number])
        spread = SPREADS[number % len(SPREADS)]
        factors = np.exp(
            spread * generator.standard_normal((self.zones, 1))
            + spread * generator.standard_normal((self.zones, self.hours))
        )
        plans = self._searched(number, factors)
        if number % PACK_EVERY == PACK_EVERY - 1:
            plans += self._packed(factors)
        return [
            Night(tours, cover_of(self.problem, tours))
            for tours in plans
            if not too_far(self.problem, tours)
        ]

    def _searched(self, number: int, factors: np.ndarray) -> list[tuple[Tour, ...]]:
        worths = np.array(
            [
                one.worth * factors[one.zone, min(one.opens // HOUR_S, self.hours - 1)]
                if one.zone >= 0
                else 0.0
                for one in self.activities
            ]
        )
        data = routing_data(self.problem, self.activities, Aim(worths))
        found = at_once(data, [self._try(number, at) for at in range(TRIES)])
        for one in found:
            self.found |= dict.fromkeys(one.routes)
        plans = [one.best for one in found if one.best is not None]
        pool = self.times.pool(plans, ())
        packing = Packing(self.problem, self.activities, pool.routes)
        rows = [pool.rows_of(plan) for plan in plans]
        return [
            assigned(self.problem, pool, mine)
            for mine in rows
            if mine is not None and keeps_rules(packing, mine)
        ]

    def _try(self, number: int, at: int) -> Try:
        """Begin half of the searches with the first plan."""
        seed = self.effort.seed + 5_000 + number + 100 * at
        iterations = min(self.effort.iterations, ITERATIONS)
        return Try(seed, iterations, None, self.first if at % 2 == 0 else ())

    def _packed(self, factors: np.ndarray) -> list[tuple[Tour, ...]]:
        every = self.times.pool([self.first], self.found)
        gains = with_wishes(self._gains(every, factors), every)
        chosen = np.sort(np.argsort(-gains, kind="stable")[:MOST_ROUTES])
        pool = Pool(tuple(every.routes[row] for row in chosen), {})
        packing = Packing(self.problem, self.activities, pool.routes, gap=NEAR_ENOUGH)
        rows = best_together(packing, gains[chosen])
        return [] if rows is None else [assigned(self.problem, pool, rows)]

    def _gains(self, pool: Pool, factors: np.ndarray) -> np.ndarray:
        tours = [route.tour for route in pool.routes]
        steps = [step for tour in tours for step in tour.visits]
        owner = np.repeat(np.arange(len(tours)), [len(tour.visits) for tour in tours])
        if not steps or self.problem.worth is None:
            return np.array([route.worth for route in pool.routes])
        adds = added_by(self.problem, self.problem.worth, owner, steps)
        zones = np.array([step.zone for step in steps])
        hours = np.array([step.arrive_s // HOUR_S for step in steps]).clip(0, self.hours - 1)
        gains: np.ndarray = np.bincount(owner, adds * factors[zones, hours], minlength=len(tours))
        return gains
