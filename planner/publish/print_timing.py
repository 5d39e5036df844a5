"""The second page of the print: when incidents happen on the estate, by hour, shift and season.

An A3 page of its own, in totals of the whole estate: no place is on it. What is drawn stands in
boxes in millimetres, so that nothing covers anything.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from planner.allocate.plan import Plan
from planner.insight.timing.aoristic import HOURS
from planner.insight.timing.busiest import ShiftRates
from planner.insight.timing.seasons import SeasonRates
from planner.insight.timing.summary import Timing, timing
from planner.picture import Picture
from planner.publish.heat import (
    DAYS,
    NOT_COVERED,
    TOP_CLASS,
    HeatClasses,
    heat_classes,
    range_words,
)  # fmt: skip
from planner.publish.printmap_layout import (
    PAGE_WIDTH_MM,
    Box,
    paragraph,
    printable,
    words,
    wrapped,
)  # fmt: skip
from planner.publish.style import (
    INK,
    QUIET_INK,
    RISK_COLOURS,
    SITE_LINE,
    STREET_EDGE,
    day_and_clock,
)  # fmt: skip
from planner.publish.timing_words import (
    COVERED,
    EXPECTED,
    MOSTLY,
    SHIFT,
    SHIFT_HOURS,
    TIMES,
    busiest_words,
    figure,
    heat_words,
    interval_words,
    missing_season_words,
    nothing_timed_words,
    season_words,
    shift_table,
    shifts_note,
)  # fmt: skip

MARGIN_MM, GUTTER_MM = 10.0, 12.0
TABLE_MM = 152.0
TEXT, HEADING = 9.0, 12.0
HATCH, HATCH_COLOUR = "//////", "#ffffff"
CELL_MM = 11.0
MOST_SHIFTS, ROW_MM = 14, 6.2
MOST_BARS = 16
# Left edges of the table's columns, in millimetres from its left.
COLUMNS = {
    SHIFT: 0.0, SHIFT_HOURS: 44.0, EXPECTED: 70.0, MOSTLY: 88.0, TIMES: 121.0, COVERED: 137.0
}  # fmt: skip
HEADS = {
    SHIFT: "Shift", SHIFT_HOURS: "Hours", EXPECTED: "Incidents", MOSTLY: "80 % interval",
    TIMES: "x usual", COVERED: "Covered",
}  # fmt: skip


def draw_timing(page: Axes, picture: Picture, plan: Plan, top: float) -> None:
    """Draw the page below a height.

    Parameters
    ----------
    page
        Axes over the whole page, in millimetres.
    picture
        What is known: all incidents of the estate count, those of sensitive categories too.
    plan
        Its estate's name and moment are said.
    top
        Where the page begins, in millimetres from below.
    """
    found = timing(picture.counted, picture.periods, picture.settings)
    title = wrapped(f"When incidents happen: {plan.estate.name}", _wide(), 18, "-Bold", most=1)
    top = paragraph(page, (MARGIN_MM, top), title, 18, colour=SITE_LINE, face="-Bold") - 2
    heat = Box(MARGIN_MM, 0, _wide() - TABLE_MM - GUTTER_MM, top)
    table = Box(heat.right + GUTTER_MM, 0, TABLE_MM, top)
    if found.shifts is None or not found.timed:
        lines = wrapped(nothing_timed_words(found), _wide(), HEADING, most=4)
        lowest = paragraph(page, (MARGIN_MM, top), lines, HEADING)
    else:
        lowest = min(
            _heat(page, heat, found, plan.estate.time_zone), _shifts(page, table, found.shifts)
        )
    half = (_wide() - GUTTER_MM) / 2
    months = Box(MARGIN_MM, 0, half, lowest - 7)
    weeks = Box(months.right + GUTTER_MM, 0, half, lowest - 7)
    of_week = "the week of term"
    if found.weeks is not None and found.weeks.unit == "month":
        of_week = "whether it is term"
    _season(page, months, "Months", found.months, "the month", missing_season_words(found, False))
    _season(page, weeks, "Weeks of term", found.weeks, of_week, missing_season_words(found, True))
    known = f"Records as of {day_and_clock(plan.picture.as_of)} ({plan.estate.time_zone})"
    foot = f"{known}. Totals of the whole estate. Plan {plan.id}, planner {plan.version}"
    words(page, (MARGIN_MM, MARGIN_MM), printable(foot), 7, colour=QUIET_INK)


def _wide() -> float:
    return PAGE_WIDTH_MM - 2 * MARGIN_MM


def _heading(page: Axes, box: Box, text: str) -> float:
    return paragraph(page, (box.left, box.top), [text], HEADING, face="-Bold") - 1


def _heat(page: Axes, box: Box, found: Timing, time_zone: str) -> float:
    """Draw the heat, its key and its caption; return the height below them."""
    top = _heading(page, box, "Hours of the week") - 5
    left = box.left + 12
    cell = min(CELL_MM, (box.width - 12) / 24)
    classes = heat_classes(found.weights, found.covered_hours)
    for hour in range(0, 24, 3):
        words(page, (left + (hour + 0.5) * cell, top + 1.5), f"{hour:02d}", TEXT,
              colour=QUIET_INK, across="center")  # fmt: skip
    for row, name in enumerate(DAYS):
        words(page, (left - 2, top - (row + 0.64) * cell), name, TEXT, across="right")
    for hour in range(HOURS):
        place = (left + hour % 24 * cell, top - (hour // 24 + 1) * cell)
        _cell(page, place, (cell, cell), int(classes.of_hour[hour]))
    top = _key(page, (left, top - 7 * cell - 5), box.right, classes)
    lines = wrapped(heat_words(found, time_zone), box.width, TEXT)
    return paragraph(page, (box.left, top), lines, TEXT, colour=QUIET_INK)


def _cell(page: Axes, place: tuple[float, float], size: tuple[float, float], level: int) -> None:
    if level < 0:
        page.add_patch(
            Rectangle(place, *size, facecolor="#ffffff", edgecolor=STREET_EDGE, linewidth=0.5)
        )
        middle = (place[0] + size[0] / 2, place[1] + size[1] / 2)
        words(page, middle, NOT_COVERED, TEXT, colour=QUIET_INK, across="center",
              upright="center_baseline")  # fmt: skip
        return
    patch = Rectangle(
        place, *size, facecolor=RISK_COLOURS[level], edgecolor="#ffffff", linewidth=0.5
    )
    if level == TOP_CLASS:
        patch.set_hatch(HATCH)
        patch.set_hatchcolor(HATCH_COLOUR)
        patch.set_hatch_linewidth(0.7)
    page.add_patch(patch)


def _key(page: Axes, place: tuple[float, float], right: float, classes: HeatClasses) -> float:
    left, top = place
    words(page, (left, top), "Incidents in the hour, whole period", TEXT, colour=QUIET_INK)
    step = (right - left) / len(RISK_COLOURS)
    for number, (level, least, most) in enumerate(classes.ranges):
        x = left + number * step
        _cell(page, (x, top - 6), (8, 4), level)
        page.add_patch(
            Rectangle((x, top - 6), 8, 4, facecolor="none", edgecolor=QUIET_INK, linewidth=0.4)
        )
        text = range_words(least, most) + (", busiest" if level == TOP_CLASS else "")
        words(page, (x + 10, top - 5), text, TEXT)
    return top - 9


def _shifts(page: Axes, box: Box, rates: ShiftRates) -> float:
    """Draw the busiest shifts as a table; return the height below it."""
    top = _heading(page, box, "Busiest shifts")
    lines = wrapped(busiest_words(rates) + ".", box.width, TEXT, most=2)
    top = paragraph(page, (box.left, top), lines, TEXT) - 5
    for name, left in COLUMNS.items():
        words(page, (box.left + left, top), HEADS[name], 8, colour=QUIET_INK, face="-Bold")
    _rule(page, box, top - 1.6, INK)
    table = shift_table(rates)
    for _, row in table.head(MOST_SHIFTS).iterrows():
        top -= ROW_MM
        for name, left in COLUMNS.items():
            # Only names of shifts come from people, and can be long.
            text = wrapped(row[name], 43, TEXT, most=1)[0] if name == SHIFT else row[name]
            words(page, (box.left + left, top), text, TEXT)
        _rule(page, box, top - 1.8, STREET_EDGE)
    note = shifts_note(rates)
    if len(table) > MOST_SHIFTS:
        note = f"The {MOST_SHIFTS} busiest of {len(table)} shifts of the week. {note}"
    lines = wrapped(note, box.width, 8, most=4)
    return paragraph(page, (box.left, top - 4), lines, 8, colour=QUIET_INK)


def _rule(page: Axes, box: Box, height: float, colour: str) -> None:
    page.plot([box.left, box.right], [height, height], color=colour, linewidth=0.5)


def _season(
    page: Axes, box: Box, title: str, rates: SeasonRates | None, what: str, if_none: str
) -> None:
    """Draw bars with their 80 % intervals, down to the foot of the page at most."""
    top = _heading(page, box, title)
    text = if_none if rates is None else season_words(rates, what)
    top = paragraph(page, (box.left, top), wrapped(text, box.width, TEXT, most=3), TEXT) - 2
    if rates is None:
        return
    shown = min(len(rates.names), MOST_BARS)
    row_mm = min(6.0, (top - MARGIN_MM - 12) / shown)
    _, high = rates.rates.interval(0.8)
    track = Box(box.left + 26, 0, box.width - 26 - 42, 0)
    millimetres = track.width / max(float(high.max()), rates.usual)
    for row in range(shown):
        _bar(page, track, rates, row, top - (row + 1) * row_mm, millimetres, row_mm)
    usual = track.left + rates.usual * millimetres
    page.plot([usual, usual], [top, top - shown * row_mm], color=QUIET_INK, linewidth=0.7,
              linestyle=(0, (3, 2)), zorder=6)  # fmt: skip
    left_out = f" The first {shown} of {len(rates.names)}." if shown < len(rates.names) else ""
    note = (
        "Incidents a covered day; line: 80 % interval of the rate; upright: the usual day, "
        f"{figure(rates.usual)}.{left_out}"
    )
    words(page, (box.left, top - shown * row_mm - 4), note, 8, colour=QUIET_INK)


def _bar(
    page: Axes,
    track: Box,
    rates: SeasonRates,
    row: int,
    bottom: float,
    millimetres: float,
    row_mm: float,
) -> None:
    low, high = (float(bound[row]) for bound in rates.rates.interval(0.8))
    mean = float(rates.rates.mean[row])
    base = bottom + row_mm * 0.3
    words(page, (track.left - 26, base), wrapped(rates.names[row], 25, TEXT, most=1)[0], TEXT)
    if rates.days[row] <= 0:
        words(page, (track.right + 3, base), "not covered", TEXT, colour=QUIET_INK)
        return
    page.add_patch(
        Rectangle((track.left, bottom + row_mm * 0.15), mean * millimetres, row_mm * 0.7,
                  facecolor=RISK_COLOURS[2], edgecolor="none", zorder=4)
    )  # fmt: skip
    ends = np.array([low, high]) * millimetres + track.left
    page.plot(ends, [bottom + row_mm / 2] * 2, color=INK, linewidth=1.2, zorder=7)
    text = f"{figure(mean)}  ({interval_words(low, high)})"
    words(page, (track.right + 3, base), text, TEXT)
