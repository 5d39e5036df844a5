"""The yearly sheet of the service's own cameras as a page: keep, move or remove, and why."""

from collections.abc import Sequence

from planner.allocate.comparison.yearly_sheet import (
    KEEP,
    KEEP_FROM,
    LIFE_YEARS,
    MOVE,
    MOVE_FROM,
    REMOVE,
    YearlyRow,
)
from planner.camera_settings import ILLUSTRATIVE as INVENTED_PRICES
from planner.picture import Picture
from planner.publish import style
from planner.publish.paper_page import (
    UNDER,
    figure_words,
    figures_html,
    share_words,
    table_html,
    whole_page,
)
from planner.publish.style import in_map

MOST_NAMED = 2
HEADS = (
    "Camera", "Advice", "Adds a year", "In view, last 12 months", "Private places",
    "Age", "Cost a year", "Why",
)  # fmt: skip
WIDTHS = (18, 9, 9, 10, 11, 8, 8, 27)


def yearly_sheet_html(rows: Sequence[YearlyRow], picture: Picture, marking: str = "") -> str:
    """Write the yearly sheet as one page that loads nothing from elsewhere.

    Parameters
    ----------
    rows
        As :func:`planner.allocate.comparison.yearly_sheet.yearly_sheet` returns them.
    picture
        What they were made from.
    marking
        The protective marking; the settings' usual one if not given.
    """
    title = f"Cameras of {picture.settings.name}: the yearly sheet"
    parts = [f"<h1>{in_map(title)}</h1>"]
    if rows:
        parts += [_figures(rows), _table(rows, picture), _rule(picture)]
    else:
        parts.append(
            "<p>The service has no camera of its own that stands and works, so there is nothing to "
            "review. Add a layer of cameras with their controller, and make the workspace anew.</p>"
        )
    known = style.day_and_clock(picture.as_of.isoformat())
    parts.append(
        f"<footer>From records to {known} (picture {in_map(picture.fingerprint[:16])}). Advice "
        "about places, never about persons.</footer>"
    )
    return whole_page(title, picture, parts, marking)


def _figures(rows: Sequence[YearlyRow]) -> str:
    notes = {KEEP: "worth their cost, or nothing better", MOVE: "another place adds far more",
             REMOVE: "add next to nothing anywhere"}  # fmt: skip
    counts = [
        (advice.capitalize(), str(sum(row.advice == advice for row in rows)), note)
        for advice, note in notes.items()
    ]
    whole = sum(row.adds_incidents for row in rows)
    note = "each beside all the others; covered means in view, not prevented"
    return figures_html([*counts, ("Add in all", f"{figure_words(whole)} a year", note)])


def _table(rows: Sequence[YearlyRow], picture: Picture) -> str:
    money = picture.settings.cameras.currency
    cells = [
        [
            f"<b>{in_map(row.name)}</b>",
            f'<b class="advice {row.advice}">{row.advice}</b>',
            f"{figure_words(row.adds_incidents)}<br><small>{in_map(share_words(row.adds))}</small>",
            UNDER if row.in_last_year is None else f"{row.in_last_year:,}",
            in_map(_private(row.private)),
            "not known" if row.age_years is None else f"{row.age_years} years",
            in_map(f"{money}{row.yearly:,.0f}"),
            in_map(row.reason),
        ]
        for row in rows
    ]
    return table_html(HEADS, cells, (2, 3, 6), WIDTHS)


def _private(names: Sequence[str]) -> str:
    if not names:
        return "none known"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _rule(picture: Picture) -> str:
    invented = picture.settings.cameras.prices == INVENTED_PRICES
    prices = "illustrative, not quotes" if invented else picture.settings.cameras.prices
    margin = f"{100 * KEEP_FROM:.0f}&nbsp;%"
    return (
        f"<h2>The rule</h2><p>Keep a camera that adds, for its yearly cost, at least {margin} of "
        f"what the best new one would for its own (price spread over {LIFE_YEARS:g} years). Else "
        f"move it if it would add at least {MOVE_FROM:g} times as much at the best other "
        "place, those advised before it counted as moved. Else remove it if it adds next to "
        "nothing, and keep it if not.</p><p>Figures of places never tried are forecasts, and the "
        "best of many looks better than it will prove: look at the place, ask those who would be "
        f"in view, and make its case before anything is moved. Prices: {in_map(prices)}.</p>"
    )
