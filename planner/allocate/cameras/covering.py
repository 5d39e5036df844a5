"""The covering problem in numbers: what each option sees, what it uses up, and what counts.

Model
-----
Rows of demand i with weight w(i): a place by day or after dark, in a term. Options j: a camera at
a place, facing one way. q(i, j) in [0, 1] is the share of the time in which option j sees row i,
b(i) what stays in any case sees of it, and v(i) what a second view of it is worth beside the
first. Binary x(j) takes an option (maximal covering location; Church and ReVelle, 1974, "The
maximal covering location problem"; with a second cover: Daskin and Stern, 1981, "A hierarchical
objective set covering model for emergency medical service vehicle deployment"):

    maximise    sum w(i) (y(i) + v(i) z(i))
    subject to  y(i) + z(i) <= b(i) + sum over j of q(i, j) x(j)     for each row i,
                y(i), z(i) in [0, 1]; z(i) only where v(i) > 0,
                sum over j of u(k, j) x(j) <= L(k)                   for each rule k,
                sum over the options j of one group of x(j) <= 1     for each group,
                sum over the rows of place m of w(i) y(i) >= W(m)    for each least cover m.

Rules are of number and of money. Of a group only one can be taken: one camera at a place, one way
for a camera to face. Shares of time add up, to the whole at most.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

NONE = np.array([], dtype=int)
SLACK = 1e-9


@dataclass(frozen=True)
class LeastCover:
    """A cover that must be reached: ``needed`` of the weight of the marked ``rows``.

    Attributes
    ----------
    name
        What people call the place.
    rows
        Booleans, shape (r,).
    needed
        In the unit of the weights.
    """

    name: str
    rows: np.ndarray
    needed: float


@dataclass(frozen=True)
class Problem:
    """What cameras may be chosen from, and what is to be covered.

    Attributes
    ----------
    weights
        Of the rows of demand, shape (r,), none negative.
    seen
        Share of the time in which each option sees each row, shape (options, r).
    base
        What stays in any case sees of each row, shape (r,).
    again
        What a second view of a row is worth, as a share of its weight, shape (r,).
    uses, limits
        Rules: what each option uses up, shape (rules, options), and how much there is of it,
        shape (rules,).
    group
        Numbers from 0, shape (options,): of equal ones only one can be taken.
    start
        Options to begin from, such as the cameras that stand: together they keep the rules.
    least
        Covers that must be reached.
    """

    weights: np.ndarray
    seen: csr_array
    base: np.ndarray
    again: np.ndarray
    uses: np.ndarray
    limits: np.ndarray
    group: np.ndarray
    start: np.ndarray = field(default_factory=lambda: NONE)
    least: tuple[LeastCover, ...] = ()

    @property
    def options(self) -> int:
        """How many options there are."""
        return int(self.seen.shape[0])

    @cached_property
    def plain(self) -> bool:
        """Whether rows are seen always or never, and once is enough."""
        return bool((self.seen.data == 1.0).all() and not self.again.any())

    def cover(self, chosen: np.ndarray) -> np.ndarray:
        """Return how often each row is seen, by what stays and by the chosen, shape (r,)."""
        rows = self.seen[chosen]
        total: np.ndarray = self.base + np.bincount(
            rows.indices, rows.data, minlength=len(self.base)
        )
        return total

    def worth(self, cover: np.ndarray) -> np.ndarray:
        """Return what rows are worth that are seen so often, shape (r,)."""
        value: np.ndarray = self.weights * (
            np.minimum(cover, 1.0) + self.again * np.clip(cover - 1.0, 0.0, 1.0)
        )
        return value

    def value(self, chosen: np.ndarray) -> float:
        """Return what is covered with the chosen options."""
        return float(self.worth(self.cover(chosen)).sum())

    def gains(self, cover: np.ndarray) -> np.ndarray:
        """Return what each option would add where rows are seen so often, shape (options,)."""
        if self.plain:
            left = self.weights * np.clip(1.0 - cover, 0.0, 1.0)
            added: np.ndarray = self.seen @ left
            return added
        rows = self.seen.indices
        before, after = cover[rows], cover[rows] + self.seen.data
        first = np.minimum(after, 1.0) - np.minimum(before, 1.0)
        second = np.clip(after - 1.0, 0.0, 1.0) - np.clip(before - 1.0, 0.0, 1.0)
        each = self.weights[rows] * (first + self.again[rows] * second)
        summed: np.ndarray = csr_array((each, rows, self.seen.indptr), shape=self.seen.shape).sum(
            axis=1
        )
        return summed

    def used(self, chosen: np.ndarray) -> np.ndarray:
        """Return what the chosen options use up, shape (rules,)."""
        total: np.ndarray = self.uses[:, chosen].sum(axis=1)
        return total

    def keeps_rules(self, chosen: np.ndarray) -> bool:
        """Tell whether options can be taken together; least covers aside."""
        once = len(np.unique(self.group[chosen])) == len(chosen)
        return once and bool((self.used(chosen) <= self.limits + SLACK).all())

    def reaches_least(self, chosen: np.ndarray) -> bool:
        """Tell whether options reach every least cover."""
        seen = self.weights * np.minimum(self.cover(chosen), 1.0)
        return all(
            float(seen[each.rows].sum()) >= each.needed - SLACK * max(1.0, each.needed)
            for each in self.least
        )

    def only(self, options: np.ndarray) -> "Problem":
        """Return the problem with some of its options alone."""
        place = np.full(self.options, -1)
        place[options] = np.arange(len(options))
        start = place[self.start]
        return replace(
            self,
            seen=self.seen[options],
            uses=self.uses[:, options],
            group=self.group[options],
            start=start[start >= 0],
        )


@dataclass(frozen=True)
class Covering:
    """A solved covering problem.

    Attributes
    ----------
    chosen
        The options, in rising order.
    value
        What is covered, with what stays.
    bound
        No choice covers more.
    stopped_by
        Which rule stopped the solver, in words.
    """

    chosen: np.ndarray
    value: float
    bound: float
    stopped_by: str


def place_so_many(weights: np.ndarray, seen: csr_array, base: np.ndarray, most: int) -> Problem:
    """Set out the plain problem: some number of cameras, each of the same price.

    Parameters
    ----------
    weights
        Of the rows, shape (r,), none negative.
    seen
        Which option sees which row, shape (options, r).
    base
        What stays in any case sees, shape (r,).
    most
        How many cameras at most.
    """
    return Problem(
        weights=weights,
        seen=seen,
        base=base,
        again=np.zeros(len(weights)),
        uses=np.ones((1, seen.shape[0])),
        limits=np.array([float(most)]),
        group=np.arange(seen.shape[0]),
    )
