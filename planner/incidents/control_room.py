"""The control room's own CSV file.

Columns, in any order: ``reference`` (unique), ``category``, ``occurred_from``, ``occurred_to``,
``reported_at`` (local times, ``YYYY-MM-DDTHH:MM``; what is not known stays empty, but one of
``occurred_from`` and ``reported_at`` is needed), ``place``, ``longitude``, ``latitude`` (WGS84
degrees, both empty where not known), ``details`` (never shown on a map) and optionally
``police_reference``. Other columns are left alone.
"""

from datetime import datetime

import numpy as np
import pandas as pd

from planner.incidents.checks import Checked, Reasons, coordinates, moments
from planner.incidents.model import COLUMNS, CONTROL_ROOM, Period
from planner.text import readable_column

REQUIRED = (
    "reference", "category", "occurred_from", "occurred_to", "reported_at", "place", "longitude",
    "latitude", "details",
)  # fmt: skip
WRITTEN = "YYYY-MM-DDTHH:mm"
FORM = "%Y-%m-%dT%H:%M"
# Clocks differ, and some planned events are reported before they begin.
SLIP = pd.Timedelta(days=1)
LONGEST_SILENCE = pd.Timedelta(days=366)


def read(table: pd.DataFrame, time_zone: str, now: datetime) -> Checked:
    """Read the rows of a control-room file.

    Parameters
    ----------
    table
        Stripped text, indexed by row number.
    time_zone
        The zone that local times are in.
    now
        The present moment; an incident that happens later is rejected.
    """
    reasons = Reasons(table.index)
    reasons.add(table["reference"] == "", "reference: is empty")
    reasons.add(table["category"] == "", "category: is empty")
    times = {
        column: moments(table, column, WRITTEN, FORM, time_zone, reasons)
        for column in ("occurred_from", "occurred_to", "reported_at")
    }
    _check_order(table, times, now, reasons)
    points = coordinates(table, "longitude", "latitude", reasons)
    incidents = _incidents(table, times, points)
    accepted = incidents[reasons.accepted]
    periods = _periods(accepted, time_zone)
    notes = _notes(accepted, times, time_zone) + _silences(periods)
    return Checked(accepted, reasons.rejected, periods, notes)


def _check_order(
    table: pd.DataFrame, times: dict[str, pd.Series], now: datetime, reasons: Reasons
) -> None:
    for column, moment in times.items():
        reasons.add(moment > now, f"{column}: " + table[column] + " lies in the future")
    nothing = times["occurred_from"].isna() & times["reported_at"].isna()
    reasons.add(nothing, "occurred_from and reported_at: both are empty")
    reasons.add(
        times["occurred_to"] < times["occurred_from"],
        "occurred_to: " + table["occurred_to"] + " is before occurred_from",
    )
    reasons.add(
        times["occurred_from"] > times["reported_at"] + SLIP,
        "occurred_from: " + table["occurred_from"] + " is more than a day after reported_at",
    )


def _incidents(
    table: pd.DataFrame, times: dict[str, pd.Series], points: pd.DataFrame
) -> pd.DataFrame:
    known = times["occurred_from"].notna()
    starts = times["occurred_from"].where(known, times["reported_at"])
    ends = times["occurred_to"].where(known & times["occurred_to"].notna(), starts)
    reference = table.get("police_reference", "")
    return pd.DataFrame(
        {
            "source": CONTROL_ROOM,
            "key": table["reference"],
            "reference": table["reference"],
            "category": readable_column(table["category"]).str.lower(),
            "occurred_from": starts,
            "occurred_to": ends,
            "time_known": np.where(known, "interval", "unknown"),
            "reported_at": times["reported_at"],
            "place": table["place"],
            "longitude": points["longitude"],
            "latitude": points["latitude"],
            "anonymised": False,
            "police_reference": reference,
            "details": table["details"],
        }
    )[COLUMNS]


def _periods(accepted: pd.DataFrame, time_zone: str) -> tuple[Period, ...]:
    """Cover from the first day on which something was recorded to the last moment.

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


def _notes(accepted: pd.DataFrame, times: dict[str, pd.Series], time_zone: str) -> tuple[str, ...]:
    notes = []
    unknown = int((accepted["time_known"] == "unknown").sum())
    if unknown:
        notes.append(f"{unknown:,} rows do not say when it happened; the day of the report is used")
    starts = times["occurred_from"].loc[accepted.index]
    local = starts.dt.tz_convert(time_zone).dt.tz_localize(None)
    second = local.dt.tz_localize(
        time_zone, ambiguous=np.zeros(len(local), bool), nonexistent="NaT"
    )
    twice = int((second.dt.tz_convert("UTC") != starts).where(starts.notna(), False).sum())
    if twice:
        notes.append(f"{twice:,} rows lie in an hour that happened twice; the first is taken")
    return tuple(notes)


def _silences(periods: tuple[Period, ...]) -> tuple[str, ...]:
    if len(periods) < 2:
        return ()
    spans = ", ".join(f"{p.starts_at:%Y-%m-%d} to {p.ends_at:%Y-%m-%d}" for p in periods)
    return (f"nothing is recorded for more than a year between {spans}; is a year mistyped?",)
