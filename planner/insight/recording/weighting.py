"""What people decided of places that record unusually: how much each incident there counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.recording.place_keys import (
    NO_PLACE,
    building_keys,
    place_name,
    point_keys,
    recorded_at,
)

DECISION_COLUMNS = ["recorded_at", "place", "category", "starts_at", "weight"]
NOBODYS = -1


@dataclass(frozen=True)
class Weights:
    """How much incidents count.

    Attributes
    ----------
    weight
        From 0 (left out) to 1 (as any other), shape (n,).
    decision
        Row of the decision that says so, shape (n,); -1 where none does.
    """

    weight: np.ndarray
    decision: np.ndarray


@dataclass(frozen=True)
class LeftOut:
    """Incidents that a decision leaves out.

    Attributes
    ----------
    name
        What people call the place: text from data.
    incidents
        How many.
    decided_at
        When that was decided, UTC.
    """

    name: str
    incidents: int
    decided_at: pd.Timestamp


def no_decisions() -> pd.DataFrame:
    """Return an empty table of decisions."""
    moments = pd.Series([], dtype="datetime64[s, UTC]")
    text = pd.Series([], dtype="str")
    weight = pd.Series([], dtype="float64")
    return pd.DataFrame(
        dict(zip(DECISION_COLUMNS, [moments, text, text, moments, weight], strict=True))
    )


def weights_by(incidents: pd.DataFrame, decisions: pd.DataFrame) -> Weights:
    """Weigh incidents as people decided; of several decisions the latest that covers one counts.

    Parameters
    ----------
    incidents
        ``x``, ``y``, ``building``, ``anonymised``, ``category`` (the list's name), and the times.
    decisions
        In the order in which they were made: ``place`` (a key), ``category`` (``""`` for all),
        ``starts_at`` (NaT for always; else only what is recorded from then on), ``weight``.
    """
    weight = np.ones(len(incidents))
    decision = np.full(len(incidents), NOBODYS)
    if decisions.empty or incidents.empty:
        return Weights(weight, decision)
    for row, covered in enumerate(_covered(incidents, decisions)):
        weight[covered] = float(decisions["weight"].iloc[row])
        decision[covered] = row
    return Weights(weight, decision)


def _covered(incidents: pd.DataFrame, decisions: pd.DataFrame) -> list[np.ndarray]:
    """Return which rows each decision covers."""
    points, buildings = point_keys(incidents), building_keys(incidents)
    moments = recorded_at(incidents)
    wanted = decisions["place"]
    near = np.flatnonzero(points.isin(wanted) | buildings.isin(wanted))
    points, buildings, moments = points.iloc[near], buildings.iloc[near], moments.iloc[near]
    categories = incidents["category"].iloc[near]
    found = []
    for place, category, starts_at in zip(
        wanted, decisions["category"], decisions["starts_at"], strict=True
    ):
        inside = ((points == place) | (buildings == place)) & (place != NO_PLACE)
        if category:
            inside &= categories == category
        if not pd.isna(starts_at):
            inside &= moments >= starts_at
        found.append(near[inside.to_numpy(bool)])
    return found


def left_out(
    incidents: pd.DataFrame, decisions: pd.DataFrame, weights: Weights
) -> tuple[LeftOut, ...]:
    """List what is left out, decision by decision.

    Parameters
    ----------
    incidents, decisions, weights
        What :func:`weights_by` takes and returns; ``place`` and ``street`` too.
    """
    out = (weights.weight == 0) & (weights.decision != NOBODYS)
    found = []
    for row in np.unique(weights.decision[out]):
        here = incidents[out & (weights.decision == row)]
        name = place_name(here, str(decisions["place"].iloc[row]), {})
        found.append(LeftOut(name, len(here), decisions["recorded_at"].iloc[row]))
    return tuple(found)
