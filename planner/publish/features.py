"""Features of the web map as GeoJSON: shapes, their styles, and the labels that stand on them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from planner.geo import to_degrees

SIMPLER_M = 1.0
DECIMALS = 6

Style = dict[str, str | float | bool]


@dataclass(frozen=True)
class MapLayer:
    """One entry of the layer control.

    Attributes
    ----------
    name
        What the control calls it, safe for a map.
    pane
        Which pane its shapes are drawn in; labels are above them all.
    features
        GeoJSON of a FeatureCollection. A feature's ``style`` is Leaflet's, its ``tip`` and
        ``popup`` are HTML, and a point with a ``label`` is that HTML, else a circle of ``metres``.
    """

    name: str
    pane: str
    features: str


def safe_json(value: object) -> str:
    """Write JSON that may stand inside a script element: it can't end the element."""
    text = json.dumps(value, separators=(",", ":"))
    for letter in "<>&'":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def collection(features: Iterable[str]) -> str:
    """Write features as one FeatureCollection."""
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def feature(shape: shapely.Geometry, crs: str | None, **properties: object) -> str:
    """Write a feature; ``crs`` is the shape's metric system, or None for degrees."""
    if crs is not None:
        simple = shapely.simplify(shape, SIMPLER_M)
        shape = shapely.transform(simple, lambda points: to_degrees(points, crs))
    rounded = shapely.transform(shape, lambda points: np.round(points, DECIMALS))
    geometry = shapely.to_geojson(rounded)
    return f'{{"type":"Feature","properties":{safe_json(properties)},"geometry":{geometry}}}'


def line_style(colour: str, weight: float, **more: str | float | bool) -> Style:
    """Return the style of a line, or of an outline if ``more`` fills it."""
    return {"color": colour, "weight": weight, "opacity": 1.0, "fill": False, **more}


def area_style(line: str, fill: str, weight: float = 1.0, opacity: float = 1.0) -> Style:
    """Return the style of a filled area that says nothing of its own."""
    return {
        "color": line, "weight": weight, "opacity": 1.0, "fill": True,
        "fillColor": fill, "fillOpacity": opacity, "interactive": False,
    }  # fmt: skip


def chip(kind: str, text: str, colour: str = "") -> str:
    """Return a label as HTML; its text is safe for a map already."""
    edge = f' style="border-color:{colour}"' if colour else ""
    return f'<b class="chip {kind}"{edge}>{text}</b>'
