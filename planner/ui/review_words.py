"""What is said of open questions and of decisions, on the command line and in the app."""

from dataclasses import asdict
from typing import Any

from planner.publish.style import ILLUSTRATIVE
from planner.service.deciding import PlaceDecision
from planner.service.reviewing import PairQuestion, PlaceQuestion, Questions


def questions_document(found: Questions) -> dict[str, Any]:
    """Describe open questions as data."""
    return asdict(found)


def questions_words(found: Questions) -> list[str]:
    """Describe open questions in lines of text, with how to answer them."""
    if not found.places and not found.pairs:
        return [nothing_words(found)]
    lines = [ILLUSTRATIVE] if found.illustrative else []
    lines += [
        f"Places to decide: {found.places_in_all:,}. Pairs to decide: {found.pairs_in_all:,}."
    ]
    lines += [line for question in found.places for line in _place_lines(question)]
    lines += [line for question in found.pairs for line in _pair_lines(question)]
    if found.places:
        lines.append("Decide a place: planner review --place TEXT --means NAME (or none).")
    if found.pairs:
        lines.append("Decide a pair: planner review --pair FIRST SECOND --same (or --different).")
    return lines


def nothing_words(found: Questions) -> str:
    """Say that nothing is asked, and what to do next."""
    if not found.incidents:
        return "No incidents are imported yet; give a file of them to 'planner import'."
    return (
        f"Nothing needs a person: of {incident_words(found.incidents)}, every written place is "
        "settled, and no event seems told twice. Next: plan a shift."
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
