import numpy as np
import pytest
from covering_problems import problems
from hypothesis import given, settings
from scipy.sparse import csr_array

from planner.allocate.cameras.covering import place_so_many
from planner.allocate.cameras.shares import added_in_turn, lost_without
from planner.allocate.cameras.solving import Effort, solve


@settings(max_examples=80, deadline=None)
@given(problems())
def test_what_is_added_in_turn_sums_to_what_is_covered(problem):
    chosen = solve(problem, Effort(nodes=0, rounds=0)).chosen
    order, adds = added_in_turn(problem, chosen)
    assert set(order) <= set(chosen)
    without = problem.value(np.array([], dtype=int))
    assert adds.sum() + without == pytest.approx(problem.value(chosen))


def test_two_that_see_the_same_are_each_missed_by_nothing():
    seen = csr_array(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]))
    problem = place_so_many(np.array([5.0, 3.0, 2.0]), seen, np.zeros(3), 3)
    order, adds = added_in_turn(problem, np.array([0, 1, 2]))
    assert order.tolist() == [0, 2]
    assert adds.tolist() == [8.0, 2.0]
    assert lost_without(problem, np.array([0, 1, 2])).tolist() == [0.0, 0.0, 2.0]
