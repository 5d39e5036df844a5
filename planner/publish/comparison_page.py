"""The page that sets scenarios side by side: a table, maps of what changes, money, and doubt."""

from collections.abc import Sequence
from pathlib import Path

from planner.allocate.comparison.compare import differences
from planner.allocate.comparison.results import Comparison, ScenarioResult
from planner.picture import Picture
from planner.publish import comparison_tables as tables
from planner.publish.difference_map import difference_key, difference_map, zone_paths
from planner.publish.frontier_chart import frontier_chart
from planner.publish.page import POLICY, banner_html, parts_style
from planner.publish.plain_table import html_table
from planner.publish.style import day_and_clock, in_map, per_cent, shift_words
from planner.publish.webmap import style_variables

ASSETS = Path(__file__).parent / "assets"
WHAT_COVER_IS = (
    "Covered by a patrol: what a visit sees to, fully while it lasts and half as much every half "
    "hour after. Covered by a camera: in its view, at the stated grade of detail or better. "
    "Neither is what it prevents: nobody knows that before it has been tried."
)


def comparison_html(picture: Picture, comparison: Comparison, more: str = "") -> str:
    """Put the page together.

    Parameters
    ----------
    picture
        As the scenarios' audience may see it.
    comparison
        The scenarios; the first is the one that the others are set beside.
    more
        HTML of further sections.
    """
    title = in_map(f"Scenarios: {comparison.estate.name}")
    base = comparison.scenarios[0]
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n<title>{title}</title>\n'
        f"<style>{style_variables()}{parts_style()}{_sheet()}</style>\n</head>\n<body>\n"
        f"{banner_html(comparison.estate)}<header><h1>{title}</h1>"
        f'<p class="when">{in_map(shift_words(base.shift))}; records to '
        f"{in_map(day_and_clock(comparison.as_of))}</p></header><main>\n"
        f"{scenarios_html(comparison)}{changes_html(picture, comparison)}"
        f"{budgets_html(comparison)}{doubt_html(comparison)}{more}{_footer(comparison)}"
        "</main>\n</body>\n</html>\n"
    )


def _sheet() -> str:
    return (ASSETS / "page.css").read_text(encoding="utf-8") + comparison_style()


def comparison_style() -> str:
    """Return the style sheet of what the page and the app share."""
    return (ASSETS / "comparison.css").read_text(encoding="utf-8")


def scenarios_html(comparison: Comparison) -> str:
    """Show the scenarios side by side."""
    assumed = [text for result in comparison.scenarios for text in result.assumptions]
    notes = "".join(f"<li>{in_map(text)}</li>" for text in dict.fromkeys(assumed))
    return (
        f'<section><h2>Side by side</h2><div class="wide">'
        f"{html_table(tables.scenario_table(comparison))}</div>"
        f'<ul class="notes"><li>{in_map(WHAT_COVER_IS)}</li>{notes}'
        f"<li>{in_map(tables.prices_words(comparison))} A year's patrols are the shift's officers "
        "on every night of it.</li></ul></section>\n"
    )


def changes_html(picture: Picture, comparison: Comparison) -> str:
    """Show a map for each scenario of what it changes beside the first."""
    base, *others = comparison.scenarios
    if not others:
        return ""
    paths = zone_paths(picture.estate)
    maps = "".join(_figure(picture, paths, result, base) for result in others)
    return (
        f"<section><h2>What changes beside {in_map(base.name)}</h2>"
        f'{difference_key()}<div class="changes">{maps}</div></section>\n'
    )


def _figure(
    picture: Picture, paths: Sequence[str], result: ScenarioResult, base: ScenarioResult
) -> str:
    points = 100 * (result.covered - base.covered)
    # Rounded first: minus nothing is nothing.
    words = f"{round(points, 1) + 0.0:+.1f} points of the shift's risk"
    words = words.replace("-", "\N{MINUS SIGN}")
    drawn = difference_map(
        picture.estate, paths, differences(result, base), f"{result.name}: {words}"
    )
    return (
        f"<figure>{drawn}<figcaption><b>{in_map(result.name)}</b><br>{in_map(words)}"
        "</figcaption></figure>"
    )


def budgets_html(comparison: Comparison) -> str:
    """Show what budgets buy."""
    if not comparison.frontier:
        return ""
    return (
        f"<section><h2>What a budget buys</h2>"
        f"{frontier_chart(comparison.frontier, comparison.currency)}"
        "<p>Line: what the best choice of new cameras covers, with those that stand, of the risk "
        "of a mean day. Dashed: what no choice exceeds.</p>"
        f"{html_table(tables.frontier_table(comparison))}</section>\n"
    )


def doubt_html(comparison: Comparison) -> str:
    """Show how choices hold up where the risk is drawn anew."""
    if not comparison.survival:
        return ""
    items = "".join(f"<li>{in_map(text)}</li>" for text in tables.survival_words(comparison))
    return (
        f'<section><h2>If the risk is other than expected</h2><ul class="notes">{items}</ul>'
        f"{html_table(tables.survival_table(comparison))}</section>\n"
    )


def _footer(comparison: Comparison) -> str:
    solved = {result.cameras.stopped_by for result in comparison.scenarios}
    worst = max((result.cameras.gap for result in comparison.scenarios), default=0.0)
    return (
        f'<footer><p class="notes">Comparison {comparison.id}, planner {comparison.version}; '
        f"cameras: {in_map(', '.join(sorted(solved)))}, gap {per_cent(worst)} at most. Picture "
        f"{comparison.fingerprint[:16]}.</p></footer>\n"
    )
