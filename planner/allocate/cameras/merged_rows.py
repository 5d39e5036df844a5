"""Rows of demand that the same options see in the same way, joined into one."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from planner.allocate.cameras.covering import LeastCover, Problem

# Two different patterns of options have the same digest about once in 10^18 pairs.
DIGESTS_SEED = 20_260_101


def merged(problem: Problem) -> tuple[Problem, float]:
    """Return the problem with fewer rows, and what those are worth that no option changes.

    Rows without weight are left out, and so are those that no option sees, or that are covered as
    often as counts by what stays: what they are worth is the second value. The rest is joined
    where the same options see rows for the same shares of time.
    """
    most = np.where(problem.again > 0, 2.0, 1.0)
    asked = np.zeros(len(problem.weights), dtype=bool)
    for least in problem.least:
        asked |= least.rows
    columns = problem.seen.tocsc()
    columns.sort_indices()
    open_rows = (problem.weights > 0) & (problem.base < most) & (np.diff(columns.indptr) > 0)
    kept = np.flatnonzero(open_rows | asked)
    fixed = float(problem.worth(problem.base).sum() - problem.worth(problem.base)[kept].sum())
    columns = columns[:, kept]
    keys = np.column_stack([
        _digests(columns.indices, columns.data, columns.indptr, problem.options),
        problem.base[kept].view(np.int64),
        problem.again[kept].view(np.int64),
        *(least.rows[kept].astype(np.int64) for least in problem.least),
    ])  # fmt: skip
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    joined = replace(
        problem,
        weights=np.bincount(group.ravel(), problem.weights[kept], minlength=len(first)),
        seen=csr_array(columns[:, first]),
        base=problem.base[kept][first],
        again=problem.again[kept][first],
        least=tuple(
            LeastCover(least.name, least.rows[kept][first], least.needed) for least in problem.least
        ),
    )
    return joined, fixed


def _digests(options: np.ndarray, shares: np.ndarray, begins: np.ndarray, count: int) -> np.ndarray:
    """Return a digest of each column's entries, shape (columns,)."""
    words = np.random.default_rng(DIGESTS_SEED).integers(1, 2**62, count, dtype=np.int64)
    # Odd factors keep every bit of a share; sums wrap around, which is what digests may do.
    each = words[options] * (shares.view(np.int64) | 1)
    sums = np.concatenate([[0], np.cumsum(each)])
    found: np.ndarray = sums[begins[1:]] - sums[begins[:-1]]
    return found
