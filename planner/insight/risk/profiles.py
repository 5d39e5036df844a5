"""When in the week: the estate's profile by hour, and how each zone differs from it by shift.

The hours of a week fall into classes: weekday or weekend (Saturday and Sunday, by the day on which
the shift starts), by shift. Zone z has n(z, c) incidents in class c, and the estate has the share
E(c). The zone's share is shrunk to the estate's,

    p(c | z) = (n(z, c) + 20 E(c)) / (n(z) + 20),

so that a zone with few records has the estate's hours and one with many its own. An incident that
is only known to lie between two moments is spread over its hours (aoristic weights; Ratcliffe and
McCullagh, 1998, "Aoristic crime analysis").
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.insight.timing.aoristic import HOURS
from planner.insight.timing.profile import hour_of_week_profile
from planner.settings import ShiftHours

PSEUDO_COUNT = 20.0
HOURS_A_DAY = 24
SATURDAY = 5


@dataclass(frozen=True)
class Profile:
    """Relative intensities by hour of the week.

    Attributes
    ----------
    hours
        The estate's, mean 1, shape (168,); hour 0 is Monday 00:00 to 01:00 local time.
    factors
        What a zone's intensity is beside the estate's in each class, shape (z, classes).
    class_of_hour
        Shape (168,).
    timed
        Whether any record carries a time of day; if not, all is flat.
    """

    hours: np.ndarray
    factors: np.ndarray
    class_of_hour: np.ndarray
    timed: bool

    def intensities(self, hours: np.ndarray) -> np.ndarray:
        """Return each zone's relative intensity in some hours of the week, shape (z, hours)."""
        classes: np.ndarray = self.factors[:, self.class_of_hour[hours]] * self.hours[hours]
        return classes


def hours_of(hours: ShiftHours) -> np.ndarray:
    """Return the hours that a shift touches, counted from the midnight before it, shape (h,)."""
    _, end = minutes_of(hours)
    return np.arange(hours.start.hour, -(-end // 60))


def minutes_of(hours: ShiftHours) -> tuple[int, int]:
    """Return a shift's start and end in minutes from the midnight before it."""
    start, end = (at.hour * 60 + at.minute for at in (hours.start, hours.end))
    return start, end if end > start else end + HOURS_A_DAY * 60


def classes_of_hours(shifts: Mapping[str, ShiftHours]) -> np.ndarray:
    """Return the class of each hour of the week, shape (168,).

    Where shifts overlap the first one that holds an hour is meant; hours in none are a class of
    their own.
    """
    of_hour = np.full(HOURS, 2 * len(shifts))
    days = np.arange(7)
    for number, hours in reversed(list(enumerate(shifts.values()))):
        touched = (days[:, None] * HOURS_A_DAY + hours_of(hours)) % HOURS
        of_hour[touched] = 2 * number + (days >= SATURDAY)[:, None]
    _, classes = np.unique(of_hour, return_inverse=True)
    named: np.ndarray = classes.ravel()
    return named


def fitted_profile(weights: np.ndarray, class_of_hour: np.ndarray) -> Profile:
    """Fit the profile.

    Parameters
    ----------
    weights
        Incidents of each zone by hour of the week, shape (z, 168).
    class_of_hour
        Shape (168,).
    """
    estate = hour_of_week_profile(weights.sum(axis=0))
    classes = int(class_of_hour.max()) + 1
    expected = np.bincount(class_of_hour, estate, minlength=classes) / HOURS
    seen = weights @ (class_of_hour[:, None] == np.arange(classes))
    total = seen.sum(axis=1, keepdims=True)
    share = (seen + PSEUDO_COUNT * expected) / (total + PSEUDO_COUNT)
    return Profile(estate, share / expected, class_of_hour, bool(weights.sum() > 0))
