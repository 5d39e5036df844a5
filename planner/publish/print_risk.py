"""The printed map of risk: what is expected of each zone in the week, how far that can be off.

For partners who read it on paper: an A3 page, true to scale. Nothing is on it but the ground and
totals of zones: no routes, stops, cameras or single incidents, and no sensitive category.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch, Rectangle

from planner.allocate.forecasting import Forecast
from planner.allocate.plan import Plan
from planner.insight.backtest.sources import SourceRecord
from planner.picture import Picture
from planner.publish.print_reliability import PLOT_MM, draw_reliability
from planner.publish.printmap_ground import (
    draw_chart,
    draw_ground,
    draw_strip,
    outline,
    page_boxes,
)
from planner.publish.printmap_layout import (
    Box,
    Window,
    choose_window,
    line_mm,
    paragraph,
    printable,
    words,
    wrapped,
)
from planner.publish.printmap_marks import draw_labels, draw_ranks, rank_places
from planner.publish.printmap_panel import HATCH, HATCH_COLOUR, TOP_CLASS
from planner.publish.risk_view import RiskView, risk_ranks, risk_view
from planner.publish.risk_words import (
    Wording,
    interval_words,
    number,
    span_words,
    wording_of,
)
from planner.publish.style import (
    HEAD_SHOWN,
    INK,
    QUIET_INK,
    RISK_COLOURS,
    SITE_LINE,
    STREET_EDGE,
    day_and_clock,
)
from planner.publish.track_words import record_words

TEXT, SMALL = 8.0, 7.0
OPACITY = 0.72
# Dark enough that in greyscale a pale zone still ends somewhere.
ZONE_EDGE = "#8f8a7e"
MOST_RANKED = 12
# More zones would take the choice of a window too long; the rest lies around these.
MOST_FRAMED = 80
FOOT_MM = 12.0
KEY_ROW_MM = 5.2
ROW_GAP_MM = 0.6
# Left edges and widths of the table's columns, in millimetres from the panel's left.
RANK, NAME, EXPECTED, USUAL, WIDE = (
    (0.0, 8.0),
    (9.0, 52.0),
    (62.0, 16.0),
    (82.0, 20.0),
    (104.0, 20.0),
)


@dataclass(frozen=True)
class RiskPage:
    """Draws the page.

    Attributes
    ----------
    forecast
        Of the week.
    records
        How good the forecast has been, source by source.
    """

    forecast: Forecast
    records: tuple[SourceRecord, ...]

    def __call__(self, page: Axes, picture: Picture, plan: Plan, top: float) -> None:
        """Draw the page below a height in millimetres."""
        frame, panel = page_boxes(top)
        shapes = np.asarray(picture.estate.catchments, dtype=object)
        expected = np.array([zone.expected for zone in self.forecast.risk.zones])
        window = _window(shapes, expected, frame)
        wording = wording_of(self.forecast)
        view = risk_view(self.forecast.risk, wording)
        order = np.argsort(-expected, kind="stable")[:MOST_RANKED]
        discs = rank_places(shapes[order], window)
        draw_labels(page, picture.estate, window, np.array([], dtype=object), discs)
        chart = draw_chart(page, window)
        draw_ground(chart, picture.estate, window)
        _zones(chart, shapes, view)
        ranks = risk_ranks(self.forecast.risk)[order]
        shown = window.holds(shapely.bounds(shapes[order]))
        draw_ranks(page, shapes[order], ranks, window, discs)
        draw_strip(page, chart, window, picture.estate.crs)
        top = _heading(page, panel, self.forecast, wording)
        top = _table(page, panel, self.forecast, wording, shown, top - 2)
        top = _key(page, panel, view, top - 2)
        self._track(page, panel, top - 2)
        _foot(page, panel, picture, plan)

    def _track(self, page: Axes, panel: Box, top: float) -> None:
        """Say how good the forecast has been, and plot it for the source with most incidents."""
        judged = [(r.result.incidents, r.source, r.result) for r in self.records if r.result]
        room = top - panel.bottom - FOOT_MM - (PLOT_MM if judged else 0.0)
        top = _how_good(page, panel, self.records, top, room)
        if judged:
            _, source, result = max(judged, key=lambda one: one[0])
            of = f"records of the {source}" if len(self.records) > 1 else ""
            box = Box(panel.left, top - PLOT_MM, panel.width, PLOT_MM)
            draw_reliability(page, box, result.calibration, of)


def _window(shapes: np.ndarray, expected: np.ndarray, frame: Box) -> Window:
    """Choose the window for where most is expected."""
    chosen = np.argsort(-expected, kind="stable")[:MOST_FRAMED]
    weights = expected[chosen]
    weights = weights if weights.sum() > 0 else np.ones(len(chosen))
    return choose_window(shapely.bounds(shapes[chosen]), weights, frame)


def _zones(chart: Axes, shapes: np.ndarray, view: RiskView) -> None:
    for item in view.classes:
        patch = PathPatch(
            outline(shapes[view.levels == item.level]),
            facecolor=to_rgba(RISK_COLOURS[item.level], OPACITY),
            edgecolor=ZONE_EDGE,
            linewidth=0.5,
            zorder=2.05,
        )
        _hatched(patch, item.level)
        chart.add_patch(patch)


def _hatched(patch: PathPatch | Rectangle, level: int) -> None:
    if level == TOP_CLASS:
        patch.set_hatch(HATCH)
        patch.set_hatchcolor(HATCH_COLOUR)
        patch.set_hatch_linewidth(0.7)


def _heading(page: Axes, panel: Box, forecast: Forecast, wording: Wording) -> float:
    title = wrapped(f"Expected next week: {forecast.estate.name}", panel.width, 18, "-Bold", most=2)
    top = paragraph(page, (panel.left, panel.top), title, 18, colour=SITE_LINE, face="-Bold")
    dates = wrapped(week_words(forecast), panel.width, 11, "-Bold")
    top = paragraph(page, (panel.left, top - 0.5), dates, 11, face="-Bold")
    risk = forecast.risk
    meaning = (
        f"On the whole estate {number(risk.expected)} {wording.what} are expected in the week "
        f"({interval_words(risk, wording)}). Zones are shaded by their share of it. '4 weeks in 5' "
        "and '19 in 20' say how far a zone's number can be off, by chance and because risk changes."
    )
    return paragraph(page, (panel.left, top - 1), wrapped(meaning, panel.width, TEXT), TEXT)


def week_words(forecast: Forecast) -> str:
    """Say which days a week has: ``Thu 1 Oct to Wed 7 Oct 2026``."""
    first = datetime.fromisoformat(forecast.shift.starts_at)
    last = datetime.fromisoformat(forecast.shift.ends_at) - timedelta(days=1)
    return f"{first:%a} {first.day} {first:%b} to {last:%a} {last.day} {last:%b %Y}"


def _table(
    page: Axes,
    panel: Box,
    forecast: Forecast,
    wording: Wording,
    shown: np.ndarray,
    top: float,
) -> float:
    heads = ((EXPECTED, "Expected"), (USUAL, "4 weeks in 5"), (WIDE, "19 in 20"))
    words(page, (panel.left, top - 3), "Rank", SMALL, colour=QUIET_INK, face="-Bold")
    words(page, (panel.left + NAME[0], top - 3), "Zone", SMALL, colour=QUIET_INK, face="-Bold")
    for (left, width), text in heads:
        words(page, (panel.left + left + width, top - 3), text, SMALL, colour=QUIET_INK,
              face="-Bold", across="right")  # fmt: skip
    top -= 4.2
    _rule(page, panel, top, INK)
    ordered = sorted(forecast.risk.zones, key=lambda zone: -zone.expected)[:MOST_RANKED]
    for rank, (zone, on_map) in enumerate(zip(ordered, shown, strict=True), start=1):
        cells = (
            (EXPECTED, number(zone.expected)),
            (USUAL, span_words(zone.low, zone.high, wording)),
            (WIDE, span_words(zone.low_95, zone.high_95, wording)),
        )
        height = top - ROW_GAP_MM
        lines = wrapped(zone.name, NAME[1], TEXT, most=2)
        lines += [] if on_map else ["(not wholly on the map)"]
        paragraph(page, (panel.left, height), [str(rank)], TEXT, face="-Bold")
        for (left, width), text in cells:
            paragraph(page, (panel.left + left + width, height), [text], TEXT, across="right")
        top = paragraph(page, (panel.left + NAME[0], height), lines, TEXT) - 0.2
        _rule(page, panel, top, STREET_EDGE)
    return top


def _rule(page: Axes, panel: Box, height: float, colour: str) -> None:
    page.plot([panel.left, panel.right], [height, height], color=colour, linewidth=0.5)


def _key(page: Axes, panel: Box, view: RiskView, top: float) -> float:
    title = wrapped(f"{view.title}; in brackets the number of zones", panel.width, SMALL, "-Bold")
    top = paragraph(page, (panel.left, top), title, SMALL, face="-Bold") - 1
    # Two columns: the key is read across less often than the table above it.
    half = -(-len(view.classes) // 2)
    for place, item in enumerate(view.classes):
        column, row = divmod(place, half)
        corner = (panel.left + column * panel.width / 2, top - KEY_ROW_MM * (row + 1) + 1)
        # The sample lies on the ground's colour, as zones do on the map.
        swatch = Rectangle(corner, 8, 3.6, facecolor=to_rgba(RISK_COLOURS[item.level], OPACITY),
                           edgecolor=QUIET_INK, linewidth=0.6)  # fmt: skip
        _hatched(swatch, item.level)
        page.add_patch(swatch)
        text = f"{item.words} ({item.zones:,})"
        words(page, (corner[0] + 11, corner[1] + 0.9), text, TEXT)
    return top - KEY_ROW_MM * half


def _how_good(
    page: Axes, panel: Box, records: Sequence[SourceRecord], top: float, room: float
) -> float:
    top = paragraph(page, (panel.left, top), ["How good has this been?"], 11, face="-Bold") - 0.5
    end = top - room + line_mm(11) + 2
    for text in (text for record in records for text in record_words(record)):
        most = int((top - end) / line_mm(TEXT))
        if most < 1:
            break
        top = paragraph(page, (panel.left, top), wrapped(text, panel.width, TEXT, most=most), TEXT)
        top -= 0.8
    return top


def _foot(page: Axes, panel: Box, picture: Picture, plan: Plan) -> None:
    head = picture.register_head[:HEAD_SHOWN]
    known = f"Records as of {day_and_clock(plan.picture.as_of)} ({plan.estate.time_zone})"
    lines = [
        printable(known + f"; register {head}" * bool(head)),
        printable(f"Totals of zones only. Plan {plan.id}, planner {plan.version}"),
    ]
    top = panel.bottom + 2 * line_mm(SMALL)
    _rule(page, panel, top + 1, QUIET_INK)
    paragraph(page, (panel.left, top), lines, SMALL, colour=QUIET_INK)
