"""What stands over the printed map: ranks in discs, and names of sites and streets.

Nothing covers a rank. Names are placed by textalloc, and one that fits nowhere is left out.
"""

import contextlib
import io

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import textalloc
from matplotlib.axes import Axes
from matplotlib.collections import CircleCollection, LineCollection
from matplotlib.patheffects import Stroke
from matplotlib.text import Text

from planner.estate.model import Estate
from planner.publish.printmap_layout import (
    MM_PER_POINT,
    Box,
    Window,
    typeface,
    words,
    wrapped,
)  # fmt: skip
from planner.publish.style import GROUND, INK, QUIET_INK, SITE_LINE

DISC_MM = 2.7
SITE_LABELS, STREET_LABELS = 22, 14
LABEL_POINTS = 6.5


def rank_places(shapes: np.ndarray, window: Window) -> np.ndarray:
    """Choose where the discs with the ranks lie, in millimetres, shape (n, 2).

    A disc lies in its hotspot where there is room, or else beside it; discs never overlap while
    there is a place. The disc of a hotspot that is not on the map is NaN.
    """
    paper = shapely.transform(shapes, window.on_paper)
    frame = shapely.box(
        window.frame.left, window.frame.bottom, window.frame.right, window.frame.top
    )
    seen = shapely.intersection(paper, frame)
    anchors = _points(shapely.point_on_surface(seen))
    places = np.full((len(paper), 2), np.nan)
    union = shapely.union_all(paper) if len(paper) else shapely.Polygon()
    inner = shapely.buffer(frame, -DISC_MM - 0.5)
    for row in np.flatnonzero(np.isfinite(anchors).all(axis=1)):
        candidates = anchors[row] + _rings()
        points = shapely.points(candidates)
        taken = places[np.isfinite(places[:, 0])]
        gaps = np.hypot(*(candidates[:, None] - taken[None]).transpose(2, 0, 1))
        free = shapely.intersects(points, inner) & (gaps >= 2 * DISC_MM + 0.4).all(axis=1)
        roomy = shapely.area(seen[row]) > 5 * np.pi * DISC_MM**2
        covers = shapely.distance(points, union) < DISC_MM + 0.3
        clear = ~covers | (roomy & (np.arange(len(points)) == 0))
        chosen = np.flatnonzero(free & clear)
        chosen = chosen if len(chosen) else np.flatnonzero(free)
        places[row] = candidates[chosen[0] if len(chosen) else 0]
    return places


def _points(shapes: np.ndarray) -> np.ndarray:
    """Return the coordinates of points, shape (n, 2); NaN where one is empty."""
    found = np.full((len(shapes), 2), np.nan)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    found[there] = shapely.get_coordinates(shapes[there])
    return found


def _rings() -> np.ndarray:
    """Return steps from a place outwards: none, then around it in growing rings."""
    turns = np.pi / 4 + np.arange(24) * np.pi / 12
    circle = np.column_stack([np.cos(turns), np.sin(turns)])
    return np.vstack(
        [np.zeros((1, 2)), *(DISC_MM * far * circle for far in np.arange(1.5, 13, 0.5))]
    )


def draw_ranks(
    page: Axes, shapes: np.ndarray, ranks: np.ndarray, window: Window, discs: np.ndarray
) -> None:
    """Draw the ranks over all else of the map, each joined to its hotspot."""
    rows = np.flatnonzero(np.isfinite(discs[:, 0]))
    if not len(rows):
        return
    paper = shapely.transform(shapes[rows], window.on_paper)
    ways = shapely.shortest_line(shapely.points(discs[rows]), paper)
    page.add_collection(
        LineCollection([shapely.get_coordinates(way) for way in ways], colors=INK, linewidths=0.8,
                       zorder=11)
    )  # fmt: skip
    area = np.pi * (DISC_MM / MM_PER_POINT) ** 2
    page.add_collection(
        CircleCollection([area], offsets=discs[rows], offset_transform=page.transData,
                         facecolors="#ffffff", edgecolors=INK, linewidths=0.9, zorder=12)
    )  # fmt: skip
    for row in rows:
        words(page, tuple(discs[row]), str(ranks[row]), 9, face="-Bold", across="center",
              upright="center_baseline")  # fmt: skip


def draw_labels(
    page: Axes,
    estate: Estate,
    window: Window,
    shapes: np.ndarray,
    discs: np.ndarray,
    size: float = LABEL_POINTS,
) -> None:
    """Name the largest sites and the longest streets, where a name fits without overlap."""
    known = discs[np.isfinite(discs[:, 0])]
    rims = shapely.segmentize(shapely.transform(shapes, window.on_paper), 1.5)
    rim = shapely.get_coordinates(rims)
    corner = [[window.frame.left, window.frame.bottom, 0.0]]
    taken = np.vstack(
        [
            corner,
            np.column_stack([known, np.full(len(known), DISC_MM)]),
            np.column_stack([rim, np.full(len(rim), 0.4)]),
        ]
    )
    taken = _place(page, window.frame, _largest_sites(estate, window), taken, SITE_LINE, 14.0,
                   size)  # fmt: skip
    if estate.streets is not None:
        _place(
            page,
            window.frame,
            _longest_streets(estate.streets.lines, window),
            taken,
            QUIET_INK,
            7.0,
            size,
        )


def _largest_sites(estate: Estate, window: Window) -> pd.DataFrame:
    """Return ``name``, ``x`` and ``y`` in millimetres."""
    shapes = estate.sites.geometry.to_numpy()
    middles = shapely.point_on_surface(shapes)
    table = pd.DataFrame({"name": estate.sites["name"].to_numpy(), "size": shapely.area(shapes)})
    return _in_frame(table, middles, window, SITE_LABELS)


def _longest_streets(lines: gpd.GeoDataFrame, window: Window) -> pd.DataFrame:
    """Return ``name``, ``x`` and ``y``: a street's name stands at its longest piece's middle."""
    named = lines[lines["name"] != ""]
    pieces = shapely.clip_by_rect(named.geometry.to_numpy(), *window.bounds)
    table = pd.DataFrame({"name": named["name"].to_numpy(), "piece": shapely.length(pieces)})
    table["size"] = table.groupby("name")["piece"].transform("sum")
    table["row"] = np.arange(len(table))
    first = table.sort_values(["piece", "row"], ascending=[False, True]).drop_duplicates("name")
    first = first[first["piece"] > 0]
    middles = shapely.line_interpolate_point(
        shapely.line_merge(pieces[first["row"]]), 0.5, normalized=True
    )
    return _in_frame(first, middles, window, STREET_LABELS)


def _in_frame(table: pd.DataFrame, points: np.ndarray, window: Window, most: int) -> pd.DataFrame:
    x, y = window.on_paper(_points(points)).reshape(-1, 2).T
    frame = window.frame
    inside = (x > frame.left) & (x < frame.right) & (y > frame.bottom) & (y < frame.top)
    placed = table.assign(x=x, y=y, order=np.arange(len(table)))[inside]
    largest = placed.sort_values(["size", "order"], ascending=[False, True]).head(most)
    return largest[["name", "x", "y"]]


def _place(
    page: Axes, frame: Box, labels: pd.DataFrame, taken: np.ndarray, colour: str, reach_mm: float,
    size: float,
) -> np.ndarray:  # fmt: skip
    """Set names near their places, clear of what is taken.

    Parameters
    ----------
    taken
        Centre and half width of squares to keep clear of, in millimetres, shape (t, 3).
    reach_mm
        How far a name may lie from its place.
    size
        Of the letters, in points.

    Returns
    -------
    numpy.ndarray
        What is taken now, names included.
    """
    names = [wrapped(name, 45, size, most=1)[0] for name in labels["name"]]
    rows = [row for row, name in enumerate(names) if name]
    if not rows:
        return taken
    # textalloc prints a line when nothing fits, and standard output belongs to the caller.
    with contextlib.redirect_stdout(io.StringIO()):
        _, _, texts, _ = textalloc.allocate(
            page, labels["x"].to_numpy()[rows], labels["y"].to_numpy()[rows],
            [names[row] for row in rows], x_scatter=taken[:, 0], y_scatter=taken[:, 1],
            scatter_sizes=list(taken[:, 2] / MM_PER_POINT),
            textsize=size, textcolor=colour, linecolor=colour, linewidth=0.4,
            margin=0.002, min_distance=0.003, max_distance=reach_mm / frame.width,
            draw_all=False, avoid_label_lines_overlap=True,
            xlims=(frame.left + 1, frame.right - 1), ylims=(frame.bottom + 1, frame.top - 1),
            fontproperties=typeface(size), parse_math=False, usetex=False, zorder=10,
        )  # fmt: skip
    boxes = []
    for text in texts:
        if isinstance(text, Text):
            boxes.append(text.get_window_extent().transformed(page.transData.inverted()))
            _halo(page, text, size)
    return np.vstack([taken, *(_squares(*box.extents) for box in boxes)])


def _halo(page: Axes, text: Text, size: float) -> None:
    """Lay a pale rim under a name; the name itself stays text that can be searched."""
    rim = page.text(
        *text.get_position(), text.get_text(), fontproperties=typeface(size),
        ha=text.get_horizontalalignment(), va=text.get_verticalalignment(), parse_math=False,
        usetex=False, zorder=text.get_zorder() - 0.5,
    )  # fmt: skip
    rim.set_path_effects([Stroke(linewidth=2.0, foreground=GROUND)])


def _squares(left: float, bottom: float, right: float, top: float) -> np.ndarray:
    """Cover a box with squares: centre and half width, shape (s, 3)."""
    half = (top - bottom) / 2
    x = np.arange(left + half, right, half)
    return np.column_stack([x, np.full(len(x), bottom + half), np.full(len(x), half)])
