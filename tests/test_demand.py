"""Where the risk of a zone lies: recorded places count by their number, and none is lost."""

from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.cameras.views import Views, look_around, shares_seen, sights, targets
from planner.allocate.demand import Demand, points_along, risk_points, share_seen, zone_shares
from planner.allocate.sightlines.walls import walls_of
from planner.estate.model import Estate

ZONES = 3
IN_HALL, IN_THE_OPEN = (24.0, 24.0), (50.0, 50.0)


def with_feature(build: ModuleType, kind: str, place: tuple[float, float]) -> Estate:
    """The small estate with a door or a rack."""
    found = {"kind": kind, "geometry": shapely.Point(build.metres(*place))}
    return build.estate(surroundings=build.surroundings(found))


def incidents(
    build: ModuleType, *places: tuple[float, float], anonymised: bool = False
) -> pd.DataFrame:
    rows = [
        {"x": build.metres(*at)[0], "y": build.metres(*at)[1], "zone": "z0",
         "anonymised": anonymised}
        for at in places
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["x", "y", "zone", "anonymised"])


def demand(build: ModuleType, recorded: pd.DataFrame, estate: Estate, **more: Any) -> Demand:
    risk = build.risk_of(np.array([[2.0], [1.0], [0.5]]))
    return risk_points(recorded, estate, risk, **more)


def weight_at(build: ModuleType, found: Demand, place: tuple[float, float]) -> float:
    metres = np.hypot(*(found.points - build.metres(*place)).T)
    return float(found.weights[metres < 0.5].sum())


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.floats(-40, 320), st.floats(-40, 420)), max_size=8), st.floats(0.7, 20)
)
def test_no_risk_of_a_zone_is_lost_or_added(
    build: ModuleType, places: list[tuple[float, float]], spacing: float
) -> None:
    found = demand(build, incidents(build, *places), build.standing_estate(), spacing_m=spacing)
    by_zone = np.bincount(found.zone, found.weights, minlength=ZONES)
    np.testing.assert_allclose(by_zone, [2.0, 1.0, 0.5])


@pytest.mark.parametrize("count", [1, 5, 20])
def test_a_recorded_place_has_its_count_shrunk(build: ModuleType, count: int) -> None:
    found = demand(build, incidents(build, *[IN_THE_OPEN] * count), build.standing_estate())
    assert weight_at(build, found, IN_THE_OPEN) == pytest.approx(2.0 * count / (count + 5))


def test_a_snap_point_says_nothing_of_places(build: ModuleType) -> None:
    estate = build.standing_estate()
    blurred = demand(build, incidents(build, IN_THE_OPEN, anonymised=True), estate)
    without = demand(build, incidents(build), estate)
    np.testing.assert_array_equal(blurred.points, without.points)
    np.testing.assert_array_equal(blurred.weights, without.weights)


def test_what_happened_indoors_lies_along_the_walls(build: ModuleType) -> None:
    estate = build.standing_estate()
    found = demand(build, incidents(build, *[IN_HALL] * 5), estate)
    hall = build.square(10, 10, 30)
    at_walls = shapely.distance(shapely.points(found.points), hall.exterior) < 0.01
    assert found.weights[at_walls].sum() == pytest.approx(1.0)
    assert not shapely.contains_xy(shapely.buffer(hall, -0.1), found.points).any()


def test_what_happened_indoors_lies_at_the_door_where_one_is_known(build: ModuleType) -> None:
    door = (40.0, 20.0)
    estate = with_feature(build, "entrance", door)
    found = demand(build, incidents(build, *[IN_HALL] * 5), estate)
    elsewhere = demand(build, incidents(build), estate)
    # Half of it was recorded; of the other half the door has its part as a usual place.
    usual = weight_at(build, elsewhere, door)
    assert weight_at(build, found, door) == pytest.approx(1.0 + usual / 2)
    assert usual > 0


def test_racks_and_doors_draw_as_much_as_ten_metres_of_street(build: ModuleType) -> None:
    estate = with_feature(build, "bicycle rack", (95.0, 95.0))
    found = demand(build, incidents(build), estate, spacing_m=5.0)
    rack = weight_at(build, found, (95.0, 95.0))
    of_street = found.weights[(found.zone == 0) & (found.weights < rack)]
    assert rack == pytest.approx(2.0 * of_street.mean())


@settings(deadline=None)
@given(st.lists(st.floats(0.5, 400), min_size=1, max_size=5), st.floats(0.5, 30))
def test_points_along_lines_stand_for_all_metres(lengths: list[float], spacing: float) -> None:
    lines = np.array([shapely.LineString([(0, 0), (length, 0)]) for length in lengths])
    points, line, metres = points_along(lines, spacing)
    np.testing.assert_allclose(np.bincount(line, metres), lengths)
    assert (metres <= spacing * (1 + 1e-6)).all()
    assert len(points) == len(line) == len(metres)


def test_a_finer_spacing_changes_what_fixed_cameras_cover_by_under_a_hundredth(
    build: ModuleType,
) -> None:
    estate = build.standing_estate()
    recorded = incidents(build, *[IN_HALL] * 4, IN_THE_OPEN, (95.0, 5.0))
    shares = [
        covered(build, demand(build, recorded, estate, spacing_m=spacing), estate)
        for spacing in (4.0, 2.0)
    ]
    assert 0.1 < shares[0] < 0.9
    assert shares[1] == pytest.approx(shares[0], abs=0.01)


def covered(build: ModuleType, found: Demand, estate: Estate) -> float:
    """The share of the risk that five fixed cameras see by day."""
    places = np.array([build.metres(*at) for at in
                       ((-50, -50), (150, 60), (45, 45), (60, 200), (350, 200))])  # fmt: skip
    count = len(places)
    views = Views(
        places=places, place=np.arange(count), bearing=np.array([0.0, 90, 225, 10, 180]),
        field_of_view=np.full(count, 90.0), height_m=np.full(count, 4.0),
        range_m=np.full(count, 80.0), sensor_px=np.full(count, 3840.0),
        night_factor=np.full(count, 0.5), turns=np.zeros(count, dtype=bool),
    )  # fmt: skip
    around_them = look_around(views, walls_of(estate.outlines))
    looked_at = targets(found.points, np.empty((0, 2)), 0.0, 20.0)
    day, _ = shares_seen(views, sights(views, around_them, found.points), looked_at)
    cover = np.minimum(np.asarray(day.sum(axis=0)).ravel(), 1.0)
    return float(found.weights @ cover / found.weights.sum())


def test_shares_of_zones_are_of_their_own_risk() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [50.0, 0.0]])
    made = Demand(points, np.array([0, 0, 2]), np.array([3.0, 1.0, 2.0]))
    np.testing.assert_allclose(zone_shares(made, np.array([1.0, 0.5, 0.0]), 3), [3.5 / 4, 0, 0])
    near = share_seen(made, np.array([[49.0, 0]]), 5.0, 3)
    np.testing.assert_allclose(near, [0, 0, 1])
