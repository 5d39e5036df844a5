"""Which class each zone is drawn in: by what is expected, by its upper end, by how unsure it is."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from planner.allocate.plan import RiskNote
from planner.publish import style
from planner.publish.risk_words import FEW_RECORDS, Wording, figure, number

TOP = len(style.RISK_COLOURS) - 1
# From how many records of a zone on each class begins, the most uncertain last.
RECORDS = (500, 100, 20, FEW_RECORDS, 0)


class Show(StrEnum):
    """What a risk map shows."""

    EXPECTED = "Expected"
    UPPER = "Upper end"
    UNSURE = "What is uncertain"


@dataclass(frozen=True)
class RiskClass:
    """A class that holds zones: its level (4 is the top, hatched), its range, how many zones."""

    level: int
    words: str
    zones: int


@dataclass(frozen=True)
class RiskView:
    """Zones in classes.

    Attributes
    ----------
    title
        What the classes are of, with the unit.
    levels
        Class of each zone, 0 to 4, shape (z,).
    classes
        Those that hold any, from the top.
    """

    title: str
    levels: np.ndarray
    classes: tuple[RiskClass, ...]


def risk_view(risk: RiskNote, wording: Wording, show: Show = Show.EXPECTED) -> RiskView:
    """Sort zones into five classes.

    Parameters
    ----------
    show
        What is expected; the upper end of the 95 % predictive interval; or on how few records of
        its own a zone's forecast rests, the fewest in the top class.
    """
    if show is Show.UNSURE:
        return _by_records(risk, wording)
    if show is Show.UPPER:
        values = np.array([zone.high_95 for zone in risk.zones])
        return _by_numbers(values, f"Most {wording.what} in 19 {wording.span}s of 20", wording)
    values = np.array([zone.expected for zone in risk.zones])
    return _by_quantiles(values, f"Risk by zone: {wording.expected}")


def _by_quantiles(values: np.ndarray, title: str) -> RiskView:
    if not len(values):
        return RiskView(title, np.zeros(0, dtype=int), ())
    levels, limits = style.risk_classes(values)
    lower = [float(values.min()), *(float(limit) for limit in limits[:-1])]
    words = [
        _range(number(first), number(float(last)))
        for first, last in zip(lower, limits, strict=True)
    ]
    return RiskView(title, levels, _used(levels, words))


def _by_numbers(values: np.ndarray, title: str, wording: Wording) -> RiskView:
    """Sort numbers that can occur: of these there are few, and the highest are in the top class."""
    if not len(values):
        return RiskView(title, np.zeros(0, dtype=int), ())
    distinct, groups = np.unique(values, return_inverse=True)
    if len(distinct) > TOP + 1:
        distinct, groups = np.unique(style.risk_classes(values)[0], return_inverse=True)
    # Spread over all classes: the lowest is pale, the highest hatched; one alone is not high.
    spread = np.round(np.linspace(0, TOP, len(distinct))).astype(int)
    levels = spread[groups.ravel()]
    words = [
        _range(_figure(values[levels == level].min(), wording),
               _figure(values[levels == level].max(), wording))
        if (levels == level).any() else ""
        for level in range(TOP + 1)
    ]  # fmt: skip
    return RiskView(title, levels, _used(levels, words))


def _figure(value: float, wording: Wording) -> str:
    return "none" if value <= 0 else figure(float(value), wording)


def _used(levels: np.ndarray, words: list[str]) -> tuple[RiskClass, ...]:
    """Return the classes that hold any zone, from the top."""
    counts = np.bincount(levels, minlength=TOP + 1)
    return tuple(
        RiskClass(level, words[level], int(counts[level]))
        for level in range(TOP, -1, -1)
        if counts[level]
    )


def _range(low: str, high: str) -> str:
    return high if low == high else f"{low} to {high}"


def _by_records(risk: RiskNote, wording: Wording) -> RiskView:
    recorded = np.array([zone.recorded for zone in risk.zones], dtype=int)
    levels = TOP - np.searchsorted(RECORDS[-2::-1], recorded, side="right")
    classes = _used(levels, [_records_words(level) for level in range(TOP + 1)])
    of = wording.what.removeprefix("harm").removeprefix("incidents")
    return RiskView(f"Records of the zone itself that the forecast rests on{of}", levels, classes)


def _records_words(level: int) -> str:
    if level == TOP:
        return f"fewer than {FEW_RECORDS}: rests on little"
    if level == 0:
        return f"{RECORDS[0]:,} or more"
    return f"{RECORDS[level]:,} to {RECORDS[level - 1] - 1:,}"


def risk_ranks(risk: RiskNote) -> np.ndarray:
    """Return each zone's rank by what is expected, 1 for the highest, shape (z,)."""
    expected = np.array([zone.expected for zone in risk.zones])
    ranks: np.ndarray = np.argsort(np.argsort(-expected, kind="stable"), kind="stable") + 1
    return ranks
