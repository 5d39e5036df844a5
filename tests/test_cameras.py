"""Camera positions: the optimum of small problems, and a bound that holds."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate import cameras
from planner.allocate.cameras import choose_cameras, sees


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 4), st.integers(0, 10_000))
def test_no_other_choice_covers_more(candidates: int, points: int, new: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    where = generator.uniform(0, 300, (points, 2))
    seen = sees(generator.uniform(0, 300, (candidates, 2)), where, 80.0)
    weights = generator.gamma(0.5, 1.0, points)
    standing = generator.random(points) < 0.2
    solved = choose_cameras(weights, seen, standing, new)
    dense = seen.toarray() > 0
    best = max(
        weights[standing | dense[list(pick)].any(axis=0)].sum()
        for pick in combinations(range(candidates), min(new, candidates))
    )
    assert solved.value == pytest.approx(best, rel=1e-6, abs=1e-9)
    assert solved.bound == pytest.approx(best, rel=1e-6, abs=1e-9)
    assert len(solved.chosen) <= new
    covered = standing | (dense[solved.chosen].any(axis=0) if len(solved.chosen) else False)
    assert weights[covered].sum() == pytest.approx(solved.value, rel=1e-6, abs=1e-9)
    assert solved.adds.sum() + solved.standing == pytest.approx(solved.value, abs=1e-9)
    assert (np.diff(solved.adds) <= 1e-9).all()


def test_a_camera_sees_to_its_range_and_no_further() -> None:
    points = np.array([[0.0, 0.0], [50.0, 0.0], [50.1, 0.0], [80.0, 0.0]])
    seen = sees(np.array([[0.0, 0.0], [100.0, 0.0]]), points, np.array([50.0, 20.0]))
    assert seen.toarray().tolist() == [[1, 1, 0, 0], [0, 0, 0, 1]]
    assert sees(np.empty((0, 2)), points, 50.0).shape == (0, 4)


def test_nothing_to_choose() -> None:
    points = np.zeros((3, 2))
    seen = sees(points[:1], points, 10.0)
    weights = np.ones(3)
    for new, standing in ((0, np.zeros(3, bool)), (2, np.ones(3, bool))):
        solved = choose_cameras(weights, seen, standing, new)
        assert len(solved.chosen) == 0
        assert solved.value == solved.bound == weights[standing].sum()


def test_where_time_runs_out_the_bound_is_the_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(4)
    where = generator.uniform(0, 1000, (200, 2))
    seen = sees(generator.uniform(0, 1000, (60, 2)), where, 150.0)
    weights = generator.gamma(0.5, 1.0, 200)
    nothing = np.zeros(200, dtype=bool)
    proven = choose_cameras(weights, seen, nothing, 5)
    solve = cameras._solve
    monkeypatch.setattr(cameras, "_solve", lambda *given: (solve(*given)[0], False))
    relaxed = choose_cameras(weights, seen, nothing, 5)
    assert relaxed.bound >= proven.value - 1e-6
    assert "seconds" in relaxed.stopped_by
