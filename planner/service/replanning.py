"""Mid-shift: planning the rest of a shift again, and what a team should do next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from planner.allocate.audience import seen_by
from planner.allocate.moments import seconds_in
from planner.allocate.plan import Plan
from planner.allocate.replanned_plan import (
    Reported,
    Underway,
    check_made_here,
    replanned,
    team_row,
    underway,
)
from planner.allocate.replanning.earlier_calls import with_places
from planner.allocate.replanning.next_visits import next_visits
from planner.allocate.replanning.walked import walked_by
from planner.allocate.scenario.values import CLOCK
from planner.clock import Shift, after, local_moment
from planner.errors import ScenarioError
from planner.picture import Picture
from planner.service.plan_files import read_plan
from planner.service.planning import Written, write_for_all
from planner.service.positions import read_positions, written_position
from planner.service.workspace import take_picture

USUAL_MINUTES, MOST_MINUTES = 40.0, 720.0
INCIDENT_FORM = '"Place", "Place; minutes" or "Place; minutes; HH:MM"'
MOST_INCIDENTS = 50


@dataclass(frozen=True)
class Happened:
    """What happened since a plan was made, as a person writes it.

    Attributes
    ----------
    at
        The moment: ``HH:MM`` of the shift, or ``YYYY-MM-DDTHH:MM``.
    incidents
        Each ``Place[; minutes[; HH:MM]]``.
    positions
        A file that says where teams are; where the plan has them if None.
    """

    at: str
    incidents: Sequence[str] = ()
    positions: Path | None = None


def replan_shift(
    workspace: Path, plan_file: Path, happened: Happened, out: Path, as_of: datetime | None = None
) -> Written:
    """Plan the rest of a shift again, and write its files, all but the print.

    Parameters
    ----------
    workspace
        Folder of the workspace; the new plan is entered in its audit log.
    plan_file
        The ``plan.json`` that is being walked.
    happened
        What happened since.
    out
        Folder for the files; it is made if need be.
    as_of
        Plan from what was known at that moment; from all that is known if None.

    Raises
    ------
    PlannerError
        If something can't be used; then no file is written.
    """
    before = read_plan(plan_file)
    picture = take_picture(workspace, as_of)
    check_made_here(picture.settings, before)
    shift = shift_of(before)
    at = moment_of(shift, happened.at, "--at")
    if len(happened.incidents) > MOST_INCIDENTS:
        raise ScenarioError(f"--incident: more than {MOST_INCIDENTS} are given; give fewer.")
    calls = [reported(shift, text, at) for text in happened.incidents]
    positions = {} if happened.positions is None else read_positions(happened.positions)
    plan = replanned(picture, before, at, calls, positions)
    # The teams wait, and hotspots are those of the plan before: they are not printed again.
    return write_for_all(workspace, picture, plan, None, out)


def shift_of(plan: Plan) -> Shift:
    """Return the shift that a plan is for."""
    zone = ZoneInfo(plan.estate.time_zone)
    starts, ends = (
        datetime.fromisoformat(text).astimezone(zone)
        for text in (plan.shift.starts_at, plan.shift.ends_at)
    )
    return Shift(plan.shift.name, starts, ends)


def moment_of(shift: Shift, text: str, key: str) -> datetime:
    """Read a time of a shift, or a whole moment; local where it states no offset.

    Raises
    ------
    ScenarioError
        If it is neither, or the shift has no such time.
    """
    text = text.strip()
    if CLOCK.fullmatch(text):
        return after(shift.starts_at, seconds_in(shift, text, key))
    try:
        day = date.fromisoformat(text[:10])
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            at = time(moment.hour, moment.minute, moment.second)
            moment = local_moment(day, at, str(shift.starts_at.tzinfo))
        return moment.astimezone(shift.starts_at.tzinfo)
    except (ValueError, OverflowError) as error:
        raise ScenarioError(
            f"{key}: '{text[:40]}' is no time HH:MM of the shift and no moment YYYY-MM-DDTHH:MM."
        ) from error


def reported(shift: Shift, text: str, at: datetime) -> Reported:
    """Read what came in: ``Place[; minutes[; HH:MM]]``.

    Parameters
    ----------
    shift
        The shift.
    text
        As a person writes it.
    at
        When it came in, if that is not said.

    Raises
    ------
    ScenarioError
        If a part is wrong.
    """
    parts = [part.strip() for part in text.split(";")]
    if not parts[0] or len(parts) > 3:
        raise ScenarioError(f"--incident: '{text[:60]}' can't be read; write {INCIDENT_FORM}.")
    place = written_position(parts[0], "--incident")
    minutes = USUAL_MINUTES
    if parts[1:] and parts[1]:
        minutes = _minutes(parts[1], text)
    came = moment_of(shift, parts[2], "--incident") if len(parts) == 3 and parts[2] else at
    return Reported(parts[0] if place is None else place, minutes, came)


def _minutes(written: str, text: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", written) or not 1 <= float(written) <= MOST_MINUTES:
        raise ScenarioError(
            f"--incident: '{written[:40]}' in '{text[:60]}' is no number of minutes from 1 to "
            f"{MOST_MINUTES:g}; write {INCIDENT_FORM}."
        )
    return float(written)


@dataclass(frozen=True)
class NextStop:
    """A visit that a team could make next.

    Attributes
    ----------
    name
        The zone's.
    arrive, leave
        Local moments.
    adds
        Expected incidents (or what else the plan covers) that it covers and no other visit does.
    a_minute
        The same by the minute of way and stay.
    """

    name: str
    arrive: datetime
    leave: datetime
    adds: float
    a_minute: float


@dataclass(frozen=True)
class Next:
    """What a team could do next: the best visit first, from when it is free."""

    team: str
    free_at: datetime
    measure: str
    stops: tuple[NextStop, ...]


def next_stops(
    workspace: Path, plan_file: Path, team: str, at: str, position: str | None = None
) -> Next:
    """Rank the visits that a team can make next and still be in time for what it must do.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    plan_file
        The ``plan.json`` that is being walked.
    team
        The team's name.
    at
        The moment, as :class:`Happened` has it.
    position
        ``longitude, latitude`` of the team; where the plan has it, and when it is free there, if
        None.

    Raises
    ------
    PlannerError
        If something can't be used.
    """
    plan = read_plan(plan_file)
    picture = take_picture(workspace)
    check_made_here(picture.settings, plan)
    moment = moment_of(shift_of(plan), at, "--at")
    now = underway(seen_by(picture, plan.scenario), plan)
    row = team_row(now.question, team)
    return _next(picture, plan, now, row, moment, position)


def _next(
    picture: Picture, plan: Plan, now: Underway, row: int, at: datetime, position: str | None
) -> Next:
    question, shift = now.question, now.question.shift
    now_s = now.seconds(at, "--at")
    place, free_s = _where(now, row, now_s)
    if position is not None:
        where = written_position(position, "--position")
        if where is None:
            raise ScenarioError(
                f"--position: '{position[:40]}' is no longitude, latitude; write both, in this "
                "order."
            )
        place, free_s = len(question.places), now_s
        question = with_places(question, [now.places.at(where, "--position")])
    found = next_visits(question, now.tours, row, place, free_s)
    names = picture.estate.zones["name"].to_numpy(dtype=object)
    return Next(
        team=question.problem.teams[row].name,
        free_at=after(shift.starts_at, free_s),
        measure=plan.patrols.measure,
        stops=tuple(
            NextStop(
                str(names[one.zone]),
                after(shift.starts_at, one.arrive_s),
                after(shift.starts_at, one.leave_s),
                one.adds,
                one.a_minute,
            )
            for one in found
        ),
    )


def _where(now: Underway, row: int, now_s: int) -> tuple[int, int]:
    """Return the place of a team by its plan, and when it is free there."""
    walked = walked_by(now.question, now.tours, now_s)[row]
    return walked.place, walked.free_s
