"""Good choices of cameras, found quickly: greedy, then swaps, then guided new beginnings.

A choice is bettered by taking one camera out and putting the best other in, until no such swap
helps (Teitz and Bart, 1968, "Heuristic methods for estimating the generalized vertex median of a
weighted graph"). Further beginnings are drawn by what the linear relaxation takes of each option
(Raghavan and Thompson, 1987, "Randomized rounding"), or keep most of a good choice and draw the
rest (iterated local search; Lourenço, Martin and Stützle, 2003). All rules of the problem are kept
at every step.
"""

import numpy as np

from planner.allocate.cameras.choice import Choice
from planner.allocate.cameras.covering import SLACK, Problem

KEPT_CHOICES = 5
FRESH_FIRST, FRESH_SHARE = 30, 0.1
LEAST_KICK, MOST_KICK = 2, 7
ANY_OPTION = 1e-4
LISTED, FEW = 2, 10


class Search:
    """A search among the choices that keep all rules; ``best`` is what it has found so far.

    Parameters
    ----------
    problem
        Without least covers: those are left to the integer search.
    seed
        Of the draws.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        self._problem = problem
        self._generator = np.random.default_rng(seed)
        self._known: list[tuple[float, tuple[int, ...]]] = []

    @property
    def best(self) -> tuple[np.ndarray, float]:
        """The best choice so far, and what it covers; the beginning before there is any."""
        if not self._known:
            start = np.sort(self._problem.start)
            return start, self._problem.value(start)
        value, chosen = self._known[0]
        return np.array(chosen, dtype=int), value

    def begin(self) -> None:
        """Fill up greedily, by gain and by gain for the price, and better both by swaps."""
        for prices in (None, self._prices()):
            self._keep(self._bettered(self._filled(self._choice(self._problem.start), prices)))

    def guided(self, relaxed: np.ndarray, rounds: int) -> None:
        """Begin anew a number of times, led by the relaxation.

        Parameters
        ----------
        relaxed
            What the relaxation takes of each option, shape (options,).
        rounds
            How many times.
        """
        odds = np.maximum(relaxed, 0.0) + ANY_OPTION
        for number in range(rounds):
            fresh = number < FRESH_FIRST or self._generator.random() < FRESH_SHARE
            choice = self._drawn(odds) if fresh else self._kicked(odds)
            self._keep(self._bettered(self._filled(choice)))

    def _choice(self, options: np.ndarray) -> Choice:
        return Choice.of(self._problem, options)

    def _keep(self, choice: Choice) -> None:
        chosen = np.sort(np.array(choice.options, dtype=int))
        found = (self._problem.value(chosen), tuple(chosen.tolist()))
        if found not in self._known and choice.keeps_rules:
            self._known = sorted([*self._known, found], reverse=True)[:KEPT_CHOICES]

    def _prices(self) -> np.ndarray:
        """Return what an option uses of the rule that it uses up most, shape (options,)."""
        limits = self._problem.limits[:, None]
        shares = np.divide(
            self._problem.uses, limits, out=np.zeros_like(self._problem.uses), where=limits > 0
        )
        prices: np.ndarray = np.maximum(shares.max(axis=0, initial=0.0), SLACK)
        return prices

    def _filled(self, choice: Choice, prices: np.ndarray | None = None) -> Choice:
        """Add what adds most, while anything does."""
        while self._problem.options:
            gains = np.where(choice.possible, self._problem.gains(choice.cover), 0.0)
            best = int(np.argmax(gains if prices is None else gains / prices))
            if gains[best] <= SLACK:
                return choice
            choice.add(best)
        return choice

    def _bettered(self, choice: Choice) -> Choice:
        """Swap one for another, and fill up, while that covers more."""
        while True:
            swapped, before = self._one_pass(choice), len(choice.options)
            self._filled(choice)
            if not swapped and len(choice.options) == before:
                return choice

    def _one_pass(self, choice: Choice) -> bool:
        swapped = False
        for option in tuple(choice.options):
            choice.remove(option)
            gains = self._problem.gains(choice.cover)
            allowed = np.where(choice.possible, gains, -1.0)
            best = int(np.argmax(allowed))
            better = allowed[best] > gains[option] + SLACK
            choice.add(best if better else option)
            swapped = swapped or better
        return swapped

    def _drawn(self, odds: np.ndarray) -> Choice:
        """Take options in a random order, the likelier the more the relaxation takes of them."""
        choice = self._choice(self._problem.start)
        listed = LISTED * int(np.ceil(odds.sum())) + FEW
        choice.add_in_turn(self._order(odds)[:listed])
        return choice

    def _kicked(self, odds: np.ndarray) -> Choice:
        """Keep most of one of the best choices, and draw a few others."""
        _, base = self._known[int(self._generator.integers(len(self._known)))]
        leaving = int(self._generator.integers(LEAST_KICK, MOST_KICK))
        order = self._generator.permutation(np.array(base, dtype=int))
        choice = self._choice(order)
        for option in order[:leaving]:
            choice.remove(int(option))
            # Rules can also ask for options, such as that most cameras stay where they are.
            if not choice.keeps_rules:
                choice.add(int(option))
        coming = int(self._generator.integers(1, leaving + 1))
        choice.add_in_turn(self._order(odds), coming)
        return choice

    def _order(self, odds: np.ndarray) -> np.ndarray:
        order: np.ndarray = np.argsort(self._generator.exponential(size=len(odds)) / odds)
        return order
