"""What a person is shown of the estate's places is what the person can answer."""

from types import ModuleType

import pytest

from planner.errors import EstateError
from planner.estate.model import Estate
from planner.estate.sites import split_sites
from planner.service.place_choices import PlaceChoices, place_choices

COLLEGES = [
    (0, 0, 100, {"name": "Alpha College", "kind": "college", "aliases": "The House"}),
    (200, 0, 100, {"name": "Beta College", "kind": "college"}),
    (10, 10, 20, {"name": "Lodge", "kind": "building"}),
    (40, 10, 20, {"name": "Lodge", "kind": "building"}),
    (70, 70, 20, {"name": "Chapel, Old", "kind": "building"}),
    (210, 10, 20, {"name": "Lodge", "kind": "building"}),
    (240, 10, 20, {"name": "Beta College", "kind": "building"}),
    (0, 300, 100, {"name": "Gamma Library", "kind": "library"}),
]


@pytest.fixture(scope="module")
def colleges(build: ModuleType) -> PlaceChoices:
    """Two colleges with equal names in them, and a library that is one building."""
    sites = split_sites(build.shapes_table(COLLEGES))
    return place_choices(build.estate(sites=sites.sites, buildings=sites.buildings))


def test_no_two_places_have_the_same_name(colleges: PlaceChoices) -> None:
    assert colleges.names.is_unique
    assert {"Alpha College", "Beta College", "Gamma Library", "Lodge, Beta College",
            "Beta College (the building)"} <= set(colleges.names)  # fmt: skip


def test_every_name_and_identifier_means_its_place(colleges: PlaceChoices) -> None:
    rows = colleges.index.places[["site", "building"]].itertuples(index=False)
    for name, (site, building) in zip(colleges.names, rows, strict=True):
        for answer in (name, name.upper(), building or site):
            found = colleges.meant(answer)
            assert (found.site, found.building, found.name) == (site, building, name)


def test_a_site_that_is_one_building_is_offered_as_that(colleges: PlaceChoices) -> None:
    names = [item.name for item in colleges.likely("Gama Libary")]
    assert names[0] == "Gamma Library"
    assert not any("whole site" in name for name in names)
    assert colleges.meant("gamma library").building != ""
    assert colleges.meant("Gamma Library (the whole site)").building == ""


@pytest.mark.parametrize(
    ("answer", "building"), [("The House", False), ("Old Chapel", True), ("chapel old", True)]
)
def test_an_alias_or_part_of_a_name_will_do(
    colleges: PlaceChoices, answer: str, building: bool
) -> None:
    found = colleges.meant(answer)
    assert found.site == "alpha-college"
    assert bool(found.building) == building


@pytest.mark.parametrize("answer", ["Lodge", "Lodge, Alpha College", "Delta", "", " , ", "'"])
def test_what_names_none_or_several_is_refused(colleges: PlaceChoices, answer: str) -> None:
    with pytest.raises(EstateError, match=r"is not the name of one site or building") as caught:
        colleges.meant(answer)
    assert "'none'" in str(caught.value)
    assert ("did you mean 'Lodge, " in str(caught.value)) == answer.startswith("Lodge")


def test_as_many_as_are_asked_for_best_first(estate: Estate) -> None:
    found = place_choices(estate).likely("The Chapel", 2)
    assert [item.name for item in found][:1] == ["Chapel, Alpha College"]
    assert len(found) == 2
    assert found[0].score >= found[1].score
