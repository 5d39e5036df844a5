"""The page of graded entries: what is in force, until when, and a form for a new one."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from planner.errors import PlannerError
from planner.incidents.handling import CODES, INFORMATION, SOURCES
from planner.incidents.intelligence import Status
from planner.publish.page import parts_style
from planner.publish.style import ILLUSTRATIVE, in_map
from planner.publish.webmap import style_variables
from planner.service.app_session import workspace_state
from planner.service.intelligence import (
    Desk,
    Listed,
    add_intelligence,
    open_desk,
    score_intelligence,
    set_status,
)
from planner.service.workspace import workspace_folder
from planner.ui.answer import TIGHTER
from planner.ui.intelligence_words import (
    NONE_OVER,
    added_words,
    effect_words,
    scores_words,
    state_words,
    status_words,
)
from planner.ui.plain import plain

ACTOR = "app"
NOTED = "intelligence noted"
# Entries expire by themselves, without a file of the workspace changing.
FRESH_FOR_S = 60
KINDS = ("event", "series", "warning")
EMPTY = (
    "No entry is recorded. An event, a series or a warning that is known beforehand can raise or "
    "lower the risk of a place for a time: add one below."
)


def show_intelligence_page() -> None:
    """List the entries, switch them off and on, and take new ones."""
    st.html(f"<style>{style_variables()}{parts_style()}{TIGHTER}</style>")
    top = st.container()
    st.header("Intelligence")
    try:
        folder = workspace_folder(None)
        desk = _desk(str(folder.resolve()), workspace_state(folder))
    except PlannerError as error:
        _warn(error)
        return
    if NOTED in st.session_state:
        st.toast(plain(st.session_state.pop(NOTED)), icon=":material/check:")
    if desk.settings.illustrative:
        top.html(f'<div class="banner">{ILLUSTRATIVE}</div>')
    _show_entries(folder, desk)
    with st.expander("Add an entry", expanded=not desk.entries):
        _show_form(folder, desk)
    if any(item.state == "expired" for item in desk.entries):
        _show_scores(folder)


def _warn(error: PlannerError) -> None:
    st.warning(plain(str(error)), icon=":material/info:")


@st.cache_data(max_entries=4, ttl=FRESH_FOR_S, show_spinner="Reading the entries")
def _desk(folder: str, state: str) -> Desk:
    return open_desk(Path(folder))


def _show_entries(folder: Path, desk: Desk) -> None:
    if not desk.entries:
        st.info(plain(EMPTY), icon=":material/info:")
        return
    st.caption(
        "The factor is a person's judgement. Each entry expires by itself; whoever may not see one "
        "gets maps, plans and prints that are made without it."
    )
    for item in desk.entries:
        _show_entry(folder, item)


def _show_entry(folder: Path, item: Listed) -> None:
    entry = item.entry
    handled = f"{entry.grade}, {entry.marking}, from {entry.originator}"
    with st.container(border=True):
        said, buttons = st.columns([5, 2], vertical_alignment="center")
        # Not st.markdown: a text from data must stay a text.
        said.html(f"<b>{in_map(entry.what)}</b>")
        said.caption(plain(f"{state_words(item)}. {effect_words(item)}"))
        said.caption(plain(f"{entry.kind.capitalize()}, {handled}."))
        if item.state == "withdrawn":
            return
        with buttons.container(horizontal=True):
            is_off = item.state == "off"
            status: Status = "active" if is_off else "off"
            label = "Switch on" if is_off else "Switch off"
            if item.state != "expired" and st.button(label, key=f"switch-{entry.id}"):
                _act(partial(_set, folder, entry.id, status))
            if st.button("Withdraw", key=f"withdraw-{entry.id}"):
                _act(partial(_set, folder, entry.id, "withdrawn"))


def _set(folder: Path, entry_id: str, status: Status) -> str:
    return status_words(entry_id, set_status(folder, entry_id, status, ACTOR).entry.status)


def _show_form(folder: Path, desk: Desk) -> None:
    with st.form("entry", border=False):
        content = _what_and_where(desk) | _handling(desk)
        pressed = st.form_submit_button("Record", type="primary")
    if pressed:
        _act(lambda: " ".join(added_words(add_intelligence(folder, content, ACTOR))))


def _what_and_where(desk: Desk) -> dict[str, Any]:
    what, kind = st.columns([4, 1])
    bounds = desk.settings.intelligence
    usual_end = desk.today + timedelta(days=1)
    content: dict[str, Any] = {
        "what": what.text_input("What (of a place, never of a person)", max_chars=200),
        "kind": kind.selectbox("Kind", KINDS),
        "where": {"zones": st.multiselect("Where", desk.places, placeholder="Zones or sites")},
    }
    columns = st.columns([2, 1, 2, 1, 2])
    first = columns[0].date_input("From", desk.today, format="DD/MM/YYYY")
    at = columns[1].time_input("at", time(18), key="from-time")
    last = columns[2].date_input("Until", usual_end, format="DD/MM/YYYY")
    ends = columns[3].time_input("at", time(6), key="until-time")
    factor = columns[4].number_input(
        f"Factor ({bounds.least_factor:g} to {bounds.greatest_factor:g})",
        bounds.least_factor, bounds.greatest_factor, 1.5, 0.25,
        help="The risk there and then is multiplied by this.",
    )  # fmt: skip
    content["from"] = datetime.combine(first, at)
    content["until"] = datetime.combine(last, ends)
    content["factor"] = float(factor)
    usual = [name for name, rule in desk.settings.categories.items() if not rule.sensitive]
    content["categories"] = st.multiselect("Only for", usual, placeholder="All categories")
    return content


def _handling(desk: Desk) -> dict[str, Any]:
    rules = desk.settings.handling
    columns = st.columns([3, 5, 5, 4])
    source = columns[0].selectbox("Source", list(SOURCES), 1, format_func=_listed_in(SOURCES))
    known = columns[1].selectbox(
        "Information", list(INFORMATION), 1, format_func=_listed_in(INFORMATION)
    )
    code = columns[2].selectbox("Handling", list(CODES), format_func=_listed_in(CODES))
    marking = columns[3].selectbox("Marking", rules.markings, min(1, len(rules.markings) - 1))
    permission, conditions, originator = st.columns(3)
    return {
        "grade": f"{source}{known}{code}",
        "marking": marking,
        "permission": permission.multiselect(
            "The originator permits", list(rules.audiences), placeholder="The service only"
        ),
        "conditions": conditions.text_input("Conditions (handling code C)"),
        "originator": originator.text_input("Originator (a role)"),
    }


def _listed_in(words: dict[str, str]) -> Callable[[str], str]:
    return lambda key: f"{key}: {words[key]}"


def _show_scores(folder: Path) -> None:
    st.subheader("Did they help?")
    try:
        lines = scores_words(_scores(str(folder.resolve()), workspace_state(folder)))
    except PlannerError as error:
        _warn(error)
        return
    for line in lines or [NONE_OVER]:
        st.caption(plain(line))


@st.cache_data(max_entries=4, ttl=FRESH_FOR_S, show_spinner="Scoring the entries that are over")
def _scores(folder: str, state: str) -> Any:
    return score_intelligence(Path(folder))


def _act(act: Callable[[], str]) -> None:
    """Do what was asked and show the page anew; what was noted is said there."""
    try:
        st.session_state[NOTED] = act()
    except PlannerError as error:
        _warn(error)
        return
    _desk.clear()
    st.rerun()
