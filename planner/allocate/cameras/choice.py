"""A choice of cameras that changes step by step: what it covers, uses up, and still allows."""

from dataclasses import dataclass

import numpy as np

from planner.allocate.cameras.covering import SLACK, Problem


@dataclass
class Choice:
    """Options that are taken, kept in step with what follows from them.

    Attributes
    ----------
    problem
        What is chosen from.
    options
        The options, in the order in which they were taken.
    cover
        How often each row is seen, shape (r,).
    used
        What is used up, shape (rules,).
    taken
        Which groups have an option, booleans of shape (groups,).
    """

    problem: Problem
    options: list[int]
    cover: np.ndarray
    used: np.ndarray
    taken: np.ndarray

    @classmethod
    def of(cls, problem: Problem, options: np.ndarray) -> "Choice":
        """Take options, at most one of each group."""
        taken = np.zeros(int(problem.group.max(initial=-1)) + 1, dtype=bool)
        taken[problem.group[options]] = True
        return cls(
            problem,
            [int(option) for option in options],
            problem.cover(options),
            problem.used(options),
            taken,
        )

    @property
    def possible(self) -> np.ndarray:
        """Which options can be taken beside these, booleans of shape (options,)."""
        room = (self.problem.limits - self.used + SLACK)[:, None]
        fits: np.ndarray = (self.problem.uses <= room).all(axis=0)
        free: np.ndarray = fits & ~self.taken[self.problem.group]
        return free

    @property
    def keeps_rules(self) -> bool:
        """Whether what is used up is there."""
        return bool((self.used <= self.problem.limits + SLACK).all())

    def add(self, option: int) -> None:
        """Take an option; its group must be free."""
        self.options.append(option)
        self._change(option, 1.0)

    def remove(self, option: int) -> None:
        """Take an option no more."""
        self.options.remove(option)
        self._change(option, -1.0)

    def add_in_turn(self, options: np.ndarray, most: int | None = None) -> None:
        """Take options one after the other where that is possible, so many at most."""
        left = len(options) if most is None else most
        for option in options:
            if left == 0:
                return
            fits = self.used + self.problem.uses[:, option] <= self.problem.limits + SLACK
            if bool(fits.all()) and not self.taken[self.problem.group[option]]:
                self.add(int(option))
                left -= 1

    def _change(self, option: int, sign: float) -> None:
        seen = self.problem.seen
        part = slice(seen.indptr[option], seen.indptr[option + 1])
        self.cover[seen.indices[part]] += sign * seen.data[part]
        self.used = self.used + sign * self.problem.uses[:, option]
        self.taken[self.problem.group[option]] = sign > 0
