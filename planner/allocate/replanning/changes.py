"""What a plan that was made anew in mid-shift changes, and what that costs, in words."""

from collections.abc import Sequence

from planner.allocate.patrols.timing import Step, Tour
from planner.allocate.question.question import Question
from planner.allocate.replanning.replan import Replanned
from planner.clock import after

NAMED = 8


def change_words(question: Question, before: Sequence[Tour], now: Replanned) -> tuple[str, ...]:
    """Say what changed: who goes to calls, what was dropped, added, moved, missed, and the cost."""
    texts = [_went_words(now, number) for number in range(len(now.went))]
    old = _by_stop(question, before)
    new = _by_stop(now.question, now.tours)
    lost = [_stop_words(question, *old[key]) for key in old if key not in new]
    found = [_stop_words(now.question, *new[key]) for key in new if key not in old and
             not key[0].startswith("Call: ")]  # fmt: skip
    moved = [
        f"{key[0]} from team {_team(question, old[key][0])} to team {_team(question, new[key][0])}"
        for key in old
        if key in new and old[key][0].team != new[key][0].team
    ]
    texts += _listed("Dropped", lost) + _listed("Added", found) + _listed("Handed over", moved)
    missed = [now.question.problem.commitments[row].name for row in now.missed]
    texts += _listed("Can't be done any more", missed)
    total = question.need.total
    texts.append(
        f"The shift covers {now.after / total:.1%} of the expected {question.need.noun}; the plan "
        f"before covered {now.before / total:.1%}."
    )
    return tuple(texts)


def _went_words(now: Replanned, number: int) -> str:
    row = now.went[number]
    commitments = now.question.problem.commitments
    # Calls are the last of the commitments.
    call = len(commitments) - len(now.went) + number
    team = now.question.problem.teams[row]
    step = next(
        step
        for tour in now.tours
        if tour.team == row
        for step in tour.steps
        if step.kind == "commitment" and step.source == call
    )
    return (
        f"Team {team.name} goes to {commitments[call].name.removeprefix('Call: ')}: there by "
        f"{_clock(now.question, step.arrive_s)}, free at {_clock(now.question, step.leave_s)}."
    )


Key = tuple[str, int]


def _by_stop(question: Question, tours: Sequence[Tour]) -> dict[Key, tuple[Tour, Step]]:
    """Name stops by what they are and their number of that name: the second visit is another."""
    found: dict[Key, tuple[Tour, Step]] = {}
    every = sorted(
        ((step.arrive_s, tour.team, step, tour) for tour in tours for step in tour.steps),
        key=lambda one: one[:2],
    )
    count: dict[str, int] = {}
    for _, _, step, tour in every:
        name = _name(question, tour, step)
        count[name] = count.get(name, 0) + 1
        found[name, count[name]] = (tour, step)
    return found


def _name(question: Question, tour: Tour, step: Step) -> str:
    if step.kind == "meal":
        return f"Meal break of team {_team(question, tour)}"
    if step.kind == "commitment":
        return question.problem.commitments[step.source].name
    return str(question.picture.estate.zones["name"].iloc[step.zone])


def _stop_words(question: Question, tour: Tour, step: Step) -> str:
    name = _name(question, tour, step)
    return f"{name} {_clock(question, step.arrive_s)} (team {_team(question, tour)})"


def _listed(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f", and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return [f"{what}: {', '.join(names[:NAMED])}{more}."]


def _team(question: Question, tour: Tour) -> str:
    return question.problem.teams[tour.team].name


def _clock(question: Question, seconds: int) -> str:
    return f"{after(question.shift.starts_at, seconds):%H:%M}"
