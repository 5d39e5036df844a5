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
    gap_minutes = 60           # least time between two visits to one zone
    visits_a_gap = 6           # most visits between two duties
    minimum_visits = ["Balliol College", "Wadham College"]
    no_go = ["Museum Road"]
    harm_share = 0.0           # 1: cover harm rather than incidents
    meal = { minutes = 30, from = "00:00", to = "02:00" }

    [[teams]]                  # each team, instead of patrols.teams
    name = "Victor"
    mode = "bicycle"           # foot, bicycle or vehicle
    officers = 1
    can = ["keys"]

    [[zones]]
    name = "Exam Schools"
    dwell_minutes = 10
    teams = 2                  # only two teams together go there

    [[must_visits]]
    place = "Wadham College"
    from = "22:00"
    to = "22:30"

    [[duties]]
    kind = "lock"              # unlock, keys, escort, alarm check, other
    place = "Balliol College"
    from = "22:00"
    to = "23:00"
    minutes = 10
    needs = ["keys"]

    [safety]
    single_officers_after_dark = ["Science Area"]
    nearest_team_minutes = 12
    check_in_minutes = 60

    [cameras]
    new = 3                    # or a budget; more keys in planner/allocate/scenario/cameras.py
    range_m = 50

    [solver]
    seed = 1
    iterations = 700           # for each of the solver's tries
    seconds = 30               # a limit of time instead; the plan then says so
"""

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from planner.allocate.scenario.cameras import CamerasWanted
from planner.allocate.scenario.demands import (
    DutyWanted,
    EventWanted,
    LodgeWanted,
    VisitWanted,
    WatchedWanted,
    ZoneWanted,
)
from planner.allocate.scenario.inheritance import BuiltIn, none_built_in, with_inherited
from planner.allocate.scenario.teams import MealWanted, SafetyWanted, TeamWanted
from planner.allocate.scenario.values import Day, Part, PlaceName, Share, Visits, Words
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

OWN_HOURS = "own hours"
MOST_TEAMS = 60


class ShiftWanted(Part):
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


class PatrolsWanted(Part):
    """How many teams, where from, and what is asked of them.

    Attributes
    ----------
    teams
        How many, all alike: two officers on foot; ``[[teams]]`` describes each instead.
    start, finish
        Posts or sites; the service's own post nearest the middle of the estate if not given.
    dwell_minutes
        How long a visit lasts; ``[[zones]]`` may differ.
    gap_minutes
        The least time between two visits to a zone.
    reserve
        Share of the time between duties that is kept free for calls.
    visits_a_gap
        Most visits between two duties.
    handover_minutes
        What a handover takes of the shift, at its start and at its end.
    meal
        A break for every team.
    minimum_visits
        How often sites must be seen in the shift, by name.
    every_site
        How often each site must be seen in the shift, at least.
    every_site_a_week
        The same in any seven nights: what earlier plans (``--vary``) leave to do is shared out
        among the nights that are left of the week. Each week of a rotation has it.
    no_go
        Zones that no team enters.
    if_impossible
        Whether demands that can't all be met are refused, or relaxed and said.
    harm_share
        0 to cover most incidents, 1 to cover most harm, between them for a mix.
    risk
        Plan for the ``expected`` risk, or do well over ``draws`` of it.
    """

    teams: int = Field(default=2, strict=True, ge=1, le=MOST_TEAMS)
    start: PlaceName | None = None
    finish: PlaceName | None = None
    dwell_minutes: float = Field(default=15.0, strict=True, ge=1, le=240)
    gap_minutes: float = Field(default=60.0, strict=True, ge=0, le=720)
    reserve: float = Field(default=0.4, strict=True, ge=0, le=0.95)
    visits_a_gap: int = Field(default=6, strict=True, ge=0, le=100)
    handover_minutes: float = Field(default=0.0, strict=True, ge=0, le=120)
    meal: MealWanted | None = None
    minimum_visits: Visits = Field(default_factory=dict)
    every_site: int = Field(default=0, strict=True, ge=0, le=20)
    every_site_a_week: int = Field(default=0, strict=True, ge=0, le=50)
    no_go: tuple[PlaceName, ...] = ()
    if_impossible: Literal["refuse", "relax"] = "refuse"
    harm_share: Share = 0.0
    risk: Literal["expected", "draws"] = "expected"


class SolverWanted(Part):
    """When the solver stops; iterations give the same plan each time, seconds may not."""

    seed: int = Field(default=1, strict=True, ge=0, le=2_000_000_000)
    tries: int = Field(default=4, strict=True, ge=1, le=64)
    iterations: int = Field(default=700, strict=True, ge=1, le=10_000_000)
    seconds: float | None = Field(default=None, gt=0, le=86_400)


class Scenario(Part):
    """One question put to the planner.

    Attributes
    ----------
    name
        What people call it.
    audience
        Whom the plan is for, by a name of the settings.
    intelligence
        Whether graded entries that the audience may see raise and lower the risk.
    teams
        Each team; ``patrols.teams`` alike if empty.
    zones, duties, must_visits, lodges, events
        Rules of zones, what must be done, what others see to, and what goes on.
    shift, patrols, watched, safety, cameras, solver
        Its parts; each key has a default.
    """

    name: Words = "Next shift"
    audience: str = CONTROL_ROOM
    intelligence: bool = Field(default=True, strict=True)
    shift: ShiftWanted = ShiftWanted()
    patrols: PatrolsWanted = PatrolsWanted()
    teams: Annotated[tuple[TeamWanted, ...], Field(max_length=MOST_TEAMS)] = ()
    zones: tuple[ZoneWanted, ...] = ()
    duties: tuple[DutyWanted, ...] = ()
    must_visits: tuple[VisitWanted, ...] = ()
    lodges: tuple[LodgeWanted, ...] = ()
    events: tuple[EventWanted, ...] = ()
    watched: WatchedWanted = WatchedWanted()
    safety: SafetyWanted = SafetyWanted()
    cameras: CamerasWanted = CamerasWanted()
    solver: SolverWanted = SolverWanted()

    @property
    def team_count(self) -> int:
        """How many teams there are."""
        return len(self.teams) or self.patrols.teams


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


def read_scenario(path: Path, built_in: BuiltIn = none_built_in) -> Scenario:
    """Read a scenario from a TOML file, with what it inherits from others.

    Parameters
    ----------
    path
        The file.
    built_in
        Returns the scenarios that can be inherited by name, beside files.

    Raises
    ------
    UnreadableFile
        If the file is missing or no text.
    ScenarioError
        If it is not TOML, a key or value is wrong, or it inherits from itself or from what is
        not there.
    """
    try:
        content = read_toml(path)
    except SettingsError as error:
        raise ScenarioError(str(error)) from error
    whole = with_inherited(content, path.parent, built_in, str(path.resolve()))
    return scenario_from(whole, str(path))


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
