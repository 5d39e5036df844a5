"""What a route can hold, one after the other: visits, commitments, and meal breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from planner.allocate.legs import stretched
from planner.allocate.patrols.problem import Commitment, Problem

VISIT, COMMITMENT, MEAL = "visit", "commitment", "meal"


@dataclass(frozen=True)
class Activity:
    """One thing that a team can do.

    Attributes
    ----------
    kind
        ``VISIT``, ``COMMITMENT`` or ``MEAL``.
    source
        Row of the option, of the commitment, or of the kind of team that takes the meal.
    place, leaves
        Rows of places where it begins and ends.
    opens, closes
        Seconds after the start of the shift between which it begins.
    stay, takes
        How long it lasts, and how much of the shift that takes with the reserve, seconds.
    allowed
        Which kinds of team may do it.
    worth
        Expected incidents that it covers.
    zone
        Row of the zone that it is a visit to; -1 for none.
    required
        Whether a plan must hold it.
    wished
        Whether it is demanded, and a plan should hold it before all that is not.
    group
        Number of the group of which a plan holds exactly one (of a wish, at most one); -1 for
        none.
    partner
        Row of the other half of what two teams do together; -1 for none.
    """

    kind: str
    source: int
    place: int
    leaves: int
    opens: int
    closes: int
    stay: int
    takes: int
    allowed: tuple[bool, ...]
    worth: float = 0.0
    zone: int = -1
    required: bool = False
    wished: bool = False
    group: int = -1
    partner: int = -1


def activities_of(
    problem: Problem, chosen: np.ndarray, needed: Mapping[int, int], moment: float = 0.0
) -> tuple[Activity, ...]:
    """List what routes can hold.

    Parameters
    ----------
    problem
        The problem.
    chosen
        Rows of the options to plan with.
    needed
        Least number of visits still to be made by zone row; each zone's options are split, in
        order of time, into a group for each.
    moment
        Where in its window, from 0 to 1, what two teams must do together begins; and where in its
        group the visit lies that two teams make, so that both mean the same.
    """
    groups = _groups(problem, chosen, needed, moment)
    listed: list[Activity] = []
    for row in chosen.tolist():
        listed += _twice_if_together(_visit(problem, row, groups), len(listed))
    for row, commitment in enumerate(problem.commitments):
        # A wish that nobody can meet would only lead the search astray.
        if problem.wishes and not can_be_done(problem, commitment):
            continue
        activity = _commitment(problem, row, commitment, moment)
        listed += _twice_if_together(activity, len(listed))
    for kind, rows in enumerate(problem.kinds):
        meal = _meal(problem, kind)
        listed += [] if meal is None else [meal] * len(rows)
    return tuple(listed)


def can_be_done(problem: Problem, commitment: Commitment) -> bool:
    """Tell whether enough teams can do what is committed to, if they do nothing else."""
    able = 0
    for row, team in enumerate(problem.teams):
        seconds = problem.journeys[team.mode].seconds
        begins = max(commitment.opens_s, team.from_s + int(seconds[team.start, commitment.place]))
        ends = begins + commitment.service_s + int(seconds[commitment.leaves, team.finish])
        in_time = begins <= commitment.closes_s and ends <= team.until_s
        able += in_time and problem.may(team, row, commitment)
    return able >= commitment.together


def _groups(
    problem: Problem, chosen: np.ndarray, needed: Mapping[int, int], moment: float
) -> dict[int, int]:
    group_of: dict[int, int] = {}
    count = 0
    for zone, visits in needed.items():
        rows = chosen[problem.options.zone[chosen] == zone]
        for whole in np.array_split(rows, visits):
            together = (problem.options.together[whole] > 1).any()
            part = whole[[round(moment * (len(whole) - 1))]] if together else whole
            group_of |= dict.fromkeys(part.tolist(), count)
            # The next number is for the second halves of what two teams do together.
            count += 2
    return group_of


def _visit(problem: Problem, row: int, groups: Mapping[int, int]) -> tuple[Activity, int]:
    options = problem.options
    dwell, together = int(options.dwell_s[row]), int(options.together[row])
    place = int(options.place[row])
    officers = int(options.officers[row])
    allowed = [problem.teams[rows[0]].officers >= officers for rows in problem.kinds]
    visit = Activity(
        VISIT, row, place, place, int(options.opens[row]), int(options.closes[row]), dwell,
        int(stretched(dwell, problem.reserve)), tuple(allowed),
        worth=float(options.worth[row]) / together, zone=int(options.zone[row]),
        wished=problem.wishes and row in groups, group=groups.get(row, -1),
    )  # fmt: skip
    return visit, together


def _commitment(
    problem: Problem, row: int, commitment: Commitment, moment: float
) -> tuple[Activity, int]:
    opens, closes = commitment.opens_s, commitment.closes_s
    if commitment.together > 1:
        opens = closes = round(opens + moment * (closes - opens))
    worth = 0.0
    if commitment.zone >= 0 and problem.worth is not None:
        at = np.array([commitment.zone]), np.array([(opens + closes) // 2])
        worth = float(problem.worth.of_visits(*at, np.array([commitment.service_s]))[0])
    allowed = [
        any(problem.may(problem.teams[team], team, commitment) for team in rows)
        for rows in problem.kinds
    ]
    activity = Activity(
        COMMITMENT, row, commitment.place, commitment.leaves, opens, closes,
        commitment.service_s, commitment.service_s, tuple(allowed),
        worth=worth / commitment.together, zone=commitment.zone,
        required=not problem.wishes, wished=problem.wishes,
    )  # fmt: skip
    return activity, commitment.together


def _twice_if_together(one: tuple[Activity, int], row: int) -> list[Activity]:
    """Give each of two teams its half; their windows are one moment, so none can do both."""
    activity, together = one
    if together < 2:
        return [activity]
    group = activity.group if activity.group < 0 else activity.group + 1
    other = replace(activity, partner=row, group=group)
    return [replace(activity, partner=row + 1), other]


def _meal(problem: Problem, kind: int) -> Activity | None:
    meal = problem.teams[problem.kinds[kind][0]].meal
    if meal is None:
        return None
    allowed = tuple(other == kind for other in range(len(problem.kinds)))
    return Activity(
        MEAL, kind, meal.place, meal.place, meal.opens_s, meal.closes_s, meal.service_s,
        meal.service_s, allowed, required=not problem.wishes, wished=problem.wishes,
    )  # fmt: skip
