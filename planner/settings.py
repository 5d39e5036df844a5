"""The workspace's settings, ``planner.toml``: everything that differs from estate to estate."""

import tomllib
from datetime import date, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import tomli_w
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.camera_settings import CameraSettings
from planner.errors import SettingsError, UnreadableFile
from planner.travel_modes import Modes, TravelMode

FILE_NAME = "planner.toml"


def _clock_time(value: object) -> object:
    """Accept ``"22:00"`` and TOML's own times; refuse everything else."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and (read := time.fromisoformat(value)).tzinfo is None:
        return read
    raise ValueError("write a time of day as HH:MM")


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShiftHours(_Frozen):
    """Local start and end of a shift; an end at or before the start is on the next day."""

    start: ClockTime
    end: ClockTime


class Term(_Frozen):
    """An academic term: the Sunday of its first week, and its first and last numbered week."""

    name: str
    first_week_starts: date
    weeks: tuple[int, int]


class NamedDays(_Frozen):
    """Days with a name (a fair, a closure): both ends belong to them."""

    name: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    note: str = ""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


USUAL_SHIFTS = {
    "early": ShiftHours(start=time(6), end=time(14)),
    "late": ShiftHours(start=time(14), end=time(22)),
    "night": ShiftHours(start=time(22), end=time(6)),
}


class Category(_Frozen):
    """One of the categories that incidents are counted in.

    Attributes
    ----------
    harm
        Weight of one incident; see ``harm_source``.
    harm_source
        Where the weight comes from.
    origin
        Whether such incidents are reported to the service, or discovered by its own patrols.
    sensitive
        Whether they appear in totals of the estate only: never in a hotspot, a 'why', or the
        figures of one place.
    written
        Other names under which sources record it, in lower case.
    """

    harm: float = Field(ge=0)
    harm_source: str = ""
    origin: Literal["reported", "discovered"] = "reported"
    sensitive: bool = False
    written: tuple[str, ...] = ()


class Retention(_Frozen):
    """Days after which free text is purged, by its class.

    Attributes
    ----------
    usual_days, sensitive_days
        Details of incidents, counted from when they were recorded.
    rejected_days
        The text of rejected rows.
    earlier_versions_days
        Details of versions that a later one replaced.
    """

    usual_days: int = Field(default=730, ge=0)
    sensitive_days: int = Field(default=365, ge=0)
    rejected_days: int = Field(default=90, ge=0)
    earlier_versions_days: int = Field(default=90, ge=0)


class Audience(_Frozen):
    """Who reads an output.

    Attributes
    ----------
    highest_marking
        The highest protective marking that they may see.
    outside
        Whether they are outside the service: then an originator must have named them.
    """

    highest_marking: str
    outside: bool = False


# Plans are made for the one and the printed map for the other, so settings must know both.
CONTROL_ROOM, PARTNERS = "control room", "partners"


def _usual_audiences() -> dict[str, Audience]:
    return {
        CONTROL_ROOM: Audience(highest_marking="OFFICIAL-SENSITIVE"),
        "service": Audience(highest_marking="OFFICIAL"),
        PARTNERS: Audience(highest_marking="OFFICIAL", outside=True),
        "public": Audience(highest_marking="NOT MARKED", outside=True),
    }


class Handling(_Frozen):
    """Who may see what; an audience or a marking that is not listed here is refused.

    Attributes
    ----------
    markings
        Protective markings, the lowest first.
    audiences
        Those for whom outputs are made, by name.
    """

    markings: tuple[str, ...] = ("NOT MARKED", "OFFICIAL", "OFFICIAL-SENSITIVE")
    audiences: dict[str, Audience] = Field(default_factory=_usual_audiences)

    @model_validator(mode="after")
    def _fits_together(self) -> "Handling":
        if len(set(self.markings)) < len(self.markings) or "" in self.markings:
            raise ValueError("give each marking once, the lowest first")
        for name in (CONTROL_ROOM, PARTNERS):
            if name not in self.audiences:
                raise ValueError(f"the audience '{name}' is missing; outputs are made for it")
        if self.audiences[CONTROL_ROOM].outside:
            raise ValueError(f"the audience '{CONTROL_ROOM}' is the service's own")
        for name, audience in self.audiences.items():
            if audience.highest_marking not in self.markings:
                raise ValueError(
                    f"audience '{name}': '{audience.highest_marking}' is none of the markings"
                )
        return self


GRADE_WEIGHTS = {"1": 1.0, "2": 1.0, "3": 0.5, "A": 1.0, "B": 1.0, "C": 0.75, "D": 0.5, "E": 0.25}


class IntelligenceBounds(_Frozen):
    """How far graded entries of intelligence may move the risk, and for how long.

    Attributes
    ----------
    least_factor, greatest_factor
        Bounds of a stated factor, and of the product of all that cover a place and hour.
    usual_days
        An entry that states no end expires after so many days.
    longest_days
        No entry is in force for longer.
    weights
        How much of a factor counts, by the source's evaluation (1 to 3) and the information's
        assessment (A to E): the factor is raised to the power of the product of both.
    """

    least_factor: float = Field(default=0.25, gt=0, le=1, allow_inf_nan=False)
    greatest_factor: float = Field(default=4.0, ge=1, le=100, allow_inf_nan=False)
    usual_days: int = Field(default=28, ge=1, le=3_660)
    longest_days: int = Field(default=366, ge=1, le=3_660)
    weights: dict[str, Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]] = Field(
        default_factory=lambda: dict(GRADE_WEIGHTS)
    )

    @model_validator(mode="after")
    def _whole(self) -> "IntelligenceBounds":
        if set(self.weights) != set(GRADE_WEIGHTS):
            raise ValueError(f"weights: give one for each of {', '.join(GRADE_WEIGHTS)}")
        if self.usual_days > self.longest_days:
            raise ValueError("usual_days is longer than longest_days")
        return self


@cache
def usual_categories() -> dict[str, Category]:
    """Return the categories that a new workspace begins with."""
    text = files("planner").joinpath("usual_categories.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(text)["categories"]
    return {name: Category.model_validate(values) for name, values in listed.items()}


class Settings(_Frozen):
    """What the planner must know about one estate and its service.

    Attributes
    ----------
    name
        The estate's name, printed on every map.
    time_zone
        IANA name; all times shown are local to it.
    crs
        The metric coordinate reference system that distances are measured in.
    illustrative
        Whether incidents are invented; said wherever they are shown.
    walking_km_per_hour
        Walking speed of a patrol.
    modes
        Speeds of patrols by bicycle and by vehicle, and where they can't ride or drive.
    reach_m
        An incident further than this from every site or zone is outside the estate.
    stop_reach_m
        A site further than this from every street is left out of routes.
    shifts
        Local hours of each shift by name.
    terms, days
        The academic calendar.
    zones
        What risk is forecast for: the catchments of sites, hand-drawn beats, street segments, or
        the squares of a grid.
    grid_m
        Side of a square, and greatest length of a street segment, in metres.
    keys
        Controllers of the private ways and gates that the service holds keys for.
    register_url
        SQLAlchemy URL of the register; empty for a file in the workspace. The environment's
        ``PLANNER_REGISTER_URL`` goes before it, so that no password need stand in a file.
    categories
        What incidents are counted as, by name.
    retention
        How long free text is kept.
    handling
        Protective markings, and who may see which.
    intelligence
        What graded entries of intelligence may do.
    cameras
        Kinds of cameras and their prices, grades of detail, and what is printed on every case.
    """

    name: str = "Estate"
    time_zone: str = "Europe/London"
    crs: str
    illustrative: bool = False
    walking_km_per_hour: float = Field(default=4.8, gt=0.5, le=15)
    modes: Modes = Modes()
    reach_m: float = Field(default=250.0, gt=0, le=5_000)
    stop_reach_m: float = Field(default=150.0, gt=0, le=5_000)
    shifts: dict[str, ShiftHours] = Field(default_factory=lambda: dict(USUAL_SHIFTS), min_length=1)
    terms: tuple[Term, ...] = ()
    days: tuple[NamedDays, ...] = ()
    zones: Literal["catchments", "beats", "streets", "grid"] = "catchments"
    grid_m: float = Field(default=150.0, ge=20, le=2_000)
    keys: tuple[str, ...] = ()
    register_url: str = ""
    categories: dict[str, Category] = Field(default_factory=lambda: dict(usual_categories()))
    retention: Retention = Retention()
    handling: Handling = Handling()
    intelligence: IntelligenceBounds = IntelligenceBounds()
    cameras: CameraSettings = CameraSettings()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return known_time_zone(value)

    @field_validator("crs")
    @classmethod
    def _metric_system(cls, value: str) -> str:
        try:
            metric = CRS.from_user_input(value).is_projected
        except CRSError as error:
            raise ValueError(f"there is no coordinate system '{value}'") from error
        if not metric:
            raise ValueError(f"'{value}' is not in metres")
        return value

    @property
    def metres_per_second(self) -> float:
        """Walking speed in metres a second."""
        return self.walking_km_per_hour / 3.6

    def mode(self, name: str) -> TravelMode:
        """Return how a team gets about: ``foot``, ``bicycle`` or ``vehicle``.

        Raises
        ------
        UnknownMode
            If there is no such mode.
        """
        return self.modes.named(name, self.walking_km_per_hour)


def known_time_zone(name: str) -> str:
    """Return the name if it is an IANA time zone.

    Raises
    ------
    SettingsError
        If there is no such time zone.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            f"There is no time zone '{name}'; give an IANA name such as Europe/London."
        ) from error
    return name


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    UnreadableFile
        If the file is missing or no text.
    SettingsError
        If it is not TOML; the message names the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path}: is missing; give a TOML file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path}: cannot be read as text; give a TOML file.") from error
    except RecursionError as error:
        raise SettingsError(f"{path}: is nested too deeply for a TOML file of ours.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}.") from error


def first_fault(error: ValidationError) -> str:
    """Say the first fault of a validation in one line: key, what is wrong, what was given."""
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"]) or "(top level)"
    if fault["type"] == "extra_forbidden":
        return f"{key}: there is no such key; remove it or correct its spelling."
    message = fault["msg"].removeprefix("Value error, ")
    return f"{key}: {message[:1].lower()}{message[1:]} (given: {_short(fault.get('input'))})."


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def read_settings(workspace: Path) -> Settings:
    """Read and check a workspace's ``planner.toml``.

    Raises
    ------
    SettingsError
        If a key or value is wrong, naming the key.
    """
    path = workspace / FILE_NAME
    try:
        return Settings.model_validate(read_toml(path))
    except ValidationError as error:
        raise SettingsError(f"{path}: {first_fault(error)}") from error


def write_settings(workspace: Path, settings: Settings) -> None:
    """Write ``planner.toml``."""
    content = settings.model_dump(mode="json", by_alias=True)
    (workspace / FILE_NAME).write_text(tomli_w.dumps(content), encoding="utf-8")
