"""The picture: one frozen snapshot of all that is known, with a fingerprint."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely

from planner.errors import NoIncidents
from planner.estate.model import Estate
from planner.geo import to_metric
from planner.incidents.categories import handled
from planner.incidents.intelligence import Entry
from planner.incidents.model import POLICE
from planner.insight.recording.weighting import (
    LeftOut,
    Weights,
    left_out,
    no_decisions,
    weights_by,
)
from planner.insight.risk.forecast import Expectation, expectation
from planner.insight.risk.learning import Ground
from planner.settings import Settings

GATES = ["access", "opening_hours", "controller"]
MATCH_COLUMNS = ["source", "key", "other_source", "other_key", "same"]


def no_matches() -> pd.DataFrame:
    """Return an empty table of decided matches."""
    return pd.DataFrame({name: [] for name in MATCH_COLUMNS})


@dataclass(frozen=True)
class Picture:
    """What is known of an estate as of a moment.

    Attributes
    ----------
    settings, estate
        The workspace's.
    incidents
        Every incident with its place, as in :class:`planner.register.database.Register`;
        ``category`` as the source has it.
    periods
        ``source``, ``starts_at``, ``ends_at``, ``area``: what the imports cover.
    matches
        What people decided of pairs of records: ``source``, ``key``, ``other_source``,
        ``other_key``, ``same``.
    recorded_until
        Nothing that was recorded later is in the picture; None for no limit.
    register_head
        The audit log's hash to print beside what is made from the picture, so that a log that is
        cut or rewritten later shows; ``""`` where nothing is logged.
    intelligence
        Active entries; before anything is made for an audience, only those that they may see
        (see :mod:`planner.allocate.audience`).
    place_weights
        What people decided of places that record unusually, in the order of the decisions:
        columns as in :mod:`planner.insight.recording.weighting`.
    """

    settings: Settings
    estate: Estate
    incidents: pd.DataFrame
    periods: pd.DataFrame
    matches: pd.DataFrame = field(default_factory=no_matches)
    recorded_until: datetime | None = None
    register_head: str = ""
    intelligence: tuple[Entry, ...] = ()
    place_weights: pd.DataFrame = field(default_factory=no_decisions)

    def with_intelligence(self, entries: Sequence[Entry]) -> "Picture":
        """Return the picture with other entries of intelligence; what records say is not redone."""
        other = replace(self, intelligence=tuple(entries))
        kept = (
            "counted", "placed", "on_estate", "_shown", "_weights", "_told_twice", "areas",
            "ground", "expectation",
        )  # fmt: skip
        other.__dict__.update({name: self.__dict__[name] for name in kept if name in self.__dict__})
        return other

    @cached_property
    def as_of(self) -> datetime:
        """End of the newest period that an import covers, in local time.

        Raises
        ------
        NoIncidents
            If nothing was imported.
        """
        if self.periods.empty:
            if self.recorded_until is not None:
                raise NoIncidents(
                    f"Nothing was known by {self.recorded_until:%Y-%m-%d %H:%M}; choose a later "
                    "moment for --as-of."
                )
            raise NoIncidents(
                "No incidents are imported yet; give a file of them to 'planner import'."
            )
        newest: datetime = self.periods["ends_at"].max().to_pydatetime()
        return newest.astimezone(ZoneInfo(self.settings.time_zone))

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The incidents of the estate, each event once, sensitive ones too: for totals only.

        ``category`` is that of the workspace's list; ``written_category`` the source's;
        ``harm``, ``origin`` and ``sensitive`` as the list has them.
        """
        # A site that is not there on the day has no zone, and what was recorded there none either.
        inside = self.incidents[self.incidents["zone"].isin(self.estate.zones["zone"])]
        once = inside[~self._told_twice[inside.index]]
        rules = handled(once["category"], self.settings.categories)
        return once.rename(columns={"category": "written_category"}).join(rules)

    @cached_property
    def placed(self) -> pd.DataFrame:
        """The incidents that may be shown by place; sensitive ones are only in totals.

        ``weight`` is what each counts, from 0 to 1, as people decided of its place.
        """
        return self._shown.assign(weight=self._weights.weight)

    @cached_property
    def on_estate(self) -> pd.DataFrame:
        """The incidents to plan by: those of ``placed`` that were not decided to be left out."""
        return self.placed[self.placed["weight"] > 0]

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What people decided to leave out, decision by decision."""
        return left_out(self._shown, self.place_weights, self._weights)

    @cached_property
    def _shown(self) -> pd.DataFrame:
        return self.counted[~self.counted["sensitive"]]

    @cached_property
    def _weights(self) -> Weights:
        return weights_by(self._shown, self.place_weights)

    @cached_property
    def areas(self) -> dict[str, np.ndarray]:
        """Which zones each stated area of the periods covers, booleans of shape (z,)."""
        stated = [str(area) for area in self.periods.get("area", pd.Series(dtype=str)).unique()]
        middles = shapely.point_on_surface(self.estate.zones.geometry.to_numpy())
        return {area: shapely.covers(self._in_metres(area), middles) for area in stated if area}

    @cached_property
    def ground(self) -> Ground:
        """What a forecast must know of the zones."""
        zones = self.estate.zones
        middles = shapely.get_coordinates(shapely.centroid(zones.geometry.to_numpy()))
        return Ground(zones["zone"].to_numpy(dtype=object), middles, self.areas)

    @cached_property
    def expectation(self) -> Expectation:
        """What the records say of any shift, all categories together.

        Raises
        ------
        NoIncidents
            If no incident lies on the estate.
        """
        return self.expectation_of()

    def expectation_of(self, category: str | None = None, *, harm: bool = False) -> Expectation:
        """Do the same for one category, or of harm.

        Raises
        ------
        NoIncidents
            If no incident of the category lies on the estate.
        """
        settings = self.settings
        return expectation(
            self.on_estate, self.periods, self.ground, settings.shifts, settings.time_zone,
            category, harm=harm,
        )  # fmt: skip

    def _in_metres(self, area: str) -> shapely.Geometry:
        return shapely.transform(
            shapely.from_wkt(area), lambda p: to_metric(p[:, 0], p[:, 1], self.estate.crs)
        )

    @property
    def sensitive(self) -> int:
        """How many incidents of the estate are counted in its totals only."""
        return int(self.counted["sensitive"].sum())

    @property
    def told_twice(self) -> int:
        """How many records are left out because another source has the same event."""
        return int(self._told_twice[self.incidents["zone"] != ""].sum())

    @cached_property
    def _told_twice(self) -> pd.Series:
        """Mark the records that another one, which knows more, already tells.

        A police row whose Crime ID another source's record gives as its police reference is the
        same event, unless a person decided that it is not; and so are pairs that a person
        matched: of these the first counts.
        """
        table = self.incidents
        own = table.loc[table["source"] != POLICE, "police_reference"].str.lower()
        named = table["reference"].str.lower().isin(own[own != ""])
        stated = (table["source"] == POLICE) & named
        if self.matches.empty:
            return stated
        record = pd.MultiIndex.from_frame(table[["source", "key"]])
        return (stated & ~self._is_second(record, same=False)) | self._is_second(record, same=True)

    def _is_second(self, record: pd.MultiIndex, same: bool) -> np.ndarray:
        decided = self.matches[self.matches["same"].astype(bool) == same]
        second = pd.MultiIndex.from_frame(decided[["other_source", "other_key"]])
        found: np.ndarray = record.isin(second)
        return found

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that a plan depends on, in hexadecimal."""
        digest = hashlib.sha256()
        for part in self._parts():
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()

    def _parts(self) -> Iterator[bytes]:
        estate = self.estate
        yield self.settings.model_dump_json().encode()
        tables = (
            estate.sites, estate.buildings, estate.zones, estate.cameras, estate.surroundings,
        )  # fmt: skip
        for table in tables:
            yield _table_bytes(pd.DataFrame(table.drop(columns="geometry")))
            yield b"".join(shapely.to_wkb(table.geometry.to_numpy()))
        if estate.streets is not None:
            yield np.ascontiguousarray(estate.streets.points).tobytes()
            yield np.ascontiguousarray(estate.streets.edges).tobytes()
            yield "\x1f".join(estate.streets.names).encode()
            yield np.ascontiguousarray(estate.streets.line).tobytes()
            yield _table_bytes(pd.DataFrame(estate.streets.lines[GATES]))
        # The order of import is no part of what is known.
        incidents = self.incidents.drop(
            columns=["id", "file_id", "version", "recorded_at", "cause"], errors="ignore"
        )
        yield _table_bytes(incidents.sort_values(["source", "key"]))
        yield _table_bytes(self.periods)
        yield _table_bytes(self.matches)
        for entry in sorted(self.intelligence, key=lambda entry: entry.id):
            yield entry.model_dump_json().encode()
        yield _table_bytes(self.place_weights)


def _table_bytes(table: pd.DataFrame) -> bytes:
    names = "\x1f".join(str(column) for column in table.columns)
    hashes = pd.util.hash_pandas_object(table.astype(str), index=False)
    content: bytes = hashes.to_numpy().tobytes()
    return names.encode() + content
