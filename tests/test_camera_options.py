"""What could be bought: the places that see most, a few of each patch, facing what is open."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.allocate.cameras.options import (
    KEPT_BEARINGS,
    PLACES_A_PATCH,
    best_bearings,
    best_places,
    joined,
    of_rows,
    offer_at,
)
from planner.allocate.sightlines.walls import walls_of
from planner.camera_settings import CameraKind

NOTHING = walls_of(np.array([], dtype=object))
FIXED = CameraKind(purchase=4_000, yearly=450)
TURNING = CameraKind(moves="pan-tilt-zoom", field_of_view=60, range_m=80, height_m=6)


def places(
    points: list[tuple[float, float]], outward: float = 90.0, spread: float = 180.0
) -> gpd.GeoDataFrame:
    table = {"name": [f"P{n}" for n in range(len(points))], "mount": "façade",
             "outward": outward, "spread": spread}  # fmt: skip
    found = gpd.GeoDataFrame(table, geometry=[shapely.Point(at) for at in points])
    return found.assign(consents=[("agreement",)] * len(points))


def test_a_camera_on_a_wall_looks_away_from_it() -> None:
    offer = offer_at(places([(0, 0)]), {"fixed": FIXED}, None)
    # 90 degrees wide, with at most 15 degrees of the wall in the picture.
    assert sorted(offer.views.bearing) == [30, 60, 90, 120, 150]
    assert set(offer.table["purchase"]) == {4_000}


def test_a_camera_on_a_column_looks_any_way() -> None:
    offer = offer_at(places([(0, 0)], 0.0, 360.0), {"fixed": FIXED}, None)
    assert sorted(offer.views.bearing) == list(range(0, 360, 30))


def test_one_that_turns_needs_no_direction() -> None:
    offer = offer_at(places([(0, 0), (9, 9)], 0.0, 360.0), {"ptz": TURNING}, None)
    assert len(offer.views) == 2
    assert offer.views.turns.all()


def test_kinds_share_their_places() -> None:
    offer = offer_at(places([(0, 0), (50, 50)]), {"fixed": FIXED, "ptz": TURNING}, 60.0)
    assert len(offer.views.places) == 2
    assert offer.table["name"].tolist() == [f"P{place}" for place in offer.views.place]
    assert offer.table["kind"].tolist() == ["fixed"] * 10 + ["ptz"] * 2
    # No kind sees further than it does, or than is asked.
    assert set(offer.views.range_m[:10]) == {50.0}
    assert set(offer.views.range_m[10:]) == {60.0}


def test_no_place_gives_no_offer() -> None:
    offer = offer_at(places([]), {"fixed": FIXED}, None)
    assert len(offer.table) == len(offer.views) == 0


def test_some_of_an_offer_keep_their_places() -> None:
    offer = offer_at(places([(0, 0), (50, 50)]), {"fixed": FIXED}, None)
    part = offer.only(np.array([9, 0]))
    assert part.table["name"].tolist() == ["P1", "P0"]
    assert part.views.places[part.views.place].tolist() == [[50, 50], [0, 0]]
    twice = joined([part.views, of_rows(offer.views, np.array([5]))])
    assert twice.places[twice.place].tolist() == [[50, 50], [0, 0], [50, 50]]


def test_of_each_patch_the_best_few_places_are_kept() -> None:
    crowd = [(1.0 + n, 1.0) for n in range(9)]
    found = best_places(
        places([*crowd, (100.0, 1.0), (500.0, 500.0)]),
        np.array([[1.0, 21.0], [100.0, 3.0]]), np.array([1.0, 0.1]), 24.0, NOTHING,
    )  # fmt: skip
    # All of the crowd see the first point; the last place of all sees nothing.
    assert found["name"].tolist()[-1] == "P9"
    assert len(found) == PLACES_A_PATCH + 1


def test_a_place_is_ranked_by_what_is_in_sight_and_not_by_what_is_near() -> None:
    wall = walls_of(np.array([shapely.box(-20, 5, 20, 6)], dtype=object))
    behind, before = (0.0, 0.0), (40.0, 20.0)
    found = best_places(
        places([behind, before]), np.array([[0.0, 20.0]]), np.ones(1), 50.0, wall
    )  # fmt: skip
    assert found["name"].tolist() == ["P1"]


def test_the_bearings_that_see_most_are_kept_of_each_place_and_kind() -> None:
    place = np.repeat([0, 1], 8)
    kind = np.array(["a", "b"] * 8, dtype=object)
    worth = np.arange(16.0)
    kept = best_bearings(place, kind, worth)
    # The first sees nothing.
    assert 0 not in kept
    assert kept.tolist() == list(range(1, 16))
    many = best_bearings(np.zeros(9, dtype=int), np.full(9, "a"), np.arange(1.0, 10.0))
    assert many.tolist() == list(range(9 - KEPT_BEARINGS, 9))


@pytest.mark.parametrize("wide", [360.0])
def test_a_camera_that_sees_all_round_has_one_direction(wide: float) -> None:
    kind = CameraKind(field_of_view=wide)
    assert len(offer_at(places([(0, 0)]), {"round": kind}, None).views) == 1
