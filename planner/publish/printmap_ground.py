"""The ground of a printed map, true to scale: streets, buildings, sites, and what frames them."""

from typing import cast

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib_scalebar.scalebar import ScaleBar

from planner.estate.model import Estate
from planner.publish.printmap_layout import (
    MM_PER_INCH,
    MM_PER_POINT,
    PAGE_WIDTH_MM,
    Box,
    Window,
    true_north,
    typeface,
    words,
)  # fmt: skip
from planner.publish.style import (
    BUILDING,
    BUILDING_LINE,
    GROUND,
    HOTSPOT,
    ILLUSTRATIVE,
    INK,
    QUIET_INK,
    SITE_LINE,
    STREET,
    STREET_EDGE,
)  # fmt: skip

MARGIN_MM = 10.0
PANEL_MM = 124.0
GUTTER_MM = 6.0
STRIP_MM = 16.0
BANNER_MM = 13.0
LONGEST_BAR_MM = 70.0
NARROWEST_STREET_MM = 0.35
# Widths of streets in metres by their ``highway``; all others are ways for walkers.
WIDE, USUAL, NARROW = 14.0, 9.0, 4.0
STREET_WIDTHS = {
    "motorway": WIDE, "trunk": WIDE, "primary": WIDE, "secondary": WIDE, "tertiary": USUAL,
    "unclassified": USUAL, "residential": USUAL, "pedestrian": USUAL, "living_street": USUAL,
}  # fmt: skip


def page_boxes(top: float) -> tuple[Box, Box]:
    """Return the frame of the map and the panel beside it, both below a height."""
    panel_left = PAGE_WIDTH_MM - MARGIN_MM - PANEL_MM
    bottom = MARGIN_MM + STRIP_MM
    frame = Box(MARGIN_MM, bottom, panel_left - GUTTER_MM - MARGIN_MM, top - bottom)
    return frame, Box(panel_left, MARGIN_MM, PANEL_MM, top - MARGIN_MM)


def draw_sheet(figure: Figure) -> Axes:
    """Return axes over the whole page whose units are millimetres."""
    page = figure.add_axes((0, 0, 1, 1), zorder=2)
    width, height = figure.get_size_inches() * MM_PER_INCH
    page.set(xlim=(0, width), ylim=(0, height), autoscale_on=False)
    page.set_axis_off()
    return page


def draw_chart(page: Axes, window: Window) -> Axes:
    """Return the map's axes below a page's own; their units are metres on the ground."""
    west, south, east, north = window.bounds
    frame, width, height = window.frame, page.get_xlim()[1], page.get_ylim()[1]
    chart = cast(Figure, page.get_figure(root=True)).add_axes(
        (frame.left / width, frame.bottom / height, frame.width / width, frame.height / height),
        facecolor=GROUND, zorder=1,
    )  # fmt: skip
    chart.set(xlim=(west, east), ylim=(south, north), autoscale_on=False, xticks=[], yticks=[])
    for side in chart.spines.values():
        side.set(edgecolor=INK, linewidth=0.8)
    return chart


def draw_ground(chart: Axes, estate: Estate, window: Window) -> None:
    """Draw streets, buildings and the outlines of sites, from below."""
    if estate.streets is not None:
        _streets(chart, estate.streets.lines, window)
    buildings = _seen(estate.buildings, window)
    chart.add_patch(
        PathPatch(outline(buildings), facecolor=BUILDING, edgecolor=BUILDING_LINE, linewidth=0.3,
                  zorder=2)
    )  # fmt: skip
    sites = _seen(estate.sites, window)
    chart.add_patch(
        PathPatch(outline(sites), facecolor="none", edgecolor=SITE_LINE, linewidth=0.6, zorder=2.1)
    )


def _seen(table: gpd.GeoDataFrame, window: Window) -> np.ndarray:
    shapes = table.geometry.to_numpy()
    seen: np.ndarray = shapes[shapely.intersects(shapes, shapely.box(*window.bounds))]
    return seen


def outline(shapes: np.ndarray) -> Path:
    """Join the rings of polygons, however many, into one path."""
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(shapes)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    turns = ring[1:] != ring[:-1]
    codes[np.concatenate([[True], turns])[: len(codes)]] = Path.MOVETO
    codes[np.concatenate([turns, [True]])[: len(codes)]] = Path.CLOSEPOLY
    return Path(points.reshape(-1, 2), codes)


def _streets(chart: Axes, lines: gpd.GeoDataFrame, window: Window) -> None:
    """Draw streets white between thin edges, so that they show on white paper."""
    near = lines[shapely.intersects(lines.geometry.to_numpy(), shapely.box(*window.bounds))]
    metres = near["highway"].map(STREET_WIDTHS).fillna(NARROW).to_numpy(float)
    points = np.maximum(metres * 1_000 / window.scale, NARROWEST_STREET_MM) / MM_PER_POINT
    parts, line = shapely.get_parts(near.geometry.to_numpy(), return_index=True)
    ways = [shapely.get_coordinates(part) for part in parts]
    for colour, wider, order in ((STREET_EDGE, 0.8, 1.0), (STREET, 0.0, 1.1)):
        chart.add_collection(
            LineCollection(ways, colors=colour, linewidths=points[line] + wider,
                           capstyle="round", joinstyle="round", zorder=order)
        )  # fmt: skip


def draw_strip(page: Axes, chart: Axes, window: Window, crs: str) -> None:
    """Draw scale, scale bar and north arrow below the map, where they cover nothing of it."""
    frame = window.frame
    middle = frame.bottom - STRIP_MM / 2 - 1
    words(page, (frame.left, middle - 1.8), scale_words(window.scale), 14, face="-Bold")
    place = Box(frame.left + 62, frame.bottom - STRIP_MM, 90, STRIP_MM - 2)
    draw_scale_bar(page, chart, place, window.scale)
    turn = true_north(crs, window.middle)
    tip = (frame.right - 5, middle)
    draw_arrow(page, tip, turn)
    words(page, (tip[0] - 7, middle + 0.6), "True north", 8, across="right")
    way = "west" if turn > 0 else "east"
    off = f"{abs(turn):.1f}\u00b0 {way} of the map's up" if abs(turn) >= 0.05 else "is straight up"
    words(page, (tip[0] - 7, middle - 3.2), off, 7, colour=QUIET_INK, across="right")


def scale_words(scale: int, paper: str = "A3") -> str:
    """Write a scale: ``1:10,000 at A3``."""
    return f"1:{scale:,} at {paper}"


def draw_scale_bar(
    page: Axes, chart: Axes, place: Box, scale: int, longest_mm: float = LONGEST_BAR_MM
) -> None:
    """Draw the bar of a map at the left of a place on its page."""
    metres = bar_metres(scale, longest_mm)
    font = typeface(9)
    length, unit = (metres / 1_000, "km") if metres >= 1_000 else (metres, "m")
    bar = ScaleBar(
        1.0,
        units="m",
        fixed_value=int(length),
        fixed_units=unit,
        width_fraction=0.005,
        location="center left",
        bbox_to_anchor=(place.left, place.bottom, place.width, place.height),
        bbox_transform=page.transData,
        frameon=False,
        color=INK,
        sep=2,
        pad=0,
        border_pad=0,
        # The axes are set in millimetres, so both ways have the same scale already.
        rotation="horizontal-only",
        font_properties={"fname": font.get_file(), "size": 9},
    )
    chart.add_artist(bar)


def bar_metres(scale: int, longest_mm: float = LONGEST_BAR_MM) -> float:
    """Return the longest round length (1, 2 or 5) that the scale bar has room for."""
    longest = longest_mm * scale / 1_000
    tens = 10.0 ** np.floor(np.log10(longest))
    return float(max(step * tens for step in (1, 2, 5) if step * tens <= longest))


def draw_arrow(page: Axes, middle: tuple[float, float], turn: float, size: float = 1.0) -> None:
    """Draw an arrow that points to true north; ``turn`` is in degrees anticlockwise from up."""
    radians = np.radians(turn)
    rotation = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    halves = (
        (np.array([[0, 6.5], [-2.6, -5], [0, -3]]), INK),
        (np.array([[0, 6.5], [2.6, -5], [0, -3]]), "#ffffff"),
    )
    for corners, fill in halves:
        page.add_patch(
            Polygon(size * corners @ rotation.T + np.array(middle), closed=True, facecolor=fill,
                    edgecolor=INK, linewidth=0.6)
        )  # fmt: skip


def draw_banner(page: Axes, size: float = 20, height: float = BANNER_MM - 3) -> None:
    """Say across the whole page that the data are invented, in letters of a size in points."""
    whole, top = page.get_xlim()[1], page.get_ylim()[1] - MARGIN_MM
    bottom = top - height
    page.add_patch(Rectangle((MARGIN_MM, bottom), whole - 2 * MARGIN_MM, height, facecolor=HOTSPOT))
    middle = (whole / 2, bottom + height / 2)
    words(page, middle, ILLUSTRATIVE, size, colour="#ffffff", face="-Bold", across="center",
          upright="center_baseline")  # fmt: skip
