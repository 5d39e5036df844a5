"""A plan made anew in mid-shift: what was walked stays, the rest is planned again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from planner import __version__
from planner.allocate.answer.choices import Chosen, choice_notes
from planner.allocate.answer.left_out import left_out
from planner.allocate.answer.notes import picture_note
from planner.allocate.answer.reasons import Reasons
from planner.allocate.audience import seen_by
from planner.allocate.patrol_plan import effort_of, undone
from planner.allocate.patrols.pool import Pool
from planner.allocate.patrols.rounds import Effort, Patrols
from planner.allocate.patrols.timing import Tour
from planner.allocate.plan import PatrolsPlan, Plan, gap_between
from planner.allocate.planning import question_of
from planner.allocate.question.places import Places
from planner.allocate.question.question import Question
from planner.allocate.replanning.changes import change_words
from planner.allocate.replanning.earlier_calls import with_earlier_calls
from planner.allocate.replanning.replan import QUICK, Call, Replanned, replan
from planner.allocate.replanning.walked import tours_of
from planner.allocate.scenario import Scenario
from planner.clock import seconds_between
from planner.errors import ScenarioError
from planner.picture import Picture
from planner.settings import Settings

NEWER = (
    "Other records, entries or decisions are known than when the plan was made; what the routes "
    "cover is counted with what is known now, hotspots and cameras are those of the plan before."
)
Position = tuple[float, float]


@dataclass(frozen=True)
class Reported:
    """Something that came in, to which a team must go.

    Attributes
    ----------
    place
        A site, post or zone by name, or longitude and latitude.
    minutes
        How long it takes there.
    at
        When it came in.
    key
        What to call it in messages.
    """

    place: str | Position
    minutes: float
    at: datetime
    key: str = "--incident"


@dataclass(frozen=True)
class Underway:
    """A plan that is being walked, read back into numbers.

    Attributes
    ----------
    question, reasons
        What it answers, with the calls that it holds, and why patrols stop where.
    tours
        What its teams do.
    places
        Puts other places on the streets.
    """

    question: Question
    reasons: Reasons
    tours: tuple[Tour, ...]
    places: Places

    def seconds(self, at: datetime, key: str) -> int:
        """Return a moment in seconds after the start of the shift.

        Raises
        ------
        ScenarioError
            If it does not lie in the shift.
        """
        shift = self.question.shift
        seconds = round(seconds_between(shift.starts_at, at))
        if not 0 <= seconds < shift.seconds:
            raise ScenarioError(
                f"{key}: {at:%Y-%m-%d %H:%M} does not lie in the plan's shift "
                f"({shift.starts_at:%Y-%m-%d %H:%M} to {shift.ends_at:%H:%M}); give a moment of it."
            )
        return seconds


def underway(picture: Picture, plan: Plan) -> Underway:
    """Read a plan back into numbers.

    Parameters
    ----------
    picture
        As the plan's audience may see it.
    plan
        A plan of this estate.

    Raises
    ------
    ScenarioError
        If the plan is of another estate or version, or holds what its scenario does not ask for.
    """
    check_made_here(picture.settings, plan)
    asked = question_of(picture, _of_its_shift(plan))
    question = with_earlier_calls(asked.question, plan)
    reasons = replace(asked.reasons, question=question)
    places = Places(picture.estate, question.walking)
    return Underway(question, reasons, tours_of(question, plan), places)


def check_made_here(settings: Settings, plan: Plan) -> None:
    """Check that a plan is of a workspace's estate, and of this version.

    Raises
    ------
    ScenarioError
        If it is not.
    """
    if plan.version != __version__:
        raise ScenarioError(
            f"The plan was made by planner {plan.version}, and this is {__version__}; plan the "
            "shift anew."
        )
    if (plan.estate.name, plan.estate.time_zone) != (
        settings.name,
        settings.time_zone,
    ):
        raise ScenarioError(
            f"The plan is for '{plan.estate.name}', and the workspace is '{settings.name}'"
            "; give a plan that was made from this workspace."
        )


def _of_its_shift(plan: Plan) -> Scenario:
    """Return a plan's scenario with its own shift written out, whatever is imported since."""
    day = date.fromisoformat(plan.shift.starts_at[:10])
    given = plan.scenario.shift
    fixed = {"date": day} if given.start is not None else {"date": day, "name": plan.shift.name}
    return plan.scenario.model_copy(update={"shift": given.model_copy(update=fixed)})


def replanned(
    picture: Picture,
    plan: Plan,
    at: datetime,
    calls: Sequence[Reported] = (),
    positions: Mapping[str, Position] | None = None,
) -> Plan:
    """Plan the rest of a shift again.

    Parameters
    ----------
    picture
        What is known now.
    plan
        The plan that is being walked.
    at
        The moment, with its time zone.
    calls
        What came in; the nearest team goes to each at once.
    positions
        Where teams are, longitude and latitude by team; the others are where the plan has them.

    Returns
    -------
    Plan
        Of the whole shift: what was walked, and what is to be done. ``patrols.changes`` says what
        changed. Its cameras, hotspots, risk and comparisons are those of the plan before.

    Raises
    ------
    ScenarioError
        If the plan was not made here, the moment is not in its shift, or a place or team is
        unknown.
    Infeasible
        If no plan keeps the teams' own hours.
    """
    picture = seen_by(picture, plan.scenario)
    now = underway(picture, plan)
    question, now_s = now.question, now.seconds(at, "--at")
    done = replan(
        question,
        now.tours,
        now_s,
        [_call(now, one, now_s) for one in calls],
        {team_row(question, team): now.places.at(where, f"position of team {team}")
         for team, where in (positions or {}).items()},
        _effort(plan.scenario),
    )  # fmt: skip
    patrols = _patrols(plan, now, done, at)
    newer = picture.fingerprint != plan.picture.fingerprint
    warnings = tuple(text for text in plan.warnings if text != NEWER)
    return plan.model_copy(
        update={
            "id": _id(picture, plan, at, calls, positions or {}),
            "picture": picture_note(picture),
            "patrols": patrols,
            "warnings": (*((NEWER,) if newer or len(warnings) < len(plan.warnings) else ()),
                         *warnings),
        }
    )  # fmt: skip


def _effort(scenario: Scenario) -> Effort:
    """Return how long to search: the teams wait for the answer."""
    usual = effort_of(scenario)
    return Effort(
        usual.seed,
        min(usual.tries, QUICK.tries),
        min(usual.iterations, QUICK.iterations),
        usual.seconds,
        QUICK.packings,
    )


def _call(now: Underway, call: Reported, now_s: int) -> Call:
    at_s = now.seconds(call.at, call.key)
    if at_s > now_s:
        raise ScenarioError(
            f"{call.key}: {call.at:%H:%M} is later than --at; give when it came in, or a later "
            "--at."
        )
    if isinstance(call.place, str):
        place = now.places.named(call.place, call.key)
        return Call(place.name, place, call.minutes, at_s)
    place = now.places.at(call.place, call.key)
    longitude, latitude = call.place
    return Call(f"{longitude:.5f}, {latitude:.5f}", place, call.minutes, at_s)


def team_row(question: Question, name: str) -> int:
    """Return the row of a team by its name.

    Raises
    ------
    ScenarioError
        If there is none of that name.
    """
    team = question.problem.team_named(name)
    if team is None:
        teams = ", ".join(one.name for one in question.problem.teams)
        raise ScenarioError(f"There is no team '{name}' in the plan; its teams are {teams}.")
    return team


def _patrols(plan: Plan, now: Underway, done: Replanned, at: datetime) -> PatrolsPlan:
    question, tours = done.question, done.tours
    covered = done.after / question.need.total
    bound = max(plan.patrols.bound, covered)
    chosen = Chosen("The shift as it goes on", "planned again in mid-shift", tours)
    reasons = replace(now.reasons, question=question)
    (choice,) = choice_notes(question, chosen, (), reasons, plan.scenario.solver.seed)
    rest = replace(question, problem=done.rest)
    whole = Patrols(tours, done.after, "", (), Pool((), {}), ())
    return PatrolsPlan(
        routes=choice.routes,
        risk_covered=covered,
        bound=bound,
        gap=gap_between(covered, bound),
        stopped_by=f"planned again at {at:%H:%M}",
        measure=plan.patrols.measure,
        choices=(choice,),
        left_out=left_out(rest, done.rest_tours),
        relaxed=(*question.demands.relaxed, *undone(question, whole)),
        waits=choice.waits,
        draws=choice.draws,
        changes=change_words(now.question, now.tours, done),
    )


def _id(
    picture: Picture,
    plan: Plan,
    at: datetime,
    calls: Sequence[Reported],
    positions: Mapping[str, Position],
) -> str:
    """Name a plan by what it is made from: the plan before, and what happened since."""
    told = [f"{call.place} {call.minutes} {call.at.isoformat()}" for call in calls]
    told += [f"{team} {where}" for team, where in sorted(positions.items())]
    parts = (plan.id, picture.fingerprint, at.isoformat(), *told, __version__)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
