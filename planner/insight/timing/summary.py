"""When incidents happen, all in one: hours of the week, shifts, months and weeks of term."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.timing.aoristic import aoristic_weights, usable
from planner.insight.timing.busiest import ShiftRates, shift_rates
from planner.insight.timing.covered import covered_hours_of_week
from planner.insight.timing.seasons import SeasonRates, month_rates, term_rates
from planner.settings import Settings


@dataclass(frozen=True)
class Timing:
    """When incidents happen, on an estate or in one zone of it.

    Attributes
    ----------
    weights
        Incidents by hour of week, spread over the hours in which they can have happened, shape
        (168,); hour 0 is Monday 00:00 to 01:00 local time.
    covered_hours
        Hours that the records of the timed sources cover of each hour of the week, shape (168,).
    timed, untimed
        Incidents with a usable time, and those without.
    starts_at, ends_at
        First and last moment that the records cover, in UTC; None where they cover nothing.
    shifts, months, weeks
        Rates of shifts of the week, of calendar months and of weeks of term; None where no
        incident tells of them.
    has_terms
        Whether the settings hold an academic calendar.
    """

    weights: np.ndarray
    covered_hours: np.ndarray
    timed: int
    untimed: int
    starts_at: pd.Timestamp | None
    ends_at: pd.Timestamp | None
    shifts: ShiftRates | None
    months: SeasonRates | None
    weeks: SeasonRates | None
    has_terms: bool


def timing(incidents: pd.DataFrame, periods: pd.DataFrame, settings: Settings) -> Timing:
    """Say when incidents happen.

    Parameters
    ----------
    incidents
        ``source``, ``occurred_from``, ``occurred_to`` (UTC), ``time_known``; any number, even none.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the records cover, in UTC.
    settings
        The workspace's: time zone, shifts and terms.
    """
    zone = settings.time_zone
    told = usable(incidents, zone)
    sources = incidents["source"][told].unique()
    empty = periods.empty
    return Timing(
        weights=aoristic_weights(incidents, zone),
        covered_hours=covered_hours_of_week(periods[periods["source"].isin(sources)], zone),
        timed=int(told.sum()),
        untimed=int((~told).sum()),
        starts_at=None if empty else periods["starts_at"].min(),
        ends_at=None if empty else periods["ends_at"].max(),
        shifts=shift_rates(incidents, periods, settings.shifts, zone),
        months=month_rates(incidents, periods, zone),
        weeks=term_rates(incidents, periods, zone, settings.terms),
        has_terms=bool(settings.terms),
    )
