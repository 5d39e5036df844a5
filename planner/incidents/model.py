"""What the planner keeps of an incident, whatever file it came from.

A table of incidents has one row an incident and these columns; times are in UTC, coordinates in
WGS84 degrees (NaN where there are none), text is ``""`` where there is none.

====================  ===========================================================================
``source``            the name of the source profile: ``"control room"``, ``"police"``, ...
``key``               what tells this record from every other of its source
``reference``         the originator's own reference
``category``          the originator's category in lower case, as written
``occurred_from``     earliest moment at which it can have happened
``occurred_to``       latest moment at which it can have happened
``time_known``        ``"interval"``, ``"month"`` (only the month), ``"unknown"`` (only when
                      reported)
``clock``             ``"twice"`` where a time lies in an hour that happened twice (the first is
                      taken), ``"skipped"`` where the clocks skip it (the moment of the change is
                      taken), else ``""``
``reported_at``       when it was reported, NaT where not stated
``place``             the place as written
``longitude``
``latitude``
``anonymised``        True where the coordinates are a police snap point
``police_reference``  the police's reference, where the service knows it
``marking``           the protective marking it came with, or its source's usual one
``permission``        what its originator permits, or its source's usual permission
``grade``             its 3x5x2 grade, as supplied
``details``           free text
====================  ===========================================================================
"""

from dataclasses import dataclass

import pandas as pd

COLUMNS = [
    "source", "key", "reference", "category", "occurred_from", "occurred_to", "time_known",
    "clock", "reported_at", "place", "longitude", "latitude", "anonymised", "police_reference",
    "marking", "permission", "grade", "details",
]  # fmt: skip
MOMENTS = ["occurred_from", "occurred_to", "reported_at"]

CONTROL_ROOM = "control room"
POLICE = "police"

EXACT, BUILDING, SITE, STREET = "exact", "building", "site", "street"
ANONYMISED, OUTSIDE, UNKNOWN = "anonymised", "outside", "unknown"
PLACE_COLUMNS = [
    "x", "y", "building", "site", "street", "zone", "precision", "confidence", "apart_m",
]  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A stretch of time that a file covers: from a moment, up to but without another (UTC).

    Attributes
    ----------
    starts_at, ends_at
        The moments.
    area
        The area that it covers, as WKT in WGS84; ``""`` for the whole estate.
    """

    starts_at: pd.Timestamp
    ends_at: pd.Timestamp
    area: str = ""


@dataclass(frozen=True)
class Intake:
    """One file, read and checked; ``len(accepted) + len(rejected) + repeated = read``.

    Attributes
    ----------
    file, source, digest
        Name of the file, the name of its source profile, and the SHA-256 of its bytes.
    header
        Its column names as a line of CSV.
    read
        Number of rows, without the header.
    accepted
        Incidents, columns as in this module's docstring; indexed by row number (the header is
        row 1), no key twice.
    rejected
        Columns ``row``, ``reason``, ``text`` (the row as it stood). A row with the key of an
        earlier row of the file, but other content, is among them.
    repeated
        How many rows say the same as an earlier row of the file that has their key.
    periods
        The time that the file covers.
    notes
        What a person should know of it, in words.
    """

    file: str
    source: str
    digest: str
    header: str
    read: int
    accepted: pd.DataFrame
    rejected: pd.DataFrame
    repeated: int
    periods: tuple[Period, ...]
    notes: tuple[str, ...] = ()
