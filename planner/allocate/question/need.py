"""The need for visits: the risk of each zone, weighed, less what others and cameras see to.

A lodge is staffed by its college and can't be sent anywhere. What it sees to lies within a stated
reach of its gate (none by default) and in stated hours; the gate is taken to be where the outline
of the site comes nearest to the street. A camera takes off only what is recorded
near enough to be seen, in the share of time in which somebody watches it, and of stated categories.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.allocate.cameras.in_view import standing_in_view
from planner.allocate.cameras.study import Study
from planner.allocate.demand import Demand, risk_points, share_seen
from planner.allocate.moments import seconds_in
from planner.allocate.question.places import Places
from planner.allocate.scenario import Scenario
from planner.clock import Shift
from planner.errors import NoIncidents, ScenarioError
from planner.insight.risk.forecast import mean_harm
from planner.insight.risk.model import Risk
from planner.insight.timing.profile import BIN_S
from planner.picture import Picture

PSEUDO_COUNT = 5.0


@dataclass(frozen=True)
class Need:
    """What visits are planned for.

    Attributes
    ----------
    incidents, harm
        Expected incidents and expected harm that patrols should see to, shape (z, bins).
    aim
        What the plan is made for: the one, the other, or a mix in the unit of incidents.
    total
        All that is expected, in the measure of the aim, others' share included.
    harm_total
        All harm that is expected.
    measure
        What ``aim`` counts, in words.
    """

    incidents: np.ndarray
    harm: np.ndarray
    aim: np.ndarray
    total: float
    harm_total: float
    measure: str

    @property
    def noun(self) -> str:
        """What is covered, in a word."""
        return {"incidents": "risk"}.get(self.measure, "harm" if "and" not in self.measure else
                                         "weighed risk")  # fmt: skip


def need_for(
    picture: Picture,
    risk: Risk,
    scenario: Scenario,
    shift: Shift,
    places: Places,
    in_view: np.ndarray | None = None,
) -> Need:
    """Weigh the risk of a shift.

    Parameters
    ----------
    picture, risk, scenario, shift, places
        What is asked, of what.
    in_view
        The share of each zone's risk that cameras see in the shift, shape (z,); that of the
        cameras that stand and work if None.

    Raises
    ------
    ScenarioError
        If a lodge is unknown, its hours lie outside the shift, no incident has a stated category,
        or some expected number is negative.
    NoIncidents
        If no expected number is above zero.
    """
    expected = checked(risk.expected)
    left = 1.0 - _seen_to(picture, risk, scenario, shift, places, in_view)
    harm_each = mean_harm(picture.on_estate, picture.ground)
    harm = expected * harm_each[:, None]
    total, harm_total = float(expected.sum()), float(harm.sum())
    if not total > 0:
        raise NoIncidents(
            "No incident is expected in any zone in this shift, so there is nothing to plan for; "
            "take back the entries of intelligence that lower every zone's risk to nothing."
        )
    share = scenario.patrols.harm_share if harm_total > 0 else 0.0
    # A mix counts in incidents: harm is brought to the same total.
    weighed = (1 - share) * expected + share * harm * (total / max(harm_total, 1e-12))
    return Need(
        incidents=expected * left,
        harm=harm * left,
        aim=weighed * left,
        total=total,
        harm_total=harm_total,
        measure=_measure(share),
    )


def checked(expected: np.ndarray) -> np.ndarray:
    """Return expected numbers that can be planned for.

    Raises
    ------
    ScenarioError
        If one is negative or not finite.
    """
    wrong, where = np.nonzero(~(np.isfinite(expected) & (expected >= 0)))
    if len(wrong):
        zone, column = int(wrong[0]), int(where[0])
        raise ScenarioError(
            f"risk: zone {zone} has the expected number {expected[zone, column]:g} in quarter hour "
            f"{column}; it must not be negative. Correct what the risk was made from."
        )
    return expected


def _measure(share: float) -> str:
    if share <= 0:
        return "incidents"
    if share >= 1:
        return "harm, in incidents of mean harm"
    return f"{share:.0%} harm and {1 - share:.0%} incidents"


def _seen_to(
    picture: Picture,
    risk: Risk,
    scenario: Scenario,
    shift: Shift,
    places: Places,
    in_view: np.ndarray | None,
) -> np.ndarray:
    """Return the share of each zone's need that others and cameras see to, shape (z, bins)."""
    seen: np.ndarray = np.zeros(risk.expected.shape)
    watched = scenario.watched
    if not scenario.lodges and not (watched.share > 0 and watched.categories):
        return seen
    demand = risk_points(
        picture.on_estate, picture.estate, risk, picture.settings.cameras.spacing_m
    )
    for number, lodge in enumerate(scenario.lodges):
        key = f"lodges[{number}]"
        gate = places.gate(lodge.place, f"{key}.place")
        near = _at_lodge(demand, gate, lodge.reach_m, len(seen)) * lodge.share
        hours = _hours(shift, lodge.earliest, lodge.latest, key, seen.shape[1])
        seen = 1 - (1 - seen) * (1 - np.outer(near, hours))
    if watched.share > 0 and watched.categories:
        seen = 1 - (1 - seen) * (
            1 - watched_share(picture, risk, scenario, shift, in_view)[:, None]
        )
    return seen


def watched_share(
    picture: Picture, risk: Risk, scenario: Scenario, shift: Shift, in_view: np.ndarray | None
) -> np.ndarray:
    """Return the part of each zone's need that watched cameras take off, shape (z,).

    Parameters
    ----------
    picture, risk, scenario, shift, in_view
        As :func:`need_for` takes them.

    Raises
    ------
    ScenarioError
        If no incident has a stated category.
    """
    watched = scenario.watched
    if not (watched.share > 0 and watched.categories):
        return np.zeros(len(risk.zones))
    share = _share_of_categories(picture, risk, watched.categories)
    if in_view is None:
        in_view = standing_in_view(Study(picture, risk), scenario.cameras, shift)
    taken_off: np.ndarray = in_view * share * watched.share
    return taken_off


def _at_lodge(demand: Demand, gate: np.ndarray, reach_m: float, zones: int) -> np.ndarray:
    """Return the share of each zone's risk that a lodge sees to; none without a reach."""
    if reach_m == 0.0:
        return np.zeros(zones)
    return share_seen(demand, gate[None, :], reach_m, zones)


def _hours(
    shift: Shift, earliest: str | None, latest: str | None, key: str, bins: int
) -> np.ndarray:
    """Return the share of each quarter hour that lies in some hours of the shift, shape (bins,)."""
    begins = 0 if earliest is None else seconds_in(shift, earliest, f"{key}.from")
    ends = int(shift.seconds) if latest is None else seconds_in(shift, latest, f"{key}.to")
    low = np.arange(bins) * BIN_S
    high = np.minimum(low + BIN_S, shift.seconds)
    overlap = np.minimum(high, ends) - np.maximum(low, begins)
    share: np.ndarray = np.clip(overlap / np.maximum(high - low, 1), 0.0, 1.0)
    return share


def _share_of_categories(picture: Picture, risk: Risk, categories: tuple[str, ...]) -> np.ndarray:
    """Return the share of each zone's incidents that is of some categories, shrunk, shape (z,)."""
    recorded = picture.on_estate
    of_them = recorded["category"].isin(categories)
    if not of_them.any():
        known = ", ".join(sorted(recorded["category"].unique())[:8])
        raise ScenarioError(
            f"watched.categories: no incident is of {', '.join(categories)}; there are {known}."
        )
    row = pd.Series(np.arange(len(risk.zones)), index=risk.zones).reindex(recorded["zone"])
    zone = row.to_numpy(int)
    theirs = np.bincount(zone[of_them.to_numpy()], minlength=len(risk.zones))
    every = np.bincount(zone, minlength=len(risk.zones))
    share: np.ndarray = (theirs + PSEUDO_COUNT * of_them.mean()) / (every + PSEUDO_COUNT)
    return share
