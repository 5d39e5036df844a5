"""Searches for routes on two threads, some of them while the main one packs what others found."""

import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from pyvrp import ProblemData
from pyvrp.exceptions import PenaltyBoundWarning

from planner.allocate.patrols.routing import Found, Route_, Try, search

THREADS = 2
# A search of its own goes on for so many rounds, then it begins afresh: routes stay different.
ROUNDS = 2
# Iterations, or seconds, of each search of a round.
Given = tuple[int, float | None]


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    with warnings.catch_warnings(), ThreadPoolExecutor(THREADS) as threads:
        # PyVRP warns where it finds no feasible plan; that is told by the caller.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        try:
            yield threads
        finally:
            # Whoever waits no longer for an answer does not wait for what has not begun.
            threads.shutdown(cancel_futures=True)


def at_once(data: ProblemData, attempts: Sequence[Try]) -> list[Found]:
    """Run several searches.

    Parameters
    ----------
    data
        From :func:`planner.allocate.patrols.routing.routing_data`.
    attempts
        How each of them begins and ends.
    """
    with _threads() as threads:
        return list(threads.map(partial(search, data), attempts))


class Searches:
    """Rounds of searches: half begin with the best plan, half with the last of their own or afresh.

    The latter need not wait for the best plan to be packed: they run beside the packing, on the
    core that it leaves free. Their routes differ more from those of the best plan.
    """

    def __init__(
        self, threads: ThreadPoolExecutor, data: Sequence[ProblemData], seed: int, tries: int
    ) -> None:
        self._threads, self._data, self._seed, self._lines = threads, data, seed, range(tries)
        self._begun: dict[int, Future[Found]] = {}
        self._round = 0
        self._last: dict[int, tuple[Route_, ...]] = {}

    @classmethod
    @contextmanager
    def begun(cls, data: Sequence[ProblemData], seed: int, tries: int) -> Iterator["Searches"]:
        """Provide threads for the searches.

        Parameters
        ----------
        data
            Problems as PyVRP takes them; the searches of a round take turns at them.
        seed
            Of the first search; each further one has the next.
        tries
            Searches in a round.
        """
        with _threads() as threads:
            yield cls(threads, data, seed, tries)

    def begin_own(self, given: Given) -> None:
        """Begin those searches of the next round that do not wait for the best plan."""
        for line in self._lines[waiting(len(self._lines)) :]:
            self._begin(line, given, self._last.get(line, ()))

    def of_round(self, given: Given, plan: tuple[Route_, ...]) -> list[Found]:
        """Return what the searches of a round found, in the order of their seeds.

        Parameters
        ----------
        given
            For those that have not begun yet.
        plan
            The best plan so far; empty to begin without.
        """
        for line in self._lines:
            if line not in self._begun:
                own = line >= waiting(len(self._lines))
                self._begin(line, given, self._last.get(line, ()) if own else plan)
        found = [self._begun.pop(line).result() for line in self._lines]
        self._round += 1
        self._seed += len(self._lines)
        self._last = {
            line: one.best
            for line, one in zip(self._lines, found, strict=True)
            if one.best is not None and (self._round + line) % ROUNDS
        }
        return found

    def _begin(self, line: int, given: Given, plan: tuple[Route_, ...]) -> None:
        attempt = Try(self._seed + line, *given, plan)
        self._begun[line] = self._threads.submit(
            search, self._data[line % len(self._data)], attempt
        )


def waiting(tries: int) -> int:
    """Return how many of a round's searches wait for the best plan."""
    return (tries + 1) // 2
