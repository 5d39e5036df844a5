"""Scenarios that every workspace has: today, nothing, more of this or less of that, an event.

Each is what differs from a base scenario, as the content of a file, so that other files can inherit
from it by its name.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from planner.allocate.scenario import Scenario
from planner.allocate.scenario.inheritance import merged
from planner.picture import Picture
from planner.settings import NamedDays, ShiftHours

TODAY, NOTHING, ONE_MORE_PATROL, FIVE_MORE_CAMERAS, MOVE_WEAKEST, EVENT, CAMERAS_DOWN, OFFICERS = (
    "today", "nothing", "one more patrol", "five more cameras", "move the weakest three",
    "event", "camera cluster down", "two officers short",
)  # fmt: skip
NAMES = (
    TODAY, NOTHING, ONE_MORE_PATROL, FIVE_MORE_CAMERAS, MOVE_WEAKEST, EVENT, CAMERAS_DOWN, OFFICERS,
)  # fmt: skip
CLUSTER = WEAKEST = 3
# An assumption, not a forecast: the scenario says so wherever it is shown.
EVENT_FACTOR = 1.5
NO_EVENT = "An event"

Content = dict[str, Any]


def built_in_scenarios(picture: Picture, base: Scenario | None = None) -> dict[str, Content]:
    """Return the content of every built-in scenario, by name.

    Parameters
    ----------
    picture
        What is known: its calendar names the events, and its cameras the cluster.
    base
        What they differ from; the usual scenario if None.
    """
    asked = base or Scenario()
    whole = asked.model_dump(mode="json", by_alias=True, exclude_unset=True)
    own = picture.estate.own_cameras["name"].tolist()
    changes: dict[str, Mapping[str, Any]] = {
        TODAY: {"cameras": {"new": 0}},
        NOTHING: {"cameras": {"new": 0, "remove": own}},
        ONE_MORE_PATROL: {"cameras": {"new": 0}} | _teams(asked, whole, 1),
        FIVE_MORE_CAMERAS: {"cameras": {"new": 5}},
        MOVE_WEAKEST: {"cameras": {"new": 0, "move_weakest": min(WEAKEST, len(own))}},
        CAMERAS_DOWN: {"cameras": {"new": 0, "down": _cluster(picture)}},
        OFFICERS: {"cameras": {"new": 0}} | _teams(asked, whole, -1),
    }
    changes |= _events(picture)
    named = {name: {"name": name[:1].upper() + name[1:]} | dict(c) for name, c in changes.items()}
    return {name: merged(whole, content) for name, content in named.items()}


def _teams(asked: Scenario, whole: Content, more: int) -> Content:
    """Return one team more or less; two officers are a team, and the last team stays."""
    listed = whole.get("teams")
    if listed:
        kept = [*listed, {"name": ""}] if more > 0 else (listed[:more] or listed)
        return {"teams": kept}
    return {"patrols": {"teams": max(1, asked.patrols.teams + more)}}


def _cluster(picture: Picture) -> list[str]:
    """Return the three of the service's own cameras that stand closest together."""
    own = picture.estate.own_cameras
    if len(own) <= CLUSTER:
        return [str(name) for name in own["name"]]
    at = shapely.get_coordinates(own.geometry.to_numpy())
    apart = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :CLUSTER]
    spread = np.take_along_axis(apart, nearest, axis=1).sum(axis=1)
    return [str(name) for name in own["name"].iloc[nearest[int(np.argmin(spread))]]]


def _events(picture: Picture) -> dict[str, Mapping[str, Any]]:
    """Return a scenario for each kind of day that the calendar names next, and one for any."""
    after = picture.as_of.date()
    coming = sorted(
        (day for day in picture.settings.days if day.first > after), key=lambda day: day.first
    )
    found: dict[str, Mapping[str, Any]] = {}
    for day in coming:
        name = _without_year(day.name)
        if name not in found:
            found[name] = _event(picture, name, day)
    first = next(iter(found.values()), _event(picture, NO_EVENT, None))
    return {EVENT: first} | found


def _event(picture: Picture, name: str, day: NamedDays | None) -> Content:
    """Return the shift about noon on the event's first day, with a higher risk everywhere."""
    shift = _busiest(picture.settings.shifts)
    when = {} if day is None else {"date": day.first.isoformat()}
    return {
        "shift": {"name": shift, **when},
        "events": [{"name": name, "factor": EVENT_FACTOR}],
        "cameras": {"new": 0},
    }


def _busiest(shifts: Mapping[str, ShiftHours]) -> str:
    """Return the shift that holds the middle of the day."""
    noon = [name for name, hours in shifts.items() if hours.start.hour <= 12 < hours.end.hour]
    return noon[0] if noon else next(iter(shifts))


def _without_year(name: str) -> str:
    words = [word for word in name.split() if not word.strip("-").replace("-", "").isdigit()]
    return " ".join(words).lower() or name
