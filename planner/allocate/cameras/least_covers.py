"""Least covers that can't be reached: which, and what would do."""

from dataclasses import replace

import numpy as np

from planner.allocate.cameras.covering import LeastCover, Problem
from planner.allocate.cameras.relaxation import model_of, relax

CLOSE = 1e-9


def unreached(problem: Problem) -> str:
    """Say which least covers of a problem can't be reached, alone or together.

    Where one can't be reached even alone it is named with the most that is possible; else the
    smallest set is named that can't be reached together, found by leaving out one after the other
    (Chinneck, 2008, "Feasibility and Infeasibility in Optimization": deletion filter).
    """
    for least in problem.least:
        most = _most(problem, least)
        if most < least.needed * (1 - CLOSE):
            whole = float(problem.weights[least.rows].sum())
            return (
                f"cameras.minimum_cover: '{least.name}' asks for {least.needed / whole * 100:.0f} "
                f"% of its risk, and at most {_floor(most / whole)} can be seen with what is "
                "allowed; ask for no more, or allow more cameras, money, or places for them."
            )
    names = " and ".join(f"'{each.name}'" for each in _conflict(problem))
    return (
        f"cameras.minimum_cover: {names} can't be reached together with what is allowed, each "
        "alone can; lower one of them, or allow more cameras or money."
    )


def _floor(share: float) -> str:
    """Return a share in per cent that is not rounded up."""
    return f"{max(0.0, np.floor(share * 100)):.0f} %"


def _most(problem: Problem, least: LeastCover) -> float:
    """Return the most of a place's weight that can be covered, were nothing else asked."""
    alone = replace(
        problem,
        weights=np.where(least.rows, problem.weights, 0.0),
        again=np.zeros_like(problem.again),
        least=(),
    )
    return relax(model_of(alone)).bound


def _conflict(problem: Problem) -> tuple[LeastCover, ...]:
    kept = problem.least
    for each in problem.least:
        fewer = tuple(other for other in kept if other is not each)
        if relax(model_of(replace(problem, least=fewer))).bound == -np.inf:
            kept = fewer
    return kept
