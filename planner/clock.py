"""Local time: shifts, the first shift after a moment, and the weeks of the academic year.

Every moment is timezone-aware. Lengths of time are taken in UTC, so that a night on which the
clocks change has its true seven or nine hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.settings import NamedDays, ShiftHours, Term


@dataclass(frozen=True)
class Shift:
    """One shift on one date.

    Attributes
    ----------
    name
        Its name in the settings, or ``"own hours"`` where a scenario gives start and end.
    starts_at, ends_at
        Timezone-aware local moments.
    """

    name: str
    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> float:
        """True length in seconds."""
        return seconds_between(self.starts_at, self.ends_at)


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Return the true seconds between two aware moments, whatever the clocks did."""
    return (later.astimezone(UTC) - earlier.astimezone(UTC)).total_seconds()


def after(moment: datetime, seconds: float) -> datetime:
    """Return the local moment that comes so many true seconds later."""
    return (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(moment.tzinfo)


def local_moment(day: date, at: time, time_zone: str) -> datetime:
    """Return an existing local moment; one that the clocks skip becomes the hour after."""
    moment = datetime.combine(day, at, ZoneInfo(time_zone))
    return moment.astimezone(UTC).astimezone(ZoneInfo(time_zone))


def shift_on(day: date, name: str, hours: ShiftHours, time_zone: str) -> Shift:
    """Place a shift's hours on the date on which it starts."""
    last_day = day if hours.end > hours.start else day + timedelta(days=1)
    starts_at = local_moment(day, hours.start, time_zone)
    ends_at = local_moment(last_day, hours.end, time_zone)
    if seconds_between(starts_at, ends_at) <= 0:  # It began in the hour that the clocks skip.
        planned = datetime.combine(last_day, hours.end) - datetime.combine(day, hours.start)
        ends_at = after(starts_at, planned.total_seconds())
    return Shift(name, starts_at, ends_at)


def first_shift_after(moment: datetime, name: str, hours: ShiftHours, time_zone: str) -> Shift:
    """Return the first such shift that starts at or after a moment."""
    day = moment.astimezone(ZoneInfo(time_zone)).date()
    shift = shift_on(day, name, hours, time_zone)
    while seconds_between(moment, shift.starts_at) < 0:
        day += timedelta(days=1)
        shift = shift_on(day, name, hours, time_zone)
    return shift


def first_shift_of_any(moment: datetime, shifts: Mapping[str, ShiftHours], time_zone: str) -> Shift:
    """Return the shift of any name that starts soonest at or after a moment."""
    upcoming = [first_shift_after(moment, name, hours, time_zone) for name, hours in shifts.items()]
    return min(upcoming, key=lambda shift: shift.starts_at.astimezone(UTC))


def academic_day(day: date, terms: Sequence[Term], days: Sequence[NamedDays]) -> str:
    """Name a date in the academic year: its term and week (Sunday to Saturday) or vacation.

    Returns
    -------
    str
        For example ``"Tuesday of 3rd week, Michaelmas 2026; Freshers' week"``, or ``""`` where
        the settings hold no calendar.
    """
    if not terms:
        return ""
    parts = [_term_week(day, terms) or "vacation"]
    parts += [named.name for named in days if named.first <= day <= named.last]
    return "; ".join(parts)


def _term_week(day: date, terms: Sequence[Term]) -> str:
    for term in terms:
        week = (day - term.first_week_starts).days // 7 + 1
        if term.weeks[0] <= week <= term.weeks[1]:
            return f"{day:%A} of {ordinal(week)} week, {term.name}"
    return ""


def ordinal(number: int) -> str:
    """Write a number as an ordinal: ``1st``, ``12th``, ``22nd``."""
    teen = 11 <= abs(number) % 100 <= 13
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(abs(number) % 10, "th")
    return f"{number}{ending}"
