"""Scenarios that every workspace has: today, nothing, more of this or less of that, an event.

Each is what differs from a base scenario, as the content of a file, so that other files can inherit
from it by its name.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from planner.allocate.comparison.calendar_events import calendar_events
from planner.allocate.scenario import Scenario
from planner.allocate.scenario.inheritance import merged
from planner.picture import Picture

TODAY, NOTHING, ONE_MORE_PATROL, FIVE_MORE_CAMERAS, MOVE_WEAKEST, EVENT, CAMERAS_DOWN, OFFICERS = (
    "today", "nothing", "one more patrol", "five more cameras", "move the weakest three",
    "event", "camera cluster down", "two officers short",
)  # fmt: skip
NAMES = (
    TODAY, NOTHING, ONE_MORE_PATROL, FIVE_MORE_CAMERAS, MOVE_WEAKEST, EVENT, CAMERAS_DOWN, OFFICERS,
)  # fmt: skip
CLUSTER = WEAKEST = 3

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
    events = calendar_events(picture)
    changes |= {EVENT: _next(events), **events}
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


def _next(events: Mapping[str, Content]) -> Content:
    """Return the event that comes next; the first where none has a date."""
    return min(events.values(), key=lambda event: str(event["shift"].get("date", "9999")))
