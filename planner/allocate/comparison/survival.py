"""How choices of cameras hold up when the risk is drawn anew from its uncertainty.

Of a place with n recorded incidents the rate is known as well as n incidents tell: its gamma
posterior has the shape n. Over all places that is a gamma process (Ferguson, 1973, "A Bayesian
analysis of some nonparametric problems"): each point of demand is drawn with the shape of its
expected incidents over the records, so that a place seen once is unsure and a busy one is not. What
makes the weeks of a zone scatter more than chance is drawn beside, for all of the zone together. In
every draw cameras are chosen anew, by greedy and swaps.
"""

from dataclasses import replace

import numpy as np

from planner.allocate.baselines import spread
from planner.allocate.cameras import roles
from planner.allocate.cameras.covering import Problem
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.search import Search
from planner.allocate.cameras.study import Study
from planner.allocate.comparison.results import Survival, SurvivalNote
from planner.allocate.patrols.draws import LEAST_DISPERSION

DRAWS = 200
WEEK_DAYS = 7.0
NINE_IN_TEN = 0.9
LEAST_SHAPE = 1e-9


def redrawn(study: Study, count: int, seed: int) -> np.ndarray:
    """Draw by how much the risk of each row differs from what is expected, shape (count, rows).

    Parameters
    ----------
    study
        The demand.
    count, seed
        How many draws, and their seed.
    """
    generator = np.random.default_rng(seed)
    demand, risk = study.demand, study.risk
    shape = np.maximum(demand.weights * risk.covered_days, LEAST_SHAPE)
    weeks = max(risk.covered_days / WEEK_DAYS, 1.0)
    variance = np.maximum(risk.dispersion / weeks, LEAST_DISPERSION)
    points = np.stack([generator.gamma(shape) / shape for _ in range(count)])
    zones = generator.gamma(1 / variance, variance, (count, len(variance)))
    factors = points * zones[:, demand.zone]
    return np.concatenate([factors, factors], axis=1)


def survival(deployment: Deployment, name: str, seed: int, draws: int = DRAWS) -> SurvivalNote:
    """Choose a scenario's cameras anew for each of many draws, and count what is chosen again.

    Parameters
    ----------
    deployment
        The scenario's choice.
    name
        What the scenario is called.
    seed, draws
        Of the draws, and how many.
    """
    problem, chosen = deployment.problem, deployment.covering.chosen
    factors = redrawn(deployment.study, draws, seed)
    terms = len(deployment.term_names)
    lean, kept = _seen_rows(problem)
    fixed = _fixed_worth(problem, kept)
    again = np.zeros(len(chosen))
    shares, regrets = np.zeros(draws), np.zeros(draws)
    for draw in range(draws):
        rows = np.tile(factors[draw], terms)
        drawn = replace(lean, weights=lean.weights * rows[kept])
        search = Search(drawn, seed)
        search.begin()
        best, value = search.best
        total = float(problem.weights @ rows)
        ours = drawn.value(chosen)
        shares[draw] = (ours + fixed @ rows) / total
        regrets[draw] = max(0.0, value - ours) / total
        again += np.isin(problem.group[chosen], problem.group[best])
    return _note(deployment, name, again / draws, shares, regrets)


def _seen_rows(problem: Problem) -> tuple[Problem, np.ndarray]:
    """Return the problem with the rows alone that some option sees, and which those are."""
    kept = np.flatnonzero(np.bincount(problem.seen.indices, minlength=len(problem.weights)) > 0)
    lean = replace(
        problem,
        weights=problem.weights[kept],
        seen=problem.seen[:, kept],
        base=problem.base[kept],
        again=problem.again[kept],
        least=(),
    )
    return lean, kept


def _fixed_worth(problem: Problem, kept: np.ndarray) -> np.ndarray:
    """Return what each row that no option sees is worth as it is, shape (rows,)."""
    worth = problem.worth(problem.base)
    worth[kept] = 0.0
    return worth


def _note(
    deployment: Deployment, name: str, again: np.ndarray, shares: np.ndarray, regrets: np.ndarray
) -> SurvivalNote:
    over = spread(shares)
    table = deployment.options.table
    role, names = table["role"].to_numpy(object), table["name"].to_numpy(object)
    changed = [at for at, row in enumerate(deployment.chosen) if role[row] != roles.KEPT]
    return SurvivalNote(
        scenario=name,
        draws=len(shares),
        covered=over.mean,
        low=over.low,
        high=over.high,
        worst_regret=float(np.quantile(regrets, NINE_IN_TEN)),
        cameras=tuple(
            Survival(camera=str(names[deployment.chosen[at]]), again=float(again[at]))
            for at in changed
        ),
    )
