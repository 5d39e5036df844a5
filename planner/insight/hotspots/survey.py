"""The survey: hotspots, zones, near repeats and streets of an estate, and what to know of them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import shapely

from planner.errors import NoIncidents
from planner.estate.model import Estate
from planner.insight.exposure import covered_days
from planner.insight.hotspots.alerts import AlertArea, alert_areas
from planner.insight.hotspots.clusters import distinct_places
from planner.insight.hotspots.finding import find_hotspots
from planner.insight.hotspots.near_repeats import (
    DAYS,
    FEWEST_DATED,
    NearRepeats,
    dated_incidents,
    knox_test,
)
from planner.insight.hotspots.periods import HotspotPeriods, latest_periods
from planner.insight.hotspots.result import Hotspot
from planner.insight.hotspots.street_density import BANDWIDTH_M, StreetDensity, street_density
from planner.insight.hotspots.zone_scores import zone_table

FEW_INCIDENTS = 20
FEW_DAYS = 28.0


@dataclass(frozen=True)
class Survey:
    """What hotspots there are, by every method.

    Attributes
    ----------
    spans
        The latest period and those it is compared with, UTC.
    incidents
        How many incidents of the latest period are counted.
    hotspots
        By rank.
    zones
        Every zone, as :func:`planner.insight.hotspots.zone_scores.zone_table` has it.
    repeats
        The near-repeat test over the whole history; None where under two days are known.
    alerts
        The alert areas in force at the end of the records.
    streets
        The density of the latest period along the streets; None without streets.
    warnings
        What its reader must know, in words.
    """

    spans: HotspotPeriods
    incidents: int
    hotspots: tuple[Hotspot, ...]
    zones: pd.DataFrame
    repeats: NearRepeats | None
    alerts: tuple[AlertArea, ...]
    streets: StreetDensity | None
    warnings: tuple[str, ...]


def survey(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    estate: Estate,
    now: datetime,
    seed: int,
    bandwidth_m: float = BANDWIDTH_M,
) -> Survey:
    """Survey an estate.

    Parameters
    ----------
    incidents
        Those on the estate that may be shown by place, as
        :attr:`planner.picture.Picture.on_estate` has them.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the records cover.
    estate
        The estate.
    now
        End of the records, in the estate's time zone.
    seed
        For the permutations of the near-repeat test.
    bandwidth_m
        How far an incident reaches along the streets.

    Raises
    ------
    NoIncidents
        If the records cover no time.
    """
    if periods.empty:
        raise NoIncidents("No incidents are imported yet; give a file of them to 'planner import'.")
    zone_name = str(now.tzinfo)
    located = incidents[np.isfinite(incidents[["x", "y"]].to_numpy(float)).all(axis=1)]
    spans = latest_periods(periods)
    moment = located["occurred_to"]
    latest = located[(moment > spans.starts_at) & (moment <= spans.ends_at)]
    dated = dated_incidents(located, zone_name)
    repeats = knox_test(dated, seed) if len(dated.days) >= FEWEST_DATED else None
    points = latest[["x", "y"]].to_numpy(float)
    return Survey(
        spans=spans,
        incidents=len(latest),
        hotspots=tuple(find_hotspots(located, periods, estate, zone_name)),
        zones=zone_table(latest, estate),
        repeats=repeats,
        alerts=() if repeats is None else alert_areas(repeats, now, zone_name),
        streets=None
        if estate.streets is None
        else street_density(points, estate.streets, bandwidth_m),
        warnings=_warnings(located, latest, periods, estate, repeats),
    )


def _warnings(
    located: pd.DataFrame,
    latest: pd.DataFrame,
    periods: pd.DataFrame,
    estate: Estate,
    repeats: NearRepeats | None,
) -> tuple[str, ...]:
    found = [
        _few(latest),
        _one_place(located),
        _short(periods),
        _bare_zones(estate),
        _times(located, repeats),
        _snap_points(located),
    ]
    return tuple(text for text in found if text)


def _few(latest: pd.DataFrame) -> str:
    if len(latest) >= FEW_INCIDENTS:
        return ""
    number = f"{len(latest)} incident{'' if len(latest) == 1 else 's'}"
    return f"The latest period has only {number}: hardly anything can be told from chance."


def _one_place(located: pd.DataFrame) -> str:
    places, _ = distinct_places(located[["x", "y"]].to_numpy(float))
    if len(located) < 2 or len(places) > 1:
        return ""
    return (
        "All incidents lie at one place: this is as likely a default address of the records as a "
        "hotspot."
    )


def _short(periods: pd.DataFrame) -> str:
    days = covered_days(periods)
    if days >= FEW_DAYS:
        return ""
    number = f"{days:.0f} day{'' if round(days) == 1 else 's'}"
    return f"The records cover only {number}: no change can be told, and little else."


def _bare_zones(estate: Estate) -> str:
    bare = int((shapely.area(estate.catchments) <= 0).sum())
    if not bare:
        return ""
    return f"{bare:,} zones have no ground of their own: nothing is expected there by chance."


def _times(located: pd.DataFrame, repeats: NearRepeats | None) -> str:
    if located.empty:
        return ""
    if repeats is None:
        return "Hardly any incident has a known day, so near repeats can't be tested."
    dated, last = repeats.dated, DAYS[-1][1]
    parts = []
    if dated.undated:
        parts.append(f"Near repeats leave out {dated.undated:,} incidents whose day is not known.")
    if dated.older:
        parts.append(
            f"Near repeats leave out the {dated.older:,} oldest incidents: too many pairs lie "
            f"within {last} days and {repeats.distances_m[-1]:.0f} m to hold in memory."
        )
    if (repeats.expected.sum() == 0) and not repeats.observed.any():
        parts.append("No two incidents lie near one another in space and time.")
    return " ".join(parts)


def _snap_points(located: pd.DataFrame) -> str:
    share = float(located["anonymised"].astype(bool).mean()) if len(located) else 0.0
    if share == 0:
        return ""
    return (
        f"{share:.0%} of the incidents are police snap points ('on or near'): a hotspot of theirs "
        "is some streets, not an address."
    )
