"""Solving a covering problem: a good choice, a bound, and the proof as far as the effort goes.

Greedy and swaps begin (:mod:`planner.allocate.cameras.search`); the linear relaxation bounds what
is possible and leads further beginnings; its reduced costs tell which options are in no better
choice than the one that is known, and without those the integer search proves it or betters it.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from planner.allocate.cameras.covering import Covering, Problem
from planner.allocate.cameras.integer_search import search_integers
from planner.allocate.cameras.least_covers import unreached
from planner.allocate.cameras.merged_rows import merged
from planner.allocate.cameras.relaxation import Relaxed, model_of, relax
from planner.allocate.cameras.search import Search
from planner.errors import Infeasible

PROVEN = "proven optimum"
NOT_FOUND = (
    "No choice of cameras that reaches all least covers was found before the solver's limit; lower "
    "one of cameras.minimum_cover, or allow more cameras or money."
)
# Values closer than this, as a share, are equal.
CLOSE = 1e-9
# Enough that a row of a least cover goes before any other.
LEAST_FIRST = 1_000.0


@dataclass(frozen=True)
class Effort:
    """How hard to try.

    Attributes
    ----------
    seed
        Of the search's draws.
    rounds
        New beginnings of the search.
    nodes
        Nodes of the integer search; 0 leaves it away.
    seconds
        A limit of time for the whole, instead of those; or None.
    """

    seed: int = 1
    rounds: int = 60
    nodes: int = 2_000
    seconds: float | None = None


def solve(problem: Problem, effort: Effort = Effort()) -> Covering:
    """Choose the options that cover most.

    Parameters
    ----------
    problem
        What is chosen from.
    effort
        How hard to try.

    Raises
    ------
    Infeasible
        If no choice reaches all least covers.
    """
    begun = time.monotonic()
    joined, fixed = merged(problem)
    model = model_of(joined)
    relaxed = relax(model)
    if relaxed.bound == -np.inf:
        raise Infeasible(unreached(problem))
    known = _known(joined, relaxed, effort)
    left = None if effort.seconds is None else effort.seconds - (time.monotonic() - begun)
    chosen, bound, words = _proven(joined, relaxed, known, replace(effort, seconds=left))
    value = problem.value(chosen)
    return Covering(chosen, value, max(bound + fixed, value), words)


def _known(problem: Problem, relaxed: Relaxed, effort: Effort) -> np.ndarray | None:
    """Search for a good choice; None where it finds none that reaches the least covers."""
    asked = np.zeros(len(problem.weights), dtype=bool)
    for each in problem.least:
        asked |= each.rows
    # Led to the least covers by a greater weight of their rows; the rest is the integer search's.
    drawn = replace(problem, weights=problem.weights * np.where(asked, LEAST_FIRST, 1.0))
    search = Search(drawn, effort.seed)
    search.begin()
    if problem.least or _is_open(search.best[1], relaxed.bound):
        search.guided(relaxed.taken, effort.rounds)
    found = search.best[0]
    return found if problem.reaches_least(found) else None


def _is_open(value: float, bound: float) -> bool:
    return bound > value + CLOSE * max(1.0, abs(bound))


def _proven(
    problem: Problem, relaxed: Relaxed, known: np.ndarray | None, effort: Effort
) -> tuple[np.ndarray, float, str]:
    """Prove the choice that is known or better it; return it, its bound, and why the end is."""
    value = -np.inf if known is None else problem.value(known)
    if known is not None and not _is_open(value, relaxed.bound):
        return known, value, PROVEN
    if known is not None and effort.nodes == 0:
        return known, relaxed.bound, f"{effort.rounds} rounds of the search"
    kept = np.flatnonzero(~relaxed.left_out(value))
    begin = None
    if known is not None:
        kept = np.union1d(kept, known)
        begin = np.searchsorted(kept, known)
    smaller, fixed = merged(problem.only(kept))
    found = search_integers(smaller, model_of(smaller), begin, effort.nodes, effort.seconds)
    if found.chosen is None:
        raise Infeasible(unreached(problem) if found.status == "impossible" else NOT_FOUND)
    chosen = kept[found.chosen]
    if known is not None and problem.value(chosen) < value:
        chosen = known
    bound = min(relaxed.bound, max(found.bound + fixed, problem.value(chosen)))
    return chosen, bound, PROVEN if found.status == "proven" else _stopped(effort)


def _stopped(effort: Effort) -> str:
    if effort.seconds is not None:
        return "limit of time"
    return f"{effort.nodes:,} nodes of the integer search"
