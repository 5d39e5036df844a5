"""Graded entries of intelligence: add, list, switch off and on, withdraw, and score afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from planner.errors import IntelligenceError, SettingsError
from planner.estate.model import Estate
from planner.incidents.handling import may_see
from planner.incidents.intelligence import Entry, Status, entry_from
from planner.insight.intelligence import effective_factor, zones_covered
from planner.insight.intelligence_outcomes import Outcome, Recorded, score_entries
from planner.register.intelligence import add_entry, change_status, entries_until
from planner.service.workspace import open_register, open_workspace, take_picture
from planner.settings import CONTROL_ROOM, Settings, read_toml
from planner.text import readable


@dataclass(frozen=True)
class Listed:
    """An entry as it stands at a moment.

    Attributes
    ----------
    entry
        The entry.
    state
        ``"active"``, ``"not yet"``, ``"expired"``, ``"off"`` or ``"withdrawn"``.
    factor
        What counts of its stated factor.
    zones
        Names of the zones that it covers; empty where the estate lacks the place.
    """

    entry: Entry
    state: str
    factor: float
    zones: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """What the app's page of entries shows and offers.

    Attributes
    ----------
    entries
        Those that the control room may see, the latest first.
    places
        Names of zones and sites.
    settings
        The workspace's.
    today
        The estate's own date.
    """

    entries: tuple[Listed, ...]
    places: tuple[str, ...]
    settings: Settings
    today: date


def open_desk(workspace: Path, now: datetime | None = None) -> Desk:
    """Read what the page of entries needs.

    Raises
    ------
    WorkspaceError
        If the folder is no workspace, or its register can't be read.
    """
    settings, estate = open_workspace(workspace)
    moment = now or datetime.now(UTC)
    listed = (
        _listed(e, settings, estate, moment) for e in _seen(workspace, settings, CONTROL_ROOM)
    )
    names = {str(name) for table in (estate.zones, estate.sites) for name in table["name"]}
    today = moment.astimezone(ZoneInfo(settings.time_zone)).date()
    return Desk(tuple(listed)[::-1], tuple(sorted(names)), settings, today)


def add_intelligence_file(
    workspace: Path, path: Path, role: str = "", now: datetime | None = None
) -> Listed:
    """Record an entry from a TOML file (see :mod:`planner.incidents.intelligence`).

    Raises
    ------
    UnreadableFile
        If the file is missing or no text.
    IntelligenceError
        If it is not TOML, or the entry can't be used; then nothing is stored.
    """
    try:
        content = read_toml(path)
    except SettingsError as error:
        raise IntelligenceError(str(error)) from error
    try:
        return add_intelligence(workspace, content, role, now)
    except IntelligenceError as error:
        raise IntelligenceError(f"{path}: {error}") from error


def add_intelligence(
    workspace: Path, content: Mapping[str, Any], role: str = "", now: datetime | None = None
) -> Listed:
    """Record an entry.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    content
        The entry's keys and values.
    role
        The role that records it, for the entry (unless it names one) and the audit log.
    now
        The present moment, aware; that of the clock if not given.

    Raises
    ------
    IntelligenceError
        If a key or value is wrong, or the place is none of the estate's; nothing is stored then.
    """
    settings, estate = open_workspace(workspace)
    moment = now or datetime.now(UTC)
    entry = entry_from(content, settings, moment, role)
    zones_covered(entry.where, estate)
    with open_register(workspace, settings) as register:
        actor = readable(role) or entry.recorded_by
        add_entry(register.engine, entry, int(moment.timestamp()), actor)
    return _listed(entry, settings, estate, moment)


def list_intelligence(
    workspace: Path, audience: str = CONTROL_ROOM, now: datetime | None = None
) -> list[Listed]:
    """List the entries that an audience may see, the latest first; no word of the others.

    Raises
    ------
    IntelligenceError
        If the settings don't know the audience.
    """
    settings, estate = open_workspace(workspace)
    seen = _seen(workspace, settings, audience)
    moment = now or datetime.now(UTC)
    return [_listed(entry, settings, estate, moment) for entry in reversed(seen)]


def set_status(
    workspace: Path, entry_id: str, status: Status, role: str = "", now: datetime | None = None
) -> Listed:
    """Switch an entry off (``"off"``) or on (``"active"``), or withdraw it for good.

    Raises
    ------
    IntelligenceError
        If there is no such entry, it is so already, or it was withdrawn.
    """
    settings, estate = open_workspace(workspace)
    moment = now or datetime.now(UTC)
    with open_register(workspace, settings) as register:
        seconds = int(moment.timestamp())
        entry = change_status(register.engine, entry_id.strip(), status, seconds, readable(role))
    return _listed(entry, settings, estate, moment)


def score_intelligence(
    workspace: Path, audience: str = CONTROL_ROOM, now: datetime | None = None
) -> tuple[Outcome, ...]:
    """Score the entries that are over and that an audience may see.

    Raises
    ------
    IntelligenceError
        If the settings don't know the audience.
    NoIncidents
        If nothing was imported.
    """
    picture = take_picture(workspace)
    settings = picture.settings
    known = Recorded(
        picture.on_estate, picture.periods, picture.estate, picture.ground, settings.shifts,
        settings.time_zone,
    )  # fmt: skip
    seen = _seen(workspace, settings, audience)
    return score_entries(seen, known, settings.intelligence, now or datetime.now(UTC))


def _seen(workspace: Path, settings: Settings, audience: str) -> list[Entry]:
    rules = settings.handling
    if audience not in rules.audiences:
        raise IntelligenceError(
            f"There is no audience '{audience[:40]}'; the settings know "
            f"{', '.join(rules.audiences)}."
        )
    with open_register(workspace, settings) as register:
        entries = entries_until(register.engine)
    return [entry for entry in entries if may_see(entry, audience, rules)]


def _listed(entry: Entry, settings: Settings, estate: Estate, now: datetime) -> Listed:
    names = estate.zones["name"].to_numpy(dtype=object)
    try:
        zones = tuple(str(name) for name in names[zones_covered(entry.where, estate)])
    except IntelligenceError:
        zones = ()
    return Listed(entry, _state(entry, now), effective_factor(entry, settings.intelligence), zones)


def _state(entry: Entry, now: datetime) -> str:
    if entry.status != "active":
        return entry.status
    if entry.expired(now):
        return "expired"
    return "active" if entry.starts_at <= now else "not yet"
