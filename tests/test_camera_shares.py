import numpy as np
import pytest
from covering_problems import problems
from hypothesis import given, settings
from scipy.sparse import csr_array

from planner.allocate.cameras.covering import place_so_many
from planner.allocate.cameras.shares import lost_without
from planner.allocate.cameras.solving import Effort, solve


@settings(max_examples=80, deadline=None)
@given(problems())
def test_the_losses_of_all_are_no_more_than_what_they_cover(problem):
    chosen = solve(problem, Effort(nodes=0, rounds=0)).chosen
    lost = lost_without(problem, chosen)
    without = problem.value(np.array([], dtype=int))
    assert (lost >= -1e-9).all()
    assert lost.sum() <= problem.value(chosen) - without + 1e-9
    if len(chosen) == 1:
        assert lost[0] == pytest.approx(problem.value(chosen) - without)


def test_two_that_see_the_same_are_each_missed_by_nothing():
    seen = csr_array(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]))
    problem = place_so_many(np.array([5.0, 3.0, 2.0]), seen, np.zeros(3), 3)
    assert lost_without(problem, np.array([0, 1, 2])).tolist() == [0.0, 0.0, 2.0]
