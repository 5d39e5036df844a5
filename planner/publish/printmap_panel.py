"""The side panel of the printed map: what is shown, the hotspots in a table, the key, the notes."""

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from planner.allocate.plan import HotspotNote, Plan
from planner.incidents.model import UNKNOWN
from planner.insight.hotspots import (
    FEWEST_AT_ONE_PLACE,
    FEWEST_INCIDENTS,
    FEWEST_PLACES,
    latest_periods,
)
from planner.picture import Picture
from planner.publish.printmap_layout import Box, Face, line_mm, paragraph, printable, words, wrapped
from planner.publish.style import (
    BUILDING,
    BUILDING_LINE,
    HEAD_SHOWN,
    HOTSPOT,
    INK,
    QUIET_INK,
    RISK_COLOURS,
    SITE_LINE,
    STREET,
    STREET_EDGE,
    change_words,
    day_and_clock,
)  # fmt: skip

TEXT, SMALL = 8.0, 7.0
HATCH = "//////"
HATCH_COLOUR = "#ffffff"
TOP_CLASS = len(RISK_COLOURS) - 1
FOOT_MM = 12.0
KEY_ROW_MM = 5.2
ROW_GAP_MM = 0.7
# Room to keep below the table for its footnote, the key and the notes.
BELOW_TABLE_MM = 85.0

# Left edges and widths of the table's columns, in millimetres from the panel's left.
RANK, NAME, COUNT, BEFORE, CHANGE, CHANCE, CATEGORY = (
    (0.0, 8.0), (9.0, 37.0), (45.0, 12.5), (57.0, 11.0), (67.5, 16.5), (86.0, 16.0), (103.0, 21.0),
)  # fmt: skip

# A note is printed only if it speaks of the records, and none of its clauses that speaks of the
# service's own work is: a partner reads this page.
_OF_RECORDS = re.compile(r"\b(records?|incidents?|rows?)\b", re.IGNORECASE)
_OF_SERVICE = re.compile(
    r"\b(patrols?|routes?|teams?|stops?|shifts?|cameras?|walks?|posts?)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Classes:
    """Hotspots sorted into five classes by count.

    Attributes
    ----------
    of_hotspot
        Class of each, 0 (least) to 4, shape (n,).
    ranges
        Class, least and greatest count, of the classes that hold any, from the top.
    """

    of_hotspot: np.ndarray
    ranges: tuple[tuple[int, int, int], ...]


def count_classes(counts: np.ndarray) -> Classes:
    """Sort counts into fifths; equal counts share a class, and the greatest is in the top one."""
    if not len(counts):
        return Classes(np.array([], dtype=int), ())
    limits = np.quantile(counts, [0.2, 0.4, 0.6, 0.8])
    of_hotspot = np.searchsorted(limits, counts, side="right")
    ranges = tuple(
        (level, int(counts[of_hotspot == level].min()), int(counts[of_hotspot == level].max()))
        for level in range(TOP_CLASS, -1, -1)
        if (of_hotspot == level).any()
    )
    return Classes(of_hotspot, ranges)


@dataclass(frozen=True)
class PeriodWords:
    """The latest period and the one before it: ``1 Oct 2025 to 30 Sep 2026``."""

    latest: str
    before: str


def period_words(periods: pd.DataFrame, time_zone: str) -> PeriodWords:
    """Say which days the hotspots count; the last day of a period belongs to it."""
    if periods.empty:
        return PeriodWords("no period", "none")
    spans = latest_periods(periods)
    return PeriodWords(
        _days(spans.starts_at, spans.ends_at, time_zone),
        _days(spans.before_starts_at, spans.starts_at, time_zone),
    )


def _days(starts_at: pd.Timestamp, ends_at: pd.Timestamp, time_zone: str) -> str:
    zone = ZoneInfo(time_zone)
    first = starts_at.tz_convert(zone)
    last = (ends_at - pd.Timedelta(microseconds=1)).tz_convert(zone)
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


@dataclass(frozen=True)
class Tally:
    """Incidents of the latest period: counted on the estate, and not counted."""

    on_estate: int
    outside: int
    unlocated: int


def tally(picture: Picture) -> Tally:
    """Count the incidents of the latest period by whether they lie on the estate."""
    if picture.periods.empty:
        return Tally(0, 0, 0)
    spans = latest_periods(picture.periods)
    moment = picture.incidents["occurred_to"]
    rows = picture.incidents[(moment > spans.starts_at) & (moment <= spans.ends_at)]
    off = rows[rows["zone"] == ""]
    on_estate = int(rows.index.isin(picture.counted.index).sum())
    unlocated = int((off["precision"] == UNKNOWN).sum())
    return Tally(on_estate, len(off) - unlocated, unlocated)


def data_notes(warnings: tuple[str, ...]) -> list[str]:
    """Keep what warnings say of the data, and nothing of patrols, cameras or shifts."""
    notes = []
    for warning in warnings:
        clauses = warning.rstrip(". ").split("; ")
        first = clauses[0]
        # Whether data are invented is said in large letters elsewhere.
        if first.startswith("Illustrative") or _OF_SERVICE.search(first):
            continue
        if _OF_RECORDS.search(first):
            notes.append("; ".join(c for c in clauses if not _OF_SERVICE.search(c)) + ".")
    return notes


def draw_panel(
    page: Axes, panel: Box, picture: Picture, plan: Plan, classes: Classes, shown: np.ndarray
) -> None:
    """Draw the side panel from the top down.

    Parameters
    ----------
    page
        Axes in millimetres.
    panel
        Where it lies.
    classes
        Of the plan's hotspots.
    shown
        Which hotspots lie wholly on the map, shape (n,).
    """
    top = _heading(page, panel, picture, plan)
    if plan.hotspots:
        top = _table(page, panel, plan.hotspots, top, shown)
        top = _off_map(page, panel, plan.hotspots, top, shown)
    else:
        text = (
            "No hotspots in this period: nowhere on the estate did "
            f"{FEWEST_INCIDENTS} or more incidents gather close together."
        )
        top = paragraph(
            page, (panel.left, top - 3), wrapped(text, panel.width, 12, "-Bold"), 12, face="-Bold"
        )
    doubtful = any(not spot.more_than_chance for spot in plan.hotspots)
    top = _key(page, panel, classes, picture.estate.streets is not None, doubtful, top - 3)
    _notes(page, panel, picture, plan, top - 2)
    _foot(page, panel, picture, plan)


def _heading(page: Axes, panel: Box, picture: Picture, plan: Plan) -> float:
    title = wrapped(f"Hotspots: {plan.estate.name}", panel.width, 18, "-Bold", most=2)
    top = paragraph(page, (panel.left, panel.top), title, 18, colour=SITE_LINE, face="-Bold")
    days = period_words(picture.periods, plan.estate.time_zone)
    dates = wrapped(f"Incidents from {days.latest}", panel.width, 11, "-Bold")
    top = paragraph(page, (panel.left, top - 0.5), dates, 11, face="-Bold")
    meaning = (
        "A hotspot is a place where incidents lie closer together than around it: at least "
        f"{FEWEST_PLACES} spots near one another, or one with {FEWEST_AT_ONE_PLACE} over the "
        f"years, and {FEWEST_INCIDENTS} or more incidents in the period. Rank 1 holds the most. "
        "'More than chance': so many would be rare (false discovery rate under 5 %), were risk "
        "the same everywhere on the estate; one that 'may be chance' is drawn dashed."
    )
    return paragraph(page, (panel.left, top - 1), wrapped(meaning, panel.width, TEXT), TEXT)


def _table(
    page: Axes, panel: Box, spots: tuple[HotspotNote, ...], top: float, shown: np.ndarray
) -> float:
    top = _table_head(page, panel, top - 2)
    most, size = _table_style(spots, top - panel.bottom - BELOW_TABLE_MM)
    for spot, on_map in zip(spots, shown, strict=True):
        top = _row(page, panel, _cells(spot, bool(on_map), most, size), top, size)
    return top


def _table_style(spots: tuple[HotspotNote, ...], room_mm: float) -> tuple[int, float]:
    """Choose how many lines a cell may have, and the size of its letters in points."""
    if len(spots) <= 8:
        return 3, TEXT
    heights = [
        max(len(lines) for lines in _cells(spot, True, 2, TEXT).values()) * line_mm(TEXT)
        + ROW_GAP_MM
        for spot in spots
    ]
    return 2, TEXT if sum(heights) <= room_mm else SMALL


def _cells(
    spot: HotspotNote, on_map: bool, most: int, size: float
) -> dict[tuple[float, float], list[str]]:
    """Return the lines of each cell by its column."""
    texts = {
        RANK: str(spot.rank),
        NAME: spot.name,
        COUNT: f"{spot.count:,}",
        BEFORE: "\u2013" if spot.before is None else f"{spot.before:,.0f}",
        CHANGE: _change(spot),
        CHANCE: "more than chance" if spot.more_than_chance else "may be chance",
        CATEGORY: spot.top_category,
    }
    cells = {column: wrapped(text, column[1], size, most=most) for column, text in texts.items()}
    if not on_map:
        cells[NAME].append("(not wholly on the map)")
    return cells


def _change(spot: HotspotNote) -> str:
    change = change_words(spot.change) if spot.before != 0 else "none before"
    return f"{change} {spot.trend}" if spot.trend in ("emerging", "receding") else change


def _table_head(page: Axes, panel: Box, top: float) -> float:
    to_left = ((RANK, "Rank"), (NAME, "Place"), (CHANCE, "Chance"), (CATEGORY, "Most frequent"))
    to_right = ((COUNT, "Incidents"), (BEFORE, "Before"), (CHANGE, "Change"))
    for (left, _), text in to_left:
        words(page, (panel.left + left, top - 3), text, SMALL, colour=QUIET_INK, face="-Bold")
    for (left, width), text in to_right:
        words(page, (panel.left + left + width, top - 3), text, SMALL, colour=QUIET_INK,
              face="-Bold", across="right")  # fmt: skip
    _rule(page, panel, top - 4.2, INK)
    return top - 4.2


def _row(
    page: Axes, panel: Box, cells: dict[tuple[float, float], list[str]], top: float, size: float
) -> float:
    bottoms = []
    for (left, width), lines in cells.items():
        number = (left, width) in (COUNT, BEFORE, CHANGE)
        place = (panel.left + (left + width if number else left), top - ROW_GAP_MM + 0.2)
        face: Face = "-Bold" if (left, width) == RANK else ""
        bottoms.append(
            paragraph(page, place, lines, size, face=face, across="right" if number else "left")
        )
    bottom = min(bottoms) - 0.2
    _rule(page, panel, bottom, STREET_EDGE)
    return bottom


def _rule(page: Axes, panel: Box, height: float, colour: str) -> None:
    page.plot([panel.left, panel.right], [height, height], color=colour, linewidth=0.5)


def _off_map(
    page: Axes, panel: Box, spots: tuple[HotspotNote, ...], top: float, shown: np.ndarray
) -> float:
    left_off = [spot for spot, on_map in zip(spots, shown, strict=True) if not on_map]
    if not left_off:
        return top
    ranks = ", ".join(str(spot.rank) for spot in left_off)
    held, total = sum(spot.count for spot in left_off), sum(spot.count for spot in spots)
    text = (
        f"Not wholly on this map, for the sake of its scale: rank {ranks} "
        f"({held:,} of the {total:,} incidents in hotspots)."
    )
    lines = wrapped(text, panel.width, TEXT, "-Bold", most=3)
    return paragraph(page, (panel.left, top - 1), lines, TEXT, face="-Bold")


def _key(
    page: Axes, panel: Box, classes: Classes, streets: bool, doubtful: bool, top: float
) -> float:
    """Draw the key in two columns: classes of hotspots, and what the ground shows."""
    if classes.ranges:
        words(page, (panel.left, top - 3), "Incidents in a hotspot in the period", SMALL,
              face="-Bold")  # fmt: skip
    for row, (level, least, most) in enumerate(classes.ranges):
        place = (panel.left, top - 5 - KEY_ROW_MM * (row + 1) + 1)
        draw_hotspot_swatch(page, place, level)
        text = f"{least:,}" if least == most else f"{least:,} to {most:,}"
        words(page, (place[0] + 11, place[1] + 0.9), text, TEXT)
    ground = [("site", "none", SITE_LINE, 3.6), ("building", BUILDING, BUILDING_LINE, 3.6)]
    if streets:
        ground.append(("street", STREET, STREET_EDGE, 1.6))
    left = panel.left + (panel.width / 2 + 4 if classes.ranges else 0)
    words(page, (left, top - 3), "Ground", SMALL, face="-Bold")
    for row, (name, fill, line, height) in enumerate(ground):
        y = top - 5 - KEY_ROW_MM * (row + 1) + 1
        page.add_patch(
            Rectangle((left, y + (3.6 - height) / 2), 8, height, facecolor=fill, edgecolor=line,
                      linewidth=0.8)
        )  # fmt: skip
        words(page, (left + 11, y + 0.9), name, TEXT)
    if doubtful:
        y = top - 5 - KEY_ROW_MM * (len(ground) + 1) + 1
        page.add_patch(Rectangle((left, y), 8, 3.6, facecolor="none", **outline_of(False)))
        words(page, (left + 11, y + 0.9), "hotspot that may be chance", TEXT)
    return top - 5 - KEY_ROW_MM * max(len(classes.ranges), len(ground) + doubtful)


def outline_of(real: bool) -> dict[str, Any]:
    """Return how a hotspot's outline is drawn: dashed where it may be chance."""
    if real:
        return {"edgecolor": HOTSPOT, "linewidth": 1.0}
    # As dark as the others: a lighter one is lost on dark fills.
    return {"edgecolor": HOTSPOT, "linewidth": 1.0, "linestyle": (0, (4, 2.5))}


def draw_hotspot_swatch(page: Axes, place: tuple[float, float], level: int) -> None:
    """Draw a sample of a class as the map shows it."""
    swatch = Rectangle(place, 8, 3.6, facecolor=RISK_COLOURS[level], **outline_of(True))
    page.add_patch(swatch)
    if level == TOP_CLASS:
        swatch.set_hatch(HATCH)
        swatch.set_hatchcolor(HATCH_COLOUR)
        swatch.set_hatch_linewidth(0.7)


def _notes(page: Axes, panel: Box, picture: Picture, plan: Plan, top: float) -> None:
    counted = tally(picture)
    inside = sum(spot.count for spot in plan.hotspots)
    days = period_words(picture.periods, plan.estate.time_zone)
    texts = [
        f"Counted in the period: {counted.on_estate:,} incidents on the estate, {inside:,} of them "
        f"in hotspots. Not counted: {counted.outside:,} outside the estate and "
        f"{counted.unlocated:,} that could not be located.",
    ]
    if plan.hotspots:
        texts.append(
            f"Before: {days.before}, scaled to the same length of covered time. A change from "
            "small counts may be chance; 'emerging' and 'receding' are more (q under 5 %)."
        )
    texts += data_notes(plan.warnings)
    for text in texts:
        room = int((top - panel.bottom - FOOT_MM) / line_mm(TEXT))
        if room < 1:
            break
        top = paragraph(page, (panel.left, top), wrapped(text, panel.width, TEXT, most=room), TEXT)
        top -= 1.0


def _foot(page: Axes, panel: Box, picture: Picture, plan: Plan) -> None:
    streets = (
        "Streets as given to this workspace"
        if picture.estate.streets is not None
        else "No streets were given to this workspace"
    )
    head = picture.register_head[:HEAD_SHOWN]
    known = f"Records as of {day_and_clock(plan.picture.as_of)} ({plan.estate.time_zone})"
    lines = [
        printable(known + f"; register {head}" * bool(head)),
        printable(f"{streets}. Plan {plan.id}, planner {plan.version}"),
    ]
    top = panel.bottom + 2 * line_mm(SMALL)
    _rule(page, panel, top + 1, QUIET_INK)
    paragraph(page, (panel.left, top), lines, SMALL, colour=QUIET_INK)
