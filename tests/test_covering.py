import numpy as np
import pytest
from covering_problems import problems
from hypothesis import given, settings

from planner.allocate.cameras.choice import Choice
from planner.allocate.cameras.merged_rows import merged


@settings(max_examples=100, deadline=None)
@given(problems())
def test_gains_are_what_the_value_grows_by(problem):
    generator = np.random.default_rng(1)
    chosen = np.flatnonzero(generator.random(problem.options) < 0.4)
    gains = problem.gains(problem.cover(chosen))
    for option in np.setdiff1d(np.arange(problem.options), chosen):
        grown = problem.value(np.append(chosen, option)) - problem.value(chosen)
        assert gains[option] == pytest.approx(grown, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(problems(least=True))
def test_joining_rows_changes_no_choice(problem):
    joined, fixed = merged(problem)
    assert len(joined.weights) <= len(problem.weights)
    for option in range(problem.options):
        chosen = np.array([option])
        assert joined.value(chosen) + fixed == pytest.approx(problem.value(chosen))
        assert joined.reaches_least(chosen) == problem.reaches_least(chosen)


def test_rows_that_differ_in_shares_of_time_stay_apart():
    from scipy.sparse import csr_array

    from planner.allocate.cameras.covering import place_so_many

    seen = csr_array(np.array([[0.5, 1.0, 1.0, 1.0]]))
    problem = place_so_many(np.ones(4), seen, np.array([0.0, 0.0, 0.0, 0.5]), 1)
    assert sorted(merged(problem)[0].weights.tolist()) == [1.0, 1.0, 2.0]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_choice_keeps_in_step(problem):
    choice = Choice.of(problem, np.array([], dtype=int))
    choice.add_in_turn(np.arange(problem.options))
    taken = np.array(choice.options, dtype=int)
    assert problem.keeps_rules(taken)
    assert choice.cover == pytest.approx(problem.cover(taken))
    assert choice.used == pytest.approx(problem.used(taken))
    for option in taken:
        choice.remove(int(option))
    assert choice.cover == pytest.approx(problem.base)
    assert not choice.taken.any()
