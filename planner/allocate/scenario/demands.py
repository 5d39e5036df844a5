"""What a scenario demands: duties, visits at stated hours, rules of zones, what others see to."""

from typing import Literal

from pydantic import Field

from planner.allocate.scenario.teams import HoursWanted
from planner.allocate.scenario.values import InShift, Minutes, Part, PlaceName, Share, Words


class DutyWanted(Part):
    """Something that must be done: all of it between ``from`` and ``to``.

    Attributes
    ----------
    kind
        ``lock``, ``unlock``, ``keys``, ``escort``, ``alarm check`` or ``other``.
    place, to_place
        Where it is, and where an escort ends.
    earliest, latest
        ``from`` and ``to``; the whole shift if not given.
    minutes
        How long it takes.
    needs
        What the team must have: a mode (``vehicle``), ``two officers``, or words of ``can``.
    teams
        How many teams must do it together.
    note
        What the team must know, on its card.
    """

    kind: Literal["lock", "unlock", "keys", "escort", "alarm check", "other"] = "other"
    place: PlaceName
    to_place: PlaceName | None = None
    earliest: InShift | None = Field(default=None, alias="from")
    latest: InShift | None = Field(default=None, alias="to")
    minutes: Minutes = 10.0
    needs: tuple[str, ...] = ()
    teams: Literal[1, 2] = 1
    note: Words = Field(default="", max_length=300)


class VisitWanted(HoursWanted):
    """A visit that must be made: all of it between ``from`` and ``to``."""

    place: PlaceName
    minutes: Minutes | None = None
    teams: Literal[1, 2] = 1
    note: Words = Field(default="", max_length=300)


class ZoneWanted(Part):
    """What holds for visits to one zone: how long they last, and how many teams go together."""

    name: PlaceName
    dwell_minutes: Minutes | None = None
    teams: Literal[1, 2] = 1


class LodgeWanted(HoursWanted):
    """A lodge that its college staffs: what it sees to, in which hours.

    Attributes
    ----------
    place
        The site or post at whose gate it stands.
    reach_m
        How far beyond its gate; nothing by default.
    share
        What part of the need there it takes off.
    """

    place: PlaceName
    reach_m: float = Field(default=0.0, strict=True, ge=0, le=500)
    share: Share = 1.0


class WatchedWanted(Part):
    """What standing cameras take off the need for visits.

    Attributes
    ----------
    share
        The part of the time in which somebody really watches them.
    categories
        Of which incidents; of none by default.
    """

    share: Share = 0.0
    categories: tuple[str, ...] = ()


class EventWanted(Part):
    """Something that goes on in the shift, and by how much it is assumed to raise the risk.

    Attributes
    ----------
    name
        What people call it.
    places
        Sites or zones; everywhere if none is given.
    factor
        How many times as high the risk is there.
    """

    name: Words = Field(min_length=1, max_length=80)
    places: tuple[PlaceName, ...] = ()
    factor: float = Field(default=1.5, strict=True, ge=0.1, le=20, allow_inf_nan=False)
