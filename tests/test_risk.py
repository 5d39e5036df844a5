from datetime import date
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.clock import shift_on
from planner.errors import NoIncidents
from planner.insight.risk import Risk, forecast, shrunk_rates
from planner.settings import USUAL_SHIFTS

COUNTS = st.lists(st.integers(0, 200), min_size=1, max_size=12).map(
    lambda counts: np.array(counts, dtype=float)
)
ZONES = np.array(["a", "b", "c"], dtype=object)
NIGHT = shift_on(date(2025, 7, 1), "night", USUAL_SHIFTS["night"], "Europe/London")


@given(counts=COUNTS, days=st.floats(1, 1_000))
def test_rates_keep_the_total_and_are_drawn_to_the_mean(counts: np.ndarray, days: float) -> None:
    assume(counts.sum() > 0)
    mean, variance = shrunk_rates(counts, days)
    raw = counts / days
    assert (mean > 0).all()
    assert (variance > 0).all()
    assert mean.sum() == pytest.approx(raw.sum())
    assert (abs(mean - raw.mean()) <= abs(raw - raw.mean()) + 1e-9).all()


@given(counts=COUNTS, days=st.floats(1, 1_000))
def test_shrinkage_keeps_the_order(counts: np.ndarray, days: float) -> None:
    mean, _ = shrunk_rates(counts, days)
    order = np.argsort(counts, kind="stable")
    assert (np.diff(mean[order]) >= -1e-12).all()
    assert (np.diff(mean[order])[np.diff(counts[order]) == 0] == 0).all()


def test_zones_that_differ_by_chance_only_are_drawn_together() -> None:
    mean, _ = shrunk_rates(np.array([9.0, 10.0, 11.0]), 10.0)
    assert mean == pytest.approx(np.ones(3), abs=0.05)


def test_zones_that_truly_differ_keep_their_own_rate() -> None:
    mean, _ = shrunk_rates(np.array([10.0, 1_000.0, 5_000.0]), 10.0)
    assert mean == pytest.approx(np.array([1.0, 100.0, 500.0]), rel=0.1)


def test_nothing_recorded_is_a_rate_of_nothing() -> None:
    mean, variance = shrunk_rates(np.zeros(4), 30.0)
    assert mean.tolist() == variance.tolist() == [0.0] * 4


def test_twice_the_covered_time_halves_the_rate() -> None:
    counts = np.array([1.0, 5.0, 30.0])
    assert shrunk_rates(counts, 20.0)[0] == pytest.approx(shrunk_rates(counts, 10.0)[0] / 2)


def predicted(build: ModuleType, rows: list[dict[str, str]], periods: pd.DataFrame) -> Risk:
    return forecast(build.located(rows), periods, ZONES, NIGHT, "Europe/London")


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
    assert (risk.low <= risk.mean).all()
    assert (risk.mean <= risk.high).all()
    assert (risk.low >= 0).all()
    assert risk.daily.sum() == pytest.approx(sum(counts) / 30)
    assert risk.covered_days == 30.0


def test_an_interval_holds_its_mean_even_where_one_zone_has_all(build: ModuleType) -> None:
    zones = np.array([f"z{n}" for n in range(100)], dtype=object)
    table = build.located([{"zone": "z0"}] * 400)
    risk = forecast(table, a_month(build), zones, NIGHT, "Europe/London")
    assert (risk.low <= risk.mean).all()
    assert (risk.mean <= risk.high).all()


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
    assert both.daily.sum() == pytest.approx(3 / 30 + 12 / 122)
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


def test_a_zone_that_was_covered_half_as_long_has_twice_the_rate_of_the_same_count() -> None:
    counts = np.array([400.0, 400.0, 0.0, 0.0])
    mean, variance = shrunk_rates(counts, np.array([200.0, 100.0, 200.0, 100.0]))
    assert mean[1] / mean[0] == pytest.approx(2, rel=0.05)
    assert variance[1] > variance[0]
    assert mean[3] > mean[2]


def test_a_zone_that_no_file_covers_has_the_estates_rate_and_says_so_widely() -> None:
    counts = np.array([30.0, 40.0, 50.0, 0.0])
    mean, variance = shrunk_rates(counts, np.array([100.0, 100.0, 100.0, 0.0]))
    assert mean[3] == pytest.approx(0.4)
    assert variance[3] > variance[:3].max()


def test_a_file_of_one_part_does_not_thin_out_the_others(build: ModuleType) -> None:
    rows = [{"zone": "a"} for _ in range(30)] + [{"zone": "b"} for _ in range(30)]
    spans = build.periods(("2025-05-01", "2025-06-01"), ("2023-05-01", "2025-05-01"))
    spans["area"] = ["", "only a"]
    areas = {"only a": np.array([True, False, False])}
    found = forecast(build.located(rows), spans, ZONES, NIGHT, "Europe/London", areas)
    assert found.daily[1] > 5 * found.daily[0]
