"""Forecasting a shift: from a workspace and a wish to what is expected of each zone."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from planner.allocate.forecasting import WEEK, Forecast, make_forecast, week_ahead
from planner.allocate.scenario import ShiftWanted, resolve_shift
from planner.errors import NoIncidents
from planner.incidents.categories import handled, unlisted
from planner.picture import Picture
from planner.service.workspace import take_picture

CATEGORIES_SHOWN = 8


@dataclass(frozen=True)
class ForecastWish:
    """What is to be forecast.

    Attributes
    ----------
    shift
        A shift's name in the settings; the next one of any name if None.
    day
        The local day on which it starts; the first after the records if None.
    category
        Incidents of this category; all if None.
    harm
        Harm, and not the number of incidents.
    """

    shift: str | None = None
    day: date | None = None
    category: str | None = None
    harm: bool = False


def forecast_for(picture: Picture, wish: ForecastWish) -> Forecast:
    """Forecast a shift on what a picture knows.

    Raises
    ------
    ScenarioError
        If the settings know no shift of the name.
    NoIncidents
        If no incident (of the category) lies on the estate, or the category is sensitive.
    """
    category = known_category(picture, wish.category)
    wanted = ShiftWanted(name=wish.shift, date=wish.day)
    shift = resolve_shift(wanted, picture.settings, picture.as_of)
    return make_forecast(picture, shift, category, harm=wish.harm)


def forecast_workspace(
    workspace: Path, wish: ForecastWish, as_of: datetime | None = None
) -> Forecast:
    """Do the same for a workspace, from what was known at a moment (all, if not given).

    Raises
    ------
    PlannerError
        If the workspace can't be read, or the wish can't be met.
    """
    return forecast_for(take_picture(workspace, as_of), wish)


def week_forecast(picture: Picture) -> Forecast:
    """Forecast all incidents of the week after the records.

    Raises
    ------
    NoIncidents
        If no incident lies on the estate.
    """
    return make_forecast(picture, week_ahead(picture), span=WEEK)


def categories_by_number(picture: Picture) -> tuple[str, ...]:
    """Return the categories that can be forecast, the most frequent first."""
    counts = picture.on_estate["category"].value_counts(sort=False).sort_index()
    ordered = counts.sort_values(ascending=False, kind="stable")
    return tuple(str(name) for name in ordered.index)


def known_category(picture: Picture, category: str | None) -> str | None:
    """Return the workspace's name of a category; a source's name of it will do too.

    Raises
    ------
    NoIncidents
        If none of its incidents may be shown by place; the message says which can be.
    """
    if category is None:
        return None
    there = categories_by_number(picture)
    written = pd.Series([category.strip().lower()])
    rule = handled(written, picture.settings.categories).iloc[0]
    # What the list doesn't name counts as 'other', which is not what was asked for.
    named = written[0] == rule["category"] or not unlisted(written, picture.settings.categories)
    if named and rule["category"] in there:
        return str(rule["category"])
    if rule["sensitive"]:
        raise NoIncidents(
            f"Incidents of the category '{category}' count in totals of the estate only, so no "
            "zone's forecast shows them; choose another category, or all."
        )
    frequent = ", ".join(there[:CATEGORIES_SHOWN])
    hint = f"; the most frequent here are {frequent}" if there else ""
    raise NoIncidents(f"No incident of the category '{category}' lies on the estate{hint}.")
