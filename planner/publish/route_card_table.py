"""The table of a route card: every stop in a row, set smaller and shorter the more there are.

Few stops are set in 8 points with up to three lines each. As room gets short, letters become
smaller, down to 7 points, and cells get fewer lines; then stops stand in two columns without what
to look for; and what still has no room is counted in a last line, never left out in silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from planner.allocate.plan import Route, Stop
from planner.publish.printmap_layout import (
    ELLIPSIS,
    Box,
    Face,
    line_mm,
    paragraph,
    words,
    wrapped,
)
from planner.publish.route_card_chips import (
    DOUBLE,
    DOUBLE_LINE_MM,
    Chip,
    chip_height,
    draw_chip,
)
from planner.publish.stop_words import look_words, rank_words, stop_tag, what_words
from planner.publish.style import INK, QUIET_INK, STREET_EDGE, clock

SMALLEST = 7.0
HEAD_MM = 4.6
FOOT_MM = 4.2
CHIP_POINTS = 7.0
TWO_COLUMNS_GAP = 6.0
RANK_NOTE = "Rank: if time is short, drop the highest first between two duties, and 1 last. "
DETOUR_NOTE = "Detour: minutes saved without it."
# What a stop is must not be cut short: an escort's end, and who goes along.
MOST_WHAT_LINES = 4


@dataclass(frozen=True)
class Column:
    """A column: its left edge and width, from the table's left in millimetres, and its head."""

    left: float
    width: float
    head: str


TAG = Column(0.0, 13.0, "Stop")
TIME = Column(14.0, 20.0, "Stay")
PLACE = Column(35.0, 44.0, "Place")
WHAT = Column(80.5, 30.5, "What")
RANK = Column(112.5, 11.0, "Rank")
LOOK = Column(124.5, 51.0, "What to look for")
DETOUR = Column(177.0, 13.0, "Detour")
COLUMNS = (TAG, TIME, PLACE, WHAT, RANK, LOOK, DETOUR)
# Of each of two columns side by side.
NARROW_PLACE = Column(35.0, 31.0, "Place")
NARROW_WHAT = Column(67.0, 25.0, "What")
NARROW = (TAG, TIME, NARROW_PLACE, NARROW_WHAT)


@dataclass(frozen=True)
class TableStyle:
    """How a table is set: the size of its letters in points, lines a cell, columns of stops."""

    size: float
    most_lines: int
    side_by_side: int = 1

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a stop has."""
        return COLUMNS if self.side_by_side == 1 else NARROW


STYLES = (
    TableStyle(8.0, 3), TableStyle(7.5, 2), TableStyle(SMALLEST, 2), TableStyle(SMALLEST, 1),
    TableStyle(SMALLEST, 2, side_by_side=2), TableStyle(SMALLEST, 1, side_by_side=2),
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table that fits its room.

    Attributes
    ----------
    route
        Whose stops it lists.
    style
        How it is set.
    rows
        The lines of each stop's cells, column by column.
    shown
        How many stops have a row.
    """

    route: Route
    style: TableStyle
    rows: tuple[dict[Column, list[str]], ...]
    shown: int

    @property
    def height(self) -> float:
        """Its height in millimetres, with its head and what is said below it."""
        if not self.rows:
            return HEAD_MM
        rows, stops = self.rows[: self.shown], self.route.stops[: self.shown]
        return HEAD_MM + _rows_height(rows, stops, self.style) + FOOT_MM


def fitted_table(route: Route, room_mm: float) -> Table:
    """Set a route's stops in the largest style that fits a height in millimetres."""
    for style in STYLES:
        rows = tuple(_cells(route, row, style) for row in range(len(route.stops)))
        table = Table(route, style, rows, len(rows))
        if table.height <= room_mm:
            return table
    shown = len(rows)
    while shown > 1 and Table(route, style, rows, shown).height > room_mm:
        shown -= 1
    return Table(route, style, rows, shown)


def _cells(route: Route, row: int, style: TableStyle) -> dict[Column, list[str]]:
    stop = route.stops[row]
    texts = {TIME: f"{clock(stop.arrive)}\u2013{clock(stop.leave)}"}
    rank = rank_words(stop)
    if style.side_by_side == 1:
        what = WHAT
        texts |= {PLACE: stop.name, WHAT: what_words(stop)}
        texts |= {RANK: rank, LOOK: "", DETOUR: _detour(stop)}
    else:
        what = NARROW_WHAT
        ranked = f", rank {rank}" if rank else ""
        texts |= {NARROW_PLACE: stop.name, NARROW_WHAT: what_words(stop) + ranked}
    cells = {
        column: wrapped(
            text, column.width, style.size, _face(column, style),
            most=MOST_WHAT_LINES if column is what else style.most_lines,
        )
        for column, text in texts.items()
    }  # fmt: skip
    return cells | ({LOOK: _look(stop, style)} if LOOK in texts else {})


def _look(stop: Stop, style: TableStyle) -> list[str]:
    """Say what to look for in whole parts, as many as there is room for."""
    parts = look_words(stop.why).split("; ")
    for kept in range(len(parts), 0, -1):
        text = "; ".join(parts[:kept]) + (ELLIPSIS if kept < len(parts) else "")
        if len(wrapped(text, LOOK.width, style.size)) <= style.most_lines:
            return wrapped(text, LOOK.width, style.size)
    return wrapped(parts[0], LOOK.width, style.size, most=style.most_lines)


def _face(column: Column, style: TableStyle) -> Face:
    # Bold letters are wider: where a name has one line only, more of it fits in plain ones.
    bold = column is TIME or (column is PLACE and style.most_lines > 1)
    return "-Bold" if bold else ""


def _detour(stop: Stop) -> str:
    return "" if stop.detour_minutes is None else f"{stop.detour_minutes:.0f} min"


def _row_height(cells: dict[Column, list[str]], stop: Stop, style: TableStyle) -> float:
    lines = max(len(lines) for lines in cells.values())
    return max(lines * line_mm(style.size) + 0.7, chip_height(CHIP_POINTS) + 2 * _chip_room(stop))


def _chip_room(stop: Stop) -> float:
    return 0.4 + (DOUBLE_LINE_MM if stop.kind in DOUBLE else 0.0)


def _rows_height(
    rows: Sequence[dict[Column, list[str]]], stops: Sequence[Stop], style: TableStyle
) -> float:
    heights = [_row_height(*row, style) for row in zip(rows, stops, strict=True)]
    if style.side_by_side == 1:
        return sum(heights)
    half = (len(heights) + 1) // 2
    return max(sum(heights[:half]), sum(heights[half:]))


def draw_table(page: Axes, place: Box, table: Table, colour: str) -> None:
    """Draw a table from the top of a place down; ``colour`` is the team's."""
    if not table.rows:
        text = "No stops: this team stands by."
        words(page, (place.left, place.top - 3.4), text, 8, face="-Bold")
        return
    style = table.style
    width = (place.width - TWO_COLUMNS_GAP * (style.side_by_side - 1)) / style.side_by_side
    part = (table.shown + style.side_by_side - 1) // style.side_by_side
    lowest = place.top
    for column in range(style.side_by_side):
        left = place.left + column * (width + TWO_COLUMNS_GAP)
        rows = range(column * part, min((column + 1) * part, table.shown))
        below = _draw_rows(page, left, width, place.top, table, rows, colour)
        lowest = min(lowest, below)
    words(page, (place.left, lowest - 3.2), _note(table), SMALLEST, colour=QUIET_INK)


def _note(table: Table) -> str:
    left_over = len(table.rows) - table.shown
    if left_over:
        return f"{left_over} more stops have no room here: take the plan's table of stops along."
    ranked = any(rank_words(stop) for stop in table.route.stops)
    if table.style.side_by_side > 1:
        return RANK_NOTE * ranked + "What to look for: see the plan's table of stops."
    timed = any(stop.detour_minutes is not None for stop in table.route.stops)
    return RANK_NOTE * ranked + DETOUR_NOTE * timed


def _draw_rows(
    page: Axes, left: float, width: float, top: float, table: Table, rows: range, colour: str
) -> float:
    """Draw a head and rows below a height, and return the height below them."""
    for column in table.style.columns:
        right = column.left + column.width if column is DETOUR else column.left
        words(page, (left + right, top - 3.2), column.head, SMALLEST, colour=QUIET_INK,
              face="-Bold", across="right" if column is DETOUR else "left")  # fmt: skip
    top -= HEAD_MM
    page.plot([left, left + width], [top, top], color=INK, linewidth=0.6)
    for row in rows:
        top = _draw_row(page, left, width, top, table, row, colour)
    return top


def _draw_row(
    page: Axes, left: float, width: float, top: float, table: Table, row: int, colour: str
) -> float:
    cells, stop = table.rows[row], table.route.stops[row]
    height = _row_height(cells, stop, table.style)
    chip = Chip(stop_tag(table.route.team, row + 1), stop.kind, (0, 0), CHIP_POINTS)
    middle = (left + chip.half[0] + 0.8, top - chip.half[1] - _chip_room(stop))
    draw_chip(page, Chip(chip.text, chip.kind, middle, CHIP_POINTS, middle), colour)
    for column, lines in cells.items():
        at_right = column is DETOUR
        x = left + column.left + (column.width if at_right else 0)
        paragraph(page, (x, top - 0.6), lines, table.style.size, face=_face(column, table.style),
                  across="right" if at_right else "left")  # fmt: skip
    page.plot([left, left + width], [top - height] * 2, color=STREET_EDGE, linewidth=0.5)
    return top - height
