"""What the command line says of a forecast."""

from typing import Any

from planner.allocate.forecasting import Forecast
from planner.allocate.plan import ZoneRisk
from planner.publish.risk_words import (
    FEW_RECORDS,
    Wording,
    interval_words,
    number,
    rests_words,
    span_words,
    wording_of,
)
from planner.publish.style import clock, day_and_clock

MADE_OF_SHOWN = 5


def forecast_document(found: Forecast) -> dict[str, Any]:
    """Describe a forecast as data: numbers finite, zones by what is expected, highest first."""
    wording, risk = wording_of(found), found.risk
    return {
        "estate": found.estate.name,
        "illustrative": found.estate.illustrative,
        "records_to": found.as_of,
        "shift": found.shift.model_dump(),
        "category": found.category,
        "unit": "harm" if found.harm else "incidents",
        "expected": risk.expected,
        "low": risk.low,
        "high": risk.high,
        "low_95": risk.low_95,
        "high_95": risk.high_95,
        "interval": interval_words(risk, wording),
        "timed": risk.timed,
        "covered_days": risk.covered_days,
        "standings": [standing.model_dump() for standing in risk.standings],
        "zones": [_zone(zone, rank, wording) for rank, zone in _ranked(found)],
        "warnings": list(found.warnings),
    }


def _zone(zone: ZoneRisk, rank: int, wording: Wording) -> dict[str, Any]:
    return {
        "rank": rank,
        **zone.model_dump(),
        "interval": interval_words(zone, wording),
        "rests_on_little": zone.recorded < FEW_RECORDS,
    }


def _ranked(found: Forecast) -> list[tuple[int, ZoneRisk]]:
    ordered = sorted(found.risk.zones, key=lambda zone: -zone.expected)
    return list(enumerate(ordered, start=1))


def forecast_words(found: Forecast) -> list[str]:
    """Say in lines of text what is expected in all, and what the reader must know."""
    wording, shift = wording_of(found), found.shift
    day = f" ({shift.day})" if shift.day else ""
    return [
        f"{found.estate.name}: {shift.name} shift, {day_and_clock(shift.starts_at)} to "
        f"{clock(shift.ends_at)}{day}.",
        f"{number(found.risk.expected)} {wording.expected}; {interval_words(found.risk, wording)}.",
        *(f"Note: {text}" for text in found.warnings),
    ]


def forecast_rows(found: Forecast) -> list[tuple[str, ...]]:
    """List the zones as rows of text: rank, name, expected, both intervals, recorded."""
    wording = wording_of(found)
    return [
        (
            str(rank),
            zone.name,
            number(zone.expected),
            span_words(zone.low, zone.high, wording),
            span_words(zone.low_95, zone.high_95, wording),
            f"{zone.recorded:,}{' (few)' * (zone.recorded < FEW_RECORDS)}",
        )
        for rank, zone in _ranked(found)
    ]


def made_of_lines(found: Forecast) -> list[str]:
    """Say of the busiest zones what their expectation comes from."""
    return [
        f"  {zone.name}: {zone.made_of}. {rests_words(zone)}."
        for _, zone in _ranked(found)[:MADE_OF_SHOWN]
    ]


def standing_lines(found: Forecast) -> list[str]:
    """Say of each source how its forecast has stood up, where no warning has said it."""
    return [
        standing.words for standing in found.risk.standings if standing.words not in found.warnings
    ]
