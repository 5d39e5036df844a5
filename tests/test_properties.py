import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.layers.properties import addresses, as_json, described, first_stated, listed
from planner.text import readable


def features(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows)).assign(_file="sites.json", _row=range(1, len(rows) + 1))


def test_a_feature_says_what_it_is_and_whose() -> None:
    table = described(
        features(
            {"kind": "College", "aliases": "The House; Ch Ch ;", "controller": " college ",
             "access": "On Request", "number": 12, "UPRN": 100_120_820_001.0, "id": "way/1",
             "valid_from": "2026-01-01", "departments": ["Logic"]},
            {"name": "nothing more"},
        )
    )  # fmt: skip
    first, second = table.to_dict("records")
    assert first == {
        "kind": "college", "aliases": '["The House", "Ch Ch"]', "controller": "college",
        "access": "on request", "reference": "way/1", "valid_from": "2026-01-01", "valid_to": "",
        "number": "12", "uprn": "100120820001", "address": "", "departments": '["Logic"]',
        "listed": "",
    }  # fmt: skip
    assert second == {
        "kind": "site", "aliases": "[]", "controller": "not stated", "access": "not stated",
        "reference": "", "valid_from": "", "valid_to": "", "number": "", "uprn": "", "address": "",
        "departments": "[]", "listed": "",
    }  # fmt: skip


def test_the_property_of_the_identifier_can_be_named() -> None:
    table = features({"code": "B7", "id": 1}, {"code": None, "id": 2})
    assert described(table, "code")["reference"].tolist() == ["B7", ""]
    assert described(table)["reference"].tolist() == ["1", "2"]


def test_layers_that_name_a_property_differently_come_together() -> None:
    table = features({"kind": "Hall"}, {"type_name": "Museum"}, {"kind": "", "type_name": "Shop"})
    assert first_stated(table, "kind", "type_name").tolist() == ["Hall", "Museum", "Shop"]


@pytest.mark.parametrize(
    ("properties", "address"),
    [
        ({"address": " 1 South Parks Road "}, "1 South Parks Road"),
        ({"addr:housenumber": "12-14", "addr:street": "Broad Street"}, "12-14 Broad Street"),
        ({"addr:housename": "The Mitre", "addr:street": "High Street"}, "The Mitre High Street"),
        ({"addr:housenumber": "12", "addr:street": ""}, ""),
        ({"addr:street": "Broad Street"}, "Broad Street"),
        ({"F_ADD1": 1100, "T_ADD1": 1116, "PRE_DIR1": "E", "ST_NAME1": "58TH", "ST_TYPE1": "ST"},
         "1100-1116 E 58TH ST"),
        ({"F_ADD1": 935, "T_ADD1": 935, "PRE_DIR1": "", "ST_NAME1": "ELLIS", "ST_TYPE1": "AVE"},
         "935 ELLIS AVE"),
        ({"F_ADD1": 0, "T_ADD1": 0, "PRE_DIR1": "E", "ST_NAME1": "58TH", "ST_TYPE1": "ST"}, ""),
        ({"F_ADD1": 5, "T_ADD1": 0, "PRE_DIR1": "E", "ST_NAME1": "", "ST_TYPE1": ""}, ""),
        ({"other": "x"}, ""),
    ],
)  # fmt: skip
def test_an_address_is_read_however_it_is_written(properties: dict[str, Any], address: str) -> None:
    assert addresses(features(properties)).tolist() == [address]


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [("a; b;; a", ["a", "b"]), (["a", "É"], ["a", "É"]), ('["a; b", "c"]', ["a; b", "c"]),
     ("[a]", ["[a]"]), (None, []), (5, []), (float("nan"), []), ("[" * 100_000, ["[" * 100_000])],
    ids=range(8),
)  # fmt: skip
def test_lists_are_kept_as_json(given_value: object, kept: list[str]) -> None:
    assert json.loads(listed(features({"aliases": given_value}), "aliases").iloc[0]) == kept


NAMES = st.text(max_size=5).map(readable).filter(bool)


@given(names=st.lists(NAMES, max_size=5, unique=True))
def test_a_list_that_was_kept_reads_back(names: list[str]) -> None:
    assert listed(pd.DataFrame({"aliases": [as_json(names)]}), "aliases").iloc[0] == as_json(names)


@pytest.mark.parametrize("access", ["private", "yes", "owned"])
def test_another_word_for_access_is_refused_with_its_feature(access: str) -> None:
    with pytest.raises(EstateError, match=f"sites.json: feature 2: 'access' is '{access}'"):
        described(features({"access": "own"}, {"access": access}))


def test_other_keys_for_names_become_aliases() -> None:
    table = pd.DataFrame(
        {
            "name": ["A", "B"],
            "aliases": ["The Bod", None],
            "BLDG_NAME2": ["Old Hall", ""],
            "alt_name": [None, "Bee; Bea"],
            "ST_NAME1": ["x", "y"],
        }
    )
    assert [json.loads(text) for text in described(table)["aliases"]] == [
        ["The Bod", "Old Hall"],
        ["Bee", "Bea"],
    ]
