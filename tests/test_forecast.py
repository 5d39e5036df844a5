"""The forecast of a shift, from the records of one or more sources."""

from datetime import date
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.clock import shift_on
from planner.errors import NoIncidents
from planner.insight.risk.forecast import expectation, shift_risk
from planner.insight.risk.learning import Ground
from planner.insight.risk.model import Risk
from planner.settings import USUAL_SHIFTS

ZONES = np.array(["a", "b", "c"], dtype=object)
NIGHT = shift_on(date(2025, 7, 1), "night", USUAL_SHIFTS["night"], "Europe/London")


def forecast(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    zones: np.ndarray,
    areas: dict[str, np.ndarray] | None = None,
) -> Risk:
    points = np.column_stack([np.arange(len(zones)) * 100.0, np.zeros(len(zones))])
    ground = Ground(zones, points, areas or {})
    known = expectation(incidents, periods, ground, USUAL_SHIFTS, "Europe/London")
    return shift_risk(known, NIGHT)


def predicted(build: ModuleType, rows: list[dict[str, str]], periods: pd.DataFrame) -> Risk:
    return forecast(build.located(rows), periods, ZONES)


def a_month(build: ModuleType, source: str = "control room") -> pd.DataFrame:
    spans: pd.DataFrame = build.periods(("2025-06-01", "2025-07-01"), source=source)
    return spans


@given(counts=st.lists(st.integers(0, 8), min_size=3, max_size=3))
def test_a_forecast_agrees_with_itself(build: ModuleType, counts: list[int]) -> None:
    assume(sum(counts))
    rows = [{"zone": zone} for zone, n in zip(ZONES, counts, strict=True) for _ in range(n)]
    risk = predicted(build, rows, a_month(build))
    assert risk.counts.tolist() == counts
    assert risk.expected.shape == (3, 32)
    assert (risk.expected > 0).all()
    assert risk.mean == pytest.approx(risk.expected.sum(axis=1))
    low, high = risk.interval(0.95)
    assert (low <= risk.low).all() and (risk.low <= risk.high).all() and (risk.high <= high).all()
    assert (risk.low >= 0).all()
    assert risk.daily.sum() == pytest.approx(sum(counts) / 30)
    assert risk.covered_days == 30.0


def test_rates_divide_by_covered_time_and_not_by_the_calendar(build: ModuleType) -> None:
    rows = [{"zone": "a"}] * 6
    whole = predicted(build, rows, a_month(build))
    half = build.periods(("2025-06-01", "2025-06-11"), ("2025-06-26", "2025-07-01"))
    assert predicted(build, rows, half).daily == pytest.approx(2 * whole.daily)


def test_sources_are_estimated_apart_and_added(build: ModuleType) -> None:
    own = [{"zone": "a", "source": "control room"}] * 3
    police = [{"zone": "b", "source": "police", "time_known": "month"}] * 12
    spans = pd.concat([
        a_month(build), build.periods(("2025-03-01", "2025-07-01"), source="police")
    ])  # fmt: skip
    both = predicted(build, own + police, spans)
    # Months are local, the periods in UTC: an hour is not covered.
    assert both.daily.sum() == pytest.approx(3 / 30 + 12 / 122, rel=1e-3)
    assert both.counts.tolist() == [3, 12, 0]


def test_without_a_time_of_day_the_profile_is_flat(build: ModuleType) -> None:
    risk = predicted(build, [{"zone": "a", "time_known": "month"}] * 5, a_month(build))
    assert not risk.timed
    assert np.ptp(risk.expected, axis=1) == pytest.approx(np.zeros(3), abs=1e-12)
    assert risk.mean == pytest.approx(risk.daily * 8 / 24)


def test_a_busy_hour_is_expected_to_be_busy_again(build: ModuleType) -> None:
    # Tuesdays, 23:00 to 23:20 local.
    rows = [{"zone": "a", "occurred_from": f"2025-06-{day:02}T22:00",
             "occurred_to": f"2025-06-{day:02}T22:20"} for day in (3, 10, 17, 24)]  # fmt: skip
    risk = predicted(build, rows, a_month(build))
    assert risk.timed
    assert set(np.flatnonzero(risk.expected[0] == risk.expected[0].max())) == {4, 5, 6, 7}


@pytest.mark.parametrize("rows", [[], [{"zone": ""}], [{"zone": "elsewhere"}]])
def test_without_an_incident_on_the_estate_nothing_can_be_forecast(
    build: ModuleType, rows: list[dict[str, str]]
) -> None:
    with pytest.raises(NoIncidents, match="planner import"):
        predicted(build, rows, a_month(build))


def test_a_file_of_one_part_does_not_thin_out_the_others(build: ModuleType) -> None:
    rows = [{"zone": "a"} for _ in range(30)] + [{"zone": "b"} for _ in range(30)]
    spans = build.periods(("2025-05-01", "2025-06-01"), ("2023-05-01", "2025-05-01"))
    spans["area"] = ["", "only a"]
    areas = {"only a": np.array([True, False, False])}
    found = forecast(build.located(rows), spans, ZONES, areas)
    assert found.daily[1] > 5 * found.daily[0]


def test_records_before_the_covered_time_still_make_a_forecast(build: ModuleType) -> None:
    rows = [{"zone": "a", "occurred_from": "2025-05-30T21:00", "occurred_to": "2025-05-30T22:00"}]
    risk = predicted(build, rows, a_month(build))
    assert (risk.expected > 0).all()
    assert risk.mean.argmax() == 0


def of_categories(build: ModuleType, rows: list[dict[str, str]], **options: Any) -> Risk:
    table = build.located(rows)
    table["harm"] = np.where(table["category"] == "robbery", 100.0, 1.0)
    points = np.column_stack([np.arange(3) * 100.0, np.zeros(3)])
    known = expectation(
        table, a_month(build), Ground(ZONES, points, {}), USUAL_SHIFTS, "Europe/London", **options
    )
    return shift_risk(known, NIGHT)


MIXED = [{"zone": "a", "category": "theft"}] * 100 + [{"zone": "b", "category": "robbery"}] * 25


def test_one_category_is_forecast_by_itself(build: ModuleType) -> None:
    risk = of_categories(build, MIXED, category="robbery")
    assert risk.counts.tolist() == [0, 25, 0]
    assert risk.daily.sum() == pytest.approx(25 / 30)
    assert risk.daily.argmax() == 1


def test_a_category_that_never_occurs_is_named(build: ModuleType) -> None:
    with pytest.raises(NoIncidents, match="'arson'"):
        of_categories(build, MIXED, category="arson")


def test_harm_weighs_what_is_expected(build: ModuleType) -> None:
    counts, harm = of_categories(build, MIXED), of_categories(build, MIXED, harm=True)
    assert counts.daily.argmax() == 0
    assert harm.daily.argmax() == 1
    assert counts.unit == 1.0
    assert 1 < harm.unit <= 100
    assert harm.high == pytest.approx(harm.unit * np.round(harm.high / harm.unit))
    assert harm.counts.tolist() == counts.counts.tolist()


def test_harm_of_nothing_is_no_harm(build: ModuleType) -> None:
    table = build.located(MIXED).assign(harm=0.0)
    ground = Ground(ZONES, np.zeros((3, 2)), {})
    known = expectation(table, a_month(build), ground, USUAL_SHIFTS, "Europe/London", harm=True)
    risk = shift_risk(known, NIGHT)
    assert (risk.mean == 0).all() and (risk.high == 0).all()


@pytest.mark.parametrize(
    "rows",
    [
        [{"zone": "a"}],
        [{"zone": "a", "reported_at": "2025-09-03"}],
        [{"zone": "a", "time_known": "unknown"}] * 4,
        [{"zone": "a"}] * 500,
    ],
    ids=["one incident", "reported long after", "no times", "all at one moment"],
)
def test_little_is_told_with_a_wide_interval_and_never_with_nan(
    build: ModuleType, rows: list[dict[str, str]]
) -> None:
    risk = predicted(build, rows, build.periods(("2025-06-02", "2025-06-03")))
    assert np.isfinite(risk.expected).all() and (risk.expected > 0).all()
    assert np.isfinite(risk.interval(0.95)).all()
    assert not any(standing.by_model for standing in risk.standings)
    # As wide as counts of unknown dispersion scatter: from nothing to more than twice the mean.
    low, high = risk.total_interval(0.95)
    assert low <= 0.1 * risk.total
    assert high >= min(2 * risk.total, risk.total + 1)
