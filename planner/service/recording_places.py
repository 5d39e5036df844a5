"""Places that look like recording desks or changed their reporting: asked once, decided, kept."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pandas as pd

from planner.clock import local_moment
from planner.errors import EstateError
from planner.insight.recording.desks import DEFAULT, DESK, LARGE, Post
from planner.insight.recording.place_keys import place_name
from planner.insight.recording.treatments import EXCLUDE, KEEP, Proposal, propose
from planner.insight.recording.weighting import weights_by
from planner.picture import Picture
from planner.register.place_weights import record_place_weight
from planner.service.workspace import open_register, take_picture

LOOKS_LIKE = {
    DESK: "a recording desk",
    DEFAULT: "a default address",
    LARGE: "too much at one point",
    "change": "a change in reporting",
}


@dataclass(frozen=True)
class RecordQuestion:
    """A place whose incidents may say more of how things are recorded than of risk.

    Attributes
    ----------
    place, category
        Its key, and the category that is meant; ``""`` for all.
    name
        What people call it: text from data.
    incidents
        How many it has.
    looks_like
        In words.
    because
        The evidence, a sentence each.
    treatment, weight, starts_at
        What is proposed: ``"exclude"``, ``"weight"`` or ``"keep"``; what its incidents would count;
        from which day on (``""`` for always).
    unit
        ``"month"`` or ``"week"``: what the counts are per.
    counts
        First day and number of incidents of each month or week.
    """

    place: str
    category: str
    name: str
    incidents: int
    looks_like: str
    because: tuple[str, ...]
    treatment: str
    weight: float
    starts_at: str
    unit: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class RecordDecision:
    """What a decision about a place means.

    Attributes
    ----------
    place, category, name
        As in :class:`RecordQuestion`.
    weight
        What its incidents count from now on.
    starts_at
        From which day on, in words of ISO 8601; ``""`` for always.
    incidents
        How many known incidents that is.
    """

    place: str
    category: str
    name: str
    weight: float
    starts_at: str
    incidents: int


def record_questions(picture: Picture) -> tuple[RecordQuestion, ...]:
    """List the undecided places, those with most at stake first."""
    return tuple(_question(item) for item in _undecided(picture))


def undecided_records(picture: Picture) -> int:
    """Count the undecided places."""
    return len(_undecided(picture))


def _undecided(picture: Picture) -> list[Proposal]:
    estate = picture.estate
    posts = zip(estate.posts["name"], estate.posts.geometry, strict=True)
    buildings = estate.buildings
    found = propose(
        picture.placed,
        picture.periods,
        picture.settings.time_zone,
        tuple(Post(str(name), shape) for name, shape in posts),
        dict(zip(buildings["building"].astype(str), buildings["name"].astype(str), strict=True)),
    )
    return [item for item in found if not _is_settled(item, picture.place_weights)]


def _is_settled(item: Proposal, decisions: pd.DataFrame) -> bool:
    """Say whether a person decided on a place, and it did not change its reporting since."""
    mine = decisions[
        (decisions["place"] == item.place) & decisions["category"].isin(["", item.category])
    ]
    if mine.empty:
        return False
    return item.change is None or bool(item.change.starts_at <= mine["recorded_at"].max())


def _question(item: Proposal) -> RecordQuestion:
    starts_at = "" if item.starts_at is None else f"{item.starts_at:%Y-%m-%d}"
    days = (item.counts[1][0] - item.counts[0][0]).days if len(item.counts) > 1 else 0
    return RecordQuestion(
        item.place,
        item.category,
        item.name,
        item.incidents,
        " and ".join(LOOKS_LIKE[kind] for kind in item.kinds),
        item.because,
        item.treatment,
        item.weight,
        starts_at,
        "week" if days == len("MTWTFSS") else "month",
        tuple((f"{moment:%Y-%m-%d}", count) for moment, count in item.counts),
    )


def decide_record(
    workspace: Path,
    place: str,
    weight: str,
    *,
    category: str = "",
    since: str = "",
    actor: str = "",
    now: datetime | None = None,
) -> RecordDecision:
    """Keep what the incidents of a place count from now on.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    place
        The place's key, as review lists it.
    weight
        ``"exclude"``, ``"keep"``, or a number from 0 to 1.
    category
        Only incidents of this category of the workspace's list; ``""`` for all.
    since
        Only what is recorded from this day on (YYYY-MM-DD, local); ``""`` for always.
    actor
        The role that decides, for the audit log.
    now
        The present moment, aware; that of the clock if not given.

    Raises
    ------
    EstateError
        If no incident has the place (any more) or the category, or the weight or the day can't be.
    WorkspaceError
        If the folder is no workspace, or its register can't be written; then nothing is stored.
    """
    counts_as, key, only = _weight(weight), place.strip(), category.strip().lower()
    picture = take_picture(workspace)
    starts_at = _since(since.strip(), picture.settings.time_zone)
    decision = pd.DataFrame(
        {
            "recorded_at": pd.Series([pd.NaT], dtype="datetime64[s, UTC]"),
            "place": [key],
            "category": [only],
            "starts_at": pd.to_datetime(pd.Series([starts_at]), utc=True),
            "weight": [counts_as],
        }
    )
    rows = picture.placed
    whole = rows[weights_by(rows, decision.assign(starts_at=pd.NaT)).decision >= 0]
    if whole.empty:
        raise EstateError(_unknown(key, only, rows, decision))
    covered = weights_by(rows, decision).decision >= 0
    names = picture.estate.buildings.set_index("building")["name"].astype(str).to_dict()
    at = None if starts_at is None else int(starts_at.timestamp())
    with open_register(workspace, picture.settings) as register:
        record_place_weight(register, key, only, at, counts_as, _seconds(now), actor)
    name = place_name(whole, key, names)
    return RecordDecision(key, only, name, counts_as, since.strip(), int(covered.sum()))


def _weight(text: str) -> float:
    told = text.strip().lower()
    if told in (EXCLUDE, KEEP):
        return 0.0 if told == EXCLUDE else 1.0
    try:
        weight = float(told)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= 1:
        raise EstateError(
            f"--weight: '{text}' is no weight; give {EXCLUDE}, {KEEP} or a number from 0 to 1."
        )
    # -0.0 would be another number to the log.
    return weight + 0.0


def _since(text: str, time_zone: str) -> datetime | None:
    if not text:
        return None
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError(text)
        return local_moment(date.fromisoformat(text), time(0), time_zone)
    except (ValueError, OverflowError) as error:
        raise EstateError(f"--from: '{text}' is no day YYYY-MM-DD of use here.") from error


def _unknown(place: str, category: str, rows: pd.DataFrame, decision: pd.DataFrame) -> str:
    anywhere = weights_by(rows, decision.assign(category="", starts_at=pd.NaT)).decision >= 0
    if category and anywhere.any():
        return f"No incident at '{place}' is counted as '{category}'; see what it has in review."
    return (
        f"No incident on the estate has the place '{place}' (any more); give a key as "
        "'planner review' lists it, such as point:449740,4626040."
    )


def _seconds(now: datetime | None) -> int:
    return int((now or datetime.now(UTC)).timestamp())
