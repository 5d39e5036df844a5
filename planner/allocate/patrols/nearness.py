"""Safety: whether each team that is out has another within a stated time of it.

On a leg from a to b a team is taken to be no nearer to anywhere than by way of a or of b: how far
two teams are apart is so never told as less than it is. A team that is not out is at its post. The
moments looked at are a minute apart: between two of them each team walks half a minute at most
towards or away from the nearer one.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.allocate.patrols.activities import VISIT, Activity
from planner.allocate.patrols.packing import Nearness
from planner.allocate.patrols.pool import Pool
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.routing import Aim
from planner.allocate.patrols.timing import Tour

STEP_S = 60


def moments_of(problem: Problem) -> np.ndarray:
    """Return the moments that are looked at, seconds after the start of the shift, shape (t,)."""
    begin = min(team.from_s for team in problem.teams)
    end = max(team.until_s for team in problem.teams)
    return np.arange(begin, end + 1, STEP_S)


def whereabouts(problem: Problem, tour: Tour, moments: np.ndarray) -> np.ndarray:
    """Return where a team is: places a and b, and seconds from a and to b, shape (t, 4)."""
    team = problem.teams[tour.team]
    begins = np.array([step.arrive_s for step in tour.steps])
    leaves = np.array([step.leave_s for step in tour.steps])
    # Legs 0..n: from the post to the first step, between steps, and to the post.
    left = np.array([tour.starts_s, *leaves])
    reached = np.array([*begins, tour.ends_s])
    tail = np.array([team.start, *(step.leaves for step in tour.steps)])
    head = np.array([*(step.place for step in tour.steps), team.finish])
    leg = np.clip(np.searchsorted(left, moments, side="right") - 1, 0, len(left) - 1)
    before = moments < tour.starts_s
    gone = np.clip(moments - left[leg], 0, None)
    walk = problem.journeys[team.mode].seconds[tail[leg], head[leg]]
    # Who has time left waits where he arrives.
    elapsed = np.minimum(gone, walk)
    arrived = (moments >= reached[leg]) | (gone >= walk)
    place_a = np.where(before, team.start, np.where(arrived, head[leg], tail[leg]))
    place_b = np.where(before, team.start, head[leg])
    since = np.where(before | arrived, 0, elapsed)
    to_go = np.where(before | arrived, 0, walk - elapsed)
    return np.column_stack([place_a, place_b, since, to_go])


def apart_s(problem: Problem, mode: int, one: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how far others are from one, no less than it is, in seconds, shape (..., t).

    Parameters
    ----------
    mode
        How the others get about.
    one, others
        From :func:`whereabouts`, shape (t, 4) and (..., t, 4).
    """
    seconds = problem.journeys[mode].seconds
    ways = [
        others[..., 2 + there] + seconds[others[..., there], one[:, here]] + one[:, 2 + here]
        for here in (0, 1)
        for there in (0, 1)
    ]
    least: np.ndarray = np.minimum.reduce(ways)
    return least


def too_far(problem: Problem, tours: Sequence[Tour]) -> list[tuple[int, int]]:
    """List where a team that is out has no other near it: number of the tour, moment in seconds."""
    if problem.apart_s is None:
        return []
    moments = moments_of(problem)
    every = [whereabouts(problem, tour, moments) for tour in tours]
    found = []
    for number, tour in enumerate(tours):
        out = (moments >= tour.starts_s) & (moments <= tour.ends_s)
        near = _near_post(problem, tours, every[number], moments)
        for other, theirs in zip(tours, every, strict=True):
            if other.team == tour.team:
                continue
            team = problem.teams[other.team]
            on = (moments >= team.from_s) & (moments <= team.until_s)
            mode = team.mode
            near |= on & (apart_s(problem, mode, every[number], theirs) <= problem.apart_s)
        found += [(number, int(moment)) for moment in moments[out & ~near]]
    return found


def _near_post(
    problem: Problem, tours: Sequence[Tour], one: np.ndarray, moments: np.ndarray
) -> np.ndarray:
    """Tell when a team is near the post of a team that has nothing to do, shape (t,)."""
    near = np.zeros(len(moments), dtype=bool)
    busy = {tour.team for tour in tours}
    for number, team in enumerate(problem.teams):
        if number in busy or problem.apart_s is None:
            continue
        at_post = np.tile([team.start, team.start, 0, 0], (len(moments), 1))
        on = (moments >= team.from_s) & (moments <= team.until_s)
        near |= on & (apart_s(problem, team.mode, one, at_post) <= problem.apart_s)
    return near


class NearRoutes:
    """Which routes of a pool keep near which others at what moments."""

    def __init__(self, problem: Problem, pool: Pool) -> None:
        self.problem, self.pool = problem, pool
        self.moments = moments_of(problem)
        self._where = np.array(
            [whereabouts(problem, route.tour, self.moments) for route in pool.routes]
        )

    def broken(self, rows: Sequence[int]) -> tuple[Nearness, ...]:
        """Return the rules that a choice of routes breaks, one for each route of it at most."""
        tours = [self.pool.routes[row].tour for row in rows]
        renamed = _distinct(self.problem, [self.pool.routes[row].kind for row in rows], tours)
        first: dict[int, int] = {}
        for number, moment in too_far(self.problem, renamed):
            first.setdefault(number, moment)
        return tuple(
            Nearness(rows[number], self._near(rows[number], moment))
            for number, moment in first.items()
        )

    def _near(self, row: int, moment: int) -> tuple[int, ...]:
        """Return the routes that are near one at a moment, of teams that are on duty."""
        at = int(np.searchsorted(self.moments, moment))
        one, others = self._where[row, at : at + 1], self._where[:, at : at + 1]
        found: list[int] = []
        for kind, teams in enumerate(self.problem.kinds):
            team = self.problem.teams[teams[0]]
            if not team.from_s <= moment <= team.until_s:
                continue
            mine = np.array([route.kind == kind for route in self.pool.routes])
            metres = apart_s(self.problem, team.mode, one, others)[:, 0]
            near = mine & (metres <= (self.problem.apart_s or 0))
            # A kind of a single team can't keep itself company.
            near[row] = False
            found += np.flatnonzero(near).tolist()
        return tuple(found)


def _distinct(problem: Problem, kinds: Sequence[int], tours: Sequence[Tour]) -> list[Tour]:
    """Give routes of a kind to different teams of it."""
    used = dict.fromkeys(range(len(problem.kinds)), 0)
    renamed = []
    for kind, tour in zip(kinds, tours, strict=True):
        renamed.append(replace(tour, team=problem.kinds[kind][used[kind]]))
        used[kind] += 1
    return renamed


def near_posts(problem: Problem, activities: Sequence[Activity], aim: Aim) -> Aim:
    """Return an aim for which only visits near the teams' posts are worth anything.

    Teams that keep within a quarter of the greatest time apart of the same place, places and ways
    between them, are never too far from one another.
    """
    worths = aim.worths
    if worths is None:
        worths = np.array([activity.worth for activity in activities])
    posts = [(team.mode, team.start) for team in problem.teams]
    reach = (problem.apart_s or 0) / 4
    near = np.array(
        [
            one.kind != VISIT
            or any(problem.journeys[mode].seconds[post, one.place] <= reach for mode, post in posts)
            for one in activities
        ]
    )
    return Aim(np.where(near, worths, 0.0), aim.metre, aim.once)
