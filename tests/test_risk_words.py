"""What is said of a forecast: whole incidents, and never '0.00 to 0.00'."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.plan import SourceStanding, ZoneRisk
from planner.publish.risk_words import (
    Wording,
    interval_words,
    number,
    rests_words,
    span_words,
    standing_line,
    zone_tip,
)


def zone(**changes: object) -> ZoneRisk:
    usual = {
        "zone": "a", "name": "Alpha", "expected": 0.031, "low": 0.0, "high": 0.0, "low_95": 0.0,
        "high_95": 1.0, "recorded": 45, "in_routes": True,
        "made_of": "two thirds from the last year here, a fifth from the last weeks next door",
    }  # fmt: skip
    return ZoneRisk.model_validate(usual | changes)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(0, 0, "none"), (0, 1, "at most 1"), (2, 2, "2"), (1, 3, "1 to 3"), (9, 1200, "9 to 1,200")],
)  # fmt: skip
def test_an_interval_is_of_whole_incidents(low: float, high: float, text: str) -> None:
    assert span_words(low, high, Wording()) == text


def test_both_intervals_are_said_and_one_where_they_are_alike() -> None:
    assert interval_words(zone(), Wording()) == "4 shifts in 5: none; 19 in 20: at most 1"
    assert interval_words(zone(high_95=0.0), Wording()) == "19 shifts in 20: none"
    week = Wording(span="week")
    words = interval_words(zone(low=1, high=3, high_95=5), week)
    assert words == "4 weeks in 5: 1 to 3; 19 in 20: at most 5"


@given(bounds=st.lists(st.integers(0, 10_000), min_size=4, max_size=4), harm=st.booleans())
def test_no_interval_reads_from_nothing_to_nothing(bounds: list[int], harm: bool) -> None:
    low_95, low, high, high_95 = sorted(bounds)
    found = zone(low=low, high=high, low_95=low_95, high_95=high_95)
    words = interval_words(found, Wording(whole=not harm))
    assert not re.search(r"\b0(\.0+)? to 0\b|nan|inf", words)


def test_a_tip_says_mean_intervals_rank_what_it_is_made_of_and_what_it_rests_on() -> None:
    tip = zone_tip(zone(recorded=3, in_routes=False), 7, 158, Wording())
    assert tip.split("<br>") == [
        "<b>Alpha</b>",
        "Risk 7 of 158: 0.031 incidents expected this shift",
        "4 shifts in 5: none; 19 in 20: at most 1",
        "Two thirds from the last year here, a fifth from the last weeks next door",
        "Rests on little: 3 records here in all",
        "Too far from a street for routes",
    ]


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        (0, "Rests on little: nothing recorded here yet"),
        (1, "Rests on little: 1 record here in all"),
        (5, "5 recorded here in all"),
        (1234, "1,234 recorded here in all"),
    ],
)
def test_few_records_are_said(recorded: int, words: str) -> None:
    assert rests_words(zone(recorded=recorded)) == words


def test_a_name_in_a_tip_is_a_name() -> None:
    tip = zone_tip(zone(name="<img src=x> ${1}"), 1, 1, Wording("incidents of <b>"))
    assert "<img" not in tip and "${" not in tip and "of <b>" not in tip


def test_a_count_is_said_to_be_counted_and_not_modelled() -> None:
    found = SourceStanding(
        source="police", standing="not shown to be better than counting", by_model=False,
        windows=12, confidence=0.5, words="",
    )  # fmt: skip
    assert standing_line(found) == "Police: counted, not modelled"
    better = found.model_copy(update={"by_model": True, "standing": "likely"})
    assert standing_line(better) == "Police: modelled; better than counting: likely"


def test_numbers_of_a_forecast_are_short() -> None:
    assert [number(value) for value in (0, 0.031, 0.14, 3.319, 86.2)] == [
        "0", "0.031", "0.14", "3.3", "86",
    ]  # fmt: skip
