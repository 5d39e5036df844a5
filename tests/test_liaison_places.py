"""A row names exactly one place of the estate, or is told why not."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.estate.layers.features import unique_ids
from planner.estate.liaison.liaison_places import Places, all_places, place_words, site_places


def estate_of(names: list[str], inside: list[tuple[int, str]] = ()) -> Any:
    """Sites of these names, and buildings on them by the site's row."""
    sites = pd.DataFrame({"name": names, "aliases": "[]"}, dtype="str")
    sites["site"] = unique_ids(sites["name"])
    standing = [(sites["site"][row], name) for row, name in inside]
    buildings = pd.DataFrame(standing, columns=["site", "name"], dtype="str")
    buildings["building"] = unique_ids(buildings["site"] + " " + buildings["name"])
    return SimpleNamespace(sites=sites, buildings=buildings)


@pytest.mark.parametrize(
    "written", ["Alpha College", "ALPHA college", "alpha-college", "alph", "The House"]
)
def test_sites_by_name_identifier_and_alias(estate: Any, written: str) -> None:
    assert site_places(estate).find(written) == ("Alpha College", "")
    assert all_places(estate).find(written) == ("Alpha College", "")


def test_buildings_by_name_and_identifier(estate: Any) -> None:
    places = all_places(estate)
    assert places.find("chapel") == ("Chapel", "")
    assert places.find("alpha-college-chapel") == ("Chapel", "")
    assert site_places(estate).find("Chapel")[0] == ""


def test_a_building_that_is_its_whole_site_counts_as_the_site(estate: Any) -> None:
    assert all_places(estate).find("Beta Museum") == ("Beta Museum", "")


def test_a_name_that_nothing_has(estate: Any) -> None:
    label, reason = all_places(estate).find("Alfa Colege")
    assert label == ""
    assert reason == "'Alfa Colege' is no place of the estate (did you mean Alpha College?)"
    assert all_places(estate).find("zzzzzz")[1] == "'zzzzzz' is no place of the estate"


def test_a_name_that_several_have() -> None:
    shared = [(0, "Staircase 4"), (1, "Staircase 4"), (1, "Hall")]
    places = all_places(estate_of(["Alpha", "Beta"], shared))
    label, reason = places.find("Staircase 4")
    assert label == ""
    assert reason == (
        "'Staircase 4' is the name of 2 places; write one of: alpha-staircase-4, beta-staircase-4"
    )
    assert places.find("alpha-staircase-4") == ("alpha-staircase-4", "")
    assert places.find("Hall") == ("Hall", "")
    assert places.find("Alpha") == ("Alpha", "")


@settings(max_examples=20)
@given(
    names=st.lists(
        st.sampled_from(["x y", "x-y", "X Y", "x", "x-2", "St. X", "st-x"]), min_size=2, max_size=4
    ),
    inside=st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(["x", "x y", "hall", "Hall"])), max_size=3
    ),
)
def test_every_label_names_its_own_place(names: list[str], inside: list[tuple[int, str]]) -> None:
    made = estate_of(names, inside)
    for places in (site_places(made), all_places(made)):
        for label in {label for labels in places.labels.values() for label in labels}:
            assert places.find(label) == (label, "")
    by_site = {site_places(made).find(site)[0] for site in made.sites["site"]}
    assert len(by_site) == len(made.sites)


@given(st.text(max_size=30))
def test_any_text_is_a_place_or_a_reason(text: str) -> None:
    label, reason = Places({"alpha": ("Alpha",), "both": ("a", "b")}).find(text)
    assert bool(label) != bool(reason)


def test_words_of_names(estate: Any) -> None:
    assert {"alpha", "college", "beta", "museum"} <= place_words(estate)
