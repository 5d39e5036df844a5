"""In which order night plans come, once it is settled how often each does.

The next plan is drawn by how often each is still to be used, among those after which the fewest
plans need to be used two nights running. While a plan has at most one use more than all others
together, none needs to be. The observer (:mod:`planner.allocate.rotation.observer`) reckons with
the same chances: drawing by a rule that he knows is what makes his figure honest.
"""

import numpy as np


def next_chances(left: np.ndarray, last: int | None) -> np.ndarray:
    """Return the chance of each plan to be the next.

    Parameters
    ----------
    left
        How often each plan is still to be used, shape (k,), at least one of them more than 0.
    last
        Row of the plan used the night before; None where that is not known.

    Returns
    -------
    numpy.ndarray
        Shape (k,), together 1.
    """
    rows = np.arange(len(left))
    after = left[None, :] - np.eye(len(left), dtype=left.dtype)
    others = left.sum() - 1 - after
    # Uses of one plan fit between those of the others, and before the first of them: not there,
    # however, for the plan that has just been used.
    slots = others + 1 - np.eye(len(left), dtype=left.dtype)
    repeats = np.maximum(after - slots, 0).max(axis=1) + (rows == last)
    some = left > 0
    weights = np.where(some & (repeats == repeats[some].min()), left, 0)
    chances: np.ndarray = weights / weights.sum()
    return chances


def draw_order(counts: np.ndarray, last: int | None, generator: np.random.Generator) -> np.ndarray:
    """Draw an order of plans.

    Parameters
    ----------
    counts
        How often each plan is used, shape (k,).
    last
        Row of the plan used the night before the first; None where that is not known.
    generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        Rows of plans, shape (n,).
    """
    left, order = counts.copy(), np.empty(counts.sum(), dtype=int)
    for night in range(len(order)):
        last = int(generator.choice(len(left), p=next_chances(left, last)))
        left[last] -= 1
        order[night] = last
    return order
