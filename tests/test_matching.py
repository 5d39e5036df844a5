"""Pairs of records of two sources: proposed for good reasons, never more than proposed."""

from types import ModuleType
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from planner.incidents.matching import COLUMNS, NEIGHBOURS, proposed_matches, told_events


def records(build: ModuleType, *rows: dict[str, Any]) -> pd.DataFrame:
    return build.located(rows)  # type: ignore[no-any-return]


def test_a_stated_police_reference_is_proposed_first(build: ModuleType) -> None:
    table = records(
        build,
        {"key": "own", "police_reference": "AB1"},
        {"key": "theirs", "source": "police", "reference": "ab1", "time_known": "month",
         "anonymised": True},
        {"key": "other", "source": "police", "reference": "ab2", "time_known": "month",
         "anonymised": True},
    )  # fmt: skip
    found = proposed_matches(table)
    assert found[["key", "other_key"]].to_numpy().tolist() == [["own", "theirs"]]
    assert found.loc[0, "score"] > 0.9
    assert "reference" in found.loc[0, "because"]


def test_same_time_place_and_category_of_two_sources_is_proposed(build: ModuleType) -> None:
    x, _y = build.CORNER
    table = records(
        build,
        {"key": "a"},
        {"key": "b", "source": "college", "x": x + 30},
        {"key": "far", "source": "college", "x": x + 100},
        {"key": "kind", "source": "college", "category": "burglary"},
        {"key": "late", "source": "college", "occurred_from": "2025-06-03T00:00",
         "occurred_to": "2025-06-03T01:00"},
        {"key": "same source"},
    )  # fmt: skip
    found = proposed_matches(table)
    pairs = {frozenset(pair) for pair in found[["key", "other_key"]].to_numpy().tolist()}
    assert pairs == {frozenset({"a", "b"}), frozenset({"same source", "b"})}
    assert "30 m apart" in found["because"].iloc[0]


def test_police_months_and_long_intervals_are_not_paired_by_place(build: ModuleType) -> None:
    table = records(
        build,
        {"key": "a"},
        {"key": "month", "source": "police", "time_known": "month", "anonymised": True,
         "occurred_from": "2025-06-01T00:00", "occurred_to": "2025-07-01T00:00"},
        {"key": "weeks", "source": "college", "occurred_from": "2025-05-20T00:00",
         "occurred_to": "2025-06-10T00:00"},
        {"key": "nowhere", "source": "college", "x": None, "y": None},
    )  # fmt: skip
    assert proposed_matches(table).empty


def test_two_that_give_each_others_reference_are_one_pair(build: ModuleType) -> None:
    table = records(
        build,
        {"key": "a", "reference": "R1", "police_reference": "L1"},
        {"key": "b", "source": "college", "reference": "L1", "police_reference": "r1"},
    )
    found = proposed_matches(table)
    assert len(found) == 1
    assert found.loc[0, "because"] == "the first gives the second's reference"


def test_what_many_give_is_no_reference(build: ModuleType) -> None:
    nowhere = {"x": None, "y": None}
    table = records(
        build,
        *({"key": f"a{n}", "police_reference": "n/a", **nowhere} for n in range(6)),
        *({"key": f"b{n}", "source": "college", "reference": "N/A", **nowhere} for n in range(6)),
    )
    assert proposed_matches(table).empty


def test_the_control_rooms_record_would_count(build: ModuleType) -> None:
    table = records(build, {"key": "a", "source": "campus"}, {"key": "b"},
                    {"key": "c", "source": "warden"})  # fmt: skip
    found = proposed_matches(table)
    assert set(map(tuple, found[["source", "other_source"]].to_numpy())) == {
        ("control room", "campus"), ("control room", "warden"), ("campus", "warden"),
    }  # fmt: skip


def test_the_nearer_in_time_goes_before(build: ModuleType) -> None:
    table = records(
        build,
        {"key": "a"},
        {"key": "late", "source": "college", "occurred_from": "2025-06-02T22:20",
         "occurred_to": "2025-06-02T23:30"},
        {"key": "close", "source": "college", "occurred_from": "2025-06-02T22:10"},
    )  # fmt: skip
    assert proposed_matches(table)["other_key"].tolist() == ["close", "late"]


def test_thousands_at_one_place_and_time_are_paired_one_with_one_first(build: ModuleType) -> None:
    size = 2_000
    rows = [{"key": f"a{n}"} for n in range(size)]
    rows += [{"key": f"b{n}", "source": "college"} for n in range(size)]
    found = proposed_matches(records(build, *rows))
    assert len(found) <= NEIGHBOURS * size
    best = found.head(size)
    assert best["key"].is_unique
    assert best["other_key"].is_unique


def test_nothing_yields_an_empty_table(build: ModuleType) -> None:
    found = proposed_matches(records(build, {"key": "a"}).head(0))
    assert list(found.columns) == COLUMNS
    assert found.empty


PLACES = st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 200), st.integers(0, 600))


# With no more records of either source than are compared with each.
@given(st.lists(PLACES, max_size=NEIGHBOURS))
def test_pairs_are_those_that_trying_all_finds(
    build: ModuleType, rows: list[tuple[str, int, int]]
) -> None:
    x, y = build.CORNER
    start = pd.Timestamp("2025-06-02T00:00")
    table = records(
        build,
        *(
            {"key": str(n), "source": source, "x": x + metres, "y": y,
             "occurred_from": f"{start + pd.Timedelta(minutes=minutes):%Y-%m-%dT%H:%M}",
             "occurred_to": f"{start + pd.Timedelta(minutes=minutes + 30):%Y-%m-%dT%H:%M}"}
            for n, (source, metres, minutes) in enumerate(rows)
        ),
    )  # fmt: skip
    wanted = {
        (str(i), str(j))
        for i, (one, here, then) in enumerate(rows)
        for j, (two, there, when) in enumerate(rows)
        if (one, two) == ("a", "b") and abs(here - there) <= 60 and abs(then - when) <= 90
    }
    found = proposed_matches(table)
    assert set(zip(found["key"], found["other_key"], strict=True)) == wanted
    assert found["score"].between(0, 1).all()


RECORDS = st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 3))
PAIRS = st.tuples(RECORDS, RECORDS, st.booleans()).filter(lambda pair: pair[0][0] != pair[1][0])


@given(st.lists(PAIRS, max_size=10))
def test_events_are_what_following_the_pairs_finds(
    decided: list[tuple[tuple[str, int], tuple[str, int], bool]],
) -> None:
    rows = [(one[0], str(one[1]), other[0], str(other[1]), same) for one, other, same in decided]
    names = ["source", "key", "other_source", "other_key", "same"]
    found = told_events(pd.DataFrame(rows, columns=names))
    groups: list[set[tuple[str, str]]] = []
    for source, key, other_source, other_key, same in rows:
        if same:
            pair = {(source, key), (other_source, other_key)}
            touched = [group for group in groups if group & pair]
            groups = [group for group in groups if not group & pair]
            groups.append(pair.union(*touched))
    told = [set(zip(part["source"], part["key"], strict=True))
            for _, part in found.groupby("event")]  # fmt: skip
    assert sorted(map(sorted, told)) == sorted(map(sorted, groups))
    second = {(row[2], row[3]) for row in rows if row[4]}
    for source, key, _, counts in found.itertuples(index=False):
        assert counts == ((source, key) not in second)
