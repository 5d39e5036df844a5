"""Aoristic weights: incidents by hour of week, each spread over the time in which it happened.

An incident known only to lie between two moments is spread evenly over the hours that they touch
(Ratcliffe and McCullagh, 1998, "Aoristic crime analysis"; Ratcliffe, 2002, "Aoristic signatures
and the spatio-temporal analysis of high volume crime patterns"). Each incident weighs 1 in all.
"""

import numpy as np
import pandas as pd

HOURS = 168
LONGEST_HOURS = 72


def usable(incidents: pd.DataFrame, time_zone: str) -> np.ndarray:
    """Tell which incidents say something of the hour.

    Parameters
    ----------
    incidents
        ``occurred_from``, ``occurred_to`` (UTC) and ``time_known``, shape (n,).
    time_zone
        The zone whose hours are meant.

    Returns
    -------
    numpy.ndarray
        Booleans, shape (n,): those known by more than their month whose interval touches at most
        72 hours; a longer one says nothing of the hour.
    """
    return _hours_touched(incidents, _first_hours(incidents, time_zone)) > 0


def aoristic_weights(incidents: pd.DataFrame, time_zone: str) -> np.ndarray:
    """Count incidents by hour of week, spread over the interval in which each happened.

    Parameters
    ----------
    incidents
        ``occurred_from``, ``occurred_to`` (UTC) and ``time_known``; those that are not
        :func:`usable` are left out.
    time_zone
        The zone whose hours are meant.

    Returns
    -------
    numpy.ndarray
        Shape (168,); hour 0 is Monday 00:00 to 01:00 local time.
    """
    _, hour, weight = spread_over_hours(incidents, time_zone)
    weights: np.ndarray = np.bincount(hour, weight, minlength=HOURS)
    return weights


def zone_hour_weights(incidents: pd.DataFrame, zones: np.ndarray, time_zone: str) -> np.ndarray:
    """Count incidents by zone and hour of week, spread as in :func:`aoristic_weights`.

    Parameters
    ----------
    incidents
        ``zone`` besides; incidents in none of the zones are left out.
    zones
        Zone identifiers, no one twice, shape (z,).
    time_zone
        The zone whose hours are meant.

    Returns
    -------
    numpy.ndarray
        Shape (z, 168).
    """
    zone = pd.Index(zones, dtype=object).get_indexer(incidents["zone"].astype(object))
    inside = zone >= 0
    row, hour, weight = spread_over_hours(incidents[inside], time_zone)
    cell = zone[inside][row] * HOURS + hour
    weights = np.bincount(cell, weight, minlength=len(zones) * HOURS)
    by_zone: np.ndarray = weights.reshape(len(zones), HOURS)
    return by_zone


def spread_over_hours(
    incidents: pd.DataFrame, time_zone: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the incident's row, the hour of week and the weight of every hour touched.

    Parameters
    ----------
    incidents
        As for :func:`aoristic_weights`.
    time_zone
        The zone whose hours are meant.
    """
    begins = _first_hours(incidents, time_zone)
    count = _hours_touched(incidents, begins)
    row = np.repeat(np.arange(len(count)), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    moments = pd.DatetimeIndex(begins)[row] + pd.to_timedelta(step, unit="h")
    moments = moments.tz_convert(time_zone)
    hour = (moments.day_of_week * 24 + moments.hour).to_numpy(int)
    return row, hour, 1.0 / count[row]


def _first_hours(incidents: pd.DataFrame, time_zone: str) -> pd.Series:
    """Return when the local hour began in which each incident can first have happened, in UTC."""
    # Clocks stand off UTC by quarter hours in places, so hours begin where the local ones do.
    local = incidents["occurred_from"].dt.tz_convert(time_zone)
    into = pd.to_timedelta(local.dt.minute * 60 + local.dt.second, unit="s")
    return incidents["occurred_from"] - into


def _hours_touched(incidents: pd.DataFrame, begins: pd.Series) -> np.ndarray:
    """Return how many hours each incident is spread over; 0 where it says nothing of the hour."""
    hours = np.ceil((incidents["occurred_to"] - begins).dt.total_seconds().to_numpy(float) / 3600)
    count = hours.clip(1, LONGEST_HOURS + 1)
    known = (incidents["time_known"] == "interval").to_numpy(bool) & (count <= LONGEST_HOURS)
    touched: np.ndarray = np.where(known, count, 0).astype(int)
    return touched
