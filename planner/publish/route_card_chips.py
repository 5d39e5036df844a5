"""The numbers of stops on a route card: each kind in a shape of its own, none over another.

A visit is a pill, one that must be made a pill with a double line, a duty a dark square, a meal a
dashed square, a call a square with a double line. The web map draws them alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from planner.allocate.plan import Route, StopKind
from planner.publish.printmap_layout import MM_PER_POINT, Box, width_mm, words
from planner.publish.stop_words import END, KIND_MARKS, escort_end, stop_tag
from planner.publish.style import INK, SITE_LINE

ChipKind = StopKind | Literal["end", "post"]
GAP_MM = 0.5
LEAST_ROOM_MM = 1.1
# Numbers of one place that share a chip; more would make it too wide to lie beside others.
MOST_NUMBERS = 3
# What covering another stop's place costs, as millimetres further away.
COVERS_MM = 8.0
# More than any place costs that is free.
_TAKEN, _OFF_MAP = 1e3, 1e5
DOUBLE_LINE_MM = 0.75
DOUBLE: tuple[ChipKind, ...] = ("must-visit", "call")


@dataclass(frozen=True)
class Chip:
    """A number on the map or in the table.

    Attributes
    ----------
    text, kind
        What it says, and of what.
    anchor
        The place that it speaks of, in millimetres.
    size
        Of its letters, in points.
    middle
        Where it lies, in millimetres.
    crowded
        Whether there was no place left where it lies over no other.
    """

    text: str
    kind: ChipKind
    anchor: tuple[float, float]
    size: float
    middle: tuple[float, float] = (0.0, 0.0)
    crowded: bool = False

    @cached_property
    def half(self) -> tuple[float, float]:
        """Half its width and height, in millimetres."""
        high = chip_height(self.size)
        wide = width_mm(self.text, self.size, "-Bold") + 2 * LEAST_ROOM_MM
        return max(wide, high) / 2, high / 2


def chip_height(size: float) -> float:
    """Return the height of a chip, in millimetres."""
    return size * MM_PER_POINT * 1.4


def chip_text(route: Route, numbers: Sequence[int], kind: StopKind) -> str:
    """Write the numbers of stops of one kind at one place: ``A3\u00b78``, ``A4 meal``."""
    first, *others = numbers
    tag = "\u00b7".join([stop_tag(route.team, first), *(str(number) for number in others)])
    return f"{tag} {KIND_MARKS[kind]}".strip()


def route_chips(route: Route, size: float) -> list[tuple[Chip, tuple[float, float]]]:
    """List the chips of a route's posts, stops and escorts' ends, each with its place in degrees.

    Stops of one kind at one place share chips.
    """
    shared: dict[tuple[float, float, StopKind], list[int]] = {}
    found: list[tuple[Chip, tuple[float, float]]] = []
    for number, stop in enumerate(route.stops, start=1):
        shared.setdefault((stop.longitude, stop.latitude, stop.kind), []).append(number)
        end = escort_end(stop)
        if end is not None:
            text = f"{stop_tag(route.team, number)} {END}"
            found.append((Chip(text, "end", (0, 0), size), end))
    for (longitude, latitude, kind), numbers in shared.items():
        for first in range(0, len(numbers), MOST_NUMBERS):
            text = chip_text(route, numbers[first : first + MOST_NUMBERS], kind)
            found.append((Chip(text, kind, (0, 0), size), (longitude, latitude)))
    return found + [(Chip(text, "post", (0, 0), size), place) for text, place in _posts(route)]


def _posts(route: Route) -> list[tuple[str, tuple[float, float]]]:
    if not route.path:
        return []
    if route.path[0] == route.path[-1]:
        return [("Post", route.path[0])]
    return [("Start", route.path[0]), ("Finish", route.path[-1])]


def place_chips(chips: Sequence[Chip], frame: Box) -> list[Chip]:
    """Move chips so that none lies over another, or out of the frame, while there is a place.

    Each goes, in their order, to the free place nearest to its anchor; a place where it covers
    another's anchor counts as further away. One that finds none is marked as crowded.
    """
    placed: list[Chip] = []
    anchors = np.array([chip.anchor for chip in chips]).reshape(-1, 2)
    for chip in chips:
        others = anchors[(anchors != np.array(chip.anchor)).any(axis=1)]
        spots = np.array(chip.anchor) + _rings(*chip.half)
        cost = np.hypot(*(spots - np.array(chip.anchor)).T)
        cost += COVERS_MM * _hits(spots, others, np.array(chip.half) + 0.6).sum(axis=1)
        cost += _OFF_MAP * _outside(spots, chip.half, frame)
        shown = [other for other in placed if not other.crowded]
        reach = np.array([other.half for other in shown]).reshape(-1, 2) + chip.half + GAP_MM
        middles = np.array([other.middle for other in shown]).reshape(-1, 2)
        cost += _TAKEN * _hits(spots, middles, reach).sum(axis=1)
        best = int(cost.argmin())
        x, y = spots[best].tolist()
        placed.append(replace(chip, middle=(x, y), crowded=bool(cost[best] >= _TAKEN)))
    return placed


def _rings(half_width: float, half_height: float) -> np.ndarray:
    """Return steps from a place outwards, wider than high as the chip is, shape (s, 2)."""
    turns = np.arange(24) * np.pi / 12 + np.pi / 4
    circle = np.column_stack([np.cos(turns), np.sin(turns)])
    wide, high = half_width + 1.5, half_height + 1.5
    far = np.arange(1.0, 9.0, 0.5)
    steps = [circle * (wide + (out - 1) * high, high * out) for out in far]
    return np.vstack([np.zeros((1, 2)), *steps])


def _hits(spots: np.ndarray, others: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Tell which spots lie within a reach across and up of which others, shape (s, o)."""
    hits: np.ndarray = (np.abs(spots[:, None] - others[None]) < reach).all(axis=2)
    return hits


def _outside(spots: np.ndarray, half: tuple[float, float], frame: Box) -> np.ndarray:
    low = np.array([frame.left, frame.bottom]) + np.array(half) + 0.8
    high = np.array([frame.right, frame.top]) - np.array(half) - 0.8
    out: np.ndarray = ((spots < low) | (spots > high)).any(axis=1)
    return out


def draw_chip(page: Axes, chip: Chip, colour: str) -> None:
    """Draw a chip where it lies; ``colour`` is its team's."""
    dark = {"duty": INK, "post": SITE_LINE}.get(chip.kind)
    edge = {"end": INK, "post": SITE_LINE}.get(chip.kind, colour)
    double = chip.kind in DOUBLE
    if double:
        _outline(page, chip, DOUBLE_LINE_MM, "#ffffff", edge, 0.9)
    dashes = (0, (2.2, 1.4)) if chip.kind == "meal" else "solid"
    _outline(page, chip, 0.0, dark or "#ffffff", edge, 0.9 if double else 1.5, dashes)
    words(page, chip.middle, chip.text, chip.size, colour="#ffffff" if dark else INK, face="-Bold",
          across="center", upright="center_baseline")  # fmt: skip


def _outline(
    page: Axes, chip: Chip, out: float, fill: str, edge: str, line: float,
    dashes: str | tuple[int, tuple[float, float]] = "solid",
) -> None:  # fmt: skip
    half_width, half_height = chip.half[0] + out, chip.half[1] + out
    x, y = chip.middle
    round_mm = half_height if chip.kind in ("visit", "must-visit") else 0.25
    page.add_patch(
        FancyBboxPatch(
            (x - half_width, y - half_height), 2 * half_width, 2 * half_height,
            boxstyle=f"round,pad=0,rounding_size={round_mm}", facecolor=fill, edgecolor=edge,
            linewidth=line, linestyle=dashes, zorder=12,
        )
    )  # fmt: skip
