"""Events of the calendar as scenarios: when they are next, and how much busier such days were.

How many times as many incidents such days had is taken from the records where they hold any: with n
incidents on them and e expected of as many usual days, (n + 10) / (e + 10). Where the records know
no such day, or no days at all, one and a half times as many are assumed, and said to be.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.incidents.model import POLICE
from planner.insight.exposure import covered_days
from planner.picture import Picture
from planner.settings import NamedDays

GRADUATION, MAY_MORNING, OPEN_DAY = "graduation", "May morning", "open day"
# What calendars call them.
CALLED: Mapping[str, tuple[str, ...]] = {
    GRADUATION: ("graduation", "encaenia", "degree", "commencement", "congregation"),
    MAY_MORNING: ("may morning", "may day"),
    OPEN_DAY: ("open day",),
}
HOURS: Mapping[str, tuple[str, str]] = {
    GRADUATION: ("09:00", "18:00"), MAY_MORNING: ("03:00", "10:00"), OPEN_DAY: ("09:00", "18:00"),
}  # fmt: skip
PSEUDO_COUNT = 10.0
ASSUMED_FACTOR = 1.5
LEAST_FACTOR, MOST_FACTOR = 0.5, 5.0


def calendar_events(picture: Picture) -> dict[str, dict[str, Any]]:
    """Return what differs in each event's scenario, by the event's name."""
    return {name: _event(picture, name) for name in CALLED}


def _event(picture: Picture, name: str) -> dict[str, Any]:
    days = [day for day in picture.settings.days if _is(day, name)]
    coming = sorted((day for day in days if day.first > picture.as_of.date()), key=_first)
    start, end = HOURS[name]
    shift: dict[str, Any] = {"name": name, "start": start, "end": end}
    if coming:
        shift["date"] = coming[0].first.isoformat()
    factor, basis = _factor(picture, days)
    return {
        "shift": shift,
        "events": [{"name": f"{name} ({basis})", "factor": factor}],
        "cameras": {"new": 0},
    }


def _is(day: NamedDays, name: str) -> bool:
    return any(word in day.name.lower() for word in CALLED[name])


def _first(day: NamedDays) -> str:
    return day.first.isoformat()


def _factor(picture: Picture, days: Sequence[NamedDays]) -> tuple[float, str]:
    """Return how many times as many incidents such days had, and what that rests on."""
    recorded = picture.on_estate
    # Police records state months only.
    dated = recorded[recorded["source"] != POLICE]
    own = picture.periods[picture.periods["source"] != POLICE]
    when = dated["occurred_from"].dt.tz_convert(picture.settings.time_zone).dt.tz_localize(None)
    day = when.dt.normalize()
    known = [
        date
        for each in days
        for date in pd.date_range(each.first, each.last)
        if len(day) and day.min() <= date <= day.max()
    ]
    whole = covered_days(own)
    if not known or not whole > 0:
        return ASSUMED_FACTOR, "assumed: no such day is in the records"
    counted = int(np.isin(day.to_numpy(), np.array(known, dtype="datetime64[ns]")).sum())
    expected = len(dated) / whole * len(known)
    factor = (counted + PSEUDO_COUNT) / (expected + PSEUDO_COUNT)
    bounded = round(float(np.clip(factor, LEAST_FACTOR, MOST_FACTOR)), 2)
    days_words = "one such day" if len(known) == 1 else f"{len(known)} such days"
    return bounded, f"as on {days_words} in the records"
