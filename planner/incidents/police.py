"""Street files as data.police.uk publishes them, for any force and for the transport police.

A row has a month and a *snap point*: a place near which several homes or businesses lie, never
the place itself. Rows of anti-social behaviour, and all of the transport police's, have no
identity; equal rows of one file are so many incidents, and the same file again adds none.
"""

import hashlib
from datetime import datetime

import numpy as np
import pandas as pd

from planner.incidents.checks import Checked, Reasons, coordinates, moments
from planner.incidents.model import COLUMNS, POLICE, Period
from planner.text import readable_column

REQUIRED = ("Crime ID", "Month", "Longitude", "Latitude", "Location", "Crime type")
_IDENTITY = ["Month", "Longitude", "Latitude", "Location", "Crime type"]


def read(table: pd.DataFrame, time_zone: str, now: datetime) -> Checked:
    """Read the rows of a street file.

    Parameters
    ----------
    table
        Stripped text, indexed by row number.
    time_zone
        The estate's time zone: months begin at its midnight.
    now
        The present moment.
    """
    reasons = Reasons(table.index)
    starts = moments(
        table, "Month", "YYYY-MM", "%Y-%m", time_zone, reasons, skipped="shift_forward"
    )
    reasons.add(table["Month"] == "", "Month: is empty")
    ends = _month_ends(starts, time_zone)
    reasons.add(starts > now, "Month: " + table["Month"] + " lies in the future")
    reasons.add(ends > now, "Month: " + table["Month"] + " is not over yet")
    reasons.add(table["Crime type"] == "", "Crime type: is empty")
    points = coordinates(table, "Longitude", "Latitude", reasons)
    accepted = _incidents(table, starts, ends, points)[reasons.accepted]
    return Checked(accepted, reasons.rejected, _periods(accepted), ())


def _month_ends(starts: pd.Series, time_zone: str) -> pd.Series:
    local = starts.dt.tz_convert(time_zone).dt.tz_localize(None)
    first = np.ones(len(starts), dtype=bool)
    following = (local.dt.normalize() + pd.offsets.MonthBegin(1)).dt.tz_localize(
        time_zone, ambiguous=first, nonexistent="shift_forward"
    )
    return following.dt.tz_convert("UTC")


def _incidents(
    table: pd.DataFrame, starts: pd.Series, ends: pd.Series, points: pd.DataFrame
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": POLICE,
            "key": _keys(table),
            "reference": table["Crime ID"],
            "category": readable_column(table["Crime type"]).str.lower(),
            "occurred_from": starts,
            "occurred_to": ends,
            "time_known": "month",
            "reported_at": pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]"),
            "place": table["Location"],
            "longitude": points["longitude"],
            "latitude": points["latitude"],
            "anonymised": True,
            "police_reference": table["Crime ID"],
            "details": "",
        }
    )[COLUMNS]


def _keys(table: pd.DataFrame) -> pd.Series:
    """Tell rows apart by their Crime ID, or by their content and ordinal among equals."""
    named = table["Crime ID"] != ""
    rows = table.loc[~named]
    content = rows.get("Reported by", pd.Series("", index=rows.index)).astype(str)
    for column in _IDENTITY:
        content = content + "\x1f" + rows[column]
    ordinal = content.groupby(content).cumcount().astype(str)
    digests = (content + "\x1f" + ordinal).map(
        lambda text: hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    )
    return table["Crime ID"].where(named, digests)


def _periods(accepted: pd.DataFrame) -> tuple[Period, ...]:
    months = (
        accepted[["occurred_from", "occurred_to"]].drop_duplicates().sort_values("occurred_from")
    )
    return tuple(Period(starts, ends) for starts, ends in months.itertuples(index=False))
