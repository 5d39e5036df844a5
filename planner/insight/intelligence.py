"""What graded entries of intelligence do to the risk: raised or lowered, within bounds, for a time.

The risk of each zone and quarter hour that an entry covers is multiplied by the entry's effective
factor; where several cover it, by their product, clipped to the settings' bounds. The effective
factor is the stated one to the power of the grade's weight (source times information: a factor
that is known directly counts in full, one whose ground is not known by half its logarithm), and at
most 1 where the source is graded not reliable or the information is suspected to be false. An
entry for some categories moves only their share of the zone's risk: the share recorded there,
drawn to the estate's as by 20 incidents of it.

The factor is a person's judgement and no estimate. It is scored when the entry is over
(:mod:`planner.insight.intelligence_outcomes`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
import shapely

from planner.clock import Shift, after
from planner.errors import IntelligenceError
from planner.estate.model import Estate
from planner.estate.names import UnknownName, find_shape
from planner.geo import to_metric
from planner.incidents.handling import read_grade
from planner.incidents.intelligence import Entry, Where
from planner.insight.risk.model import Risk
from planner.insight.timing.profile import BIN_S
from planner.settings import IntelligenceBounds

DAY_MINUTES = 1_440
BIN_MINUTES = BIN_S // 60
SHARE_PSEUDO_COUNT = 20.0
# A zone belongs to an area that holds this much of it, or of which it holds this much.
LEAST_SHARE = 0.1
SAMPLES_ACROSS = 24


@dataclass(frozen=True)
class Effect:
    """What one entry does in one shift.

    Attributes
    ----------
    entry
        The entry.
    factor
        Its effective factor, before shares of categories and the bounds of the product.
    zones
        Which zones it covers, booleans of shape (z,).
    bins
        Which quarter hours of the shift it covers, booleans of shape (bins,).
    """

    entry: Entry
    factor: float
    zones: np.ndarray
    bins: np.ndarray

    @property
    def moves(self) -> bool:
        """Whether it changes any risk of the shift."""
        return self.factor != 1.0 and bool(self.zones.any() and self.bins.any())


@dataclass(frozen=True)
class Effects:
    """What all entries do in one shift.

    Attributes
    ----------
    each
        One for each entry that covers some zone in some quarter hour, in the order in which
        they begin.
    factors
        By how much the risk over the shift was multiplied in each zone, shape (z,).
    gone
        Entries whose place the estate does not have any more; they have no effect.
    """

    each: tuple[Effect, ...]
    factors: np.ndarray
    gone: tuple[Entry, ...] = ()

    def of_zone(self, row: int) -> list[Effect]:
        """Return those that change the risk of a zone."""
        return [effect for effect in self.each if effect.moves and effect.zones[row]]


def effective_factor(entry: Entry, bounds: IntelligenceBounds) -> float:
    """Return what counts of an entry's stated factor.

    The exponent is the product of the weights of source and information. An entry of a source
    graded not reliable, or of information suspected to be false, never raises risk.
    """
    grade = read_grade(entry.grade)
    stated = float(np.clip(entry.factor, bounds.least_factor, bounds.greatest_factor))
    weighed = stated ** (bounds.weights[grade.source] * bounds.weights[grade.information])
    return min(1.0, float(weighed)) if grade.never_raises_because else float(weighed)


def apply_intelligence(
    risk: Risk,
    entries: Sequence[Entry],
    estate: Estate,
    shift: Shift,
    bounds: IntelligenceBounds,
    incidents: pd.DataFrame,
) -> tuple[Risk, Effects]:
    """Raise or lower a risk by entries.

    Parameters
    ----------
    risk
        The forecast of the shift without them.
    entries
        Those that the reader may see; only active ones have an effect.
    estate
        Whose zones the risk is of.
    shift
        The shift of the risk.
    bounds
        The settings'.
    incidents
        Those that may be shown by place: ``zone``, ``category``; for entries that are about some
        categories only.

    Returns
    -------
    Risk, Effects
        The risk with them, and what each does. ``daily``, the risk of a mean day, is multiplied
        by the mean factor of the 24 hours from the shift's beginning.
    """
    active = [entry for entry in entries if entry.status == "active"]
    ordered = sorted(active, key=lambda entry: (entry.starts_at.timestamp(), entry.id))
    found = [(entry, _zones_now(entry.where, estate)) for entry in ordered]
    there = [(entry, zones) for entry, zones in found if zones is not None]
    starts = bin_starts(shift)
    day = bin_starts(Shift(shift.name, shift.starts_at, after(shift.starts_at, 86_400)))
    product, daily = np.ones(risk.expected.shape), np.ones((len(risk.zones), len(day)))
    effects = []
    for entry, zones in there:
        factor = effective_factor(entry, bounds)
        bins = covered_bins(entry, starts)
        moved = 1 + category_shares(entry.categories, incidents, risk.zones) * (factor - 1)
        product[np.ix_(zones, bins)] *= moved[zones, None]
        daily[np.ix_(zones, covered_bins(entry, day))] *= moved[zones, None]
        effects.append(Effect(entry, factor, zones, bins))
    clipped = _clipped(product, bounds)
    changed, factors = _multiplied(risk, clipped, _clipped(daily, bounds).mean(axis=1))
    in_force = tuple(effect for effect in effects if effect.bins.any() and effect.zones.any())
    gone = tuple(entry for entry, zones in found if zones is None)
    return changed, Effects(in_force, factors, gone)


def _clipped(product: np.ndarray, bounds: IntelligenceBounds) -> np.ndarray:
    clipped: np.ndarray = np.clip(product, bounds.least_factor, bounds.greatest_factor)
    return clipped


def _multiplied(risk: Risk, product: np.ndarray, daily: np.ndarray) -> tuple[Risk, np.ndarray]:
    """Multiply a risk; the one place that knows which of its parts follow the expectation."""
    expected = risk.expected * product
    before = risk.expected.sum(axis=1)
    factors = np.divide(expected.sum(axis=1), before, out=product.mean(axis=1), where=before > 0)
    return replace(risk, expected=expected, daily=risk.daily * daily), factors


def bin_starts(shift: Shift) -> pd.DatetimeIndex:
    """Return the local moments at which a shift's quarter hours begin."""
    first = pd.Timestamp(shift.starts_at)
    seconds = np.arange(0.0, shift.seconds, BIN_S)
    return first + pd.to_timedelta(seconds, unit="s")


def covered_bins(entry: Entry, starts: pd.DatetimeIndex) -> np.ndarray:
    """Mark the quarter hours that an entry covers, if only in part.

    Parameters
    ----------
    entry
        Its period, and its hours of day by the clock of ``starts``.
    starts
        Local moments, shape (bins,).

    Returns
    -------
    numpy.ndarray
        Booleans, shape (bins,).
    """
    ends = starts + pd.Timedelta(seconds=BIN_S)
    inside = np.asarray((starts < _instant(entry.ends_at)) & (ends > _instant(entry.starts_at)))
    if entry.hours is None:
        return inside
    first, last = (at.hour * 60 + at.minute for at in entry.hours)
    length = (last - first) % DAY_MINUTES
    minute = np.asarray(starts.hour * 60 + starts.minute)
    begun = (minute - first) % DAY_MINUTES < length
    begins = (first - minute) % DAY_MINUTES < BIN_MINUTES
    covered: np.ndarray = inside & (begun | begins)
    return covered


def _instant(moment: datetime) -> pd.Timestamp:
    return pd.Timestamp(moment).tz_convert("UTC")


def category_shares(
    categories: Sequence[str], incidents: pd.DataFrame, zones: np.ndarray
) -> np.ndarray:
    """Return the share of each zone's incidents that is of some categories, shape (z,).

    All ones where no category is named. The recorded share is drawn to the estate's.
    """
    if not categories:
        return np.ones(len(zones))
    wanted = incidents["category"].isin(list(categories))
    overall = float(wanted.mean()) if len(wanted) else 0.0
    counts = incidents["zone"].value_counts().reindex(zones, fill_value=0).to_numpy(float)
    those = incidents.loc[wanted, "zone"].value_counts().reindex(zones, fill_value=0)
    shares: np.ndarray = (those.to_numpy(float) + SHARE_PSEUDO_COUNT * overall) / (
        counts + SHARE_PSEUDO_COUNT
    )
    return shares


def _zones_now(where: Where, estate: Estate) -> np.ndarray | None:
    try:
        return zones_covered(where, estate)
    except IntelligenceError:
        return None


def zones_covered(where: Where, estate: Estate) -> np.ndarray:
    """Return which zones a place covers, booleans of shape (z,).

    A zone's own name or identifier means that zone; a site's name means its ground. Ground covers
    the zones of which it holds a tenth, and those that hold a tenth of it.

    Raises
    ------
    IntelligenceError
        If the estate has no place of that name, or the ground lies off the estate.
    """
    if where.zones:
        each = [_zones_called(name, estate) for name in where.zones]
        called: np.ndarray = np.any(each, axis=0)
        return called
    zones = _zones_on(_ground(where, estate.crs), estate)
    if not zones.any():
        raise IntelligenceError(
            "where: this ground lies off the estate; give longitude and latitude in WGS84 of a "
            "place on it."
        )
    return zones


def _zones_called(name: str, estate: Estate) -> np.ndarray:
    zones = estate.zones
    asked = name.strip().lower()
    texts = (zones[column].astype(str).str.lower() == asked for column in ("name", "zone"))
    same: np.ndarray = np.any([text.to_numpy() for text in texts], axis=0)
    if same.any():
        return same
    try:
        official, shape = find_shape(estate, name)
    except UnknownName as error:
        raise IntelligenceError(
            f"where.zones: no zone or site is called '{name[:60]}'{error.hint()}; give the name of "
            "one."
        ) from error
    found = _zones_on(shape, estate)
    if not found.any():
        raise IntelligenceError(f"where.zones: '{official}' lies in no zone of the estate.")
    return found


def _ground(where: Where, crs: str) -> shapely.Geometry:
    corners = where.polygon if where.polygon is not None else [where.point or (0.0, 0.0)]
    longitude, latitude = np.array(corners, dtype=float).T
    points = to_metric(longitude, latitude, crs)
    if not np.isfinite(points).all():
        return shapely.Polygon()
    if where.polygon is not None:
        return shapely.make_valid(shapely.Polygon(points))
    return shapely.buffer(shapely.Point(points[0]), where.radius_m or 0.0)


def _zones_on(ground: shapely.Geometry, estate: Estate) -> np.ndarray:
    cores = estate.zones.geometry.to_numpy()
    covered = np.zeros(len(cores), dtype=bool)
    if ground.is_empty:
        return covered
    measure = np.where(shapely.area(cores) > 0, shapely.area(cores), shapely.length(cores))
    near = np.flatnonzero(shapely.intersects(cores, ground))
    part = shapely.intersection(cores[near], ground)
    held = np.where(shapely.area(cores[near]) > 0, shapely.area(part), shapely.length(part))
    covered[near] = held >= LEAST_SHARE * measure[near]
    row = estate.zone_of(_samples(ground))
    counts = np.bincount(row[row >= 0], minlength=len(cores))
    covered |= (counts >= LEAST_SHARE * len(row)) & (counts > 0)
    if not covered.any() and counts.any():
        # Ground that is spread over very many zones, and fills none of them.
        covered[np.argmax(counts)] = True
    return covered


def _samples(ground: shapely.Geometry) -> np.ndarray:
    """Return points of a grid over a shape, and one that surely lies in it, shape (n, 2)."""
    west, south, east, north = ground.bounds
    step = (np.arange(SAMPLES_ACROSS) + 0.5) / SAMPLES_ACROSS
    x, y = np.meshgrid(west + step * (east - west), south + step * (north - south))
    points = np.column_stack([x.ravel(), y.ravel()])
    inside = points[shapely.contains_xy(ground, points[:, 0], points[:, 1])]
    surely: np.ndarray = shapely.get_coordinates(shapely.point_on_surface(ground))
    return inside if len(inside) else surely
