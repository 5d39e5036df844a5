"""Written places: one spelling, and the place that each names."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.estate.naming.address_book import address_book
from planner.estate.naming.places import PlaceIndex, place_index
from planner.estate.naming.vocabulary import echoes
from planner.estate.naming.written import addresses, normalised, run_on

# Alpha and Delta are colleges with equal staircases and lodges; Beta has an address and a number.
SHAPES: list[tuple[float, float, float, dict[str, str]]] = [
    (0, 0, 100, {"name": "St Alpha's College", "aliases": "Cat's; SAC; The House"}),
    (0, 300, 100, {"name": "Delta College"}),
    (10, 10, 20, {"name": "Staircase 4"}), (60, 60, 20, {"name": "Porters Lodge"}),
    (10, 310, 20, {"name": "Staircase 4"}), (60, 360, 20, {"name": "Porters Lodge"}),
    (40, 340, 15, {"name": "Buttery"}), (10, 360, 20, {"name": "Main Building"}),
    (1400, 0, 90, {"name": "University Parks", "aliases": "the Parks"}),
    (200, 0, 80, {"name": "Sigismund Weiboldt Library"}),
    (200, 300, 60, {"name": "Kersten Physics Centre", "aliases": "Kent/Jones Labs"}),
    (900, 900, 60, {"name": "Centre for Care and Discovery"}),
]  # fmt: skip
ADDRESSES = {
    "Sigismund Weiboldt Library": "1058 E 59TH ST",
    "Kersten Physics Centre": "5720-5728 S ELLIS AVE",
    "Centre for Care and Discovery": "5600 S MARYLAND AVE",
}


@pytest.fixture(scope="module")
def index(build: ModuleType) -> PlaceIndex:
    return place_index(built(build))


def built(build: ModuleType) -> Any:
    from planner.estate.sites import split_sites

    parts = split_sites(build.shapes_table(SHAPES))
    buildings = parts.buildings.copy()
    buildings["address"] = buildings["name"].map(ADDRESSES).fillna("")
    weiboldt = buildings["name"] == "Sigismund Weiboldt Library"
    buildings["number"] = weiboldt.map({True: "B271", False: ""})
    buildings["uprn"] = weiboldt.map({True: "100012345678", False: ""})
    buildings["departments"] = weiboldt.map({True: json.dumps(["Egyptology"]), False: "[]"})
    return build.estate(sites=parts.sites, buildings=buildings)


def names_of(index: PlaceIndex, text: str) -> tuple[str, str]:
    """Site and building that a text names, by their official names."""
    row = index.match(pd.Series([text])).iloc[0]
    named = index.places.set_index(["site", "building"])["name"]
    site = named.get((row["site"], ""), "")
    return site, named.get((row["site"], row["building"]), "") if row["building"] else ""


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("5740 S. Woodlawn Ave. (Nursery School)", "5740 s woodlawn avenue, nursery school"),
        ("St. Cat's", "saint cats"), ("Broad St", "broad street"),
        ("Car Park 2", "parking 2"), ("Car, Park", "car, park"), ("staff carpark", "staff parking"),
        ("St Giles' St. & St John St", "saint giles street and saint john street"),
        ("Keble Rd.", "keble road"), ("Café Ω", "cafe ω"), ("Ratner A.C.", "ratner ac"),
        ("Bldg. 4 - rear", "building 4, rear"),
        ("1100\u20131116 E 58TH ST", "1100-1116 e 58th street"),
        ("Snell-Hitchcock", "snell hitchcock"), ("  ", ""), ("(", ""), ("Caf\ufffd Logan", "logan"),
    ],
)  # fmt: skip
def test_places_are_brought_to_one_spelling(written: str, spelled: str) -> None:
    assert normalised(pd.Series([written])).tolist() == [spelled]


@given(st.lists(st.text(max_size=40), max_size=5))
def test_a_normalised_place_stays_as_it_is(texts: list[str]) -> None:
    once = normalised(pd.Series(texts, dtype="str"))
    assert normalised(once).tolist() == once.tolist()
    assert once.index.tolist() == list(range(len(texts)))


@pytest.mark.parametrize(
    ("segment", "read"),
    [
        ("5740 s woodlawn avenue", (5740, 5740, "s", "woodlawn", "avenue")),
        ("1100-1116 east 58th street", (1100, 1116, "e", "58th", "street")),
        ("12a broad street", (12, 12, "", "broad", "street")),
        ("staircase 4", None), ("5400 s ellis to 5400 s lake park avenue", None),
        ("e 57th street and s ellis avenue", None),
    ],
)  # fmt: skip
def test_an_address_is_read(segment: str, read: Any) -> None:
    row = addresses(pd.Series([segment], dtype="str")).iloc[0]
    assert (tuple(row) == read) if read else pd.isna(row["low"])


@pytest.mark.parametrize(
    ("segment", "address", "rest"),
    [
        ("1118 e 58th street eckhart hall", "1118 e 58th street", "eckhart hall"),
        ("5 cottage grove avenue old library", "5 cottage grove avenue", "old library"),
        ("1118 e 58th street near eckhart hall", "", ""), ("1118 e 58th street", "", ""),
        ("5400 s ellis avenue to 5400 s lake park avenue", "", ""), ("eckhart hall", "", ""),
    ],
)  # fmt: skip
def test_what_stands_at_an_address_is_parted_from_it(segment: str, address: str, rest: str) -> None:
    parts = run_on(pd.Series([segment], dtype="str")).iloc[0]
    assert (parts["address"], parts["rest"]) == (address, rest)


def test_a_word_echoes_itself_its_beginning_and_two_slips() -> None:
    assert echoes("hutch", "hutchinson") and echoes("eckhart", "eckert") and echoes("kent", "kent")
    assert not echoes("hut", "hutchinson")
    assert not echoes("beckert", "eckert") and not echoes("kelly", "kelsey")


@pytest.mark.parametrize(
    ("written", "gaps"),
    [
        ("5724 s ellis avenue", [0]), ("5723 s ellis avenue", [1]), ("5758 s ellis", [30]),
        ("5724 n ellis avenue", []), ("5724 s ellis street", []), ("6000 s ellis avenue", []),
    ],
)  # fmt: skip
def test_an_address_is_found_by_its_side_and_range(written: str, gaps: list[int]) -> None:
    none = pd.Series([], dtype="str")
    book = address_book(pd.Series(["5720-5728 S ELLIS AVE"], dtype="str"), none)
    found = book.found(addresses(pd.Series([written], dtype="str")))
    assert found["gap"].tolist() == gaps


@pytest.mark.parametrize(
    ("written", "site", "building"),
    [
        ("St Alpha's College", "St Alpha's College", ""),
        ("the house", "St Alpha's College", ""),
        ("St. Cats", "", ""),
        ("Cat's, bicycle racks", "St Alpha's College", ""),
        ("SAC", "St Alpha's College", ""),
        ("Delta College, Staircase 4", "Delta College", "Staircase 4"),
        ("Staircase 4 (Delta)", "Delta College", "Staircase 4"),
        ("Delta College, Staircase 5", "Delta College", ""),
        ("Staircase 4", "", ""), ("Porters Lodge", "", ""),
        ("Porters' Lodge, Delta College", "Delta College", "Porters Lodge"),
        ("Buttery", "Delta College", "Buttery"),
        ("Main Building", "", ""), ("main bldg", "", ""),
        ("Main Building, Delta College", "Delta College", "Main Building"),
        ("the Parks", "University Parks", "University Parks"),
        ("car park", "", ""), ("carpark", "", ""), ("main car park, rear", "", ""),
        ("car park, Delta College", "Delta College", ""),
        ("Wieboldt Library", "Sigismund Weiboldt Library", "Sigismund Weiboldt Library"),
        ("Wieboldt Library, 3rd floor", "Sigismund Weiboldt Library", "Sigismund Weiboldt Library"),
        ("opposite Weiboldt Library", "", ""), ("from Delta College to Weiboldt Library", "", ""),
        ("B271", "Sigismund Weiboldt Library", "Sigismund Weiboldt Library"),
        ("UPRN 100012345678", "Sigismund Weiboldt Library", "Sigismund Weiboldt Library"),
        ("Egyptology", "Sigismund Weiboldt Library", "Sigismund Weiboldt Library"),
        ("Jones Lab", "Kersten Physics Centre", "Kersten Physics Centre"),
        ("5724 S. Ellis Ave.", "Kersten Physics Centre", "Kersten Physics Centre"),
        ("5724 S. Ellis Ave. (bike rack)", "Kersten Physics Centre", "Kersten Physics Centre"),
        ("5724 S. Ellis Ave. (Public Way)", "", ""), ("5724 S. Ellis Ave. (Nursery)", "", ""),
        ("5700 S. Maryland Ave. (CCD)", "", ""),
        ("5600 S. Maryland Ave. (CCD café)", "Centre for Care and Discovery",
         "Centre for Care and Discovery"),
        ("5600 S. Maryland Ave.", "", ""),
        ("5606 S. Maryland Ave. (CCD)", "Centre for Care and Discovery",
         "Centre for Care and Discovery"),
        ("5606 S. Maryland Ave. (CD)", "", ""),
        ("5900 S. Maryland Ave. (Care and Discovery)", "", ""),
        ("1058 E. 59th St. (Wyboldt)", "Sigismund Weiboldt Library", "Sigismund Weiboldt Library"),
        ("1058 E. 59th St. (Sigi reading circle)", "Sigismund Weiboldt Library",
         "Sigismund Weiboldt Library"),
        ("1058 E. 59th St. Wieboldt Library (bike rack)", "Sigismund Weiboldt Library",
         "Sigismund Weiboldt Library"),
        ("1058 E. 59th St. near Kersten Physics", "", ""), ("Wyboldt", "", ""), ("Sigi", "", ""),
        ("1058 E. 59th St. (Care and Discovery)", "", ""),
        ("5724 S. Ellis Ave. (Care and Discovery)", "", ""),
        ("Delta Gardens House", "", ""), ("", "", ""), ("unknown", "", ""), ("library", "", ""),
    ],
)  # fmt: skip
def test_a_text_names_a_place_or_none(
    index: PlaceIndex, written: str, site: str, building: str
) -> None:
    assert names_of(index, written) == (site, building)


def test_a_shared_name_counts_on_the_site_where_it_happened(index: PlaceIndex) -> None:
    read = index.read(pd.Series(["Staircase 4"] * 3), pd.Series(["delta-college", "", "other"]))
    assert read["building"].tolist() == ["delta-college-staircase-4", "", ""]
    assert read["sure"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("Ellis Ave. and 59th St.", True), ("Ellis Ave. between 58th St. and 59th St.", True),
        ("5724 S. Ellis Ave. (Nursery)", True), ("5724 S. Ellis Ave.", False),
        ("Ellis Ave.", False),
    ],
)  # fmt: skip
def test_streets_that_meet_are_another_place_than_a_building(
    index: PlaceIndex, written: str, other: bool
) -> None:
    assert index.read(pd.Series([written]))["other"].tolist() == [other]


def test_a_decision_goes_before_all_else_and_the_last_one_counts(build: ModuleType) -> None:
    decided = pd.DataFrame(
        [
            ("the reg", "delta-college", ""),
            ("the reg", "sigismund-weiboldt-library",
             "sigismund-weiboldt-library-sigismund-weiboldt-library"),
            ("delta college", "", ""),
        ],
        columns=["place", "site", "building"],
    )  # fmt: skip
    index = place_index(built(build), decided)
    assert names_of(index, "The Reg")[1] == "Sigismund Weiboldt Library"
    assert names_of(index, "Delta College") == ("", "")
    assert index.match(pd.Series(["Delta College"]))["evidence"].tolist() == ["decided"]


def test_candidates_come_with_scores_best_first(index: PlaceIndex) -> None:
    found = index.candidates("Wieboldt Libary")
    assert found[0].name == "Sigismund Weiboldt Library"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len(index.candidates("zzz", 3)) == 3


def test_a_match_tells_the_runner_up(index: PlaceIndex) -> None:
    row = index.match(pd.Series(["Delta College, Porters Lodge"])).iloc[0]
    assert row["score"] == pytest.approx(100)
    assert row["runner_up"] != ""
    assert 0 < row["runner_up_score"] < row["score"]


@settings(max_examples=12)
@given(st.lists(st.sampled_from(["Staircase 4", "Delta", "5724 S. Ellis Ave.", "(", "Lodge", "St"])
                | st.text(max_size=20), min_size=1, max_size=6))  # fmt: skip
def test_texts_are_read_alike_alone_and_together(index: PlaceIndex, texts: list[str]) -> None:
    together = index.match(pd.Series(texts))
    alone = pd.concat([index.match(pd.Series([text])) for text in texts], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)
    assert together["score"].between(0, 100.001).all()


def labelled(shared_data: Path) -> tuple[Any, pd.DataFrame]:
    """The bench, and the texts that were labelled by reading them."""
    import importlib.util

    path = Path(__file__).parent / "bench" / "place_matches.py"
    spec = importlib.util.spec_from_file_location("planner_bench_place_matches", path)
    assert spec is not None and spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    return bench, bench.labelled_places(shared_data / "campus")


@pytest.mark.parametrize("with_coordinates", [False, True])
def test_labelled_places_of_a_campus_are_matched(shared_data: Path, with_coordinates: bool) -> None:
    bench, places = labelled(shared_data)
    assert len(places) == 200
    figures = bench.figures(shared_data / "campus", places, with_coordinates)
    assert figures.made >= 40
    assert figures.precision >= 0.98
    assert figures.recall >= 0.8
