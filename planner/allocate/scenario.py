"""The question: which shift, how many teams, how many cameras. A TOML file, every key optional.

::

    name = "Friday night, three teams"
    audience = "control room"  # whom it is for: what they may not see has no part in it
    intelligence = true        # false: as it would be without any graded entry

    [shift]
    date = 2026-11-27          # first such shift after the records end, if not given
    name = "night"             # or start = "19:00" and end = "03:00"

    [patrols]
    teams = 3
    start = "Science Area post"
    finish = "Science Area post"
    dwell_minutes = 15
    reserve = 0.4              # share of the shift kept free for calls
    minimum_visits = ["Balliol College", "Wadham College"]

    [cameras]
    new = 3
    range_m = 50

    [solver]
    seed = 1
    iterations = 3000          # for each of the solver's tries
    seconds = 30               # a limit of time instead; the plan then says so
"""

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from planner.clock import Shift, first_shift_of_any, local_moment, shift_on
from planner.errors import ScenarioError, SettingsError
from planner.settings import (
    CONTROL_ROOM,
    ClockTime,
    Settings,
    ShiftHours,
    first_fault,
    read_toml,
)
from planner.text import readable

OWN_HOURS = "own hours"
FIRST_YEAR, LAST_YEAR = 1900, 2199


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


Words = Annotated[str, AfterValidator(readable)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, Field(strict=True, ge=1)]
Visits = Annotated[dict[str, Count], BeforeValidator(_visits)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShiftWanted(_Part):
    """Which shift: by date and name, or by its own hours."""

    date: Day | None = None
    name: str | None = None
    start: ClockTime | None = None
    end: ClockTime | None = None

    @model_validator(mode="after")
    def _both_ends(self) -> "ShiftWanted":
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end are needed together")
        if self.start is not None and self.start == self.end:
            raise ValueError("start and end are the same time, so the shift has no length")
        return self


class PatrolsWanted(_Part):
    """How many teams, where from, and what is asked of them."""

    teams: int = Field(default=2, strict=True, ge=1, le=60)
    start: str | None = None
    finish: str | None = None
    dwell_minutes: float = Field(default=15.0, strict=True, ge=1, le=240)
    reserve: float = Field(default=0.4, strict=True, ge=0, le=0.95)
    minimum_visits: Visits = {}


class CamerasWanted(_Part):
    """How many new cameras, and how far each sees."""

    new: int = Field(default=3, strict=True, ge=0, le=200)
    range_m: float = Field(default=50.0, strict=True, ge=1, le=1_000)


class SolverWanted(_Part):
    """When the solver stops; iterations give the same plan each time, seconds may not."""

    seed: int = Field(default=1, strict=True, ge=0, le=2_000_000_000)
    tries: int = Field(default=2, strict=True, ge=1, le=64)
    iterations: int = Field(default=3_000, strict=True, ge=1, le=10_000_000)
    seconds: float | None = Field(default=None, gt=0, le=86_400)


class Scenario(_Part):
    """One question put to the planner.

    Attributes
    ----------
    name
        What people call it.
    audience
        Whom the plan is for, by a name of the settings.
    intelligence
        Whether graded entries that the audience may see raise and lower the risk.
    shift, patrols, cameras, solver
        Its parts; each key has a default.
    """

    name: Words = "Next shift"
    audience: str = CONTROL_ROOM
    intelligence: bool = Field(default=True, strict=True)
    shift: ShiftWanted = ShiftWanted()
    patrols: PatrolsWanted = PatrolsWanted()
    cameras: CamerasWanted = CamerasWanted()
    solver: SolverWanted = SolverWanted()


def scenario_from(content: dict[str, Any], where: str = "scenario") -> Scenario:
    """Check the content of a scenario.

    Raises
    ------
    ScenarioError
        If a key or value is wrong, naming the key.
    """
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise ScenarioError(f"{where}: {first_fault(error)}") from error


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a TOML file.

    Raises
    ------
    UnreadableFile
        If the file is missing or no text.
    ScenarioError
        If it is not TOML, or a key or value is wrong.
    """
    try:
        content = read_toml(path)
    except SettingsError as error:
        raise ScenarioError(str(error)) from error
    return scenario_from(content, str(path))


def resolve_shift(wanted: ShiftWanted, settings: Settings, as_of: datetime) -> Shift:
    """Find the shift that a scenario asks for.

    Parameters
    ----------
    as_of
        End of the records; without a date it is the first such shift after it.

    Raises
    ------
    ScenarioError
        If the settings know no shift of that name.
    """
    zone = settings.time_zone
    if wanted.start is not None and wanted.end is not None:
        hours = {wanted.name or OWN_HOURS: ShiftHours(start=wanted.start, end=wanted.end)}
    elif wanted.name is None:
        hours = settings.shifts
    elif wanted.name in settings.shifts:
        hours = {wanted.name: settings.shifts[wanted.name]}
    else:
        raise ScenarioError(
            f"shift.name: there is no shift '{wanted.name}'; the settings know "
            f"{', '.join(settings.shifts)}."
        )
    if wanted.date is None:
        return first_shift_of_any(as_of, hours, zone)
    if len(hours) > 1:
        return first_shift_of_any(local_moment(wanted.date, time(0), zone), hours, zone)
    name, own = next(iter(hours.items()))
    return shift_on(wanted.date, name, own, zone)
