"""What a scenario says of teams: how they get about, from where, their meals, what they can do."""

from typing import Literal

from pydantic import Field, model_validator

from planner.allocate.scenario.values import InShift, Minutes, Part, PlaceName, Position, Words


class MealWanted(Part):
    """A meal break: how long, between when and when, and where; the team's own post if not given.

    The whole break lies between ``from`` and ``to``.
    """

    minutes: Minutes = 30.0
    earliest: InShift = Field(alias="from")
    latest: InShift = Field(alias="to")
    place: PlaceName | None = None


class TeamWanted(Part):
    """One team.

    Attributes
    ----------
    name
        What people call it; a letter if not given.
    mode
        How it gets about, by a name of the settings.
    officers
        How many they are; one is alone.
    start, finish
        Posts or sites; those of ``[patrols]`` if not given.
    on, off
        Its own hours within the shift (``from``, ``to``); the whole shift if not given.
    can
        What duties may need of it, in the service's own words: ``["keys"]``.
    meal
        Its break; that of ``[patrols]`` if not given.
    position, free_from
        Where it is now (longitude, latitude), and from when it is free: its live position.
    """

    name: Words = Field(default="", max_length=40)
    mode: str = "foot"
    officers: Literal[1, 2, 3, 4, 5, 6] = 2
    start: PlaceName | None = None
    finish: PlaceName | None = None
    on: InShift | None = Field(default=None, alias="from")
    off: InShift | None = Field(default=None, alias="to")
    can: tuple[str, ...] = ()
    meal: MealWanted | None = None
    position: Position | None = None
    free_from: InShift | None = None


class SafetyWanted(Part):
    """How officers are kept safe.

    Attributes
    ----------
    single_officers_after_dark
        Where a team of one may be after dark: nowhere by default; names of zones, or
        ``anywhere``.
    nearest_team_minutes
        No team is ever further than this from the nearest other; not asked by default.
    check_in_minutes
        How often a team is to call in; printed on its card.
    """

    single_officers_after_dark: tuple[PlaceName, ...] | Literal["anywhere"] = ()
    nearest_team_minutes: Minutes | None = None
    check_in_minutes: Minutes = 60.0


class HoursWanted(Part):
    """Some hours of the shift."""

    earliest: InShift | None = Field(default=None, alias="from")
    latest: InShift | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _both_ends(self) -> "HoursWanted":
        if (self.earliest is None) != (self.latest is None):
            raise ValueError("from and to are needed together")
        return self
