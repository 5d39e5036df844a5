"""Small covering problems, drawn at random, and their optimum by trying everything."""

from itertools import chain, combinations

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner.allocate.cameras.covering import LeastCover, Problem


@st.composite
def problems(draw, options=7, rows=8, least=False):
    """A problem with groups, two rules, shares of time, and rows that want a second view."""
    seed = draw(st.integers(0, 2**32 - 1))
    generator = np.random.default_rng(seed)
    count = draw(st.integers(1, options))
    asked = draw(st.integers(1, rows))
    shares = generator.choice([0.0, 0.0, 0.3, 1.0, 1.0], (count, asked))
    if draw(st.booleans()):
        shares = np.ceil(shares)
    weights = np.round(generator.uniform(0, 10, asked), 1)
    again = generator.choice([0.0, 0.5], asked) * draw(st.booleans())
    uses = np.stack([np.ones(count), generator.integers(1, 9, count).astype(float)])
    limits = np.array([float(draw(st.integers(0, 4))), float(draw(st.integers(0, 20)))])
    problem = Problem(
        weights=weights,
        seen=csr_array(shares),
        base=generator.choice([0.0, 0.0, 0.5, 1.0], asked),
        again=again,
        uses=uses,
        limits=limits,
        group=generator.integers(0, max(1, count - 1), count),
    )
    if not least:
        return problem
    marked = generator.random((2, asked)) < 0.5
    asked_for = tuple(
        LeastCover(
            f"Place {number}", place, draw(st.integers(0, 20)) * float(weights[place].sum()) / 20
        )
        for number, place in enumerate(marked)
    )
    return Problem(**{**vars(problem), "least": asked_for})


def best_by_trying(problem: Problem) -> float:
    """What the best choice covers, by trying all; minus infinity where none keeps every rule."""
    every = range(problem.options)
    choices = chain.from_iterable(combinations(every, n) for n in range(problem.options + 1))
    values = [
        problem.value(chosen)
        for chosen in (np.array(choice, dtype=int) for choice in choices)
        if problem.keeps_rules(chosen) and problem.reaches_least(chosen)
    ]
    return max(values, default=-np.inf)
