"""Patrol routes: team orienteering with time windows, by pooled search and set packing.

Model
-----
Places 0..k-1, teams j = 1..m with a start, a finish, a span [e(j), l(j)] and times t(j, a, b)
between places, a reserve r, and activities: visits v with a window [a(v), b(v)], a dwell d(v) and
a worth p(v) (:mod:`planner.allocate.patrols.options`), and commitments c, whose windows and
lengths are given. Binary y(v) says whether v is visited, x(v, w, j) whether team j goes from v to
w, s(v) when v begins:

    maximise    what the visits cover (:mod:`planner.allocate.patrols.worth`), about sum p(v) y(v)
    subject to  each team goes from its start through its activities to its finish within its span,
                s(w) >= s(v) + d(v) + t(j, v, w)                  between commitments,
                s(w) >= s(v) + (d(v) + t(j, v, w)) / (1 - r)      where v or w is a visit,
                a(v) <= s(v) <= b(v),
                every commitment is done by a team that may do it, every team takes its meal,
                at most g visits between two commitments of a team,
                each zone is visited as often as is demanded,
                what two teams do together begins at one moment for both.

Dividing what takes time by 1 - r spreads the reserve over the gaps between commitments: after each
stop a team is free for a call for r / (1 - r) times as long as it worked, and the plan still holds.

PyVRP (Wouda, Lan and Kool, 2024, "PyVRP: a high-performance VRP solver package") searches from
several seeds; the routes that it accepts on its way are a pool, over which a set packing
(:mod:`planner.allocate.patrols.packing`) finds those that fit together best. From what it chose
the search begins again. How near the answer is to the best possible is told by
:mod:`planner.allocate.patrols.bound`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.allocate.legs import stretched
from planner.allocate.patrols.activities import (
    COMMITMENT,
    VISIT,
    Activity,
    activities_of,
    can_be_done,
)
from planner.allocate.patrols.conflicts import Demand, DemandsConflict, conflicting
from planner.allocate.patrols.goals import goal_of
from planner.allocate.patrols.pool import Pool
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.rounds import Effort, Patrols, best_of_rounds
from planner.allocate.patrols.routing import Route_
from planner.allocate.patrols.timing import Tour, visits_made
from planner.allocate.patrols.wishes import best_with_wishes, wishes_met

# A team makes about 15 visits in a shift. A search among a few times as many found better plans
# in the same time than one among all.
CHOICES_PER_TEAM = 60
FEWEST_CHOICES = 150
MOMENTS = (0.0, 0.5, 1.0, 0.25, 0.75)


@dataclass(frozen=True)
class Hint:
    """What a team could do, from an earlier plan: zones and ends of windows, and commitments."""

    team: int
    doing: tuple[tuple[str, int, int], ...]


def solve_patrols(problem: Problem, effort: Effort, hints: Sequence[Hint] = ()) -> Patrols:
    """Plan routes that cover as much as can be found.

    Parameters
    ----------
    problem, effort
        What is asked, and how long to search.
    hints
        Routes of an earlier plan; what is not possible any more is left out of them.

    Raises
    ------
    DemandsConflict
        If no way was found to do all that is demanded, and demands are no wishes.
    """
    chosen = best_options(problem)
    needed: dict[int, int] = {}
    solved = _solved(problem, chosen, needed, effort, hints)
    # What is demanded of one zone may take the place of another's visits: ask again for both.
    while solved is not None and (unmet := _unmet(problem, solved)):
        asked = needed | _possible(problem, chosen, unmet)
        if asked == needed:
            return solved
        needed = asked
        solved = _solved(problem, chosen, needed, effort, hints)
    if solved is None:
        raise DemandsConflict(conflicting(_still_demanded(problem), effort.seed))
    return solved


def best_options(problem: Problem) -> np.ndarray:
    """Return the rows of the best options, and all of the zones that must or may be visited."""
    options = problem.options
    possible = np.flatnonzero(_reachable(problem))
    most = max(FEWEST_CHOICES, CHOICES_PER_TEAM * len(problem.teams))
    best = possible[np.argsort(-options.worth[possible], kind="stable")[:most]]
    best = best[options.worth[best] > 0]
    needed = possible[np.isin(options.zone[possible], [*problem.minimum, *problem.considered])]
    return np.union1d(best, needed)


def _reachable(problem: Problem) -> np.ndarray:
    """Tell which options some team can make at all."""
    options, possible = problem.options, np.zeros(len(problem.options), dtype=bool)
    takes = stretched(options.dwell_s.astype(float), problem.reserve)
    for rows in problem.kinds:
        team = problem.teams[rows[0]]
        seconds = stretched(problem.journeys[team.mode].seconds, problem.reserve)
        first = np.maximum(options.opens, team.from_s + seconds[team.start, options.place])
        last = team.until_s - takes - seconds[options.place, team.finish]
        able = options.officers <= team.officers
        possible |= able & (first <= np.minimum(options.closes, last))
    return possible


def _solved(
    problem: Problem,
    chosen: np.ndarray,
    needed: Mapping[int, int],
    effort: Effort,
    hints: Sequence[Hint],
) -> Patrols | None:
    options = problem.options
    together = any(commitment.together > 1 for commitment in problem.commitments)
    together |= bool((options.together[np.isin(options.zone, list(needed))] > 1).any())
    best: tuple[float, float] | None = None
    solved: Patrols | None = None
    for moment in MOMENTS if together else MOMENTS[:1]:
        activities = activities_of(problem, chosen, needed, moment)
        if not activities:
            return Patrols((), 0.0, "nothing to choose", (), Pool((), {}), ())
        known = [_hinted(problem, activities, hint) for hint in hints]
        wished = any(one.wished for one in activities)
        search = best_with_wishes if wished else best_of_rounds
        found = search(problem, activities, effort, goal_of(problem), known)
        if found is None:
            continue
        met = wishes_met(found)
        if best is None or (met, found.value) > best:
            best, solved = (met, found.value), found
        if not problem.wishes or _all_together(problem, found):
            return solved
    return solved


def _all_together(problem: Problem, solved: Patrols) -> bool:
    """Tell whether all that two teams must do together is done; else another moment may help."""
    done = {step.source for tour in solved.tours for step in tour.steps if step.kind == COMMITMENT}
    return all(
        one.together < 2 or row in done or not can_be_done(problem, one)
        for row, one in enumerate(problem.commitments)
    )


def times_seen(problem: Problem, tours: Sequence[Tour]) -> Counter[int]:
    """Count the visits to each zone that were or will be made; two teams together make one."""
    return Counter(problem.made.zone.tolist()) + visits_made(tours)


def _hinted(problem: Problem, activities: Sequence[Activity], hint: Hint) -> Route_:
    """Find a hint's activities again; of a pair that two teams do together either half."""
    rows: dict[tuple[str, int, int], list[int]] = {}
    for row, one in enumerate(activities):
        visit = one.kind == VISIT
        key = (one.kind, one.zone, one.closes) if visit else (one.kind, one.source, 0)
        rows.setdefault(key, []).append(row)
    kind = next(at for at, teams in enumerate(problem.kinds) if hint.team in teams)
    return kind, tuple(rows[key][0] for key in hint.doing if key in rows)


def _unmet(problem: Problem, solved: Patrols) -> dict[int, int]:
    """Return how many visits must be chosen of each zone that has fewer than are demanded."""
    counts = times_seen(problem, solved.tours)
    steps = [step for tour in solved.tours for step in tour.steps if step.kind == VISIT]
    free = Counter({step.source: step.zone for step in steps}.values())
    return {
        zone: least - counts[zone] + free[zone]
        for zone, least in problem.minimum.items()
        if counts[zone] < least
    }


def _possible(problem: Problem, chosen: np.ndarray, unmet: Mapping[int, int]) -> dict[int, int]:
    """Return what is asked for again: where demands are wishes, no more than there are options."""
    zones = problem.options.zone[chosen]
    most = {zone: int((zones == zone).sum()) for zone in unmet}
    for zone, visits in unmet.items():
        if visits > most[zone] and not problem.wishes:
            raise DemandsConflict((Demand(zone=zone, visits=visits),))
    return {zone: min(visits, most[zone]) for zone, visits in unmet.items() if most[zone]}


def _still_demanded(problem: Problem) -> Problem:
    """Take the visits that were made off the demands."""
    made = Counter(problem.made.zone.tolist())
    left = {zone: least - made[zone] for zone, least in problem.minimum.items()}
    return replace(problem, minimum={zone: least for zone, least in left.items() if least > 0})
