"""Each sign of a desk is found where it is, and not where everybody has it."""

import numpy as np
import pandas as pd
import pytest
import shapely
from simulated_records import records

from planner.insight.recording.desks import DEFAULT, DESK, HANDED_IN, LARGE, Post, desk_signs
from planner.insight.recording.place_keys import point_keys


@pytest.fixture(scope="module")
def usual():
    """Records of an estate without any desk; each test makes one of a middling place."""
    return records(np.random.default_rng(3), places=60, total=3_000)


def desk_of(table):
    """The key of the place with the tenth most records, and where it is."""
    keys = point_keys(table)
    key = keys.value_counts().index[9]
    return key, (keys == key).to_numpy()


def signs(table, posts=()):
    return desk_signs(table, point_keys(table), "UTC", posts)


def told(table, posts=()):
    return {(sign.place, sign.kind) for sign in signs(table, posts)}


def test_a_usual_estate_has_no_signs(usual) -> None:
    assert signs(usual) == []
    assert signs(usual.iloc[:1]) == [] and signs(usual.iloc[:0]) == []


def test_property_handed_in_makes_a_desk(usual) -> None:
    key, here = desk_of(usual)
    table = usual.assign(
        written_category=np.where(here, "Found Property / Information", usual["category"])
    )
    (sign,) = signs(table)
    assert (sign.place, sign.kind, sign.weight) == (key, DESK, 0.0)
    assert sign.words.startswith("100% of its")
    everywhere = usual.assign(written_category="found property")
    assert signs(everywhere) == []


@pytest.mark.parametrize(
    ("written", "handed_in"),
    [
        ("Found Property", True), ("lost property", True), ("information", True),
        ("lost property / found property", True), ("Property found", True), ("enquiry", True),
        ("information / theft", False), ("theft", False), ("found narcotic", False), ("", False),
        ("damage to property", False), ("lost child", False),
    ],
)  # fmt: skip
def test_what_counts_as_handed_in(written, handed_in) -> None:
    assert bool(pd.Series([written]).str.contains(HANDED_IN, case=False)[0]) == handed_in


def test_times_that_nobody_knows_make_a_desk_unless_nobody_knows_any(usual) -> None:
    key, here = desk_of(usual)
    unknown = usual.assign(time_known=np.where(here, "unknown", "interval"))
    assert told(unknown) == {(key, DESK)}
    assert signs(usual.assign(time_known="unknown")) == []


def test_office_hours_support_but_do_not_accuse(usual) -> None:
    key, here = desk_of(usual)
    monday = pd.Timestamp("2015-06-01T10:00Z")
    table = usual.assign(reported_at=usual["reported_at"].mask(pd.Series(here), monday))
    assert signs(table) == []
    table = table.assign(time_known=np.where(here, "unknown", "interval"))
    assert told(table) == {(key, DESK), (key, "")}
    assert told(table.assign(reported_at=table["reported_at"].where(table["x"] < 0))) == {
        (key, DESK)
    }


def test_many_addresses_at_one_point_make_a_default_address(usual) -> None:
    key, here = desk_of(usual)
    each = [f"{number} Long Road" for number in range(len(usual))]
    assert told(usual.assign(place=np.where(here, each, usual["place"]))) == {(key, DEFAULT)}
    rooms = [f"5 Long Road (room {number})" for number in range(len(usual))]
    assert signs(usual.assign(place=np.where(here, rooms, usual["place"]))) == []


def test_the_services_own_post_and_what_is_called_so_are_desks(usual) -> None:
    key, here = desk_of(usual)
    x, y = usual.loc[here, ["x", "y"]].iloc[0]
    post = Post("Lodge", shapely.box(x + 5, y, x + 20, y + 9))
    assert told(usual, (post,)) == {(key, DESK)}
    far = Post("Far", shapely.box(x + 25, y, x + 30, y + 9))
    assert signs(usual, (far,)) == []
    named = usual.assign(place=np.where(here, "the Control Room", usual["place"]))
    assert told(named) == {(key, DESK)}


def test_much_of_everything_with_a_mix_of_its_own_is_told(usual) -> None:
    key, here = desk_of(usual)
    own = pd.concat([usual[here]] * 8).assign(category="alarm", written_category="alarm")
    (sign,) = signs(pd.concat([usual, own], ignore_index=True))
    assert (sign.place, sign.kind) == (key, LARGE)
    assert 0 < sign.weight < 1
    alike = pd.concat([usual, *[usual[here]] * 8], ignore_index=True)
    assert signs(alike) == []
