"""Rounds of searches: which plan each begins with, and that running beside changes nothing."""

import time

import numpy as np
import pytest
from patrol_problems import random_problem

from planner.allocate.patrols import searches
from planner.allocate.patrols.activities import activities_of
from planner.allocate.patrols.routing import Found, Route_, Try, routing_data
from planner.allocate.patrols.searches import Searches, at_once, waiting

BEST: tuple[Route_, ...] = ((0, (7, 8)),)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Try]]:
    """Note each search's data and how it begins instead of searching; each finds its own seed."""
    noted: list[tuple[str, Try]] = []

    def search(data: str, attempt: Try) -> Found:
        noted.append((data, attempt))
        return Found(((0, (attempt.seed,)),), ())

    monkeypatch.setattr(searches, "search", search)
    return noted


def test_half_go_on_from_the_best_plan_and_half_from_their_own(
    tried: list[tuple[str, Try]],
) -> None:
    with Searches.begun(["a", "b"], 10, 4) as begun:  # type: ignore[list-item]
        begun.of_round((5, None), ())
        begun.begin_own((6, None))
        found = begun.of_round((7, None), BEST)
    by_seed = {attempt.seed: (data, attempt) for data, attempt in tried}
    assert sorted(by_seed) == list(range(10, 18))
    assert all(not by_seed[seed][1].begin for seed in range(10, 14))
    assert [by_seed[seed][1].begin for seed in (14, 15)] == [BEST, BEST]
    # Of the others, which began beforehand, one goes on from what it found in the first round.
    assert [by_seed[seed][1].begin for seed in (16, 17)] == [((0, (12,)),), ()]
    assert [by_seed[seed][1].iterations for seed in range(14, 18)] == [7, 7, 6, 6]
    assert [by_seed[seed][0] for seed in range(14, 18)] == ["a", "b", "a", "b"]
    assert [one.best for one in found] == [((0, (seed,)),) for seed in range(14, 18)]


def test_each_search_of_its_own_goes_on_for_two_rounds_and_then_begins_afresh(
    tried: list[tuple[str, Try]],
) -> None:
    with Searches.begun(["a"], 0, 4) as begun:  # type: ignore[list-item]
        for _ in range(5):
            begun.of_round((1, None), BEST)
            begun.begin_own((1, None))
    by_seed = {attempt.seed: attempt.begin for _, attempt in tried}
    goes_on = [[bool(by_seed[4 * number + line]) for number in range(1, 5)] for line in (2, 3)]
    assert goes_on == [[True, False, True, False], [False, True, False, True]]


@pytest.mark.parametrize(("tries", "wait"), [(1, 1), (2, 1), (3, 2), (8, 4)])
def test_half_of_the_searches_wait_and_a_single_one_does(
    tried: list[tuple[str, Try]], tries: int, wait: int
) -> None:
    assert waiting(tries) == wait
    with Searches.begun(["a"], 0, tries) as begun:  # type: ignore[list-item]
        begun.of_round((1, None), ())
        begun.begin_own((1, None))
        begun.of_round((1, None), BEST)
    assert sum(attempt.begin == BEST for _, attempt in tried) == wait
    assert len(tried) == 2 * tries


def test_searches_find_the_same_beside_one_another_as_alone() -> None:
    problem = random_problem(10, 2, 5 * 3600, 0.3, seed=4)
    activities = activities_of(problem, np.arange(len(problem.options)), {})
    data = routing_data(problem, activities)
    with Searches.begun([data], 3, 4) as begun:
        together = begun.of_round((30, None), ())
    alone = [at_once(data, [Try(seed, 30)])[0] for seed in range(3, 7)]
    assert together == alone
    assert len({one.best for one in alone}) > 1


def test_what_a_search_raises_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(data: str, attempt: Try) -> Found:
        raise ValueError(attempt.seed)

    monkeypatch.setattr(searches, "search", search)
    with (
        pytest.raises(ValueError, match="5"),
        Searches.begun(["a"], 5, 2) as begun,  # type: ignore[list-item]
    ):
        begun.of_round((1, None), ())


def test_who_gives_up_does_not_wait_for_searches_that_have_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun_of: list[int] = []

    def search(data: str, attempt: Try) -> Found:
        begun_of.append(attempt.seed)
        time.sleep(0.02)
        return Found(None, ())

    monkeypatch.setattr(searches, "search", search)
    with pytest.raises(KeyboardInterrupt), Searches.begun(["a"], 0, 60) as begun:  # type: ignore[list-item]
        begun.begin_own((1, None))
        raise KeyboardInterrupt
    assert len(begun_of) < 30
