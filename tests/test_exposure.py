from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.exposure import covered_days, covered_days_by_zone, merged

SPAN = st.tuples(st.integers(0, 60), st.integers(1, 20))
BOUND = st.none() | st.integers(-5, 80)
ORIGIN = pd.Timestamp("2025-03-25", tz="UTC")


def hour(number: int | None) -> pd.Timestamp | None:
    return None if number is None else ORIGIN + pd.Timedelta(hours=number)


def table(spans: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "starts_at": [hour(start) for start, _ in spans],
            "ends_at": [hour(start + length) for start, length in spans],
        }
    )


@given(spans=st.lists(SPAN, min_size=1, max_size=8), starts=BOUND, ends=BOUND)
def test_covered_days_equal_counting_hour_by_hour(
    spans: list[tuple[int, int]], starts: int | None, ends: int | None
) -> None:
    hours = {at for start, length in spans for at in range(start, start + length)}
    low = -99 if starts is None else starts
    high = 999 if ends is None else ends
    expected = sum(low <= at < high for at in hours) / 24
    assert covered_days(table(spans), hour(starts), hour(ends)) == pytest.approx(expected)


@given(spans=st.lists(SPAN, min_size=1, max_size=8))
def test_merged_periods_are_disjoint_in_order_and_cover_the_same(
    spans: list[tuple[int, int]],
) -> None:
    joined = merged(table(spans))
    assert (joined["starts_at"] < joined["ends_at"]).all()
    assert (joined["starts_at"].iloc[1:].to_numpy() > joined["ends_at"].iloc[:-1].to_numpy()).all()
    assert covered_days(joined) == pytest.approx(covered_days(table(spans)))


def test_periods_that_touch_become_one(build: ModuleType) -> None:
    spans = build.periods(("2025-02-01", "2025-03-01"), ("2025-01-01", "2025-02-01"))
    assert len(merged(spans)) == 1
    assert covered_days(spans) == 59.0


def test_no_periods_cover_nothing(build: ModuleType) -> None:
    assert covered_days(build.periods()) == 0.0


def test_a_zone_is_covered_by_the_files_of_its_area_only(build: ModuleType) -> None:
    spans = build.periods(("2025-01-01", "2025-02-01"), ("2025-01-15", "2025-03-01"))
    spans["area"] = ["", "north"]
    days = covered_days_by_zone(spans, {"north": np.array([True, False, True])}, 3)
    assert days.tolist() == [59.0, 31.0, 59.0]


def test_without_stated_areas_all_zones_are_covered_alike(build: ModuleType) -> None:
    spans = build.periods(("2025-01-01", "2025-02-01"))
    assert covered_days_by_zone(spans, {}, 2).tolist() == [31.0, 31.0]
    assert covered_days_by_zone(build.periods(), {}, 2).tolist() == [0.0, 0.0]


@given(
    spans=st.lists(st.tuples(SPAN, st.integers(0, 2)), min_size=1, max_size=6),
    covers=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=2, max_size=2),
)
def test_covered_time_by_zone_is_that_of_each_zones_own_periods(
    spans: list[tuple[tuple[int, int], int]], covers: list[list[bool]]
) -> None:
    names = ["", "one", "two"]
    periods = table([span for span, _ in spans]).assign(area=[names[area] for _, area in spans])
    areas = {name: np.array(mask) for name, mask in zip(names[1:], covers, strict=True)}
    days = covered_days_by_zone(periods, areas, 4)
    for zone in range(4):
        own = [area == "" or areas[area][zone] for area in periods["area"]]
        assert days[zone] == pytest.approx(covered_days(periods[own]))
