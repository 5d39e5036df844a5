"""Why a stop is in a plan: shares that sum to one, and a sentence of what is so."""

from dataclasses import replace
from types import ModuleType

import pytest
from questions import small_picture, solved

from planner.allocate.answer.reasons import EVENT, TIME_OF_DAY
from planner.allocate.answer.routes import Answered, routes_of
from planner.allocate.patrol_plan import Solved
from planner.picture import Picture


@pytest.fixture(scope="module")
def picture(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return small_picture(build, tmp_path_factory.mktemp("reasons"))


@pytest.fixture(scope="module")
def answered(picture: Picture) -> Solved:
    parts = {
        "patrols": {"minimum_visits": ["Beta Museum"]},
        "must_visits": [{"place": "Gamma Library", "from": "23:00", "to": "23:30",
                         "note": "Ask for the night manager."}],
        "duties": [{"kind": "lock", "place": "Alpha College", "note": "The back gate sticks."}],
    }  # fmt: skip
    return solved(picture, **parts)


def test_the_parts_of_a_risk_sum_to_all_of_it(answered: Solved) -> None:
    reasons = answered.reasons
    for zone in range(3):
        for at_s in (0, 3600, 14_000, 8 * 3600 - 1, 8 * 3600):
            parts = reasons.parts(zone, at_s)
            assert sum(part.share for part in parts) == pytest.approx(1.0)
            assert len({part.name for part in parts}) == len(parts)


def test_the_hour_counts_as_its_own_part_and_takes_off_where_it_is_quiet(
    picture: Picture, answered: Solved
) -> None:
    # All was recorded about 22:40.
    busy = {one.name: one.share for one in answered.reasons.parts(0, 1800)}
    later = {one.name: one.share for one in answered.reasons.parts(0, 6 * 3600)}
    assert busy[TIME_OF_DAY] > max(later[TIME_OF_DAY], 0)
    quiet = solved(picture, shift={"date": "2025-12-20", "start": "11:00", "end": "14:00"})
    quiet_parts = {one.name: one.share for one in quiet.reasons.parts(0, 3600)}
    assert quiet_parts[TIME_OF_DAY] < 0
    assert EVENT not in busy.keys() | later.keys() | quiet_parts.keys()


def test_graded_entries_count_as_their_own_part(answered: Solved) -> None:
    question = answered.question
    doubled = replace(question.risk, expected=question.risk.expected * 2)
    raised = replace(answered.reasons, question=replace(question, risk=doubled))
    parts = {one.name: one.share for one in raised.parts(1, 5000)}
    assert parts[EVENT] == pytest.approx(0.5)
    assert sum(parts.values()) == pytest.approx(1.0)


def test_a_sentence_says_rank_history_and_demand(answered: Solved) -> None:
    question = answered.question
    for tour in answered.patrols.tours:
        for step in tour.visits:
            text = answered.reasons.sentence(step)
            assert "risk of 3 zones" in text
            assert "20 recorded in" in text
            assert text.endswith(".")
            assert text.startswith("Must be seen in this shift; ") == (step.zone == 1)
    ranks = {
        text.split(" risk of")[0].removeprefix("Must be seen in this shift; ").lower()
        for tour in answered.patrols.tours
        for text in map(answered.reasons.sentence, tour.visits)
    }
    assert ranks <= {"highest", "2nd highest", "3rd highest"}
    assert question.problem.minimum == {1: 1}


def test_what_was_asked_for_says_its_hours_and_its_note(answered: Solved) -> None:
    routes = routes_of(Answered(answered.question, answered.patrols.tours, answered.reasons))
    stops = [stop for route in routes for stop in route.stops]
    (duty,) = [stop for stop in stops if stop.kind == "duty"]
    assert duty.why == "To be done between 22:00 and 06:00. The back gate sticks."
    assert (duty.zone, duty.risk, duty.lost_without) == ("", 0.0, None)
    (visit,) = [stop for stop in stops if stop.kind == "must-visit"]
    assert visit.why.startswith("Must be visited between 23:00 and 23:30.")
    assert "Ask for the night manager." in visit.why
    assert visit.zone == "gamma-library"
