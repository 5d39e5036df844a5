"""Incidents as a forecast takes them: where, when, and from when on they were known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MONTH = "month"


@dataclass(frozen=True)
class Events:
    """Incidents in the order in which they became known, all arrays of shape (n,).

    Attributes
    ----------
    zone
        Row of the zone.
    at
        When it happened, in seconds since 1970: the earliest moment at which it can have; of an
        incident that is known by its month only, the month's middle.
    known
        From when on it was known, in the same seconds: when it was reported, or else the latest
        moment at which it can have happened.
    weight
        How much it counts for, from 0 to 1.
    """

    zone: np.ndarray
    at: np.ndarray
    known: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        return len(self.zone)

    def only(self, rows: np.ndarray) -> "Events":
        """Return some of them; booleans of shape (n,)."""
        return Events(self.zone[rows], self.at[rows], self.known[rows], self.weight[rows])


def events_of(incidents: pd.DataFrame, zone: np.ndarray) -> Events:
    """Take incidents from a table.

    Parameters
    ----------
    incidents
        ``occurred_from``, ``occurred_to``, ``reported_at`` (UTC), ``time_known`` and, where some
        count for less, ``weight``.
    zone
        Row of each incident's zone, shape (n,); those with -1 are left out.
    """
    at, known = _moments(incidents)
    rows = event_rows(incidents, zone)
    return Events(zone[rows], at[rows], known[rows], _weights(incidents)[rows])


def event_rows(incidents: pd.DataFrame, zone: np.ndarray) -> np.ndarray:
    """Return which rows of a table :func:`events_of` takes, in its order, shape (n,)."""
    at, known = _moments(incidents)
    order = np.lexsort((zone, at, known))
    rows: np.ndarray = order[(zone[order] >= 0) & (_weights(incidents)[order] > 0)]
    return rows


def _weights(incidents: pd.DataFrame) -> np.ndarray:
    if "weight" not in incidents:
        return np.ones(len(incidents))
    weights: np.ndarray = incidents["weight"].to_numpy(float)
    return weights


def _moments(incidents: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return when each happened and from when on it was known."""
    starts, ends = seconds(incidents["occurred_from"]), seconds(incidents["occurred_to"])
    reported = seconds(incidents["reported_at"])
    by_month = (incidents["time_known"] == MONTH).to_numpy(bool)
    at = np.where(by_month, (starts + ends) / 2, starts)
    # A month is over, and known, when the next one begins.
    ends = np.where(by_month, ends - 1.0, ends)
    # A report before the event is of something planned: it counts once it has happened.
    return at, np.fmax(np.where(np.isnan(reported), ends, reported), at)


def seconds(moments: pd.Series) -> np.ndarray:
    """Turn moments into seconds since 1970, NaN where there is none; shape (n,)."""
    utc = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    since: np.ndarray = (utc - pd.Timestamp(0)).dt.total_seconds().to_numpy(float)
    return since
