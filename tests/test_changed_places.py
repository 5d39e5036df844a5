"""A place is told once, and one that changed much neither bends the trend nor lowers the bar."""

import numpy as np
from simulated_records import covered, records, with_more

from planner.insight.recording.changed_places import changed_places
from planner.insight.recording.history import history_of
from planner.insight.recording.place_keys import point_keys, recorded_at

SHOP = "point:452340,4601440"


def changed(rows):
    history = history_of(covered(), "UTC")
    dated = rows.assign(
        point=point_keys(rows), house="", bin=history.bin_of(recorded_at(rows))
    ).reset_index(drop=True)
    return changed_places(dated[dated["bin"] >= 0], history.bins)


def test_a_place_is_told_once_by_its_surest_test() -> None:
    generator = np.random.default_rng(4)
    rows = with_more(records(generator), 999, "trespass", 0, 80, generator)
    rows = with_more(rows, 999, "theft", 54, 120, generator)
    table = changed(rows)
    assert table["place"].tolist().count(SHOP) == 1
    (row,) = table[table["place"] == SHOP].to_dict("records")
    assert row["category"] == "theft"
    assert abs(row["split"] - 54) <= 2


def test_what_one_place_began_is_no_fall_of_the_others() -> None:
    generator = np.random.default_rng(21)
    rows = records(generator, places=60, total=2_000)
    # More thefts than all others together, in the later half: elsewhere their share falls.
    rows = with_more(rows, 999, "theft", 54, 3_000, generator)
    rows = with_more(rows, 999, "trespass", 0, 60, generator)
    assert set(changed(rows)["place"]) == {SHOP}


def test_small_changes_and_few_records_are_not_told() -> None:
    generator = np.random.default_rng(9)
    rows = records(generator, places=40, total=2_000)
    assert changed(with_more(rows, 999, "theft", 54, 19, generator)).empty
