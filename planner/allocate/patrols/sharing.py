"""Plans that share zones out among some nights, so that each is seen in one of them.

The zones are put in order of the direction in which they lie from the first post, so that those of
a night lie together, and cut into as many parts as there are nights. Each night's plan sees its
part and covers what it can beside; what it has no time for goes to the next night. In which
direction the first night goes is the seed's to say. Of each night's plan there are variants, which
see the same part.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.allocate.patrols.activities import COMMITMENT, MEAL, VISIT
from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols
from planner.allocate.patrols.timing import Tour, visits_made
from planner.allocate.patrols.variety import Night, night_plans

# How many plans a night has, and what variants cover at least, as a share of the first.
VARIANTS, LEAST_COVER = 12, 0.93


def sharing_plans(
    problem: Problem,
    best: Sequence[Tour],
    zones: np.ndarray,
    nights: int,
    effort: Effort,
    visits: int = 1,
) -> tuple[Night, ...]:
    """Make plans of which each sees its part of some zones.

    Parameters
    ----------
    problem, best
        The problem of one night, and its best plan; what this does of the demands, all do.
    zones
        Rows of the zones that must be seen, shape (n,).
    nights
        In how many nights.
    effort
        How long to search for each plan.
    visits
        How often a zone must be seen in its night.

    Returns
    -------
    tuple of Night
        Each night's, and its variants; what does less than it must is left out.
    """
    must = _done(problem, best)
    order = _by_direction(problem, zones)
    order = np.roll(order, int(np.random.default_rng(effort.seed).integers(max(1, len(order)))))
    found: list[Night] = []
    late: list[int] = []
    for number, part in enumerate(np.array_split(order, nights)):
        asked = [*part.tolist(), *late]
        least = dict(problem.minimum)
        least |= {zone: max(visits, least.get(zone, 0)) for zone in asked}
        wished = replace(problem, minimum=least, wishes=True)
        mine = replace(effort, seed=effort.seed + number)
        solved = solve_patrols(wished, mine)
        if must <= _done(problem, solved.tours):
            seen = visits_made(solved.tours)
            late = [zone for zone in asked if seen[zone] < visits]
            must_here = _done(wished, solved.tours)
            found += [
                night
                for night in night_plans(wished, solved, mine, VARIANTS, LEAST_COVER)
                if must_here <= _done(wished, night.tours)
            ]
        else:
            late = asked
    return tuple(found)


def _by_direction(problem: Problem, zones: np.ndarray) -> np.ndarray:
    """Return the zones that can be visited, round the first team's post."""
    options, points = problem.options, problem.journeys[0].points
    place = dict(zip(options.zone.tolist(), options.place.tolist(), strict=True))
    there = np.array([zone for zone in zones.tolist() if zone in place], dtype=int)
    where = points[[place[zone] for zone in there.tolist()]].reshape(-1, 2)
    east, north = (where - points[problem.teams[0].start]).T
    ordered: np.ndarray = there[np.argsort(np.arctan2(north, east), kind="stable")]
    return ordered


def _done(problem: Problem, tours: Sequence[Tour]) -> frozenset[tuple[str, int]]:
    """List what tours do of what every night must: commitments, meals, and visits."""
    steps = [step for tour in tours for step in tour.steps]
    seen = visits_made(tours)
    return frozenset(
        [(COMMITMENT, step.source) for step in steps if step.kind == COMMITMENT]
        + [(MEAL, tour.team) for tour in tours for step in tour.steps if step.kind == MEAL]
        + [(VISIT, zone) for zone, least in problem.minimum.items() if seen[zone] >= least]
    )
