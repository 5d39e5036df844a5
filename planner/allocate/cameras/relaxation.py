"""The covering model as a sparse table, and its linear relaxation: a bound, and who matters.

HiGHS solves the relaxation by its interior point method (through SciPy): on 10,000 rows and 2,000
options it took a twelfth of the time of the simplex method.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_array, csr_array, eye_array, vstack

from planner.allocate.cameras.covering import SLACK, Problem
from planner.errors import SolverFailed

INFEASIBLE = 2


@dataclass(frozen=True)
class Model:
    """The model's numbers: columns are the options, then y of each row, then z of some rows.

    Attributes
    ----------
    gains
        What each column is worth, shape (columns,).
    rules
        Left sides, all of them "at most", shape (n, columns).
    limits
        Right sides, shape (n,).
    options
        How many of the columns are options.
    scale
        What one of the model's units of worth is in those of the problem.
    """

    gains: np.ndarray
    rules: csr_array
    limits: np.ndarray
    options: int
    scale: float


def model_of(problem: Problem) -> Model:
    """Set out the model of a problem, as :mod:`planner.allocate.cameras.covering` writes it."""
    rows, options = len(problem.weights), problem.options
    twice = np.flatnonzero(problem.again > 0)
    scale = max(float(problem.weights.max(initial=0.0)), 1e-12)
    weights = problem.weights / scale
    counted = eye_array(rows, format="csr")
    covered = block_array([[-problem.seen.T.tocsr(), counted, counted[:, twice]]], format="csr")
    groups = _groups(problem)
    least = np.array([np.where(each.rows, -weights, 0.0) for each in problem.least])
    blank = csr_array((groups.shape[0] + len(problem.limits), rows + len(twice)))
    rules = [covered, block_array([[vstack([csr_array(problem.uses), groups]), blank]])]
    if problem.least:
        empty = csr_array((len(least), options))
        rules.append(block_array([[empty, csr_array(least), csr_array((len(least), len(twice)))]]))
    return Model(
        gains=np.concatenate([np.zeros(options), weights, (weights * problem.again)[twice]]),
        rules=csr_array(vstack(rules, format="csr")),
        limits=np.concatenate(
            [
                problem.base,
                problem.limits,
                np.ones(groups.shape[0]),
                [-each.needed / scale for each in problem.least],
            ]
        ),
        options=options,
        scale=scale,
    )


def _groups(problem: Problem) -> csr_array:
    """Return a rule for each group of several options, shape (groups, options)."""
    _, group, size = np.unique(problem.group, return_inverse=True, return_counts=True)
    several = np.flatnonzero(size[group] > 1)
    _, row = np.unique(group[several], return_inverse=True)
    shape = (int(row.max(initial=-1)) + 1, problem.options)
    return csr_array((np.ones(len(several)), (row, several)), shape=shape)


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation, solved.

    Attributes
    ----------
    bound
        No choice covers more; minus infinity where none keeps all rules.
    taken
        What it takes of each option, shape (options,).
    changes
        By how much the bound would fall at least if an option were taken (below zero) or left
        (above zero) against the relaxation, shape (options,).
    """

    bound: float
    taken: np.ndarray
    changes: np.ndarray

    def left_out(self, value: float) -> np.ndarray:
        """Mark the options that are in no choice that covers more than ``value``."""
        out: np.ndarray = self.bound + self.changes < value - SLACK * max(1.0, abs(value))
        return out & (self.changes < 0)


def relax(model: Model) -> Relaxed:
    """Solve the linear relaxation.

    Raises
    ------
    SolverFailed
        If HiGHS ends without an answer.
    """
    none = np.zeros(model.options)
    if model.rules.shape[1] == 0:
        return Relaxed(0.0, none, none)
    found = linprog(
        -model.gains, A_ub=model.rules, b_ub=model.limits, bounds=(0, 1), method="highs-ipm"
    )
    if found.status == INFEASIBLE:
        return Relaxed(-np.inf, none, none)
    if found.status != 0:
        raise SolverFailed(f"The bound of a choice of cameras was not found ({found.message}).")
    changes = -(found.lower.marginals + found.upper.marginals)[: model.options]
    return Relaxed(
        float(-found.fun) * model.scale,
        np.asarray(found.x[: model.options]),
        changes * model.scale,
    )
