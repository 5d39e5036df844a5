"""What the command line says of a comparison of scenarios."""

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from planner.allocate.comparison.held_out import HoldOut
from planner.allocate.comparison.results import Comparison, ScenarioResult
from planner.clock import local_moment
from planner.errors import SettingsError
from planner.publish.comparison_tables import (
    NONE,
    frontier_table,
    money,
    prices_words,
    survival_words,
)
from planner.publish.style import day_and_clock, per_cent, shift_words

HEADS = (
    "scenario", "risk", "harm", "patrols", "cameras", "cost a year", "worst-off site", "gaps",
)  # fmt: skip


def comparison_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """List the scenarios, a row for each."""
    return [_row(result, comparison.currency) for result in comparison.scenarios]


def _row(result: ScenarioResult, currency: str) -> tuple[str, ...]:
    patrols = result.patrols
    return (
        result.name,
        per_cent(result.covered),
        per_cent(result.harm_covered),
        NONE if patrols is None else per_cent(patrols.covered),
        per_cent(result.cameras.incidents_covered),
        money(currency, result.cost.a_year),
        result.worst.name,
        f"{NONE if patrols is None else per_cent(patrols.gap)}, {per_cent(result.cameras.gap)}",
    )


def comparison_words(comparison: Comparison) -> list[str]:
    """Describe a comparison in lines of text, apart from its table."""
    base = comparison.scenarios[0]
    assumed = [text for result in comparison.scenarios for text in result.assumptions]
    lines = [
        f"Comparison {comparison.id} for {comparison.estate.name}, records to "
        f"{day_and_clock(comparison.as_of)}.",
        f"{shift_words(base.shift)}; others may be of another shift. Risk and harm: the share of "
        "the shift's that patrols or cameras see to, once. Cameras: of a mean day.",
        *dict.fromkeys(assumed),
        prices_words(comparison),
    ]
    if comparison.frontier:
        table = frontier_table(comparison)
        first, last = table.iloc[0], table.iloc[-1]
        lines.append(
            f"New cameras for {first['Budget']} cover {first['Covers (mean day)']} with those that "
            f"stand, for {last['Budget']} {last['Covers (mean day)']}."
        )
    return lines + survival_words(comparison)


def start_of_day(text: str, time_zone: str) -> datetime:
    """Return when a local day begins.

    Raises
    ------
    SettingsError
        If the text is no day.
    """
    try:
        return local_moment(date.fromisoformat(text), time(0), time_zone)
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"--until: '{text}' is no day YYYY-MM-DD of use here.") from error


def held_out_words(found: HoldOut) -> list[str]:
    """Describe how camera choices held up, in lines of text."""
    return [found.verdict, *(f"  {row.words}" for row in found.rows), *found.notes]


def held_out_document(found: HoldOut) -> dict[str, Any]:
    """Describe the same as data."""
    return {**asdict(found), "verdict": found.verdict, "notes": list(found.notes)}
