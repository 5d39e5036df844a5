"""Categories: every written one counts as one of the list, and a sensitive one never slips by."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.incidents.categories import (
    OTHER,
    OTHER_SENSITIVE,
    SENSITIVE_WORDS,
    counted_as,
    handled,
    unlisted,
)
from planner.settings import Category, Settings, usual_categories

USUAL = usual_categories()


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("bicycle theft", "bicycle theft"),
        ("Bicycle Theft ", "bicycle theft"),
        ("other-theft", "theft"),
        ("violence and sexual offences", "violence and sexual offences"),
        ("theft / bicycle", "bicycle theft"),
        ("information / burglary", "burglary"),
        ("battery / domestic", "domestic abuse"),
        ("information / sexual assault", "sexual offence"),
        ("theft / something about harassment", OTHER_SENSITIVE),
        ("sexual misconduct", OTHER_SENSITIVE),
        ("lost umbrella", OTHER),
        ("", OTHER),
    ],
)
def test_a_written_category_counts_as_one_of_the_list(written: str, category: str) -> None:
    assert counted_as(pd.Series([written]), USUAL).tolist() == [category]


@pytest.mark.parametrize(
    "kind", ["sexual offence", "harassment", "domestic abuse", "welfare", "prevent"]
)
def test_the_categories_that_must_be_sensitive_are(kind: str) -> None:
    assert USUAL[kind].sensitive
    assert handled(pd.Series(USUAL[kind].written), USUAL)["sensitive"].all()


@pytest.mark.parametrize(
    "kind",
    ["suspicious activity", "tailgating", "alarm", "welfare", "protest", "drone", "property found"],
)
def test_the_services_own_categories_are_listed_with_harm_and_its_source(kind: str) -> None:
    assert USUAL[kind].harm_source


def test_no_name_stands_for_two_categories() -> None:
    names = [name for kind, rule in USUAL.items() for name in (kind, *rule.written)]
    assert sorted(set(names)) == sorted(names)
    assert all(name == name.lower() for name in names)


def test_what_is_handled_follows_the_list() -> None:
    rules = {
        "noise": Category(harm=2, origin="discovered", written=("loud music",)),
        "secret": Category(harm=9, sensitive=True),
    }
    found = handled(pd.Series(["loud music", "secret", "what"], index=[5, 6, 7]), rules)
    assert found.index.tolist() == [5, 6, 7]
    assert found["category"].tolist() == ["noise", "secret", OTHER]
    assert found["harm"].tolist() == [2, 9, 1]
    assert found["origin"].tolist() == ["discovered", "reported", "reported"]
    assert found["sensitive"].tolist() == [False, True, False]


def test_unlisted_names_come_with_the_most_frequent_first() -> None:
    written = pd.Series(["theft", "quux", "zed", "quux"])
    assert unlisted(written, USUAL) == ["quux", "zed"]


def test_settings_take_their_own_list() -> None:
    settings = Settings(crs="EPSG:32630", categories={"noise": Category(harm=1)})
    assert set(settings.categories) == {"noise"}


@given(st.text(max_size=20), st.sampled_from(SENSITIVE_WORDS), st.text(max_size=20))
def test_a_telling_word_keeps_any_unlisted_category_off_the_map(
    before: str, word: str, after: str
) -> None:
    written = f"{before}{word}{after}q"
    found = handled(pd.Series([written]), USUAL)
    assert found["sensitive"].all() or written.lower().strip() in {
        name for rule in USUAL.values() for name in rule.written
    }


@given(st.lists(st.text(max_size=12)))
def test_every_text_counts_as_something(texts: list[str]) -> None:
    found = counted_as(pd.Series(texts, dtype=str), USUAL)
    assert set(found) <= set(USUAL)
    assert len(found) == len(texts)
