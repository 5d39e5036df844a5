"""Backtesting: how good the forecast has been, on a file of incidents alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from planner.clock import local_moment
from planner.errors import BacktestError
from planner.geo import metric_crs, to_metric
from planner.incidents.categories import counted_as
from planner.incidents.intake import read_incidents
from planner.incidents.model import Intake
from planner.insight.backtest.backtest import Backtest, run_backtest
from planner.insight.backtest.cells import Cells, cells_over
from planner.insight.backtest.shifts import ShiftScores, hours_of_events
from planner.insight.risk.events import MONTH, Events, event_rows, events_of, seconds
from planner.insight.risk.windows import DAY_S, Windows, month_edges, windows_between
from planner.settings import USUAL_SHIFTS, ShiftHours, known_time_zone, usual_categories

A_MONTH = "month"
FEWEST_WINDOWS = 26
SHORT_HISTORY_DAYS = 182
CATEGORIES_SHOWN = 8
FEWEST_CELLS = 50
# Below so small a share of cells with any incident, the area is mostly empty ground.
EMPTY_GROUND = 0.05


@dataclass(frozen=True)
class BacktestWish:
    """What is to be judged.

    Attributes
    ----------
    cell_m
        Side of a cell in metres.
    every
        Length of a window: days, as ``"7d"``, weeks, as ``"2w"``, or ``"month"``.
    first, last
        Local days: windows start at the first, and end with the last at most.
    category
        Judge the forecast of incidents of this category; of all if None.
    by_shift
        Whether cells are judged shift by shift.
    time_zone
        IANA name of the zone that the file's times are in.
    shifts
        The service's shifts.
    """

    first: date
    last: date
    cell_m: float = 150.0
    every: str = "7d"
    category: str | None = None
    by_shift: bool = False
    time_zone: str = "Europe/London"
    shifts: Mapping[str, ShiftHours] = field(default_factory=lambda: dict(USUAL_SHIFTS))


@dataclass(frozen=True)
class Backtested:
    """A backtest, and what its reader must know.

    Attributes
    ----------
    wish
        What was asked.
    result
        What came of it.
    cells
        How many cells the area has.
    crs
        The metric system that the cells are aligned in.
    notes
        In words.
    """

    wish: BacktestWish
    result: Backtest
    cells: int
    crs: str
    notes: tuple[str, ...]


def backtest_file(path: Path, wish: BacktestWish, now: datetime | None = None) -> Backtested:
    """Backtest the forecast on a file of incidents, with no workspace.

    The area is all cells that touch the convex hull of what happened before the first window.

    Parameters
    ----------
    path
        A file of any known source, such as the control room's template.
    wish
        What is to be judged.
    now
        The present moment; that of the clock if not given.

    Raises
    ------
    BacktestError
        If the file holds too little, or the wish can't be met.
    PlannerError
        If the file can't be read.
    """
    known_time_zone(wish.time_zone)
    length = window_days(wish.every)
    if not 1 <= wish.cell_m < math.inf:
        raise BacktestError(f"--cell: {wish.cell_m:g} m is no side of a cell; give 1 or more.")
    intake = read_incidents(path, wish.time_zone, now or datetime.now(UTC))
    located = intake.accepted[intake.accepted["longitude"].notna()].reset_index(drop=True)
    if intake.accepted.empty:
        raise BacktestError(_nothing_usable(path, intake))
    if located.empty:
        raise BacktestError(f"{path}: no row has coordinates; give a file that says where.")
    edges, first = _edges(intake, located, wish, length)
    windows = _windows(edges, intake, wish)
    history = seconds(located["occurred_from"]) < windows.edges[first]
    if not history.any():
        raise BacktestError(
            f"--from: nothing happened before {wish.first}; choose a later day, so that there is "
            "a history to forecast from."
        )
    places = located[["longitude", "latitude"]].to_numpy(float)
    crs = metric_crs(places[history, 0], places[history, 1])
    points = to_metric(places[:, 0], places[:, 1], crs)
    cells = cells_over(points[history], wish.cell_m)
    wanted = _wanted(located, wish.category)
    zone = cells.of(points)
    events = events_of(located, np.where(wanted, zone, -1))
    result = run_backtest(
        cells.points,
        windows,
        first,
        events,
        None if wanted.all() else events_of(located, zone),
        _shifts(located, np.where(wanted, zone, -1), cells, windows, events, wish),
    )
    notes = (*_notes(intake, located, zone, windows, first), *_ground_notes(zone, len(cells)))
    return Backtested(wish, result, len(cells), crs, notes)


def window_days(every: str) -> int | None:
    """Read the length of a window in days; None for months.

    Raises
    ------
    BacktestError
        If it is none.
    """
    if every == A_MONTH:
        return None
    number, unit = every[:-1], every[-1:]
    fits = number.isascii() and number.isdecimal() and len(number) <= 3
    days = int(number) * {"d": 1, "w": 7}.get(unit, 0) if fits else 0
    if not 1 <= days <= 366:
        raise BacktestError(
            f"--every: '{every[:20]}' is no length of a window; give days as 7d, weeks as "
            "2w, or month."
        )
    return days


def _nothing_usable(path: Path, intake: Intake) -> str:
    refused = intake.rejected
    row, reason = refused["row"].iloc[0], refused["reason"].iloc[0]
    return (
        f"{path}: no row can be used: {len(refused):,} were rejected, such as row {row} "
        f"({reason}); mend the file."
    )


def _edges(
    intake: Intake, located: pd.DataFrame, wish: BacktestWish, length: int | None
) -> tuple[np.ndarray, int]:
    """Return the windows' edges, and the number of the first window to judge."""
    by_month = (located["time_known"] == MONTH).all()
    if by_month and length is not None:
        raise BacktestError(
            "--every: the file states the month only, so windows must be months; give --every "
            "month."
        )
    if by_month and wish.by_shift:
        raise BacktestError("--by shift: the file states the month only, and no time of day.")
    if wish.last < wish.first:
        raise BacktestError(f"--to: {wish.last} is before --from {wish.first}; give a later day.")
    zone = wish.time_zone
    starts = min(period.starts_at for period in intake.periods).tz_convert(zone)
    ends = max(period.ends_at for period in intake.periods).tz_convert(zone)
    # The records of a day that has begun are taken as those of the whole day.
    over = (ends - pd.Timedelta(1, "us")).date() + timedelta(days=1)
    limit = min(wish.last, over - timedelta(days=1)) + timedelta(days=1)
    if length is None:
        edges = _months(starts.date(), wish.first, limit, zone)
    else:
        edges = _days(starts.date(), wish.first, limit, length, zone)
    first = int(np.searchsorted(edges, _moment(wish.first, zone) - 1.0))
    if first >= len(edges) - 1:
        raise BacktestError(
            f"--from, --to: no whole window lies between {wish.first} and {limit} within the "
            f"records, which cover {starts.date()} to {over - timedelta(days=1)}."
        )
    return edges, first


def _days(begin: date, first: date, limit: date, length: int, zone: str) -> np.ndarray:
    before = max((first - begin).days // length, 0)
    after = max((limit - first).days // length, 0)
    days = [first + timedelta(days=length * step) for step in range(-before, after + 1)]
    if begin < days[0]:
        days.insert(0, begin)
    return np.array([_moment(day, zone) for day in days])


def _months(begin: date, first: date, limit: date, zone: str) -> np.ndarray:
    edges = month_edges(_moment(min(begin, first), zone), _moment(max(limit, first), zone), zone)
    return edges[edges <= max(_moment(limit, zone), _moment(first, zone)) + 1.0]


def _moment(day: date, time_zone: str) -> float:
    return local_moment(day, time(0), time_zone).timestamp()


def _windows(edges: np.ndarray, intake: Intake, wish: BacktestWish) -> Windows:
    periods = pd.DataFrame(
        {
            "starts_at": [period.starts_at for period in intake.periods],
            # A day that has begun counts as whole, as above.
            "ends_at": [
                (
                    period.ends_at.tz_convert(wish.time_zone)
                    + pd.Timedelta(1, "D")
                    - pd.Timedelta(1, "us")
                )
                .normalize()
                .tz_convert("UTC")
                for period in intake.periods
            ],
        }
    )
    return windows_between(edges, periods)


def _wanted(located: pd.DataFrame, category: str | None) -> np.ndarray:
    if category is None:
        return np.ones(len(located), dtype=bool)
    name = category.strip().lower()
    wanted: np.ndarray = (located["category"] == name).to_numpy(bool)
    if not wanted.any():
        listed = counted_as(located["category"], usual_categories())
        wanted = (listed == name).to_numpy(bool)
    if not wanted.any():
        frequent = ", ".join(located["category"].value_counts().index[:CATEGORIES_SHOWN])
        raise BacktestError(
            f"--category: no incident is of the category '{category}'; the most frequent are "
            f"{frequent}."
        )
    return wanted


def _shifts(
    located: pd.DataFrame,
    zone: np.ndarray,
    cells: Cells,
    windows: Windows,
    events: Events,
    wish: BacktestWish,
) -> ShiftScores | None:
    if not wish.by_shift:
        return None
    hours = hours_of_events(located, event_rows(located, zone), wish.time_zone)
    if hours.empty:
        raise BacktestError("--by shift: no row states a time of day.")
    return ShiftScores(len(cells), windows, events, hours, wish.shifts, wish.time_zone)


def _notes(
    intake: Intake, located: pd.DataFrame, zone: np.ndarray, windows: Windows, first: int
) -> tuple[str, ...]:
    history_days = float((windows.edges[first] - windows.edges[0]) / DAY_S)
    counted = int(windows.counted[first:].sum())
    without = len(intake.accepted) - len(located)
    off = int((zone < 0).sum())
    notes = [
        (bool(len(intake.rejected)), f"{len(intake.rejected):,} rows were rejected."),
        (without > 0, f"{without:,} rows have no coordinates and were left out."),
        (off > 0, f"{off:,} incidents lie off the cells and were left out."),
        (
            history_days < SHORT_HISTORY_DAYS,
            f"The history before the first window is {history_days:.0f} days: expect little of any "
            "forecast, and the whole-history count where nothing is shown to be better.",
        ),
        (
            counted < FEWEST_WINDOWS,
            f"{counted} windows were judged; under {FEWEST_WINDOWS}, differences are mostly noise.",
        ),
    ]
    return tuple(text for holds, text in notes if holds)


def _ground_notes(zone: np.ndarray, cells: int) -> list[str]:
    """Say where the area, and not the forecast, makes the figures what they are."""
    used = len(np.unique(zone[zone >= 0]))
    notes = [
        (
            used == 1,
            "All incidents lie in one cell: there is nothing to choose between, so the hit rates "
            "say nothing.",
        ),
        (
            used > 1 and cells < FEWEST_CELLS,
            f"The area is {cells} cells: a single one of them is more than 1 % of it, so smaller "
            "cells would tell more.",
        ),
        (
            cells >= FEWEST_CELLS and used < EMPTY_GROUND * cells,
            f"Only {used:,} of {cells:,} cells hold any incident: a few records that lie far from "
            "the rest stretch the area, which makes every hit rate look better than it is.",
        ),
    ]
    return [text for holds, text in notes if holds]
