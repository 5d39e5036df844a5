"""When it is dark in a shift: the sun more than six degrees below the horizon (civil twilight)."""

import numpy as np
import pandas as pd
from astral import Observer
from astral.sun import elevation

from planner.clock import Shift, after
from planner.estate.model import Estate
from planner.geo import to_degrees

STEP_S = 300
TWILIGHT_DEGREES = -6.0
# A stretch of time is judged at the middles of so many parts of it.
PARTS = 48
NOON_OF_2000 = pd.Timestamp("2000-01-01T12:00", tz="UTC")

Stretch = tuple[int, int]


def dark_stretches(shift: Shift, estate: Estate) -> tuple[Stretch, ...]:
    """Return when it is dark, in seconds after the start of the shift, to five minutes."""
    longitude, latitude = to_degrees(np.array([[estate.middle.x, estate.middle.y]]), estate.crs)[0]
    observer = Observer(float(latitude), float(longitude))
    times = np.arange(0, int(shift.seconds) + STEP_S, STEP_S).clip(max=int(shift.seconds))
    dark = np.array(
        [
            elevation(observer, after(shift.starts_at, int(at)), with_refraction=False)
            < TWILIGHT_DEGREES
            for at in times
        ]
    )
    changes = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]).astype(int)))
    last = int(shift.seconds)
    return tuple(
        (int(times[begin]), last if end >= len(times) else int(times[end]))
        for begin, end in zip(changes[::2], changes[1::2], strict=True)
    )


def dark_parts(starts: pd.Series, ends: pd.Series, estate: Estate) -> np.ndarray:
    """Return the share of each stretch of time that is dark on the estate, shape (n,).

    Parameters
    ----------
    starts, ends
        In UTC; a stretch without length is dark or not.
    estate
        Its middle is where the sun is looked for.
    """
    longitude, latitude = to_degrees(np.array([[estate.middle.x, estate.middle.y]]), estate.crs)[0]
    begin, end = (
        ((column - NOON_OF_2000).dt.total_seconds() / 86_400).to_numpy(float)[:, None]
        for column in (starts, ends)
    )
    days = begin + (end - begin) * (np.arange(PARTS) + 0.5) / PARTS
    dark: np.ndarray = (sun_height(days, longitude, latitude) < TWILIGHT_DEGREES).mean(axis=1)
    return dark


def sun_height(days: np.ndarray, longitude: float, latitude: float) -> np.ndarray:
    """Return how high the sun stands at many moments, in degrees, without refraction.

    The Astronomical Almanac's approximate position, good to 0.01 degrees from 1950 to 2050
    (Michalsky, 1988, "The Astronomical Almanac's algorithm for approximate solar position").

    Parameters
    ----------
    days
        Since noon UTC on 1 January 2000, any shape.
    longitude, latitude
        In degrees.
    """
    anomaly = np.radians(357.528 + 0.9856003 * days)
    ecliptic = np.radians(
        280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)
    )
    tilt = np.radians(23.439 - 0.0000004 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal_hours = 6.697375 + 0.0657098242 * days + (days % 1.0) * 24 + 12
    hour_angle = np.radians(sidereal_hours * 15 + longitude) - ascension
    north = np.radians(latitude)
    height: np.ndarray = np.degrees(
        np.arcsin(
            np.sin(north) * np.sin(declination)
            + np.cos(north) * np.cos(declination) * np.cos(hour_angle)
        )
    )
    return height
