"""A plan on the screen: headline, map, and the same as tables."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from planner.allocate.chosen_plan import with_choice
from planner.allocate.plan import Plan
from planner.picture import Picture
from planner.publish import tables
from planner.publish.camera_words import cost_words, grade_words, sentence
from planner.publish.exports import routes_geojson, routes_gpx, stops_csv
from planner.publish.legend import legend_html
from planner.publish.page import banner_html, figures_html, parts_style, shift_words, warnings_html
from planner.publish.route_card import route_cards_pdf
from planner.publish.route_card_notes import Numbers
from planner.publish.style import day_and_clock, in_map, per_cent
from planner.publish.webmap import map_page, style_variables
from planner.ui.map_view import show_map
from planner.ui.patrol_words import waits_words
from planner.ui.plain import plain

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


def show_answer(picture: Picture, whole: Plan, numbers: Numbers = ()) -> None:
    """Show a plan, or another of the plans to choose from.

    Parameters
    ----------
    picture, whole
        The plan, and the picture as its audience may see it.
    numbers
        Whom teams can call, for their cards.
    """
    st.html(f"<style>{style_variables()}{parts_style()}{TIGHTER}</style>")
    if whole.estate.illustrative:
        st.html(banner_html(whole.estate))
    st.html(f"<h2>{in_map(shift_words(whole.shift))}</h2>")
    plan = with_choice(whole, _choice(whole))
    st.html(figures_html(plan))
    show_map(picture, plan)
    st.html(legend_html(picture, plan))
    if plan.warnings:
        st.html(warnings_html(plan))
    _tables(whole, plan)
    _downloads(picture, plan, numbers)
    st.caption(f"Plan {plan.id}, from records to {day_and_clock(plan.picture.as_of)}")


def _choice(plan: Plan) -> int:
    """Let a person choose among the plans, each with what it covers; 0 is the plan itself."""
    choices = plan.patrols.choices
    if len(choices) < 2:
        return 0
    chosen: int | None = st.segmented_control(
        "Plans to choose from",
        range(len(choices)),
        default=0,
        format_func=lambda number: (
            f"{choices[number].name}: {per_cent(choices[number].risk_covered)}"
        ),
        label_visibility="collapsed",
        key=f"choice-{plan.id}",
    )
    return chosen or 0


def _tables(whole: Plan, plan: Plan) -> None:
    stops, missing, hotspots, cameras = st.tabs(
        ["Routes, and why each stop", "Left out, and why", "Hotspots", "Cameras"]
    )
    with stops:
        _table(tables.stop_table(plan), "No team has a stop in this plan.")
        st.caption(plain(" ".join(waits_words(plan.patrols))))
    with missing:
        _left_out(whole, plan)
    with hotspots:
        _table(tables.hotspot_table(plan), "The records show no hotspot.")
    with cameras:
        _cameras(plan)


def _cameras(plan: Plan) -> None:
    """Show what changes, what the service's own that stand add, and what must be masked."""
    cameras = plan.cameras
    _table(tables.camera_table(plan), "No camera is put up, moved or turned in this plan.")
    said = [words for words in (grade_words(cameras), cost_words(cameras)) if words]
    if cameras.chosen and said:
        st.caption(plain(sentence("; ".join(said))))
    st.caption("The service's own that stand, the least useful first:")
    _table(
        tables.own_camera_table(plan), "None of the cameras that stand and work is the service's."
    )
    st.caption("Private places that a camera could see:")
    _table(tables.private_table(plan), "No camera could see a private place that is known.")


def _left_out(whole: Plan, plan: Plan) -> None:
    """List what has no visit; it is worked out for the plan itself."""
    if plan is not whole:
        st.caption(plain(f"Of '{whole.patrols.choices[0].name}', not of the plan that is shown:"))
    _table(tables.left_out_table(whole), "Every zone of high risk has a visit.")
    for text in whole.patrols.relaxed:
        st.caption(plain(f"Not met: {text}"))


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


def _downloads(picture: Picture, plan: Plan, numbers: Numbers) -> None:
    offered: tuple[tuple[str, Callable[[], str | bytes], str, str], ...] = (
        ("Route cards (PDF)", lambda: route_cards_pdf(picture, plan, numbers),
         "route_cards.pdf", "application/pdf"),
        ("Stops (CSV)", lambda: stops_csv(plan), "stops.csv", "text/csv"),
        ("Map (HTML)", lambda: map_page(picture, plan), "map.html", "text/html"),
        ("Routes (GPX)", lambda: routes_gpx(plan), "routes.gpx",
         "application/gpx+xml"),
        ("Routes (GeoJSON)", lambda: routes_geojson(plan), "routes.geojson",
         "application/geo+json"),
    )  # fmt: skip
    for column, (label, content, name, kind) in zip(st.columns(len(offered)), offered, strict=True):
        column.download_button(
            label, content, name, kind, on_click="ignore", width="stretch"
        )  # fmt: skip
