"""The backtest of an estate's own records: each source by itself, on the estate's own zones.

The windows are those of the forecast (:mod:`planner.insight.risk.learning`): weeks counted back
from the end of the records, or months where only the month is known. Each is forecast from what was
known when it began.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from planner.errors import BacktestError, NoIncidents
from planner.insight.backtest.backtest import Backtest, run_backtest
from planner.insight.exposure import covered_days_by_zone
from planner.insight.risk.events import MONTH, events_of
from planner.insight.risk.evidence import FEWEST_WINDOWS
from planner.insight.risk.forecast import streams
from planner.insight.risk.learning import PARTLY, Ground, spans_of, windows_of
from planner.insight.risk.rolling import LEARNING_DAYS
from planner.insight.risk.windows import DAY_S, Windows

YEARS_JUDGED = 2.0
YEAR_DAYS = 365.25
TOO_SHORT = "the records are too short to forecast a part of them from what came before"
NOTHING_FELL = "no incident fell into the time to judge"


@dataclass(frozen=True)
class SourceRecord:
    """How the forecast of one source's incidents has done.

    Attributes
    ----------
    source
        Where they were recorded.
    kind
        What a window was: ``"week"`` or ``"month"``.
    first, last
        Local days: the first and the last that were judged; None where none was.
    result
        What came of the backtest; None where there can be none.
    reason
        Why there can be none, or ``""``.
    """

    source: str
    kind: str
    first: date | None
    last: date | None
    result: Backtest | None
    reason: str = ""

    @property
    def few(self) -> bool:
        """Whether so few windows were judged that differences are mostly noise."""
        return self.result is not None and self.result.windows < FEWEST_WINDOWS


def source_records(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    ground: Ground,
    time_zone: str,
    category: str | None = None,
) -> tuple[SourceRecord, ...]:
    """Judge the forecast of each source on its last two years of weeks, or on all its months.

    The half year before the first window judged is history only.

    Parameters
    ----------
    incidents
        Those on the estate: ``source``, ``zone``, ``occurred_from``, ``occurred_to``,
        ``reported_at``, ``time_known``; ``category`` where one is wanted; ``weight`` where some
        count for less.
    periods
        ``source``, ``starts_at``, ``ends_at``, ``area``: what the records cover.
    ground
        The zones.
    time_zone
        The estate's.
    category
        Judge incidents of this category; all if None.

    Raises
    ------
    NoIncidents
        If no incident (of the category) lies in a zone.
    """
    inside = incidents[incidents["zone"].isin(ground.zones)]
    wanted = np.ones(len(inside), bool)
    if category is not None:
        wanted = (inside["category"] == category).to_numpy(bool)
    if not wanted.any():
        what = "No incident" if category is None else f"No incident of the category '{category}'"
        raise NoIncidents(f"{what} lies on the estate, so there is nothing to judge.")
    return tuple(
        _judged(rows, periods[periods["source"] == source], ground, wanted[at], time_zone)
        for (source, _), at, rows in streams(inside)
        if wanted[at].any()
    )


def _judged(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    ground: Ground,
    wanted: np.ndarray,
    time_zone: str,
) -> SourceRecord:
    source = str(incidents["source"].iloc[0])
    by_month = bool((incidents["time_known"] == MONTH).all())
    kind = "month" if by_month else "week"
    spans = spans_of(periods, incidents)
    if np.ptp(covered_days_by_zone(spans, ground.areas, len(ground.zones))) > 0:
        return SourceRecord(source, kind, None, None, None, PARTLY)
    row = ground.rows(incidents["zone"])
    every = events_of(incidents, row)
    windows = windows_of(spans, float(every.known.max()), by_month, time_zone)
    first = _first_judged(windows, by_month)
    if first is None:
        return SourceRecord(source, kind, None, None, None, TOO_SHORT)
    events = every if wanted.all() else events_of(incidents, np.where(wanted, row, -1))
    others = None if wanted.all() else every
    try:
        result = run_backtest(ground.points, windows, first, events, others)
    except BacktestError:
        return SourceRecord(source, kind, None, None, None, NOTHING_FELL)
    days = _days(windows, first, time_zone)
    return SourceRecord(source, kind, *days, result)


def _first_judged(windows: Windows, by_month: bool) -> int | None:
    """Return the first window to judge, or None where no covered one has a history."""
    covered = np.flatnonzero(windows.counted)
    if not len(covered):
        return None
    learnt = np.cumsum(windows.days) - windows.days >= LEARNING_DAYS
    recent = windows.edges[:-1] >= windows.edges[covered[-1] + 1] - YEARS_JUDGED * YEAR_DAYS * DAY_S
    usable = np.flatnonzero(windows.counted & learnt & (recent | by_month))
    return int(usable[0]) if len(usable) else None


def _days(windows: Windows, first: int, time_zone: str) -> tuple[date, date]:
    last = np.flatnonzero(windows.counted)[-1]
    moments = windows.edges[first], windows.edges[last + 1] - 2.0
    begin, end = (
        datetime.fromtimestamp(float(at), UTC).astimezone(ZoneInfo(time_zone)).date()
        for at in moments
    )
    return begin, end
