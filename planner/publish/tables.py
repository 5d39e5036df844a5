"""A plan as tables for reading: stops, hotspots and cameras, with units in the heads."""

import pandas as pd

from planner.allocate.plan import Plan
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
RISK, WHY, TEAM = "Covers (expected incidents)", "Why", "Team"


def stop_table(plan: Plan) -> pd.DataFrame:
    """List every stop, team by team: one row a stop."""
    rows = [
        (
            route.team, f"{route.team}{count}", stop.name, clock(stop.arrive), clock(stop.leave),
            round(stop.risk, 4), stop.why,
        )
        for route in plan.patrols.routes
        for count, stop in enumerate(route.stops, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[TEAM, STOP, PLACE, ARRIVE, LEAVE, RISK, WHY])


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
