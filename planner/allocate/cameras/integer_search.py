"""The integer search: HiGHS proves the best choice, or how far a choice can be from it.

It begins from the best choice that is known. HiGHS is called itself, since neither SciPy nor PuLP
hand a beginning on to it; the search ends by its nodes, so that it ends the same way every time.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from planner.allocate.cameras.covering import Problem
from planner.allocate.cameras.relaxation import Model


@dataclass(frozen=True)
class Searched:
    """What an integer search found.

    Attributes
    ----------
    chosen
        The options, in rising order; None where it found no choice that keeps all rules.
    bound
        No choice covers more.
    status
        ``"proven"``, ``"impossible"``, or ``"stopped"`` by a limit.
    """

    chosen: np.ndarray | None
    bound: float
    status: str


def search_integers(
    problem: Problem,
    model: Model,
    known: np.ndarray | None,
    nodes: int,
    seconds: float | None,
) -> Searched:
    """Search for the best choice.

    Parameters
    ----------
    problem, model
        The problem, and its model.
    known
        Options to begin from, which keep all rules; or None.
    nodes, seconds
        When the search ends at the latest; None for no limit of time.
    """
    solver = _solver(nodes, seconds)
    solver.passModel(_as_highs(model))
    if known is not None:
        solver.setSolution(_beginning(problem, model, known))
    solver.run()
    status, facts = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Searched(None, -np.inf, "impossible")
    proven = status == highspy.HighsModelStatus.kOptimal
    bound = -facts.mip_dual_bound * model.scale
    if facts.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Searched(None, bound, "stopped")
    taken = np.array(solver.getSolution().col_value)[: model.options]
    return Searched(np.flatnonzero(taken > 0.5), bound, "proven" if proven else "stopped")


def _solver(nodes: int, seconds: float | None) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    solver.setOptionValue("mip_max_nodes", nodes)
    if seconds is not None:
        solver.setOptionValue("time_limit", max(seconds, 0.1))
    return solver


def _as_highs(model: Model) -> highspy.HighsLp:
    rows, columns = model.rules.shape
    table = highspy.HighsLp()
    table.num_col_, table.num_row_ = columns, rows
    table.col_cost_ = -model.gains
    table.col_lower_, table.col_upper_ = np.zeros(columns), np.ones(columns)
    table.row_lower_, table.row_upper_ = np.full(rows, -highspy.kHighsInf), model.limits
    table.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    table.a_matrix_.start_ = model.rules.indptr
    table.a_matrix_.index_ = model.rules.indices
    table.a_matrix_.value_ = model.rules.data
    whole = [highspy.HighsVarType.kInteger] * model.options
    parts = [highspy.HighsVarType.kContinuous] * (columns - model.options)
    table.integrality_ = whole + parts
    return table


def _beginning(problem: Problem, model: Model, known: np.ndarray) -> highspy.HighsSolution:
    """Return the columns' values of a choice."""
    taken = np.zeros(model.options)
    taken[known] = 1.0
    cover = problem.cover(known)
    again = np.clip(cover - 1.0, 0.0, 1.0)[problem.again > 0]
    begun = highspy.HighsSolution()
    begun.col_value = [*taken.tolist(), *np.minimum(cover, 1.0).tolist(), *again.tolist()]
    return begun
