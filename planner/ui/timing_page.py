"""The page that says when incidents happen: hours of the week, shifts, months and weeks of term."""

from pathlib import Path

import streamlit as st

from planner.errors import PlannerError
from planner.insight.timing.seasons import SeasonRates
from planner.insight.timing.summary import Timing
from planner.publish.heat import heat_html
from planner.publish.page import parts_style
from planner.publish.season_bars import bars_html
from planner.publish.style import ILLUSTRATIVE, in_map
from planner.publish.tables import for_spreadsheet
from planner.publish.timing_words import (
    busiest_words,
    missing_season_words,
    nothing_timed_words,
    season_words,
    shift_table,
    shifts_note,
)
from planner.publish.webmap import style_variables
from planner.service.app_session import Session, open_session, workspace_state
from planner.service.timing import TimingChoices, ZoneChoice, timing_choices, timing_for
from planner.service.workspace import workspace_folder
from planner.ui.answer import TIGHTER
from planner.ui.plain import plain

WHOLE_ESTATE = "Whole estate"
ALL = "All categories"


def show_timing_page() -> None:
    """Ask where and what, and show when it happens."""
    st.html(f"<style>{style_variables()}{parts_style()}{TIGHTER}</style>")
    try:
        folder = workspace_folder(None)
        session = _session(str(folder.resolve()), workspace_state(folder))
    except PlannerError as error:
        st.header("When it happens")
        _warn(error)
        return
    if session.picture.settings.illustrative:
        st.html(f'<div class="banner">{ILLUSTRATIVE}</div>')
    zone, category, about = _ask(_choices(session.picture.fingerprint, session))
    try:
        found = _timing(session.picture.fingerprint, zone, category, session)
    except PlannerError as error:
        _warn(error)
        return
    st.html(f"<h2>When it happens: {in_map(about)}</h2>")
    _show(found, about, session.picture.settings.time_zone)


def _warn(error: PlannerError) -> None:
    st.warning(plain(str(error)), icon=":material/info:")


@st.cache_resource(max_entries=4, show_spinner="Reading the workspace")
def _session(folder: str, state: str) -> Session:
    return open_session(Path(folder))


@st.cache_data(max_entries=4)
def _choices(fingerprint: str, _session: Session) -> TimingChoices:
    return timing_choices(_session.picture)


@st.cache_data(max_entries=64, show_spinner="Counting by hour, shift and season")
def _timing(fingerprint: str, zone: str | None, category: str | None, _session: Session) -> Timing:
    return timing_for(_session.picture, zone, category)


def _ask(choices: TimingChoices) -> tuple[str | None, str | None, str]:
    """Return the zone and the category that were chosen, and what they are called together."""
    left, right = st.columns(2)
    zone: ZoneChoice | None = left.selectbox(
        "Where", (None, *choices.zones), format_func=_zone_name, key="timing-zone"
    )
    category: str | None = right.selectbox(
        "What", (None, *choices.categories), format_func=lambda name: name or ALL,
        key="timing-category",
    )  # fmt: skip
    about = WHOLE_ESTATE if zone is None else zone.name
    return (
        None if zone is None else zone.zone,
        category,
        about if category is None else f"{about}, {category}",
    )


def _zone_name(zone: ZoneChoice | None) -> str:
    return WHOLE_ESTATE if zone is None else f"{zone.name} ({zone.incidents:,})"


def _show(found: Timing, about: str, time_zone: str) -> None:
    if found.shifts is None or not found.timed:
        st.info(plain(nothing_timed_words(found)), icon=":material/schedule:")
    else:
        st.html(f'<p class="finding">Busiest: {in_map(busiest_words(found.shifts))}.</p>')
        st.html(heat_html(found, about, time_zone))
        st.subheader("Busiest shifts")
        st.dataframe(for_spreadsheet(shift_table(found.shifts)), hide_index=True, width="stretch")
        st.caption(plain(shifts_note(found.shifts)))
    left, right = st.columns(2)
    with left:
        st.subheader("Months")
        _season(found.months, "the month", missing_season_words(found, weeks=False))
    with right:
        st.subheader("Weeks of term")
        what = "the week of term"
        if found.weeks is not None and found.weeks.unit == "month":
            what = "whether it is term"
        _season(found.weeks, what, missing_season_words(found, weeks=True))


def _season(rates: SeasonRates | None, what: str, if_none: str) -> None:
    if rates is None:
        st.info(plain(if_none), icon=":material/calendar_month:")
        return
    st.html(f'<p class="finding">{in_map(season_words(rates, what))}</p>')
    st.html(bars_html(rates, f"Incidents a day by {what}"))
