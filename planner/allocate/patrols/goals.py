"""Goals: what plans are searched for and chosen by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.allocate.patrols.activities import Activity
from planner.allocate.patrols.draws import worst_tenth
from planner.allocate.patrols.packing import Limit, Uncertain
from planner.allocate.patrols.pool import Pool, added_by, cover_of, metres_of
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.rounds import Goal
from planner.allocate.patrols.routing import Aim
from planner.allocate.patrols.timing import Tour
from planner.allocate.patrols.worth import Worth

WORST_PART = 0.5
# What a plan of little walking must still cover, of the most that was found.
LEAST_COVER = 0.85
# What a metre costs a plan of little walking, in hundred-thousandths of the best visit.
DEAR_METRE = 40
# Plans to choose from have at most this share of their visits in common with the first.
MOST_IN_COMMON = 0.7
HOUR_S = 3_600
# What breaks a rule of a choice goes after all that keep it.
LATE = 1e9


def goal_of(problem: Problem) -> Goal:
    """Return the problem's own goal: to cover most, over draws if it has any."""
    if problem.draws is None or problem.worth is None:
        return Goal(Aim(), _worths, lambda tours: cover_of(problem, tours))
    return Goal(
        Aim(),
        _worths,
        lambda tours: _over_draws(problem, tours),
        uncertain=lambda pool: Uncertain(_by_draw(problem, pool), WORST_PART),
    )


def _worths(pool: Pool) -> np.ndarray:
    return np.array([route.worth for route in pool.routes])


def _by_draw(problem: Problem, pool: Pool) -> np.ndarray:
    """Return what each route gains in each draw, shape (r, d)."""
    worth, draws = problem.worth, problem.draws
    tours = [route.tour for route in pool.routes]
    steps = [step for tour in tours for step in tour.visits]
    if worth is None or draws is None or not steps:
        return np.zeros((len(tours), 1))
    owner = np.repeat(np.arange(len(tours)), [len(tour.visits) for tour in tours])
    adds = added_by(problem, worth, owner, steps)
    gains = np.zeros((len(tours), len(draws)))
    zones = np.array([step.zone for step in steps])
    np.add.at(gains, owner, adds[:, None] * draws[:, zones].T)
    return gains


def _over_draws(problem: Problem, tours: Sequence[Tour]) -> float:
    steps = [step for tour in tours for step in tour.visits]
    if not steps or problem.worth is None or problem.draws is None:
        return 0.0
    adds = added_by(problem, problem.worth, np.zeros(len(steps), dtype=int), steps)
    by_draw = problem.draws[:, [step.zone for step in steps]] @ adds
    return (1 - WORST_PART) * float(adds.sum()) + WORST_PART * worst_tenth(by_draw)


@dataclass(frozen=True)
class Differ:
    """How much plans to choose from must differ from the first: a limit on visits in common.

    Attributes
    ----------
    visits
        Zone and beginning of each visit of the first plan.
    most
        The greatest share of a plan's visits that the first may have too; 1 for any.
    """

    visits: tuple[tuple[int, int], ...]
    most: float = MOST_IN_COMMON

    @classmethod
    def from_tours(cls, tours: Sequence[Tour], most: float = MOST_IN_COMMON) -> "Differ":
        """Differ from a plan."""
        visits = [(step.zone, step.arrive_s) for tour in tours for step in tour.visits]
        return cls(tuple(visits), most)

    def shared(self, tours: Sequence[Tour]) -> np.ndarray:
        """Tell which visits the first plan has too: the same zone within an hour, shape (n,)."""
        steps = [step for tour in tours for step in tour.visits]
        zone = np.array([step.zone for step in steps], dtype=int)
        begins = np.array([step.arrive_s for step in steps], dtype=int)
        first = np.array(self.visits, dtype=int).reshape(-1, 2)
        same = (zone[:, None] == first[None, :, 0]) & (
            np.abs(begins[:, None] - first[None, :, 1]) <= HOUR_S
        )
        found: np.ndarray = same.any(axis=1)
        return found

    def limits(self, pool: Pool) -> tuple[Limit, ...]:
        """Return the limit on a choice of routes."""
        if self.most >= 1:
            return ()
        tours = [route.tour for route in pool.routes]
        owner = np.repeat(np.arange(len(tours)), [len(tour.visits) for tour in tours])
        weights = np.bincount(owner, self.shared(tours) - self.most, minlength=len(tours))
        return (Limit(weights, "<=", 0.0),)

    def holds(self, tours: Sequence[Tour]) -> bool:
        """Tell whether a plan differs enough."""
        shared = self.shared(tours)
        return not len(shared) or float(shared.mean()) <= self.most + 1e-9


def other_worth(problem: Problem, activities: Sequence[Activity], worth: Worth) -> Goal:
    """Return the goal to cover most by another measure, such as harm.

    Parameters
    ----------
    problem, activities
        The problem, and what routes can hold.
    worth
        What visits are worth by the measure.
    """
    return Goal(
        Aim(_worth_at_middles(activities, worth)),
        lambda pool: _measured(problem, worth, pool),
        lambda tours: cover_of(problem, tours, worth),
    )


def _worth_at_middles(activities: Sequence[Activity], worth: Worth) -> np.ndarray:
    """Return what each activity is worth by a measure, begun in the middle of its window."""
    worths = np.zeros(len(activities))
    rows = [row for row, one in enumerate(activities) if one.zone >= 0]
    mine = [activities[row] for row in rows]
    if mine:
        worths[rows] = worth.of_visits(
            np.array([one.zone for one in mine]),
            np.array([(one.opens + one.closes) / 2 for one in mine]),
            np.array([one.stay for one in mine]),
        ) / np.array([2.0 if one.partner >= 0 else 1.0 for one in mine])
    return worths


def _measured(problem: Problem, worth: Worth, pool: Pool) -> np.ndarray:
    tours = [route.tour for route in pool.routes]
    steps = [step for tour in tours for step in tour.visits]
    owner = np.repeat(np.arange(len(tours)), [len(tour.visits) for tour in tours])
    if not steps:
        return np.zeros(len(tours))
    gains: np.ndarray = np.bincount(
        owner, added_by(problem, worth, owner, steps), minlength=len(tours)
    )
    return gains


def short_waits(
    problem: Problem, activities: Sequence[Activity], sites: np.ndarray, differ: Differ
) -> Goal:
    """Return the goal that sites wait as shortly as can be: the mean of their longest waits.

    Parameters
    ----------
    problem, activities
        The problem, and what routes can hold.
    sites
        Zones in which sites lie, rows of shape (s,).
    differ
        The plan to differ from.
    """
    first = min(team.from_s for team in problem.teams)
    last = max(team.until_s for team in problem.teams)
    site = set(sites.tolist())

    def shortens(zone: int, begins: float, stay: int) -> float:
        """Return what one visit takes off a site's longest wait: how far it is from either end."""
        return max(0.0, min(begins - first, last - begins - stay)) + 60 if zone in site else 0.0

    worths = np.array(
        [shortens(one.zone, (one.opens + one.closes) / 2, one.stay) for one in activities]
    )

    def gains(pool: Pool) -> np.ndarray:
        """Return what each route takes off longest waits, in seconds, shape (r,)."""
        return np.array(
            [
                sum(shortens(step.zone, step.arrive_s, step.leave_s - step.arrive_s)
                    for step in route.tour.visits)
                for route in pool.routes
            ]
        )  # fmt: skip

    return Goal(
        Aim(worths, once=True),
        gains,
        lambda tours: -mean_wait(problem, tours, sites) - LATE * (not differ.holds(tours)),
        lambda pool: (*_once_a_zone(problem, pool), *differ.limits(pool)),
    )


def mean_wait(problem: Problem, tours: Sequence[Tour], sites: np.ndarray) -> float:
    """Return the mean over sites of the longest time without a visit, in seconds."""
    waits = longest_waits(problem, tours, sites)
    return float(waits.mean()) if len(waits) else 0.0


def longest_waits(problem: Problem, tours: Sequence[Tour], sites: np.ndarray) -> np.ndarray:
    """Return the longest time without a visit at each site, in seconds, shape (s,).

    It counts from the first moment at which a team is free, and to the last.
    """
    first = min(team.from_s for team in problem.teams)
    last = max(team.until_s for team in problem.teams)
    place = {int(zone): row for row, zone in enumerate(sites)}
    steps = [
        (place[step.zone], step.arrive_s, step.leave_s)
        for tour in tours
        for step in tour.visits
        if step.zone in place
    ]
    made = problem.made
    steps += [
        (place[zone], begin, end)
        for zone, begin, end in zip(
            made.zone.tolist(), made.begins.tolist(), made.ends.tolist(), strict=True
        )
        if zone in place
    ]
    waits = np.zeros(len(sites))
    until = np.full(len(sites), first)
    for row, begin, end in sorted(steps, key=lambda step: step[1]):
        waits[row] = max(waits[row], begin - until[row])
        until[row] = max(until[row], end)
    longest: np.ndarray = np.maximum(waits, last - until)
    return longest


def _once_a_zone(problem: Problem, pool: Pool) -> tuple[Limit, ...]:
    """Limit visits to a zone to one, or to what is demanded of it."""
    holds: dict[int, np.ndarray] = {}
    for row, route in enumerate(pool.routes):
        for step in route.tour.visits:
            weights = holds.setdefault(step.zone, np.zeros(len(pool.routes)))
            weights[row] += 1
    demanded = {one.zone for one in problem.commitments}
    return tuple(
        Limit(weights, "<=", float(max(1, problem.minimum.get(zone, 1))))
        for zone, weights in holds.items()
        if zone not in demanded and not (problem.options.together[
            problem.options.zone == zone] > 1).any()
    )  # fmt: skip


def little_walking(problem: Problem, value: float, differ: Differ) -> Goal:
    """Return the goal to walk least and still cover most of what can be covered.

    Parameters
    ----------
    problem
        The problem.
    value
        What the first plan covers.
    differ
        The plan to differ from.
    """
    least = LEAST_COVER * value

    def walked(tours: Sequence[Tour]) -> float:
        """Return the metres of a plan, below zero; a plan that breaks a rule goes after all."""
        short = cover_of(problem, tours) < least * (1 - 1e-9)
        return -sum(metres_of(problem, tour) for tour in tours) - LATE * (
            short + (not differ.holds(tours))
        )

    return Goal(
        Aim(metre=DEAR_METRE),
        lambda pool: np.array([-route.metres for route in pool.routes]),
        walked,
        lambda pool: (Limit(_worths(pool), ">=", least), *differ.limits(pool)),
    )
