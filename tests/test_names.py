from types import ModuleType

import pytest

from planner.estate.model import Estate
from planner.estate.names import UnknownName, find_shape, known_shapes, zone_row


@pytest.mark.parametrize(
    ("written", "official"),
    [
        ("Alpha College", "Alpha College"), ("  alpha COLLEGE ", "Alpha College"),
        ("the house", "Alpha College"), ("alph", "Alpha College"),
        ("gamma-library", "Gamma Library"), ("control post", "Control Post"),
        ("Gamma Lib.", "Gamma Library"), ("Álpha Coll.", "Alpha College"),
    ],
)  # fmt: skip
def test_a_site_or_post_is_found_by_each_of_its_names(
    estate: Estate, written: str, official: str
) -> None:
    assert find_shape(estate, written)[0] == official


def test_the_shape_is_that_of_the_place(estate: Estate, build: ModuleType) -> None:
    assert find_shape(estate, "Beta Museum")[1].area == pytest.approx(10_000)
    assert find_shape(estate, "Control Post")[1].equals(build.square(260, 60, 30))


def test_an_unknown_name_says_what_comes_close_once(estate: Estate) -> None:
    with pytest.raises(UnknownName) as caught:
        find_shape(estate, "Beta Musuem")
    assert caught.value.hint() == " (did you mean Beta Museum?)"


def test_a_name_like_nothing_has_no_hint(estate: Estate) -> None:
    with pytest.raises(UnknownName) as caught:
        find_shape(estate, "qqqqqqq")
    assert caught.value.hint() == ""


def test_an_official_name_goes_before_another_site_s_alias(build: ModuleType) -> None:
    sites = build.estate().sites.copy()
    sites["aliases"] = ['["Beta Museum"]', "[]", "[]"]
    estate = build.estate(sites=sites)
    assert find_shape(estate, "beta museum")[1].equals(build.square(200, 0, 100))


def test_no_building_but_a_post_has_a_name_here(estate: Estate) -> None:
    assert "hall" not in known_shapes(estate)
    assert "control post" in known_shapes(estate)


@pytest.mark.parametrize(
    ("written", "row"),
    [("beta museum", 1), ("The House", 0), ("GAMMA LIBRARY ", 2), ("Control Post", 1)],
)
def test_a_zone_is_found_by_its_name_or_by_a_site_in_it(
    estate: Estate, written: str, row: int
) -> None:
    assert zone_row(estate, written) == row


def test_an_unknown_zone_is_named(estate: Estate) -> None:
    with pytest.raises(UnknownName):
        zone_row(estate, "Nowhere")
