"""The routes of a pool that fit together best: set packing.

Model
-----
Routes r of a pool, each for a kind of team k(r), with a gain g(r); activities a. Binary x(r)
chooses a route (Boussier, Feillet and Gendreau, 2007, "An exact algorithm for team orienteering
problems", has the same master problem over all routes):

    maximise    sum g(r) x(r)
    subject to  sum of x(r) over the routes of kind k <= its teams       for each kind k,
                sum of x(r) over the routes that hold a <= 1             for each visit a,
                                                        = 1             for each commitment a,
                                                        = its teams     for each meal a,
                                                        = 1             for each needed group
                                                 (<= where demands are wishes, with a gain each),
                sum over routes with one half = sum over those with the other,
                                                 where two teams do something together,
                sum w(r) x(r) >= W, or <= W      for further measures,
                x(r) <= sum of x(r') over the routes that keep near r    (safety, as far as needed).

Where the worst of d draws of the risk count too (Rockafellar and Uryasev, 2000, "Optimization of
conditional value-at-risk"), with gains g(r, i), part q, t free and s(i) >= 0, the aim is

    maximise    (1 - q) sum g(r) x(r) + q (t - sum s(i) / (d / 10)),   s(i) >= t - sum g(r, i) x(r).

HiGHS solves it: first the linear relaxation (through SciPy, which builds it ten times as fast as
PuLP), whose reduced costs tell which routes can't be in a better choice than the one that is known;
those are left out of the integer search (through PuLP), and of too many others the least promising.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pulp
from scipy.optimize import linprog
from scipy.sparse import csc_array, vstack

from planner.allocate.patrols.activities import MEAL, Activity
from planner.allocate.patrols.pool import Pooled
from planner.allocate.patrols.problem import Problem

# The integer search ends after so many nodes, the fewer the more routes it has.
MOST_NODES, LEAST_NODES, NODES_BY_ROUTES = 4_000, 20, 100_000
# With 300 a replan's integer search took up to ten times as long, and what plans covered differed
# by 1.4 % at most, either way.
MOST_LOOKED_AT = 150
CLOSE_ENOUGH = 1e-5
TENTH = 0.1


@dataclass(frozen=True)
class Limit:
    """A further measure of routes, shape (r,), whose sum is to be at most or at least so much."""

    weights: np.ndarray
    sense: str
    side: float


@dataclass(frozen=True)
class Uncertain:
    """Gains of routes over draws of the risk, shape (r, d), and how much their worst tenth counts.

    What is maximised is (1 - part) of the gains and ``part`` of the worst tenth's mean.
    """

    gains: np.ndarray
    part: float


@dataclass(frozen=True)
class Nearness:
    """A route may be chosen only with one of the others."""

    route: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Packing:
    """Which routes must fit together, apart from what is to be gained.

    Attributes
    ----------
    problem, activities, pool
        What the routes are.
    limits
        Further measures.
    near
        What safety asks.
    uncertain
        Gains over draws, if the worst of them count too.
    seconds
        A limit of time, or None: then the search ends by its nodes.
    gap
        How far below the best choice the answer may be, as a share.
    """

    problem: Problem
    activities: Sequence[Activity]
    pool: Sequence[Pooled]
    limits: tuple[Limit, ...] = ()
    near: tuple[Nearness, ...] = ()
    uncertain: Uncertain | None = None
    seconds: float | None = None
    gap: float = CLOSE_ENOUGH

    @cached_property
    def rules(self) -> "Rules":
        """What a choice of routes must keep, as one table."""
        return _rules(self)


@dataclass(frozen=True)
class Rules:
    """Rules, one row each: weights of the routes, shape (c, r), sense and side, shape (c,)."""

    weights: csc_array
    senses: np.ndarray
    sides: np.ndarray


def best_together(
    packing: Packing, gains: np.ndarray, known: Sequence[int] | None = None
) -> tuple[int, ...] | None:
    """Choose the routes of a pool that gain most together.

    Parameters
    ----------
    packing
        What must hold.
    gains
        Of each route, shape (r,).
    known
        A choice that keeps all rules, if there is one: the answer is never worse.

    Returns
    -------
    tuple of int or None
        Rows of the pool; None if no choice keeps all rules.
    """
    before = None if known is None else tuple(int(row) for row in known)
    if not len(packing.pool):
        return before
    scale = 1.0 / max(float(np.abs(gains).max()), 1e-300)
    scaled, asked = gains * scale, packing
    if packing.uncertain is not None:
        by_draw = Uncertain(packing.uncertain.gains * scale, packing.uncertain.part)
        asked = replace(packing, uncertain=by_draw)
    rows = np.arange(len(packing.pool))
    if packing.uncertain is None:
        kept = _worth_looking_at(asked, scaled, before)
        if kept is None:
            return before
        rows = kept
    chosen = _integer(asked, scaled, rows)
    if chosen is None and before is None and len(rows) < len(packing.pool):
        chosen = _integer(asked, scaled, np.arange(len(packing.pool)))
    if chosen is None:
        return before
    if before is not None and _gained(asked, scaled, before) > _gained(asked, scaled, chosen):
        return before
    return chosen


def _gained(packing: Packing, gains: np.ndarray, chosen: tuple[int, ...]) -> float:
    """Return what a choice gains, the worst of draws included where they count."""
    mean = float(gains[list(chosen)].sum())
    if packing.uncertain is None:
        return mean
    part, by_draw = packing.uncertain.part, packing.uncertain.gains[list(chosen)].sum(axis=0)
    worst = np.sort(by_draw)[: max(1, int(TENTH * len(by_draw)))]
    return (1 - part) * mean + part * float(worst.mean())


def _worth_looking_at(
    packing: Packing, gains: np.ndarray, known: tuple[int, ...] | None
) -> np.ndarray | None:
    """Return the routes that may be in a choice better than the known one; None if none fit."""
    rows = np.arange(len(packing.pool))
    relaxed, reduced = _relaxation(packing, gains)
    if relaxed is None:
        return None
    if known is not None:
        rows = rows[relaxed + reduced >= gains[list(known)].sum() - CLOSE_ENOUGH]
    # Of too many, those that lower the relaxed optimum least; the best choice may be missed then.
    kept = rows[np.argsort(-reduced[rows], kind="stable")[:MOST_LOOKED_AT]]
    joined: np.ndarray = np.union1d(kept, np.array(known or (), dtype=int))
    return joined


def _relaxation(packing: Packing, gains: np.ndarray) -> tuple[float | None, np.ndarray]:
    """Return the relaxed optimum, and by how much each route lowers it at least if it is chosen."""
    rules = packing.rules
    weights, equal = rules.weights.tocsr(), rules.senses == "=="
    sign = np.where(rules.senses[~equal] == ">=", -1.0, 1.0)
    solved = linprog(
        -gains,
        A_ub=weights[~equal].multiply(sign[:, None]).tocsr(),
        b_ub=rules.sides[~equal] * sign,
        A_eq=weights[equal],
        b_eq=rules.sides[equal],
        bounds=(0, 1),
        method="highs",
    )
    if solved.status != 0:
        return None, np.zeros(len(gains))
    # A route within the relaxed choice lowers nothing.
    lowered = np.where(solved.x > 1e-9, 0.0, -np.abs(solved.lower.marginals))
    return float(-solved.fun), lowered


def _integer(packing: Packing, gains: np.ndarray, rows: np.ndarray) -> tuple[int, ...] | None:
    model, choose = _model(packing, gains, rows)
    options: dict[str, float] = {"mip_rel_gap": packing.gap, "mip_max_nodes": _nodes(len(rows))}
    model.solve(pulp.HiGHS(msg=False, timeLimit=packing.seconds, threads=1, **options))
    chosen = rows[[(choice.value() or 0.0) > 0.5 for choice in choose]].tolist()
    # Whatever the status says, a choice counts only if it keeps the rules.
    return tuple(chosen) if keeps_rules(packing, chosen) else None


def _nodes(routes: int) -> int:
    return max(LEAST_NODES, min(MOST_NODES, NODES_BY_ROUTES // max(routes, 1)))


def _model(
    packing: Packing, gains: np.ndarray, rows: np.ndarray
) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    model = pulp.LpProblem("routes", pulp.LpMaximize)
    choose = [model.add_variable(f"x{row}", 0, 1, pulp.LpBinary) for row in rows.tolist()]
    _set_aim(model, packing, gains, rows, choose)
    rules = packing.rules
    weights = rules.weights[:, rows].tocsr()
    for row, (sense, side) in enumerate(zip(rules.senses, rules.sides, strict=True)):
        mine = slice(weights.indptr[row], weights.indptr[row + 1])
        terms = zip(weights.indices[mine].tolist(), weights.data[mine].tolist(), strict=True)
        left = pulp.LpAffineExpression([(choose[at], weight) for at, weight in terms])
        if len(left) or not _empty_holds(sense, side):
            model += (
                left <= side if sense == "<=" else left == side if sense == "==" else (left >= side)
            )
    return model, choose


def _empty_holds(sense: str, side: float) -> bool:
    return side >= 0 if sense == "<=" else side == 0 if sense == "==" else side <= 0


def _set_aim(
    model: pulp.LpProblem,
    packing: Packing,
    gains: np.ndarray,
    rows: np.ndarray,
    choose: list[pulp.LpVariable],
) -> None:
    mean = list(zip(choose, gains[rows].tolist(), strict=True))
    if packing.uncertain is None:
        model += pulp.LpAffineExpression(mean)
        return
    part, by_draw = packing.uncertain.part, packing.uncertain.gains[rows]
    count = by_draw.shape[1]
    level = model.add_variable("t")
    short = [model.add_variable(f"s{draw}", 0) for draw in range(count)]
    model += pulp.LpAffineExpression(
        [(choice, (1 - part) * gain) for choice, gain in mean]
        + [(level, part)]
        + [(one, -part / max(1.0, TENTH * count)) for one in short]
    )
    for draw, one in enumerate(short):
        terms = list(zip(choose, by_draw[:, draw].tolist(), strict=True))
        model += pulp.LpAffineExpression([(one, 1.0), (level, -1.0), *terms]) >= 0


def _rules(packing: Packing) -> Rules:
    problem, pool = packing.problem, packing.pool
    routes = np.arange(len(pool))
    number = [len(route.rows) for route in pool]
    held = np.array([row for route in pool for row in route.rows], dtype=int)
    holds = csc_array(
        (np.ones(len(held)), (held, np.repeat(routes, number))),
        shape=(len(packing.activities), len(pool)),
    )
    kinds = np.array([route.kind for route in pool], dtype=int)
    of_kind = csc_array((np.ones(len(pool)), (kinds, routes)), (len(problem.kinds), len(pool)))
    asked = _asked_of_activities(packing.activities)
    further = [(limit.sense, limit.side) for limit in packing.limits]
    tables = [of_kind, _weights([terms for terms, _, _ in asked], holds.shape[0]) @ holds]
    tables += [csc_array(limit.weights[None, :]) for limit in packing.limits]
    tables.append(_weights([_kept_near(near) for near in packing.near], len(pool)))
    sides = [
        *(("<=", float(len(teams))) for teams in problem.kinds),
        *((sense, side) for _, sense, side in asked),
        *further,
        *(("<=", 0.0) for _ in packing.near),
    ]
    return Rules(
        csc_array(vstack(tables, format="csc")),
        np.array([sense for sense, _ in sides]),
        np.array([side for _, side in sides], dtype=float),
    )


Terms = list[tuple[int, float]]


def _weights(listed: Sequence[Terms], columns: int) -> csc_array:
    """Write sums of columns, each with a weight, as the rows of a table."""
    rows = np.repeat(np.arange(len(listed)), [len(terms) for terms in listed])
    places = np.array([column for terms in listed for column, _ in terms], dtype=int)
    weights = np.array([weight for terms in listed for _, weight in terms], dtype=float)
    return csc_array((weights, (rows, places)), shape=(len(listed), columns))


def _kept_near(near: Nearness) -> Terms:
    return [(near.route, 1.0), *((row, -1.0) for row in near.others)]


def _asked_of_activities(activities: Sequence[Activity]) -> list[tuple[Terms, str, float]]:
    """List what is asked of the routes that hold activities: weights by activity, sense, side."""
    found: list[tuple[Terms, str, float]] = []
    meals: dict[int, Terms] = {}
    groups: dict[int, Terms] = {}
    for row, activity in enumerate(activities):
        if activity.kind == MEAL:
            meals.setdefault(activity.source, []).append((row, 1.0))
            continue
        if activity.group >= 0:
            groups.setdefault(activity.group, []).append((row, 1.0))
        found.append(([(row, 1.0)], "==" if activity.required else "<=", 1.0))
        if activity.partner > row:
            found.append(([(row, 1.0), (activity.partner, -1.0)], "==", 0.0))
    wishes = any(one.wished for one in activities)
    sense = "<=" if wishes else "=="
    found += [(terms, sense, float(len(terms))) for terms in meals.values()]
    found += [(terms, sense, 1.0) for terms in groups.values()]
    return found


def keeps_rules(packing: Packing, chosen: Sequence[int]) -> bool:
    """Tell whether a choice of routes keeps the rules."""
    rules = packing.rules
    total = np.asarray(rules.weights[:, list(chosen)].sum(axis=1)).ravel()
    over, under = total > rules.sides + 1e-6, total < rules.sides - 1e-6
    return not bool((over & (rules.senses != ">=")).any() or (under & (rules.senses != "<=")).any())
