"""The page that shows the risk: where how much is expected, how sure, and how good that was."""

from datetime import date
from pathlib import Path

import streamlit as st

from planner.allocate.forecasting import Forecast
from planner.errors import PlannerError
from planner.publish.legend import forecast_legend_html
from planner.publish.page import banner_html, parts_style, shift_words, unbroken
from planner.publish.risk_view import Show, risk_view
from planner.publish.risk_words import interval_words, number, wording_of
from planner.publish.style import day_and_clock, in_map
from planner.publish.track_html import hit_rates_html, reliability_html, rivals_html
from planner.publish.track_words import record_words
from planner.publish.webmap import style_variables
from planner.service.app_session import Session, ShiftChoice, open_session, workspace_state
from planner.service.forecasting import ForecastWish, categories_by_number, forecast_for
from planner.service.track_record import TrackRecord, track_record
from planner.service.workspace import workspace_folder
from planner.ui.answer import TIGHTER
from planner.ui.map_view import show_risk_map
from planner.ui.plain import plain

ALL = "All incidents"
JUDGED = "judged"
RISKS = "Incidents"
HARM = "Harm"
SMALLER = (
    '[data-testid="stMainBlockContainer"] h3.asked { font-size: 1.15rem; padding: 0; margin: 0; }'
)
ABOUT = {
    Show.EXPECTED: "How many are expected in each zone.",
    Show.UPPER: "How many a zone stays at or below in 19 shifts of 20.",
    Show.UNSURE: "Where a forecast rests on few records of the zone itself.",
}


def show_risk_page() -> None:
    """Ask for a shift, and show what is expected of it, or say in one line what is missing."""
    st.html(f"<style>{style_variables()}{parts_style()}{TIGHTER}{SMALLER}</style>")
    try:
        folder = workspace_folder(None)
        session = _session(str(folder.resolve()), workspace_state(folder))
    except PlannerError as error:
        st.header("Risk")
        _say(error)
        return
    wish = _ask(session)
    try:
        found = _forecast(session.picture.fingerprint, wish, session)
    except PlannerError as error:
        _say(error)
        return
    _show(session, found, wish)


def _say(error: PlannerError) -> None:
    st.warning(plain(str(error)), icon=":material/info:")


# Both caches are shared by all who use the app: the keys hold the workspace and its state.
@st.cache_resource(max_entries=4, show_spinner="Reading the workspace")
def _session(folder: str, state: str) -> Session:
    return open_session(Path(folder))


@st.cache_data(max_entries=64, show_spinner="Forecasting the shift")
def _forecast(fingerprint: str, wish: ForecastWish, _session: Session) -> Forecast:
    return forecast_for(_session.picture, wish)


@st.cache_data(max_entries=16, show_spinner="Forecasting the past again, window after window")
def _record(fingerprint: str, category: str | None, _session: Session) -> TrackRecord:
    return track_record(_session.picture, category)


def _ask(session: Session) -> ForecastWish:
    with st.sidebar:
        # Not st.header: it reads Markdown, and links and images, into a name.
        st.html(f"<h3>{in_map(session.name)}</h3>")
        shift: ShiftChoice = st.selectbox(
            "Shift", session.shifts, key="risk-shift",
            format_func=lambda choice: f"{choice.name}, {choice.hours}",
        )  # fmt: skip
        day: date = st.date_input(
            "Date it starts", shift.first_date, format="DD/MM/YYYY", key=f"risk-day-{shift.name}"
        )
        category = st.selectbox(
            "Category", (ALL, *categories_by_number(session.picture)), key="risk-category"
        )
        counted = st.radio("Counted as", (RISKS, HARM), key="risk-counted", horizontal=True)
    return ForecastWish(shift.name, day, None if category == ALL else category, counted == HARM)


def _show(session: Session, found: Forecast, wish: ForecastWish) -> None:
    wording = wording_of(found)
    if found.estate.illustrative:
        st.html(banner_html(found.estate))
    st.html(f"<h2>{in_map(shift_words(found.shift))}</h2>")
    st.html(
        f'<p class="finding"><b>{number(found.risk.expected)}</b> {in_map(wording.expected)}; '
        f"{interval_words(found.risk, wording)}.</p>"
    )
    map_side, good_side = st.columns([5, 3], gap="medium")
    with map_side:
        shown = st.segmented_control(
            "Map shows", list(Show), default=Show.EXPECTED, key="risk-show",
            label_visibility="collapsed",
        )  # fmt: skip
        chosen = Show(shown or Show.EXPECTED)
        st.caption(ABOUT[chosen])
        view = risk_view(found.risk, wording, chosen)
        show_risk_map(session.picture, found.risk, view, wording)
        st.html(forecast_legend_html(found.risk, view, wording))
    with good_side:
        st.html('<h3 class="asked">How good has this been?</h3>')
        told = st.container()
        record = _judged(session, wish.category)
        with told:
            _sentences(found, record)
    if record is not None:
        _details(record)
    _notes(found)


def _judged(session: Session, category: str | None) -> TrackRecord | None:
    """Return the track record where it was asked for; it takes seconds, so it waits to be."""
    key = (session.picture.fingerprint, category)
    asked: set[tuple[str, str | None]] = st.session_state.setdefault(JUDGED, set())
    if key not in asked:
        st.caption(
            "The past can be forecast again, week after week, from what was known then, and "
            "compared with what happened. It takes some seconds."
        )
        st.button("Judge it on the past", width="stretch", on_click=asked.add, args=(key,))
        return None
    try:
        return _record(session.picture.fingerprint, category, session)
    except PlannerError as error:
        _say(error)
        return None


def _sentences(found: Forecast, record: TrackRecord | None) -> None:
    """Say how the forecast stands, and once it was judged, what came of that."""
    if record is None:
        words = [standing.words for standing in found.risk.standings]
    else:
        words = [text for source in record.sources for text in record_words(source)]
    st.html("".join(f"<p>{unbroken(text)}</p>" for text in words))


def _details(record: TrackRecord) -> None:
    if record.category is not None:
        st.caption(plain(f"Judged on incidents of {record.category}."))
    for source in record.sources:
        if source.result is None:
            continue
        if len(record.sources) > 1:
            title = f"Records of the {in_map(source.source)}, by {source.kind}"
            st.html(f'<h3 class="asked">{title}</h3>')
        left, right = st.columns(2, gap="medium")
        left.html(hit_rates_html(source.result))
        right.html(reliability_html(source.result))
        st.html(f'<div class="wide">{rivals_html(source.result)}</div>')


def _notes(found: Forecast) -> None:
    said = {standing.words for standing in found.risk.standings}
    items = "".join(f"<li>{in_map(text)}</li>" for text in found.warnings if text not in said)
    if items:
        st.html(
            '<section class="warnings"><h3>Before acting on this</h3>'
            f'<ul class="notes">{items}</ul></section>'
        )
    st.caption(
        f"From records to {day_and_clock(found.as_of)}. Harm counts incidents by weights that the "
        "settings state; what is judged on the past is always their number. Graded entries of "
        "intelligence play no part here: this is what the records say."
    )
