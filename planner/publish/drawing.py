"""Small drawings as SVG, which a page shows as pictures that load nothing from elsewhere."""

import base64
import html
from collections.abc import Sequence
from typing import Literal

from planner.publish.style import INK, QUIET_INK, in_map

FONT = "'Source Sans 3','Source Sans Pro','Segoe UI',system-ui,'Noto Sans',sans-serif"
LETTERS = 14


def svg(width: float, height: float, parts: Sequence[str]) -> str:
    """Put parts together.

    Parameters
    ----------
    width, height
        In pixels; a page may show it smaller.
    parts
        SVG elements, from below.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="{FONT}" font-size="{LETTERS}">'
        f"{''.join(parts)}</svg>"
    )


def picture_html(drawing: str, words: str, kind: str = "plot") -> str:
    """Show an SVG as a picture.

    A page's own sanitiser removes SVG that stands in it as text, and leaves pictures.

    Parameters
    ----------
    words
        What it shows, for who can't see it.
    kind
        Class of the picture.
    """
    data = base64.b64encode(drawing.encode()).decode()
    return f'<img class="{kind}" alt="{in_map(words)}" src="data:image/svg+xml;base64,{data}">'


def line(
    begin: tuple[float, float],
    end: tuple[float, float],
    colour: str = QUIET_INK,
    width: float = 1.0,
    dashes: str = "",
) -> str:
    """Draw a line."""
    return path([begin, end], colour, width, dashes)


def path(
    points: Sequence[tuple[float, float]], colour: str, width: float = 1.0, dashes: str = ""
) -> str:
    """Draw a line through points."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{corners}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        f'stroke-linejoin="round"{dashed}/>'
    )


def block(
    left: float, top: float, width: float, height: float, fill: str, edge: str = "none"
) -> str:
    """Draw a rectangle."""
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(width, 0):.1f}" '
        f'height="{max(height, 0):.1f}" fill="{fill}" stroke="{edge}"/>'
    )


def dot(place: tuple[float, float], radius: float, fill: str, edge: str) -> str:
    """Draw a disc."""
    return (
        f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius:g}" fill="{fill}" '
        f'stroke="{edge}" stroke-width="2"/>'
    )


def text(
    place: tuple[float, float],
    words: str,
    anchor: Literal["start", "middle", "end"] = "start",
    colour: str = INK,
    *,
    bold: bool = False,
) -> str:
    """Set one line of text."""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{place[0]:.1f}" y="{place[1]:.1f}" text-anchor="{anchor}" fill="{colour}"'
        f"{weight}>{html.escape(words)}</text>"
    )


def spread(heights: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Move labels' heights apart so that none lies over another, and all in their order.

    Parameters
    ----------
    heights
        Where each would stand, downwards.
    gap
        Least distance between two.
    top, bottom
        Where they have to stay, if there is room.
    """
    order = sorted(range(len(heights)), key=lambda row: heights[row])
    placed: list[float] = []
    for row in order:
        lowest = placed[-1] + gap if placed else top
        placed.append(max(heights[row], lowest))
    over = max(placed[-1] - bottom, 0.0) if placed else 0.0
    for number in range(len(placed) - 1, -1, -1):
        if over <= 0:
            break
        limit = bottom if number == len(placed) - 1 else placed[number + 1] - gap
        placed[number] = min(placed[number], limit)
    found = [0.0] * len(heights)
    for row, height in zip(order, placed, strict=True):
        found[row] = height
    return found
