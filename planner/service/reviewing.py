"""Reviewing: what needs a person; each thing is asked once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.estate.model import Estate
from planner.estate.naming.places import Candidate
from planner.estate.naming.written import normalised
from planner.incidents.categories import handled
from planner.incidents.matching import BY_REFERENCE, proposed_matches, told_events
from planner.incidents.model import POLICE, UNKNOWN
from planner.picture import Picture
from planner.publish.style import day_and_clock
from planner.register.place_weights import read_place_weights
from planner.service.place_choices import PlaceChoices, place_choices
from planner.service.recording_places import RecordQuestion, record_questions
from planner.service.workspace import open_register, open_workspace

SENSITIVE = "sensitive category"
FIRST, SECOND = ["source", "key"], ["other_source", "other_key"]


@dataclass(frozen=True)
class PlaceQuestion:
    """A written place that the planner could not settle.

    Attributes
    ----------
    place
        As one of them has it.
    incidents
        How many incidents have it.
    because
        Why a person is asked.
    candidates
        What it may mean, best first.
    """

    place: str
    incidents: int
    because: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class PairQuestion:
    """Two records that may tell the same event.

    Attributes
    ----------
    first, second
        The records as ``SOURCE:KEY``; if they tell one event, the first counts.
    first_says, second_says
        Category, time and place of each; of a sensitive one only the time.
    score
        How likely, 0 to 1; a rank and no probability.
    because
        Why a person is asked.
    """

    first: str
    second: str
    first_says: str
    second_says: str
    score: float
    because: str


@dataclass(frozen=True)
class Questions:
    """What needs a person.

    Attributes
    ----------
    places, pairs, records
        The first questions of each kind.
    places_in_all, pairs_in_all, records_in_all
        How many there are.
    incidents
        How many incidents are known at all.
    illustrative
        Whether they are invented.
    """

    places: tuple[PlaceQuestion, ...]
    pairs: tuple[PairQuestion, ...]
    places_in_all: int
    pairs_in_all: int
    incidents: int
    illustrative: bool
    records: tuple[RecordQuestion, ...] = ()
    records_in_all: int = 0

    @property
    def any(self) -> bool:
        """Whether anything is asked."""
        return bool(self.places or self.pairs or self.records)


def open_questions(workspace: Path, most: int = 10) -> Questions:
    """List what needs a person.

    Places that most incidents have come first; of pairs, those that are counted twice until they
    are decided, and each record with its likeliest pair only: the next is asked once that one is
    decided.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    most
        How many questions of each kind to return.

    Raises
    ------
    WorkspaceError
        If the folder is no workspace, or its register can't be read.
    """
    settings, estate = open_workspace(workspace)
    with open_register(workspace, settings) as register:
        incidents, aliases = register.incidents(), register.aliases()
        decided, periods = register.matches(), register.periods()
        weights = read_place_weights(register)
    picture = Picture(settings, estate, incidents, periods, decided, place_weights=weights)
    records = record_questions(picture)
    aliases = _standing(aliases, estate)
    asked = _places_to_ask(incidents, aliases)
    rules = handled(incidents["category"], settings.categories)
    incidents = incidents.assign(category=rules["category"], sensitive=rules["sensitive"])
    pairs = _undecided(proposed_matches(incidents), decided)
    return Questions(
        tuple(_place_questions(asked.head(most), place_choices(estate, aliases))),
        tuple(_pair_questions(pairs.head(most), incidents, settings.time_zone)),
        len(asked),
        len(pairs),
        len(incidents),
        settings.illustrative,
        records[:most],
        len(records),
    )


def _standing(aliases: pd.DataFrame, estate: Estate) -> pd.DataFrame:
    """Leave out what was decided of places that the estate no longer has."""
    none = (aliases["site"] == "") & (aliases["building"] == "")
    site = (aliases["building"] == "") & aliases["site"].isin(estate.sites["site"])
    return aliases[none | site | aliases["building"].isin(estate.buildings["building"])]


def _places_to_ask(incidents: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """Return ``place``, ``count``, ``apart`` of each undecided place, most frequent first."""
    # What the police write beside a snap point is no place that a person could find.
    written = (incidents["place"] != "") & ~incidents["anonymised"].astype(bool)
    apart = incidents["apart_m"].notna()
    rows = incidents[written & (apart | (incidents["precision"] == UNKNOWN))]
    plain = normalised(rows["place"])
    rows = rows.assign(plain=plain, apart=apart[rows.index])
    rows = rows[~plain.isin(aliases["place"]) & (plain != "")]
    asked = rows.groupby("plain").agg(
        place=("place", "first"), count=("place", "size"), apart=("apart", "sum")
    )
    return asked.sort_values(["count", "place"], ascending=[False, True], ignore_index=True)


def _place_questions(asked: pd.DataFrame, choices: PlaceChoices) -> Iterator[PlaceQuestion]:
    for place, count, apart in asked[["place", "count", "apart"]].itertuples(index=False):
        some = "" if apart == count else f" of {apart:,}"
        because = f"coordinates{some} lie elsewhere" if apart else "no coordinates"
        yield PlaceQuestion(place, int(count), because, choices.likely(place))


def _undecided(pairs: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Leave out what was decided or follows from it, and all but each record's best pair."""
    turned = decided[SECOND + FIRST].set_axis(FIRST + SECOND, axis=1)
    known = pd.concat([decided[FIRST + SECOND], turned])
    events = told_events(decided).drop(columns="counts")
    # A record whose event another source tells too needs no other record of that source.
    told = events.merge(events[["event", "source"]], on="event", suffixes=("", "_told"))
    told = told[["source", "key", "source_told"]]
    settled = (
        _is_in(pairs[FIRST + SECOND], known)
        | _is_in(pairs[[*FIRST, "other_source"]], told)
        | _is_in(pairs[[*SECOND, "source"]], told)
    )
    left = pairs[~settled]
    again = left.duplicated([*FIRST, "other_source"]) | left.duplicated([*SECOND, "source"])
    return _twice_counted_first(left[~again])


def _is_in(rows: pd.DataFrame, known: pd.DataFrame) -> np.ndarray:
    known = known.set_axis(rows.columns, axis=1).drop_duplicates().astype("str")
    found = rows.merge(known, how="left", indicator=True)["_merge"] == "both"
    inside: np.ndarray = found.to_numpy(bool)
    return inside


def _twice_counted_first(pairs: pd.DataFrame) -> pd.DataFrame:
    """Put last the police's records that another gives as its own: they are left out already."""
    stated = (pairs["score"] == BY_REFERENCE) & (pairs["other_source"] == POLICE)
    because = pairs["because"].mask(
        stated, pairs["because"] + "; it counts once unless you decide that they are two"
    )
    pairs = pairs.assign(stated=stated, because=because)
    return pairs.sort_values("stated", kind="stable", ignore_index=True).drop(columns="stated")


def _pair_questions(
    pairs: pd.DataFrame, incidents: pd.DataFrame, time_zone: str
) -> Iterator[PairQuestion]:
    one, other = (
        _said(pairs[FIRST], incidents, time_zone),
        _said(pairs[SECOND], incidents, time_zone),
    )
    for pair, first_says, second_says in zip(pairs.itertuples(), one, other, strict=True):
        yield PairQuestion(
            f"{pair.source}:{pair.key}", f"{pair.other_source}:{pair.other_key}",
            first_says, second_says, float(pair.score), str(pair.because),
        )  # fmt: skip


def _said(records: pd.DataFrame, incidents: pd.DataFrame, time_zone: str) -> list[str]:
    """Tell category, time and place of records, and no more of sensitive ones than the time."""
    rows = records.set_axis(FIRST, axis=1).merge(incidents, how="left", on=FIRST)
    return [_told(row, time_zone) for row in rows.to_dict("records")]


def _told(row: dict[str, Any], time_zone: str) -> str:
    when = _when(row, time_zone)
    if row["sensitive"]:
        return f"{SENSITIVE}, {when}"
    return ", ".join(part for part in (row["category"], when, row["place"]) if part)


def _when(row: dict[str, Any], time_zone: str) -> str:
    """Write when a record says that it happened, in local time, as far as it knows."""
    begins, ends = (row[name].tz_convert(time_zone) for name in ("occurred_from", "occurred_to"))
    if row["time_known"] == "month":
        return f"{begins:%B %Y}"
    if row["time_known"] == "unknown":
        return "time unknown"
    first, last = day_and_clock(begins.isoformat()), day_and_clock(ends.isoformat())
    if begins.date() == ends.date():
        last = f"{ends:%H:%M}"
    return first if begins == ends else f"{first} to {last}"
