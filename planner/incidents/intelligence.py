"""Graded entries of intelligence: an event, a series or a warning, written down by a person.

An entry is about a place and a time, never about a person::

    kind = "event"                      # or "series", "warning"
    what = "May morning: crowds on Magdalen Bridge from five"
    from = 2026-05-01T03:00:00          # local; a day means its beginning
    until = 2026-05-01T12:00:00         # a day means its end; not given: the settings' usual days
    hours = ["03:00", "12:00"]          # only these hours of each day; all if not given
    categories = ["theft"]              # only these; all if not given
    factor = 1.5                        # stated: risk times this
    grade = "2BP"                       # 3x5x2
    marking = "OFFICIAL"
    permission = ["control room", "partners"]   # whom the originator permits to see it
    conditions = ""                     # in words, with handling code C
    originator = "events team"          # a role
    recorded_by = "intelligence officer"

    [where]
    zones = ["Magdalen College"]        # names of zones or sites
    # or: polygon = [[-1.25, 51.75], [-1.24, 51.75], [-1.24, 51.76]]
    # or: point = [-1.2463, 51.7520] and radius_m = 150
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import shapely
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from planner.clock import after, local_moment, seconds_between
from planner.errors import IntelligenceError
from planner.estate.liaison.private_details import private_detail
from planner.incidents.handling import WITH_CONDITIONS, may_see, read_grade
from planner.settings import ClockTime, Settings, first_fault
from planner.text import readable

Status = Literal["active", "off", "withdrawn"]
Kind = Literal["event", "series", "warning"]
MOST_LETTERS = 200
MOST_CORNERS = 500
FIRST_YEAR, LAST_YEAR = 2000, 2199
# What stands for a text that was purged.
REMOVED = "(text removed)"
_ID_LETTERS = 10
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx)\b\.? ?[A-Z]")
_PLATE = re.compile(r"\b[A-Z]{2}[0-9]{2} ?[A-Z]{3}\b")
_BORN = re.compile(r"\b(?:d\.?o\.?b\b|date of birth|born on)", re.IGNORECASE)


def _plain(value: object) -> object:
    return readable(value) if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_plain), Field(max_length=MOST_LETTERS)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Place = tuple[Longitude, Latitude]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Where(_Part):
    """Where an entry holds, in one of three ways.

    Attributes
    ----------
    zones
        Names of zones or sites.
    polygon
        Corners, longitude and latitude in WGS84.
    point, radius_m
        A circle: its middle in WGS84, and metres.
    """

    zones: tuple[Words, ...] = ()
    polygon: tuple[Place, ...] | None = Field(default=None, max_length=MOST_CORNERS)
    point: Place | None = None
    radius_m: float | None = Field(default=None, ge=1, le=20_000, allow_inf_nan=False)

    @model_validator(mode="after")
    def _one_way(self) -> "Where":
        if (self.point is None) != (self.radius_m is None):
            raise ValueError("point and radius_m are needed together")
        given = [bool(self.zones), self.polygon is not None, self.point is not None]
        if sum(given) != 1:
            raise ValueError("give one of zones, polygon, or point with radius_m")
        if any(not name for name in self.zones):
            raise ValueError("a name in zones is empty")
        if self.polygon is not None and not _encloses(self.polygon):
            raise ValueError(
                "the polygon encloses no area, or its sides cross; give its corners in order"
            )
        return self


def _encloses(corners: tuple[Place, ...]) -> bool:
    if len(set(corners)) < 3:
        return False
    shape = shapely.Polygon(corners)
    return bool(shape.is_valid and shape.area > 0)


class _Written(_Part):
    """What a person writes down, before it is checked against the settings."""

    kind: Kind
    what: Words = Field(min_length=1)
    where: Where
    starts: datetime | date | str = Field(alias="from")
    until: datetime | date | str | None = None
    hours: tuple[ClockTime, ClockTime] | None = None
    categories: tuple[Words, ...] = ()
    factor: float = Field(strict=True, allow_inf_nan=False)
    grade: str
    marking: str
    permission: tuple[Words, ...] = ()
    conditions: Words = ""
    originator: Words = Field(min_length=1)
    recorded_by: Words = ""

    @model_validator(mode="after")
    def _fits_together(self) -> "_Written":
        if self.hours is not None and self.hours[0] == self.hours[1]:
            raise ValueError("hours begin and end at the same time; leave them out for all day")
        return self


class Entry(_Part):
    """A graded entry of intelligence.

    Attributes
    ----------
    id
        A digest of its own content: it tells nothing of how many other entries there are.
    kind, what, where, categories, factor
        As written; ``what`` is :data:`REMOVED` once its text is purged.
    starts_at, ends_at
        Aware local moments; it has no effect outside them.
    hours
        Local hours of each day; an end before the beginning is on the next day. None for all.
    grade, marking, permission, conditions
        How it is to be handled (see :mod:`planner.incidents.handling`).
    originator, recorded_by
        Roles, never names.
    recorded_at
        When it was first recorded.
    status
        Only an active entry has an effect.
    """

    id: str
    kind: Kind
    what: str
    where: Where
    starts_at: datetime
    ends_at: datetime
    hours: tuple[ClockTime, ClockTime] | None = None
    categories: tuple[str, ...] = ()
    factor: float
    grade: str
    marking: str
    permission: tuple[str, ...] = ()
    conditions: str = ""
    originator: str
    recorded_by: str = ""
    recorded_at: datetime
    status: Status = "active"

    def expired(self, now: datetime) -> bool:
        """Say whether it is over at a moment."""
        return seconds_between(self.ends_at, now) >= 0


def entry_from(
    content: Mapping[str, Any], settings: Settings, now: datetime, recorded_by: str = ""
) -> Entry:
    """Check what a person wrote down, and make an entry of it.

    Parameters
    ----------
    content
        As in the module's example.
    settings
        The workspace's.
    now
        The present moment, aware.
    recorded_by
        The role that records it, where ``content`` names none.

    Raises
    ------
    IntelligenceError
        If a key or value is wrong, the factor lies outside the settings' bounds, it ended before
        now, nobody may see it, or it holds private details.
    """
    try:
        written = _Written.model_validate(dict(content))
    except ValidationError as error:
        raise IntelligenceError(first_fault(error)) from error
    _check_factor(written.factor, settings)
    _check_categories(written.categories, settings)
    _check_private(written, recorded_by)
    starts_at, ends_at = _period(written, settings, now)
    entry = Entry(
        id="",
        starts_at=starts_at,
        ends_at=ends_at,
        recorded_at=now.replace(microsecond=0),
        **written.model_dump(exclude={"starts", "until", "grade", "recorded_by"}),
        grade=str(read_grade(written.grade)),
        recorded_by=written.recorded_by or readable(recorded_by),
    )
    _check_handling(entry, settings)
    return entry.model_copy(update={"id": _digest(entry)})


def _check_factor(factor: float, settings: Settings) -> None:
    least, greatest = settings.intelligence.least_factor, settings.intelligence.greatest_factor
    if not least <= factor <= greatest:
        raise IntelligenceError(
            f"factor: {factor:g} lies outside the settings' bounds, {least:g} to {greatest:g}; "
            "state one within them."
        )


def _check_categories(categories: tuple[str, ...], settings: Settings) -> None:
    for name in categories:
        known = settings.categories.get(name)
        if known is None:
            listed = ", ".join(n for n, rule in settings.categories.items() if not rule.sensitive)
            raise IntelligenceError(
                f"categories: there is no category '{name[:40]}'; the settings know {listed}."
            )
        if known.sensitive:
            raise IntelligenceError(
                f"categories: '{name}' is sensitive and counts in the estate's totals only, so no "
                "place's risk can be raised or lowered for it; leave it out."
            )


def _check_private(written: _Written, recorded_by: str) -> None:
    texts = {
        "what": written.what,
        "conditions": written.conditions,
        "originator": written.originator,
        "recorded_by": written.recorded_by or recorded_by,
        **{"where.zones": " ".join(written.where.zones)},
        "permission": " ".join(written.permission),
    }
    for key, text in texts.items():
        if reason := _private(text):
            raise IntelligenceError(f"{key}: {reason}. An entry is about a place, not a person.")


def _private(text: str) -> str:
    """Say which private detail a text seems to hold; a bare name can't be told by its form."""
    if _TITLE.search(text):
        return "names a person; write the role or the place"
    if _PLATE.search(text):
        return "holds what looks like a vehicle's registration; leave it out"
    if _BORN.search(text):
        return "speaks of a date of birth; leave it out"
    return private_detail(text)


def _period(written: _Written, settings: Settings, now: datetime) -> tuple[datetime, datetime]:
    zone, bounds = settings.time_zone, settings.intelligence
    starts_at = _moment("from", written.starts, zone, is_end=False)
    if written.until is None:
        ends_at = after(starts_at, bounds.usual_days * 86_400)
    else:
        ends_at = _moment("until", written.until, zone, is_end=True)
    if seconds_between(starts_at, ends_at) <= 0:
        raise IntelligenceError(
            f"until: {ends_at:%Y-%m-%d %H:%M} is not after the beginning, "
            f"{starts_at:%Y-%m-%d %H:%M}; correct one of them."
        )
    if seconds_between(starts_at, ends_at) > (bounds.longest_days + 1) * 86_400:
        raise IntelligenceError(
            f"until: the entry would be in force for more than {bounds.longest_days} days "
            "(intelligence.longest_days); state an earlier end, and record it anew when it is due."
        )
    if seconds_between(ends_at, now) >= 0:
        raise IntelligenceError(
            f"until: it ended on {ends_at:%Y-%m-%d at %H:%M}, so no plan would use it, and what is "
            "stated afterwards can't be scored; record only what is still to come."
        )
    return starts_at, ends_at


def _moment(key: str, value: datetime | date | str, zone: str, *, is_end: bool) -> datetime:
    try:
        if isinstance(value, str):
            is_day = len(value.strip()) == len("YYYY-MM-DD")
            value = (date if is_day else datetime).fromisoformat(value.strip())
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError
        if not isinstance(value, datetime):
            return local_moment(value + timedelta(days=1) if is_end else value, time(0), zone)
        value = value.replace(microsecond=0)
        if value.tzinfo is None:
            return local_moment(value.date(), value.time(), zone)
        return value.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError) as error:
        raise IntelligenceError(
            f"{key}: '{str(value)[:40]}' is no day YYYY-MM-DD or moment YYYY-MM-DDTHH:MM between "
            f"{FIRST_YEAR} and {LAST_YEAR}."
        ) from error


def _check_handling(entry: Entry, settings: Settings) -> None:
    rules = settings.handling
    if entry.marking not in rules.markings:
        raise IntelligenceError(
            f"marking: '{entry.marking[:40]}' is none of the settings' ({', '.join(rules.markings)}"
            "); what is marked higher does not belong here."
        )
    for name in entry.permission:
        if name not in rules.audiences:
            raise IntelligenceError(
                f"permission: there is no audience '{name[:40]}'; the settings know "
                f"{', '.join(rules.audiences)}."
            )
    has_code_c = read_grade(entry.grade).code == WITH_CONDITIONS
    if has_code_c and not entry.permission:
        raise IntelligenceError(
            "permission: handling code C shares with conditions, so name the audiences that they "
            "allow."
        )
    if entry.conditions and not has_code_c:
        raise IntelligenceError(
            "conditions: handling code P knows none; grade it C, or leave them out."
        )
    if not any(may_see(entry, audience, rules) for audience in rules.audiences):
        raise IntelligenceError(
            f"permission: nobody named may see what is marked {entry.marking}, so no plan would "
            "use the entry; correct the marking or the permission."
        )


def _digest(entry: Entry) -> str:
    content = entry.model_dump(mode="json", exclude={"id", "status"})
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8")).hexdigest()[:_ID_LETTERS]
