"""The recorded incidents in a camera's view: how many, of what, and at which hours.

What has an exact place is in view if the place is; what was recorded inside a building is seen at
its doors or along its walls, and counts by the share of those in view. Police records have no
place of their own: each counts by the share of its zone's usual places that is in view. In view
is what the camera shows by day in the wanted grade of detail, turning or not.

Numbers under 5 are held back, as few incidents may point to the persons in them; totals are then
rounded to 5, so that what is held back can't be found by subtraction.
"""

import numpy as np
import pandas as pd

from planner.allocate.cameras.roles import Options
from planner.allocate.cameras.study import Study
from planner.allocate.cameras.views import Targets, look_around, shares_seen, sights
from planner.allocate.comparison.case_parts import CategoryInView, RecordsInView
from planner.allocate.demand import SAME_PLACE_M, seen_outdoors, zone_shares
from planner.insight.timing.aoristic import spread_over_hours

SMALLEST = 5
HOURS_A_DAY = 24


def shares_in_view(
    study: Study, options: Options, grade: str, incidents: pd.DataFrame
) -> np.ndarray:
    """Return how much of each incident counts as in view of one camera, from 0 to 1, shape (n,).

    Parameters
    ----------
    options
        The camera, as the one row.
    grade
        From which grade of detail on something is seen.
    incidents
        Of the picture: ``x``, ``y``, ``zone``, ``anonymised``; n rows.
    """
    blurred = incidents["anonymised"].to_numpy(dtype=bool)
    shares = np.zeros(len(incidents))
    shares[blurred] = _by_zone(study, options, incidents["zone"][blurred])
    shares[~blurred] = _by_place(study, options, grade, incidents[~blurred])
    return shares


def _by_zone(study: Study, options: Options, zones: pd.Series) -> np.ndarray:
    """Return the share of each incident's zone that is in view by day."""
    every = study.risk.zones
    day = options.seen[[0]].toarray().ravel()[: len(study.demand.points)] > 0
    share = pd.Series(zone_shares(study.demand, day.astype(float), len(every)), index=every)
    found: np.ndarray = share.reindex(zones).fillna(0.0).to_numpy(float)
    return found


def _by_place(study: Study, options: Options, grade: str, incidents: pd.DataFrame) -> np.ndarray:
    if incidents.empty:
        return np.zeros(0)
    at = np.round(incidents[["x", "y"]].to_numpy(float) / SAME_PLACE_M) * SAME_PLACE_M
    distinct, of_incident = np.unique(at, axis=0, return_inverse=True)
    outdoors = seen_outdoors(distinct, study.picture.estate, study.settings.spacing_m)
    seen = points_in_view(study, options, grade, outdoors.points)
    part = np.bincount(outdoors.place, outdoors.shares * seen, minlength=len(distinct))
    found: np.ndarray = np.minimum(part, 1.0)[of_incident.ravel()]
    return found


def points_in_view(study: Study, options: Options, grade: str, points: np.ndarray) -> np.ndarray:
    """Tell which points one camera shows by day in a grade of detail, booleans of shape (p,)."""
    views = options.views
    unlit = np.zeros(len(points), dtype=bool)
    looked_at = Targets(points, unlit, study.targets(grade).pixels)
    found = sights(views, look_around(views, study.walls), points)
    day, _ = shares_seen(views, found, looked_at)
    seen: np.ndarray = day.toarray()[0] > 0
    return seen


def category_counts(categories: pd.Series, shares: np.ndarray) -> pd.Series:
    """Return how many incidents of each category are in view, the most frequent first."""
    counts = pd.Series(shares, index=categories.to_numpy(object)).groupby(level=0).sum()
    counts = counts[counts > 0]
    return counts.sort_index().sort_values(ascending=False, kind="stable")


def records_in_view(study: Study, options: Options, grade: str) -> RecordsInView:
    """Count the recorded incidents in a camera's view, small numbers held back.

    Sensitive categories, and what people decided to leave out, are not among them.

    Parameters
    ----------
    options
        The camera, as the one row.
    grade
        From which grade of detail on something is seen.
    """
    picture = study.picture
    incidents = picture.on_estate
    shares = shares_in_view(study, options, grade, incidents)
    counts = category_counts(incidents["category"], shares)
    total = round(float(counts.sum()))
    rounded = bool((counts.round() < SMALLEST).any())
    first, last = _days(picture.periods, picture.settings.time_zone)
    blurred = incidents["anonymised"].to_numpy(dtype=bool)
    hours, timed = _hours(incidents, shares, picture.settings.time_zone)
    told = total >= SMALLEST
    return RecordsInView(
        first_day=first,
        last_day=last,
        total=(_to_five(total) if rounded else total) if told else None,
        rounded=rounded and told,
        categories=_shown(counts) if told else (),
        by_zone_share=_to_five(float(shares[blurred].sum())),
        timed=_to_five(timed),
        hours=hours if told else (),
    )


def held_back(count: float) -> int | None:
    """Return a number to the next whole one, or None where it is under 5."""
    whole = round(count)
    return whole if whole >= SMALLEST else None


def _shown(counts: pd.Series) -> tuple[CategoryInView, ...]:
    """List categories, those with a number first; the others by name, so that no order tells."""
    parts = [CategoryInView(name=str(name), count=held_back(n)) for name, n in counts.items()]
    few = sorted((part for part in parts if part.count is None), key=lambda part: part.name)
    return (*(part for part in parts if part.count is not None), *few)


def _to_five(count: float) -> int:
    return SMALLEST * round(count / SMALLEST)


def _hours(
    incidents: pd.DataFrame, shares: np.ndarray, time_zone: str
) -> tuple[tuple[float, ...], float]:
    """Return the share of each hour of the day, and how many incidents state a usable time."""
    seen = shares > 0
    row, hour, weight = spread_over_hours(incidents[seen], time_zone)
    by_hour = np.bincount(
        hour % HOURS_A_DAY, weight * shares[seen][row], minlength=HOURS_A_DAY
    )  # fmt: skip
    timed = float(by_hour.sum())
    if round(timed) < SMALLEST:
        return (), 0.0
    return tuple(np.round(by_hour / timed, 2).tolist()), timed


def _days(periods: pd.DataFrame, time_zone: str) -> tuple[str, str]:
    """Return the first and the last local day that records cover, ISO."""
    if periods.empty:
        return "", ""
    first = periods["starts_at"].min().tz_convert(time_zone)
    last = (periods["ends_at"].max() - pd.Timedelta(microseconds=1)).tz_convert(time_zone)
    return first.date().isoformat(), max(first, last).date().isoformat()
