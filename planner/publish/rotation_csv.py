"""A rotation as CSV: a row for every stop of every night."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from planner.allocate.plan import Route
from planner.allocate.rotation_plan import NightNote, Rotation
from planner.clock import after, seconds_between
from planner.publish.tables import spreadsheet_csv

COLUMNS = ["night", "date", "team", "arrive", "leave", "kind", "place"]


def rotation_csv(rotation: Rotation) -> str:
    """Write every stop of every night as a row, safe for any spreadsheet.

    ``night`` counts from 1; ``date`` is the day on which the shift starts; ``arrive`` and
    ``leave`` are local moments with their offset from UTC, as long after the shift's start as on
    the first night.
    """
    plans = {plan.number: plan.routes for plan in rotation.plans}
    zone = ZoneInfo(rotation.estate.time_zone)
    first = datetime.fromisoformat(rotation.nights[0].starts_at)
    rows = [
        row
        for number, night in enumerate(rotation.nights, start=1)
        for route in plans[night.plan]
        for row in _rows(number, night, route, first, zone)
    ]
    return spreadsheet_csv(pd.DataFrame(rows, columns=COLUMNS))


def _rows(
    number: int, night: NightNote, route: Route, first: datetime, zone: ZoneInfo
) -> Iterator[tuple[object, ...]]:
    starts = datetime.fromisoformat(night.starts_at).astimezone(zone)
    for stop in route.stops:
        arrive, leave = (
            after(starts, seconds_between(first, datetime.fromisoformat(moment)))
            for moment in (stop.arrive, stop.leave)
        )
        yield (
            number, f"{starts:%Y-%m-%d}", route.team, arrive.isoformat(timespec="seconds"),
            leave.isoformat(timespec="seconds"), stop.kind, stop.name,
        )  # fmt: skip
