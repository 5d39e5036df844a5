from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.timing.aoristic import (
    HOURS,
    LONGEST_HOURS,
    aoristic_weights,
    usable,
    zone_hour_weights,
)

LONDON = "Europe/London"
START = st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31), timezones=st.just(UTC))
KNOWN = st.sampled_from(["interval", "interval", "month", "unknown"])


def incidents(rows: list[tuple[datetime, int, str]]) -> pd.DataFrame:
    table = pd.DataFrame(
        [(start, start + timedelta(minutes=minutes), known) for start, minutes, known in rows],
        columns=["occurred_from", "occurred_to", "time_known"],
    )
    for column in ("occurred_from", "occurred_to"):
        table[column] = pd.to_datetime(table[column], utc=True)
    return table


@given(
    rows=st.lists(st.tuples(START, st.integers(0, 6_000), KNOWN), max_size=10),
    zone=st.sampled_from([LONDON, "America/Chicago"]),
)
def test_weights_sum_to_the_number_of_usable_incidents(
    rows: list[tuple[datetime, int, str]], zone: str
) -> None:
    usable = 0
    for start, minutes, known in rows:
        end = start + timedelta(minutes=minutes)
        first = start.replace(minute=0, second=0, microsecond=0)
        hours = int((end - first).total_seconds() // 3600) + 1
        usable += known == "interval" and hours <= LONGEST_HOURS
    weights = aoristic_weights(incidents(rows), zone)
    assert weights.shape == (HOURS,)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(usable)


@given(start=START, zone=st.sampled_from([LONDON, "America/Chicago", "Asia/Tokyo"]))
def test_an_incident_at_one_moment_counts_in_its_local_hour(start: datetime, zone: str) -> None:
    local = start.astimezone(ZoneInfo(zone))
    weights = aoristic_weights(incidents([(start, 0, "interval")]), zone)
    assert np.flatnonzero(weights).tolist() == [local.weekday() * 24 + local.hour]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Adelaide", "America/St_Johns"])
@pytest.mark.parametrize("minute", [5, 25, 35, 55])
def test_in_zones_of_half_an_hour_too(zone: str, minute: int) -> None:
    local = datetime(2025, 6, 4, 22, minute, tzinfo=ZoneInfo(zone))
    weights = aoristic_weights(incidents([(local.astimezone(UTC), 0, "interval")]), zone)
    assert np.flatnonzero(weights).tolist() == [2 * 24 + 22]


def test_an_interval_is_spread_evenly_over_its_hours() -> None:
    start = datetime(2025, 6, 1, 21, 30, tzinfo=UTC)
    weights = aoristic_weights(incidents([(start, 150, "interval")]), LONDON)
    # Sunday 22:30 to Monday 01:00 local, when the hour from 01:00 has not begun.
    assert np.flatnonzero(weights).tolist() == [0, 6 * 24 + 22, 6 * 24 + 23]
    assert weights[weights > 0] == pytest.approx([1 / 3] * 3)


def test_over_a_change_of_the_clocks_the_hours_are_local() -> None:
    start = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)
    weights = aoristic_weights(incidents([(start, 60, "interval")]), LONDON)
    # Sunday 00:30 GMT to 02:30 BST: there is no 01:00.
    assert np.flatnonzero(weights).tolist() == [6 * 24, 6 * 24 + 2]


def test_a_month_says_nothing_of_the_hour() -> None:
    start = datetime(2025, 6, 1, tzinfo=UTC)
    assert aoristic_weights(incidents([(start, 0, "month")]), LONDON).sum() == 0


def test_no_incidents_have_no_weights() -> None:
    assert aoristic_weights(incidents([]), LONDON).sum() == 0


ZONES = np.array(["a", "b", "c"], dtype=object)


def placed(rows: list[tuple[datetime, int, str]], zones: list[str]) -> pd.DataFrame:
    return incidents(rows).assign(zone=pd.Series(zones[: len(rows)], dtype="str"))


@given(
    rows=st.lists(st.tuples(START, st.integers(0, 6_000), KNOWN), max_size=12),
    zones=st.lists(st.sampled_from(["a", "b", "c", "elsewhere", ""]), min_size=12, max_size=12),
    zone=st.sampled_from([LONDON, "America/Chicago", "Asia/Kolkata"]),
)
def test_zones_have_the_weights_of_their_own_incidents(
    rows: list[tuple[datetime, int, str]], zones: list[str], zone: str
) -> None:
    table = placed(rows, zones)
    weights = zone_hour_weights(table, ZONES, zone)
    assert weights.shape == (3, HOURS)
    told = usable(table, zone)
    for row, name in enumerate(ZONES):
        here = (table["zone"] == name).to_numpy(bool)
        assert weights[row].sum() == pytest.approx(told[here].sum())
        assert weights[row] == pytest.approx(aoristic_weights(table[here], zone))


@given(order=st.permutations(["a", "b", "c"]))
def test_the_order_of_zones_is_that_asked_for(order: list[str]) -> None:
    start = datetime(2025, 6, 4, 22, 30, tzinfo=UTC)
    table = placed([(start, 0, "interval")], ["b"])
    weights = zone_hour_weights(table, np.array(order, dtype=object), LONDON)
    assert np.flatnonzero(weights.sum(axis=1)).tolist() == [order.index("b")]


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        # The night of seven hours has no 01:00; that of nine has it twice, and it weighs double.
        (datetime(2025, 3, 29, 22, tzinfo=UTC), {22: 1, 23: 1, 0: 1, 2: 1, 3: 1, 4: 1, 5: 1}),
        (
            datetime(2025, 10, 25, 21, tzinfo=UTC),
            {22: 1, 23: 1, 0: 1, 1: 2, 2: 1, 3: 1, 4: 1, 5: 1},
        ),
    ],
)
def test_a_night_on_which_the_clocks_change_counts_its_true_hours(
    start: datetime, hours: dict[int, int]
) -> None:
    length = sum(hours.values())
    table = placed([(start, 60 * length, "interval")], ["a"])
    weights = zone_hour_weights(table, ZONES, LONDON)[0].reshape(7, 24).sum(axis=0)
    assert np.flatnonzero(weights).tolist() == sorted(hours)
    for hour, times in hours.items():
        assert weights[hour] == pytest.approx(times / length)


def test_no_zones_and_no_incidents_make_empty_arrays() -> None:
    start = datetime(2025, 6, 4, tzinfo=UTC)
    none = np.array([], dtype=object)
    assert zone_hour_weights(placed([(start, 0, "interval")], ["a"]), none, LONDON).shape == (
        0,
        HOURS,
    )
    assert zone_hour_weights(placed([], []), ZONES, LONDON).sum() == 0
