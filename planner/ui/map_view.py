"""The map in the app, drawn by Leaflet that the app itself serves."""

import folium
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from planner.allocate.plan import Plan, RiskNote
from planner.picture import Picture
from planner.publish import leaflet
from planner.publish.layers import risk_bounds, risk_layer, view_of
from planner.publish.leaflet import Links
from planner.publish.risk_view import RiskView
from planner.publish.risk_words import Wording
from planner.publish.webmap import PlanMap, layered_map, plan_map

HEIGHT = 520


def show_map(picture: Picture, plan: Plan) -> None:
    """Show a plan's map; the reader's place on it outlasts a new plan."""
    # The view must not change with the plan: the map would be made anew and jump.
    view = st.session_state.setdefault("view", view_of(picture, plan))
    scripts, styles = _leaflet_links()
    drawn = plan_map(picture, plan, scripts=scripts, styles=styles, view=view)
    _show(drawn, "plan-map")


def show_risk_map(picture: Picture, risk: RiskNote, view: RiskView, wording: Wording) -> None:
    """Show a map of risk; the reader's place on it outlasts another shift or category."""
    bounds = st.session_state.setdefault("risk-view", risk_bounds(picture, risk))
    scripts, styles = _leaflet_links()
    layers = [risk_layer(picture, risk, view, wording)]
    drawn = layered_map(picture, layers, scripts=scripts, styles=styles, view=bounds)
    _show(drawn, "risk-map")


def _show(drawn: PlanMap, key: str) -> None:
    st_folium(
        drawn.ground,
        key=key,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=list(drawn.groups),
        layer_control=folium.LayerControl(),
    )


def _leaflet_links() -> tuple[Links, Links]:
    """Serve Leaflet's files as a component's, and say where they are from the map's frame.

    The address is relative, so that it holds behind a proxy's prefix too. Only Leaflet's own
    files are in the folder, as anyone who reaches the port can ask for them.
    """
    served = components.declare_component("leaflet", path=str(leaflet.FOLDER))
    folder = f"../{served.name}"
    return (
        [("leaflet", f"{folder}/{leaflet.SCRIPT}")],
        [("leaflet_css", f"{folder}/{leaflet.STYLE}")],
    )
