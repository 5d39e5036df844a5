"""Alert areas: where near repeats say that more is to be expected, and until when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import shapely

from planner.clock import local_moment
from planner.insight.hotspots.near_repeats import NearRepeats
from planner.insight.hotspots.result import SIGNIFICANT_Q

# The least surplus that is worth a patrol, as in Ratcliffe's Near Repeat Calculator.
LEAST_RATIO = 1.2
FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class AlertArea:
    """An area around incidents of one day, and the days on which more is to be expected there.

    Attributes
    ----------
    geometry
        One or more polygons in metres.
    starts_at, ends_at
        Local moments: the band's days after the incidents.
    distance_m
        How far from the incidents it reaches; 0 for the very place (drawn some metres wide).
    days
        First and last day after the incidents.
    incidents
        Around how many.
    ratio
        Observed over expected pairs at this distance and these days.
    q
        Of the near repeats that imply it.
    """

    geometry: shapely.Geometry
    starts_at: datetime
    ends_at: datetime
    distance_m: float
    days: tuple[int, int]
    incidents: int
    ratio: float
    q: float


# An address is about this wide.
PLACE_M = 15.0


def alert_areas(repeats: NearRepeats, now: datetime, time_zone: str) -> tuple[AlertArea, ...]:
    """Draw the alert areas that are in force at a moment.

    For each band of distance and days that holds significantly more pairs than by chance (q under
    5 %) and at least a fifth more, the ground within its distance of each incident that lies so
    many days back. A band between two distances is drawn as the whole disc.

    Parameters
    ----------
    repeats
        What the test found.
    now
        A moment with its time zone: the end of the records.
    time_zone
        The estate's.

    Returns
    -------
    tuple of AlertArea
        The highest ratio first, then the latest days.
    """
    today = (now.date() - FIRST_DAY).days
    shown = (repeats.q < SIGNIFICANT_Q) & (repeats.ratio >= LEAST_RATIO)
    areas = []
    for row, column in np.argwhere(shown):
        _, last = repeats.days[column]
        happened = repeats.dated.days
        recent = (happened + last >= today) & (happened <= today)
        for day in np.unique(happened[recent]):
            area = _area(repeats, int(row), int(column), int(day), time_zone)
            if area.ends_at > now:
                areas.append(area)
    return tuple(sorted(areas, key=lambda area: (-area.ratio, -area.ends_at.timestamp())))


def _area(repeats: NearRepeats, row: int, column: int, day: int, time_zone: str) -> AlertArea:
    first, last = repeats.days[column]
    points = repeats.dated.points[repeats.dated.days == day]
    metres = repeats.distances_m[row]
    happened = FIRST_DAY + timedelta(days=day)
    return AlertArea(
        geometry=shapely.union_all(shapely.buffer(shapely.points(points), metres or PLACE_M)),
        starts_at=local_moment(happened + timedelta(days=first), time(0), time_zone),
        ends_at=local_moment(happened + timedelta(days=last + 1), time(0), time_zone),
        distance_m=metres,
        days=(first, last),
        incidents=len(points),
        ratio=float(repeats.ratio[row, column]),
        q=float(repeats.q[row, column]),
    )
