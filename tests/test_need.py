"""The need for visits: all of the risk, less what is said that others and cameras see to."""

import dataclasses
from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from questions import question, small_picture

from planner.allocate.question.need import Need
from planner.allocate.question.places import Places
from planner.estate.surroundings import no_surroundings
from planner.insight.risk.forecast import mean_harm
from planner.insight.timing.profile import BIN_S
from planner.picture import Picture

ALPHA, BETA, GAMMA = 0, 1, 2
# Each site has 20 records at one place, which therefore has so much of its risk.
RECORDED = 20 / (20 + 5)


@pytest.fixture(scope="module")
def picture(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return small_picture(build, tmp_path_factory.mktemp("need"))


@pytest.fixture(scope="module")
def watched(build: ModuleType, picture: Picture) -> Picture:
    """The same with a camera at Alpha that sees all that was recorded there."""
    sees = {"bearing": np.nan, "field_of_view": 360.0, "height_m": 4.0, "range_m": 40.0,
            "sensor_px": np.nan, "night_factor": 1.0}  # fmt: skip
    camera = gpd.GeoDataFrame(
        {"name": ["Gate"], "controller": [""], "access": [""], "kind": ["all-round"]}
        | {name: [value] for name, value in sees.items()}
        | {"valid_from": [None], "valid_to": [None]},
        geometry=[shapely.Point(build.metres(50.0, 50.0))], crs=build.CRS,
    )  # fmt: skip
    return dataclasses.replace(picture, estate=dataclasses.replace(picture.estate, cameras=camera))


def need(picture: Picture, **parts: Any) -> Need:
    return question(picture, **parts).need


def left(picture: Picture, **parts: Any) -> np.ndarray:
    """What share of each zone's risk is left in each quarter hour."""
    share: np.ndarray = need(picture, **parts).incidents / need(picture).incidents
    return share


def test_all_of_the_risk_is_needed_unless_it_is_said_otherwise(watched: Picture) -> None:
    asked = question(watched)
    np.testing.assert_array_equal(asked.need.incidents, asked.risk.expected)
    np.testing.assert_array_equal(asked.need.aim, asked.risk.expected)
    assert asked.need.total == pytest.approx(asked.risk.expected.sum())
    assert asked.need.measure == "incidents"


def test_a_lodge_takes_nothing_off_by_default(picture: Picture) -> None:
    np.testing.assert_array_equal(left(picture, lodges=[{"place": "Alpha College"}]), 1.0)


def test_a_lodge_takes_off_its_share_within_its_reach(build: ModuleType, picture: Picture) -> None:
    gate = Places(picture.estate, question(picture).walking).gate(
        "Gamma Library", "lodges[0].place"
    )
    recorded = float(np.hypot(*(gate - build.metres(50.0, 350.0))))
    lodge = {"place": "Gamma Library", "reach_m": recorded + 1, "share": 0.75}
    share = left(picture, lodges=[lodge])
    # With 20 records their place has 20 / 25 of the risk; some of the streets is within reach too.
    assert (share[GAMMA] >= 0.25).all()
    assert (share[GAMMA] <= 1 - 0.75 * RECORDED).all()
    np.testing.assert_allclose(share[[ALPHA, BETA]], 1.0)
    # What one sees to is not seen to twice.
    np.testing.assert_allclose(left(picture, lodges=[lodge, lodge]), share**2)
    wide = left(picture, lodges=[lodge | {"reach_m": 500.0}])
    np.testing.assert_allclose(wide[GAMMA], 0.25)


def test_a_gate_is_on_the_outline_where_the_street_comes_nearest(picture: Picture) -> None:
    asked = question(picture)
    places = Places(picture.estate, asked.walking)
    for row, name in enumerate(picture.estate.sites["name"]):
        shape, gate = picture.estate.sites.geometry.iloc[row], places.gate(name, "lodges[0].place")
        stands = shapely.Point(places.named(name, "lodges[0].place").point)
        assert shapely.distance(shape.boundary, shapely.Point(gate)) < 1e-6
        assert shapely.Point(gate).distance(stands) == pytest.approx(
            shapely.distance(shape.boundary, stands)
        )


def test_the_reach_of_a_lodge_counts_from_its_gate(build: ModuleType, picture: Picture) -> None:
    asked = question(picture)
    gate = Places(picture.estate, asked.walking).gate("Alpha College", "lodges[0].place")
    recorded = np.hypot(*(gate - build.metres(50.0, 50.0)))
    for reach, all_left in ((recorded - 5, True), (recorded + 5, False)):
        lodge = {"place": "Alpha College", "reach_m": float(reach)}
        assert (left(picture, lodges=[lodge])[ALPHA] == 1).all() == all_left


def test_a_lodge_sees_to_nothing_outside_its_hours(picture: Picture) -> None:
    hours = {"from": "23:00", "to": "00:10", "reach_m": 500.0}
    share = left(picture, lodges=[{"place": "Alpha College", **hours}])[ALPHA]
    bins = np.arange(len(share)) * BIN_S
    np.testing.assert_allclose(share[(bins >= 3600) & (bins < 7200)], 0.0)
    np.testing.assert_allclose(share[bins == 7200], 1 / 3)
    np.testing.assert_allclose(share[(bins < 3600) | (bins > 7200)], 1.0)


@pytest.mark.parametrize(
    "words",
    [{}, {"share": 0.0, "categories": ["theft"]}, {"share": 1.0}, {"share": 1.0, "categories": []}],
)
def test_cameras_take_nothing_off_unless_someone_watches_and_for_what_is_said(
    watched: Picture, words: dict[str, Any]
) -> None:
    np.testing.assert_array_equal(left(watched, watched=words), 1.0)


def test_watched_cameras_take_off_the_stated_categories_where_they_see(watched: Picture) -> None:
    of_thefts = left(watched, watched={"share": 1.0, "categories": ["theft"]})
    # Half of all is theft, and the camera sees where it was recorded, and no street.
    np.testing.assert_allclose(of_thefts[ALPHA], 1 - 0.5 * RECORDED, atol=0.01)
    np.testing.assert_allclose(of_thefts[BETA], 1.0)
    half = left(watched, watched={"share": 0.5, "categories": ["theft"]})
    np.testing.assert_allclose(1 - half, (1 - of_thefts) / 2)
    every = left(watched, watched={"share": 1.0, "categories": ["theft", "other"]})
    np.testing.assert_allclose(every[ALPHA], 1 - RECORDED)


def test_a_wall_keeps_a_watched_camera_from_seeing(build: ModuleType, watched: Picture) -> None:
    there = no_surroundings(build.CRS)
    around = build.surroundings({"kind": "building", "geometry": build.square(44.0, 44.0, 3.0)})
    cameras = watched.estate.cameras.set_geometry([shapely.Point(build.metres(41.0, 41.0))])
    walled, open_view = (
        dataclasses.replace(
            watched, estate=dataclasses.replace(watched.estate, cameras=cameras, surroundings=parts)
        )
        for parts in (around, there)
    )
    every = {"share": 1.0, "categories": ["theft", "other"]}
    np.testing.assert_allclose(left(open_view, watched=every)[ALPHA], 1 - RECORDED)
    np.testing.assert_allclose(left(walled, watched=every)[ALPHA], 1.0)


def test_cameras_and_lodges_leave_what_neither_sees_to(watched: Picture) -> None:
    lodge = {"place": "Alpha College", "reach_m": 200.0, "share": 0.5}
    both = left(
        watched, lodges=[lodge], watched={"share": 1.0, "categories": ["theft", "other"]}
    )  # fmt: skip
    thefts = {"share": 1.0, "categories": ["theft"]}
    np.testing.assert_allclose(
        both[ALPHA], left(watched, lodges=[lodge])[ALPHA] * (1 - RECORDED)
    )  # fmt: skip
    np.testing.assert_allclose(
        left(watched, lodges=[lodge], watched=thefts), left(watched, lodges=[lodge])
        * left(watched, watched=thefts)
    )  # fmt: skip


def test_harm_weighs_each_zone_by_what_happens_there(picture: Picture) -> None:
    asked = question(picture, patrols={"harm_share": 1.0})
    harm_each = mean_harm(picture.on_estate, picture.ground)
    np.testing.assert_allclose(asked.need.harm, asked.risk.expected * harm_each[:, None])
    # In the unit of incidents: the same in all.
    assert asked.need.aim.sum() == pytest.approx(asked.need.total)
    np.testing.assert_allclose(
        asked.need.aim / asked.need.aim.sum(), asked.need.harm / asked.need.harm.sum()
    )
    assert "harm" in asked.need.measure
    mixed = need(picture, patrols={"harm_share": 0.25})
    np.testing.assert_allclose(
        mixed.aim, 0.75 * need(picture).aim + 0.25 * asked.need.aim
    )  # fmt: skip
    assert mixed.measure == "25% harm and 75% incidents"


def test_what_others_see_to_still_counts_in_the_total(picture: Picture) -> None:
    lodge = {"place": "Alpha College", "reach_m": 500.0}
    assert need(picture, lodges=[lodge]).total == need(picture).total
    assert (need(picture, lodges=[lodge]).harm[ALPHA] == 0).all()
