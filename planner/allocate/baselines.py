"""What a plan is compared with: no plan at all, and stops and cameras drawn at random."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.allocate.legs import stretched
from planner.allocate.patrols import FINISH, START, Problem

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
    """Cover what teams cover that walk to stops drawn at random, by the same rules."""
    generator = np.random.default_rng(seed)
    if not len(problem.options):
        return Spread(0.0, 0.0, 0.0)
    return spread(np.array([_random_night(problem, generator) for _ in range(DRAWS)]))


def _random_night(problem: Problem, generator: np.random.Generator) -> float:
    visited = np.zeros(len(problem.options), dtype=bool)
    for _ in range(problem.teams):
        _walk_at_random(problem, visited, generator)
    return float(problem.options.risk[visited].sum())


def _walk_at_random(problem: Problem, visited: np.ndarray, generator: np.random.Generator) -> None:
    """Go to any stop that can be begun on arrival; wait only where there is none."""
    options, place = problem.options, problem.place
    seconds = stretched(problem.legs.seconds, problem.reserve)
    service = int(stretched(problem.dwell_s, problem.reserve))
    last = np.minimum(options.closes, problem.shift_s - service - seconds[place, FINISH])
    here, now = START, 0
    while True:
        arrives = now + seconds[here, place]
        begins = np.maximum(arrives, options.opens)
        possible = np.flatnonzero(~visited & (begins <= last))
        if not len(possible):
            return
        at_once = possible[begins[possible] == arrives[possible]]
        row = int(generator.choice(at_once if len(at_once) else possible))
        visited[row] = True
        here, now = int(place[row]), int(begins[row]) + service


def random_cameras(
    weights: np.ndarray, seen: csr_array, standing: np.ndarray, new: int, seed: int
) -> Spread:
    """Cover what cameras at candidates drawn at random cover, beside the standing ones."""
    generator = np.random.default_rng(seed)
    candidates = seen.shape[0]
    left = np.where(standing, 0.0, weights)
    already = float(weights[standing].sum())
    if not new or not candidates:
        return Spread(already, already, already)
    picks = [generator.choice(candidates, min(new, candidates), False) for _ in range(DRAWS)]
    covered = [left[seen[pick].sum(axis=0) > 0].sum() for pick in picks]
    return spread(already + np.array(covered))
