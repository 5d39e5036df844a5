"""What a scenario lets cameras be: what stays in any case, and what can be chosen."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.allocate.cameras import roles
from planner.allocate.cameras.covering import NONE, place_so_many
from planner.allocate.cameras.demanded import stated_places
from planner.allocate.cameras.roles import Options
from planner.allocate.cameras.shares import lost_without
from planner.allocate.cameras.standing import Standing, check_own, standing_in, yearly_cost
from planner.allocate.cameras.study import Study
from planner.allocate.scenario.cameras import CamerasWanted
from planner.camera_settings import RELOCATABLE
from planner.errors import ScenarioError

EXPOSED = 1e-9


@dataclass(frozen=True)
class Possible:
    """What stays, and what can be chosen.

    Attributes
    ----------
    wanted
        What the scenario says.
    standing
        The cameras that stand and work.
    kept
        All of them as options, as they are.
    stays
        Rows of ``kept`` that stay in any case.
    stated
        The scenario's own cameras as options, or None: they are there in any case.
    base
        How often what is there in any case sees each row, shape (rows,).
    free
        What can be chosen.
    group
        Of each of them: of equal ones only one can be taken, shape (free,).
    weakest
        Rows of ``kept`` that are taken away because they add least.
    relocated
        Rows of ``kept`` that are placed anew each term.
    units
        How many units are placed each term.
    moves
        How many cameras can be moved.
    least_standing
        How many of the service's own must stay where they are at least.
    spent, yearly_spent
        What is paid in any case, once and a year.
    ruled_out
        How many options were left out for what they could see of private places.
    """

    wanted: CamerasWanted
    standing: Standing
    kept: Options
    stays: np.ndarray
    stated: Options | None
    base: np.ndarray
    free: Options
    group: np.ndarray
    weakest: np.ndarray
    relocated: np.ndarray
    units: int
    moves: int
    least_standing: int
    spent: float
    yearly_spent: float
    ruled_out: int

    @property
    def is_kept(self) -> np.ndarray:
        """Which of what can be chosen stands as it is, booleans of shape (free,)."""
        found: np.ndarray = (self.free.table["role"] == roles.KEPT).to_numpy()
        return found

    def there(self, sort: int) -> int:
        """Return how many of one sort of cameras stand that may stay or go."""
        optics = self.kept.table["optics"].to_numpy(int)
        staying = self.free.table["optics"].to_numpy(int)[self.is_kept]
        return int((optics[self.weakest] == sort).sum() + (staying == sort).sum())


def possible_cameras(study: Study, wanted: CamerasWanted, weights: np.ndarray) -> Possible:
    """Set out what a scenario lets cameras be.

    Parameters
    ----------
    study
        The demand, and what could be seen of it.
    wanted
        What the scenario says of cameras.
    weights
        Of the rows, shape (rows,): by them the weakest are found.

    Raises
    ------
    ScenarioError
        If it names what is not there, or a budget buys nothing.
    """
    estate = study.picture.estate
    check_own(estate, wanted.remove, "cameras.remove")
    check_own(estate, wanted.down, "cameras.down")
    standing = standing_in(estate, (*wanted.remove, *wanted.down))
    kept = roles.kept(study, standing, study.grade(wanted))
    units = wanted.relocatable
    relocated = NONE
    if wanted.relocate:
        moving = standing.own & (standing.table["kind"] == RELOCATABLE).to_numpy()
        relocated = np.flatnonzero(moving)
        units += len(relocated)
    weakest = _weakest(kept, standing, weights, wanted.move_weakest, relocated)
    leaving = np.union1d(relocated, weakest).astype(int)
    changeable = wanted.standing != "keep" or wanted.moves > 0
    own = np.setdiff1d(np.flatnonzero(standing.own), leaving)
    chosen_among = own if changeable else NONE
    stays = np.setdiff1d(np.arange(len(kept)), np.concatenate([leaving, chosen_among]))
    stated = None
    if wanted.place:
        stated = roles.stated(study, wanted, *stated_places(study, wanted))
        _check_private(study, wanted, stated)
    free, ruled_out = _free(study, wanted, kept, chosen_among, units, weakest)
    gone = _yearly_of_removed(study, wanted) + float(kept.table["yearly"].iloc[weakest].sum())
    spent, yearly = _spent(study, wanted, stated, gone)
    possible = Possible(
        wanted=wanted,
        standing=standing,
        kept=kept,
        stays=stays,
        stated=stated,
        base=_base(kept, stays, stated),
        free=free,
        group=_groups(free),
        weakest=weakest,
        relocated=relocated,
        units=units,
        moves=wanted.moves or len(weakest),
        least_standing=_least_standing(wanted, len(own)) if changeable else 0,
        spent=spent,
        yearly_spent=yearly,
        ruled_out=ruled_out,
    )
    _check_budget(study, possible)
    return possible


def _weakest(
    kept: Options, standing: Standing, weights: np.ndarray, number: int, apart: np.ndarray
) -> np.ndarray:
    """Return the service's own cameras that add least to all the others, the weakest first."""
    if not number:
        return NONE
    own = np.setdiff1d(np.flatnonzero(standing.own), apart)
    if number > len(own):
        raise ScenarioError(
            f"cameras.move_weakest: {number} can't be moved, since the service has {len(own)} "
            "cameras of its own that stand and work; give that number or less."
        )
    problem = place_so_many(weights, kept.seen, np.zeros(len(weights)), len(kept))
    lost = lost_without(problem, np.arange(len(kept)))
    return own[np.argsort(lost[own], kind="stable")[:number]]


def _least_standing(wanted: CamerasWanted, own: int) -> int:
    if wanted.standing == "choose":
        return 0
    return max(0, own - wanted.moves)


def _free(
    study: Study,
    wanted: CamerasWanted,
    kept: Options,
    own: np.ndarray,
    units: int,
    weakest: np.ndarray,
) -> tuple[Options, int]:
    """Return what can be chosen, and how many options privacy rules out."""
    parts = [kept.only(own)]
    if wanted.standing != "keep":
        parts.append(roles.turned(study, kept, own, study.grade(wanted)))
    new = roles.bought(study, wanted)
    parts.append(new if wanted.most_new else new.only(NONE))
    movable = np.union1d(own, weakest).astype(int) if wanted.moves else weakest
    if len(movable):
        parts.append(roles.moved(study, new, kept, movable, study.grade(wanted)))
    if units:
        parts.append(roles.placed_each_term(study, wanted))
    whole = roles.together(parts)
    staying = (whole.table["role"] == roles.KEPT).to_numpy()
    most = whole.exposed.max(axis=1).toarray().ravel() if whole.exposed.shape[1] else 0.0
    unmasked = (most > wanted.private_limit + EXPOSED) & ~whole.table["masks"].to_numpy(bool)
    allowed = np.flatnonzero(staying | ~unmasked)
    return whole.only(allowed), len(whole) - len(allowed)


def _check_private(study: Study, wanted: CamerasWanted, stated: Options) -> None:
    """Refuse a stated camera that can't mask the private places that it could see."""
    masks = stated.table["masks"].to_numpy(bool)
    exposed = stated.exposed.toarray()
    for row in np.flatnonzero(~masks):
        if exposed.shape[1] and exposed[row].max() > wanted.private_limit + EXPOSED:
            place = int(np.argmax(exposed[row]))
            name = study.private.places["name"].iloc[place]
            raise ScenarioError(
                f"cameras.place[{row}]: '{stated.table['name'].iloc[row]}' could see "
                f"{100 * exposed[row, place]:.0f} % of {name} and can't mask it; turn it, choose a "
                "kind that masks, or raise cameras.private_limit."
            )


def _groups(free: Options) -> np.ndarray:
    """Return groups of what excludes one another: by place, or by the camera that stands."""
    standing = free.table["standing"].to_numpy()
    at = pd.DataFrame(np.round(free.views.places[free.views.place], 2), columns=["x", "y"])
    at["standing"] = standing
    at.loc[standing >= 0, ["x", "y"]] = 0.0
    groups: np.ndarray = at.groupby(["x", "y", "standing"], sort=False).ngroup().to_numpy()
    return groups


def _base(kept: Options, stays: np.ndarray, stated: Options | None) -> np.ndarray:
    base: np.ndarray = np.asarray(kept.seen[stays].sum(axis=0)).ravel()
    if stated is not None:
        base = base + np.asarray(stated.seen.sum(axis=0)).ravel()
    return base


def _spent(
    study: Study, wanted: CamerasWanted, stated: Options | None, gone: float
) -> tuple[float, float]:
    """Return what is paid in any case: stated cameras and relocatable units, less what goes."""
    once, yearly = 0.0, -gone
    if stated is not None:
        once += float(stated.table["price"].sum())
        yearly += float(stated.table["yearly"].sum())
    if wanted.relocatable:
        kinds = [kind for kind in study.settings.kinds.values() if kind.moves == RELOCATABLE]
        if not kinds:
            raise ScenarioError(
                "cameras.relocatable: the settings know no relocatable kind of camera; add one "
                "under cameras.kinds in planner.toml."
            )
        once += kinds[0].purchase * wanted.relocatable
        yearly += kinds[0].yearly * wanted.relocatable
    return once, yearly


def _yearly_of_removed(study: Study, wanted: CamerasWanted) -> float:
    cameras = study.picture.estate.own_cameras
    removed = cameras[cameras["name"].isin(wanted.remove)]
    return float(yearly_cost(removed, study.settings).sum())


def _check_budget(study: Study, possible: Possible) -> None:
    wanted, currency = possible.wanted, study.settings.currency
    if wanted.budget is None:
        return
    if possible.spent > wanted.budget:
        raise ScenarioError(
            f"cameras.budget: the cameras that the scenario states cost {currency}"
            f"{possible.spent:,.0f}, more than its budget of {currency}{wanted.budget:,.0f}; raise "
            "it, or state fewer."
        )
    prices = possible.free.table["price"].to_numpy(float)
    least = prices[prices > 0].min(initial=np.inf)
    nothing_asked = wanted.new == 0 and wanted.standing == "keep" and not possible.moves
    if not nothing_asked and not possible.spent and wanted.budget < least < np.inf:
        cheapest = possible.free.table["kind"].to_numpy(object)[int(np.argmin(
            np.where(prices > 0, prices, np.inf)
        ))]  # fmt: skip
        raise ScenarioError(
            f"cameras.budget: {currency}{wanted.budget:,.0f} is less than the cheapest change "
            f"costs ({cheapest}, {currency}{least:,.0f}); raise it to that at least, or give 0 new "
            "cameras and no budget."
        )
