"""An upper bound on what patrols can cover: a linear relaxation of their routes.

Model
-----
Of the patrol problem (:mod:`planner.allocate.patrols.solving`) keep the flow of teams and the time
it takes, and drop that a route is one piece, who may do what, and meals but for their length. For
the commitments and the best options, together K, where the window of an option is cut into parts
that each count as a node of its own, x(v, w) in [0, u(v)] for every pair that the
windows allow (s(v) at its earliest, s(w) at its latest), arcs from the starts and to the
finishes, and y(o) in [0, 1] for each of the other options, which cost at least their dwell: a
route that loses them is no longer, since walks obey the triangle inequality. p(v) is the worth at
the best time of the window, u(v) how many teams do v together, T the teams' time in all.

    maximise    sum over visits in K of p(v) in(v) / u(v) + sum over others of p(o) y(o)
    subject to  in(v) = out(v)                                   for each part v of a window,
                sum of in(v) over the parts of an option <= u(v),
                in(c) = out(c)  = u(c)                           for each commitment c,
                sum of arcs from the starts <= m,
                x(v, w) + x(w, v) <= in(v)                       for close pairs of visits,
                walks and dwells over arcs and the others <= T less the meals,
                walks, dwells and waits over arcs <= T.

Where demands are wishes they may be left undone: in(c) <= u(c), and no meal is taken off.
Time is counted twice: the walks and dwells of all, and for K alone the walks, dwells and waits
until windows open (what is outside K could fill a wait, so the two can't be one row). Every plan,
without what is outside K, is a flow of this kind, so the optimum bounds all plans. HiGHS solves it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, vstack

from planner.allocate.legs import stretched
from planner.allocate.patrols.options import Options
from planner.allocate.patrols.problem import Problem

MOST_OPTIONS = 70
NEAREST_PAIRS = 12
# What a visit covers differs over its window, so the best options are looked at part by part.
PART_S = 900


def upper_bound(problem: Problem) -> float:
    """Bound the expected incidents that any plan for a problem can cover."""
    options = _possible(problem)
    fixed = _demanded(problem)
    if not len(options) or not options.most.max() > 0 or not problem.teams:
        return fixed
    order = np.argsort(-options.most, kind="stable")
    nodes = _Nodes.of(problem, options.only(order[:MOST_OPTIONS]))
    others = order[MOST_OPTIONS:]
    takes = stretched(options.dwell_s[others].astype(float), problem.reserve)
    arcs = _arcs(problem, nodes)
    return fixed + _relaxed(problem, nodes, arcs, options.most[others], takes.astype(float))


def _possible(problem: Problem) -> Options:
    """Return the options that enough teams with enough officers could make."""
    officers = np.array([team.officers for team in problem.teams], dtype=int)
    able = (officers[None, :] >= problem.options.officers[:, None]).sum(axis=1)
    return problem.options.only(np.flatnonzero(able >= problem.options.together))


def _demanded(problem: Problem) -> float:
    """Return the most that the visits among the commitments cover."""
    if problem.worth is None:
        return 0.0
    return float(
        sum(
            problem.worth.over_windows(
                one.opens_s, one.closes_s, np.array([one.zone]), one.service_s
            )[1][0]
            for one in problem.commitments
            if one.zone >= 0
        )
    )


@dataclass(frozen=True)
class _Nodes:
    """Commitments and parts of the best options, n of them: columns of shape (n,).

    ``owner`` counts the commitments and options that they are parts of.
    """

    place: np.ndarray
    leaves: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    takes: np.ndarray
    worth: np.ndarray
    together: np.ndarray
    visit: np.ndarray
    owner: np.ndarray

    @classmethod
    def of(cls, problem: Problem, options: Options) -> "_Nodes":
        """List the commitments, and the parts of some options' windows."""
        demanded = problem.commitments
        row, opens, closes, most = _parts(problem, options)
        takes = stretched(options.dwell_s.astype(float), problem.reserve)[row]
        worth = most / options.together[row]
        before, place = len(demanded), options.place[row]
        return cls(
            np.array([*(one.place for one in demanded), *place], dtype=int),
            np.array([*(one.leaves for one in demanded), *place], dtype=int),
            np.array([*(one.opens_s for one in demanded), *opens], dtype=int),
            np.array([*(one.closes_s for one in demanded), *closes], dtype=int),
            np.array([*(one.service_s for one in demanded), *takes], dtype=int),
            np.array([*(0.0 for _ in demanded), *worth]),
            np.array([*(one.together for one in demanded), *options.together[row]], dtype=int),
            np.array([False] * before + [True] * len(row)),
            np.array([*range(before), *(row + before)], dtype=int),
        )

    def __len__(self) -> int:
        return len(self.place)


def _parts(
    problem: Problem, options: Options
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cut the windows of options into parts: rows, first and last moments, most worth."""
    width = options.closes - options.opens
    count = np.ones(len(options), dtype=int) if problem.worth is None else width // PART_S + 1
    row = np.repeat(np.arange(len(options)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    # The parts share their ends, so no moment of the window is left out.
    opens = options.opens[row] + step * width[row] // count[row]
    closes = options.opens[row] + (step + 1) * width[row] // count[row]
    if problem.worth is None:
        return row, opens, closes, options.most[row]
    most = np.empty(len(row))
    windows = np.column_stack([opens, closes, options.dwell_s[row]])
    for window in np.unique(windows, axis=0):
        mine = (windows == window).all(axis=1)
        first, last, dwell = (int(value) for value in window)
        _, most[mine] = problem.worth.over_windows(first, last, options.zone[row[mine]], dwell)
    return row, opens, closes, np.minimum(most, options.most[row])


@dataclass(frozen=True)
class _Arcs:
    """Arcs between nodes 0..n-1, from a start (-1) and to a finish (n), shape (arcs,)."""

    tail: np.ndarray
    head: np.ndarray
    seconds: np.ndarray
    with_waits: np.ndarray


def _arcs(problem: Problem, nodes: _Nodes) -> _Arcs:
    """List the arcs that the windows allow, with and without waits, for the quickest team."""
    count, visit = len(nodes), nodes.visit
    modes = {team.mode for team in problem.teams}
    plain = np.min([problem.journeys[mode].seconds for mode in modes], axis=0)
    slow = stretched(plain, problem.reserve)
    pairs = np.ix_(nodes.leaves, nodes.place)
    walk = np.where(visit[:, None] | visit[None, :], slow[pairs], plain[pairs])
    out = np.where(visit, *(_from_posts(problem, times, nodes.place) for times in (slow, plain)))
    home = np.where(visit, *(_to_posts(problem, times, nodes.leaves) for times in (slow, plain)))
    begin, end = min(t.from_s for t in problem.teams), max(t.until_s for t in problem.teams)
    earliest = np.maximum(nodes.opens, begin + out)
    latest = np.minimum(nodes.closes, end - nodes.takes - home)
    allowed = (earliest + nodes.takes)[:, None] + walk <= latest[None, :]
    allowed &= nodes.owner[:, None] != nodes.owner[None, :]
    # However short the walk, nothing can begin before its window opens.
    lasting = np.maximum(walk, nodes.opens[None, :] - (nodes.closes + nodes.takes)[:, None])
    tail, head = np.nonzero(allowed)
    usable = np.flatnonzero(earliest <= latest)
    takes = nodes.takes
    first = np.maximum(out, nodes.opens - max(t.from_s for t in problem.teams))
    return _Arcs(
        np.concatenate([tail, np.full(len(usable), -1), usable]),
        np.concatenate([head, usable, np.full(len(usable), count)]),
        np.concatenate([walk[tail, head] + takes[head], out[usable] + takes[usable], home[usable]]),
        np.concatenate(
            [lasting[tail, head] + takes[head], first[usable] + takes[usable], home[usable]]
        ),
    )


def _from_posts(problem: Problem, times: np.ndarray, places: np.ndarray) -> np.ndarray:
    least: np.ndarray = np.min([times[team.start, places] for team in problem.teams], axis=0)
    return least


def _to_posts(problem: Problem, times: np.ndarray, places: np.ndarray) -> np.ndarray:
    least: np.ndarray = np.min([times[places, team.finish] for team in problem.teams], axis=0)
    return least


def _relaxed(
    problem: Problem, nodes: _Nodes, arcs: _Arcs, others: np.ndarray, others_take: np.ndarray
) -> float:
    count, number, arc = len(nodes), len(arcs.tail), np.arange(len(arcs.tail))
    into, out = arcs.head < count, arcs.tail >= 0
    inflow = coo_array((np.ones(into.sum()), (arcs.head[into], arc[into])), (count, number)).tocsr()
    outflow = coo_array((np.ones(out.sum()), (arcs.tail[out], arc[out])), (count, number)).tocsr()
    leaving = csr_array((arcs.tail < 0).astype(float)[None, :])
    pairs = _pairs(nodes, arcs, inflow)
    worth = np.concatenate([inflow.T @ nodes.worth, others])
    if not worth.max(initial=0.0) > 0:
        return 0.0
    span = float(sum(team.until_s - team.from_s for team in problem.teams))
    # Wishes may be left undone, and then their time is free for visits.
    meals = 0 if problem.wishes else sum(team.meal.service_s for team in problem.teams if team.meal)
    time = np.stack(
        [
            np.concatenate([arcs.seconds, others_take]),
            np.concatenate([arcs.with_waits, np.zeros(len(others))]),
        ]
    )
    owners = int(nodes.owner.max()) + 1
    whole = coo_array((np.ones(count), (nodes.owner, np.arange(count))), (owners, count)).tocsr()
    together = np.ones(owners)
    together[nodes.owner] = nodes.together
    wide = csr_array((owners + 1 + pairs.shape[0], len(others)))
    demanded = np.flatnonzero(~nodes.visit & (not problem.wishes))
    equal = vstack([inflow - outflow, inflow[demanded]])
    result = linprog(
        -worth / worth.max(),
        A_ub=vstack(
            [_beside(vstack([whole @ inflow, leaving, pairs]), wide), csr_array(time / span)]
        ),
        b_ub=np.concatenate(
            [
                together, [len(problem.teams)], np.zeros(pairs.shape[0]),
                [1.0 - meals / span, 1.0],
            ]
        ),
        A_eq=_beside(equal, csr_array((equal.shape[0], len(others)))),
        b_eq=np.concatenate([np.zeros(count), nodes.together[demanded]]),
        bounds=np.column_stack([np.zeros(number + len(others)), _most(nodes, arcs, len(others))]),
        method="highs",
    )  # fmt: skip
    return float(-result.fun * worth.max()) if result.status == 0 else _all_of(nodes, others)


def _most(nodes: _Nodes, arcs: _Arcs, others: int) -> np.ndarray:
    """Return how many teams can take each arc, and then each of the others."""
    together = np.append(nodes.together, 2)
    arc = np.minimum(together[arcs.tail], together[arcs.head]).astype(float)
    return np.concatenate([arc, np.ones(others)])


def _all_of(nodes: _Nodes, others: np.ndarray) -> float:
    return float((nodes.worth * nodes.together).sum() + others.sum())


def _beside(left: csr_array, right: csr_array) -> csr_array:
    return hstack([left, right]).tocsr()


def _pairs(nodes: _Nodes, arcs: _Arcs, inflow: csr_array) -> csr_array:
    """Forbid going to and fro: x(v, w) + x(w, v) <= in(v) for each v and its nearest w."""
    count = len(nodes)
    single = np.append(nodes.visit & (nodes.together == 1), False)
    inner = single[arcs.tail] & single[arcs.head] & (arcs.tail >= 0)
    index = np.flatnonzero(inner)
    key = arcs.tail[index].astype(np.int64) * count + arcs.head[index]
    reverse = arcs.head[index].astype(np.int64) * count + arcs.tail[index]
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
