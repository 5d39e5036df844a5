"""The policy: how often each night plan is used, so that the best guess seldom hits.

Model
-----
Night plans k with cover c(k), v(k, i) visits to zone i, and a(k, t, i) = 1 where some team of plan
k stands in zone i in bin t; s(k) is the number of bins in which plan k has any team standing. A
policy uses plan k with chance p(k), each night by itself. An observer who knows the policy
guesses, for a bin, one zone; his best guess hits with chance max over i of sum a(k, t, i) p(k).
Counting the bins in which any team stands somewhere, his share of hits is

    predictability = sum over t of M(t) / sum over k of s(k) p(k),
    M(t) = max over i of sum over k of a(k, t, i) p(k).

A defender who commits to a random policy that an observer knows is the leader of a Stackelberg
game (Pita et al., 2008, "Deployed ARMOR protection"; Tambe, 2011, "Security and game theory").
The ratio is minimised as a linear programme in y(k) = p(k) / sum s p (Charnes and Cooper, 1962,
"Programming with linear fractional functionals"):

    minimise    sum M(t)
    subject to  M(t) >= sum over k of a(k, t, i) y(k)                 for each t and i,
                sum s(k) y(k) = 1,
                sum (c(k) - share * best) y(k) >= 0                   cover,
                sum (N v(k, i) - d(i)) y(k) >= 0                      for each i with d(i) > 0,
                y(k) >= 0,

where N is the number of nights, d(i) the minimum of zone i, and best the greatest c(k). Many
policies are as hard to guess. Of those within 1 % a second programme takes the one of most entropy
(Shannon, 1948, "A mathematical theory of communication"; entropy against observers who watch: Xu,
Tambe, Dughmi and Noronha, 2018, "Mitigating the curse of correlation in security games by entropy
maximization"): the same constraints with sum p(k) = 1, sum M(t) <= 1.01 * optimum * sum s(k) p(k),
and

    maximise    sum h(k)
    subject to  h(k) <= q - (1 + ln q) p(k)     for each q of a geometric series,

tangents of -p ln p at q, which lie above it by at most 2.1 % of p (and 0.0001). HiGHS solves both.
Every visit counts, however short: how long a stop should be is a matter for the night plans
(Koper, 1995, "Just enough police presence").
"""

from dataclasses import dataclass

import numpy as np
import pulp

from planner.allocate.rotation.nights import Nights
from planner.allocate.rotation.shortfall import TOLERANCE, require_possible

SLACK = 0.01
TANGENTS = 1e-4 * 1.5 ** np.arange(24)


@dataclass(frozen=True)
class Policy:
    """How often each night plan is used.

    Attributes
    ----------
    shares
        Chance of each plan on a night, shape (k,), together 1.
    cover
        Expected cover of a night.
    best
        Cover of the plan that covers most.
    predictability
        Share of bins, of those in which a team stands somewhere, in which the best guess of an
        observer who knows the shares hits.
    least_predictability
        The least that any policy which does what is asked can have.
    entropy
        Of the plan that is used on a night, in bits; at most log2 of the number of plans.
    """

    shares: np.ndarray
    cover: float
    best: float
    predictability: float
    least_predictability: float
    entropy: float


def choose_policy(
    nights: Nights, minimum: np.ndarray, length: int, cover_share: float = 0.95
) -> Policy:
    """Choose how often each night plan is used.

    Parameters
    ----------
    nights
        The pool of night plans.
    minimum
        Visits that each zone must get in ``length`` nights, shape (z,); for visits in a week,
        give them with a length of 7.
    length
        Number of nights N.
    cover_share
        Least expected cover, as a share of the best plan's.

    Raises
    ------
    NoRotation
        Where the minimums and the cover can't be had together.
    """
    require_possible(nights, minimum, length, cover_share, whole=False)
    rules = _Rules.of(nights, minimum, length, cover_share)
    least = float(rules.predictability(_least_predictable(rules)))
    shares = _most_spread(rules, least * (1 + SLACK))
    return Policy(
        shares=shares,
        cover=float(shares @ nights.cover),
        best=nights.most_cover,
        predictability=rules.predictability(shares),
        least_predictability=least,
        entropy=entropy(shares),
    )


def policy_predictability(nights: Nights, shares: np.ndarray) -> float:
    """Return the share of bins in which the best guess of who knows the shares hits.

    Parameters
    ----------
    nights
        The pool of night plans.
    shares
        Chance of each plan, shape (k,).
    """
    best = np.tensordot(shares, nights.standing, axes=1).max(axis=-1, initial=0.0)
    return float(best.sum() / (shares @ _bins_that_count(nights)))


def entropy(chances: np.ndarray) -> float:
    """Return the Shannon entropy of chances that sum to 1, in bits."""
    some = chances[chances > 0]
    # Adding 0 makes the -0 of a certain outcome a 0.
    return float(-(some * np.log2(some)).sum() + 0.0)


def _bins_that_count(nights: Nights) -> np.ndarray:
    # A plan of which no team stands anywhere has one bin in which no guess hits.
    counted: np.ndarray = np.maximum(nights.busy.sum(axis=1), 1)
    return counted


@dataclass(frozen=True)
class _Rules:
    """What both programmes share: rows that are zero or more, and pairs of bin and plans."""

    nights: Nights
    at_least_zero: np.ndarray
    guesses: list[tuple[int, np.ndarray]]
    counted: np.ndarray

    @classmethod
    def of(cls, nights: Nights, minimum: np.ndarray, length: int, cover_share: float) -> "_Rules":
        """Set out the rules of a policy: its cover, and each zone's minimum."""
        scale = max(nights.most_cover, 1e-300)
        demanded = np.flatnonzero(minimum > 0)
        visits = length * nights.visits[:, demanded] / minimum[demanded] - 1.0
        rows = np.vstack([nights.cover / scale - cover_share, visits.T])
        return cls(nights, rows, _guesses(nights.standing), _bins_that_count(nights))

    def predictability(self, shares: np.ndarray) -> float:
        return policy_predictability(self.nights, shares)

    def model(self, sense: int) -> tuple[pulp.LpProblem, list[pulp.LpVariable], pulp.LpVariable]:
        """Start a programme with the shared constraints; returns it, the shares and the hits."""
        model = pulp.LpProblem("policy", sense)
        shares = [model.add_variable(f"p{k}", 0) for k in range(len(self.nights))]
        best = [model.add_variable(f"m{t}", 0) for t in range(self.nights.present.shape[2])]
        for row in self.at_least_zero:
            model += _weighted(shares, row) >= -TOLERANCE
        for when, plans in self.guesses:
            hit = [(shares[k], -1) for k in plans.tolist()]
            model += pulp.LpAffineExpression([(best[when], 1), *hit]) >= 0
        return model, shares, pulp.lpSum(best)


def _guesses(standing: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """List each bin with the sets of plans that one guess would hit, none within another."""
    found = []
    for when in range(standing.shape[1]):
        plans = standing[:, when, standing[:, when].any(axis=0)].T.astype(float)
        size = plans.sum(axis=1)
        # Of sets that are the same the first stays.
        order = np.argsort(-size, kind="stable")
        plans, size = plans[order], size[order]
        within = np.tril(plans @ plans.T == size[:, None], -1)
        found += [(when, np.flatnonzero(row)) for row in plans[~within.any(axis=1)]]
    return found


def _weighted(variables: list[pulp.LpVariable], weights: np.ndarray) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression(list(zip(variables, weights.tolist(), strict=True)))


def _solved(model: pulp.LpProblem, shares: list[pulp.LpVariable]) -> np.ndarray:
    # With many rows beside few columns the interior point method takes a third of the time.
    model.solve(pulp.HiGHS(msg=False, solver="ipm"))
    values = np.maximum([x.value() or 0.0 for x in shares], 0.0)
    total: np.ndarray = values / values.sum()
    return total


def _least_predictable(rules: _Rules) -> np.ndarray:
    model, shares, hits = rules.model(pulp.LpMinimize)
    model += hits
    # As a share of the bins, so that y is of the size of a chance.
    model += _weighted(shares, rules.counted / rules.counted.max()) == 1
    return _solved(model, shares)


def _most_spread(rules: _Rules, most: float) -> np.ndarray:
    model, shares, hits = rules.model(pulp.LpMaximize)
    worth = [model.add_variable(f"h{k}") for k in range(len(shares))]
    model += pulp.lpSum(worth)
    model += pulp.lpSum(shares) == 1
    model += hits - _weighted(shares, rules.counted * most) <= 1e-9
    for share, h in zip(shares, worth, strict=True):
        for q in TANGENTS[TANGENTS < 1].tolist():
            slope = 1 + float(np.log(q))
            model += pulp.LpAffineExpression([(h, 1), (share, slope)]) <= q
        model += h + share <= 1
    return _solved(model, shares)
