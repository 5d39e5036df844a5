"""The printed map of hotspots: an A3 page, true to scale, for partners who read it on paper.

Nothing is on it but the ground and the hotspots: no routes, stops, cameras or single incidents.
Other pages may follow it, each drawn by a function of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from planner.allocate.plan import HotspotNote, Plan
from planner.estate.model import Estate
from planner.geo import to_metric
from planner.picture import Picture
from planner.publish.print_timing import draw_timing
from planner.publish.printed_pages import page_figure, pages_pdf
from planner.publish.printmap_ground import (
    BANNER_MM,
    MARGIN_MM,
    draw_banner,
    draw_chart,
    draw_ground,
    draw_sheet,
    draw_strip,
    page_boxes,
)  # fmt: skip
from planner.publish.printmap_layout import (
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    Box,
    Window,
    choose_window,
)  # fmt: skip
from planner.publish.printmap_marks import draw_labels, draw_ranks, rank_places
from planner.publish.printmap_panel import (
    HATCH,
    HATCH_COLOUR,
    TOP_CLASS,
    Classes,
    count_classes,
    draw_panel,
    outline_of,
)  # fmt: skip
from planner.publish.style import RISK_COLOURS


@dataclass(frozen=True)
class _Spots:
    """The hotspots as the map draws them.

    Attributes
    ----------
    shapes
        Polygons in metres, shape (n,).
    ranks
        Shape (n,).
    classes
        By count.
    real
        Which are more than chance, shape (n,).
    """

    shapes: np.ndarray
    ranks: np.ndarray
    classes: Classes
    real: np.ndarray


# Draws a page below a height: axes in millimetres, what is known, the plan, and the height.
PageDrawer = Callable[[Axes, Picture, Plan, float], None]


def hotspot_pdf(picture: Picture, plan: Plan, more: Sequence[PageDrawer] = (draw_timing,)) -> bytes:
    """Print the hotspots of a plan as an A3 landscape page, and what else is asked for.

    Parameters
    ----------
    picture
        What the plan was made from; the ground is drawn from its estate.
    plan
        Its hotspots are shown, and nothing of its patrols or cameras.
    more
        What draws the pages after it; when incidents happen, if not given.

    Returns
    -------
    bytes
        A PDF without raster images; the same for the same plan.
    """
    draws = [partial(_page, picture, plan, draw) for draw in (draw_hotspots, *more)]
    return pages_pdf(f"Hotspots: {plan.estate.name}", plan.version, draws)


def _page(picture: Picture, plan: Plan, draw: PageDrawer) -> Figure:
    figure = page_figure(PAGE_WIDTH_MM, PAGE_HEIGHT_MM)
    page = draw_sheet(figure)
    banner_mm = BANNER_MM if plan.estate.illustrative else 0.0
    draw(page, picture, plan, PAGE_HEIGHT_MM - MARGIN_MM - banner_mm)
    if banner_mm:
        draw_banner(page)
    return figure


def draw_hotspots(page: Axes, picture: Picture, plan: Plan, top: float) -> None:
    """Draw the map of hotspots and its panel below a height in millimetres."""
    frame, panel = page_boxes(top)
    spots = _spots(plan.hotspots, picture.estate.crs)
    window = _window(spots, plan.hotspots, picture.estate, frame)
    discs = rank_places(spots.shapes, window)
    draw_labels(page, picture.estate, window, spots.shapes, discs)
    chart = draw_chart(page, window)
    draw_ground(chart, picture.estate, window)
    _hotspots(chart, spots)
    draw_ranks(page, spots.shapes, spots.ranks, window, discs)
    draw_strip(page, chart, window, picture.estate.crs)
    shown = window.holds(shapely.bounds(spots.shapes).reshape(-1, 4))
    draw_panel(page, panel, picture, plan, spots.classes, shown)


def _spots(notes: tuple[HotspotNote, ...], crs: str) -> _Spots:
    rings = [np.array(note.area, dtype=float).reshape(-1, 2) for note in notes]
    shapes = [shapely.Polygon(to_metric(ring[:, 0], ring[:, 1], crs)) for ring in rings]
    return _Spots(
        shapes=np.array(shapes, dtype=object),
        ranks=np.array([note.rank for note in notes], dtype=int),
        classes=count_classes(np.array([note.count for note in notes], dtype=float)),
        real=np.array([note.more_than_chance for note in notes], dtype=bool),
    )


def _window(spots: _Spots, notes: tuple[HotspotNote, ...], estate: Estate, frame: Box) -> Window:
    """Choose the window for the hotspots, or for the whole estate where there is none."""
    if notes:
        weights = np.array([note.count for note in notes], dtype=float)
        return choose_window(shapely.bounds(spots.shapes), weights, frame)
    whole = shapely.total_bounds(estate.sites.geometry.to_numpy())
    return choose_window(whole.reshape(1, 4), np.ones(1), frame)


def _hotspots(chart: Axes, spots: _Spots) -> None:
    # The least are drawn last: a small hotspot inside a large one stays visible.
    for row in np.argsort(-shapely.area(spots.shapes), kind="stable"):
        level = int(spots.classes.of_hotspot[row])
        patch = Polygon(
            shapely.get_coordinates(spots.shapes[row]), closed=True, zorder=3,
            facecolor=RISK_COLOURS[level], **outline_of(bool(spots.real[row])),
        )  # fmt: skip
        if level == TOP_CLASS:
            patch.set_hatch(HATCH)
            patch.set_hatchcolor(HATCH_COLOUR)
            patch.set_hatch_linewidth(0.7)
        chart.add_patch(patch)
