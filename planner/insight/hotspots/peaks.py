"""Peak hours in words: 'Fri and Sat, 22:00 to 02:00'."""

import numpy as np
from scipy import stats

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LENGTH_HOURS = 4
FEWEST_KNOWN = 10.0
# Hours and days are named only where so many would be rare in a flat week.
RARE = 0.05


def peak_hours(weights: np.ndarray) -> str:
    """Say in which four hours of the day, and on which days of the week, most happens.

    Parameters
    ----------
    weights
        Incidents by local hour of week, shape (168,); hour 0 is Monday 00:00 to 01:00
        (:func:`planner.insight.timing.aoristic_weights`). They are spread over the hours in which
        each incident may have happened, so that a peak of long unknown intervals stays flat.

    Returns
    -------
    str
        ``""`` where fewer than ten times are known, or where a flat week would have any four hours
        so full in one case of twenty or more (a binomial tail, times the hours that were looked
        at). Days are told likewise; 'every day' where none stands out. Hours after midnight belong
        to the day before.
    """
    total = float(weights.sum())
    if total < FEWEST_KNOWN:
        return ""
    ahead = np.sum([np.roll(weights, -hour) for hour in range(LENGTH_HOURS)], axis=0)
    by_start = ahead.reshape(7, 24)
    start = int(by_start.sum(axis=0).argmax())
    days = by_start[:, start]
    if 24 * _tail(days.sum(), total, LENGTH_HOURS / 24) >= RARE:
        return ""
    end = (start + LENGTH_HOURS) % 24
    return f"{_day_words(days)}, {start:02d}:00 to {end:02d}:00"


def _day_words(days: np.ndarray) -> str:
    busy = np.flatnonzero(7 * _tail(days, float(days.sum()), 1 / 7) < RARE)
    if not len(busy):
        return "every day"
    names = [DAYS[day] for day in busy]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _tail(most: np.ndarray, total: float, share: float) -> np.ndarray:
    """Return the probability of as many or more; parts of incidents are rounded down."""
    tail: np.ndarray = stats.binom.sf(np.floor(most) - 1, np.ceil(total), share)
    return tail
