"""The patrol problem in numbers: teams, commitments, the visits to choose from, and the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from planner.allocate.legs import Legs
from planner.allocate.patrols.options import Options
from planner.allocate.patrols.worth import Worth

VISITS_A_GAP = 6


@dataclass(frozen=True)
class Meal:
    """A break that a team takes: where, between when and when it begins, and how long, seconds."""

    place: int
    opens_s: int
    closes_s: int
    service_s: int


@dataclass(frozen=True)
class Team:
    """One team of a shift.

    Attributes
    ----------
    name
        What people call it.
    mode
        Row of ``Problem.journeys``: how it gets about.
    start, finish
        Rows of places: where it is when it is free, and where it must end.
    from_s, until_s
        Seconds after the start of the shift: when it is free, and by when it must have ended;
        handovers lie outside.
    officers
        How many they are.
    can
        What duties may need of it.
    meal
        Its break; None where it has none, or has taken it.
    """

    name: str
    mode: int
    start: int
    finish: int
    from_s: int
    until_s: int
    officers: int = 2
    can: frozenset[str] = frozenset()
    meal: Meal | None = None

    @property
    def alike(self) -> tuple[object, ...]:
        """What makes two teams exchangeable: all but their names."""
        return (
            self.mode, self.start, self.finish, self.from_s, self.until_s, self.officers,
            tuple(sorted(self.can)), self.meal,
        )  # fmt: skip


@dataclass(frozen=True)
class Commitment:
    """What must be done: a duty, a visit that the scenario demands, a call.

    Attributes
    ----------
    key
        Where it was asked for: ``"duties[3]"``.
    name
        What people call it.
    place, leaves
        Rows of places: where it begins and where it ends (an escort's differ).
    opens_s, closes_s
        Seconds after the start of the shift between which it can begin.
    service_s
        How long it takes.
    needs
        What the team must be able to do.
    zone
        Row of the zone that it is a visit to, -1 for none.
    together
        How many teams must do it together, 1 or 2.
    officers
        The least number of officers that each team must have.
    team
        Index of the only team that may do it; -1 for any.
    """

    key: str
    name: str
    place: int
    leaves: int
    opens_s: int
    closes_s: int
    service_s: int
    needs: frozenset[str] = frozenset()
    zone: int = -1
    together: int = 1
    officers: int = 1
    team: int = -1


@dataclass(frozen=True)
class Made:
    """Visits that were made before the rest is planned.

    Attributes
    ----------
    zone, begins, ends
        Rows of zones, and seconds after the start of the shift, shape (n,) each.
    """

    zone: np.ndarray
    begins: np.ndarray
    ends: np.ndarray


def none_made() -> Made:
    """Return no visits."""
    nothing = np.array([], dtype=int)
    return Made(nothing, nothing, nothing)


@dataclass(frozen=True)
class Problem:
    """A patrol problem.

    Attributes
    ----------
    teams
        The teams, m of them.
    options
        The visits to choose from.
    commitments
        What must be done.
    minimum
        Least number of visits by zone row, those that were made included.
    journeys
        Ways between the places, by mode; all over the same places.
    worth
        What visits are worth; None where each option's ``worth`` is all there is to it.
    reserve
        Share of the time between commitments that is kept free for calls.
    visits_a_gap
        Most visits between two commitments of a team.
    made
        What was done before.
    considered
        Zones whose visits are looked at however little they are worth.
    wishes
        Whether demands that can't all be met may be left undone, as few as possible.
    draws
        Factors of each zone's need by draw, shape (d, z), if a plan is to do well over them: then
        the worst tenth of them counts as much as the mean. None for the mean alone.
    apart_s
        No team that is out may ever be further than this from the nearest other, in seconds; None
        for any distance.
    """

    teams: tuple[Team, ...]
    options: Options
    commitments: tuple[Commitment, ...]
    minimum: Mapping[int, int]
    journeys: tuple[Legs, ...]
    worth: Worth | None
    reserve: float
    visits_a_gap: int = VISITS_A_GAP
    made: Made = field(default_factory=none_made)
    considered: tuple[int, ...] = ()
    wishes: bool = False
    draws: np.ndarray | None = None
    apart_s: int | None = None

    @cached_property
    def kinds(self) -> tuple[tuple[int, ...], ...]:
        """Teams that are exchangeable, as tuples of their rows, in the order of the teams."""
        alike: dict[tuple[object, ...], list[int]] = {}
        wanted = {commitment.team for commitment in self.commitments}
        for row, team in enumerate(self.teams):
            # A team that something is meant for by name is a kind of its own.
            alike.setdefault((*team.alike, row if row in wanted else -1), []).append(row)
        return tuple(tuple(rows) for rows in alike.values())

    def team_named(self, name: str) -> int | None:
        """Return the row of a team by its name, None if there is none."""
        return next((row for row, team in enumerate(self.teams) if team.name == name), None)

    def may(self, team: Team, row: int, commitment: Commitment) -> bool:
        """Tell whether a team, the row-th, may do what is committed to."""
        return (
            commitment.needs <= team.can
            and commitment.officers <= team.officers
            and commitment.team in (-1, row)
        )
