"""The paper of a printed map: places in millimetres, the choice of scale, true north, and words.

All words are set in the DejaVu Sans that comes with matplotlib, so that the same plan prints
alike on every machine.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from planner.geo import to_degrees, to_metric
from planner.publish.style import INK

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 420.0, 297.0
MM_PER_INCH = 25.4
MM_PER_POINT = MM_PER_INCH / 72
LINE_SPACING = 1.28

SCALES = (
    2_500, 5_000, 7_500, 10_000, 12_500, 15_000, 20_000, 25_000, 50_000, 75_000, 100_000,
    150_000, 200_000, 250_000, 500_000, 1_000_000, 2_000_000, 5_000_000,
)  # fmt: skip
# Down to this scale all hotspots stay on the map; only beyond it may far ones be left off.
GOOD_SCALE = 10_000
ENOUGH = 0.9
# What the map shows keeps clear of its frame by this much.
EDGE_MM = 8.0

Face = Literal["", "-Bold", "-Oblique"]
MISSING_LETTER = "\u25a1"
ELLIPSIS = "\u2026"


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, in millimetres from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.bottom + self.height


@dataclass(frozen=True)
class Window:
    """The stretch of ground that a frame shows.

    Attributes
    ----------
    frame
        Where the map lies on the page.
    middle
        Easting and northing in the frame's middle, in metres.
    scale
        Metres on the ground for a metre on paper.
    """

    frame: Box
    middle: tuple[float, float]
    scale: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north in metres."""
        east, north = self.middle
        half_width = self.frame.width * self.scale / 2_000
        half_height = self.frame.height * self.scale / 2_000
        return east - half_width, north - half_height, east + half_width, north + half_height

    def on_paper(self, points: np.ndarray) -> np.ndarray:
        """Turn metres into millimetres on the page, both of shape (n, 2)."""
        corner = np.array([self.frame.left, self.frame.bottom])
        paper: np.ndarray = corner + (points - np.array(self.bounds[:2])) * 1_000 / self.scale
        return paper

    def holds(self, boxes: np.ndarray) -> np.ndarray:
        """Tell which boxes (west, south, east, north in metres) lie wholly in the window."""
        return _within(boxes, *self.bounds)


def choose_window(boxes: np.ndarray, weights: np.ndarray, frame: Box) -> Window:
    """Choose the largest scale that shows what matters.

    All boxes are shown where 1:10,000 or a larger scale allows it. Beyond that the scale is the
    largest at which a window holds at least 90 % of the weight, so that a few far boxes don't
    make the rest too small to read.

    Parameters
    ----------
    boxes
        West, south, east and north of each thing to show, in metres, shape (n, 4).
    weights
        How much each counts, shape (n,).
    frame
        Where the map lies on the page.
    """
    held = np.ones(len(boxes), dtype=bool)
    for scale in SCALES:
        held = _fullest(boxes, weights, frame, scale)
        share = weights[held].sum() / weights.sum()
        if held.all() or (scale >= GOOD_SCALE and share >= ENOUGH):
            break
    if not held.any():
        held = np.ones(len(boxes), dtype=bool)
    low, high = boxes[held, :2].min(axis=0), boxes[held, 2:].max(axis=0)
    middle = (low + high) / 2
    return Window(frame, (float(middle[0]), float(middle[1])), scale)


def _fullest(boxes: np.ndarray, weights: np.ndarray, frame: Box, scale: int) -> np.ndarray:
    """Tell which boxes the fullest window holds; its west and south edge are some boxes'."""
    width = (frame.width - 2 * EDGE_MM) * scale / 1_000
    height = (frame.height - 2 * EDGE_MM) * scale / 1_000
    west, south = boxes[:, 0][:, None, None], boxes[:, 1][None, :, None]
    held = _within(boxes, west, south, west + width, south + height)
    held = held.reshape(-1, len(boxes))
    fullest: np.ndarray = held[(held @ weights).argmax()]
    return fullest


def _within(
    boxes: np.ndarray,
    west: float | np.ndarray,
    south: float | np.ndarray,
    east: float | np.ndarray,
    north: float | np.ndarray,
) -> np.ndarray:
    # A tenth of a millimetre of ground: sums of large coordinates are not exact.
    slack = 1e-4
    inside: np.ndarray = (
        (boxes[:, 0] >= west - slack)
        & (boxes[:, 1] >= south - slack)
        & (boxes[:, 2] <= east + slack)
        & (boxes[:, 3] <= north + slack)
    )
    return inside


def true_north(crs: str, middle: tuple[float, float]) -> float:
    """Return where true north lies: degrees anticlockwise from the map's up.

    It is measured, as the way to a place a little further north, so no sign convention of the
    grid convergence can turn it round.
    """
    here = np.array([middle])
    longitude, latitude = to_degrees(here, crs)[0]
    step = 0.001 if latitude < 89 else -0.001
    ahead = to_metric(np.array([longitude]), np.array([latitude + step]), crs)
    east, north = ((ahead - here)[0] * np.sign(step)).tolist()
    return float(np.degrees(np.arctan2(-east, north)))


def typeface(size: float, face: Face = "") -> FontProperties:
    """Return DejaVu Sans in a size in points."""
    return FontProperties(fname=str(_font_file(face)), size=size)


def _font_file(face: Face) -> Path:
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{face}.ttf"


@cache
def _letters() -> frozenset[int]:
    faces: tuple[Face, ...] = ("", "-Bold", "-Oblique")
    return frozenset.intersection(
        *(frozenset(get_font(str(_font_file(face))).get_charmap()) for face in faces)
    )


def printable(text: object) -> str:
    """Make text from data fit for one line: no control signs, and a box for unknown letters."""
    parts = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in str(text)).split()
    known = _letters()
    return " ".join("".join(c if ord(c) in known else MISSING_LETTER for c in p) for p in parts)


@lru_cache(maxsize=16_384)
def width_mm(text: str, size: float, face: Face = "") -> float:
    """Return the width of one line of text."""
    if not text:
        return 0.0
    points, _, _ = text_to_path.get_text_width_height_descent(text, typeface(size, face), False)
    return float(points) * MM_PER_POINT


def line_mm(size: float) -> float:
    """Return the distance from line to line."""
    return size * MM_PER_POINT * LINE_SPACING


def wrapped(
    text: object, width: float, size: float, face: Face = "", most: int | None = None
) -> list[str]:
    """Break text into lines.

    Parameters
    ----------
    text
        Any text; it is made printable.
    width
        Millimetres.
    size, face
        Of the letters.
    most
        Greatest number of lines; what is left over is cut, with an ellipsis.
    """
    lines: list[str] = []
    line = ""
    for word in _short_words(printable(text), width, size, face):
        longer = f"{line} {word}".strip()
        if line and width_mm(longer, size, face) > width:
            lines.append(line)
            longer = word
        line = longer
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1] + ELLIPSIS, width, size, face)]
    return lines


def _short_words(text: str, width: float, size: float, face: Face) -> Iterable[str]:
    """Break words that no line can hold."""
    for word in text.split(" "):
        rest = word
        while width_mm(rest, size, face) > width and len(rest) > 1:
            share = width / width_mm(rest, size, face)
            fits = max(1, int(len(rest) * share))
            while fits > 1 and width_mm(rest[:fits], size, face) > width:
                fits -= 1
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _cut(line: str, width: float, size: float, face: Face) -> str:
    while len(line) > 1 and width_mm(line, size, face) > width:
        line = line[:-2].rstrip() + ELLIPSIS
    return line


def words(
    page: Axes,
    place: tuple[float, float],
    text: str,
    size: float,
    *,
    colour: str = INK,
    face: Face = "",
    across: Literal["left", "center", "right"] = "left",
    upright: Literal["baseline", "center_baseline", "top"] = "baseline",
) -> Text:
    """Set one line of text; what looks like mathematics in it is text all the same."""
    return page.text(
        *place,
        text,
        color=colour,
        fontproperties=typeface(size, face),
        ha=across,
        va=upright,
        parse_math=False,
        usetex=False,
        zorder=20,
    )


def paragraph(
    page: Axes,
    place: tuple[float, float],
    lines: list[str],
    size: float,
    *,
    colour: str = INK,
    face: Face = "",
    across: Literal["left", "center", "right"] = "left",
) -> float:
    """Set lines below a height, and return the height below them."""
    x, top = place
    for line in lines:
        words(page, (x, top - 0.95 * size * MM_PER_POINT), line, size,
              colour=colour, face=face, across=across)  # fmt: skip
        top -= line_mm(size)
    return top
