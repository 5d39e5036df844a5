"""A plan on the screen: headline, map, and the same as tables."""

import pandas as pd
import streamlit as st

from planner.allocate.plan import Plan
from planner.picture import Picture
from planner.publish import tables
from planner.publish.exports import routes_gpx
from planner.publish.legend import legend_html
from planner.publish.page import banner_html, figures_html, parts_style, shift_words, warnings_html
from planner.publish.style import day_and_clock, in_map
from planner.publish.webmap import map_page, style_variables
from planner.ui.map_view import show_map

# Room for the three lines of a reason.
ROW_HEIGHT = 66
# Streamlit leaves six lines above the first word; a page answers in its first screen.
TIGHTER = """
[data-testid="stMainBlockContainer"] h2 { font-size: 1.6rem; color: var(--line); }
[data-testid="stMainBlockContainer"] h2, [data-testid="stSidebar"] h3 { margin: 0; padding: 0; }
[data-testid="stMainBlockContainer"] { padding-top: 2.2rem; }
@media (max-width: 700px) { [data-testid="stMainBlockContainer"] { padding-top: 4rem; } }
.legend { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 0 28px; }
"""


def show_answer(picture: Picture, plan: Plan) -> None:
    """Show a plan."""
    st.html(f"<style>{style_variables()}{parts_style()}{TIGHTER}</style>")
    if plan.estate.illustrative:
        st.html(banner_html(plan.estate))
    st.html(f"<h2>{in_map(shift_words(plan.shift))}</h2>")
    st.html(figures_html(plan))
    show_map(picture, plan)
    st.html(legend_html(picture, plan))
    if plan.warnings:
        st.html(warnings_html(plan))
    _tables(plan)
    _downloads(picture, plan)
    st.caption(f"Plan {plan.id}, from records to {day_and_clock(plan.picture.as_of)}")


def _tables(plan: Plan) -> None:
    stops, hotspots, cameras = st.tabs(["Routes, and why each stop", "Hotspots", "New cameras"])
    with stops:
        _table(tables.stop_table(plan), "No team has a stop in this plan.")
    with hotspots:
        _table(tables.hotspot_table(plan), "The records show no hotspot.")
    with cameras:
        _table(tables.camera_table(plan), "No new camera was asked for.")


def _table(rows: pd.DataFrame, if_empty: str) -> None:
    if rows.empty:
        st.caption(if_empty)
        return
    # The table's own button saves it as CSV, so its texts are made harmless here.
    st.dataframe(
        tables.for_spreadsheet(rows),
        hide_index=True,
        width="stretch",
        row_height=ROW_HEIGHT if tables.WHY in rows else None,
        column_config={
            tables.TEAM: None,
            tables.STOP: st.column_config.TextColumn(width=50),
            tables.ARRIVE: st.column_config.TextColumn(width=55),
            tables.LEAVE: st.column_config.TextColumn(width=55),
            tables.WHY: st.column_config.TextColumn(width=360),
            tables.RISK: st.column_config.NumberColumn(
                "Covers (incidents)", format="%.4f", width=130
            ),
        },
    )


def _downloads(picture: Picture, plan: Plan) -> None:
    left, middle, right = st.columns(3)
    stops = tables.for_spreadsheet(tables.stop_table(plan))
    left.download_button(
        "Stops (CSV)", lambda: stops.to_csv(index=False), "stops.csv", "text/csv",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    middle.download_button(
        "Map to take along (HTML)", lambda: map_page(picture, plan), "map.html", "text/html",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    right.download_button(
        "Routes for hand-helds (GPX)", lambda: routes_gpx(plan), "routes.gpx",
        "application/gpx+xml", on_click="ignore", width="stretch",
    )  # fmt: skip
