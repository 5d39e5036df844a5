"""When it happens: the estate's profile over the hours of a week.

An incident known only to lie between two moments is spread evenly over the hours that they touch
(aoristic weights; Ratcliffe and McCullagh, 1998, "Aoristic crime analysis"). The profile is the
product of a weekday and an hour-of-day profile, each shrunk to flat, to which the observed cells
are shrunk in turn: an estate with few records has a flat profile, one with many its own.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.clock import Shift, after

HOURS = 168
PSEUDO_COUNT = 20.0
LONGEST_HOURS = 72
BIN_S = 900


def aoristic_weights(incidents: pd.DataFrame, time_zone: str) -> np.ndarray:
    """Count incidents by hour of week, spread over the interval in which each happened.

    Parameters
    ----------
    incidents
        ``occurred_from``, ``occurred_to`` (UTC) and ``time_known``; intervals over three days
        say nothing of the hour and are left out, as are incidents known by month only.
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
    """Do the same for each zone, shape (z, 168); ``zone`` names an incident's zone."""
    row, hour, weight = spread_over_hours(incidents, time_zone)
    known = pd.Series(np.arange(len(zones)), index=zones).reindex(incidents["zone"]).to_numpy()
    zone = known[row]
    inside = np.isfinite(zone)
    cell = zone[inside].astype(int) * HOURS + hour[inside]
    counts: np.ndarray = np.bincount(cell, weight[inside], minlength=len(zones) * HOURS)
    return counts.reshape(len(zones), HOURS)


def spread_over_hours(
    incidents: pd.DataFrame, time_zone: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return incident, hour of week and weight of each hour in which one may have happened."""
    at = np.flatnonzero((incidents["time_known"] == "interval").to_numpy())
    known = incidents.iloc[at]
    # Clocks stand off UTC by quarter hours in places, so hours begin where the local ones do.
    local = known["occurred_from"].dt.tz_convert(time_zone)
    into = pd.to_timedelta(local.dt.minute * 60 + local.dt.second, unit="s")
    begins = known["occurred_from"] - into
    hours = np.ceil((known["occurred_to"] - begins).dt.total_seconds().to_numpy() / 3600)
    count = hours.clip(1, 1e6).astype(int)
    usable = count <= LONGEST_HOURS
    count = count[usable]
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    moments = pd.DatetimeIndex(np.repeat(begins[usable], count)) + pd.to_timedelta(step, unit="h")
    moments = moments.tz_convert(time_zone)
    hour = (moments.day_of_week * 24 + moments.hour).to_numpy(int)
    return np.repeat(at[usable], count), hour, np.repeat(1.0 / count, count)


def hour_of_week_profile(weights: np.ndarray) -> np.ndarray:
    """Turn counts by hour of week into relative intensities with mean 1, shape (168,)."""
    total = weights.sum()
    if total == 0:
        return np.ones(HOURS)
    grid = weights.reshape(7, 24)
    expected = np.outer(_shrunk(grid.sum(axis=1)), _shrunk(grid.sum(axis=0)))
    cell = total / HOURS * expected
    factor = (grid + PSEUDO_COUNT * expected) / (cell + PSEUDO_COUNT * expected)
    profile: np.ndarray = (expected * factor).ravel()
    mean_one: np.ndarray = profile / profile.mean()
    return mean_one


def _shrunk(counts: np.ndarray) -> np.ndarray:
    flat = counts.mean()
    factors: np.ndarray = (counts + PSEUDO_COUNT) / (flat + PSEUDO_COUNT)
    return factors


def shift_weights(profile: np.ndarray, shift: Shift) -> np.ndarray:
    """Return each quarter hour's share of a mean day's incidents.

    Parameters
    ----------
    profile
        Relative intensities by hour of week, mean 1, shape (168,).
    shift
        Local shift; a last part shorter than a quarter hour weighs by its length.

    Returns
    -------
    numpy.ndarray
        Shape (bins,); for a flat profile they sum to the shift's length over 24 hours.
    """
    starts = np.arange(0.0, shift.seconds, BIN_S)
    lengths = np.minimum(BIN_S, shift.seconds - starts)
    hours = _hours_of_week(shift, starts)
    shares: np.ndarray = profile[hours] * lengths / 86_400
    return shares


def _hours_of_week(shift: Shift, starts: np.ndarray) -> np.ndarray:
    moments = [after(shift.starts_at, float(second)) for second in starts]
    return np.array([moment.weekday() * 24 + moment.hour for moment in moments])


def busiest_hours(weights: np.ndarray, count: int = 3) -> Sequence[int]:
    """Return the local hours of day with the most incidents, in order of the clock."""
    by_hour = weights.reshape(7, 24).sum(axis=0)
    return sorted(int(hour) for hour in np.argsort(-by_hour, kind="stable")[:count])
