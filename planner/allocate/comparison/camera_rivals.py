"""Choices of new cameras beside the planner's own: none, greedy, by chance, and by counts alone.

All take from the same offer and see nothing but the picture that they are given. The offer holds
the places that see most of the demand, so that chance too has that advantage.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array

from planner.allocate.baselines import DRAWS
from planner.allocate.cameras.choice import Choice
from planner.allocate.cameras.covering import NONE, SLACK, Problem
from planner.allocate.cameras.deployment import Deployment, deploy
from planner.allocate.cameras.solving import Effort
from planner.allocate.cameras.study import Study
from planner.allocate.comparison.happened import happened, seen_of
from planner.allocate.comparison.held_out import COUNTS, GREEDY, PLANNED, TODAY
from planner.allocate.scenario.cameras import MOST_CAMERAS, CamerasWanted
from planner.clock import first_shift_of_any
from planner.errors import ScenarioError
from planner.insight.risk.forecast import shift_risk
from planner.picture import Picture

CELL_M = 50.0
# What a scenario says of cameras that holds for every choice alike.
SHARED = ("kinds", "range_m", "grade", "remove", "down", "private_limit")


@dataclass(frozen=True)
class Choices:
    """Who would put cameras where.

    Attributes
    ----------
    deployment
        The planner's own, with all that could be chosen.
    chosen
        Rows of the deployment's options by the choice's name.
    draws
        The same of choices by chance.
    """

    deployment: Deployment
    chosen: Mapping[str, np.ndarray]
    draws: tuple[np.ndarray, ...]


def new_alone(wanted: CamerasWanted, new: int) -> tuple[CamerasWanted, tuple[str, ...]]:
    """Return the question of some new cameras beside those that stand, and the keys left aside.

    Raises
    ------
    ScenarioError
        If the number of cameras can't be.
    """
    if not 1 <= new <= MOST_CAMERAS:
        raise ScenarioError(
            f"{new} new cameras can't be judged; give a number from 1 to {MOST_CAMERAS}."
        )
    kept = {name: getattr(wanted, name) for name in SHARED}
    usual = CamerasWanted()
    aside = [
        name
        for name in CamerasWanted.model_fields
        if name not in (*SHARED, "new") and getattr(wanted, name) != getattr(usual, name)
    ]
    return usual.model_copy(update=kept | {"new": new}), tuple(aside)


def choose(picture: Picture, new: int, wanted: CamerasWanted, effort: Effort) -> Choices:
    """Choose new cameras in every way.

    Parameters
    ----------
    picture
        All that may be known.
    new
        How many.
    wanted
        Which kinds, and what is asked of them; see :func:`new_alone`.
    effort
        Of the planner's own choice; its seed is that of chance too.

    Raises
    ------
    ScenarioError
        If what is wanted is not there, or nothing can be put up anywhere.
    """
    asked, _ = new_alone(wanted, new)
    settings = picture.settings
    shift = first_shift_of_any(picture.as_of, settings.shifts, settings.time_zone)
    study = Study(picture, shift_risk(picture.expectation, shift))
    if not len(study.offered(asked.kinds, asked).offer.table):
        raise ScenarioError(
            "cameras: at no place of the estate could a new camera see any of the risk; allow "
            "other kinds or a coarser grade."
        )
    deployment = deploy(study, asked, study.incidents, effort)
    chosen = {
        TODAY: NONE,
        PLANNED: np.sort(deployment.chosen),
        GREEDY: _greedy(deployment.problem),
        COUNTS: _highest_counts(deployment, new),
    }
    return Choices(deployment, chosen, _by_chance(deployment, new, effort.seed))


def _greedy(problem: Problem) -> np.ndarray:
    """Take what adds most to those before it, while anything does."""
    choice = Choice.of(problem, NONE)
    while True:
        gains = np.where(choice.possible, problem.gains(choice.cover), 0.0)
        best = int(np.argmax(gains))
        if gains[best] <= SLACK:
            return np.sort(np.array(choice.options, dtype=int))
        choice.add(best)


def _by_chance(deployment: Deployment, new: int, seed: int) -> tuple[np.ndarray, ...]:
    """Draw places, and of each place one of its cameras."""
    generator, group = np.random.default_rng(seed), deployment.possible.group
    draws = []
    for _ in range(DRAWS):
        order = generator.permutation(len(group))
        first = order[np.unique(group[order], return_index=True)[1]]
        draws.append(np.sort(generator.choice(first, min(new, len(first)), replace=False)))
    return tuple(draws)


def _highest_counts(deployment: Deployment, new: int) -> np.ndarray:
    """Give each of the cells with most incidents the camera that sees most of them."""
    study, options = deployment.study, deployment.options
    recorded = study.picture.on_estate
    at = np.floor(recorded[["x", "y"]].to_numpy(float) / CELL_M)
    cells, cell = np.unique(at, axis=0, return_inverse=True)
    counts = np.bincount(cell.ravel(), recorded["weight"].to_numpy(float), minlength=len(cells))
    highest = np.argsort(-counts, kind="stable")[:new]
    label = np.full(len(cells), -1)
    label[highest] = np.arange(len(highest))
    what = happened(recorded, study, trust_snaps=True)
    held = what.by_label(label[cell.ravel()], len(highest), study.demand)
    worth = csr_array(seen_of(study, options, deployment.grade, what) @ held.T).toarray()
    places = options.views.places[options.views.place]
    middles = (cells[highest] + 0.5) * CELL_M
    return _one_a_cell(worth, places, middles, deployment.possible.group, new)


def _one_a_cell(
    worth: np.ndarray, places: np.ndarray, middles: np.ndarray, group: np.ndarray, new: int
) -> np.ndarray:
    """Take the free option that sees most of each cell, or else the nearest one.

    Parameters
    ----------
    worth
        What each option sees of each cell, shape (options, cells).
    places, middles
        Metres, shape (options, 2) and (cells, 2).
    group
        Of equal ones only one can be taken, shape (options,).
    new
        How many are taken; where there are fewer cells they have their turn again.
    """
    free = np.ones(len(places), dtype=bool)
    taken: list[int] = []
    for cell in np.resize(np.arange(len(middles)), new):
        if not free.any():
            break
        seen = np.where(free, worth[:, cell], 0.0)
        metres = shapely.distance(shapely.points(places), shapely.Point(middles[cell]))
        nearest = int(np.argmin(np.where(free, metres, np.inf)))
        best = int(np.argmax(seen)) if seen.max() > 0 else nearest
        taken.append(best)
        free &= group != group[best]
    return np.sort(np.array(taken, dtype=int))
