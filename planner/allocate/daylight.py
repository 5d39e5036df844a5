"""When it is dark in a shift: the sun more than six degrees below the horizon (civil twilight)."""

import numpy as np
from astral import Observer
from astral.sun import elevation

from planner.clock import Shift, after
from planner.estate.model import Estate
from planner.geo import to_degrees

STEP_S = 300
TWILIGHT_DEGREES = -6.0

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
