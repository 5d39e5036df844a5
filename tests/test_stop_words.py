"""What is said of a team's stops."""

import pytest
from patrol_plans import every_kind, stop

from planner.allocate.plan import StopKind
from planner.publish.stop_words import (
    crew_words,
    escort_end,
    mode_words,
    rank_words,
    what_words,
)


@pytest.mark.parametrize(
    ("kind", "rank", "words"),
    [
        ("visit", 1, "1 last"), ("visit", 3, "3"), ("visit", None, ""), ("duty", 1, ""),
        ("must-visit", 2, ""), ("meal", None, ""),
    ],
)  # fmt: skip
def test_only_visits_are_dropped(kind: StopKind, rank: int | None, words: str) -> None:
    assert rank_words(stop(kind, rank=rank)) == words


def test_what_says_ends_and_partners() -> None:
    duty = every_kind()[3]
    assert what_words(duty) == "duty, ends at Oak Hall, with team B"
    assert escort_end(duty) == (duty.to_longitude, duty.to_latitude)
    assert escort_end(stop()) is None


@pytest.mark.parametrize(("mode", "words"), [("foot", "on foot"), ("vehicle", "by vehicle")])
def test_modes(mode: str, words: str) -> None:
    assert mode_words(mode) == words
    assert (crew_words(1), crew_words(2)) == ("1 officer, alone", "2 officers")
