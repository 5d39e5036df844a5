"""The forecast of a shift: how much to expect of each zone in each quarter of an hour.

What the sources' records say of a day (:mod:`planner.insight.risk.learning`) falls on the hours of
the week as :mod:`planner.insight.risk.profiles` has it. Sources add up: their means, and the
variances of their counts. A shift is a part of a window, and its counts scatter about their mean
as the window's do; the uncertainty of the hours is not in the interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.clock import Shift
from planner.errors import NoIncidents
from planner.insight.exposure import covered_days
from planner.insight.risk.events import MONTH
from planner.insight.risk.learning import Ground, Learnt, learnt_from
from planner.insight.risk.model import Parts, Risk
from planner.insight.risk.parts import NAMES
from planner.insight.risk.profiles import (
    Profile,
    classes_of_hours,
    fitted_profile,
)
from planner.insight.timing.aoristic import zone_hour_weights
from planner.insight.timing.profile import quarter_hours
from planner.settings import ShiftHours

HARM_PSEUDO_COUNT = 20.0


@dataclass(frozen=True)
class Expectation:
    """All that a forecast of any shift needs, learnt once from the records.

    Attributes
    ----------
    zones
        Identifiers, shape (z,).
    sources
        What each source's records say.
    profile
        When in the week.
    covered_days
        Days that the records of any source cover.
    harm
        Mean harm of an incident, and of its square, by zone, shape (z,) each; ones for counts.
    """

    zones: np.ndarray
    sources: tuple[Learnt, ...]
    profile: Profile
    covered_days: float
    harm: tuple[np.ndarray, np.ndarray]


def expectation(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    ground: Ground,
    shifts: Mapping[str, ShiftHours],
    time_zone: str,
    category: str | None = None,
    *,
    harm: bool = False,
) -> Expectation:
    """Learn what to expect from the records.

    Parameters
    ----------
    incidents
        Those on the estate: ``source``, ``zone``, ``occurred_from``, ``occurred_to``,
        ``reported_at``, ``time_known``; ``category`` where one is wanted, ``harm`` where harm is;
        and ``weight`` where some count for less.
    periods
        ``source``, ``starts_at``, ``ends_at`` and, where not all cover the whole estate,
        ``area``: what the records cover.
    ground
        The zones.
    shifts
        The service's shifts, by which the hours of zones may differ.
    time_zone
        The estate's time zone.
    category
        Forecast incidents of this category; all if None.
    harm
        Whether harm is to be forecast, and not the number of incidents.

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
        raise NoIncidents(_nothing(category))
    sources = tuple(
        learnt_from(rows, periods[periods["source"] == source], ground, wanted[at], time_zone)
        for (source, _), at, rows in streams(inside)
        if wanted[at].any()
    )
    chosen = inside[wanted]
    weights = zone_hour_weights(chosen, ground.zones, time_zone)
    return Expectation(
        zones=ground.zones,
        sources=sources,
        profile=fitted_profile(weights, classes_of_hours(shifts)),
        covered_days=covered_days(periods),
        harm=_harm(chosen, ground) if harm else (np.ones(len(ground.zones)),) * 2,
    )


def _nothing(category: str | None) -> str:
    if category is None:
        return (
            "No imported incident lies on the estate, so nothing can be forecast; import a file "
            "that covers it with 'planner import'."
        )
    return (
        f"No incident of the category '{category}' lies on the estate, so it can't be forecast; "
        "choose another category, or all."
    )


def streams(
    incidents: pd.DataFrame,
) -> list[tuple[tuple[str, bool], np.ndarray, pd.DataFrame]]:
    """Part the records by source and by whether they state the month only.

    Returns
    -------
    list
        Source and whether by month, row numbers among the incidents, and those rows.
    """
    by_month = (incidents["time_known"] == MONTH).rename("by_month")
    grouped = incidents.groupby([incidents["source"], by_month], sort=True)
    return [
        ((str(source), bool(month)), at, incidents.iloc[at])
        for (source, month), at in sorted(grouped.indices.items())
    ]


def mean_harm(incidents: pd.DataFrame, ground: Ground) -> np.ndarray:
    """Return the mean harm of an incident in each zone, shrunk to the estate's, shape (z,).

    Parameters
    ----------
    incidents
        Those on the estate: ``zone``, ``harm``.
    ground
        The zones.
    """
    return _harm(incidents, ground)[0]


def _harm(incidents: pd.DataFrame, ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean harm of an incident and its mean square, shrunk to the estate's."""
    zone, harm = ground.rows(incidents["zone"]), incidents["harm"].to_numpy(float)
    count = np.bincount(zone, minlength=len(ground.zones)) + HARM_PSEUDO_COUNT
    means = []
    for power in (1, 2):
        summed = np.bincount(zone, harm**power, minlength=len(ground.zones))
        means.append((summed + HARM_PSEUDO_COUNT * (harm**power).mean()) / count)
    return means[0], means[1]


def shift_risk(known: Expectation, shift: Shift) -> Risk:
    """Forecast a shift.

    Parameters
    ----------
    known
        What was learnt from the records.
    shift
        The shift; its hours are local.
    """
    hours, lengths = quarter_hours(shift)
    shares = known.profile.intensities(hours) * lengths / 86_400
    rates = np.array([learnt.rates * learnt.season for learnt in known.sources])
    daily = rates.sum(axis=0)
    harm, square = known.harm
    # A sum of so many incidents of differing harm scatters like incidents of one harm, the unit.
    unit = float(square.mean() / harm.mean()) if harm.mean() > 0 else 1.0
    return Risk(
        zones=known.zones,
        expected=(daily * harm)[:, None] * shares,
        daily=daily * harm,
        dispersion=_together(rates, [learnt.dispersion for learnt in known.sources]),
        total_dispersion=float(
            _together(
                rates.sum(axis=1, keepdims=True),
                [learnt.total_dispersion for learnt in known.sources],
            )[0]
        ),
        counts=np.sum([learnt.counts for learnt in known.sources], axis=0),
        covered_days=known.covered_days,
        timed=known.profile.timed,
        parts=_parts(known.sources, rates),
        standings=tuple(learnt.standing for learnt in known.sources),
        unit=unit,
    )


def _together(rates: np.ndarray, dispersions: list[float]) -> np.ndarray:
    """Return the dispersion of a sum of independent counts, shape (z,)."""
    excess = (np.array(dispersions)[:, None] * rates**2).sum(axis=0)
    total = rates.sum(axis=0)
    joined: np.ndarray = np.divide(
        excess, total**2, out=np.full(total.shape, max(dispersions)), where=total > 0
    )
    return joined


def _parts(sources: tuple[Learnt, ...], rates: np.ndarray) -> Parts:
    summed = sum(
        (rate[:, None] * learnt.parts for rate, learnt in zip(rates, sources, strict=True)),
        np.zeros_like(sources[0].parts),
    )
    whole = summed.sum(axis=1, keepdims=True)
    even = np.full(summed.shape, 1.0 / len(NAMES))
    return Parts(NAMES, np.divide(summed, whole, out=even, where=whole > 0))
