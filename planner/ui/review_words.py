"""What is said of open questions and of decisions, on the command line and in the app."""

from dataclasses import asdict
from typing import Any

from planner.insight.recording.treatments import EXCLUDE, KEEP, WEIGHT
from planner.publish.style import ILLUSTRATIVE
from planner.service.deciding import PlaceDecision
from planner.service.recording_places import RecordDecision, RecordQuestion
from planner.service.reviewing import PairQuestion, PlaceQuestion, Questions


def questions_document(found: Questions) -> dict[str, Any]:
    """Describe open questions as data."""
    return asdict(found)


def questions_words(found: Questions) -> list[str]:
    """Describe open questions in lines of text, with how to answer them."""
    if not found.any:
        return [nothing_words(found)]
    lines = [ILLUSTRATIVE] if found.illustrative else []
    lines += [
        f"Places to decide: {found.places_in_all:,}. Pairs to decide: {found.pairs_in_all:,}. "
        f"Recording places to decide: {found.records_in_all:,}."
    ]
    lines += [line for question in found.places for line in _place_lines(question)]
    lines += [line for question in found.pairs for line in _pair_lines(question)]
    lines += [line for question in found.records for line in _record_lines(question)]
    if found.places:
        lines.append("Decide a place: planner review --place TEXT --means NAME (or none).")
    if found.pairs:
        lines.append("Decide a pair: planner review --pair FIRST SECOND --same (or --different).")
    if found.records:
        lines.append(
            "Decide a recording place: planner review --record KEY --weight exclude (or keep, or "
            "0 to 1)."
        )
    return lines


def nothing_words(found: Questions) -> str:
    """Say that nothing is asked, and what to do next."""
    if not found.incidents:
        return "No incidents are imported yet; give a file of them to 'planner import'."
    return (
        f"Nothing needs a person: of {incident_words(found.incidents)}, every written place is "
        "settled, no event seems told twice, and no place looks like a recording desk. "
        "Next: plan a shift."
    )


def incident_words(count: int) -> str:
    """Write a number of incidents."""
    return "1 incident" if count == 1 else f"{count:,} incidents"


def _place_lines(question: PlaceQuestion) -> list[str]:
    likely = "; ".join(f"{item.name} ({item.score:.0f})" for item in question.candidates)
    return [
        f"'{question.place}', {incident_words(question.incidents)}: {question.because}.",
        f"  Perhaps: {likely or 'nothing on the estate is called like this'}",
    ]


def _pair_lines(question: PairQuestion) -> list[str]:
    return [
        f"'{question.first}' and '{question.second}': {question.because} ({question.score:.2f}).",
        f"  {question.first_says}",
        f"  {question.second_says}",
    ]


def _record_lines(question: RecordQuestion) -> list[str]:
    only = f", {question.category}" if question.category else ""
    return [
        f"'{question.name}'{only}, {incident_words(question.incidents)}: looks like "
        f"{question.looks_like} ({question.place}).",
        *(f"  {sentence(words)}" for words in question.because),
        f"  Proposed: {proposed_words(question)}.",
        f"  {record_command(question)}",
    ]


def sentence(words: str) -> str:
    """Write words as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."


def proposed_words(question: RecordQuestion) -> str:
    """Say what is proposed for a place."""
    since = f" what is recorded from {question.starts_at} on" if question.starts_at else " them all"
    if question.treatment == KEEP:
        return "keep; such a change may well be true, a building that opened or closed"
    if question.treatment == EXCLUDE:
        return f"leave{since} out"
    as_before = ", as much in all as before" if question.starts_at else ""
    return f"count{since} {question.weight:g} each{as_before}"


def record_command(question: RecordQuestion) -> str:
    """Write the command that decides as proposed."""
    weight = question.treatment if question.treatment != WEIGHT else f"{question.weight:g}"
    only = f" --category '{question.category}'" if question.category else ""
    since = f" --from {question.starts_at}" if question.starts_at else ""
    return f"planner review --record {question.place} --weight {weight}{only}{since}"


def weighed_words(decided: RecordDecision) -> str:
    """Say what a decision about a recording place means."""
    since = f" recorded from {decided.starts_at} on" if decided.starts_at else ""
    only = f" of '{decided.category}'" if decided.category else ""
    what = f"{incident_words(decided.incidents)}{only} at '{decided.name}'{since}"
    if decided.weight == 0:
        return f"Noted: {what} left out of plans; the estate's totals keep them."
    if decided.weight == 1:
        return f"Noted: {what} kept, each as any other."
    return f"Noted: {what} kept, each counting {decided.weight:g}."


def decided_words(decided: PlaceDecision) -> str:
    """Say what a decision about a place changed."""
    means = f"means {decided.means}" if decided.means else "is none of the estate's places"
    if not decided.incidents:
        return f"Noted: '{decided.place}' {means}; no known incident has it, later ones may."
    return (
        f"Noted: '{decided.place}' {means}; {decided.moved:,} of {decided.incidents:,} known "
        "incidents moved."
    )


def paired_words(first: str, second: str, same: bool) -> str:
    """Say what a decision about a pair means."""
    if same:
        return f"Noted: one event, for which '{first}' counts and '{second}' does not."
    return f"Noted: '{first}' and '{second}' are two events; both count."
