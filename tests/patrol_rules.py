"""The rules of patrol plans, written from what they promise and not from how they are solved.

``broken_rules`` lists in words whatever a plan breaks. A stretch is what lies between two things
of a team that are no visits to choose: its commitments, its meal, and the ends of its hours.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from planner.allocate.patrols.problem import Problem
from planner.allocate.patrols.timing import Step, Tour

MOMENTS_S = 60


def broken_rules(problem: Problem, tours: Sequence[Tour], gap_s: int) -> list[str]:
    """Whatever a plan breaks, in words; nothing of a good plan."""
    rows = [tour.team for tour in tours]
    found = [f"team {row} has several tours" for row in set(rows) if rows.count(row) > 1]
    for tour in tours:
        found += [f"team {tour.team}: {words}" for words in _of_tour(problem, tour)]
    found += [*_together(problem, tours), *_gaps(problem, tours, gap_s)]
    found += [*_far_apart(problem, tours)]
    if not problem.wishes:
        found += [*_undone(problem, tours)]
    return found


def _of_tour(problem: Problem, tour: Tour) -> Iterator[str]:
    team = problem.teams[tour.team]
    seconds = problem.journeys[team.mode].seconds
    if not team.from_s <= tour.starts_s <= tour.ends_s <= team.until_s:
        yield f"out from {tour.starts_s} to {tour.ends_s}, not within its hours"
    leaves = [(team.start, tour.starts_s), *((step.leaves, step.leave_s) for step in tour.steps)]
    comes = [*((step.place, step.arrive_s) for step in tour.steps), (team.finish, tour.ends_s)]
    for (here, left), (there, came) in zip(leaves, comes, strict=True):
        if came - left < seconds[here, there]:
            yield f"from {here} to {there} in {came - left} s instead of {seconds[here, there]} s"
    for step in tour.steps:
        yield from _of_step(problem, tour, step)
    meals = sum(step.kind == "meal" for step in tour.steps)
    if meals > (team.meal is not None):
        yield f"{meals} meals"
    yield from _of_stretches(problem, tour)


def _of_step(problem: Problem, tour: Tour, step: Step) -> Iterator[str]:
    team = problem.teams[tour.team]
    words = f"{step.kind} {step.source}"
    if step.kind == "visit":
        options, row = problem.options, step.source
        asked = (
            int(options.zone[row]), int(options.place[row]), int(options.place[row]),
            int(options.dwell_s[row]), int(options.opens[row]), int(options.closes[row]),
        )  # fmt: skip
        able = int(options.officers[row]) <= team.officers
    elif step.kind == "commitment":
        one = problem.commitments[step.source]
        asked = (one.zone, one.place, one.leaves, one.service_s, one.opens_s, one.closes_s)
        able = one.needs <= team.can and one.officers <= team.officers
        able = able and one.team in (-1, tour.team)
    elif team.meal is None:
        yield f"{words}: has none"
        return
    else:
        meal = team.meal
        asked = (-1, meal.place, meal.place, meal.service_s, meal.opens_s, meal.closes_s)
        able = tour.team in problem.kinds[step.source]
    *where_and_how_long, opens, closes = asked
    if [step.zone, step.place, step.leaves, step.leave_s - step.arrive_s] != where_and_how_long:
        yield f"{words}: elsewhere, or not as long as asked"
    if not opens <= step.arrive_s <= closes:
        yield f"{words}: begins at {step.arrive_s}, not between {opens} and {closes}"
    if not able:
        yield f"{words}: may not do it"


def _of_stretches(problem: Problem, tour: Tour) -> Iterator[str]:
    """Each stretch must keep its reserve, and hold no more visits than are allowed."""
    team = problem.teams[tour.team]
    seconds = problem.journeys[team.mode].seconds
    anything = any(step.kind == "commitment" for step in tour.steps)
    here, since, used, visits = team.start, team.from_s, 0, 0
    ends = [*((step, step.place, step.arrive_s) for step in tour.steps),
            (None, team.finish, team.until_s)]  # fmt: skip
    for step, place, begins in ends:
        used += int(seconds[here, place])
        if step is not None and step.kind == "visit":
            used, visits, here = used + step.leave_s - step.arrive_s, visits + 1, step.leaves
            continue
        if visits and used > (1 - problem.reserve) * (begins - since) + 1e-6:
            yield f"{used} s used of the {begins - since} s from {since} on"
        if anything and visits > problem.visits_a_gap:
            yield f"{visits} visits between two commitments"
        if step is not None:
            here, since, used, visits = step.leaves, step.leave_s, 0, 0


def _together(problem: Problem, tours: Sequence[Tour]) -> Iterator[str]:
    """Who does something: as many different teams as it takes, all at one moment."""
    doing = _doing(tours)
    for (kind, source), moments in doing.items():
        if kind == "meal":
            continue
        many = (
            int(problem.options.together[source]) if kind == "visit"
            else problem.commitments[source].together
        )  # fmt: skip
        if len(moments) != many or len({team for team, _ in moments}) != many:
            yield f"{kind} {source} is done by {len(moments)} instead of {many}"
        if len({step.arrive_s for _, step in moments}) > 1:
            yield f"{kind} {source} is not done at one moment"


def _doing(tours: Sequence[Tour]) -> dict[tuple[str, int], list[tuple[int, Step]]]:
    doing: dict[tuple[str, int], list[tuple[int, Step]]] = defaultdict(list)
    for tour in tours:
        for step in tour.steps:
            doing[step.kind, step.source].append((tour.team, step))
    return doing


def visits_by_zone(
    problem: Problem, tours: Sequence[Tour]
) -> dict[int, list[tuple[int, int, str]]]:
    """When each zone is visited and why; what two teams do together, and what was made, once."""
    found: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for (kind, _), moments in _doing(tours).items():
        step = moments[0][1]
        if step.zone >= 0:
            found[step.zone].append((step.arrive_s, step.leave_s, kind))
    made = problem.made
    for zone, begin, end in zip(made.zone, made.begins, made.ends, strict=True):
        found[int(zone)].append((int(begin), int(end), "made"))
    return {zone: sorted(visits) for zone, visits in found.items()}


def _gaps(problem: Problem, tours: Sequence[Tour], gap_s: int) -> Iterator[str]:
    for zone, visits in visits_by_zone(problem, tours).items():
        for number, (begin, end, kind) in enumerate(visits):
            for later, _, other in visits[number + 1 :]:
                # What is asked for at stated hours, or has been, is no choice of the plan's.
                if "visit" in (kind, other) and later - end < gap_s:
                    yield f"zone {zone}: left at {end}, visited again at {later} (from {begin})"


def _undone(problem: Problem, tours: Sequence[Tour]) -> Iterator[str]:
    doing = _doing(tours)
    for row, one in enumerate(problem.commitments):
        if ("commitment", row) not in doing:
            yield f"{one.key} is not done"
    seen = visits_by_zone(problem, tours)
    for zone, least in problem.minimum.items():
        if len(seen.get(zone, [])) < least:
            yield f"zone {zone} has {len(seen.get(zone, []))} of {least} visits"
    having = {tour.team for tour in tours for step in tour.steps if step.kind == "meal"}
    for row, team in enumerate(problem.teams):
        if team.meal is not None and row not in having:
            yield f"team {row} has no meal"


def _far_apart(problem: Problem, tours: Sequence[Tour]) -> Iterator[str]:
    """No team that is out is too far from the nearest other, looked at every five minutes."""
    if problem.apart_s is None:
        return
    for tour in tours:
        first = min(team.from_s for team in problem.teams)
        for at in range(first, tour.ends_s + 1, MOMENTS_S):
            if at < tour.starts_s:
                continue
            near = min(
                (_apart(problem, tour.team, other, tours, at) for other in range(len(problem.teams))
                 if other != tour.team), default=10**9,
            )  # fmt: skip
            if near > problem.apart_s:
                yield f"team {tour.team} is {near} s from the nearest other at {at}"


def _apart(problem: Problem, team: int, other: int, tours: Sequence[Tour], at: int) -> int:
    """How long another team takes to one, over the ends of the legs that they are on."""
    coming = problem.teams[other]
    if not coming.from_s <= at <= coming.until_s:
        return 10**9
    seconds = problem.journeys[coming.mode].seconds
    return min(
        left + int(seconds[there, here]) + more
        for here, more in _where(problem, team, tours, at)
        for there, left in _where(problem, other, tours, at)
    )


def _where(problem: Problem, team: int, tours: Sequence[Tour], at: int) -> list[tuple[int, int]]:
    """The places that a team is at or between, and how many seconds it is from each."""
    who = problem.teams[team]
    mine = [tour for tour in tours if tour.team == team]
    if not mine or at < mine[0].starts_s:
        return [(who.start, 0)]
    seconds = problem.journeys[who.mode].seconds
    here, left = who.start, mine[0].starts_s
    for step in (*mine[0].steps, None):
        there = who.finish if step is None else step.place
        walk = int(seconds[here, there])
        if at < left + walk:
            return [(here, at - left), (there, left + walk - at)]
        if step is None or at < step.arrive_s:
            return [(there, 0)]
        if at < step.leave_s:
            return [(step.place, 0)]
        here, left = step.leaves, step.leave_s
    return [(who.finish, 0)]
