"""The plan drawing of a camera's view, as SVG: true to shape, true north straight up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from planner.allocate.comparison.case_parts import CameraCase
from planner.estate.model import Estate
from planner.estate.surroundings import private_places
from planner.geo import to_metric
from planner.publish.printmap_ground import NARROW, STREET_WIDTHS
from planner.publish.route_card_map import NorthUp
from planner.publish.style import (
    BUILDING,
    BUILDING_LINE,
    CAMERA,
    GROUND,
    HOTSPOT,
    INK,
    QUIET_INK,
    SITE_LINE,
    STREET,
    STREET_EDGE,
    in_map,
)  # fmt: skip

WIDTH, HEIGHT, STRIP = 430.0, 340.0, 30.0
AROUND_VIEW_M, LEAST_WIDE_M = 14.0, 60.0
BEYOND_M = 8.0
LETTER, LETTERS_WIDE = 10.0, 5.6
WINDOW_M = 1.5
MOST_LABELS = 60
FULL_CIRCLE = 360.0
LONGEST_BAR = 110.0


@dataclass(frozen=True)
class _Sheet:
    """From turned metres to the drawing: ``scale`` in units a metre, the ground that it shows."""

    up: NorthUp
    west: float
    north: float
    scale: float

    @property
    def ground(self) -> shapely.Geometry:
        """What is drawn, and a little beyond, in turned metres."""
        box = shapely.box(
            self.west, self.north - HEIGHT / self.scale, self.west + WIDTH / self.scale, self.north
        )
        return shapely.buffer(box, BEYOND_M, join_style="mitre")

    def on_paper(self, points: np.ndarray) -> np.ndarray:
        """Place turned metres on the drawing, shape (n, 2)."""
        placed: np.ndarray = np.column_stack(
            [(points[:, 0] - self.west) * self.scale, (self.north - points[:, 1]) * self.scale]
        )
        return placed

    def clipped(self, shapes: np.ndarray) -> np.ndarray:
        """Turn shapes and keep what of them is drawn; empty ones too, in their order."""
        turned = shapely.transform(shapes, self.up.turn)
        west, south, east, north = self.ground.bounds
        kept: np.ndarray = shapely.clip_by_rect(turned, west, south, east, north)
        return kept


def view_plan_svg(case: CameraCase, estate: Estate) -> str:
    """Draw the ground about a camera, its view, and the private places there.

    Parameters
    ----------
    case
        The camera; no other is drawn.
    estate
        Its sites, streets and private places; buildings are drawn where they block the view.
    """
    sheet = _sheet(case, estate)
    parts = [
        _ground(),
        *_streets(sheet, estate),
        _filled(sheet, estate.outlines, BUILDING, BUILDING_LINE, 0.6),
        _filled(sheet, estate.sites.geometry.to_numpy(), "none", SITE_LINE, 1.6),
        _view(sheet, case),
        _private(sheet, estate),
        _camera(sheet, case),
        *_names(sheet, case, estate),
    ]
    about = in_map(f"Plan of the view of {case.name}, true north up")
    return (
        f'<svg class="plan" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT + STRIP:g}" font-family="sans-serif" '
        f'font-size="{LETTER:g}"><title>{about}</title>{_definitions()}'
        f'<g clip-path="url(#frame)">{"".join(parts)}</g>'
        f'<rect x=".5" y=".5" width="{WIDTH - 1:g}" height="{HEIGHT - 1:g}" fill="none" '
        f'stroke="{INK}"/>{_strip(sheet)}</svg>'
    )


def _sheet(case: CameraCase, estate: Estate) -> _Sheet:
    """Choose the largest scale that shows the whole view."""
    at = to_metric(np.array([case.longitude]), np.array([case.latitude]), estate.crs)[0]
    up = NorthUp(estate.crs, (float(at[0]), float(at[1])))
    points = np.concatenate([at[None, :], up.from_degrees(case.area)])
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low + 2 * AROUND_VIEW_M, LEAST_WIDE_M).tolist()
    scale = min(WIDTH / wide, HEIGHT / tall)
    x, y = ((low + high) / 2).tolist()
    return _Sheet(up, x - WIDTH / scale / 2, y + HEIGHT / scale / 2, scale)


def _definitions() -> str:
    return (
        f'<defs><clipPath id="frame"><rect width="{WIDTH:g}" height="{HEIGHT:g}"/></clipPath>'
        '<pattern id="private" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/>'
        f'<path d="M0 0V5" stroke="{HOTSPOT}" stroke-width="3"/></pattern></defs>'
    )


def _ground() -> str:
    return f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{GROUND}"/>'


def _path(sheet: _Sheet, shapes: np.ndarray) -> str:
    """Write the lines and rings of shapes as one path; rings are closed."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings = shapely.get_rings(parts[polygons])
    lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    written = []
    for line in (*rings, *lines):
        points = sheet.on_paper(shapely.get_coordinates(line))
        corners = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        written.append(f"M{corners}{'Z' if shapely.is_closed(line) else ''}")
    return "".join(written)


def _filled(sheet: _Sheet, shapes: np.ndarray, fill: str, line: str, width: float) -> str:
    return (
        f'<path d="{_path(sheet, sheet.clipped(shapes))}" fill="{fill}" fill-rule="evenodd" '
        f'stroke="{line}" stroke-width="{width:g}"/>'
    )


def _streets(sheet: _Sheet, estate: Estate) -> list[str]:
    """Draw streets white between thin edges, as wide as they are."""
    if estate.streets is None:
        return []
    lines = estate.streets.lines
    shapes = sheet.clipped(lines.geometry.to_numpy())
    metres = lines["highway"].map(STREET_WIDTHS).fillna(NARROW).to_numpy(float)
    drawn = []
    for colour, wider in ((STREET_EDGE, 1.2), (STREET, 0.0)):
        for width in np.unique(metres):
            path = _path(sheet, shapes[metres == width])
            drawn.append(
                f'<path d="{path}" fill="none" stroke="{colour}" stroke-linecap="round" '
                f'stroke-linejoin="round" stroke-width="{width * sheet.scale + wider:.1f}"/>'
            )
    return drawn


def _view(sheet: _Sheet, case: CameraCase) -> str:
    if not case.area:
        return ""
    points = sheet.on_paper(sheet.up.from_degrees(case.area))
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polygon class="view" points="{corners}" fill="{CAMERA}" fill-opacity=".3" '
        f'stroke="{CAMERA}" stroke-width="1.5"/><clipPath id="view"><polygon points="{corners}"/>'
        f"</clipPath>{_graded(sheet, case)}"
    )


def _graded(sheet: _Sheet, case: CameraCase) -> str:
    """Draw how far the wanted grade reaches by day, where that is less than the range."""
    reach = next((each.day_m for each in case.reaches if each.grade == case.grade), case.range_m)
    if reach >= case.range_m:
        return ""
    x, y = sheet.on_paper(sheet.up.from_degrees([(case.longitude, case.latitude)]))[0].tolist()
    return (
        f'<circle clip-path="url(#view)" cx="{x:.1f}" cy="{y:.1f}" r="{reach * sheet.scale:.1f}" '
        f'fill="none" stroke="{CAMERA}" stroke-width="1.2" stroke-dasharray="4 3"/>'
    )


def _private(sheet: _Sheet, estate: Estate) -> str:
    """Hatch homes, and windows as small squares."""
    shapes = private_places(estate.surroundings, estate.buildings).geometry.to_numpy()
    closed = shapely.is_closed(shapes)
    areas = np.where(closed, shapely.build_area(shapes), shapely.buffer(shapes, WINDOW_M))
    return _filled(sheet, areas, "url(#private)", HOTSPOT, 1.0)


def _camera(sheet: _Sheet, case: CameraCase) -> str:
    """Mark the camera, and with an arrow where it looks."""
    x, y = sheet.on_paper(sheet.up.from_degrees([(case.longitude, case.latitude)]))[0].tolist()
    mark = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{CAMERA}" stroke="#fff" stroke-width="2"/>'
    )
    if case.turns or case.field_of_view >= FULL_CIRCLE:
        ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="none" stroke="{CAMERA}"/>'
        return ring + mark
    return (
        f'<g transform="translate({x:.1f} {y:.1f}) rotate({case.bearing:.1f})">'
        f'<path d="M0 0V-38M-5 -30L0 -39L5 -30" fill="none" stroke="{INK}" stroke-width="2"/></g>'
        f"{mark}"
    )


def _names(sheet: _Sheet, case: CameraCase, estate: Estate) -> list[str]:
    """Name sites and streets where there is room, the largest first; never over the camera."""
    x, y = sheet.on_paper(sheet.up.from_degrees([(case.longitude, case.latitude)]))[0].tolist()
    taken = [(x - 14, y - 14, x + 14, y + 14)]
    drawn = []
    named: set[str] = set()
    for name, place, colour, style in (*_sites(sheet, estate), *_street_names(sheet, estate)):
        if name in named:
            continue
        half = min(LETTERS_WIDE * len(name) / 2 + 2, WIDTH / 2)
        left = min(max(place[0] - half, 3.0), WIDTH - 3 - 2 * half)
        base = min(max(place[1], LETTER + 3), HEIGHT - 5)
        box = (left, base - LETTER, left + 2 * half, base + 3)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        named.add(name)
        drawn.append(
            f'<text x="{left + half:.1f}" y="{base:.1f}" text-anchor="middle" fill="{colour}" '
            f'{style} paint-order="stroke" stroke="#fff" stroke-width="3" stroke-opacity=".85">'
            f"{in_map(name)}</text>"
        )
    return drawn


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


_Label = tuple[str, tuple[float, float], str, str]


def _sites(sheet: _Sheet, estate: Estate) -> list[_Label]:
    return _labels(sheet, estate.sites, shapely.area, SITE_LINE, 'font-weight="700"')


def _street_names(sheet: _Sheet, estate: Estate) -> list[_Label]:
    if estate.streets is None:
        return []
    lines = estate.streets.lines
    return _labels(
        sheet, lines[lines["name"] != ""], shapely.length, QUIET_INK, 'font-style="italic"'
    )


def _labels(
    sheet: _Sheet, table: gpd.GeoDataFrame, size: np.ufunc, colour: str, style: str
) -> list[_Label]:
    """Return where each name could stand: in the middle of its parts, the largest first."""
    frame = shapely.buffer(sheet.ground, -BEYOND_M, join_style="mitre")
    shown = shapely.intersection(sheet.clipped(table.geometry.to_numpy()), frame)
    parts, row = shapely.get_parts(shown, return_index=True)
    order = np.argsort(-size(parts), kind="stable")
    order = order[size(parts)[order] > 0][:MOST_LABELS]
    lines = shapely.get_type_id(parts[order]) == shapely.GeometryType.LINESTRING
    middles = np.where(
        lines,
        shapely.line_interpolate_point(np.where(lines, parts[order], None), 0.5, normalized=True),
        shapely.point_on_surface(parts[order]),
    )
    names = table["name"].to_numpy(object)[row[order]]
    places = sheet.on_paper(shapely.get_coordinates(middles)).tolist()
    return [
        (_short(str(name)), (x, y), colour, style)
        for name, (x, y) in zip(names, places, strict=True)
    ]


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:38] + "…"


def _strip(sheet: _Sheet) -> str:
    """Draw the scale bar and the north arrow below the plan, where they cover nothing of it."""
    longest = LONGEST_BAR / sheet.scale
    tens = 10.0 ** math.floor(math.log10(longest))
    metres = max(step * tens for step in (1, 2, 5) if step * tens <= longest)
    wide, low = metres * sheet.scale, HEIGHT + 12
    return (
        f'<g class="scale"><path d="M4 {low - 4:g}v8M4 {low:g}h{wide:.1f}m0 -4v8" fill="none" '
        f'stroke="{INK}" stroke-width="1.6"/>'
        f'<text x="{10 + wide:.1f}" y="{low + 4:g}" fill="{INK}">{metres:g} m</text></g>'
        f'<g class="north"><path d="M{WIDTH - 12:g} {HEIGHT + 4:g}l-6 20l6 -5z" fill="{INK}"/>'
        f'<path d="M{WIDTH - 12:g} {HEIGHT + 4:g}l6 20l-6 -5z" fill="#fff" stroke="{INK}"/>'
        f'<text x="{WIDTH - 24:g}" y="{low + 4:g}" text-anchor="end" fill="{INK}">'
        "True north is straight up</text></g>"
    )
