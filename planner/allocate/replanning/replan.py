"""Planning the rest of a shift again: after calls, and from where the teams are now.

What was walked stays fixed. The nearest team goes to a call at once: it breaks off a visit, but
neither a duty nor a meal. Then the rest of the shift is a patrol problem of its own
(:mod:`planner.allocate.patrols.solving`): each team begins where and when it is free, duties that
are not done keep their windows, and the visits that were made count for what they still cover and
for the gap to the next. Demands that can't be met any more are left undone, as few as possible,
and said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.allocate.legs import Place, whole_seconds
from planner.allocate.patrols.activities import COMMITMENT, MEAL, VISIT
from planner.allocate.patrols.pool import cover_of
from planner.allocate.patrols.problem import Commitment, Made, Problem, Team
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import Hint, solve_patrols
from planner.allocate.patrols.timing import Step, Tour
from planner.allocate.question.question import Question, apart_from
from planner.allocate.replanning.earlier_calls import CALL_KEY, is_call, with_places
from planner.allocate.replanning.walked import Walked, walked_by

QUICK = Effort(seed=1, tries=2, iterations=200, packings=3)


@dataclass(frozen=True)
class Call:
    """Something that a team must go to at once.

    Attributes
    ----------
    name
        What people call it.
    place
        Where it is.
    minutes
        How long it takes there.
    at_s
        When it came in, in seconds after the start of the shift.
    """

    name: str
    place: Place
    minutes: float
    at_s: int


@dataclass(frozen=True)
class Replanned:
    """The rest of a shift, planned again.

    Attributes
    ----------
    question
        The question with its new places, and calls among its commitments.
    tours
        What each team did and is to do in all of the shift.
    before, after
        What the plan covered in all of the shift, and covers now.
    went
        Row of the team that goes to each call.
    missed
        Rows of the commitments that can't be done any more.
    rest, rest_tours
        The problem of the rest of the shift, and its answer.
    """

    question: Question
    tours: tuple[Tour, ...]
    before: float
    after: float
    went: tuple[int, ...]
    missed: tuple[int, ...]
    rest: Problem
    rest_tours: tuple[Tour, ...]


def replan(
    question: Question,
    tours: Sequence[Tour],
    now_s: int,
    calls: Sequence[Call] = (),
    positions: Mapping[int, Place] | None = None,
    effort: Effort = QUICK,
) -> Replanned:
    """Plan the rest of a shift again.

    Parameters
    ----------
    question, tours
        What was asked, and the plan so far.
    now_s
        The moment, in seconds after the start of the shift.
    calls
        What came in.
    positions
        Where teams are now, by their rows; the others are where the plan has them.
    effort
        How long to search.

    Raises
    ------
    Infeasible
        If no plan keeps the teams' own hours.
    """
    wider, at_calls, at_positions = _with_places(question, calls, positions or {})
    walked = list(walked_by(wider, tours, now_s))
    for row, place in at_positions.items():
        if walked[row].free_s <= now_s:
            walked[row] = replace(walked[row], place=place)
    wider, went = _send(wider, walked, calls, at_calls, now_s)
    rows = _still_to_do(wider.problem, walked, now_s)
    rest = _rest(wider, walked, rows, now_s)
    hints = [_hint(wider.problem, one, rows) for one in walked]
    solved = solve_patrols(rest, effort, hints)
    whole = _joined(wider.problem, walked, rest, solved.tours, rows)
    done = {step.source for tour in whole for step in tour.steps if step.kind == COMMITMENT}
    missed = tuple(row for row in range(len(wider.problem.commitments)) if row not in done)
    bare = replace(wider.problem, made=question.problem.made)
    before, now = cover_of(question.problem, tours), cover_of(bare, whole)
    return Replanned(wider, whole, before, now, went, missed, rest, solved.tours)


def _with_places(
    question: Question, calls: Sequence[Call], positions: Mapping[int, Place]
) -> tuple[Question, list[int], dict[int, int]]:
    """Add places to a question; return their rows too."""
    count = len(question.places)
    added = [*(call.place for call in calls), *positions.values()]
    last = count + len(added)
    rows = dict(zip(positions, range(count + len(calls), last), strict=True))
    return with_places(question, added), list(range(count, count + len(calls))), rows


def _send(
    question: Question,
    walked: list[Walked],
    calls: Sequence[Call],
    places: Sequence[int],
    now_s: int,
) -> tuple[Question, tuple[int, ...]]:
    """Send the nearest team to each call, in the order in which they came in."""
    commitments = list(question.problem.commitments)
    first = sum(is_call(one) for one in commitments)
    went: dict[int, int] = {}
    for number in sorted(range(len(calls)), key=lambda one: calls[one].at_s):
        call, place = calls[number], places[number]
        takes = round(call.minutes * 60)
        asked = max(now_s, call.at_s)
        reach = {row: _arrives(question.problem, one, place, asked) for row, one in
                 enumerate(walked)}  # fmt: skip
        row = min(reach, key=lambda one: (reach[one], one))
        arrive = reach[row]
        step = Step(COMMITMENT, len(commitments), -1, place, place, arrive, arrive + takes)
        commitments.append(
            Commitment(
                f"{CALL_KEY}{first + number}]",
                f"Call: {call.name}",
                place,
                place,
                arrive,
                arrive,
                takes,
            )
        )
        walked[row] = _gone(walked[row], step, asked)
        went[number] = row
    problem = replace(question.problem, commitments=tuple(commitments))
    return replace(question, problem=problem), tuple(went[number] for number in range(len(calls)))


def _arrives(problem: Problem, one: Walked, place: int, asked: int) -> int:
    """Return when a team would reach a place; it breaks off visits, not duties and meals."""
    team = problem.teams[one.team]
    breaks_off = not one.steps or one.steps[-1].kind == VISIT or one.steps[-1].leave_s <= asked
    leaves = max(asked, team.from_s) if breaks_off else max(asked, one.free_s)
    return leaves + int(problem.journeys[team.mode].seconds[one.place, place])


def _gone(one: Walked, step: Step, asked: int) -> Walked:
    """Let a team go to a call: a visit that it breaks off ends then."""
    steps = list(one.steps)
    if steps and steps[-1].kind == VISIT and steps[-1].leave_s > asked:
        steps[-1] = replace(steps[-1], leave_s=max(asked, steps[-1].arrive_s))
    return replace(one, steps=(*steps, step), place=step.leaves, free_s=step.leave_s)


def _still_to_do(problem: Problem, walked: Sequence[Walked], now_s: int) -> list[int]:
    """Return the rows of the commitments that are not done and not too late."""
    done = {step.source for one in walked for step in one.steps if step.kind == COMMITMENT}
    return [
        row
        for row, one in enumerate(problem.commitments)
        if row not in done and one.closes_s >= now_s
    ]


def _rest(question: Question, walked: Sequence[Walked], rows: Sequence[int], now_s: int) -> Problem:
    """Return the problem of the rest of the shift."""
    problem = question.problem
    made = _made(problem, walked)
    commitments = tuple(
        replace(problem.commitments[row], opens_s=max(problem.commitments[row].opens_s, now_s))
        for row in rows
    )
    gap_s = whole_seconds(question.scenario.patrols.gap_minutes)
    options = problem.options
    moved = np.where(options.together > 1, options.opens, np.maximum(options.opens, now_s))
    options = replace(options, opens=moved).only(np.flatnonzero(moved <= options.closes))
    options = apart_from(options, made, commitments, gap_s)
    return replace(
        problem,
        teams=tuple(_team(problem, one) for one in walked),
        commitments=commitments,
        options=options.only(np.flatnonzero(options.opens >= now_s)),
        made=made,
        wishes=True,
    )


def _team(problem: Problem, one: Walked) -> Team:
    team = problem.teams[one.team]
    eaten = any(step.kind == MEAL for step in one.steps)
    until = max(team.until_s, one.free_s + _home(problem, team, one.place))
    return replace(
        team,
        start=one.place,
        from_s=one.free_s,
        # Who is kept beyond the shift by a call goes home from there.
        until_s=until,
        meal=None if eaten else team.meal,
    )


def _home(problem: Problem, team: Team, place: int) -> int:
    return int(problem.journeys[team.mode].seconds[place, team.finish])


def _made(problem: Problem, walked: Sequence[Walked]) -> Made:
    steps = [step for one in walked for step in one.steps if step.zone >= 0]
    before = problem.made
    return Made(
        np.concatenate([before.zone, np.array([step.zone for step in steps], dtype=int)]),
        np.concatenate([before.begins, np.array([step.arrive_s for step in steps], dtype=int)]),
        np.concatenate([before.ends, np.array([step.leave_s for step in steps], dtype=int)]),
    )


def _hint(problem: Problem, one: Walked, rows: Sequence[int]) -> Hint:
    """Return what a team had still to do, as the rest of the shift counts it."""
    doing: list[tuple[str, int, int]] = []
    for step in one.left:
        if step.kind == VISIT:
            doing.append((VISIT, step.zone, int(problem.options.closes[step.source])))
        elif step.kind == COMMITMENT and step.source in rows:
            doing.append((COMMITMENT, rows.index(step.source), 0))
    return Hint(one.team, tuple(doing))


def _joined(
    problem: Problem,
    walked: Sequence[Walked],
    rest: Problem,
    tours: Sequence[Tour],
    rows: Sequence[int],
) -> tuple[Tour, ...]:
    """Put what was walked and what is planned together; rows become those of the whole problem."""
    later = {tour.team: tour for tour in tours}
    joined = []
    for one in walked:
        mine = later.get(one.team)
        steps = (*one.steps, *(_in_whole(problem, rest, step, rows) for step in
                               (() if mine is None else mine.steps)))  # fmt: skip
        if not steps:
            continue
        team = problem.teams[one.team]
        seconds = problem.journeys[team.mode].seconds
        starts = steps[0].arrive_s - int(seconds[team.start, steps[0].place])
        ends = steps[-1].leave_s + int(seconds[steps[-1].leaves, team.finish])
        joined.append(Tour(one.team, steps, starts, ends))
    return tuple(joined)


def _in_whole(problem: Problem, rest: Problem, step: Step, rows: Sequence[int]) -> Step:
    if step.kind == COMMITMENT:
        return replace(step, source=rows[step.source])
    if step.kind == MEAL:
        team = rest.kinds[step.source][0]
        kind = next(at for at, teams in enumerate(problem.kinds) if team in teams)
        return replace(step, source=kind)
    options = problem.options
    mine = (options.zone == step.zone) & (options.opens <= step.arrive_s)
    row = np.flatnonzero(mine & (options.closes >= step.arrive_s))
    return replace(step, source=int(row[0]))
