"""What the app asks: what can be chosen in a workspace, and the plan for a choice."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from planner.allocate.audience import seen_by
from planner.allocate.plan import Plan
from planner.allocate.planning import make_plan
from planner.allocate.scenario import Scenario, scenario_from
from planner.clock import first_shift_after, first_shift_of_any
from planner.estate.liaison.records import FILE_NAME as LIAISON_FILE
from planner.estate.liaison.records import load_liaison
from planner.estate.model import FILE_NAME as ESTATE_FILE
from planner.picture import Picture
from planner.publish.route_card_notes import contact_numbers
from planner.register.database import FILE_NAME as REGISTER_FILE
from planner.service.recording_places import undecided_records
from planner.service.workspace import take_picture
from planner.settings import FILE_NAME as SETTINGS_FILE
from planner.settings import Settings


@dataclass(frozen=True)
class ShiftChoice:
    """A shift that can be planned: its name, its hours in words, and its first date to come."""

    name: str
    hours: str
    first_date: date


@dataclass(frozen=True)
class Session:
    """An open workspace.

    Attributes
    ----------
    picture
        All that it knows.
    name
        The estate's.
    shifts
        Those of the settings, the next one first.
    posts
        Names of the service's own posts.
    recording_places
        How many places look like recording desks and are undecided.
    numbers
        Whom teams can call: name and number.
    """

    picture: Picture
    name: str
    shifts: tuple[ShiftChoice, ...]
    posts: tuple[str, ...]
    recording_places: int = 0
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Wish:
    """What a person chose; ``start`` is None for the usual post.

    Without ``intelligence`` the plan is as it would be without any graded entry.
    """

    shift: str
    day: date
    teams: int
    cameras: int
    start: str | None = None
    intelligence: bool = True

    def scenario(self) -> Scenario:
        """Return the question as the planner takes it.

        Raises
        ------
        ScenarioError
            If a value can't be used.
        """
        patrols = {"teams": self.teams} | ({"start": self.start} if self.start else {})
        return scenario_from(
            {
                "shift": {"name": self.shift, "date": self.day},
                "patrols": patrols,
                "cameras": {"new": self.cameras},
                "intelligence": self.intelligence,
            }
        )


def workspace_state(folder: Path) -> str:
    """Return a text that changes when a file of the workspace does; it is cheap to ask."""
    names = (SETTINGS_FILE, ESTATE_FILE, REGISTER_FILE, f"{REGISTER_FILE}-wal", LIAISON_FILE)
    found = [folder / name for name in names if (folder / name).is_file()]
    stats = [(path.name, path.stat()) for path in found]
    return ";".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)


def open_session(folder: Path) -> Session:
    """Open a workspace for planning.

    Raises
    ------
    WorkspaceError
        If the folder is no workspace.
    NoIncidents
        If nothing was imported.
    """
    picture = take_picture(folder)
    return Session(
        picture=picture,
        name=picture.settings.name,
        shifts=_shift_choices(picture),
        posts=tuple(str(name) for name in picture.estate.posts["name"]),
        recording_places=undecided_records(picture),
        numbers=contact_numbers(load_liaison(folder).contacts),
    )


def plan_for(session: Session, scenario: Scenario) -> Plan:
    """Plan a scenario on what the session's picture knows.

    Raises
    ------
    PlannerError
        If the scenario can't be planned; the message says why.
    """
    return make_plan(session.picture, scenario, session.recording_places)


def picture_for(session: Session, plan: Plan) -> Picture:
    """Return the session's picture as the audience of a plan may see it."""
    return seen_by(session.picture, plan.scenario)


def _shift_choices(picture: Picture) -> tuple[ShiftChoice, ...]:
    settings: Settings = picture.settings
    soonest = first_shift_of_any(picture.as_of, settings.shifts, settings.time_zone).name
    choices = [
        ShiftChoice(
            name,
            f"{hours.start:%H:%M} to {hours.end:%H:%M}",
            first_shift_after(picture.as_of, name, hours, settings.time_zone).starts_at.date(),
        )
        for name, hours in settings.shifts.items()
    ]
    return tuple(sorted(choices, key=lambda choice: choice.name != soonest))
