"""When it happens, where there is almost nothing to say it from: words, and never NaN."""

import warnings
from dataclasses import fields, is_dataclass
from datetime import date
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.insight.timing.summary import Timing, timing
from planner.publish.heat import heat_html
from planner.publish.season_bars import bars_html
from planner.publish.timing_words import (
    busiest_words,
    heat_words,
    missing_season_words,
    nothing_timed_words,
    season_words,
    shift_table,
    shifts_note,
)
from planner.settings import Settings, ShiftHours, Term

TERMS = (Term(name="Trinity", first_week_starts=date(2025, 4, 27), weeks=(0, 9)),)
DAY = ("2025-06-02T00:00", "2025-06-03T00:00")
CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str]]]] = {
    "nothing": ([], []),
    "no incidents": ([], [("2025-01-01", "2026-01-01")]),
    "no periods": ([{}], []),
    "one incident": ([{}], [("2025-01-01", "2026-01-01")]),
    "all unknown": ([{"time_known": "unknown"}] * 5, [("2025-01-01", "2026-01-01")]),
    "all by month": ([{"time_known": "month"}] * 5, [("2025-06-01", "2025-07-01")]),
    "one day": ([{"occurred_from": "2025-06-02T10:00", "occurred_to": "2025-06-02T11:00"}], [DAY]),
    "one moment": ([{}], [("2025-06-02T22:10", "2025-06-02T22:10")]),
    "one second": ([{"occurred_to": "2025-06-02T22:00"}],
                   [("2025-06-02T22:00:00", "2025-06-02T22:00:01")]),
    "backwards": ([{"occurred_from": "2025-06-03", "occurred_to": "2025-06-02"}], [DAY]),
    "a century long": ([{"occurred_from": "1925-01-01", "occurred_to": "2025-06-01"}],
                       [("2025-01-01", "2026-01-01")]),
    "before the records": ([{"occurred_from": "2020-06-03", "occurred_to": "2020-06-03"}], [DAY]),
    "all at one moment": ([{}] * 500, [("2023-01-01", "2026-01-01")]),
    "far apart": ([{}, {"occurred_from": "1999-06-03T10:00", "occurred_to": "1999-06-03T10:30"}],
                  [("1999-01-01", "1999-12-31"), ("2025-01-01", "2025-12-31")]),
}  # fmt: skip


def numbers(value: object) -> list[np.ndarray]:
    """All numbers of a result, however deep."""
    if is_dataclass(value):
        return [found for item in fields(value) for found in numbers(getattr(value, item.name))]
    if isinstance(value, np.ndarray) and value.dtype.kind in "fi":
        return [value]
    return [np.array(value)] if isinstance(value, float) else []


def everything_said(found: Timing) -> str:
    parts = [heat_words(found, "Europe/London"), heat_html(found, "Estate", "Europe/London")]
    if found.shifts is None:
        parts.append(nothing_timed_words(found))
    else:
        parts += [busiest_words(found.shifts), shifts_note(found.shifts)]
        parts.append(shift_table(found.shifts).to_csv())
    for rates, weeks in ((found.months, False), (found.weeks, True)):
        if rates is None:
            parts.append(missing_season_words(found, weeks))
        else:
            parts += [season_words(rates, "it"), bars_html(rates, "it")]
    return " ".join(parts)


@pytest.mark.parametrize("terms", [(), TERMS])
@pytest.mark.parametrize("case", CASES)
def test_words_and_never_nan(build: ModuleType, case: str, terms: tuple[Term, ...]) -> None:
    rows, spans = CASES[case]
    settings = Settings(crs="EPSG:32630", terms=terms)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = timing(build.located(rows), build.periods(*spans), settings)
        said = everything_said(found)
    assert all(np.isfinite(array).all() for array in numbers(found)), case
    assert found.timed + found.untimed == len(rows)
    words = set(said.lower().replace(",", " ").replace("(", " ").split())
    assert not words & {"nan", "inf", "none", "nat"} - {"none"}


def test_odd_shifts_are_shifts(build: ModuleType) -> None:
    shifts = {
        "all day": ShiftHours(start="00:00", end="00:00"),
        "quarter": ShiftHours(start="22:05", end="22:20"),
        "<b>overlap</b>": ShiftHours(start="20:30", end="04:15"),
    }
    settings = Settings(crs="EPSG:32630", shifts=shifts)
    rows = build.located([{}] * 30)
    found = timing(rows, build.periods(("2025-01-01", "2026-01-01")), settings).shifts
    assert found is not None
    assert found.counts[0, 0] == pytest.approx(30)
    assert np.isfinite(found.rates.mean).all() and (found.rates.mean > 0).all()


def test_terms_of_other_years_say_nothing(build: ModuleType) -> None:
    old = Term(name="Trinity", first_week_starts=date(1990, 4, 29), weeks=(0, 9))
    settings = Settings(crs="EPSG:32630", terms=(old,))
    found = timing(build.located([{}]), build.periods(("2025-01-01", "2026-01-01")), settings)
    assert found.weeks is None
    assert "add the terms of those years" in missing_season_words(found, weeks=True)


def test_an_unread_moment_is_no_moment(build: ModuleType) -> None:
    rows = build.located([{}, {}])
    rows.loc[1, ["occurred_from", "occurred_to"]] = pd.NaT
    found = timing(rows, build.periods(("2025-01-01", "2026-01-01")), Settings(crs="EPSG:32630"))
    assert (found.timed, found.untimed) == (1, 1)
    assert all(np.isfinite(array).all() for array in numbers(found))
