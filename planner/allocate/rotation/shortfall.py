"""Why no rotation does what is asked: zones that can't reach their minimum, and possible cover.

Model
-----
Night plans k with cover c(k) and v(k, i) visits to zone i, a rotation of N nights, n(k) nights
with plan k (a policy's n(k) are fractions, a rotation's are whole), a set D of zones with a
minimum d(i):

    maximise    sum c(k) n(k) / N
    subject to  sum v(k, i) n(k) >= d(i)     for each i in D,
                sum n(k) = N, n(k) >= 0.

The demands can be met together where this is at least the wanted share of the best plan's cover.
Where they can't, zones are named that are short even with the plan best for them on every night.
Where each could be met by itself, the set of zones is thinned by a deletion filter: a zone is left
out where the others are in conflict without it (Chinneck and Dravnieks, 1991, "Locating minimal
infeasible constraint sets in linear programs"). What remains is minimal: without any one of its
zones it could be met. HiGHS solves the model; where its time runs out its bound is used, so what
is named is in conflict for certain, if perhaps not minimal.

Where it is not known whether whole nights can do it, the visits short are made as few as can be
found, with e(i) visits short in zone i and the cover as asked:

    minimise    sum e(i)
    subject to  sum v(k, i) n(k) + e(i) >= d(i)               for each i in D,
                sum (c(k) - share * best) n(k) >= 0,
                sum n(k) = N, n(k) whole, e(i) >= 0.
"""

import time
from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from planner.allocate.rotation.nights import Nights
from planner.errors import Infeasible

TIME_LIMIT_S = 10.0
THINNING_S = 20.0
# What solvers hold constraints to, as a share of the best plan's cover.
TOLERANCE = 1e-7
MOST_NAMES = 10


class NoRotation(Infeasible):
    """No rotation, or no policy, over a pool of night plans does what is asked.

    Attributes
    ----------
    zones
        Rows of the zones that can't all reach their minimum, shape (s,).
    minimum
        What each of them needs in the rotation, shape (s,).
    reach
        The most visits that each could get if only it counted; where nothing is proven, what it
        gets in the nearest rotation that was found; shape (s,).
    length
        Nights in the rotation.
    wanted
        Share of the best plan's cover that is asked for.
    possible
        Share that would be possible with every zone at its minimum (a bound where time ran out);
        None where no share is.
    proven
        Whether it is certain that there is none.
    """

    def __init__(
        self,
        zones: np.ndarray,
        minimum: np.ndarray,
        reach: np.ndarray,
        length: int,
        wanted: float,
        possible: float | None,
        proven: bool = True,
    ):
        self.zones, self.minimum, self.reach = zones, minimum, reach
        self.length, self.wanted, self.possible = length, wanted, possible
        self.proven = proven
        super().__init__(self.words([f"zone row {row}" for row in zones]))

    def words(self, names: Sequence[str]) -> str:
        """Say what is wrong and what to do.

        Parameters
        ----------
        names
            What people call the zones in ``zones``, in that order.
        """
        if not len(self.zones):
            return "There is no night plan to make a rotation from; make some first."
        nights, cover = f"{self.length} nights", f"{self.wanted:.1%} of the best cover"
        need, reached = self._listed(names), self._listed(names, "at most")
        if not self.proven:
            nearest = self._listed(names, "there")
            return (
                f"No rotation of {nights} with {cover} and every zone at its minimum was found in "
                f"time; the nearest leaves short: {nearest}; lower a minimum or the share "
                "of cover, or make more night plans."
            )
        if (self.reach < self.minimum).any():
            return (
                f"These can't reach their minimum in {nights} with any night plan that was found: "
                f"{reached}; lower it, or the share of cover: plans that cover less go further."
            )
        if self.possible is None:
            return (
                f"These can't all reach their minimum in {nights}, whatever the cover: {need}; "
                "lower one of them, or the share of cover: plans that cover less go further."
            )
        return (
            f"With {cover} these can't all reach their minimum in {nights}: {need}; with every "
            f"minimum {self.possible:.1%} is possible: ask for no more than that, or lower a "
            "minimum."
        )

    def _listed(self, names: Sequence[str], reached: str = "") -> str:
        visits = [f"{need:g} visit{'' if need == 1 else 's'}" for need in self.minimum]
        if reached:
            visits = [
                f"{need}, {reached} {most:g}" for need, most in zip(visits, self.reach, strict=True)
            ]
        each = [f"{name} ({need})" for name, need in zip(names, visits, strict=True)]
        more = len(each) - MOST_NAMES
        return ", ".join(each[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def does_what_is_asked(
    nights: Nights, minimum: np.ndarray, counts: np.ndarray, cover_share: float
) -> bool:
    """Tell whether counts of night plans meet every minimum and the share of the cover.

    Parameters
    ----------
    nights
        The pool of night plans.
    minimum
        Visits that each zone must get, shape (z,).
    counts
        How often each plan is used, shape (k,).
    cover_share
        Least mean cover, as a share of the best plan's (to 1e-7 of it).
    """
    least = (cover_share - TOLERANCE) * nights.most_cover * counts.sum()
    met = (counts @ nights.visits >= minimum).all()
    return bool(met and counts @ nights.cover >= least)


def most_cover(
    nights: Nights,
    minimum: np.ndarray,
    length: int,
    zones: np.ndarray,
    whole: bool,
    seconds: float = TIME_LIMIT_S,
) -> float:
    """Bound the mean cover of a night if some zones have their minimum.

    Parameters
    ----------
    nights
        The pool.
    minimum
        Visits that each zone needs in the rotation, shape (z,).
    length
        Nights in the rotation.
    zones
        Rows of the zones that count.
    whole
        Whether a plan is used on a whole number of nights.
    seconds
        The longest that may take.

    Returns
    -------
    float
        No choice covers more; minus infinity where none exists.
    """
    count = len(nights)
    rules = [LinearConstraint(np.ones((1, count)), length, length)]
    if len(zones):
        rules.append(LinearConstraint(nights.visits[:, zones].T, minimum[zones], np.inf))
    scale = max(nights.most_cover, 1e-300)
    solved = milp(
        -nights.cover / scale,
        integrality=np.full(count, int(whole)),
        bounds=Bounds(0, length),
        constraints=rules,
        options={"time_limit": seconds},
    )
    if solved.status == 2:
        return -np.inf
    bound = solved.fun if solved.status == 0 else solved.mip_dual_bound
    return nights.most_cover if bound is None else -float(bound) / length * scale


def require_possible(
    nights: Nights, minimum: np.ndarray, length: int, cover_share: float, whole: bool
) -> None:
    """Raise where it is certain that the minimums and the cover can't be had together.

    Parameters
    ----------
    nights, minimum, length, whole
        As in :func:`most_cover`.
    cover_share
        Least share of the best plan's cover.

    Raises
    ------
    NoRotation
        With the zones in conflict and the cover that would be possible.
    """
    wanted = (cover_share - TOLERANCE) * nights.most_cover
    reach = length * nights.visits.max(axis=0, initial=0)
    demanded = np.flatnonzero(minimum > 0)

    def refuse(zones: np.ndarray, possible: float | None) -> NoRotation:
        return NoRotation(zones, minimum[zones], reach[zones], length, cover_share, possible)

    if not len(nights):
        raise refuse(demanded[:0], None)
    alone = np.flatnonzero(reach < minimum)
    if len(alone):
        raise refuse(alone, None)
    most = most_cover(nights, minimum, length, demanded, whole)
    if most >= wanted:
        return
    possible = most / nights.most_cover if most > -np.inf else None
    least = wanted if possible is not None else -np.inf
    raise refuse(_thinned(nights, minimum, length, demanded, whole, least), possible)


def least_short(nights: Nights, minimum: np.ndarray, length: int, cover_share: float) -> np.ndarray:
    """Return whole counts of night plans that leave no zone short, if they can be found.

    Parameters
    ----------
    nights, minimum, length, cover_share
        As in :func:`require_possible`.

    Raises
    ------
    NoRotation
        With the zones that are short in the nearest that was found.
    """
    count, zones = len(nights), np.flatnonzero(minimum > 0)
    asked = len(zones)
    cover = nights.cover / max(nights.most_cover, 1e-300) - cover_share
    visits = np.hstack([nights.visits[:, zones].T, np.eye(asked)])
    solved = milp(
        np.repeat([0.0, 1.0], [count, asked]),
        integrality=np.repeat([1, 0], [count, asked]),
        bounds=Bounds(0, np.concatenate([np.full(count, length), minimum[zones]])),
        constraints=[
            LinearConstraint(visits, minimum[zones], np.inf),
            LinearConstraint(np.append(cover, np.zeros(asked))[None], 0, np.inf),
            LinearConstraint(np.repeat([1, 0], [count, asked])[None], length, length),
        ],
        options={"time_limit": TIME_LIMIT_S},
    )
    found = np.zeros(count, dtype=int)
    if solved.x is not None:
        found[:] = np.rint(solved.x[:count])
        if does_what_is_asked(nights, minimum, found, cover_share):
            return found
    got = found @ nights.visits
    short = np.flatnonzero(got < minimum)
    raise NoRotation(short, minimum[short], got[short], length, cover_share, None, proven=False)


def _thinned(
    nights: Nights,
    minimum: np.ndarray,
    length: int,
    zones: np.ndarray,
    whole: bool,
    least: float,
) -> np.ndarray:
    """Leave out the zones without which the others are in conflict all the same."""
    until = time.monotonic() + THINNING_S
    # Zones of which the pool has least to spare are looked at last, and so kept.
    spare = length * nights.visits[:, zones].mean(axis=0) / minimum[zones]
    kept = zones
    for zone in zones[np.argsort(-spare, kind="stable")]:
        others, seconds = kept[kept != zone], until - time.monotonic()
        if seconds <= 0:
            break
        most = most_cover(nights, minimum, length, others, whole, min(seconds, 1.0))
        if most < least or most == -np.inf:
            kept = others
    return kept
