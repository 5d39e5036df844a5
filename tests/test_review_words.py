"""What is said of questions and decisions: in plain words, with what to do next."""

import json
from dataclasses import replace

from planner.estate.naming.places import Candidate
from planner.service.deciding import PlaceDecision
from planner.service.reviewing import PairQuestion, PlaceQuestion, Questions
from planner.ui.review_words import (
    decided_words,
    paired_words,
    questions_document,
    questions_words,
)

HALL = Candidate("alpha-college", "alpha-college-hall", "Hall, Alpha College", 92.4)
PLACE = PlaceQuestion("the hall", 1_200, "no coordinates", (HALL,))
PAIR = PairQuestion(
    "room:1", "lodge:2", "theft, Alpha", "theft, the lodge", 0.75, "same time, 5 m apart"
)
FOUND = Questions((PLACE,), (PAIR,), 30, 1, 5_000, False)


def test_questions_come_with_how_to_answer_them() -> None:
    assert questions_words(FOUND) == [
        "Places to decide: 30. Pairs to decide: 1. Recording places to decide: 0.",
        "'the hall', 1,200 incidents: no coordinates.",
        "  Perhaps: Hall, Alpha College (92)",
        "'room:1' and 'lodge:2': same time, 5 m apart (0.75).",
        "  theft, Alpha",
        "  theft, the lodge",
        "Decide a place: planner review --place TEXT --means NAME (or none).",
        "Decide a pair: planner review --pair FIRST SECOND --same (or --different).",
    ]


def test_one_incident_like_nothing_on_the_estate() -> None:
    lines = questions_words(replace(FOUND, places=(replace(PLACE, incidents=1, candidates=()),)))
    assert "'the hall', 1 incident: no coordinates." in lines
    assert "  Perhaps: nothing on the estate is called like this" in lines


def test_how_to_answer_is_said_only_of_what_is_asked() -> None:
    assert not any("--pair" in line for line in questions_words(replace(FOUND, pairs=())))
    assert not any("--place" in line for line in questions_words(replace(FOUND, places=())))


def test_invented_incidents_are_said_to_be_invented() -> None:
    assert "ILLUSTRATIVE" in questions_words(replace(FOUND, illustrative=True))[0]


def test_where_nothing_is_asked_the_next_step_is_named() -> None:
    settled = Questions((), (), 0, 0, 1, False)
    (line,) = questions_words(settled)
    assert line.startswith("Nothing needs a person: of 1 incident,")
    assert "plan a shift" in line
    (line,) = questions_words(replace(settled, incidents=0))
    assert "planner import" in line


def test_the_document_has_every_question_as_data() -> None:
    document = json.loads(json.dumps(questions_document(FOUND)))
    assert document["places"][0]["candidates"][0]["building"] == "alpha-college-hall"
    assert document["pairs"][0]["second"] == "lodge:2"
    assert (document["places_in_all"], document["pairs_in_all"]) == (30, 1)


def test_decisions_say_what_they_changed() -> None:
    done = PlaceDecision("the hall", "Hall, Alpha College", "s", "b", 12, 3)
    assert decided_words(done) == (
        "Noted: 'the hall' means Hall, Alpha College; 3 of 12 known incidents moved."
    )
    none = decided_words(replace(done, means="", incidents=0, moved=0))
    assert "is none of the estate's places; no known incident has it" in none
    assert "'room:1' counts and 'lodge:2' does not" in paired_words("room:1", "lodge:2", True)
    assert "two events; both count" in paired_words("room:1", "lodge:2", False)
