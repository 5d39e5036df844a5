import dataclasses
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from planner.insight.timing.season_test import SeasonTest
from planner.insight.timing.summary import Timing, timing
from planner.publish import timing_words as words
from planner.settings import Settings, Term

SETTINGS = Settings(crs="EPSG:32630")
TERMS = (Term(name="Trinity", first_week_starts=date(2025, 4, 27), weeks=(0, 9)),)


def timed(build: ModuleType, rows: list[dict[str, Any]], settings: Settings = SETTINGS) -> Timing:
    periods = build.periods(("2024-12-31T23:59", "2025-12-31"))
    return timing(build.located(rows), periods, settings)


FRIDAYS = [
    {"occurred_from": f"2025-06-{day:02d}T22:{minute}", "occurred_to": f"2025-06-{day:02d}T22:59"}
    for day in (6, 13, 20, 27)
    for minute in range(10, 40)
]


def test_the_busiest_shift_is_said_as_a_supervisor_would(build: ModuleType) -> None:
    found = timed(build, FRIDAYS)
    assert found.shifts is not None
    said = words.busiest_words(found.shifts)
    assert said.startswith("Friday night: ")
    assert "times the usual shift" in said
    table = words.shift_table(found.shifts)
    assert len(table) == 21
    assert table[words.SHIFT].iloc[0] == "Friday night"
    assert table[words.SHIFT_HOURS].iloc[0] == "22:00 to 06:00"


def test_one_incident_is_no_busiest_shift_for_sure(build: ModuleType) -> None:
    found = timed(build, [{}])
    assert found.shifts is not None
    assert "no shift is surely busier" in words.busiest_words(found.shifts)


def test_a_heat_says_unit_period_what_is_missing_and_how_few(build: ModuleType) -> None:
    said = words.heat_words(timed(build, [{}, {"time_known": "unknown"}]), "Europe/London")
    for part in (
        "1 incident with a usable time", "31 Dec 2024 to 30 Dec 2025", "Europe/London",
        "1 more had no usable time and is not in it", "That is few",
    ):  # fmt: skip
        assert part in said
    said = words.heat_words(timed(build, FRIDAYS * 10), "Europe/London")
    assert "few" not in said and "more had no" not in said


@pytest.mark.parametrize(
    ("low", "low_80", "begins"),
    [(0.01, 0.02, "Established"), (-0.01, 0.02, "Likely"), (-0.1, -0.05, "Not shown")],
)
def test_what_a_test_found_is_said(
    build: ModuleType, low: float, low_80: float, begins: str
) -> None:
    months = timed(build, FRIDAYS).months
    assert months is not None
    test = SeasonTest(108, 9, 0.07, low, 0.15, low_80)
    said = words.season_words(dataclasses.replace(months, test=test), "the month")
    assert said.startswith(begins)
    assert "108 months" in said and "9 years" in said and "95 % interval" in said
    assert "-" not in said


def test_one_year_says_that_it_can_not_be_tested(build: ModuleType) -> None:
    settings = SETTINGS.model_copy(update={"terms": TERMS})
    periods = build.periods(("2025-01-02", "2025-12-30"))
    found = timing(build.located(FRIDAYS), periods, settings)
    assert found.months is not None and found.weeks is not None
    assert "can't be tested yet" in words.season_words(found.months, "the month")
    assert "can't be tested yet" in words.season_words(found.weeks, "the week of term")


def test_missing_terms_and_seasons_say_what_to_do(build: ModuleType) -> None:
    bare, known = timed(build, [{}]), SETTINGS.model_copy(update={"terms": TERMS})
    assert "planner.toml" in words.missing_season_words(bare, weeks=True)
    assert "add the terms" in words.missing_season_words(timed(build, [], known), weeks=True)
    assert "known month" in words.missing_season_words(bare, weeks=False)


def test_nothing_timed_says_why(build: ModuleType) -> None:
    assert "None of the 2 incidents" in words.nothing_timed_words(
        timed(build, [{"time_known": "month"}, {"time_known": "unknown"}])
    )
    assert "No incident is recorded" in words.nothing_timed_words(timed(build, []))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1234.4, "1,234"),
        (12.34, "12.3"),
        (3.14, "3.1"),
        (0.4, "0.40"),
        (0.0421, "0.042"),
        (0.00004, "<0.001"),
    ],
)
def test_figures_have_the_digits_that_they_bear(value: float, said: str) -> None:
    assert words.figure(value) == said
