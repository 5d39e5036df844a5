from types import ModuleType

import pandas as pd

from planner.incidents.model import Period
from planner.incidents.periods import beyond, days_covered, months_covered, silences


def recorded(*moments: str) -> pd.DataFrame:
    at = pd.to_datetime(pd.Series(moments), utc=True).dt.as_unit("us")
    return pd.DataFrame({"occurred_from": at, "occurred_to": at, "reported_at": at})


def test_days_are_covered_from_the_first_midnight_to_the_last_record(build: ModuleType) -> None:
    (period,) = days_covered(recorded("2025-06-09T09:30", "2025-06-02T10:00"), "Europe/London")
    assert period.starts_at == build.moment("2025-06-01 23:00")
    assert period.ends_at == build.moment("2025-06-09 09:30")


def test_a_silence_of_more_than_a_year_parts_the_periods() -> None:
    periods = days_covered(recorded("2021-01-01T09:30", "2025-06-02T10:00"), "UTC")
    assert len(periods) == 2
    (note,) = silences(periods)
    assert "2021-01-01" in note
    assert "mistyped" in note
    assert silences(periods[:1]) == ()


def test_nothing_recorded_covers_nothing() -> None:
    assert days_covered(recorded(), "UTC") == ()
    assert months_covered(recorded()) == ()


def test_what_lies_outside_a_stated_period_is_counted() -> None:
    period = Period(pd.Timestamp("2025-01-01", tz="UTC"), pd.Timestamp("2025-02-01", tz="UTC"))
    accepted = recorded(
        "2025-01-01T00:00", "2025-01-31T23:59", "2025-02-01T00:00", "2024-12-31T00:00"
    )
    assert beyond(accepted, [period]) == ("2 rows lie outside the time that it is said to cover",)
    assert beyond(accepted.iloc[:2], [period]) == ()
