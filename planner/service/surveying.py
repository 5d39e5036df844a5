"""Surveying hotspots: from a workspace to what gathers where, by every method."""

import difflib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from planner.errors import NoIncidents, UnknownCategory
from planner.insight.hotspots.survey import Survey, survey
from planner.picture import Picture
from planner.service.workspace import take_picture

SEED = 1


@dataclass(frozen=True)
class Surveyed:
    """A survey, and of what it is.

    Attributes
    ----------
    picture
        What was known.
    category
        The one category that was asked for, ``""`` for all.
    survey
        What was found.
    """

    picture: Picture
    category: str
    survey: Survey


def survey_hotspots(
    workspace: Path, category: str | None = None, as_of: datetime | None = None, seed: int = SEED
) -> Surveyed:
    """Survey the hotspots of a workspace.

    Parameters
    ----------
    workspace
        The folder.
    category
        A category of the workspace's list, in any case; all that may be shown by place if None.
    as_of
        From what was known at that moment; from all that is known if None.
    seed
        For the permutations of the near-repeat test.

    Raises
    ------
    NoIncidents
        If nothing is imported, or nothing lies on the estate.
    UnknownCategory
        If the category is not one of the workspace's, or is counted in totals only.
    """
    picture = take_picture(workspace, as_of)
    now = picture.as_of
    if picture.on_estate.empty:
        raise NoIncidents(
            "No imported incident that may be shown by place lies on the estate, so no hotspot "
            "can be found; import a file that covers it with 'planner import'."
        )
    name = "" if category is None else _known_category(picture, category)
    rows = picture.on_estate
    rows = rows[rows["category"] == name] if name else rows
    return Surveyed(picture, name, survey(rows, picture.periods, picture.estate, now, seed))


def _known_category(picture: Picture, wanted: str) -> str:
    counted = picture.counted
    names = sorted({*picture.settings.categories, *map(str, counted["category"].unique())})
    by_case = {name.casefold(): name for name in names}
    name: str | None = by_case.get(wanted.strip().casefold())
    if name is None:
        near = difflib.get_close_matches(wanted.strip().casefold(), list(by_case), 1)
        hint = f" (is '{by_case[near[0]]}' meant?)" if near else ""
        shown = ", ".join(sorted(pd.unique(picture.on_estate["category"])))
        raise UnknownCategory(
            f"--category: there is no category '{wanted}'{hint}; choose one of: {shown}."
        )
    rule = picture.settings.categories.get(name)
    if (rule is not None and rule.sensitive) or counted.loc[
        counted["category"] == name, "sensitive"
    ].any():
        raise UnknownCategory(
            f"--category: '{name}' is sensitive and counted in totals of the estate only; choose "
            "another."
        )
    return name
