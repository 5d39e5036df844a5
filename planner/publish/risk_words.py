"""A forecast in words: how many to expect, how far that can be off, what it rests on.

A count is of whole incidents, so an interval is said as what happens in four shifts of five, and in
nineteen of twenty: 'none', 'at most 1', '2 to 5'.
"""

from dataclasses import dataclass

import numpy as np

from planner.allocate.forecasting import SHIFT, Forecast
from planner.allocate.plan import RiskNote, SourceStanding, ZoneRisk
from planner.publish.style import in_map

# A forecast for a zone with fewer records of its own rests mostly on what surrounds it.
FEW_RECORDS = 5
DECIMALS = 6


@dataclass(frozen=True)
class Wording:
    """What a forecast counts, and over what span.

    Attributes
    ----------
    what
        Such as ``"incidents"`` or ``"harm of theft"``.
    span
        ``"shift"`` or ``"week"``.
    whole
        Whether only whole numbers occur.
    """

    what: str = "incidents"
    span: str = SHIFT
    whole: bool = True

    @property
    def expected(self) -> str:
        """Say what is expected: ``incidents expected this shift``."""
        when = "this shift" if self.span == SHIFT else f"in the {self.span}"
        return f"{self.what} expected {when}"


def wording_of(forecast: Forecast) -> Wording:
    """Return how a forecast is said."""
    unit = "harm" if forecast.harm else "incidents"
    of = f" of {forecast.category}" if forecast.category else ""
    return Wording(f"{unit}{of}", forecast.span, not forecast.harm)


def number(value: float) -> str:
    """Write a small expectation with two figures: ``0.0031``, ``0.14``, ``3.3``."""
    if value == 0:
        return "0"
    if abs(value) >= 10:
        return f"{value:,.0f}"
    places = max(0, 1 - int(np.floor(np.log10(abs(value)))))
    return f"{value:.{min(places, DECIMALS)}f}"


def figure(value: float, wording: Wording) -> str:
    """Write a number that can occur: whole where only whole ones do."""
    return f"{value:,.0f}" if wording.whole else number(value)


def span_words(low: float, high: float, wording: Wording) -> str:
    """Say between which numbers: ``none``, ``at most 1``, ``2 to 5``."""
    if high <= 0:
        return "none"
    first, last = figure(low, wording), figure(high, wording)
    if low <= 0:
        return f"at most {last}"
    return first if first == last else f"{first} to {last}"


def interval_words(note: ZoneRisk | RiskNote, wording: Wording) -> str:
    """Say both predictive intervals: ``4 shifts in 5: none; 19 in 20: at most 1``."""
    usual = span_words(note.low, note.high, wording)
    wide = span_words(note.low_95, note.high_95, wording)
    if usual == wide:
        return f"19 {wording.span}s in 20: {wide}"
    return f"4 {wording.span}s in 5: {usual}; 19 in 20: {wide}"


def rests_words(zone: ZoneRisk) -> str:
    """Say how many records the forecast of a zone rests on, and where they are few."""
    if zone.recorded >= FEW_RECORDS:
        return f"{zone.recorded:,} recorded here in all"
    if not zone.recorded:
        return "Rests on little: nothing recorded here yet"
    plural = "" if zone.recorded == 1 else "s"
    return f"Rests on little: {zone.recorded} record{plural} here in all"


def made_of_words(zone: ZoneRisk) -> str:
    """Say what an expectation comes from, as a sentence's beginning."""
    return zone.made_of[:1].upper() + zone.made_of[1:]


def zone_tip(zone: ZoneRisk, rank: int, count: int, wording: Wording) -> str:
    """Say in a map what is expected of a zone.

    Parameters
    ----------
    rank
        Of its expectation, 1 for the highest.
    count
        How many zones there are.
    """
    lines = [
        f"<b>{in_map(zone.name)}</b>",
        f"Risk {rank} of {count}: {number(zone.expected)} {in_map(wording.expected)}",
        interval_words(zone, wording),
        in_map(made_of_words(zone)),
        rests_words(zone),
        "" if zone.in_routes else "Too far from a street for routes",
    ]
    return "<br>".join(line for line in lines if line)


def standing_line(standing: SourceStanding) -> str:
    """Say shortly whether a source's incidents are modelled, and how sure that is better."""
    source = standing.source[:1].upper() + standing.source[1:]
    if not standing.by_model:
        return f"{source}: counted, not modelled"
    return f"{source}: modelled; better than counting: {standing.standing}"
