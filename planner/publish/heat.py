"""Heat by hour of week: a week's 168 hours in five classes, as a drawing for the app.

The drawing is one SVG of its own, which asks nothing of a network and runs nothing; the top class
is hatched, so that greyscale keeps it.
"""

import base64
import calendar
from dataclasses import dataclass

import numpy as np

from planner.insight.timing.aoristic import HOURS
from planner.insight.timing.summary import Timing
from planner.publish.style import INK, QUIET_INK, RISK_COLOURS, STREET_EDGE, in_map
from planner.publish.timing_words import figure, heat_words

DAYS = tuple(calendar.day_abbr)
NOT_COVERED = "\u2013"
TOP_CLASS = len(RISK_COLOURS) - 1
# Shares of the hours below each class; the top one holds the busiest twentieth.
LIMITS = (0.4, 0.65, 0.85, 0.95)


@dataclass(frozen=True)
class HeatClasses:
    """The hours of a week in five classes.

    Attributes
    ----------
    of_hour
        Class of each hour, 0 (least) to 4, and -1 where no time is covered; shape (168,).
    ranges
        Class, least and greatest number of incidents, of the classes that hold any, from the
        least.
    """

    of_hour: np.ndarray
    ranges: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True)
class _Sizes:
    """Of a drawing: its width, the cells' corner and size, letters, and the step of the hours."""

    width: float
    left: float
    cell: float
    row: float
    letters: float
    step: int
    keys_in_row: int


WIDE = _Sizes(760, 42, 29.8, 27, 13, 3, 5)
NARROW = _Sizes(350, 38, 13, 27, 13, 6, 2)
HEAD, KEY_ROW = 24.0, 24.0
# The last key has more to say than the others.
LAST_KEY = 26.0


def heat_classes(weights: np.ndarray, covered_hours: np.ndarray) -> HeatClasses:
    """Sort the hours of a week into classes by their number of incidents.

    Parameters
    ----------
    weights
        Incidents by hour of week, shape (168,).
    covered_hours
        Covered hours by hour of week, shape (168,).
    """
    # An hour with incidents is covered, whatever a period says.
    shown = (covered_hours > 0) | (weights > 0)
    limits = np.quantile(weights, LIMITS)
    of_hour = np.where(shown, np.searchsorted(limits, weights, side="left"), -1)
    ranges = tuple(
        (level, float(weights[of_hour == level].min()), float(weights[of_hour == level].max()))
        for level in range(len(RISK_COLOURS))
        if (of_hour == level).any()
    )
    return HeatClasses(of_hour, ranges)


def heat_svg(timing: Timing, about: str, narrow: bool = False) -> str:
    """Draw the heat as SVG: rows Monday to Sunday, columns 00 to 23 hours.

    Parameters
    ----------
    timing
        Its weights and covered hours are drawn.
    about
        What it is of (the estate, or a zone), for who can't see the drawing.
    narrow
        For a telephone: larger letters for the same width.
    """
    size = NARROW if narrow else WIDE
    classes = heat_classes(timing.weights, timing.covered_hours)
    key_top = HEAD + 7 * size.row + 12
    rows = -(-len(classes.ranges) // size.keys_in_row)
    height = key_top + KEY_ROW * (rows + 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size.width:g} {height:g}" '
        f'role="img" font-family="sans-serif" font-size="{size.letters:g}" fill="{INK}">'
        f"<title>{in_map(f'Incidents by hour of the week: {about}')}</title>"
        f"{_hatch()}{_axes(size)}{_cells(classes, size)}{_key(classes, size, key_top)}</svg>"
    )


def heat_html(timing: Timing, about: str, time_zone: str) -> str:
    """Show the heat with its caption, drawn for screens and again for telephones."""
    drawings = "".join(
        f'<img class="{kind}" alt="{in_map(_spoken(timing, about))}" '
        f'src="{_address(heat_svg(timing, about, narrow))}">'
        for kind, narrow in (("wide", False), ("narrow", True))
    )
    caption = in_map(heat_words(timing, time_zone))
    return f'<figure class="heat">{drawings}<figcaption>{caption}</figcaption></figure>'


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _spoken(timing: Timing, about: str) -> str:
    """Say the three busiest hours, for who can't see the drawing."""
    busiest = [int(hour) for hour in np.argsort(-timing.weights, kind="stable")[:3]]
    told = ", ".join(
        f"{calendar.day_name[hour // 24]} {hour % 24:02d}:00 ({figure(timing.weights[hour])})"
        for hour in busiest
        if timing.weights[hour] > 0
    )
    return f"Heat of incidents by hour of the week, {about}. Busiest hours: {told or 'none'}."


def _hatch() -> str:
    return (
        '<defs><pattern id="busiest" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{RISK_COLOURS[-1]}"/>'
        '<path d="M0 0V6" stroke="#fff" stroke-opacity=".85" stroke-width="2"/></pattern></defs>'
    )


def _axes(size: _Sizes) -> str:
    days = "".join(
        f'<text x="{size.left - 6:g}" y="{HEAD + (row + 0.68) * size.row:g}" text-anchor="end">'
        f"{name}</text>"
        for row, name in enumerate(DAYS)
    )
    hours = "".join(
        f'<text x="{size.left + (hour + 0.5) * size.cell:g}" y="{HEAD - 8:g}" text-anchor="middle" '
        f'fill="{QUIET_INK}">{hour:02d}</text>'
        for hour in range(0, 24, size.step)
    )
    return days + hours


def _cells(classes: HeatClasses, size: _Sizes) -> str:
    return "".join(_cell(int(classes.of_hour[hour]), hour, size) for hour in range(HOURS))


def _cell(level: int, hour: int, size: _Sizes) -> str:
    x, y = size.left + hour % 24 * size.cell, HEAD + hour // 24 * size.row
    box = f'x="{x:g}" y="{y:g}" width="{size.cell:g}" height="{size.row:g}"'
    if level < 0:
        return (
            f'<rect {box} fill="#fff" stroke="{STREET_EDGE}"/>'
            f'<text x="{x + size.cell / 2:g}" y="{y + size.row * 0.68:g}" text-anchor="middle" '
            f'fill="{QUIET_INK}">{NOT_COVERED}</text>'
        )
    return f'<rect {box} fill="{_fill(level)}" stroke="#fff"/>'


def _fill(level: int) -> str:
    return "url(#busiest)" if level == TOP_CLASS else RISK_COLOURS[level]


def _key(classes: HeatClasses, size: _Sizes, top: float) -> str:
    parts = [f'<text x="{size.left:g}" y="{top + 12:g}" fill="{QUIET_INK}">'
             "Incidents in the hour, whole period</text>"]  # fmt: skip
    wide = (size.width - size.left - LAST_KEY) / size.keys_in_row
    for place, (level, least, most) in enumerate(classes.ranges):
        x = size.left + place % size.keys_in_row * wide
        y = top + KEY_ROW * (1 + place // size.keys_in_row) - 2
        text = range_words(least, most) + (", busiest" if level == TOP_CLASS else "")
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="22" height="15" fill="{_fill(level)}" '
            f'stroke="{QUIET_INK}" stroke-width=".6"/>'
            f'<text x="{x + 28:g}" y="{y + 12:g}">{in_map(text)}</text>'
        )
    return "".join(parts)


def range_words(least: float, most: float) -> str:
    """Write the range of a class: ``0``, ``2.1 to 5.4``."""
    first, last = (figure(value) if value > 0 else "0" for value in (least, most))
    return first if first == last else f"{first} to {last}"
