"""A plan as tables for reading: stops, hotspots and cameras, with units in the heads."""

import pandas as pd

from planner.allocate.plan import CameraChoice, Plan
from planner.camera_settings import ILLUSTRATIVE
from planner.publish.camera_words import (
    EACH_TERM,
    becomes_words,
    looks_words,
    money_words,
    private_words,
    role_words,
)
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
ADDS = "Adds (share of mean-day risk)"


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
    """List what is put up, moved and turned, in the order of the map's tags."""
    cameras = plan.cameras
    rows = [
        (
            f"C{count}", camera.name, role_words(camera), camera.kind, camera.mount,
            looks_words(camera), round(camera.range_m), per_cent(camera.adds),
            *_costs(camera, cameras.currency), ", ".join(camera.consents),
        )
        for count, camera in enumerate(cameras.chosen, start=1)
    ]  # fmt: skip
    # Invented prices are marked wherever they are shown, in a saved table too.
    mark = f" ({ILLUSTRATIVE})" if cameras.prices == ILLUSTRATIVE else ""
    columns = [
        "Camera", PLACE, "Role", "Kind", "Mount", "Looks", "Sees (m)", ADDS, f"Cost once{mark}",
        f"Cost a year{mark}", "Consents",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _costs(camera: CameraChoice, currency: str) -> tuple[str, str]:
    """Write what a camera costs; that of a unit is in the total, wherever it stands."""
    if camera.role == EACH_TERM:
        return "", ""
    return money_words(camera.purchase, currency), money_words(camera.yearly, currency)


def own_camera_table(plan: Plan) -> pd.DataFrame:
    """List the service's own cameras that stand, the one that adds least first."""
    rows = [
        (camera.name, per_cent(camera.adds), becomes_words(camera),
         private_words(camera.private, len(camera.private)))
        for camera in sorted(plan.cameras.own, key=lambda camera: camera.adds)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Camera", ADDS, "What becomes of it", "Private places"])


def private_table(plan: Plan) -> pd.DataFrame:
    """List the private places that some camera could see, the most exposed first."""
    ordered = sorted(plan.cameras.private, key=lambda note: (-note.unmasked, -note.could_be_seen))
    rows = [
        (note.name, note.kind, per_cent(note.could_be_seen), per_cent(note.unmasked))
        for note in ordered
    ]
    columns = ["Private place", "Kind", "A camera could see, unless masked", "Seen unmasked"]
    return pd.DataFrame(rows, columns=columns)


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
