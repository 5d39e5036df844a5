"""A plan as tables for reading: stops, hotspots and cameras, with units in the heads."""

import pandas as pd

from planner.allocate.plan import Plan
from planner.publish.stop_words import what_words
from planner.publish.style import (
    category_words,
    chance_words,
    change_words,
    clock,
    number_words,
    per_cent,
    trend_words,
)

STOP, PLACE, ARRIVE, LEAVE = "Stop", "Place", "Arrive", "Leave"
RISK, WHY, TEAM, WHAT = "Covers (expected incidents)", "Why", "Team", "What"


def stop_table(plan: Plan) -> pd.DataFrame:
    """List every stop, team by team: one row a stop, be it a visit, a duty, a meal or a call."""
    rows = [
        (
            route.team, f"{route.team}{count}", stop.name, what_words(stop), clock(stop.arrive),
            clock(stop.leave), round(stop.risk, 4), stop.why,
        )
        for route in plan.patrols.routes
        for count, stop in enumerate(route.stops, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[TEAM, STOP, PLACE, WHAT, ARRIVE, LEAVE, RISK, WHY])


def left_out_table(plan: Plan) -> pd.DataFrame:
    """List the zones of highest risk without a visit: why, and what one would cost."""
    rows = [
        (one.rank, one.name, round(one.expected, 4), one.why, one.cost)
        for one in plan.patrols.left_out
    ]
    columns = ["Rank", PLACE, "Expected there", WHY, "A visit would cost"]
    return pd.DataFrame(rows, columns=columns)


def hotspot_table(plan: Plan) -> pd.DataFrame:
    """List the hotspots by rank."""
    rows = [
        (
            spot.rank, spot.name, spot.count, number_words(spot.expected), chance_words(spot.q),
            change_words(spot.change), trend_words(spot.trend, spot.trend_q),
            category_words([(item.name, item.count) for item in spot.categories]), spot.peak_hours,
        )
        for spot in plan.hotspots
    ]  # fmt: skip
    columns = [
        "Rank", PLACE, "Incidents in the latest period", "Expected by area", "Chance",
        "Change on the period before", "On all earlier periods", "Most often", "Peak hours",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def camera_table(plan: Plan) -> pd.DataFrame:
    """List the new cameras in the order of what they add."""
    rows = [
        (f"C{count}", camera.name, f"{camera.range_m:.0f} m", per_cent(camera.adds))
        for count, camera in enumerate(plan.cameras.chosen, start=1)
    ]
    return pd.DataFrame(rows, columns=["Camera", PLACE, "Sees", "Adds (share of mean-day risk)"])


def for_spreadsheet(table: pd.DataFrame) -> pd.DataFrame:
    """Keep a spreadsheet from running text as a formula: such text gets an apostrophe first."""

    def harmless(value: object) -> object:
        is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        return f"'{value}" if is_formula else value

    return table.map(harmless)


def spreadsheet_csv(table: pd.DataFrame) -> str:
    """Write a table as CSV whose texts no spreadsheet runs as formulas."""
    written: str = for_spreadsheet(table).to_csv(index=False, lineterminator="\n")
    return written
