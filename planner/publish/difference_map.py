"""Small maps of what a scenario changes: how much more or less of each zone's risk is covered."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from planner.estate.model import Estate
from planner.publish import style
from planner.publish.drawing import picture_html, svg

# ColorBrewer PuOr in five classes: from less to more covered.
CHANGE_COLOURS = ("#e66101", "#fdb863", "#f7f7f7", "#b2abd2", "#5e3c99")
# A change of less than half a point is none; of more than five points, much.
LIMITS = (-0.05, -0.005, 0.005, 0.05)
CLASS_WORDS = (
    "over 5 points less", "0.5 to 5 points less", "about the same", "0.5 to 5 points more",
    "over 5 points more",
)  # fmt: skip
SIZE = 320
SIMPLER_M = 4.0
FRAME = 0.02


def zone_paths(estate: Estate) -> tuple[str, ...]:
    """Return the outline of each zone as an SVG path, in the maps' units."""
    box = _box(estate)
    return tuple(_path(shape, box) for shape in shapely.simplify(estate.catchments, SIMPLER_M))


def difference_map(
    estate: Estate, paths: Sequence[str], changes: Mapping[str, float], title: str
) -> str:
    """Draw a scenario's changes, beside the base, as a picture for a page.

    Parameters
    ----------
    estate
        Its zones.
    paths
        From :func:`zone_paths`.
    changes
        By how much a zone's covered share of its own risk changes, by its identifier.
    title
        What the map shows, for who can't see it.
    """
    zones = estate.zones["zone"].to_numpy(dtype=object)
    values = np.array([changes.get(str(zone), 0.0) for zone in zones])
    classes = np.searchsorted(LIMITS, values)
    width, height = _size(estate)
    drawn = [
        f'<path d="{path}" fill="{CHANGE_COLOURS[level]}" stroke="{style.BUILDING_LINE}" '
        'stroke-width=".6"/>' + (f'<path d="{path}" fill="url(#less)"/>' if level == 0 else "")
        for path, level in zip(paths, classes, strict=True)
    ]
    return picture_html(svg(width, height, [f"<defs>{_hatch()}</defs>", *drawn]), title, "change")


def difference_key() -> str:
    """Explain the colours of the maps."""
    signs = "".join(
        f'<span><i style="background:{colour}"></i>{words}</span>'
        for colour, words in zip(CHANGE_COLOURS, CLASS_WORDS, strict=True)
    )
    return f'<p class="change-key">{signs}</p>'


def _hatch() -> str:
    """Return stripes that tell the darkest 'less' from the darkest 'more' in greyscale."""
    return (
        '<pattern id="less" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V5" stroke="#1c1c1c" stroke-width="1.2"/>'
        "</pattern>"
    )


def _box(estate: Estate) -> tuple[float, float, float, float]:
    left, low, right, top = shapely.total_bounds(estate.catchments)
    margin = FRAME * max(right - left, top - low)
    return left - margin, low - margin, right + margin, top + margin


def _scale(box: tuple[float, float, float, float]) -> float:
    left, low, right, top = box
    return SIZE / max(right - left, top - low)


def _size(estate: Estate) -> tuple[float, float]:
    box = _box(estate)
    return (box[2] - box[0]) * _scale(box), (box[3] - box[1]) * _scale(box)


def _path(shape: shapely.Geometry, box: tuple[float, float, float, float]) -> str:
    left, _, _, top = box
    parts = []
    for ring in shapely.get_rings(shape):
        points = (shapely.get_coordinates(ring) - (left, top)) * (1, -1) * _scale(box)
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(parts)
