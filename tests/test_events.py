"""Incidents as a forecast takes them."""

from types import ModuleType

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.risk.events import event_rows, events_of, seconds

MOMENTS = st.integers(0, 10**6)
ROWS = st.lists(
    st.tuples(MOMENTS, st.integers(0, 10**5), st.none() | MOMENTS, st.integers(-1, 3)),
    min_size=1,
    max_size=12,
)


def at(second: float) -> pd.Timestamp:
    return pd.Timestamp(second, unit="s", tz="UTC")


@given(rows=ROWS)
def test_they_come_in_the_order_in_which_they_became_known(
    records: ModuleType, rows: list[tuple[int, int, int | None, int]]
) -> None:
    table = records.table([
        {"occurred_from": at(begin), "occurred_to": at(begin + length),
         "reported_at": None if told is None else at(told)}
        for begin, length, told, _ in rows
    ])  # fmt: skip
    zone = np.array([row[3] for row in rows])
    events, taken = events_of(table, zone), event_rows(table, zone)
    assert len(events) == (zone >= 0).sum()
    assert (np.diff(events.known) >= 0).all()
    assert (events.known >= events.at).all()
    assert (events.zone == zone[taken]).all()
    for place, row in enumerate(taken):
        begin, length, told, _ = rows[row]
        assert events.at[place] == begin
        assert events.known[place] == (begin + length if told is None else max(told, begin))


def test_a_month_stands_at_its_middle_and_is_known_at_its_end(records: ModuleType) -> None:
    table = records.table([{
        "occurred_from": "2025-03-01", "occurred_to": "2025-03-31", "time_known": "month",
    }])  # fmt: skip
    events = events_of(table, np.zeros(1, int))
    assert events.at[0] == pd.Timestamp("2025-03-16", tz="UTC").timestamp()
    end = pd.Timestamp("2025-03-31", tz="UTC").timestamp()
    # Known to a window that begins where the month ends.
    assert end - 2 < events.known[0] < end


def test_weights_are_kept_and_those_of_nothing_left_out(records: ModuleType) -> None:
    table = records.table([{"occurred_from": at(5), "occurred_to": at(6)}] * 3)
    table["weight"] = [0.25, 0.0, 1.0]
    events = events_of(table, np.array([0, 1, 2]))
    assert events.weight.tolist() == [0.25, 1.0]
    assert events.zone.tolist() == [0, 2]
    assert events.only(events.zone == 2).weight.tolist() == [1.0]


def test_seconds_are_counted_whatever_the_resolution() -> None:
    moments = pd.Series(pd.to_datetime(["1970-01-02", None], utc=True))
    for unit in ("s", "ms", "us", "ns"):
        told = seconds(moments.dt.as_unit(unit))
        assert told[0] == 86_400.0
        assert np.isnan(told[1])
