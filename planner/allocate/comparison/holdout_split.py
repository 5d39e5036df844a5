"""A picture parted at a date: what was known before it to choose by, and what happened after it.

An incident whose time straddles the date belongs to neither side, and neither does one that
happened before it and was reported after it: nobody knew of it yet, and it is no news either.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from planner.errors import BacktestError
from planner.insight.exposure import covered_days
from planner.picture import Picture


@dataclass(frozen=True)
class Split:
    """The two sides of a date.

    Attributes
    ----------
    training
        The picture as of the date, on the same estate; without entries of intelligence.
    later
        The incidents after it, as :attr:`planner.picture.Picture.on_estate` has them.
    days_before, days_after
        Days that the records cover on either side.
    straddling, reported_later
        How many incidents of the estate belong to neither side, and why.
    """

    training: Picture
    later: pd.DataFrame
    days_before: float
    days_after: float
    straddling: int
    reported_later: int


def split_at(picture: Picture, until: datetime) -> Split:
    """Part a picture.

    What people decided of records (which are the same event, which place counts for less) holds on
    both sides: it says how records are read.

    Parameters
    ----------
    picture
        All that is known.
    until
        The date, with its time zone.

    Raises
    ------
    NoIncidents
        If nothing was imported.
    BacktestError
        If the date has no time zone or lies outside the records, or no incident of the estate
        lies on one side of it.
    """
    _check_date(picture, until)
    at = pd.Timestamp(until).tz_convert("UTC")
    training, found = _known_by(picture, at), picture.on_estate
    later = found[found["occurred_from"] >= at]
    day = at.tz_convert(picture.settings.time_zone).strftime("%Y-%m-%d %H:%M")
    for side, table, other in (
        ("before", training.on_estate, "later"),
        ("after", later, "earlier"),
    ):
        if table.empty:
            raise BacktestError(
                f"No incident of the estate is recorded {side} {day}, so cameras can't be "
                f"{'chosen' if side == 'before' else 'judged'} by any; give a date that is {other}."
            )
    over = found["occurred_to"] <= at
    return Split(
        training=training,
        later=later,
        days_before=covered_days(training.periods),
        days_after=covered_days(picture.periods, starts_at=at),
        straddling=int(((found["occurred_from"] < at) & ~over).sum()),
        reported_later=int((_happened_before(found, at) & ~_known(found, at)).sum()),
    )


def _check_date(picture: Picture, until: datetime) -> None:
    if until.tzinfo is None:
        raise BacktestError(f"The date {until} has no time zone; give it one.")
    last, zone = picture.as_of, ZoneInfo(picture.settings.time_zone)
    first = picture.periods["starts_at"].min().to_pydatetime().astimezone(zone)
    if not first.timestamp() < until.timestamp() < last.timestamp():
        raise BacktestError(
            f"{until.astimezone(zone):%Y-%m-%d %H:%M} lies outside the records, which go from "
            f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}; give a date between."
        )


def _known_by(picture: Picture, at: pd.Timestamp) -> Picture:
    """Return the picture of what had happened and was known by a moment."""
    table, spans = picture.incidents, picture.periods
    kept = table[_happened_before(table, at) & _known(table, at)]
    begun = spans[spans["starts_at"] < at]
    cut = begun.assign(ends_at=begun["ends_at"].clip(upper=at)).reset_index(drop=True)
    matches = picture.matches
    there = pd.MultiIndex.from_frame(kept[["source", "key"]])
    pairs = [["source", "key"], ["other_source", "other_key"]]
    both = np.logical_and(*(pd.MultiIndex.from_frame(matches[pair]).isin(there) for pair in pairs))
    return replace(
        picture,
        incidents=kept.reset_index(drop=True),
        periods=cut,
        matches=matches[both].reset_index(drop=True),
        intelligence=(),
    )


def _happened_before(table: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    # A stretch that ends at the moment lies before it; a moment of its own lies after.
    return (table["occurred_to"] <= at) & (table["occurred_from"] < at)


def _known(table: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    return table["reported_at"].isna() | (table["reported_at"] <= at)
