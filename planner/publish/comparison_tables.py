"""A comparison of scenarios as tables for reading, with units in the heads."""

import pandas as pd

from planner.allocate.comparison.results import Comparison, ScenarioResult
from planner.camera_settings import ILLUSTRATIVE
from planner.publish.style import per_cent

NONE = "\N{EN DASH}"


def money(currency: str, amount: float) -> str:
    """Write an amount: ``£4,000``, with a minus sign before it where it is negative."""
    sign = "\N{MINUS SIGN}" if round(amount) < 0 else ""
    return f"{sign}{currency}{abs(amount):,.0f}"


def prices_words(comparison: Comparison) -> str:
    """Say where the prices are from."""
    if comparison.prices == ILLUSTRATIVE:
        return "Prices are illustrative: put your own into planner.toml."
    return f"Prices: {comparison.prices}."


def scenario_table(comparison: Comparison) -> pd.DataFrame:
    """Set the scenarios side by side, a row for each."""
    currency = comparison.currency
    rows = [
        (
            result.name,
            per_cent(result.covered),
            per_cent(result.harm_covered),
            NONE if result.patrols is None else per_cent(result.patrols.covered),
            per_cent(result.cameras.incidents_covered),
            money(currency, result.cost.once),
            money(currency, result.cost.a_year),
            NONE if result.points_for_1000 is None else f"{result.points_for_1000:.3f}",
            f"{result.worst.name} ({result.worst.uncovered:.3f})",
            _gaps(result),
            f"{per_cent(result.same_cameras)}, {per_cent(result.same_visits)}",
        )
        for result in comparison.scenarios
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "Scenario", "Risk covered in the shift", "Harm covered", "By patrols",
            "By cameras (mean day)", "Cost, once", "Cost a year",
            f"Points for {currency}1,000 a year more than {comparison.priced_against}",
            "Worst-off site (incidents uncovered)",
            "Proven gap: patrols, cameras", "As today: cameras, visits",
        ],
    )  # fmt: skip


def _gaps(result: ScenarioResult) -> str:
    patrols = NONE if result.patrols is None else per_cent(result.patrols.gap)
    return f"{patrols}, {per_cent(result.cameras.gap)}"


def frontier_table(comparison: Comparison) -> pd.DataFrame:
    """List what each budget covers."""
    rows = [
        (
            money(comparison.currency, point.budget),
            money(comparison.currency, point.spent),
            point.cameras,
            per_cent(point.covered),
            per_cent(point.gap),
        )
        for point in comparison.frontier
    ]
    columns = ["Budget", "Spent", "Cameras", "Covers (mean day)", "Proven gap"]
    return pd.DataFrame(rows, columns=columns)


def survival_table(comparison: Comparison) -> pd.DataFrame:
    """List how often each camera is chosen again where the risk is drawn anew."""
    rows = [
        (note.scenario, camera.camera, f"{100 * camera.again:.0f} %")
        for note in comparison.survival
        for camera in note.cameras
    ]
    return pd.DataFrame(rows, columns=["Scenario", "Camera", "Chosen again"])


def survival_words(comparison: Comparison) -> list[str]:
    """Say how the cover of each scenario's cameras scatters over the draws."""
    return [
        f"{note.scenario}: its cameras cover {per_cent(note.covered)} in the mean of {note.draws} "
        f"draws of the risk ({per_cent(note.low)} to {per_cent(note.high)} in four of five); in "
        f"nine of ten draws no other choice covers over {100 * note.worst_regret:.1f} points more."
        for note in comparison.survival
    ]
