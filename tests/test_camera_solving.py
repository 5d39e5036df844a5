import numpy as np
import pytest
from covering_problems import best_by_trying, problems
from hypothesis import given, settings
from scipy.sparse import csr_array

from planner.allocate.cameras.covering import LeastCover, Problem, place_so_many
from planner.allocate.cameras.solving import PROVEN, Effort, solve
from planner.errors import Infeasible
from planner.geo import in_range


@settings(max_examples=150, deadline=None)
@given(problems())
def test_no_choice_covers_more(problem):
    solved = solve(problem)
    best = best_by_trying(problem)
    assert problem.keeps_rules(solved.chosen)
    assert solved.value == pytest.approx(problem.value(solved.chosen))
    assert solved.value == pytest.approx(best)
    assert solved.bound == pytest.approx(best)
    assert solved.stopped_by == PROVEN


@settings(max_examples=80, deadline=None)
@given(problems(least=True))
def test_least_covers_are_reached_or_refused_by_name(problem):
    best = best_by_trying(problem)
    if best == -np.inf:
        with pytest.raises(Infeasible, match=r"Place [01]"):
            solve(problem)
        return
    solved = solve(problem)
    assert problem.reaches_least(solved.chosen)
    assert solved.value == pytest.approx(best)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_without_the_integer_search_the_bound_still_holds(problem):
    solved = solve(problem, Effort(nodes=0, rounds=1))
    best = best_by_trying(problem)
    assert problem.keeps_rules(solved.chosen)
    assert solved.value <= best + 1e-9
    assert solved.bound >= best - 1e-9


def clustered(seed: int, points: int = 400) -> tuple[np.ndarray, csr_array]:
    generator = np.random.default_rng(seed)
    where = generator.normal(0, 200, (points, 2)) + generator.integers(0, 4, (points, 1)) * 300
    weights = generator.integers(1, 99, points).astype(float)
    return weights, in_range(where[::4], where, 120.0)


def test_the_same_question_has_the_same_answer():
    weights, seen = clustered(3)
    problem = place_so_many(weights, seen, np.zeros(len(weights)), 5)
    first, second = solve(problem), solve(problem)
    assert first.chosen.tolist() == second.chosen.tolist()
    assert first.bound == second.bound


def test_a_limit_of_nodes_or_of_time_is_said_and_the_bound_holds():
    weights, seen = clustered(5, 1_600)
    problem = place_so_many(weights, seen, np.zeros(len(weights)), 9)
    proven = solve(problem)
    for effort in (Effort(rounds=0, nodes=0), Effort(rounds=0, nodes=1, seconds=0.01)):
        stopped = solve(problem, effort)
        assert stopped.value <= proven.value + 1e-6 <= stopped.bound + 1e-5
    assert "rounds" in solve(problem, Effort(rounds=0, nodes=0)).stopped_by


def test_what_stays_counts_and_is_not_paid_for_again():
    seen = csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    problem = place_so_many(np.array([5.0, 4.0, 3.0]), seen, np.array([1.0, 1.0, 0.0]), 1)
    solved = solve(problem)
    assert solved.chosen.tolist() == [1]
    assert solved.value == solved.bound == 12.0


def test_nothing_to_choose_from_leaves_what_stays():
    weights, base = np.array([2.0, 3.0]), np.array([1.0, 0.0])
    for problem in (
        place_so_many(weights, csr_array((0, 2)), base, 3),
        place_so_many(weights, csr_array((4, 2)), base, 3),
        place_so_many(weights, csr_array(np.ones((4, 2))), base, 0),
    ):
        solved = solve(problem)
        assert len(solved.chosen) == 0
        assert (solved.value, solved.bound) == (2.0, 2.0)


def test_a_standing_camera_is_moved_where_only_so_many_may_leave():
    # Options 0 to 2 stand; at most one of them may be taken away, and no more than three be there.
    seen = csr_array(np.diag([1.0, 2.0, 3.0, 9.0, 8.0]) > 0)
    problem = Problem(
        weights=np.array([1.0, 2.0, 3.0, 9.0, 8.0]),
        seen=csr_array(seen.astype(float)),
        base=np.zeros(5),
        again=np.zeros(5),
        uses=np.array([[1.0, 1, 1, 1, 1], [-1.0, -1, -1, 0, 0]]),
        limits=np.array([3.0, -2.0]),
        group=np.arange(5),
        start=np.array([0, 1, 2]),
    )
    assert solve(problem).chosen.tolist() == [1, 2, 3]
    assert solve(problem, Effort(nodes=0)).chosen.tolist() == [1, 2, 3]


def test_one_camera_at_a_place_faces_one_way():
    seen = csr_array(np.array([[1.0, 0.0], [0.0, 1.0]]))
    both = place_so_many(np.array([2.0, 3.0]), seen, np.zeros(2), 2)
    assert solve(both).value == 5.0
    one = Problem(**{**vars(both), "group": np.array([0, 0])})
    assert solve(one).chosen.tolist() == [1]


def test_of_least_covers_that_only_clash_together_the_smallest_set_is_named():
    seen = csr_array(np.eye(3))
    asked = tuple(
        LeastCover(name, np.arange(3) == row, 0.6) for row, name in enumerate(["A", "B", "C"])
    )
    problem = place_so_many(np.ones(3), seen, np.array([0.0, 0.0, 1.0]), 1)
    with pytest.raises(Infeasible, match="'A' and 'B' can't be reached together"):
        solve(Problem(**{**vars(problem), "least": asked}))
    with pytest.raises(Infeasible, match="'A' asks for 60 % of its risk, and at most 0 %"):
        solve(Problem(**{**vars(problem), "least": asked, "limits": np.zeros(1)}))
