"""How much falls after dark over a year: by the sun, the hour and the profile of a zone."""

from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from planner.allocate.cameras.darkness import dark_hours, dark_shares
from planner.insight.risk.profiles import Profile

OXFORD = (-1.25, 51.75)
HOURS = 168


def dark(longitude: float, latitude: float, time_zone: str) -> np.ndarray:
    crs = "EPSG:32630" if latitude > 0 else "EPSG:32730"
    to = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    middle = shapely.Point(to.transform(longitude, latitude))
    return dark_hours(SimpleNamespace(middle=middle, crs=crs), time_zone)


def profile(hours: np.ndarray, zones: int = 1) -> Profile:
    return Profile(hours, np.ones((zones, 1)), np.zeros(HOURS, dtype=int), True)


def test_in_oxford_tea_time_is_dark_in_winter_alone() -> None:
    found = dark(*OXFORD, "Europe/London")
    assert found.shape == (24,)
    # Civil dusk is before 17:30 from early November to the end of January, by the almanac.
    assert found[17] == pytest.approx(91 / 365, abs=1 / 24)
    assert found[12] == 0.0
    assert found[1] == 1.0
    assert (found[[21, 22]] >= found[[20, 21]]).all()


def test_half_of_a_year_is_dark_at_the_equator_and_the_hours_are_alike() -> None:
    found = dark(-3.0, 0.1, "UTC")
    assert found[[0, 5, 19, 23]].min() == 1.0
    assert found[[7, 12, 17]].max() == 0.0


def test_the_southern_hemisphere_has_as_much_darkness_over_a_year() -> None:
    north, south = dark(*OXFORD, "UTC"), dark(OXFORD[0], -OXFORD[1], "UTC")
    assert south.sum() == pytest.approx(north.sum(), abs=0.5)
    assert south[12] == 0.0
    assert south[0] == 1.0


def test_summer_time_moves_the_hours() -> None:
    london, plain = dark(*OXFORD, "Europe/London"), dark(*OXFORD, "UTC")
    # In summer an hour by the clock is an hour earlier by the sun.
    assert london[20] < plain[20]
    assert london[5] > plain[5]


@given(st.lists(st.floats(0, 5), min_size=HOURS, max_size=HOURS))
def test_shares_are_shares(hours: list[float]) -> None:
    by_hour = np.linspace(0, 1, 24)
    (share,) = dark_shares(profile(np.array(hours)), by_hour)
    assert 0.0 <= share <= 1.0 + 1e-12


def test_what_falls_at_night_is_dark_and_what_falls_at_noon_is_not() -> None:
    by_hour = np.zeros(24)
    by_hour[22:] = 1.0
    late, noon = np.zeros(HOURS), np.zeros(HOURS)
    late[23], noon[12] = 1.0, 1.0
    assert dark_shares(profile(late), by_hour)[0] == 1.0
    assert dark_shares(profile(noon), by_hour)[0] == 0.0
    # A zone of which no hour is known has the mean of all hours.
    assert dark_shares(profile(np.zeros(HOURS)), by_hour)[0] == pytest.approx(2 / 24)
