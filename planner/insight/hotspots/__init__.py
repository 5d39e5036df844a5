"""Hotspots: where incidents gather, whether that is more than chance, and how it changes."""

from planner.insight.hotspots.clusters import FEWEST_AT_ONE_PLACE, FEWEST_PLACES
from planner.insight.hotspots.finding import FEWEST_INCIDENTS, MOST_HOTSPOTS, find_hotspots
from planner.insight.hotspots.periods import HotspotPeriods, latest_periods
from planner.insight.hotspots.result import SIGNIFICANT_Q, Category, Hotspot

__all__ = [
    "FEWEST_AT_ONE_PLACE",
    "FEWEST_INCIDENTS",
    "FEWEST_PLACES",
    "MOST_HOTSPOTS",
    "SIGNIFICANT_Q",
    "Category",
    "Hotspot",
    "HotspotPeriods",
    "find_hotspots",
    "latest_periods",
]
