"""What a plan draws of cameras: the ground that counts as seen, and no more."""

from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.camera_plan import view_areas
from planner.allocate.cameras.views import Views, look_around, shares_seen, sights, targets
from planner.allocate.sightlines.walls import walls_of
from planner.camera_settings import CameraSettings
from planner.geo import to_metric

NOTHING = walls_of(np.array([], dtype=object))
NO_LAMPS = np.empty((0, 2))


class Cameras:
    """Options of which the views alone are asked."""

    def __init__(self, views: Views) -> None:
        self.views = views

    def __len__(self) -> int:
        return len(self.views)


def camera(build: ModuleType, **changes: Any) -> Views:
    usual = {
        "bearing": 45.0, "field_of_view": 90.0, "height_m": 4.0, "range_m": 50.0,
        "sensor_px": 1920.0, "night_factor": 0.5, "turns": False,
    }  # fmt: skip
    values = {name: np.array([value]) for name, value in (usual | changes).items()}
    return Views(
        places=np.array([build.metres(0, 0)]), place=np.zeros(1, dtype=int), **values
    )  # fmt: skip


def area(build: ModuleType, views: Views, grade: str | None) -> shapely.Geometry:
    """The area in metres."""
    study = SimpleNamespace(
        walls=NOTHING, settings=CameraSettings(),
        picture=SimpleNamespace(estate=SimpleNamespace(crs=build.CRS)),
    )  # fmt: skip
    (found,) = view_areas(study, Cameras(views), grade)
    return shapely.Polygon(to_metric(*np.array(found).T, build.CRS)) if found else shapely.Point()


@settings(deadline=None, max_examples=40)
@given(
    st.floats(0, 359), st.sampled_from([40.0, 90.0, 120.0, 200.0, 360.0]), st.booleans(),
    st.sampled_from(["outline", "discern", "characterise"]),
)  # fmt: skip
def test_what_is_drawn_is_what_counts_as_seen(
    build: ModuleType, bearing: float, wide: float, turns: bool, grade: str
) -> None:
    views = camera(build, bearing=bearing, field_of_view=wide, turns=turns)
    drawn = area(build, views, grade)
    around = np.random.default_rng(1).uniform(-55, 55, (400, 2)) + build.metres(0, 0)
    pixels = CameraSettings().grades.pixels_per_metre[grade]
    found = sights(views, look_around(views, NOTHING), around)
    day, _ = shares_seen(views, found, targets(around, NO_LAMPS, 0.0, pixels))
    seen = np.asarray(day.sum(axis=0)).ravel() > 0
    # Points on the edge, and the ground below the camera, are told apart no better than this.
    edge = shapely.distance(shapely.points(around), shapely.boundary(drawn)) < 1.0
    below = np.hypot(*(around - build.metres(0, 0)).T) < 12.0
    judged = ~edge & ~below
    np.testing.assert_array_equal(seen[judged], shapely.contains_xy(drawn, around[judged]))


@pytest.mark.parametrize("grade", [None, "outline"])
def test_of_an_unstated_sensor_all_that_is_in_range_is_drawn(
    build: ModuleType, grade: str | None
) -> None:
    views = camera(build, sensor_px=np.nan)
    assert area(build, views, grade).area == pytest.approx(np.pi * 50**2 / 4, rel=0.01)


def test_a_grade_that_is_reached_nowhere_draws_nothing(build: ModuleType) -> None:
    views = camera(build, height_m=30.0)
    assert area(build, views, "scrutinise").is_empty
