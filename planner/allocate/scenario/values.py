"""The values that scenarios are written with: names, counts, days, and times within the shift."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from planner.text import readable

FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_NAME = 120
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d([+-](0\d|1[0-4]):[0-5]\d)?")


def _day(value: object) -> object:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(day, datetime) or not isinstance(day, date):
        raise ValueError("write a date as YYYY-MM-DD")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _visits(value: object) -> object:
    """Take a list of sites as one visit to each; a name that is given twice asks for two."""
    if isinstance(value, list):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("give the names of sites, or a table of name = visits")
        return {name: value.count(name) for name in value}
    return value


def _in_shift(value: object) -> object:
    """Take a time within the shift, as a text or one of TOML's own times."""
    written = value.strftime("%H:%M") if hasattr(value, "strftime") else value
    if not isinstance(written, str) or not CLOCK.fullmatch(written.strip()):
        raise ValueError(
            "write a time of the shift as HH:MM, or as HH:MM+HH:MM with its offset from UTC"
        )
    return written.strip()


Words = Annotated[str, AfterValidator(readable)]
PlaceName = Annotated[str, Field(min_length=1, max_length=MOST_NAME), AfterValidator(readable)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, Field(strict=True, ge=1)]
Visits = Annotated[dict[str, Count], BeforeValidator(_visits)]
InShift = Annotated[str, BeforeValidator(_in_shift)]
Minutes = Annotated[float, Field(strict=True, ge=1, le=720)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Position = Annotated[tuple[float, float], Field(description="longitude and latitude")]


class Part(BaseModel):
    """A part of a scenario: frozen, and no key but those it knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def named(names: Sequence[str]) -> str:
    """List names for a message."""
    return ", ".join(f"'{name}'" for name in names)
