"""When each row happened: from, to, how well that is known, and when it was reported."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from planner.incidents.checks import Reasons, column_of
from planner.incidents.free_times import read_spans
from planner.incidents.source_profiles import DateColumn, SourceProfile
from planner.incidents.times import SKIPPED, TWICE, Moments, read_moments

# Clocks differ, and some planned events are reported before they begin.
SLIP = pd.Timedelta(days=1)


@dataclass(frozen=True)
class _Times:
    """The times of a file as its columns have them, and what checks say about them.

    ``said`` is the column that says when, ``ended`` the one that says until when; ``unread``
    marks the rows whose words for it fit no form, and are let pass.
    """

    first: Moments
    last: Moments
    reported: Moments
    said: str
    ended: str
    reporting: str
    unread: pd.Series


def occurrences(
    table: pd.DataFrame, profile: SourceProfile, time_zone: str, now: datetime, reasons: Reasons
) -> pd.DataFrame:
    """Read and check the times of a file's rows.

    Parameters
    ----------
    table
        Stripped text, indexed by row number.
    time_zone
        The estate's, for a profile that states none.
    now
        The present moment; what is said to happen later is rejected.

    Returns
    -------
    pandas.DataFrame
        Columns ``occurred_from``, ``occurred_to``, ``time_known``, ``clock`` and ``reported_at``
        as in :mod:`planner.incidents.model`, of no meaning where a row is rejected; ``unread``
        where the words for the time fit no form and were let pass.
    """
    zone = profile.time_zone or time_zone
    times = _read(table, profile, zone, reasons)
    if profile.columns.month:
        _check_months(table, times, now, reasons)
    else:
        _check_moments(table, times, now, reasons)
    known = times.first.read
    starts = times.first.starts.where(known, times.reported.starts)
    ends = times.first.ends.where(known, times.reported.ends)
    ended = known & times.last.read
    stated = "month" if profile.columns.month else "interval"
    return pd.DataFrame(
        {
            "occurred_from": starts,
            "occurred_to": ends.where(~ended, times.last.ends),
            "time_known": pd.Series(np.where(known, stated, "unknown"), table.index, dtype="str"),
            "clock": _clock(times),
            "reported_at": times.reported.starts,
            "unread": times.unread,
        }
    )


def _read(table: pd.DataFrame, profile: SourceProfile, time_zone: str, reasons: Reasons) -> _Times:
    columns = profile.columns

    def moments(name: DateColumn) -> Moments:
        """Read the moments of one column, by the forms that the profile knows."""
        column, forms = getattr(columns, name), profile.forms(name)
        text = column_of(table, column)
        read = read_moments(text, forms, time_zone)
        written = " or ".join(form.written for form in forms)
        reasons.add((text != "") & ~read.read, f"{column}: '", text, f"' is not a date {written}")
        return read

    if profile.occurred is not None:
        text = column_of(table, columns.occurred)
        spans = read_spans(text, profile.occurred.grammar(), time_zone)
        unread = (text != "") & ~spans.fits
        if profile.occurred.unread == "reject":
            wrong = "' is not a time in a form of the profile"
            reasons.add(unread, f"{columns.occurred}: '", text, wrong)
        first, last, said, ended = spans.first, spans.last, columns.occurred, columns.occurred
    else:
        said, ended = columns.occurred_from or columns.month, columns.occurred_to
        first = moments("month" if columns.month else "occurred_from")
        last = moments("occurred_to")
        unread = pd.Series(False, index=table.index)
    return _Times(first, last, moments("reported_at"), said, ended, columns.reported_at, unread)


def _check_months(table: pd.DataFrame, times: _Times, now: datetime, reasons: Reasons) -> None:
    column = times.said
    reasons.add(table[column] == "", f"{column}: is empty")
    reasons.add(times.first.starts > now, f"{column}: '", table[column], "' lies in the future")
    reasons.add(times.first.ends > now, f"{column}: '", table[column], "' is not over yet")


def _check_moments(table: pd.DataFrame, times: _Times, now: datetime, reasons: Reasons) -> None:
    first, last, reported = times.first, times.last, times.reported
    said, ended = column_of(table, times.said), column_of(table, times.ended)
    listed = ((first, times.said), (last, times.ended), (reported, times.reporting))
    for moments, column in listed:
        text = column_of(table, column)
        reasons.add(moments.starts > now, f"{column}: '", text, "' lies in the future")
    _check_something(said, times, reasons)
    if times.said == times.ended:
        backwards = f"{times.ended}: '", said, "' ends before it begins"
    else:
        backwards = f"{times.ended}: '", ended, f"' is before {times.said}"
    reasons.add(last.ends < first.starts, *backwards)
    late = first.starts > reported.starts + SLIP
    reasons.add(late, f"{times.said}: '", said, f"' is more than a day after {times.reporting}")


def _check_something(said: pd.Series, times: _Times, reasons: Reasons) -> None:
    nothing = ~times.first.read & ~times.reported.read
    if not times.said or not times.reporting:
        reasons.add(nothing & (said == ""), f"{times.said or times.reporting}: is empty")
        reasons.add(nothing, f"{times.said}: '", said, "' does not say when")
        return
    reasons.add(nothing & (said == ""), f"{times.said} and {times.reporting}: both are empty")
    reasons.add(
        nothing, f"{times.said}: '", said, f"' does not say when, and {times.reporting} is empty"
    )


def _clock(times: _Times) -> pd.Series:
    parts = (times.first.clock, times.last.clock, times.reported.clock)
    clock = parts[0]
    for flag in (TWICE, SKIPPED):
        flagged = np.logical_or.reduce([part == flag for part in parts])
        if flagged.any():
            clock = clock.mask(pd.Series(flagged, index=clock.index), flag)
    return clock
