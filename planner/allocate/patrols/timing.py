"""When a team is where: the times of a route, as early as its windows allow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.allocate.legs import stretched
from planner.allocate.patrols.activities import COMMITMENT, VISIT, Activity
from planner.allocate.patrols.problem import Problem


@dataclass(frozen=True)
class Step:
    """What a team does from one moment to another, in seconds after the start of the shift.

    Attributes
    ----------
    kind, source, zone, place, leaves
        As of :class:`planner.allocate.patrols.activities.Activity`.
    arrive_s, leave_s
        When it begins and ends.
    """

    kind: str
    source: int
    zone: int
    place: int
    leaves: int
    arrive_s: int
    leave_s: int


@dataclass(frozen=True)
class Tour:
    """What one team does, in order, and when it leaves and reaches its posts.

    Attributes
    ----------
    team
        Row of the team.
    steps
        What it does.
    starts_s, ends_s
        When it leaves where it is at first, and when it is back.
    """

    team: int
    steps: tuple[Step, ...]
    starts_s: int
    ends_s: int

    @cached_property
    def visits(self) -> tuple[Step, ...]:
        """The steps that are visits to zones."""
        return tuple(step for step in self.steps if step.zone >= 0)


def visits_made(tours: Sequence[Tour]) -> Counter[int]:
    """Count the visits to each zone, by row; two teams together make one."""
    made = {(step.kind, step.source): step.zone for tour in tours for step in tour.visits}
    return Counter(made.values())


class _Rows:
    """The rows of a table of whole seconds, as lists: reading one number of a list is quicker."""

    def __init__(self, seconds: np.ndarray) -> None:
        self._seconds = seconds
        self._known: dict[int, list[int]] = {}

    def __getitem__(self, row: int) -> list[int]:
        if row not in self._known:
            self._known[row] = self._seconds[row].tolist()
        return self._known[row]


@dataclass(frozen=True)
class Timetable:
    """Walking times with and without the reserve, by mode, in seconds, shape (k, k) each."""

    plain: tuple[_Rows, ...]
    slow: tuple[_Rows, ...]

    @classmethod
    def of(cls, problem: Problem) -> "Timetable":
        """Prepare the times of a problem."""
        return cls(
            tuple(_Rows(legs.seconds) for legs in problem.journeys),
            tuple(_Rows(stretched(legs.seconds, problem.reserve)) for legs in problem.journeys),
        )

    def timed(self, problem: Problem, team: int, doing: Sequence[Activity]) -> Tour | None:
        """Begin each activity as early as can be; None if one would begin too late.

        Parameters
        ----------
        problem
            The problem.
        team
            Row of the team.
        doing
            Its activities in order.
        """
        who = problem.teams[team]
        plain, slow = self.plain[who.mode], self.slow[who.mode]
        here, now, visited = who.start, who.from_s, False
        begun = []
        for one in doing:
            times = slow if visited or one.kind == VISIT else plain
            begins = max(now + times[here][one.place], one.opens)
            if begins > one.closes:
                return None
            begun.append(begins)
            here, now, visited = one.leaves, begins + one.takes, one.kind == VISIT
        if now + (slow if visited else plain)[here][who.finish] > who.until_s:
            return None
        return tour_of(problem, team, doing, begun) if begun else None


@dataclass(frozen=True)
class Begins:
    """Tells of many routes at once when each activity begins, as :class:`Timetable` does of one."""

    problem: Problem
    slow: tuple[np.ndarray, ...]
    place: np.ndarray
    leaves: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    takes: np.ndarray
    visit: np.ndarray

    @classmethod
    def of(cls, problem: Problem, activities: Sequence[Activity]) -> "Begins":
        """Prepare the activities of a problem."""
        numbers = [
            (one.place, one.leaves, one.opens, one.closes, one.takes, one.kind == VISIT)
            for one in activities
        ]
        place, leaves, opens, closes, takes, visit = np.array(numbers, dtype=int).reshape(-1, 6).T
        slow = tuple(stretched(legs.seconds, problem.reserve) for legs in problem.journeys)
        return cls(problem, slow, place, leaves, opens, closes, takes, visit.astype(bool))

    def of_routes(
        self, team: int, routes: Sequence[Sequence[int]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Begin each activity of many routes as early as can be.

        Parameters
        ----------
        team
            Row of the team.
        routes
            Rows of the activities of each, in order; of an empty one it is told whether the team
            can go from its start to its finish.

        Returns
        -------
        possible
            Which routes can be timed, shape (r,).
        begins
            When each activity begins, in seconds after the start of the shift, shape (r, longest).
        """
        who = self.problem.teams[team]
        plain, slow = self.problem.journeys[who.mode].seconds, self.slow[who.mode]
        length = np.array([len(route) for route in routes])
        table = np.zeros((len(routes), int(length.max(initial=0))), dtype=int)
        for row, route in enumerate(routes):
            table[row, : len(route)] = route
        begins = np.zeros_like(table)
        here, now = np.full(len(routes), who.start), np.full(len(routes), who.from_s)
        visited, possible = np.zeros(len(routes), dtype=bool), np.ones(len(routes), dtype=bool)
        for column, doing in enumerate(table.T):
            there = self.place[doing]
            walk = np.where(visited | self.visit[doing], slow[here, there], plain[here, there])
            begins[:, column] = np.maximum(now + walk, self.opens[doing])
            on = column < length
            possible &= ~on | (begins[:, column] <= self.closes[doing])
            here = np.where(on, self.leaves[doing], here)
            now = np.where(on, begins[:, column] + self.takes[doing], now)
            visited = np.where(on, self.visit[doing], visited)
        back = np.where(visited, slow[here, who.finish], plain[here, who.finish])
        return possible & (now + back <= who.until_s), begins


def tour_of(problem: Problem, team: int, doing: Sequence[Activity], begins: Sequence[int]) -> Tour:
    """Leave just in time for the first activity, and return from the last at once.

    Parameters
    ----------
    problem
        The problem.
    team
        Row of the team.
    doing
        Its activities in order, at least one.
    begins
        When each begins, in seconds after the start of the shift.
    """
    who = problem.teams[team]
    seconds = problem.journeys[who.mode].seconds
    steps = tuple(
        Step(one.kind, one.source, one.zone, one.place, one.leaves, begin, begin + one.stay)
        for one, begin in zip(doing, begins, strict=True)
    )
    out = int(seconds[who.start, steps[0].place])
    back = int(seconds[steps[-1].leaves, who.finish])
    return Tour(team, steps, steps[0].arrive_s - out, steps[-1].leave_s + back)


def within_gaps(doing: Sequence[int], activities: Sequence[Activity], most: int) -> list[int]:
    """Leave out the visits of least worth where more than so many lie between two commitments.

    A route without commitments has no gaps.

    Parameters
    ----------
    doing
        Rows of activities, in order.
    activities
        The table of them.
    most
        Visits a gap.
    """
    committed, longest, visits = False, 0, 0
    for row in doing:
        kind = activities[row].kind
        visits = visits + 1 if kind == VISIT else 0
        longest = max(longest, visits)
        committed |= kind == COMMITMENT
    if not committed or longest <= most:
        return list(doing)
    gaps: list[list[int]] = [[]]
    for row in doing:
        if activities[row].kind == VISIT:
            gaps[-1].append(row)
        else:
            gaps.append([])
    kept = set()
    for gap in gaps:
        # What is demanded stays before what is worth more.
        rank = {row: (activities[row].group < 0, -activities[row].worth) for row in gap}
        kept |= set(sorted(gap, key=rank.__getitem__)[:most])
    return [row for row in doing if activities[row].kind != VISIT or row in kept]
