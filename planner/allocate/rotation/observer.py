"""How well an observer could tell where a team will stand, who knows all but the draw.

For every bin of every night he names one zone, and hits if any team stands in it. Only bins in
which a team stands somewhere count; where several zones are as likely he takes one of them at
random, so a hit may count in part. He knows the policy, every route of the nights before, and
how rotations are drawn. What he guesses by:

by the policy
    the zone that is likeliest by the shares of the policy;
by what was
    the zone in which a team stood on most nights before (earlier rotations too) in that bin, the
    policy counting as one night more;
by what is left
    the zone that is likeliest if the next plan is drawn as it is drawn
    (:mod:`planner.allocate.rotation.order`): he knows too how often each plan is used in this
    rotation, which only its file tells, which of these uses are over, and that no plan comes two
    nights running. Nobody who doesn't know the seed or watch tonight can know more;
watching tonight
    by what is left, among the plans that agree with where the teams stood in all bins of tonight
    before this one (he can't tell one team from another). Plans that he holds impossible count
    for next to nothing.

The first two are what the planner answers for: they need no more than the policy and what could be
seen. The third is why a rotation's file must be kept close: its last nights are all but certain to
him. The fourth is what is left when every team is watched (the "curse of correlation": Xu, Tambe,
Dughmi and Noronha, 2018, "Mitigating the curse of correlation in security games by entropy
maximization"), and with few plans it is near 1 after the first stops.
"""

from dataclasses import dataclass

import numpy as np

from planner.allocate.rotation.nights import NOWHERE, Nights
from planner.allocate.rotation.order import next_chances
from planner.allocate.rotation.policy import Policy

# Chances that differ by less are the same: sums of shares come in any order.
SAME_CHANCE = 1e-9
RULED_OUT = 1e-6


@dataclass(frozen=True)
class Score:
    """How predictable a rotation is. All rates are shares of the bins that count.

    Attributes
    ----------
    hit_rate
        The greater of the next two.
    by_policy, by_what_was
        How often the guesses hit that are made by each.
    by_what_is_left
        The same of an observer who knows too how often each plan is used in this rotation.
    watching
        How often the guesses of an observer hit who also watches tonight.
    single
        The hit rate if the plan that covers most were used every night.
    entropy
        Bits: for each bin in which a team stands on any night, the Shannon entropy of the zone of
        a (night, team) pair drawn from those that stand in that bin; the mean over these bins.
    greatest_entropy
        The entropy if in each bin all pairs stood in zones of their own, or shared evenly among
        the zones in which a plan of the pool has a team in that bin, if these are fewer.
    bins
        Number of pairs of night and bin that count.
    """

    hit_rate: float
    by_policy: float
    by_what_was: float
    by_what_is_left: float
    watching: float
    single: float
    entropy: float
    greatest_entropy: float
    bins: int

    @property
    def ratio(self) -> float:
        """The hit rate as a share of that against the single plan; 0 where that is 0."""
        return self.hit_rate / self.single if self.single else 0.0


def predictability(
    rotation: np.ndarray, nights: Nights, policy: Policy, earlier: np.ndarray | None = None
) -> Score:
    """Score a rotation against a simulated observer.

    Parameters
    ----------
    rotation
        Rows of night plans, shape (n,), at least one.
    nights
        The pool of night plans.
    policy
        The policy that the rotation was drawn from.
    earlier
        Rows of the plans used on the nights before the first, the latest last; None for none.
    """
    before = np.array([], dtype=int) if earlier is None else earlier
    rates = _rates(rotation, nights, policy.shares, before)
    single = np.zeros(len(nights))
    single[nights.best] = 1.0
    alone = _rates(np.full(len(rotation), nights.best), nights, single, before[:0])
    bits, most = zone_entropy(nights.present[rotation], nights)
    return Score(
        hit_rate=max(rates[:2]),
        by_policy=rates[0],
        by_what_was=rates[1],
        by_what_is_left=rates[2],
        watching=rates[3],
        single=max(alone[:2]),
        entropy=bits,
        greatest_entropy=most,
        bins=int(nights.busy[rotation].sum()),
    )


def zone_entropy(present: np.ndarray, nights: Nights) -> tuple[float, float]:
    """Return the entropy of the zones in which teams stand, and the greatest there could be.

    Parameters
    ----------
    present
        Zone rows of the teams on the nights that are scored, shape (n, m, b).
    nights
        The pool they come from.

    Returns
    -------
    tuple
        Bits: see ``entropy`` and ``greatest_entropy`` of :class:`Score`.
    """
    where = present.transpose(2, 0, 1).reshape(present.shape[2], -1)
    when, pair = np.nonzero(where != NOWHERE)
    counts = np.zeros((len(where), nights.zones))
    np.add.at(counts, (when, where[when, pair]), 1)
    pairs = counts.sum(axis=1)
    some = pairs > 0
    if not some.any():
        return 0.0, 0.0
    chances = counts[some] / pairs[some, None]
    logs = np.log2(chances, out=np.zeros_like(chances), where=chances > 0)
    reached = nights.standing.any(axis=0).sum(axis=1)
    most = np.log2(np.minimum(pairs, reached)[some])
    return float(-(chances * logs).sum(axis=1).mean() + 0.0), float(most.mean())


def _rates(
    rotation: np.ndarray, nights: Nights, shares: np.ndarray, earlier: np.ndarray
) -> tuple[float, float, float, float]:
    """Return the hit rates by the policy, by what was, by what is left, and watching tonight."""
    stands = nights.standing.astype(float)
    happened, counted = nights.standing[rotation], nights.busy[rotation]
    left = _chances_left(rotation, len(nights), int(earlier[-1]) if len(earlier) else None)
    expected = np.tensordot(shares, stands, axes=1)
    by_what_is_left = np.tensordot(left, stands, axes=1)
    watched = _watched(left, rotation, nights)
    watching = np.matmul(watched.transpose(2, 0, 1), stands.swapaxes(0, 1)).swapaxes(0, 1)
    return (
        _hit_rate(np.broadcast_to(expected, happened.shape), happened, counted),
        _hit_rate(_frequency(rotation, stands, earlier, expected), happened, counted),
        _hit_rate(by_what_is_left, happened, counted),
        _hit_rate(watching, happened, counted),
    )


def _frequency(
    rotation: np.ndarray, stands: np.ndarray, earlier: np.ndarray, expected: np.ndarray
) -> np.ndarray:
    """Return the share of nights before on which a team stood in a zone, shape (n, b, z)."""
    before = np.zeros((len(rotation), len(stands)))
    before[np.arange(1, len(rotation)), rotation[:-1]] = 1
    before = np.cumsum(before, axis=0) + np.bincount(earlier, minlength=len(stands))
    nights = before.sum(axis=1) + 1
    found: np.ndarray = (np.tensordot(before, stands, axes=1) + expected) / nights[:, None, None]
    return found


def _chances_left(rotation: np.ndarray, plans: int, last: int | None) -> np.ndarray:
    """Return the chance of each plan on each night, as it is drawn, shape (n, k)."""
    left = np.bincount(rotation, minlength=plans)
    chances = np.empty((len(rotation), plans))
    for night, row in enumerate(rotation.tolist()):
        chances[night] = next_chances(left, last)
        left[row] -= 1
        last = row
    return chances


def _watched(left: np.ndarray, rotation: np.ndarray, nights: Nights) -> np.ndarray:
    """Return the chance of each plan in each bin, given the bins before it, shape (n, k, b)."""
    seen = np.sort(nights.present, axis=1)
    used, night_of = np.unique(rotation, return_inverse=True)
    agrees = (seen[used][:, None] == seen[None]).all(axis=2)
    so_far = np.ones_like(agrees)
    so_far[:, :, 1:] = np.logical_and.accumulate(agrees, axis=2)[:, :, :-1]
    weights = (left + RULED_OUT)[:, :, None] * so_far[night_of]
    chances: np.ndarray = weights / weights.sum(axis=1, keepdims=True)
    return chances


def _hit_rate(chances: np.ndarray, happened: np.ndarray, counted: np.ndarray) -> float:
    """Return how often the likeliest zone has a team, over the bins that count.

    Parameters
    ----------
    chances, happened
        Chance and fact of a team in each zone, shape (n, b, z).
    counted
        Which bins count, shape (n, b).
    """
    if not counted.any():
        return 0.0
    guesses = chances >= chances.max(axis=-1, keepdims=True) - SAME_CHANCE
    hits = (guesses & happened).sum(axis=-1) / guesses.sum(axis=-1)
    return float(hits[counted].mean())
