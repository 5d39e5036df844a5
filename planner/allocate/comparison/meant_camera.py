"""Which camera a name means, and what it covers beside all the others."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from planner.allocate.camera_plan import ROLE_WORDS, added_by_each, changes, stated_adds
from planner.allocate.cameras import roles
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.roles import Options
from planner.errors import ScenarioError

STANDING = "standing"
LISTED = 8
BESIDE_STANDING = "the other cameras that stand today"
BESIDE_CHOICE = "the cameras that stand and the others of this choice"


@dataclass(frozen=True)
class Meant:
    """One camera, and what is covered with it and by it.

    Attributes
    ----------
    code, role, term
        Its number in the plan (``""`` for one that stands), and its role and term in words.
    options
        The camera alone, as the one row of options.
    adds
        The share of what counts that it adds to all the others, as the plan has it.
    demand
        Expected incidents a mean day of each row, in each term, shape (terms, rows).
    cover
        How often each row is seen with it, shape (terms, rows).
    own
        How much of that is its own, shape (terms, rows).
    row
        Of a camera that stands, its row among those; else -1.
    """

    code: str
    role: str
    term: str
    options: Options
    adds: float
    demand: np.ndarray
    cover: np.ndarray
    own: np.ndarray
    row: int = -1

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.options.table["name"].iloc[0])

    @property
    def beside(self) -> str:
        """Which other cameras it is held against, in words."""
        return BESIDE_STANDING if self.row >= 0 else BESIDE_CHOICE

    @property
    def without(self) -> np.ndarray:
        """How often each row is seen without it, shape (terms, rows)."""
        left: np.ndarray = np.maximum(self.cover - self.own, 0.0)
        return left

    @property
    def in_view(self) -> tuple[float, float]:
        """Expected incidents a mean day in its view: by day, and after dark."""
        each = (self.demand * np.minimum(self.own, 1.0)).sum(axis=0)
        day, night = each.reshape(2, -1).sum(axis=1)
        return float(day), float(night)

    @property
    def added(self) -> float:
        """Expected incidents a mean day that would be in view no more without it."""
        lost = np.minimum(self.cover, 1.0) - np.minimum(self.without, 1.0)
        return float((self.demand * lost).sum())


def gains(seen: csr_array, cover: np.ndarray, demand: np.ndarray) -> np.ndarray:
    """Return the expected incidents that each option would add to a cover, shape (options,).

    Parameters
    ----------
    seen
        Share of the time in which each option sees each row, shape (options, rows).
    cover, demand
        As :class:`Meant` has them, shape (terms, rows).
    """
    rows = seen.indices
    free = 1.0 - np.minimum(cover[:, rows], 1.0)
    each = (np.minimum(seen.data, free) * demand[:, rows]).sum(axis=0)
    summed: np.ndarray = csr_array((each, rows, seen.indptr), shape=seen.shape).sum(axis=1)
    return summed


def meant_camera(deployment: Deployment, which: str) -> Meant:
    """Find a camera of a deployment by its name, or by its number in the plan.

    Parameters
    ----------
    which
        The name of a camera that is put up, moved, turned or stated, or of one of the service's
        own that stand; or ``C1``, ``C2`` and so on, as the plan numbers what changes.

    Raises
    ------
    ScenarioError
        If there is no such camera, several have the name, or it is another's.
    """
    wanted = which.strip()
    names = _changed_names(deployment)
    found = [place for place, name in enumerate(names) if name == wanted]
    if len(found) > 1:
        codes = ", ".join(f"C{place + 1}" for place in found)
        raise ScenarioError(f"camera: several are called '{wanted[:80]}'; give one of {codes}.")
    standing = deployment.possible.standing
    rows = np.flatnonzero(standing.own & (standing.names == wanted))
    if not found and len(rows):
        return standing_camera(deployment, int(rows[0]))
    number = wanted[1:] if wanted[:1] in ("C", "c") else ""
    if not found and number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= len(names):
        found = [int(number[:6]) - 1]
    if not found:
        raise ScenarioError(_unknown(deployment, wanted, names))
    return _changed(deployment, found[0])


def _changed_names(deployment: Deployment) -> list[str]:
    """Return the names of what changes, in the plan's order: the stated cameras first."""
    rows, _, _ = changes(deployment)
    stated = deployment.possible.stated
    first = [] if stated is None else stated.table["name"].tolist()
    return [*first, *deployment.options.table["name"].iloc[rows].tolist()]


def _unknown(deployment: Deployment, wanted: str, names: list[str]) -> str:
    standing, estate = deployment.possible.standing, deployment.study.picture.estate
    if wanted in set(estate.others_cameras["name"]):
        return (
            f"camera: '{wanted[:80]}' is not the service's own, so it is not the service's to make "
            "a case for or to show; ask for one of its own, or for a new one."
        )
    there = [f"C{place} ({name})" for place, name in enumerate(names, start=1)]
    there += [str(name) for name in standing.names[standing.own]]
    more = "" if len(there) <= LISTED else f" and {len(there) - LISTED} others"
    listed = f"there are {', '.join(there[:LISTED])}{more}" if there else "there is none at all"
    return f"camera: there is no camera '{wanted[:80]}' in this choice; {listed}."


def _changed(deployment: Deployment, place: int) -> Meant:
    """Take the camera that the plan lists at a place among what changes."""
    stated = deployment.possible.stated
    ahead = 0 if stated is None else len(stated)
    terms = len(deployment.term_names)
    if stated is not None and place < ahead:
        options, at_term = _alone(stated, place), -1
        adds = float(stated_adds(deployment, stated)[place])
    else:
        rows, at_terms, lost = changes(deployment)
        options = _alone(deployment.options, int(rows[place - ahead]))
        at_term, adds = int(at_terms[place - ahead]), float(lost[place - ahead])
    own = np.tile(options.seen.toarray(), (terms, 1))
    if at_term >= 0:
        own[np.arange(terms) != at_term] = 0.0
    cover = deployment.problem.cover(deployment.covering.chosen).reshape(terms, -1)
    study = deployment.study
    shares = study.by_term if terms > 1 else np.ones((1, len(study.incidents)))
    return Meant(
        code=f"C{place + 1}",
        role=ROLE_WORDS[str(options.table["role"].iloc[0])],
        term="" if at_term < 0 else deployment.term_names[at_term],
        options=options,
        adds=adds,
        demand=study.incidents * shares,
        cover=cover,
        own=own,
    )


def _alone(options: Options, row: int) -> Options:
    """Take one camera out of options, and its place out of theirs."""
    part = options.only(np.array([row]))
    views = part.views
    here = replace(views, places=views.places[views.place], place=np.zeros(1, dtype=int))
    return replace(part, views=here)


def standing_camera(deployment: Deployment, row: int) -> Meant:
    """Take a camera that stands, beside the others that stand.

    Parameters
    ----------
    row
        Its row among the cameras that stand and work.
    """
    kept, study = deployment.possible.kept, deployment.study
    weights = deployment.problem.weights.reshape(-1, len(study.incidents)).sum(axis=0)
    return Meant(
        code="",
        role=STANDING,
        term="",
        options=_alone(kept, row),
        adds=float(added_by_each(kept, weights)[row] / weights.sum()),
        demand=study.incidents[None, :],
        cover=np.asarray(kept.seen.sum(axis=0)).reshape(1, -1),
        own=kept.seen[[row]].toarray(),
        row=row,
    )


def is_placed_each_term(meant: Meant) -> bool:
    """Tell whether a camera is a unit that is placed anew each term."""
    return bool(meant.options.table["role"].iloc[0] == roles.PLACED_EACH_TERM)
