from collections.abc import Callable
from datetime import UTC, date, datetime
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.timing.academic import DayClasses, months, weeks_of_term
from planner.insight.timing.season_totals import (
    known_by_day,
    known_by_month,
    monthly_totals,
    weekly_totals,
)
from planner.settings import Term

LONDON = "Europe/London"
TERM = Term(name="Trinity", first_week_starts=date(2025, 4, 27), weeks=(0, 9))
NEXT = Term(name="Michaelmas", first_week_starts=date(2025, 10, 12), weeks=(0, 9))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 30), timezones=st.just(UTC))


def by_term(days: pd.DatetimeIndex) -> DayClasses:
    return weeks_of_term(days, (TERM, NEXT))


def year(build: ModuleType, source: str = "control room") -> pd.DataFrame:
    periods: pd.DataFrame = build.periods(("2025-01-01", "2026-01-01"), source=source)
    return periods


@given(starts=st.lists(st.tuples(MOMENTS, st.integers(0, 6_000)), max_size=15))
def test_every_incident_that_is_known_well_enough_is_in_one_total(
    starts: list[tuple[datetime, int]],
) -> None:
    begun = pd.to_datetime(pd.Series([start for start, _ in starts], dtype=object), utc=True)
    lasted = pd.to_timedelta([minutes for _, minutes in starts], unit="min")
    rows = pd.DataFrame(
        {"source": "control room", "occurred_from": begun, "occurred_to": begun + lasted,
         "time_known": "interval"}
    )  # fmt: skip
    periods = pd.DataFrame(
        {"source": ["control room"], "starts_at": [pd.Timestamp("2025-01-01", tz="UTC")],
         "ends_at": [pd.Timestamp("2026-01-05", tz="UTC")]}
    )  # fmt: skip
    monthly = monthly_totals(rows, periods, LONDON, months)
    weekly = weekly_totals(rows, periods, LONDON, months)
    assert monthly.counts.sum() == known_by_month(rows, LONDON).sum()
    assert weekly.counts.sum() == known_by_day(rows).sum()
    for totals in (monthly, weekly):
        assert len(totals.counts) == len(totals.days) == len(totals.year) == len(totals.month)
        if len(rows) and totals.counts.any():
            assert totals.days.sum() == pytest.approx(369, abs=0.01)


def test_a_month_alone_informs_months_and_never_weeks(build: ModuleType) -> None:
    rows = build.located(
        [{"time_known": "month", "occurred_from": "2025-05-31T23:00",
          "occurred_to": "2025-06-30T23:00"}]
    )  # fmt: skip
    monthly = monthly_totals(rows, year(build), LONDON, months)
    assert monthly.counts[monthly.month % 12 == 5].tolist() == [1]
    assert monthly.counts.sum() == 1
    assert len(weekly_totals(rows, year(build), LONDON, by_term).counts) == 0


def test_what_is_known_how_well(build: ModuleType) -> None:
    spans: list[tuple[str, str, str, bool, bool]] = [
        ("2025-06-02T22:00", "2025-06-02T23:00", "interval", True, True),
        ("2025-06-02T22:00", "2025-06-20T23:00", "interval", False, True),
        ("2025-06-02T22:00", "2025-07-20T23:00", "interval", False, False),
        ("2025-06-30T22:30", "2025-06-30T23:30", "interval", True, True),
        ("2025-05-31T23:00", "2025-06-30T23:00", "month", False, True),
        ("2025-06-02T22:00", "2025-06-02T22:00", "unknown", False, False),
    ]
    rows = build.located(
        [{"occurred_from": a, "occurred_to": b, "time_known": known} for a, b, known, *_ in spans]
    )
    assert known_by_day(rows).tolist() == [day for *_, day, _ in spans]
    assert known_by_month(rows, LONDON).tolist() == [month for *_, month in spans]


def test_weeks_run_from_sunday_to_saturday_as_terms_do(build: ModuleType) -> None:
    rows = build.located(
        [{"occurred_from": at, "occurred_to": at}
         for at in ("2025-04-26T22:59", "2025-04-26T23:00", "2025-05-03T22:59")]
    )  # fmt: skip
    weekly = weekly_totals(rows, year(build), LONDON, by_term)
    each = {weekly.names[row.argmax()]: count
            for row, count in zip(weekly.days, weekly.counts, strict=True) if count}  # fmt: skip
    assert each == {"0th week": 1, "1st week": 2}
    assert (weekly.days > 0).sum(axis=1).tolist() == [1] * len(weekly.counts)
    assert weekly.days.max() == pytest.approx(7)


def test_units_beyond_the_calendar_are_left_out(build: ModuleType) -> None:
    rows = build.located([{"occurred_from": "2025-01-15", "occurred_to": "2025-01-15"}])
    weekly = weekly_totals(rows, year(build), LONDON, by_term)
    assert weekly.counts.sum() == 0
    assert len(weekly.counts) == 34  # Sunday 20 April to Saturday 13 December.


@pytest.mark.parametrize("count", [monthly_totals, weekly_totals])
def test_sources_have_units_of_their_own_covered_time(
    build: ModuleType, count: Callable[..., object]
) -> None:
    rows = build.located(
        [{"source": source, "occurred_from": "2025-06-15", "occurred_to": "2025-06-15"}
         for source in ("control room", "ledger")]
    )  # fmt: skip
    spans = pd.concat(
        [year(build), build.periods(("2025-06-01T23:00", "2025-06-20"), source="ledger")]
    )
    totals = count(rows, spans, LONDON, months)
    days = np.bincount(totals.source, totals.days.sum(axis=1))  # type: ignore[attr-defined]
    assert days == pytest.approx([365, 18], abs=0.2)
    assert np.bincount(totals.source, totals.counts).tolist() == [1, 1]  # type: ignore[attr-defined]


def test_nothing_has_no_totals(build: ModuleType) -> None:
    totals = monthly_totals(build.located([]), year(build), LONDON, months)
    assert totals.days.shape == (0, 12)
    assert monthly_totals(build.located([{}]), build.periods(), LONDON, months).counts.sum() == 0
