"""When it is dark: in Oxford, and where the sun does not set or rise."""

from datetime import date, time
from types import ModuleType

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from planner.allocate.daylight import dark_stretches
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
