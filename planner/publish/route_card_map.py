"""The map of a route card: one team's way and stops, true to scale, true north straight up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import CircleCollection, LineCollection

from planner.allocate.plan import Route
from planner.estate.model import Estate
from planner.geo import to_metric
from planner.publish.printmap_ground import (
    draw_arrow,
    draw_chart,
    draw_ground,
    draw_scale_bar,
    scale_words,
)
from planner.publish.printmap_layout import (
    MM_PER_POINT,
    Box,
    Window,
    choose_window,
    true_north,
    words,
)
from planner.publish.printmap_marks import DISC_MM, draw_labels
from planner.publish.route_card_chips import Chip, draw_chip, place_chips, route_chips
from planner.publish.style import INK, QUIET_INK, TeamStyle
from planner.publish.walked_streets import walked_streets

STRIP_MM = 10.0
ROUTE_POINTS, CASING_POINTS = 2.2, 4.2
LABEL_POINTS = 7.0
LONGEST_BAR_MM = 45.0
DOT_MM = 0.8
CHIP_POINTS, SMALL_CHIP_POINTS, MANY_STOPS = 8.0, 7.0, 16


@dataclass(frozen=True)
class NorthUp:
    """Turns metres round a place so that true north lies straight up there.

    Attributes
    ----------
    crs
        The metric system.
    middle
        Easting and northing of the place.
    """

    crs: str
    middle: tuple[float, float]

    def turn(self, points: np.ndarray) -> np.ndarray:
        """Turn metres, shape (n, 2)."""
        radians = -np.radians(true_north(self.crs, self.middle))
        rotation = np.array(
            [[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]]
        )
        turned: np.ndarray = (points - np.array(self.middle)) @ rotation.T + np.array(self.middle)
        return turned

    def from_degrees(self, points: Sequence[tuple[float, float]] | np.ndarray) -> np.ndarray:
        """Turn longitude and latitude into turned metres, shape (n, 2)."""
        degrees = np.asarray(points, dtype=float).reshape(-1, 2)
        return self.turn(to_metric(degrees[:, 0], degrees[:, 1], self.crs).reshape(-1, 2))

    def ground(self, estate: Estate, window: Window) -> Estate:
        """Return what of an estate may lie in a window, turned."""
        west, south, east, north = window.bounds
        corners = np.array([(west, south), (east, north), (west, north), (east, south)])
        reach = np.hypot(*(corners - np.array(self.middle)).T).max()
        near = shapely.buffer(shapely.Point(self.middle), reach)
        streets = estate.streets
        return replace(
            estate,
            sites=self._near(estate.sites, near),
            buildings=self._near(estate.buildings, near),
            # Only its lines are drawn; the network of ways stays as it is.
            streets=None
            if streets is None
            else replace(streets, lines=self._near(streets.lines, near)),
        )

    def _near(self, table: gpd.GeoDataFrame, near: shapely.Geometry) -> gpd.GeoDataFrame:
        kept = table[shapely.intersects(table.geometry.to_numpy(), near)]
        return kept.set_geometry(shapely.transform(kept.geometry.to_numpy(), self.turn))


def north_up(estate: Estate, route: Route) -> NorthUp:
    """Find the middle of a route, or of the estate where a team has no place to be."""
    degrees = _degrees(route)
    if len(degrees):
        points = to_metric(degrees[:, 0], degrees[:, 1], estate.crs).reshape(-1, 2)
    else:
        points = shapely.total_bounds(estate.sites.geometry.to_numpy()).reshape(2, 2)
    x, y = ((points.min(axis=0) + points.max(axis=0)) / 2).tolist()
    return NorthUp(estate.crs, (x, y))


def _degrees(route: Route) -> np.ndarray:
    """Return every place that the map must show: longitude and latitude, shape (n, 2)."""
    chips = [place for _, place in route_chips(route, CHIP_POINTS)]
    return np.array([*route.path, *chips], dtype=float).reshape(-1, 2)


def route_window(estate: Estate, route: Route, frame: Box) -> Window:
    """Choose the largest scale at which a frame shows the whole route, in turned metres."""
    up = north_up(estate, route)
    points = up.from_degrees(_degrees(route))
    if not len(points):
        points = up.turn(shapely.total_bounds(estate.sites.geometry.to_numpy()).reshape(2, 2))
    box = np.concatenate([points.min(axis=0), points.max(axis=0)]).reshape(1, 4)
    return choose_window(box, np.ones(1), frame)


def draw_route_map(page: Axes, place: Box, estate: Estate, route: Route, look: TeamStyle) -> None:
    """Draw the map of a route, and below it the scale and where north is.

    Parameters
    ----------
    page
        Axes in millimetres.
    place
        Where the map lies, with its strip.
    look
        The team's line.
    """
    frame = Box(place.left, place.bottom + STRIP_MM, place.width, place.height - STRIP_MM)
    window = route_window(estate, route, frame)
    up = north_up(estate, route)
    ground = up.ground(estate, window)
    chips = _chips(route, up, window)
    lines = shapely.transform(walked_streets(route), up.from_degrees) if route.path else None
    there = np.array([] if lines is None or lines.is_empty else [lines], dtype=object)
    draw_labels(page, ground, window, there, _taken(chips), LABEL_POINTS)
    chart = draw_chart(page, window)
    draw_ground(chart, ground, window)
    _way(chart, there, look)
    _stops(page, chips, look)
    _strip(page, chart, window, sum(chip.crowded for chip in chips))


def _chips(route: Route, up: NorthUp, window: Window) -> list[Chip]:
    size = SMALL_CHIP_POINTS if len(route.stops) > MANY_STOPS else CHIP_POINTS
    found = route_chips(route, size)
    paper = window.on_paper(up.from_degrees([place for _, place in found]))
    anchored = [
        replace(chip, anchor=(float(x), float(y)))
        for (chip, _), (x, y) in zip(found, paper, strict=True)
    ]
    return place_chips(anchored, window.frame)


def _taken(chips: Sequence[Chip]) -> np.ndarray:
    """Return middles of squares of a disc's size that cover the chips, shape (n, 2)."""
    spots = [
        (x, chip.middle[1])
        for chip in chips
        if not chip.crowded
        for half in [max(chip.half[0] - DISC_MM, 0.0)]
        for x in np.linspace(chip.middle[0] - half, chip.middle[0] + half, 1 + int(half))
    ]
    return np.array(spots, dtype=float).reshape(-1, 2)


def _way(chart: Axes, lines: np.ndarray, look: TeamStyle) -> None:
    """Draw the streets of a route on a white casing, so that the line shows on dark ground."""
    ways = [shapely.get_coordinates(part) for part in shapely.get_parts(lines)]
    dashes = (0, look.dashes) if look.dashes else "solid"
    for colour, width, line, order in (
        ("#ffffff", CASING_POINTS, "solid", 4.0),
        (look.colour, ROUTE_POINTS, dashes, 4.1),
    ):
        chart.add_collection(
            LineCollection(ways, colors=colour, linewidths=width, linestyles=[line], zorder=order)
        )


def _stops(page: Axes, chips: Sequence[Chip], look: TeamStyle) -> None:
    """Draw the numbers, each tied to its place where it lies beside it."""
    shown = [chip for chip in chips if not chip.crowded]
    moved = [chip for chip in chips if chip.crowded or chip.middle != chip.anchor]
    if moved:
        ties = [[chip.anchor, chip.middle] for chip in moved if not chip.crowded]
        page.add_collection(LineCollection(ties, colors=INK, linewidths=0.8, zorder=11))
        page.add_collection(
            CircleCollection([np.pi * (DOT_MM / MM_PER_POINT) ** 2],
                             offsets=[chip.anchor for chip in moved],
                             offset_transform=page.transData, facecolors=INK, zorder=11)
        )  # fmt: skip
    for chip in shown:
        draw_chip(page, chip, look.colour)


def _strip(page: Axes, chart: Axes, window: Window, crowded: int) -> None:
    frame = window.frame
    middle = frame.bottom - STRIP_MM / 2
    words(page, (frame.left, middle - 1.3), scale_words(window.scale, "A4"), 9, face="-Bold")
    place = Box(frame.left + 38, frame.bottom - STRIP_MM, 70, STRIP_MM)
    draw_scale_bar(page, chart, place, window.scale, LONGEST_BAR_MM)
    tip = (frame.right - 3.5, middle)
    draw_arrow(page, tip, 0.0, 0.62)
    words(page, (tip[0] - 4.5, middle - 1.3), "True north is straight up", 8, colour=QUIET_INK,
          across="right")  # fmt: skip
    if crowded:
        text = f"{crowded} more numbers: dots mark the places"
        words(page, (frame.left + 86, middle - 1.3), text, 7, colour=QUIET_INK)
