"""A deployment of cameras: what a scenario asks, as a covering problem, and its answer.

What stays in any case: the cameras of others, and the service's own unless the scenario lets them
be turned, moved or taken away. Rules are the number of new cameras, the money to buy, move and
turn them, and by how much the cost of a year may grow. A camera that can't mask the private places
that it could see is no option where they are more than the scenario's limit.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from planner.allocate.cameras import roles
from planner.allocate.cameras.covering import Covering, LeastCover, Problem
from planner.allocate.cameras.demanded import least_covers, second_views
from planner.allocate.cameras.possible import Possible, possible_cameras
from planner.allocate.cameras.roles import Options
from planner.allocate.cameras.solving import Effort, solve
from planner.allocate.cameras.study import Study
from planner.allocate.cameras.terms import ALL_YEAR, term_names
from planner.allocate.scenario.cameras import CamerasWanted


@dataclass(frozen=True)
class Deployment:
    """Which cameras there are to be, and how good that is.

    Attributes
    ----------
    study, wanted, possible
        What was asked, and of what.
    term_names
        The terms; one for the whole year where nothing is placed anew each term.
    row, term
        Of each of the problem's options: its row of ``options``, and in which term it is placed,
        -1 for the whole year.
    problem, covering
        The covering problem over all options, and its answer; rows are those of all terms.
    """

    study: Study
    wanted: CamerasWanted
    possible: Possible
    term_names: tuple[str, ...]
    row: np.ndarray
    term: np.ndarray
    problem: Problem
    covering: Covering

    @property
    def options(self) -> Options:
        """Everything that could be chosen."""
        return self.possible.free

    @property
    def grade(self) -> str:
        """From which grade of detail on something counts as seen."""
        return self.study.grade(self.wanted)

    @property
    def chosen(self) -> np.ndarray:
        """Rows of the options that were chosen; those placed each term once for each term."""
        rows: np.ndarray = self.row[self.covering.chosen]
        return rows

    def cover(self) -> np.ndarray:
        """Return the part of each row that is covered in the mean of the terms, shape (rows,)."""
        rows = len(self.study.incidents)
        seen = np.minimum(self.problem.cover(self.covering.chosen), 1.0)
        by_term = seen.reshape(len(self.term_names), rows)
        shares = self.study.by_term if len(self.term_names) > 1 else np.ones((1, rows))
        covered: np.ndarray = (by_term * shares).sum(axis=0)
        return covered

    def share(self, weights: np.ndarray) -> float:
        """Return the share of some weights of the rows that is covered."""
        return float(weights @ self.cover() / weights.sum()) if weights.sum() > 0 else 0.0

    @property
    def purchase(self) -> float:
        """What buying, moving and turning costs."""
        prices = self.options.table["price"].to_numpy(float)
        return float(prices[self.chosen].sum()) + self.possible.spent

    @property
    def yearly(self) -> float:
        """By how much the cost of a year grows."""
        costs = self.options.table["yearly"].to_numpy(float)
        ours = self.options.table["standing"].to_numpy() >= 0
        staying = float(costs[self.chosen].sum())
        whole = float(costs[np.flatnonzero(ours & self.possible.is_kept)].sum())
        return staying - whole + self.possible.yearly_spent


def deploy(study: Study, wanted: CamerasWanted, weights: np.ndarray, effort: Effort) -> Deployment:
    """Choose the cameras of a scenario.

    Parameters
    ----------
    study
        The demand, and what could be seen of it.
    wanted
        What the scenario says of cameras.
    weights
        What is to be covered: of each row, shape (rows,).
    effort
        How hard to try.

    Raises
    ------
    ScenarioError
        If it names what is not there, or a budget buys nothing.
    Infeasible
        If no choice reaches all least covers.
    """
    possible = possible_cameras(study, wanted, weights)
    names = term_names(study.picture.settings.terms) if possible.units else (ALL_YEAR,)
    row, term = _spread_over_terms(possible, len(names))
    problem = _problem(study, possible, weights, row, term, len(names))
    return Deployment(study, wanted, possible, names, row, term, problem, solve(problem, effort))


def _spread_over_terms(possible: Possible, terms: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the option and the term of each of the problem's options."""
    each = (possible.free.table["role"] == roles.PLACED_EACH_TERM).to_numpy()
    once, anew = np.flatnonzero(~each), np.flatnonzero(each)
    row = np.concatenate([once, np.tile(anew, terms)])
    term = np.concatenate([np.full(len(once), -1), np.repeat(np.arange(terms), len(anew))])
    return row, term


def _problem(
    study: Study,
    possible: Possible,
    weights: np.ndarray,
    row: np.ndarray,
    term: np.ndarray,
    terms: int,
) -> Problem:
    wanted, rows = possible.wanted, len(weights)
    shares = study.by_term if terms > 1 else np.ones((1, rows))
    uses, limits = _rules(possible, row, term, terms)
    blocks = [_in_term(possible.free.seen[row], (term == -1) | (term == at)) for at in range(terms)]
    asked = [
        LeastCover(each.name, np.tile(each.rows, terms), each.needed)
        for each in least_covers(study, wanted, weights)
    ]
    group = possible.group[row] * (terms + 1) + term + 1
    return Problem(
        weights=(weights * shares).ravel(),
        seen=csr_array(hstack(blocks, format="csr")),
        base=np.tile(possible.base, terms),
        again=np.tile(second_views(study, wanted), terms),
        uses=uses,
        limits=limits,
        group=np.unique(group, return_inverse=True)[1].ravel(),
        start=np.flatnonzero(possible.is_kept[row]),
        least=tuple(asked),
    )


def _in_term(seen: csr_array, counts: np.ndarray) -> csr_array:
    """Return what is seen in one term: nothing by the units that stand elsewhere then."""
    kept = np.repeat(counts, np.diff(seen.indptr))
    begins = np.concatenate([[0], np.cumsum(np.diff(seen.indptr) * counts)])
    return csr_array((seen.data[kept], seen.indices[kept], begins), shape=seen.shape)


def _rules(
    possible: Possible, row: np.ndarray, term: np.ndarray, terms: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return what each option uses up of number and money, and how much there is."""
    table, wanted = possible.free.table, possible.wanted
    role = table["role"].to_numpy(object)[row]
    ours = (table["standing"].to_numpy() >= 0)[row]
    new, moved = role == roles.NEW, role == roles.MOVED
    rules: list[tuple[np.ndarray, float]] = [(new, wanted.most_new)]
    rules += [((term == at) * 1.0, possible.units) for at in range(terms) if possible.units]
    if possible.moves:
        rules.append((moved, possible.moves))
        optics = table["optics"].to_numpy(int)[row]
        # No more cameras of a sort can be put up elsewhere than leave their places.
        rules += [
            ((ours | moved) & (optics == sort), possible.there(sort))
            for sort in np.unique(optics[moved])
        ]
    if possible.least_standing:
        rules.append((-1.0 * ours, -possible.least_standing))
    if wanted.budget is not None:
        price = table["price"].to_numpy(float)[row]
        rules.append((price, wanted.budget - possible.spent))
    if wanted.yearly_budget is not None:
        yearly = table["yearly"].to_numpy(float)
        whole = float(yearly[possible.is_kept].sum())
        rules.append((yearly[row], wanted.yearly_budget + whole - possible.yearly_spent))
    return np.array([each for each, _ in rules], dtype=float), np.array(
        [float(limit) for _, limit in rules]
    )
