"""From the records of one source to what may be expected of the days after them.

Sources (police, control room) cover different times and are forecast apart; so are records that
state the month only, whose windows are months. Where a source covers only a part of the estate,
or its records are few, the count is issued and says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.exposure import covered_days, covered_days_by_zone
from planner.insight.risk.count import shrunk_rates
from planner.insight.risk.events import MONTH, events_of, seconds
from planner.insight.risk.evidence import NONE, Evidence
from planner.insight.risk.model import Standing
from planner.insight.risk.parts import counted_parts, model_parts
from planner.insight.risk.rolling import Outlook, Rolling
from planner.insight.risk.windows import (
    WEEK_S,
    Windows,
    equal_edges,
    month_edges,
    windows_between,
)

PARTLY = "the records cover parts of the estate at different times"


@dataclass(frozen=True)
class Learnt:
    """What the records of one source say of the days after them.

    Attributes
    ----------
    standing
        How the forecast has stood up to the count.
    rates
        Expected incidents a day of a mean year, shape (z,).
    season
        What the present weeks of the year have beside the year's mean.
    counts
        Recorded incidents, shape (z,).
    covered_days
        Days that the records cover.
    dispersion, total_dispersion
        Of the counts of zones, and of the estate.
    parts
        What each zone's rate comes from, shape (z, names).
    """

    standing: Standing
    rates: np.ndarray
    season: float
    counts: np.ndarray
    covered_days: float
    dispersion: float
    total_dispersion: float
    parts: np.ndarray


@dataclass(frozen=True)
class Ground:
    """What a forecast must know of the zones.

    Attributes
    ----------
    zones
        Identifiers, shape (z,).
    points
        Their middles in metres, shape (z, 2).
    areas
        Which zones each area of the periods covers: booleans of shape (z,).
    """

    zones: np.ndarray
    points: np.ndarray
    areas: Mapping[str, np.ndarray]

    def rows(self, zone: pd.Series) -> np.ndarray:
        """Return the row of each zone identifier, -1 for others; shape (n,)."""
        known = pd.Series(np.arange(len(self.zones)), index=self.zones)
        rows: np.ndarray = known.reindex(zone).fillna(-1).to_numpy(int)
        return rows


def learnt_from(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    ground: Ground,
    wanted: np.ndarray,
    time_zone: str,
) -> Learnt:
    """Learn from the records of one source, all known by month or none.

    Parameters
    ----------
    incidents
        ``source``, ``zone``, ``occurred_from``, ``occurred_to``, ``reported_at``, ``time_known``
        and, where some count for less, ``weight``.
    periods
        ``starts_at``, ``ends_at``, ``area``: what the source covers.
    wanted
        Which of the incidents are of the category to forecast, booleans of shape (n,).
    time_zone
        The estate's, in which months begin.
    """
    row = ground.rows(incidents["zone"])
    every = events_of(incidents, row)
    events = every if wanted.all() else events_of(incidents, np.where(wanted, row, -1))
    by_month = bool((incidents["time_known"] == MONTH).all())
    spans = spans_of(periods, incidents)
    days = covered_days_by_zone(spans, ground.areas, len(ground.zones))
    counts = np.bincount(events.zone, events.weight, minlength=len(ground.zones))
    source = str(incidents["source"].iloc[0])
    kind = "month" if by_month else "week"
    covered = covered_days(spans)
    if np.ptp(days) > 0:
        whole = Standing(source, NONE, kind, PARTLY)
        return _by_count(whole, counts, np.where(days > 0, np.maximum(days, 1.0), 0.0), covered)
    windows = windows_of(spans, float(every.known.max()), by_month, time_zone)
    rolling = Rolling(ground.points, windows, events, None if wanted.all() else every)
    outlook = rolling.last()
    if outlook.level.daily <= 0:
        # All of it happened before the time that the records cover, or was reported after it.
        standing = Standing(source, outlook.evidence, kind)
        return _by_count(standing, counts, np.maximum(days, 1.0), covered)
    return _learnt(source, kind, rolling, outlook, counts, covered)


def spans_of(periods: pd.DataFrame, incidents: pd.DataFrame) -> pd.DataFrame:
    """Return what the records cover: from first to last incident where no import says.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at``, ``area`` of the source's imports.
    incidents
        ``occurred_from``, ``occurred_to``.
    """
    if len(periods):
        return periods
    first, last = incidents["occurred_from"].min(), incidents["occurred_to"].max()
    return pd.DataFrame({"starts_at": [first], "ends_at": [last], "area": [""]})


def windows_of(spans: pd.DataFrame, known: float, by_month: bool, time_zone: str) -> Windows:
    """Part what the records cover into weeks, or months, with one after them to forecast.

    Parameters
    ----------
    spans
        ``starts_at``, ``ends_at`` in UTC, at least one row.
    known
        When the last of the records became known, in seconds since 1970.
    by_month
        Whether windows are local months; weeks otherwise, counted back from the end.
    time_zone
        The estate's, in which months begin.
    """
    first, last = (
        float(seconds(spans[name])[int(row)])
        for name, row in (
            ("starts_at", spans["starts_at"].to_numpy().argmin()),
            ("ends_at", spans["ends_at"].to_numpy().argmax()),
        )
    )
    # All records at hand are known, also those reported after the period that is stated.
    last = max(last, known)
    if by_month:
        return windows_between(month_edges(first, last, time_zone), spans)
    # What happened at the last moment belongs to the records, not to the window after them.
    return windows_between(equal_edges(first, last + 1.0, WEEK_S, after=1), spans)


def _by_count(standing: Standing, counts: np.ndarray, days: np.ndarray, covered: float) -> Learnt:
    rates = shrunk_rates(counts, days if days.any() else 1.0)
    parts = counted_parts(counts, rates, covered)
    return Learnt(standing, rates, 1.0, counts, covered, 1.0, 1.0, parts)


def _learnt(
    source: str,
    kind: str,
    rolling: Rolling,
    outlook: Outlook,
    counts: np.ndarray,
    covered: float,
) -> Learnt:
    evidence: Evidence = outlook.evidence
    standing = Standing(source, evidence, kind)
    rates = outlook.level.daily * outlook.shares
    parts = (
        model_parts(rolling.memories, outlook.weights, outlook.parts)
        if standing.by_model
        else counted_parts(counts, counts.sum() / max(covered, 1.0) * outlook.count, covered)
    )
    return Learnt(
        standing, rates, outlook.level.season, counts, covered, outlook.dispersion,
        outlook.total_dispersion, parts,
    )  # fmt: skip
