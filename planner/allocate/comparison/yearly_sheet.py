"""The yearly sheet: which of the service's own cameras to keep, to move, or to remove.

The rule, camera by camera, those that add least first:

- *keep* one that adds, for a pound of its yearly cost, at least half of what the best new camera
  would add for a pound of its own (its price spread over seven years, and its yearly cost);
- else *move* it if at the best other place it would add at least twice as much as it does;
- else *remove* it if it adds next to nothing: no other place would make it worth its cost;
- else *keep* it: nothing better is on offer.

A place that one camera is to move to counts as taken for those after it. What a place would add
is forecast, and the best of many forecasts looks better than it will prove: a reason more for the
margins.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.allocate.camera_plan import private_views
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.roles import Options
from planner.allocate.comparison.alternatives import DAYS_A_YEAR
from planner.allocate.comparison.meant_camera import Meant, standing_camera
from planner.allocate.comparison.other_places import Place, best_place, places_on_offer
from planner.allocate.comparison.records_in_view import held_back, shares_in_view

KEEP, MOVE, REMOVE = "keep", "move", "remove"
# A camera that stands is known, paid for and agreed to: a new one must be clearly better.
KEEP_FROM = 0.5
# A move costs money, and a new consultation with all whom the new view touches.
MOVE_FROM = 2.0
# How long a camera lasts, over which its price is spread.
LIFE_YEARS = 7.0
# Incidents a year: one in ten years is as good as nothing.
NOTHING = 0.1


@dataclass(frozen=True)
class YearlyRow:
    """One of the service's own cameras, and the advice on it.

    Attributes
    ----------
    name
        What people call it.
    adds, adds_incidents
        What it adds to the others that stand: share of what counts, and incidents a year.
    in_last_year
        Recorded incidents in its view in the last 12 months of the records; None for under 5.
    private
        The private places that it could see.
    age_years
        Whole years since it is there; None where that is not known.
    yearly
        What it costs a year.
    advice, reason
        ``keep``, ``move`` or ``remove``, and why, in words.
    """

    name: str
    adds: float
    adds_incidents: float
    in_last_year: int | None
    private: tuple[str, ...]
    age_years: int | None
    yearly: float
    advice: str
    reason: str


@dataclass(frozen=True)
class Figures:
    """What the rule looks at, in incidents a year and money.

    Attributes
    ----------
    adds, yearly
        What the camera adds, and what it costs a year.
    elsewhere
        What it would add at the best other place, with its own lens and sensor.
    new_adds, new_yearly
        What the best new camera would add, and what it costs a year all in all; 0 for none.
    """

    adds: float
    yearly: float
    elsewhere: float
    new_adds: float
    new_yearly: float

    @property
    def share_of_new(self) -> float:
        """What it adds for a pound, as a share of what the best new one does; may be infinite."""
        if self.adds <= 0:
            return 0.0 if self.new_adds > 0 else np.inf
        ours = self.adds * self.new_yearly
        theirs = self.new_adds * self.yearly
        return ours / theirs if theirs > 0 else np.inf


def advice_for(figures: Figures) -> str:
    """Apply the rule: ``keep``, ``move`` or ``remove``."""
    something = figures.adds > NOTHING
    if something and figures.share_of_new >= KEEP_FROM:
        return KEEP
    if figures.elsewhere > NOTHING and figures.elsewhere >= MOVE_FROM * figures.adds:
        return MOVE
    return KEEP if something else REMOVE


def yearly_sheet(deployment: Deployment) -> tuple[YearlyRow, ...]:
    """Say of each of the service's own cameras whether to keep, to move or to remove it.

    Parameters
    ----------
    deployment
        Of any scenario: what stands and works in it, its kinds and its grade.

    Returns
    -------
    tuple of YearlyRow
        In the order of the advice's urgency: remove, move, keep; then those that add least first.
    """
    standing, kept = deployment.possible.standing, deployment.possible.kept
    own = [standing_camera(deployment, int(row)) for row in np.flatnonzero(standing.own)]
    if not own:
        return ()
    offer = places_on_offer(deployment)
    every = kept.views.places[kept.views.place]
    best = best_place(deployment, offer, own[0].cover, own[0].demand, every)
    cover, taken = own[0].cover, every
    rows = []
    for meant in sorted(own, key=lambda each: (each.added, each.row)):
        without = np.maximum(cover - meant.own, 0.0)
        place = best_place(deployment, offer, without, meant.demand, taken, meant.options)
        row = _row(deployment, meant, best, place)
        rows.append(row)
        if row.advice == MOVE and place is not None:
            cover, taken = without + place.seen, np.concatenate([taken, place.at])
        elif row.advice == REMOVE:
            cover = without
    urgency = (REMOVE, MOVE, KEEP)
    return tuple(sorted(rows, key=lambda row: urgency.index(row.advice)))


def _row(
    deployment: Deployment, meant: Meant, best: Place | None, place: Place | None
) -> YearlyRow:
    figures = Figures(
        adds=meant.added * DAYS_A_YEAR,
        yearly=float(meant.options.table["yearly"].iloc[0]),
        elsewhere=0.0 if place is None else place.added * DAYS_A_YEAR,
        new_adds=0.0 if best is None else best.added * DAYS_A_YEAR,
        new_yearly=0.0 if best is None else best.purchase / LIFE_YEARS + best.yearly,
    )
    advice = advice_for(figures)
    views = private_views(deployment.study, meant.options, 0)
    first = str(deployment.possible.standing.table["valid_from"].iloc[meant.row])
    return YearlyRow(
        name=meant.name,
        adds=meant.adds,
        adds_incidents=figures.adds,
        in_last_year=_in_last_year(deployment, meant.options),
        private=tuple(view.name for view in views),
        age_years=_age(first, deployment.study.picture.as_of.date()),
        yearly=figures.yearly,
        advice=advice,
        reason=_reason(deployment, figures, advice, best, place),
    )


def _in_last_year(deployment: Deployment, options: Options) -> int | None:
    study = deployment.study
    incidents = study.picture.on_estate
    since = pd.Timestamp(study.picture.as_of) - pd.DateOffset(years=1)
    recent = incidents[incidents["occurred_from"] >= since]
    return held_back(float(shares_in_view(study, options, deployment.grade, recent).sum()))


def _age(first: str, today: date) -> int | None:
    if not first:
        return None
    begun = date.fromisoformat(first)
    return today.year - begun.year - ((today.month, today.day) < (begun.month, begun.day))


def _reason(
    deployment: Deployment,
    figures: Figures,
    advice: str,
    best: Place | None,
    place: Place | None,
) -> str:
    money = deployment.study.settings.currency
    adds = f"Adds {_a_year(figures.adds)} for {money}{figures.yearly:,.0f} a year"
    new = (
        f"the best new camera, at {best.name}, would add {_a_year(figures.new_adds)} for "
        f"{money}{figures.new_yearly:,.0f} a year all in all"
        if best is not None
        else "no new camera would add anything"
    )
    if advice == MOVE and place is not None:
        cost = f"{money}{deployment.study.settings.move:,.0f}"
        return f"{adds}; at {place.name} it would add {_a_year(figures.elsewhere)}. A move: {cost}."
    if advice == REMOVE:
        return f"{adds}, next to nothing, and no other place on offer would make it worth that."
    if figures.share_of_new >= KEEP_FROM:
        return f"{adds}: for its cost at least half as much as a new one ({new})."
    return f"{adds}: less than half as much for its cost as {new}, but no place adds twice as much."


def _a_year(value: float) -> str:
    return f"{value:.2g} incidents" if value < 10 else f"{value:,.0f} incidents"
