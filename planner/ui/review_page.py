"""The page that asks a person: what a place means, what is one event, and what is a desk's."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from planner.errors import PlannerError
from planner.publish.page import parts_style
from planner.publish.style import ILLUSTRATIVE
from planner.publish.webmap import style_variables
from planner.service.app_session import workspace_state
from planner.service.deciding import decide_pair, decide_place
from planner.service.place_choices import NOTHING
from planner.service.reviewing import PairQuestion, PlaceQuestion, Questions, open_questions
from planner.service.workspace import workspace_folder
from planner.ui.answer import TIGHTER
from planner.ui.plain import plain
from planner.ui.record_questions import show_records
from planner.ui.review_words import (
    decided_words,
    incident_words,
    nothing_words,
    paired_words,
)

SHOWN = 10
NONE_OF_OURS = "None of the estate's places"
ACTOR = "app"
# A register on a server changes without a file of the workspace changing.
FRESH_FOR_S = 60
NOTED = "noted"
SMALLER = '[data-testid="stMainBlockContainer"] h3 { font-size: 1.2rem; padding-bottom: 0; }'


def show_review_page() -> None:
    """List the open questions, and keep the answers."""
    st.html(f"<style>{style_variables()}{parts_style()}{TIGHTER}{SMALLER}</style>")
    top = st.container()
    st.header("To decide")
    try:
        folder = workspace_folder(None)
        found = _questions(str(folder.resolve()), workspace_state(folder))
    except PlannerError as error:
        _warn(error)
        return
    if NOTED in st.session_state:
        st.toast(plain(st.session_state.pop(NOTED)), icon=":material/check:")
    if not found.any:
        st.info(plain(nothing_words(found)), icon=":material/check:")
        return
    if found.illustrative:
        top.html(f'<div class="banner">{ILLUSTRATIVE}</div>')
    _show_places(folder, found)
    _show_pairs(folder, found)
    show_records(folder, found, _decide)


def _warn(error: PlannerError) -> None:
    st.warning(plain(str(error)), icon=":material/info:")


@st.cache_data(max_entries=4, ttl=FRESH_FOR_S, show_spinner="Looking for what needs a person")
def _questions(folder: str, state: str) -> Questions:
    return open_questions(Path(folder), SHOWN)


def _show_places(folder: Path, found: Questions) -> None:
    if not found.places:
        return
    st.subheader("Where is this?")
    st.caption(
        f"{_of(len(found.places), found.places_in_all, 'written places')}, the most frequent "
        "first. An answer is kept: the same place is not asked again, and later imports use it."
    )
    for question in found.places:
        _ask_place(folder, question)


def _of(shown: int, count: int, what: str) -> str:
    return f"{count:,} {what}" if shown == count else f"{shown} of {count:,} {what}"


def _ask_place(folder: Path, question: PlaceQuestion) -> None:
    names = {
        f"{item.score:.0f} % {item.name}": item.building or item.site
        for item in question.candidates
    } | {NONE_OF_OURS: NOTHING}
    key = question.place
    with st.container(border=True):
        asked, answer, kept = st.columns([4, 5, 2], vertical_alignment="bottom")
        asked.text(question.place)
        asked.caption(plain(f"{incident_words(question.incidents)}: {question.because}."))
        chosen = answer.selectbox(
            "It means (likeness, name)", list(names), key=f"means-{key}", index=None,
            accept_new_options=True, placeholder="Choose, or type a name",
        )  # fmt: skip
        if kept.button("Keep", key=f"keep-{key}", disabled=not chosen, width="stretch") and chosen:
            _decide(partial(_keep_place, folder, question.place, names.get(chosen, chosen)))


def _keep_place(folder: Path, place: str, means: str) -> str:
    return decided_words(decide_place(folder, place, means, ACTOR))


def _show_pairs(folder: Path, found: Questions) -> None:
    if not found.pairs:
        return
    st.subheader("Is this one event?")
    st.caption(
        f"{_of(len(found.pairs), found.pairs_in_all, 'pairs of records')} from different sources. "
        "Nothing is merged: of a pair that is one event, only the first counts."
    )
    for question in found.pairs:
        _ask_pair(folder, question)


def _ask_pair(folder: Path, question: PairQuestion) -> None:
    key = f"{question.first} {question.second}"
    with st.container(border=True):
        first, second = st.columns(2)
        first.text(f"{question.first}\n{question.first_says}")
        second.text(f"{question.second}\n{question.second_says}")
        st.caption(plain(f"{_capital(question.because)} (likeness {question.score:.2f} of 1)."))
        with st.container(horizontal=True):
            one = st.button("One event: the first counts", key=f"one {key}")
            two = st.button("Two events", key=f"two {key}")
        if one or two:
            _decide(partial(_keep_pair, folder, question, one))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _keep_pair(folder: Path, question: PairQuestion, same: bool) -> str:
    decide_pair(folder, question.first, question.second, same=same, actor=ACTOR)
    return paired_words(question.first, question.second, same)


def _decide(act: Callable[[], str]) -> None:
    """Keep an answer, and ask what is left; what was noted is said on the page that follows."""
    try:
        st.session_state[NOTED] = act()
    except PlannerError as error:
        _warn(error)
        return
    _questions.clear()
    st.rerun()
