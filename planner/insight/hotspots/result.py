"""A hotspot as all who show it see it: where, how many, more than chance or not, and the change."""

from dataclasses import dataclass
from typing import Literal

import shapely

SIGNIFICANT_Q = 0.05
Trend = Literal["emerging", "persistent", "receding", "no change shown"]


@dataclass(frozen=True)
class Category:
    """A category, and how many incidents of the latest period it has."""

    name: str
    count: int


@dataclass(frozen=True)
class Hotspot:
    """A place where incidents gather.

    Attributes
    ----------
    rank
        1 holds the most incidents; a rank is an order, ``q`` tells the chance.
    name
        What people would call it: ``"Broad Street, Balliol to Trinity"``.
    geometry
        Polygon in metres.
    count
        Incidents in the latest period.
    expected
        What its share of the estate's area would hold, were risk the same everywhere.
    p
        Exact probability of what was tested there (:mod:`planner.insight.hotspots.chance`); above
        0, at most 1.
    q
        The same after the false discovery rate of all that was tested; at least ``p``.
    before
        Incidents in the period before it, scaled to the same covered time; None where the
        records hardly cover that period.
    compared
        The part of ``count`` that ``before`` can be compared with: from sources (police, control
        room) that cover both periods.
    trend
        What the earlier periods show (:mod:`planner.insight.hotspots.trend`).
    trend_q
        Of the change on all earlier periods; None where there is nothing to compare with.
    categories
        Up to three, the most frequent of the latest period first.
    peak_hours
        Local hours of the week, ``"Fri and Sat, 22:00 to 02:00"``; ``""`` where too few times are
        known or no hours stand out.
    """

    rank: int
    name: str
    geometry: shapely.Geometry
    count: int
    expected: float
    p: float
    q: float
    before: float | None
    compared: int
    trend: Trend
    trend_q: float | None
    categories: tuple[Category, ...]
    peak_hours: str

    @property
    def change(self) -> float | None:
        """Relative change on the period before; None where it can't be told."""
        return self.compared / self.before - 1 if self.before else None

    @property
    def more_than_chance(self) -> bool:
        """Whether the false discovery rate is under 5 %."""
        return self.q < SIGNIFICANT_Q

    @property
    def top_category(self) -> str:
        """The most frequent category of the latest period, ``""`` where none is stated."""
        return self.categories[0].name if self.categories else ""
