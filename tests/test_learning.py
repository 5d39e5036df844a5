"""From the records of one source to what may be expected."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from planner.insight.risk.learning import PARTLY, Ground, Learnt, learnt_from

ZONES = np.array([f"z{number}" for number in range(9)], dtype=object)
LONDON = "Europe/London"


def ground(build: ModuleType, records: ModuleType, **areas: np.ndarray) -> Ground:
    return Ground(ZONES, records.grid(3), areas)


def rows(
    seed: int, count: int, weeks: int, late_days: float = 0.0, **changes: str
) -> list[dict[str, str]]:
    """Incidents at random, most of them in z4."""
    chance = np.random.default_rng(seed)
    at = pd.Timestamp("2022-01-03") + pd.to_timedelta(np.sort(chance.uniform(0, 7 * weeks, count)),
                                                      unit="D")  # fmt: skip
    zone = np.where(chance.uniform(size=count) < 0.5, 4, chance.integers(0, 9, count))
    return [
        {"zone": f"z{where}", "occurred_from": f"{when:%Y-%m-%dT%H:%M}",
         "occurred_to": f"{when:%Y-%m-%dT%H:%M}",
         "reported_at": f"{when + pd.Timedelta(days=late_days):%Y-%m-%dT%H:%M}"} | changes
        for when, where in zip(at, zone, strict=True)
    ]  # fmt: skip


def learnt(
    build: ModuleType,
    of: Ground,
    incidents: list[dict[str, str]],
    periods: pd.DataFrame,
    wanted: np.ndarray | None = None,
) -> Learnt:
    table = build.located(incidents)
    every = np.ones(len(table), bool)
    return learnt_from(table, periods, of, every if wanted is None else wanted, LONDON)


def test_rates_keep_the_total_and_the_order(build: ModuleType, records: ModuleType) -> None:
    found = learnt(build, ground(build, records), rows(1, 300, 20),
                   build.periods(("2022-01-03", "2022-05-23")))  # fmt: skip
    assert found.rates.sum() == pytest.approx(300 / 140, rel=0.02)
    assert found.rates.argmax() == 4
    assert found.counts.sum() == 300
    assert found.covered_days == pytest.approx(140)
    assert not found.standing.by_model
    assert found.parts.sum(axis=1) == pytest.approx(np.ones(9))


@pytest.mark.parametrize("late_days", [0, 3, 400])
def test_what_was_reported_after_the_stated_period_is_known_all_the_same(
    build: ModuleType, records: ModuleType, late_days: float
) -> None:
    found = learnt(build, ground(build, records), rows(1, 60, 4, late_days),
                   build.periods(("2022-01-03", "2022-01-31")))  # fmt: skip
    assert found.rates.sum() == pytest.approx(60 / 28, rel=0.1)


def test_one_incident_reported_late_is_expected_again(
    build: ModuleType, records: ModuleType
) -> None:
    one = [{"zone": "z4", "occurred_from": "2022-01-05", "occurred_to": "2022-01-05",
            "reported_at": "2022-02-05"}]  # fmt: skip
    found = learnt(build, ground(build, records), one,
                   build.periods(("2022-01-03", "2022-01-10")))  # fmt: skip
    assert (found.rates > 0).all()
    assert 0.1 < found.rates.sum() < 0.25  # One in its seven days.
    assert found.dispersion == found.total_dispersion == 1.0


def test_months_only_are_judged_by_months(build: ModuleType, records: ModuleType) -> None:
    months = pd.date_range("2022-01-01", "2022-06-01", freq="MS", tz=LONDON)
    incidents = [
        {"zone": zone, "occurred_from": str(month), "time_known": "month",
         "occurred_to": str(month + pd.offsets.MonthBegin())}
        for month in months for zone in ("z1", "z1", "z2")
    ]  # fmt: skip
    found = learnt(build, ground(build, records), incidents,
                   build.periods(("2022-01-01T00:00", "2022-06-30T23:00")))  # fmt: skip
    assert found.standing.windows == "month"
    assert found.rates.sum() == pytest.approx(18 / 181, rel=0.05)
    assert found.rates.argmax() == 1


def test_partial_areas_are_counted_and_say_why(build: ModuleType, records: ModuleType) -> None:
    spans = build.periods(("2022-01-03", "2022-05-23"), ("2021-01-03", "2022-01-03"))
    spans["area"] = ["", "north"]
    north = np.arange(9) < 3
    found = learnt(build, ground(build, records, north=north), rows(2, 200, 20), spans)
    assert found.standing.reason == PARTLY
    assert not found.standing.by_model
    assert np.isfinite(found.rates).all() and (found.rates > 0).all()


def test_without_a_stated_period_the_incidents_span_it(
    build: ModuleType, records: ModuleType
) -> None:
    found = learnt(build, ground(build, records), rows(3, 100, 10), build.periods())
    assert found.rates.sum() == pytest.approx(100 / 70, rel=0.1)


def test_a_long_silence_is_not_a_time_without_incidents(
    build: ModuleType, records: ModuleType
) -> None:
    old = [row | {"occurred_from": "2010-01-05T00:00", "occurred_to": "2010-01-05T00:00",
                  "reported_at": "2010-01-05T00:00"} for row in rows(4, 5, 1)]  # fmt: skip
    spans = build.periods(("2010-01-04", "2010-01-11"), ("2022-01-03", "2022-05-23"))
    found = learnt(build, ground(build, records), old + rows(4, 300, 20), spans)
    assert found.covered_days == pytest.approx(147)
    alone = learnt(build, ground(build, records), rows(4, 300, 20), spans[1:])
    assert found.rates.sum() == pytest.approx(alone.rates.sum(), rel=0.05)


def test_one_category_learns_from_the_others_where_it_happens(
    build: ModuleType, records: ModuleType
) -> None:
    incidents = rows(5, 800, 80)
    wanted = np.arange(800) % 40 == 0
    found = learnt(build, ground(build, records), incidents,
                   build.periods(("2022-01-03", "2023-07-17")), wanted)  # fmt: skip
    assert found.counts.sum() == wanted.sum()
    assert found.rates.sum() == pytest.approx(20 / 560, rel=0.3)


def test_zones_elsewhere_have_no_row(build: ModuleType, records: ModuleType) -> None:
    of = ground(build, records)
    assert of.rows(pd.Series(["z3", "elsewhere", "", None])).tolist() == [3, -1, -1, -1]
