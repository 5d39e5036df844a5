"""When it is dark: in Oxford, and where the sun does not set or rise."""

from datetime import date, time
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import shapely
from astral import Observer
from astral.sun import elevation
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from planner.allocate.daylight import NOON_OF_2000, dark_parts, dark_stretches, sun_height
from planner.clock import Shift, shift_on
from planner.estate.model import Estate
from planner.settings import ShiftHours

OXFORD, TROMSO, QUITO = (-1.25, 51.75), (18.95, 69.65), (-78.5, -0.2)


def estate_at(build: ModuleType, place: tuple[float, float], crs: str = "EPSG:32630") -> Estate:
    """The small estate, moved whole."""
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*place)
    moved = {}
    for part in ("sites", "buildings", "zones", "cameras"):
        table = getattr(build.standing_estate(), part).copy()
        corner = np.array([x - build.CORNER[0], y - build.CORNER[1]])
        table.geometry = shapely.transform(
            table.geometry.to_numpy(), lambda points, by=corner: points + by
        )
        moved[part] = table.set_crs(crs, allow_override=True)
    return Estate(**{"crs": crs, "streets": None, **moved})


def hours(day: date, start: int, end: int, zone: str = "Europe/London") -> Shift:
    return shift_on(day, "own hours", ShiftHours(start=time(start), end=time(end)), zone)


def dark_hours(shift: Shift, estate: Estate) -> float:
    return sum(end - begin for begin, end in dark_stretches(shift, estate)) / 3600


def test_a_midwinter_and_a_midsummer_night_in_oxford(build: ModuleType) -> None:
    estate = estate_at(build, OXFORD)
    assert dark_stretches(hours(date(2026, 12, 21), 22, 6), estate) == ((0, 8 * 3600),)
    # Civil dusk is at 22:13 and dawn at 4:01 (BST), by the almanac.
    ((begins, ends),) = dark_stretches(hours(date(2026, 6, 21), 21, 6), estate)
    assert begins == pytest.approx(73 * 60, abs=600)
    assert ends == pytest.approx(7 * 3600 + 60, abs=600)
    assert dark_stretches(hours(date(2026, 6, 21), 9, 17), estate) == ()


def test_a_shift_that_begins_and_ends_in_the_dark_has_two_stretches(build: ModuleType) -> None:
    shift = hours(date(2026, 12, 21), 5, 20)
    (first, second) = dark_stretches(shift, estate_at(build, OXFORD))
    assert first[0] == 0
    assert second[1] == shift.seconds
    assert first[1] < second[0]


def test_the_sun_does_not_set_or_rise_in_tromso(build: ModuleType) -> None:
    estate = estate_at(build, TROMSO, "EPSG:32634")
    zone = "Europe/Oslo"
    assert dark_stretches(hours(date(2026, 6, 21), 20, 19, zone), estate) == ()
    # In the polar night there is twilight about noon.
    day = hours(date(2026, 12, 21), 0, 23, zone)
    assert 17 < dark_hours(day, estate) < 20
    assert dark_stretches(hours(date(2026, 12, 21), 18, 6, zone), estate) == ((0, 12 * 3600),)


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from([(OXFORD, "EPSG:32630"), (TROMSO, "EPSG:32634"), (QUITO, "EPSG:32717")]),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 23), st.integers(1, 23),
)  # fmt: skip
def test_stretches_lie_in_order_within_the_shift(
    build: ModuleType, at: tuple[tuple[float, float], str], day: date, start: int, length: int
) -> None:
    shift = hours(day, start, (start + length) % 24, "Europe/London")
    edges = [edge for stretch in dark_stretches(shift, estate_at(build, *at)) for edge in stretch]
    assert edges == sorted(edges)
    assert all(0 <= edge <= shift.seconds for edge in edges)


@given(
    st.datetimes(pd.Timestamp(1990, 1, 1), pd.Timestamp(2049, 12, 31)),
    st.floats(-180, 180), st.floats(-89, 89),
)  # fmt: skip
def test_the_sun_stands_where_the_slower_reckoning_has_it(
    moment: pd.Timestamp, longitude: float, latitude: float
) -> None:
    at = pd.Timestamp(moment, tz="UTC")
    days = np.array([(at - NOON_OF_2000).total_seconds() / 86_400])
    stands = elevation(Observer(latitude, longitude), at.to_pydatetime(), with_refraction=False)
    assert sun_height(days, longitude, latitude)[0] == pytest.approx(stands, abs=0.1)


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from([(OXFORD, "EPSG:32630"), (TROMSO, "EPSG:32634"), (QUITO, "EPSG:32717")]),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 23), st.integers(1, 23),
)  # fmt: skip
def test_the_dark_part_of_a_shift_is_that_of_its_dark_stretches(
    build: ModuleType, at: tuple[tuple[float, float], str], day: date, start: int, length: int
) -> None:
    estate = estate_at(build, *at)
    shift = hours(day, start, (start + length) % 24)
    ends = (
        pd.Series(pd.to_datetime([moment], utc=True)) for moment in (shift.starts_at, shift.ends_at)
    )
    part = dark_parts(*ends, estate)
    # Each edge is known to a 48th of the shift, or to five minutes.
    off = len(dark_stretches(shift, estate)) * 2 * (1 / 48 + 300 / shift.seconds)
    assert part[0] == pytest.approx(
        dark_hours(shift, estate) * 3600 / shift.seconds, abs=off + 1e-9
    )


def test_a_moment_is_dark_or_not(build: ModuleType) -> None:
    moments = pd.Series(pd.to_datetime(["2026-12-21T12:00", "2026-12-21T23:00"], utc=True))
    assert dark_parts(moments, moments, estate_at(build, OXFORD)).tolist() == [0, 1]
    assert dark_parts(moments[:0], moments[:0], estate_at(build, OXFORD)).tolist() == []
