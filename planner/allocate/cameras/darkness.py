"""How much of each zone's risk falls after dark, over a year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from astral import Observer
from astral.sun import elevation

from planner.allocate.daylight import TWILIGHT_DEGREES
from planner.estate.model import Estate
from planner.geo import to_degrees
from planner.insight.risk.profiles import HOURS_A_DAY, Profile
from planner.insight.timing.aoristic import HOURS

# The sun stands alike in every year; days half a month apart see all of its seasons.
YEAR, STEP_DAYS, DAYS = 2026, 15, 24


def dark_hours(estate: Estate, time_zone: str) -> np.ndarray:
    """Return the share of the year's days on which each local hour of the day is dark, shape (24,).

    Dark is as in :mod:`planner.allocate.daylight`; each hour is judged in its middle.
    """
    middle = np.array([[estate.middle.x, estate.middle.y]])
    longitude, latitude = to_degrees(middle, estate.crs)[0]
    observer = Observer(float(latitude), float(longitude))
    zone = ZoneInfo(time_zone)
    dark = np.zeros(HOURS_A_DAY)
    for number in range(DAYS):
        day = datetime(YEAR, 1, 8) + timedelta(days=number * STEP_DAYS)
        for hour in range(HOURS_A_DAY):
            moment = day.replace(hour=hour, minute=30, tzinfo=zone).astimezone(UTC)
            dark[hour] += elevation(observer, moment, with_refraction=False) < TWILIGHT_DEGREES
    return dark / DAYS


def dark_shares(profile: Profile, dark: np.ndarray) -> np.ndarray:
    """Return the share of each zone's risk that falls after dark, shape (z,).

    Parameters
    ----------
    profile
        When in the week risk falls.
    dark
        As :func:`dark_hours` returns it.
    """
    by_hour = profile.intensities(np.arange(HOURS))
    after_dark = by_hour @ np.tile(dark, HOURS // HOURS_A_DAY)
    whole = by_hour.sum(axis=1)
    usual = np.full(len(whole), float(dark.mean()))
    shares: np.ndarray = np.divide(after_dark, whole, out=usual, where=whole > 0)
    return shares
