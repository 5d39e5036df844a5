"""What each camera of a choice adds: in turn to those before it, and to all the others."""

import numpy as np

from planner.allocate.cameras.covering import SLACK, Problem


def added_in_turn(problem: Problem, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Put options in the order in which each adds most to what stays and those before it.

    Returns
    -------
    order, adds
        Those of the options that add anything, and what each adds.
    """
    left, cover = [int(option) for option in chosen], problem.base.copy()
    order, adds = [], []
    while left:
        gains = problem.gains(cover)[left]
        best = int(np.argmax(gains))
        if gains[best] <= SLACK:
            break
        order.append(left.pop(best))
        adds.append(float(gains[best]))
        cover = problem.cover(np.array(order, dtype=int))
    return np.array(order, dtype=int), np.array(adds)


def lost_without(problem: Problem, chosen: np.ndarray) -> np.ndarray:
    """Return what would be covered no more without each of the chosen, shape (chosen,)."""
    whole = problem.value(chosen)
    return np.array([whole - problem.value(np.delete(chosen, row)) for row in range(len(chosen))])
