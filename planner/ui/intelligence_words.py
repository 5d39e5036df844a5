"""What is said of graded entries of intelligence, on the command line and in the app."""

from collections.abc import Sequence
from typing import Any

from planner.incidents.handling import read_grade
from planner.insight.intelligence_outcomes import Outcome
from planner.service.intelligence import Listed

ZONES_SHOWN = 4
NOTHING = (
    "No graded entry is recorded that may be shown here; add one with 'planner intelligence add "
    "FILE.toml'."
)
NONE_OVER = "No entry is over as yet, so there is nothing to score."


def entry_document(item: Listed) -> dict[str, Any]:
    """Describe an entry as data."""
    entry = item.entry.model_dump(mode="json")
    return {**entry, "state": item.state, "effective_factor": item.factor, "covers": item.zones}


def added_words(item: Listed) -> list[str]:
    """Say that an entry was recorded, and what it does."""
    return [f"Recorded as {item.entry.id}.", *entry_words(item)[1:]]


def list_words(found: Sequence[Listed]) -> list[str]:
    """Describe entries in lines of text."""
    if not found:
        return [NOTHING]
    return [line for item in found for line in entry_words(item)]


def entry_words(item: Listed) -> list[str]:
    """Describe an entry in two lines: what it is, and what it does."""
    entry = item.entry
    return [
        f"{entry.id}  {entry.what} ({entry.kind}, {entry.grade}, {entry.marking})",
        f"  {state_words(item)}. {effect_words(item)}",
    ]


def state_words(item: Listed) -> str:
    """Say whether an entry is in force, and when it expires: ``Active, expires 1 May 12:00``."""
    ends = f"{item.entry.ends_at.day} {item.entry.ends_at:%b %Y %H:%M}"
    begins = f"{item.entry.starts_at.day} {item.entry.starts_at:%b %Y %H:%M}"
    return {
        "active": f"Active, expires {ends}",
        "not yet": f"Begins {begins}, expires {ends}",
        "expired": f"Expired {ends}",
        "off": f"Switched off (would expire {ends})",
        "withdrawn": "Withdrawn",
    }[item.state]


def effect_words(item: Listed) -> str:
    """Say what an entry does to the risk, and where."""
    entry, grade = item.entry, read_grade(item.entry.grade)
    if not item.zones:
        return "The estate does not have its place any more; it has no effect."
    shown = ", ".join(item.zones[:ZONES_SHOWN])
    more = f" and {len(item.zones) - ZONES_SHOWN} more" if len(item.zones) > ZONES_SHOWN else ""
    if grade.never_raises_because and entry.factor > 1:
        return f"It is kept and raises no risk: {grade.never_raises_because} ({shown}{more})."
    if item.factor == 1:
        return f"It changes no risk ({shown}{more})."
    moves = "Raises" if item.factor > 1 else "Lowers"
    stated = "" if item.factor == entry.factor else f" (stated {entry.factor:.3g})"
    only = f" of {', '.join(entry.categories)}" if entry.categories else ""
    hours = f", {entry.hours[0]:%H:%M} to {entry.hours[1]:%H:%M} only" if entry.hours else ""
    to = "" if item.factor > 1 else "to "
    return f"{moves} the risk{only} {to}{item.factor:.3g} times{stated} in {shown}{more}{hours}."


def status_words(entry_id: str, status: str) -> str:
    """Say how an entry stands now."""
    now = {
        "active": "on again; plans are made with it",
        "off": "off; plans are made without it until it is switched on",
        "withdrawn": "withdrawn for good; it stays in the register",
    }
    return f"Entry {entry_id} is {now[status]}."


def scores_document(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Describe scores as data."""
    numbers = ("verdict", "because", "factor", "expected", "recorded", "ratio", "low", "high",
               "gain")  # fmt: skip
    return {
        "entries": [
            {"id": item.entry.id, "what": item.entry.what, "stated": item.entry.factor}
            | {name: getattr(item, name) for name in numbers}
            for item in outcomes
        ],
        "gain": sum(item.gain for item in outcomes),
    }


def scores_words(outcomes: Sequence[Outcome]) -> list[str]:
    """Describe scores in lines of text, with their sum."""
    if not outcomes:
        return [NONE_OVER]
    lines = [outcome_words(item) for item in outcomes]
    scored = [item for item in outcomes if item.verdict != "not scored"]
    if len(scored) > 1:
        gain = sum(item.gain for item in scored)
        lines.append(
            f"All {len(scored)} together: log score {gain:+.2f} with their factors against "
            "without; above 1.1 they helped, below -1.1 they did not, between is too little to "
            "tell."
        )
    return lines


def outcome_words(item: Outcome) -> str:
    """Say what became of one entry, in one line."""
    head = f"{item.entry.id}  {item.entry.what}:"
    if item.verdict == "not scored":
        return f"{head} not scored. {item.because}"
    stated = f"stated factor {item.entry.factor:.3g}"
    if f"{item.entry.factor:.3g}" != f"{item.factor:.3g}":
        stated += f", {item.factor:.3g} by its grade,"
    said = {"no effect": "no effect on any plan"}.get(item.verdict, item.verdict)
    return (
        f"{head} expected {item.expected:.2g} without it, {stated} -> "
        f"{item.expected * item.factor:.2g}, recorded {item.recorded} (rate ratio "
        f"{item.ratio:.2g}, {item.low:.2g} to {item.high:.2g}): {said}."
    )
