"""A place keeps its key across imports, and no key mixes a snap point with a place."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.recording.place_keys import (
    building_keys,
    place_name,
    point_keys,
    recorded_at,
)

METRES = st.floats(-1e7, 1e7, allow_nan=False) | st.just(np.nan) | st.just(np.inf)


def rows(*points, **columns):
    table = pd.DataFrame(list(points), columns=["x", "y"], dtype=float)
    return table.assign(**({"anonymised": False, "building": "", "street": ""} | columns))


def test_points_within_metres_have_one_key_and_snap_points_another() -> None:
    table = rows((450_001, 10), (449_999, 11), (450_006, 10), (450_001, 10), (np.nan, 1))
    table["anonymised"] = [False, False, False, True, False]
    assert point_keys(table).tolist() == [
        "point:450000,10", "point:450000,10", "point:450005,10", "snap:450000,10", "",
    ]  # fmt: skip


@given(st.lists(st.tuples(METRES, METRES, st.booleans()), max_size=20))
def test_a_key_is_the_same_wherever_its_row_stands(points) -> None:
    table = rows(*((x, y) for x, y, _ in points)).assign(
        anonymised=pd.Series([snap for *_, snap in points], dtype=bool)
    )
    keys = point_keys(table)
    assert point_keys(table.iloc[::-1]).iloc[::-1].tolist() == keys.tolist()
    lacks = ~np.isfinite(table[["x", "y"]].to_numpy()).all(axis=1)
    assert ((keys == "") == lacks).all()


def test_a_snap_point_is_in_no_building() -> None:
    table = rows((1, 1), (1, 1), (1, 1), building=["hall", "hall", ""])
    table["anonymised"] = [False, True, False]
    assert building_keys(table).tolist() == ["building:hall", "", ""]


def test_what_is_known_by_the_month_counts_from_its_beginning() -> None:
    moments = pd.to_datetime(["2025-03-01", "2025-04-01", "2025-04-05"], utc=True)
    table = pd.DataFrame(
        {
            "time_known": ["month", "interval", "interval"],
            "occurred_from": moments[0],
            "occurred_to": moments[1],
            "reported_at": [pd.NaT, pd.NaT, moments[2]],
        }
    )
    assert recorded_at(table).tolist() == [moments[0], moments[1], moments[2]]


def test_a_place_is_called_as_people_call_it() -> None:
    table = rows((1, 1), (1, 1), place=["", ""])
    assert place_name(table, "building:hall", {"hall": "Old Hall"}) == "Old Hall"
    assert place_name(table, "point:0,0", {}) == "the place at 0,0 (metres)"
    assert place_name(table.assign(street="High Street"), "point:0,0", {}) == (
        "a place on High Street"
    )
    assert place_name(table.assign(place=["", "Lodge"]), "point:0,0", {}) == "Lodge"
