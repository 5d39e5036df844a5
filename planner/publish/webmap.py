"""The web map: the only folium in the project, for the page on disk and for the app.

Nothing is asked of a network: no tiles, and Leaflet comes from our own copy. Shapes go to
Leaflet as data, one layer at a time, and text from data only as HTML that ``in_map`` made safe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import CustomPane, Layer
from folium.template import Template

from planner.allocate.plan import Plan
from planner.picture import Picture
from planner.publish import style
from planner.publish.features import MapLayer
from planner.publish.layers import HATCH, ground_layers, plan_layers, view_of
from planner.publish.leaflet import Links
from planner.publish.page import page_html

ASSETS = Path(__file__).parent / "assets"
MAX_ZOOM = 20
# Leaflet puts its own overlays at 400, markers at 600 and tooltips at 650.
PANES = {
    "ground": 410, "risk": 420, "cameras": 430, "hotspots": 440,
    "casings": 445, "routes": 450, "leaders": 605,
    "labels": 610,
}  # fmt: skip
View = Sequence[Sequence[float]]


class DataLayer(Layer):
    """A layer of GeoJSON that carries its own styles and words."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.geoJson({{ this.layer.features }}, {
                pane: {{ this.layer.pane|tojson }},
                style: function (feature) { return feature.properties.style || {}; },
                pointToLayer: function (feature, place) {
                    var given = feature.properties, pane = {{ this.layer.pane|tojson }};
                    if (given.label) {
                        return L.marker(place, {pane: "labels", riseOnHover: true, icon: L.divIcon(
                            {html: given.label, className: "map-label", iconSize: null})});
                    }
                    return given.metres
                        ? L.circle(place, {pane: pane, radius: given.metres})
                        : L.circleMarker(place, {pane: pane, radius: given.pixels});
                },
                onEachFeature: function (feature, shape) {
                    var given = feature.properties;
                    if (given.tip) { shape.bindTooltip(given.tip, {sticky: !given.label}); }
                    if (given.popup) { shape.bindPopup(given.popup, {maxWidth: 300}); }
                }
            });
        {% endmacro %}
        """
    )

    def __init__(self, layer: MapLayer) -> None:
        super().__init__(control=False)
        self._name = "DataLayer"
        self.layer = layer


class Labels(MacroElement):
    """Keeps labels from covering one another, at every zoom, and adds a scale in metres."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            {{ this.code }}
            spreadLabels({{ this._parent.get_name() }});
            L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Labels"
        self.code = (ASSETS / "spread.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class PlanMap:
    """A map in two parts, so that the app can change the plan and keep the view.

    Attributes
    ----------
    ground
        The map with what no plan changes: sites, buildings and streets.
    groups
        What the plan says, from below: risk, cameras, hotspots and a group for each team.
    """

    ground: folium.Map
    groups: tuple[folium.FeatureGroup, ...]

    def whole(self) -> folium.Map:
        """Put both parts together, with a layer control."""
        for group in self.groups:
            group.add_to(self.ground)
        folium.LayerControl().add_to(self.ground)
        return self.ground


def plan_map(
    picture: Picture, plan: Plan, *, scripts: Links, styles: Links, view: View | None = None
) -> PlanMap:
    """Draw a plan on its estate.

    Parameters
    ----------
    scripts, styles
        Where the browser finds Leaflet: name and address.
    view
        South-west and north-east corner to show first; around the plan if None.
    """
    return layered_map(
        picture,
        plan_layers(picture, plan),
        scripts=scripts,
        styles=styles,
        view=view or view_of(picture, plan),
    )


def layered_map(
    picture: Picture, layers: Sequence[MapLayer], *, scripts: Links, styles: Links, view: View
) -> PlanMap:
    """Draw layers on an estate.

    Parameters
    ----------
    layers
        From below.
    scripts, styles, view
        As for a plan.
    """
    ground = folium.Map(tiles=None, maxZoom=MAX_ZOOM, zoomSnap=0.25, zoomDelta=0.5)
    # On the map alone: folium's own defaults, which name CDNs, are shared by the whole process.
    ground.default_js, ground.default_css = scripts, styles
    for name, height in PANES.items():
        CustomPane(name, z_index=height, pointer_events=name != "leaders").add_to(ground)
    Labels().add_to(ground)
    ground.fit_bounds(view, padding=(24, 24), max_zoom=18)
    for layer in ground_layers(picture):
        _group(layer).add_to(ground)
    figure = cast(Figure, ground.get_root())
    figure.header.add_child(Element(f"<style>{map_style()}</style>"))
    figure.html.add_child(Element(_hatch()))
    return PlanMap(ground, tuple(_group(layer) for layer in layers))


def map_page(picture: Picture, plan: Plan) -> str:
    """Write a plan as one HTML file that opens from disk and asks nothing of a network."""
    whole = plan_map(picture, plan, scripts=[], styles=[]).whole()
    figure = cast(Figure, whole.get_root())
    figure.render()
    return page_html(
        picture,
        plan,
        styles=map_style(),
        drawing=figure.html.render(),
        script=figure.script.render(),
        map_name=whole.get_name(),
    )


def map_style() -> str:
    """Return the map's style sheet."""
    return style_variables() + (ASSETS / "map.css").read_text(encoding="utf-8")


def style_variables() -> str:
    """Return the colours of :mod:`planner.publish.style` as CSS variables."""
    colours = {
        "ground": style.GROUND, "ink": style.INK, "quiet": style.QUIET_INK, "line": style.SITE_LINE,
        "hotspot": style.HOTSPOT, "camera": style.CAMERA, "edge": style.STREET_EDGE,
        "bar": style.RISK_COLOURS[2],
    }  # fmt: skip
    font = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', system-ui, 'Noto Sans', sans-serif"
    pairs = "".join(f"--{name}:{colour};" for name, colour in colours.items())
    return f":root{{{pairs}--font:{font};}}"


def _group(layer: MapLayer) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=layer.name)
    DataLayer(layer).add_to(group)
    return group


def _hatch() -> str:
    colour = style.RISK_COLOURS[-1]
    return (
        '<svg class="map-hatch" aria-hidden="true"><defs>'
        f'<pattern id="{HATCH}" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="7" height="7" fill="{colour}"/>'
        '<line x1="0" y1="0" x2="0" y2="7" stroke="#fff" stroke-opacity=".8" stroke-width="2"/>'
        "</pattern></defs></svg>"
    )
