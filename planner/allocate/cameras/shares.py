"""What each camera of a choice adds to all the others."""

import numpy as np

from planner.allocate.cameras.covering import Problem


def lost_without(problem: Problem, chosen: np.ndarray) -> np.ndarray:
    """Return what would be covered no more without each of the chosen, shape (chosen,)."""
    whole = problem.value(chosen)
    return np.array([whole - problem.value(np.delete(chosen, row)) for row in range(len(chosen))])
