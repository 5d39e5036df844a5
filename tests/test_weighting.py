"""What people decided is what incidents count: the latest that covers one, and nothing else."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.recording.weighting import (
    DECISION_COLUMNS,
    left_out,
    no_decisions,
    weights_by,
)

PLACES = ["point:620050,5734150", "building:hall", "snap:0,0", "point:0,0"]
CATEGORIES = ["", "theft", "burglary"]
DAYS = [None, "2024-01-01", "2025-06-03", "2030-01-01"]


def decided(*rows):
    table = pd.DataFrame(
        [("2025-01-01", *row) for row in rows], columns=DECISION_COLUMNS
    )  # fmt: skip
    for column in ("recorded_at", "starts_at"):
        table[column] = pd.to_datetime(table[column], utc=True)
    return table


@pytest.fixture(scope="module")
def table(build):
    """Incidents at two points, one of them in a hall, of two categories, on two days."""
    rows = [
        {"key": f"{x}{category}{day}", "x": x, "y": 0.0, "category": category, "building": hall,
         "reported_at": day}
        for x, hall in ((0.0, ""), (100.0, "hall"))
        for category in ("theft", "burglary")
        for day in ("2025-06-01", "2025-06-10")
    ]  # fmt: skip
    return build.located(rows)


def test_without_decisions_everything_counts(table) -> None:
    made = weights_by(table, no_decisions())
    assert (made.weight == 1).all() and (made.decision == -1).all()
    assert not len(weights_by(table.iloc[:0], decided(("point:0,0", "", None, 0.0))).weight)


def test_a_decision_covers_its_place_category_and_time_only(table) -> None:
    made = weights_by(table, decided(("point:0,0", "theft", "2025-06-05", 0.3)))
    covered = (table["x"] == 0) & (table["category"] == "theft") & (
        table["reported_at"] > "2025-06-05"
    )  # fmt: skip
    assert covered.sum() == 1
    assert made.weight.tolist() == np.where(covered, 0.3, 1.0).tolist()
    by_house = weights_by(table, decided(("building:hall", "", None, 0.0)))
    assert (by_house.weight == np.where(table["building"] == "hall", 0.0, 1.0)).all()


def test_the_latest_decision_that_covers_an_incident_counts(table) -> None:
    made = weights_by(
        table,
        decided(
            ("point:0,0", "", None, 0.0),
            ("point:0,0", "theft", None, 0.5),
            ("point:0,0", "", "2025-06-05", 1.0),
        ),
    )
    at = table["x"] == 0
    assert made.weight[at].tolist() == [0.5, 1.0, 0.0, 1.0]
    assert made.decision[at].tolist() == [1, 2, 0, 2]


def test_what_is_left_out_is_told_by_decision(table) -> None:
    decisions = decided(("point:0,0", "", None, 0.0), ("building:hall", "theft", None, 0.2))
    (told,) = left_out(table, decisions, weights_by(table, decisions))
    assert (told.incidents, told.decided_at) == (4, pd.Timestamp("2025-01-01", tz="UTC"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PLACES), st.sampled_from(CATEGORIES), st.sampled_from(DAYS),
            st.floats(0, 1),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_the_order_of_rows_is_no_part_of_a_weight(table, rows) -> None:
    decisions = decided(*rows)
    made = weights_by(table, decisions).weight
    assert ((made >= 0) & (made <= 1)).all()
    turned = weights_by(table.iloc[::-1], decisions).weight[::-1]
    assert turned.tolist() == made.tolist()
    taken = [1.0, *(weight for *_, weight in rows)]
    assert set(made) <= set(taken)
