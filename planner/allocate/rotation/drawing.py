"""A rotation drawn from a policy: whole nights for each plan, every minimum met, and an order.

Model
-----
The shares p(k) of a policy times N nights are first rounded at random to whole targets r(k) that
sum to N, each r(k) one of the two whole numbers beside N p(k) and N p(k) on average (systematic
sampling; Madow, 1949, "On the theory of systematic sampling, II"). The counts n(k) are the whole
numbers nearest to them that do what is asked:

    minimise    sum |n(k) - r(k)|
    subject to  sum v(k, i) n(k) >= d(i)                     for each i with a minimum d(i),
                sum (c(k) - share * best) n(k) >= 0          cover,
                sum n(k) = N,
                n(k) <= room(k)                              so that none must come twice running,

where room(k) is N / 2 rounded up, or down for the plan used on the night before the first. Where
no counts do all that, the last row is left out: every zone at its minimum comes before not using
a plan two nights running. CBC solves it (the objective is even, so a gap below 2 is none). Where
its time runs out, counts that leave as few visits short as can be found are taken if that is none
(:func:`planner.allocate.rotation.shortfall.least_short`). The order is drawn by
:mod:`planner.allocate.rotation.order`. What a seed gives, it gives again, but where time ran out.
"""

import numpy as np
import pulp

from planner.allocate.rotation.nights import Nights
from planner.allocate.rotation.order import draw_order
from planner.allocate.rotation.policy import Policy
from planner.allocate.rotation.shortfall import (
    does_what_is_asked,
    least_short,
    require_possible,
)

TIME_LIMIT_S = 20.0


def draw_rotation(
    policy: Policy,
    nights: Nights,
    minimum: np.ndarray,
    length: int,
    seed: int,
    cover_share: float = 0.95,
    last: int | None = None,
) -> np.ndarray:
    """Draw which night plan is used on which night.

    Every zone gets its minimum, the mean cover is at least its share of the best plan's, and no
    plan is used two nights running unless these need one plan on more than half of the nights
    (then as seldom as possible).

    Parameters
    ----------
    policy
        How often each plan should be used.
    nights
        The pool of night plans.
    minimum
        Visits that each zone must get in the rotation, shape (z,). Where each week must have
        them, draw week by week, each with the ``last`` of the one before.
    length
        Number of nights.
    seed
        Of the draw.
    cover_share
        Least mean cover, as a share of the best plan's (to 1e-7 of it).
    last
        Row of the plan used on the night before the first; None where that is not known.

    Returns
    -------
    numpy.ndarray
        Rows of night plans, shape (length,).

    Raises
    ------
    NoRotation
        Where the minimums and the cover can't be had together on whole nights, or no way to have
        them was found in time.
    """
    generator = np.random.default_rng(seed)
    targets = _targets(policy.shares, length, generator)
    room = np.full(len(nights), (length + 1) // 2)
    if last is not None:
        room[last] = length // 2
    for most in (room, np.full(len(nights), length)):
        counts, decided = _counts(nights, minimum, targets, most, cover_share)
        if counts is not None:
            return draw_order(counts, last, generator)
        if not decided:
            break
    require_possible(nights, minimum, length, cover_share, whole=True)
    return draw_order(least_short(nights, minimum, length, cover_share), last, generator)


def _targets(shares: np.ndarray, length: int, generator: np.random.Generator) -> np.ndarray:
    """Round shares of nights to whole numbers by systematic sampling in a random order."""
    order = generator.permutation(len(shares))
    ends = np.cumsum(shares[order]) * length
    ends[-1:] = length
    steps = np.floor(ends + generator.random()).astype(int)
    targets = np.empty(len(shares), dtype=int)
    targets[order] = np.diff(steps, prepend=0)
    return targets


def _counts(
    nights: Nights,
    minimum: np.ndarray,
    targets: np.ndarray,
    most: np.ndarray,
    cover_share: float,
) -> tuple[np.ndarray | None, bool]:
    """Return the counts nearest to the targets or None, and whether that is certain."""
    if does_what_is_asked(nights, minimum, targets, cover_share) and (targets <= most).all():
        return targets, True
    model = pulp.LpProblem("rotation", pulp.LpMinimize)
    counts = [
        model.add_variable(f"n{k}", 0, upper, pulp.LpInteger)
        for k, upper in enumerate(most.tolist())
    ]
    off = [model.add_variable(f"d{k}", 0) for k in range(len(counts))]
    model += pulp.lpSum(off)
    for count, distance, target in zip(counts, off, targets.tolist(), strict=True):
        model += distance - count >= -target
        model += distance + count >= target
    model += pulp.lpSum(counts) == int(targets.sum())
    scaled = nights.cover / max(nights.most_cover, 1e-300) - cover_share
    model += _weighted(counts, scaled) >= 0
    for zone in np.flatnonzero(minimum > 0):
        model += _weighted(counts, nights.visits[:, zone]) >= float(minimum[zone])
    model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=1.9, timeLimit=TIME_LIMIT_S))
    decided = model.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionInfeasible)
    found = np.rint([x.value() or 0.0 for x in counts]).astype(int)
    # Where there are none the solver's values keep neither bounds nor constraints.
    right = found.sum() == targets.sum() and ((found >= 0) & (found <= most)).all()
    if right and does_what_is_asked(nights, minimum, found, cover_share):
        return found, decided
    return None, decided


def _weighted(variables: list[pulp.LpVariable], weights: np.ndarray) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression(list(zip(variables, weights.tolist(), strict=True)))
