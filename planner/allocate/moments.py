"""Times of day within a shift: which moment is meant, where the clocks change too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.clock import Shift, seconds_between
from planner.errors import ScenarioError


def seconds_in(shift: Shift, written: str, key: str) -> int:
    """Find a time of day in a shift.

    Parameters
    ----------
    shift
        The shift.
    written
        ``HH:MM``, or with its offset from UTC ``HH:MM+HH:MM``.
    key
        Where it stands in the scenario, for the message.

    Returns
    -------
    int
        Seconds after the start of the shift.

    Raises
    ------
    ScenarioError
        If the shift has no such time, or has it twice.
    """
    hour, minute = written[: written.index(":")], written[written.index(":") + 1 :][:2]
    offset = written[len(hour) + 1 + len(minute) :]
    found = [
        moment
        for moment in _readings(shift, time(int(hour), int(minute)), offset)
        if 0 <= seconds_between(shift.starts_at, moment) <= shift.seconds
    ]
    hours = f"{shift.starts_at:%H:%M} to {shift.ends_at:%H:%M} on {shift.starts_at:%Y-%m-%d}"
    if not found:
        raise ScenarioError(
            f"{key}: {written} is no time of the shift ({hours}); give a time within it."
        )
    if len(found) > 1:
        ways = " or ".join(f"{moment:%H:%M}{_offset(moment)}" for moment in found)
        raise ScenarioError(
            f"{key}: {written} comes twice in the shift ({hours}); write which is meant: {ways}."
        )
    return round(seconds_between(shift.starts_at, found[0]))


def _readings(shift: Shift, clock: time, offset: str) -> list[datetime]:
    """Return the moments that a time of day can mean on the days of a shift, the earliest first."""
    zone = shift.starts_at.tzinfo
    days = [shift.starts_at.date() + timedelta(days=number) for number in range(3)]
    if offset:
        stated = [datetime.fromisoformat(f"{day}T{clock:%H:%M}{offset}") for day in days]
        local = [moment.astimezone(zone) for moment in stated]
        # An offset that the place does not have then names no time there.
        return [one for one, was in zip(local, stated, strict=True) if _same_clock(one, was)]
    if not isinstance(zone, ZoneInfo):
        return []
    # In UTC, as two local moments of one zone and the same clock count as equal.
    moments = sorted({moment for day in days for moment in _moments(day, clock, zone)})
    return [moment.astimezone(zone) for moment in moments]


def _moments(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """Return the moments, in UTC, at which clocks show a time on a day: none, one, or two."""
    moments = []
    for fold in (0, 1):
        moment = datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC)
        local = moment.astimezone(zone)
        if (local.date(), local.time()) == (day, clock):
            moments.append(moment)
    return moments


def _same_clock(local: datetime, stated: datetime) -> bool:
    return local.replace(tzinfo=None, fold=0) == stated.replace(tzinfo=None)


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:]}"
