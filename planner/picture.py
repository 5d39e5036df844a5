"""The picture: one frozen snapshot of all that is known, with a fingerprint."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely

from planner.errors import NoIncidents
from planner.estate.model import Estate
from planner.incidents.model import CONTROL_ROOM, POLICE
from planner.settings import Settings


@dataclass(frozen=True)
class Picture:
    """What is known of an estate as of a moment.

    Attributes
    ----------
    settings, estate
        The workspace's.
    incidents
        Every incident with its place, as in :class:`planner.register.database.Register`.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the imports cover.
    """

    settings: Settings
    estate: Estate
    incidents: pd.DataFrame
    periods: pd.DataFrame

    @cached_property
    def as_of(self) -> datetime:
        """End of the newest period that an import covers, in local time.

        Raises
        ------
        NoIncidents
            If nothing was imported.
        """
        if self.periods.empty:
            raise NoIncidents(
                "No incidents are imported yet; give a file of them to 'planner import'."
            )
        newest: datetime = self.periods["ends_at"].max().to_pydatetime()
        return newest.astimezone(ZoneInfo(self.settings.time_zone))

    @cached_property
    def on_estate(self) -> pd.DataFrame:
        """The incidents that count: in a zone, and each event once.

        A police row whose Crime ID a control-room record gives as its police reference is the
        same event; the control room's, which knows place and time, is the one that counts.
        """
        inside = self.incidents[self.incidents["zone"] != ""]
        return inside[~self._told_twice[inside.index]]

    @property
    def told_twice(self) -> int:
        """How many police rows are left out because the control room has the same event."""
        return int(self._told_twice[self.incidents["zone"] != ""].sum())

    @cached_property
    def _told_twice(self) -> pd.Series:
        table = self.incidents
        own = table.loc[table["source"] == CONTROL_ROOM, "police_reference"].str.lower()
        same = table["reference"].str.lower().isin(own[own != ""])
        return (table["source"] == POLICE) & same

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
        for table in (estate.sites, estate.buildings, estate.zones, estate.cameras):
            yield _table_bytes(pd.DataFrame(table.drop(columns="geometry")))
            yield b"".join(shapely.to_wkb(table.geometry.to_numpy()))
        if estate.streets is not None:
            yield np.ascontiguousarray(estate.streets.points).tobytes()
            yield np.ascontiguousarray(estate.streets.edges).tobytes()
            yield "\x1f".join(estate.streets.names).encode()
        # The order of import is no part of what is known.
        incidents = self.incidents.drop(columns=["id", "file_id"], errors="ignore")
        yield _table_bytes(incidents.sort_values(["source", "key"]))
        yield _table_bytes(self.periods)


def _table_bytes(table: pd.DataFrame) -> bytes:
    names = "\x1f".join(str(column) for column in table.columns)
    hashes = pd.util.hash_pandas_object(table.astype(str), index=False)
    content: bytes = hashes.to_numpy().tobytes()
    return names.encode() + content
