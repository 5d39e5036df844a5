"""Deciding: a person's answer is kept, and what is known is put right by it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from planner.errors import EstateError
from planner.estate.model import Estate
from planner.estate.naming.written import normalised
from planner.incidents.locate import locate
from planner.incidents.matching import told_events
from planner.incidents.model import PLACE_COLUMNS
from planner.register.database import Register
from planner.service.place_choices import NOTHING, place_choices
from planner.service.workspace import open_register, open_workspace


@dataclass(frozen=True)
class PlaceDecision:
    """What a decision about a written place changed.

    Attributes
    ----------
    place
        As it was given.
    means
        Name of the site or building; ``""`` where it is none of the estate's.
    site, building
        Their identifiers.
    incidents
        How many known incidents have the place.
    moved
        How many of them stand elsewhere now, or more surely.
    """

    place: str
    means: str
    site: str
    building: str
    incidents: int
    moved: int


def decide_place(
    workspace: Path, place: str, means: str, actor: str = "", now: datetime | None = None
) -> PlaceDecision:
    """Keep what a written place means, and put the known incidents that have it there.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    place
        The place as written.
    means
        Name or identifier of a site or building, or ``"none"``.
    actor
        The role that decides, for the audit log.
    now
        The present moment, aware; that of the clock if not given.

    Raises
    ------
    EstateError
        If nothing on the estate is called so, or the place is empty.
    WorkspaceError
        If one of the incidents was corrected meanwhile; then nothing is stored.
    """
    settings, estate = open_workspace(workspace)
    plain = str(normalised(pd.Series([place])).iloc[0])
    if not plain:
        raise EstateError("The place to decide is empty; give it as the records have it.")
    is_none = means.strip().lower() == NOTHING
    found = None if is_none else place_choices(estate).meant(means)
    site, building, name = (found.site, found.building, found.name) if found else ("", "", "")
    with open_register(workspace, settings) as register:
        incidents = register.incidents()
        rows = incidents[normalised(incidents["place"]) == plain]
        moved = _moved(rows, register.aliases(), estate, (plain, site, building))
        register.record_alias(plain, site, building, moved, _seconds(now), actor)
    return PlaceDecision(place, name, site, building, len(rows), len(moved))


def _moved(
    rows: pd.DataFrame, known: pd.DataFrame, estate: Estate, decided: tuple[str, str, str]
) -> pd.DataFrame:
    """Locate the incidents that have a place anew; return those that now stand otherwise."""
    alias = pd.DataFrame([decided], columns=["place", "site", "building"])
    aliases = pd.concat([known, alias], ignore_index=True).drop_duplicates("place", keep="last")
    before, after = rows[PLACE_COLUMNS], locate(rows, estate, aliases)[PLACE_COLUMNS]
    same = ((before == after) | (before.isna() & after.isna())).all(axis=1)
    return after[~same].set_axis(rows.loc[~same, "id"])


def decide_pair(
    workspace: Path,
    first: str,
    second: str,
    *,
    same: bool,
    actor: str = "",
    now: datetime | None = None,
) -> None:
    """Keep whether two records tell the same event; if so, the first counts.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    first, second
        Records as ``SOURCE:KEY``.
    same
        Whether they do.
    actor
        The role that decides, for the audit log.
    now
        The present moment, aware; that of the clock if not given.

    Raises
    ------
    EstateError
        If there is no such record, both are of one source, or none of the records that tell the
        event would count.
    """
    settings, _ = open_workspace(workspace)
    with open_register(workspace, settings) as register:
        one, other = _record(first, register), _record(second, register)
        if one[0] == other[0]:
            raise EstateError(f"'{first}' and '{second}' are of one source; a pair has two.")
        if same:
            _check_that_one_counts(register.matches(), one, other)
        register.record_match(*one, *other, same, _seconds(now), actor)


def _record(named: str, register: Register) -> tuple[str, str]:
    """Find a record; sources and keys may hold colons."""
    parts = named.split(":")
    for at in range(1, len(parts)):
        source, key = ":".join(parts[:at]), ":".join(parts[at:])
        if not register.versions(source, key).empty:
            return source, key
    raise EstateError(f"There is no record '{named}'; give it as SOURCE:KEY, as review lists it.")


def _check_that_one_counts(
    matches: pd.DataFrame, one: tuple[str, str], other: tuple[str, str]
) -> None:
    """Refuse a decision after which each record of the event would give way to another."""
    names = ["source", "key", "other_source", "other_key"]
    pairs = pd.MultiIndex.from_frame(matches[names])
    others = matches[~pairs.isin([(*one, *other), (*other, *one)])]
    pair = pd.DataFrame([(*one, *other, True)], columns=[*names, "same"])
    events = told_events(pd.concat([others, pair], ignore_index=True))
    if not events.groupby("event")["counts"].any().all():
        first, second = ":".join(one), ":".join(other)
        raise EstateError(
            f"By earlier decisions '{second}' counts for the event of '{first}', so that none of "
            f"its records would count; give '{second}' first, or decide those pairs anew."
        )


def _seconds(now: datetime | None) -> int:
    return int((now or datetime.now(UTC)).timestamp())
