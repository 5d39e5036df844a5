"""Shifts as they came: which one each incident fell in, and how the forecast shares out a week.

A *kind* of shift is a weekday and a shift's name, such as the Friday night; a *slot* is one shift
on one date. A slot belongs to the window in which it starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.risk.events import seconds
from planner.insight.risk.profiles import (
    classes_of_hours,
    fitted_profile,
    hours_of,
    minutes_of,
)
from planner.insight.timing.aoristic import HOURS
from planner.settings import ShiftHours

DAYS = 7


@dataclass(frozen=True)
class Slots:
    """Shifts on dates, in the order of their starts.

    Attributes
    ----------
    starts, ends
        Seconds since 1970, shape (s,).
    kind
        Weekday (Monday 0) times the number of shifts, plus the shift's number, shape (s,).
    """

    starts: np.ndarray
    ends: np.ndarray
    kind: np.ndarray

    def of(self, moments: np.ndarray) -> np.ndarray:
        """Return the slot of each moment, shape (n,); the one that started last; -1 in none."""
        slot = np.searchsorted(self.starts, moments, side="right") - 1
        held = (slot >= 0) & (moments < self.ends[np.maximum(slot, 0)])
        found: np.ndarray = np.where(held, slot, -1)
        return found


def slots_between(
    first: float, last: float, shifts: Mapping[str, ShiftHours], time_zone: str
) -> Slots:
    """List the shifts that start between two moments (seconds since 1970)."""
    days = pd.date_range(
        *(
            pd.Timestamp(at, unit="s", tz="UTC").tz_convert(time_zone).tz_localize(None).normalize()
            for at in (first - 86_400, last)
        ),
        freq="D",
    )
    columns = []
    for number, hours in enumerate(shifts.values()):
        begins = days + pd.Timedelta(hours=hours.start.hour, minutes=hours.start.minute)
        over = int(hours.end <= hours.start)
        ends = days + pd.Timedelta(days=over, hours=hours.end.hour, minutes=hours.end.minute)
        kind = days.day_of_week.to_numpy() * len(shifts) + number
        columns.append((_utc(begins, time_zone), _utc(ends, time_zone), kind))
    starts, ends, kind = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.argsort(starts, kind="stable")
    order = order[(starts[order] >= first) & (starts[order] < last)]
    return Slots(starts[order], ends[order], kind[order])


def _utc(local: pd.DatetimeIndex, time_zone: str) -> np.ndarray:
    first = np.ones(len(local), dtype=bool)
    aware = local.tz_localize(time_zone, ambiguous=first, nonexistent="shift_forward")
    return seconds(pd.Series(aware))


@dataclass(frozen=True)
class KindHours:
    """How the hours of a week make up the kinds of shift.

    Attributes
    ----------
    hours
        The share of each kind in each hour, shape (168, kinds).
    class_of_hour
        As in :mod:`planner.insight.risk.profiles`, shape (168,).
    """

    hours: np.ndarray
    class_of_hour: np.ndarray

    def shares(self, weights: np.ndarray) -> np.ndarray:
        """Return how likely each zone's incidents are to fall in each kind, shape (z, kinds).

        Parameters
        ----------
        weights
            Incidents of each zone by hour of the week, shape (z, 168).
        """
        profile = fitted_profile(weights, self.class_of_hour)
        classes = self.class_of_hour[:, None] == np.arange(profile.factors.shape[1])
        of_class = classes.T @ (profile.hours[:, None] * self.hours)
        given: np.ndarray = profile.factors @ of_class
        return given


def kind_hours(shifts: Mapping[str, ShiftHours]) -> KindHours:
    """Tell which hours of the week make up each kind of shift."""
    member = np.zeros((HOURS, DAYS * len(shifts)))
    for day in range(DAYS):
        for number, hours in enumerate(shifts.values()):
            touched = hours_of(hours)
            begin, end = minutes_of(hours)
            inside = np.minimum(touched * 60 + 60, end) - np.maximum(touched * 60, begin)
            # A shift of nearly a day may begin and end in the same hour of the clock.
            kind = np.full(len(touched), day * len(shifts) + number)
            np.add.at(member, ((day * 24 + touched) % HOURS, kind), inside / 60)
    return KindHours(member, classes_of_hours(shifts))
