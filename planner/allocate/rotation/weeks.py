"""A rotation drawn stretch by stretch, each with its own minimums; and what is asked less of.

Where each week must see a zone, the nights are drawn week by week: a minimum over all nights could
be met in the first of them. Where what is asked for can't be had and may be relaxed, it is lowered
in this order until it can: minimums that no night plan reaches, the share of the cover, and
minimums that are in conflict whatever the cover.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.allocate.rotation.drawing import draw_rotation
from planner.allocate.rotation.nights import Nights
from planner.allocate.rotation.policy import Policy, choose_policy
from planner.allocate.rotation.shortfall import NoRotation

# By how much the share of the cover is lowered at least, and how far below what is possible: with
# the most that is possible the same few plans would come each week.
STEP, ROOM = 0.01, 0.03


@dataclass(frozen=True)
class Stretch:
    """Some nights one after the other, and the visits that each zone must get in them, (z,)."""

    length: int
    minimum: np.ndarray


@dataclass(frozen=True)
class Drawn:
    """A rotation as it was drawn.

    Attributes
    ----------
    policy
        How often each night plan is used.
    rows
        Rows of night plans, one for each night.
    cover_share
        What each stretch covers in the mean at least, as a share of the best plan.
    """

    policy: Policy
    rows: np.ndarray
    cover_share: float


def draw_stretches(
    nights: Nights,
    stretches: Sequence[Stretch],
    cover_share: float,
    seed: int,
    *,
    relax: bool = False,
) -> Drawn:
    """Choose a policy, and draw which night plan is used on which night of some stretches.

    Parameters
    ----------
    nights
        The pool of night plans.
    stretches
        One after the other; the policy is that of the first.
    cover_share
        Least mean cover in each, as a share of the best plan's.
    seed
        Of the draw.
    relax
        Whether to ask for less where all of it can't be had.

    Raises
    ------
    NoRotation
        Where what is asked for can't be had and may not be relaxed, or nothing can be had.
    """
    while True:
        try:
            return _drawn(nights, stretches, cover_share, seed)
        except NoRotation as error:
            if not relax or not len(nights):
                raise
            stretches, cover_share = _less(error, nights, stretches, cover_share)
            if cover_share < 0:
                raise


def _drawn(nights: Nights, stretches: Sequence[Stretch], cover_share: float, seed: int) -> Drawn:
    first = stretches[0]
    policy = choose_policy(nights, first.minimum, first.length, cover_share)
    rows = np.array([], dtype=int)
    for number, one in enumerate(stretches):
        last = int(rows[-1]) if len(rows) else None
        more = draw_rotation(
            policy, nights, one.minimum, one.length, seed + number, cover_share, last
        )
        rows = np.concatenate([rows, more])
    return Drawn(policy, rows, cover_share)


def _less(
    error: NoRotation, nights: Nights, stretches: Sequence[Stretch], cover_share: float
) -> tuple[list[Stretch], float]:
    """Return what is asked for instead of what can't be had."""
    most = nights.visits.max(axis=0, initial=0)
    if any((one.minimum > one.length * most).any() for one in stretches):
        return [
            replace(one, minimum=np.minimum(one.minimum, one.length * most)) for one in stretches
        ], cover_share
    if error.proven and error.possible is None:
        fewer = np.zeros(nights.zones, dtype=int)
        fewer[error.zones[0]] = 1
        return [
            replace(one, minimum=np.maximum(one.minimum - fewer, 0)) for one in stretches
        ], cover_share
    possible = np.inf if error.possible is None else error.possible
    return list(stretches), min(cover_share - STEP, possible - ROOM)
