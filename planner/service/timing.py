"""When incidents happen: what can be chosen in a workspace, and the timing of a choice."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.errors import ScenarioError
from planner.insight.timing.summary import Timing, timing
from planner.picture import Picture


@dataclass(frozen=True)
class ZoneChoice:
    """A zone with incidents: its identifier, its name, and how many it has."""

    zone: str
    name: str
    incidents: int


@dataclass(frozen=True)
class TimingChoices:
    """What can be chosen: zones and categories with incidents, those with most first."""

    zones: tuple[ZoneChoice, ...]
    categories: tuple[str, ...]


def timing_choices(picture: Picture) -> TimingChoices:
    """Return the zones and categories of incidents that may be shown by place."""
    shown = picture.on_estate
    named = picture.estate.zones.set_index("zone")["name"]
    zones = shown["zone"].value_counts()
    return TimingChoices(
        tuple(ZoneChoice(str(zone), str(named[zone]), int(n)) for zone, n in zones.items()),
        tuple(str(name) for name in shown["category"].value_counts().index),
    )


def timing_for(picture: Picture, zone: str | None = None, category: str | None = None) -> Timing:
    """Say when incidents happen.

    Parameters
    ----------
    picture
        What is known.
    zone
        Identifier of one zone; the whole estate if None.
    category
        One category of the workspace's list; all if None.

    Returns
    -------
    Timing
        Sensitive categories count where neither zone nor category is chosen, and nowhere else.

    Raises
    ------
    ScenarioError
        If there is no such zone or category.
    """
    if zone is None and category is None:
        return timing(picture.counted, picture.periods, picture.settings)
    rows = picture.on_estate
    if category is not None:
        rows = _of_category(rows, category)
    if zone is None:
        return timing(rows, picture.periods, picture.settings)
    row = np.flatnonzero(picture.estate.zones["zone"].to_numpy() == zone)
    if not len(row):
        raise ScenarioError(f"There is no zone '{zone}' on this estate; choose another one.")
    periods = _covering(picture, int(row[0]))
    return timing(rows[rows["zone"] == zone], periods, picture.settings)


def _of_category(rows: pd.DataFrame, category: str) -> pd.DataFrame:
    chosen = rows[rows["category"] == category]
    if chosen.empty:
        raise ScenarioError(
            f"No incident that may be shown by place is of the category '{category}'; choose "
            "another one."
        )
    return chosen


def _covering(picture: Picture, zone_row: int) -> pd.DataFrame:
    """Return the periods whose area has the zone in it."""
    areas = picture.areas
    stated = picture.periods.get("area", pd.Series("", index=picture.periods.index))
    covers = [area not in areas or bool(areas[area][zone_row]) for area in stated]
    return picture.periods[covers]
