"""The page that plans a shift: ask on the left, answer on the right."""

from pathlib import Path

import streamlit as st

from planner.allocate.plan import Plan
from planner.errors import PlannerError
from planner.publish.style import in_map
from planner.service.app_session import (
    Session,
    ShiftChoice,
    Wish,
    open_session,
    picture_for,
    plan_for,
    workspace_state,
)
from planner.service.workspace import workspace_folder
from planner.ui.answer import show_answer
from planner.ui.plain import plain

MOST_TEAMS, MOST_CAMERAS = 12, 50
USUAL_POST = "Usual post"
WITH_INTELLIGENCE = "Off: the plan as it would be without any graded entry."


def show_plan_page() -> None:
    """Ask for a shift, plan it, and show the plan, or say in one line what is missing."""
    try:
        folder = workspace_folder(None)
        session = _session(str(folder.resolve()), workspace_state(folder))
    except PlannerError as error:
        st.title("Deployment planner")
        _say(error)
        st.caption(
            "'planner demo' makes a workspace to try: 'planner app -w out/workspace' opens it."
        )
        return
    wish = _ask(session)
    try:
        plan = _plan(session.picture.fingerprint, wish, session)
    except PlannerError as error:
        _say(error)
        return
    show_answer(picture_for(session, plan), plan, session.numbers)


def _say(error: PlannerError) -> None:
    st.warning(plain(str(error)), icon=":material/info:")


@st.cache_resource(max_entries=4, show_spinner="Reading the workspace")
def _session(folder: str, state: str) -> Session:
    return open_session(Path(folder))


@st.cache_data(max_entries=32, show_spinner="Planning the shift")
def _plan(fingerprint: str, wish: Wish, _session: Session) -> Plan:
    return plan_for(_session, wish.scenario())


def _ask(session: Session) -> Wish:
    """Show the choices; what they say becomes the question when 'Plan' is pressed."""
    with st.sidebar:
        # Not st.header: it reads Markdown, and links and images, into a name.
        st.html(f"<h3>{in_map(session.name)}</h3>")
        chosen = _chosen(session)
        pressed = st.button("Plan", type="primary", width="stretch")
        asked: Wish = st.session_state.setdefault("asked", chosen)
        if pressed:
            st.session_state["asked"] = asked = chosen
        if chosen != asked:
            st.caption("The plan shown is for the choices before. Press 'Plan' for a new one.")
    return asked


def _chosen(session: Session) -> Wish:
    shift: ShiftChoice = st.selectbox(
        "Shift", session.shifts, format_func=lambda choice: f"{choice.name}, {choice.hours}"
    )
    day = st.date_input(
        "Date it starts", shift.first_date, format="DD/MM/YYYY", key=f"day-{shift.name}"
    )
    teams = st.number_input("Patrol teams", 1, MOST_TEAMS, 2)
    start = USUAL_POST
    if session.posts:
        start = st.selectbox("Start from", (USUAL_POST, *session.posts))
    cameras = st.number_input("New cameras", 0, MOST_CAMERAS, 3)
    informed = st.toggle("With intelligence", value=True, help=WITH_INTELLIGENCE)
    post = None if start == USUAL_POST else start
    return Wish(shift.name, day, int(teams), int(cameras), post, bool(informed))
