"""Routes that differ a little from those of a plan: for the packing to choose from.

The searches know only what a visit is worth in the mean of its window. What it is worth at its
moment, after those before it, is known of timed routes alone; so every route of the best plan is
tried with any two of its activities exchanged, and with each visit left out, replaced, or another
put before it (relocations and insertions as in Vansteenwegen, Souffriau and Van Oudheusden, 2011,
"The orienteering problem: a survey").
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from planner.allocate.patrols.activities import VISIT, Activity
from planner.allocate.patrols.pool import Pooled
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.routing import Route_

# Visits that are tried in each place, those first that are worth most for the time they take.
# With 15 the plans were the same.
TRIED = 6
# How much later the next activity may begin: the wait before it may leave so much.
MOST_LATE_S = 2_400


class Variations:
    """Makes variations of routes."""

    def __init__(self, problem: Problem, activities: Sequence[Activity]) -> None:
        self._problem = problem
        self._place = np.array([one.place for one in activities], dtype=int)
        self._leaves = np.array([one.leaves for one in activities], dtype=int)
        self._opens = np.array([one.opens for one in activities], dtype=float)
        self._closes = np.array([one.closes for one in activities], dtype=float)
        self._takes = np.array([one.takes for one in activities], dtype=float)
        self._worth = np.array([one.worth for one in activities], dtype=float)
        # What two teams make together can't be put into the route of one.
        self._free = np.array([one.kind == VISIT and one.partner < 0 for one in activities])
        self._allowed = np.array([one.allowed for one in activities])

    def of(self, routes: Iterable[Pooled]) -> list[Route_]:
        """Return variations of routes; not all of them can be walked."""
        found: dict[Route_, None] = {}
        for route in routes:
            rows = [*self._exchanged(route.rows), *self._changed(route)]
            found |= dict.fromkeys((route.kind, other) for other in rows)
        return list(found)

    def _exchanged(self, rows: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Exchange any two activities whose windows let them go before and after those between."""
        opens, closes = self._opens[list(rows)].tolist(), self._closes[list(rows)].tolist()
        for first in range(len(rows)):
            after, before = 0.0, closes[first]
            for second in range(first + 1, len(rows)):
                after = max(after, opens[second])
                if closes[first] < after:
                    break
                if opens[second] <= before:
                    other = list(rows)
                    other[first], other[second] = rows[second], rows[first]
                    yield tuple(other)
                before = min(before, closes[second])

    def _changed(self, route: Pooled) -> Iterator[tuple[int, ...]]:
        rows = route.rows
        for at in range(len(rows) + 1):
            yield from (
                (*rows[:at], new, *rows[at:]) for new in self._between(route, at, at)
            )  # fmt: skip
            if at < len(rows) and self._free[rows[at]]:
                yield (*rows[:at], *rows[at + 1 :])
                yield from (
                    (*rows[:at], new, *rows[at + 1 :]) for new in self._between(route, at, at + 1)
                )

    def _between(self, route: Pooled, first: int, then: int) -> list[int]:
        """Return the visits of most worth for their time between two activities of a route.

        Parameters
        ----------
        route
            The route.
        first
            How many of its activities come before.
        then
            How many of them come before the one after.
        """
        team, steps = self._problem.teams[route.tour.team], route.tour.steps
        seconds, slower = self._problem.journeys[team.mode].seconds, 1 - self._problem.reserve
        here, now = (
            (team.start, team.from_s)
            if first == 0
            else (steps[first - 1].leaves, steps[first - 1].leave_s)
        )
        there, begins = (
            (team.finish, team.until_s)
            if then == len(steps)
            else (steps[then].place, steps[then].arrive_s)
        )
        to, on = seconds[here, self._place] / slower, seconds[self._leaves, there] / slower
        arrives = np.maximum(now + to, self._opens)
        late = np.maximum(0.0, arrives + self._takes + on - begins)
        possible = self._free & self._allowed[:, route.kind]
        possible &= (arrives <= self._closes) & (late < MOST_LATE_S)
        possible[list(route.rows)] = False
        costs = self._takes + to + on - seconds[here, there] / slower + late
        score = np.where(possible, self._worth / np.maximum(costs, 1.0), 0.0)
        best = np.argsort(-score, kind="stable")[:TRIED]
        return [int(row) for row in best if score[row] > 0]
