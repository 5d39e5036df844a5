import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.incidents.identity import keys, repeats
from planner.incidents.model import COLUMNS, MOMENTS
from planner.incidents.source_profiles import shipped_profiles

WORDS = st.sampled_from(["", "a", "b", "a\x1fb"])


def table(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    index = pd.RangeIndex(2, len(rows) + 2)
    return pd.DataFrame(rows, columns=["id", "one", "two"], index=index, dtype="str")


def incidents(rows: list[tuple[str, str]], longitude: float | None = None) -> pd.DataFrame:
    """Incidents by key and place, alike in all else."""
    read = pd.DataFrame("", index=pd.RangeIndex(2, len(rows) + 2), columns=COLUMNS, dtype="str")
    read["key"], read["place"] = [key for key, _ in rows], [place for _, place in rows]
    for column in MOMENTS:
        read[column] = pd.Series(pd.NaT, index=read.index, dtype="datetime64[us, UTC]")
    read["longitude"] = pd.Series(longitude, index=read.index, dtype="float64")
    return read


@given(rows=st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=8))
def test_rows_without_a_reference_never_share_a_key_and_come_again_with_the_same(
    rows: list[tuple[str, str, str]],
) -> None:
    read = table(rows)
    found = keys(read, read["id"], ["one", "two"])
    nameless = [key for key, (name, *_) in zip(found, rows, strict=True) if not name]
    assert len(set(nameless)) == len(nameless)
    assert all(key == name for key, (name, *_) in zip(found, rows, strict=True) if name)
    again = table(rows[::-1])
    assert set(keys(again, again["id"], ["one", "two"])) == set(found)


def test_a_column_that_a_file_lacks_counts_as_empty() -> None:
    read = table([("", "a", "")])
    assert keys(read, read["id"], ["one", "two"]).tolist() == (
        keys(read.drop(columns="two"), read["id"], ["one", "two"]).tolist()
    )


def test_the_key_of_a_street_file_s_row_does_not_change_from_version_to_version() -> None:
    row = {"Crime ID": "", "Month": "2024-01", "Reported by": "Rail", "Longitude": "-1.25",
           "Latitude": "51.75", "Location": "On or near High Street",
           "Crime type": "Robbery"}  # fmt: skip
    read = pd.DataFrame([row], dtype="str")
    (police,) = (shipped for shipped in shipped_profiles() if "Crime ID" in shipped.required)
    # As registers hold it: another digest would add every such row once more.
    assert keys(read, read["Crime ID"], police.identity).tolist() == [
        "6825f1aff468b714200f433bf7f4ae93"
    ]


@pytest.mark.parametrize("longitude", [None, -1.25])
def test_a_repeated_row_is_told_from_one_that_says_otherwise(longitude: float | None) -> None:
    rows = [("a", "x"), ("b", "x"), ("a", "x"), ("a", "y"), ("a", "x"), ("c", "x"), ("b", "y")]
    found = repeats(incidents(rows, longitude))
    assert found.any
    assert found.same.tolist() == [4, 6]
    assert found.differing.to_dict() == {5: 2, 8: 3}


def test_rows_of_different_keys_repeat_nothing() -> None:
    found = repeats(incidents([("a", "x"), ("b", "x")]))
    assert not found.any
    assert not repeats(incidents([])).any


@given(rows=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=9))
def test_every_row_is_a_first_the_same_or_different(rows: list[tuple[str, str]]) -> None:
    found = repeats(incidents(rows))
    firsts: dict[str, tuple[int, str]] = {}
    for number, (key, place) in enumerate(rows, start=2):
        first, said = firsts.setdefault(key, (number, place))
        assert (number in found.same) == (first != number and said == place)
        assert found.differing.get(number) == (first if said != place else None)
