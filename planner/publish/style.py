"""One look for screen, print and HTML: colours, sizes and words."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from planner.allocate.plan import ShiftNote
from planner.insight.hotspots.result import SIGNIFICANT_Q

GROUND = "#f6f4ef"
BUILDING = "#e6e1d6"
BUILDING_LINE = "#c9c2b5"
STREET = "#ffffff"
STREET_EDGE = "#d5cfc2"
SITE_LINE = "#002147"
INK = "#1c1c1c"
QUIET_INK = "#55524b"
CAMERA = "#5b4a8a"
HOTSPOT = "#7a0026"
# A hotspot that may be chance: lighter, and its outline dashed.
HOTSPOT_DOUBTFUL = "#b0728a"

# ColorBrewer YlGnBu in five classes; the top one is hatched as well, so that greyscale keeps it.
RISK_COLOURS = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
# Okabe-Ito without yellow and black, which are lost on this ground.
TEAM_COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
# Dash lengths in line widths: each team has a line of its own beside its colour and letter.
TEAM_DASHES: tuple[tuple[int, ...], ...] = ((), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (1, 2))

# Characters of an audit hash on a print: enough to tell one log from another.
HEAD_SHOWN = 16

ILLUSTRATIVE = "ILLUSTRATIVE DATA: the incidents shown are invented"


@dataclass(frozen=True)
class TeamStyle:
    """Colour and dashes of a team's line; with its letter, three ways to tell teams apart."""

    colour: str
    dashes: tuple[int, ...]


def team_style(number: int) -> TeamStyle:
    """Return the style of team 0, 1, 2 and so on."""
    turn = number // len(TEAM_COLOURS)
    return TeamStyle(
        TEAM_COLOURS[number % len(TEAM_COLOURS)],
        TEAM_DASHES[(number + turn) % len(TEAM_DASHES)],
    )


def risk_classes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sort values into five classes.

    Parameters
    ----------
    values
        Expected incidents by zone, shape (z,).

    Returns
    -------
    classes, limits
        Class of each value, 0 (least) to 4, and the upper limit of each class, shape (5,). The
        limits are quantiles, so that the top class holds the highest twentieth.
    """
    limits = np.quantile(values, [0.4, 0.65, 0.85, 0.95, 1.0])
    classes = np.searchsorted(limits[:-1], values, side="left")
    return classes, limits


def in_map(text: object) -> str:
    """Make text from data safe for every place of a folium map.

    HTML is escaped, and then what JavaScript template strings would run: popups and tooltips
    run ``${...}`` even in escaped text.
    """
    escaped = html.escape(str(text), quote=True)
    for letter in "`$\\{}":
        escaped = escaped.replace(letter, f"&#{ord(letter)};")
    return escaped


def clock(moment: str) -> str:
    """Write an ISO moment as a 24-hour time: ``22:15``."""
    return f"{datetime.fromisoformat(moment):%H:%M}"


def day_and_clock(moment: str) -> str:
    """Write an ISO moment as ``Sat 21 Nov 2026, 22:15``."""
    at = datetime.fromisoformat(moment)
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"


def shift_words(shift: ShiftNote) -> str:
    """Say which shift it is: ``Night shift, Wed 30 Sep 2026, 22:00 to 06:00``."""
    name = shift.name[:1].upper() + shift.name[1:]
    day = f" ({shift.day})" if shift.day else ""
    return f"{name} shift, {day_and_clock(shift.starts_at)} to {clock(shift.ends_at)}{day}"


def per_cent(share: float) -> str:
    """Write a share from 0 to 1: ``9.2 %``."""
    return f"{100 * share:.1f} %"


def change_words(change: float | None) -> str:
    """Write a relative change: ``+12 %``, or say that it can't be told."""
    if change is None:
        return "no earlier figure"
    return f"{100 * change:+.0f} %".replace("-", "\N{MINUS SIGN}")


def chance_words(q: float) -> str:
    """Say whether a hotspot is more than chance: ``more than chance (q = 0.003)``."""
    return f"more than chance ({q_words(q)})" if q < SIGNIFICANT_Q else "may be chance"


def q_words(q: float) -> str:
    """Write a false discovery rate: ``q = 0.003``, ``q < 0.001``."""
    return "q < 0.001" if q < 0.001 else f"q = {q:.3f}" if q < 0.1 else f"q = {q:.2f}"


def trend_words(trend: str, q: float | None) -> str:
    """Write a trend, with the rate at which a change like it is false: ``emerging (q = 0.01)``."""
    told = trend in ("emerging", "receding") and q is not None
    return f"{trend} ({q_words(q)})" if told and q is not None else trend


def category_words(categories: Sequence[tuple[str, int]]) -> str:
    """Write the most frequent categories with their counts: ``theft 17, alarm 9``."""
    return ", ".join(f"{name} {count:,}" for name, count in categories)


def number_words(value: float) -> str:
    """Write an expected number: with one decimal where it is small."""
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"
