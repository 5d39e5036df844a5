"""Asking what the incidents of a recording desk should count, with a chart of its months."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from planner.publish.style import HOTSPOT, INK, QUIET_INK, in_map
from planner.service.recording_places import RecordQuestion, decide_record
from planner.service.reviewing import Questions
from planner.ui.plain import plain
from planner.ui.review_words import (
    incident_words,
    proposed_words,
    sentence,
    weighed_words,
)

ACTOR = "app"
WIDTH, HEIGHT, FOOT, HEAD = 640, 84, 16, 14
Decide = Callable[[Callable[[], str]], None]


def show_records(folder: Path, found: Questions, decide: Decide) -> None:
    """Ask about each place that looks like a recording desk, or changed its reporting.

    Parameters
    ----------
    folder
        The workspace.
    found
        What is open.
    decide
        Keeps an answer and shows the page anew.
    """
    if not found.records:
        return
    st.subheader("Is this a place of risk, or of recording?")
    shown, count = len(found.records), found.records_in_all
    many = f"{count:,} places" if shown == count else f"{shown} of {count:,} places"
    st.caption(
        f"{many} look like recording desks or changed their reporting. What you leave out stays in "
        "the estate's totals; an answer can be changed later."
    )
    for question in found.records:
        _ask(folder, question, decide)


def _ask(folder: Path, question: RecordQuestion, decide: Decide) -> None:
    key = f"{question.place} {question.category}"
    with st.container(border=True):
        only = f", {question.category}" if question.category else ""
        st.text(f"{question.name}{only}")
        st.caption(
            plain(f"{incident_words(question.incidents)}: looks like {question.looks_like}.")
        )
        if chart := counts_chart(question):
            # As a picture: what stands as HTML on a page may hold no SVG.
            st.image(chart, width="stretch")
        st.text("\n".join(sentence(words) for words in question.because))
        st.caption(plain(f"Proposed: {proposed_words(question)}."))
        weight, since = _answers(question, key)
        with st.container(horizontal=True):
            out = st.button("Leave them out", key=f"out {key}")
            less = st.button(f"Count {weight:g} each", key=f"less {key}")
            keep = st.button("Keep them all", key=f"keep {key}")
        if out or less or keep:
            chosen = "exclude" if out else "keep" if keep else f"{weight:g}"
            decide(partial(_keep, folder, question, chosen, "" if keep else since))


def _answers(question: RecordQuestion, key: str) -> tuple[float, str]:
    """Ask for a weight, and whether it should hold from the change on only."""
    weight, when = st.columns(2, vertical_alignment="bottom")
    usual = question.weight if 0 < question.weight < 1 else 0.5
    chosen = weight.number_input(
        "What each counts, 0 to 1", 0.0, 1.0, usual, 0.05, key=f"weight {key}"
    )
    if not question.starts_at:
        return float(chosen), ""
    since = when.checkbox(f"Only from {question.starts_at} on", value=True, key=f"since {key}")
    return float(chosen), question.starts_at if since else ""


def _keep(folder: Path, question: RecordQuestion, weight: str, since: str) -> str:
    done = decide_record(
        folder, question.place, weight, category=question.category, since=since, actor=ACTOR
    )
    return weighed_words(done)


def counts_chart(question: RecordQuestion) -> str:
    """Draw a place's incidents by month or week as bars, in inline SVG.

    What is recorded from the proposed day on is darker; the years stand below, the greatest
    number above its bar.
    """
    counts = [count for _, count in question.counts]
    if not counts:
        return ""
    most, step = max(*counts, 1), WIDTH / len(counts)
    bars = "".join(
        _bar(row, count / most, step, question.starts_at and day >= question.starts_at)
        for row, (day, count) in enumerate(question.counts)
        if count
    )
    years = "".join(_year(row * step, day) for row, day in _years(question))
    peak = counts.index(max(counts))
    top = _text(peak * step, HEAD - 4, f"{most}", INK, peak > len(counts) / 2)
    said = f"Incidents a {question.unit}, at most {most}, {counts_span(question)}"
    return (
        f'<svg role="img" aria-label="{in_map(said)}" viewBox="0 0 {WIDTH} {HEIGHT + FOOT}" '
        f'width="{WIDTH}" height="{HEIGHT + FOOT}" font-family="sans-serif" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{in_map(said)}</title>{bars}{years}{top}"
        f'<line x1="0" x2="{WIDTH}" y1="{HEIGHT}" y2="{HEIGHT}" stroke="{QUIET_INK}"/></svg>'
    )


def counts_span(question: RecordQuestion) -> str:
    """Say from when to when a place's counts go."""
    return f"{question.counts[0][0]} to {question.counts[-1][0]}"


def _bar(row: int, share: float, step: float, marked: object) -> str:
    height = share * (HEIGHT - HEAD)
    colour = HOTSPOT if marked else QUIET_INK
    return (
        f'<rect x="{row * step:.1f}" y="{HEIGHT - height:.1f}" width="{max(step - 1, 0.8):.1f}" '
        f'height="{height:.1f}" fill="{colour}"/>'
    )


def _years(question: RecordQuestion) -> list[tuple[int, str]]:
    """Return the first month or week of each year, but for those too near to the one before."""
    days = [day for day, _ in question.counts]
    first = [row for row, day in enumerate(days) if row == 0 or day[:4] != days[row - 1][:4]]
    least = len(days) * 40 / WIDTH
    return [
        (row, days[row][:4])
        for row, after in zip(first, [*first[1:], len(days) + least], strict=True)
        if after - row >= least
    ]


def _year(x: float, year: str) -> str:
    return _text(x, HEIGHT + FOOT - 4, year, QUIET_INK, False)


def _text(x: float, y: float, words: str, colour: str, leftwards: bool) -> str:
    anchor = "end" if leftwards else "start"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" fill="{colour}" '
        f'text-anchor="{anchor}">{in_map(words)}</text>'
    )
