"""What a plan is compared with: no plan at all, and stops and cameras drawn at random."""

from dataclasses import dataclass

import numpy as np

from planner.allocate.cameras.covering import Problem as Covering
from planner.allocate.legs import stretched
from planner.allocate.patrols.problem import Problem, Team

DRAWS = 200


@dataclass(frozen=True)
class Spread:
    """Mean and central 80 % of what random draws cover."""

    mean: float
    low: float
    high: float


def spread(values: np.ndarray) -> Spread:
    """Sum up draws."""
    low, high = np.quantile(values, [0.1, 0.9])
    return Spread(float(values.mean()), float(low), float(high))


def random_patrols(problem: Problem, seed: int) -> Spread:
    """Cover what teams cover that go to stops drawn at random, by the same rules.

    They do no duties and eat no meals, so that chance is given every advantage.
    """
    generator = np.random.default_rng(seed)
    if not len(problem.options):
        return Spread(0.0, 0.0, 0.0)
    slow = tuple(stretched(legs.seconds, problem.reserve) for legs in problem.journeys)
    nights = [_random_night(problem, slow, generator) for _ in range(DRAWS)]
    owner = np.repeat(np.arange(DRAWS), [len(rows) for rows, _ in nights])
    rows = np.concatenate([rows for rows, _ in nights]).astype(int)
    begins = np.concatenate([begins for _, begins in nights]).astype(float)
    if problem.worth is None:
        adds = problem.options.worth[rows]
    else:
        ends = begins + problem.options.dwell_s[rows]
        adds = problem.worth.in_order(owner, problem.options.zone[rows], begins, ends)
    return spread(np.bincount(owner, adds, minlength=DRAWS))


def _random_night(
    problem: Problem, slow: tuple[np.ndarray, ...], generator: np.random.Generator
) -> tuple[list[int], list[int]]:
    visited = problem.options.together > 1
    rows: list[int] = []
    begins: list[int] = []
    for team in problem.teams:
        _walk_at_random(problem, team, slow[team.mode], visited, generator, rows, begins)
    return rows, begins


def _walk_at_random(
    problem: Problem,
    team: Team,
    seconds: np.ndarray,
    visited: np.ndarray,
    generator: np.random.Generator,
    rows: list[int],
    begins: list[int],
) -> None:
    """Go to any stop that can be begun on arrival; wait only where there is none."""
    options = problem.options
    place = options.place
    takes = stretched(options.dwell_s.astype(float), problem.reserve)
    last = np.minimum(options.closes, team.until_s - takes - seconds[place, team.finish])
    able = options.officers <= team.officers
    here, now = team.start, team.from_s
    while True:
        arrives = now + seconds[here, place]
        starts = np.maximum(arrives, options.opens)
        possible = np.flatnonzero(~visited & able & (starts <= last))
        if not len(possible):
            return
        at_once = possible[starts[possible] == arrives[possible]]
        row = int(generator.choice(at_once if len(at_once) else possible))
        visited[row] = True
        rows.append(row)
        begins.append(int(starts[row]))
        here, now = int(place[row]), int(starts[row] + takes[row])


def random_cameras(
    problem: Covering, offered: np.ndarray, beside: np.ndarray, new: int, seed: int
) -> Spread:
    """Cover what cameras drawn at random cover, in the problem's unit.

    Parameters
    ----------
    problem
        What can be seen from where.
    offered, beside
        Options to draw from, and those that are chosen in any case.
    new
        How many are drawn.
    seed
        Of the draws.
    """
    generator = np.random.default_rng(seed)
    number = min(new, len(offered))
    if not number:
        return spread(np.array([problem.value(beside)]))
    picks = [generator.choice(offered, number, False) for _ in range(DRAWS)]
    return spread(np.array([problem.value(np.append(beside, pick)) for pick in picks]))
