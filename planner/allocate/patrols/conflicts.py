"""Which demands conflict: the smallest set that was found, when not all can be met.

Subsets of the demands are tried alone, each by a short search. Demands are taken away as long as
the rest still can't be met (Junker, 2004, "QuickXplain: preferred explanations and relaxations for
over-constrained problems"); what is left conflicts, and would not without any one of them. Since
the search is no proof, a set may in truth be possible; what it says is that no way was found.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.allocate.patrols.activities import Activity, activities_of, can_be_done
from planner.allocate.patrols.goals import goal_of
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.rounds import Effort, best_of_rounds
from planner.allocate.patrols.routing import Try, routing_data, search
from planner.errors import Infeasible

ITERATIONS = 300
# Where teams must keep near one another, routes are chosen from a pool.
EFFORT = (2, 60, None, 1)
MOMENTS = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Demand:
    """One demand: a commitment, or the visits to a zone.

    Attributes
    ----------
    commitment
        Row of the commitment, -1 if it is none.
    zone, visits
        The zone, and how many visits to it are demanded.
    """

    commitment: int = -1
    zone: int = -1
    visits: int = 0


class DemandsConflict(Infeasible):
    """Demands can't all be met; ``demands`` is a set that can't be met together."""

    def __init__(self, demands: tuple[Demand, ...]) -> None:
        super().__init__("No way was found to do all that is demanded.")
        self.demands = demands


def demands_of(problem: Problem) -> tuple[Demand, ...]:
    """List all demands of a problem: commitments first, then zones."""
    return (
        *(Demand(commitment=row) for row in range(len(problem.commitments))),
        *(Demand(zone=zone, visits=visits) for zone, visits in problem.minimum.items()),
    )


def conflicting(problem: Problem, seed: int) -> tuple[Demand, ...]:
    """Return a set of demands that can't be met together, as small as was found.

    Parameters
    ----------
    problem
        The problem; its options must hold those of the zones that are demanded.
    seed
        Of the searches.

    Returns
    -------
    tuple of Demand
        Empty if the teams' meals alone can't be met.
    """

    def possible(demands: Sequence[Demand]) -> bool:
        return _possible(problem, demands, seed)

    every = demands_of(problem)
    if problem.apart_s is None:
        alone = [demand for demand in every if not possible([demand])]
        if alone:
            return (alone[0],)
    elif not possible([]):
        return ()
    return tuple(_explained([], [], list(every), possible))


def _explained(
    background: list[Demand],
    added: list[Demand],
    candidates: list[Demand],
    possible: Callable[[Sequence[Demand]], bool],
) -> list[Demand]:
    """Return the least of the candidates that conflict with the background (QuickXplain)."""
    if added and not possible(background):
        return []
    if len(candidates) <= 1:
        return candidates
    half = len(candidates) // 2
    first, second = candidates[:half], candidates[half:]
    of_second = _explained([*background, *first], first, second, possible)
    of_first = _explained([*background, *of_second], of_second, first, possible)
    return of_first + of_second


def _possible(problem: Problem, demands: Sequence[Demand], seed: int) -> bool:
    rows = [demand.commitment for demand in demands if demand.commitment >= 0]
    stated = Counter(problem.commitments[row].zone for row in rows)
    needed = {
        demand.zone: demand.visits - stated[demand.zone]
        for demand in demands
        if demand.zone >= 0 and demand.visits > stated[demand.zone]
    }
    chosen = np.flatnonzero(np.isin(problem.options.zone, list(needed)))
    for zone, visits in needed.items():
        if (problem.options.zone[chosen] == zone).sum() < visits:
            return False
    asked = replace(
        problem, commitments=tuple(problem.commitments[row] for row in rows), minimum=needed
    )
    if not all(can_be_done(asked, commitment) for commitment in asked.commitments):
        return False
    together = any(commitment.together > 1 for commitment in asked.commitments)
    together |= bool((problem.options.together[chosen] > 1).any())
    for moment in MOMENTS if together else MOMENTS[:1]:
        activities = activities_of(asked, chosen, needed, moment)
        if not activities or _a_plan_is_found(asked, activities, seed):
            return True
    return False


def _a_plan_is_found(problem: Problem, activities: tuple[Activity, ...], seed: int) -> bool:
    if problem.apart_s is None:
        return search(routing_data(problem, activities), Try(seed, ITERATIONS)).best is not None
    found = best_of_rounds(problem, activities, Effort(seed, *EFFORT), goal_of(problem))
    return found is not None
