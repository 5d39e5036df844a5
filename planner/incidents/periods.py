"""The time that a file covers, so that rates can be taken over it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.incidents.model import Period

LONGEST_SILENCE = pd.Timedelta(days=366)


def months_covered(accepted: pd.DataFrame) -> tuple[Period, ...]:
    """Return the months of a file that states months only."""
    months = (
        accepted[["occurred_from", "occurred_to"]].drop_duplicates().sort_values("occurred_from")
    )
    return tuple(Period(starts, ends) for starts, ends in months.itertuples(index=False))


def days_covered(accepted: pd.DataFrame, time_zone: str) -> tuple[Period, ...]:
    """Return from the first day on which something was recorded to the last moment.

    After more than a year without a record a new period begins: a mistyped year must not make the
    records look long, and thereby thin.
    """
    if accepted.empty:
        return ()
    recorded = accepted["reported_at"].fillna(accepted["occurred_to"]).sort_values()
    spans = recorded.groupby((recorded.diff() > LONGEST_SILENCE).cumsum()).agg(["min", "max"])
    days = spans["min"].dt.tz_convert(time_zone).dt.tz_localize(None).dt.normalize()
    first = np.ones(len(days), dtype=bool)
    starts = days.dt.tz_localize(time_zone, ambiguous=first, nonexistent="shift_forward")
    pairs = zip(starts.dt.tz_convert("UTC"), spans["max"], strict=True)
    return tuple(Period(start, end) for start, end in pairs)


def silences(periods: Sequence[Period]) -> tuple[str, ...]:
    """Say that there are long silences between the periods of a file, if there are."""
    if len(periods) < 2:
        return ()
    spans = ", ".join(f"{p.starts_at:%Y-%m-%d} to {p.ends_at:%Y-%m-%d}" for p in periods)
    return (f"nothing is recorded for more than a year between {spans}; is a year mistyped?",)


def beyond(accepted: pd.DataFrame, periods: Sequence[Period]) -> tuple[str, ...]:
    """Say how many incidents began outside the periods that a person stated, if any did."""
    starts = accepted["occurred_from"]
    within = np.zeros(len(starts), dtype=bool)
    for period in periods:
        within |= ((starts >= period.starts_at) & (starts < period.ends_at)).to_numpy()
    count = int((~within).sum())
    return (f"{count:,} rows lie outside the time that it is said to cover",) if count else ()
