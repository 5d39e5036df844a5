"""An upper bound on what patrols can cover: a linear relaxation of their routes.

Model
-----
Of the patrol problem (:mod:`planner.allocate.patrols`) keep the flow of teams and the time it
takes, and drop that a route is one piece. For the best options K, x(v, w) in [0, 1] for every
pair that the windows allow (s(v) at its earliest, s(w) at its latest), arcs from the start and
to the finish, and y(u) in [0, 1] for each of the other options, which cost at least their dwell:
a route that loses them is no longer, since walks obey the triangle inequality.

    maximise    sum over v in K of p(v) in(v) + sum over others of p(u) y(u)
    subject to  in(v) = out(v) <= 1                              for each v in K,
                sum of x(start, v) <= m,
                x(v, w) + x(w, v) <= in(v)                       for close pairs of K,
                walks and dwells over arcs and the others <= m S,
                walks, dwells and waits over arcs <= m S.

Time is counted twice: the walks and dwells of all visits, and for K alone the walks, dwells and
waits until windows open (a visit outside K could fill a wait, so the two can't be one row). Every
plan, without its visits outside K, is a flow of this kind, so the optimum bounds all plans. HiGHS
solves it.
"""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, vstack

from planner.allocate.legs import stretched
from planner.allocate.patrols import FINISH, START, Problem
from planner.allocate.visits import Options

MOST_OPTIONS = 160
NEAREST_PAIRS = 12


def upper_bound(problem: Problem) -> float:
    """Bound the expected incidents that any plan for a problem can cover."""
    options, place = problem.options, problem.place
    if not len(options) or not options.risk.max() > 0:
        return 0.0
    seconds = stretched(problem.legs.seconds, problem.reserve)
    service = int(stretched(problem.dwell_s, problem.reserve))
    order = np.argsort(-options.risk, kind="stable")
    best, others = order[:MOST_OPTIONS], order[MOST_OPTIONS:]
    arcs = _Arcs.between(options.only(best), place[best], seconds, service, problem.shift_s)
    return _relaxed(
        arcs, options.risk[best], options.risk[others], service, problem.teams, problem.shift_s
    )


class _Arcs:
    """Arcs between the best options 0..n-1, from the start (-1) and to the finish (n)."""

    def __init__(
        self,
        tail: np.ndarray,
        head: np.ndarray,
        seconds: np.ndarray,
        with_waits: np.ndarray,
        count: int,
    ):
        self.tail, self.head, self.count = tail, head, count
        self.seconds, self.with_waits = seconds, with_waits

    @classmethod
    def between(
        cls,
        options: Options,
        place: np.ndarray,
        seconds: np.ndarray,
        service: int,
        shift_s: int,
    ) -> "_Arcs":
        """List the arcs that the windows allow, with and without waits."""
        count = len(options)
        walk = seconds[np.ix_(place, place)]
        out, back = seconds[START, place], seconds[place, FINISH]
        earliest = np.maximum(options.opens, out)
        latest = np.minimum(options.closes, shift_s - service - back)
        allowed = earliest[:, None] + service + walk <= latest[None, :]
        # However short the walk, a visit can't begin before its window opens.
        lasting = np.maximum(walk, options.opens[None, :] - options.closes[:, None] - service)
        np.fill_diagonal(allowed, False)
        tail, head = np.nonzero(allowed)
        usable = np.flatnonzero(earliest <= latest)
        return cls(
            np.concatenate([tail, np.full(len(usable), -1), usable]),
            np.concatenate([head, usable, np.full(len(usable), count)]),
            np.concatenate([walk[tail, head] + service, out[usable] + service, back[usable]]),
            np.concatenate(
                [lasting[tail, head] + service, earliest[usable] + service, back[usable]]
            ),
            count,
        )


def _relaxed(
    arcs: _Arcs,
    values: np.ndarray,
    other_values: np.ndarray,
    service: int,
    teams: int,
    shift_s: int,
) -> float:
    number, count = len(arcs.tail), arcs.count
    arc = np.arange(number)
    into, out = arcs.head < count, arcs.tail >= 0
    inflow = coo_array((np.ones(into.sum()), (arcs.head[into], arc[into])), (count, number)).tocsr()
    outflow = coo_array((np.ones(out.sum()), (arcs.tail[out], arc[out])), (count, number)).tocsr()
    leaving = csr_array((arcs.tail < 0).astype(float)[None, :])
    pairs = _pairs(arcs, inflow)
    wide = csr_array((count + 1 + pairs.shape[0], len(other_values)))
    above = vstack([inflow, leaving, pairs])
    others = np.full(len(other_values), float(service))
    time = np.stack(
        [
            np.concatenate([arcs.seconds, others]),
            np.concatenate([arcs.with_waits, np.zeros(len(others))]),
        ]
    )
    worth = np.concatenate([inflow.T @ values, other_values])
    if not worth.max(initial=0.0) > 0:
        return 0.0
    result = linprog(
        -worth / worth.max(),
        A_ub=vstack([_beside(above, wide), csr_array(time / (teams * shift_s))]),
        b_ub=np.concatenate([np.ones(count), [teams], np.zeros(pairs.shape[0]), [1.0, 1.0]]),
        A_eq=_beside(inflow - outflow, csr_array((count, len(other_values)))),
        b_eq=np.zeros(count),
        bounds=(0, 1),
        method="highs",
    )
    return float(-result.fun * worth.max()) if result.status == 0 else float(worth.sum())


def _beside(left: csr_array, right: csr_array) -> csr_array:
    return hstack([left, right]).tocsr()


def _pairs(arcs: _Arcs, inflow: csr_array) -> csr_array:
    """Forbid going to and fro: x(v, w) + x(w, v) <= in(v) for each v and its nearest w."""
    inner = (arcs.tail >= 0) & (arcs.head < arcs.count)
    index = np.flatnonzero(inner)
    key = arcs.tail[index].astype(np.int64) * arcs.count + arcs.head[index]
    reverse = arcs.head[index].astype(np.int64) * arcs.count + arcs.tail[index]
    position = np.searchsorted(key, reverse)
    both = (position < len(key)) & (key[np.minimum(position, len(key) - 1)] == reverse)
    first, second = index[both], index[position[both]]
    order = np.lexsort((arcs.seconds[first], arcs.tail[first]))
    rank = np.arange(len(order)) - np.searchsorted(arcs.tail[first][order], arcs.tail[first][order])
    chosen = order[rank < NEAREST_PAIRS]
    rows = np.arange(len(chosen))
    data = np.ones(2 * len(chosen))
    to_and_fro = coo_array(
        (data, (np.tile(rows, 2), np.concatenate([first[chosen], second[chosen]]))),
        (len(chosen), inflow.shape[1]),
    ).tocsr()
    return to_and_fro - inflow[arcs.tail[first[chosen]]]
