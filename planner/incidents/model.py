"""What the planner keeps of an incident, whatever file it came from.

A table of incidents has one row an incident and these columns; times are in UTC, coordinates in
WGS84 degrees (NaN where there are none).

=================  ==============================================================================
``source``         ``"control room"`` or ``"police"``
``key``            what tells this record from every other of its source
``reference``      the originator's own reference, ``""`` where it has none
``category``       the originator's category in lower case
``occurred_from``  earliest moment at which it can have happened
``occurred_to``    latest moment at which it can have happened
``time_known``     ``"interval"``, ``"month"`` (only the month), ``"unknown"`` (only when reported)
``reported_at``    when it was reported, NaT where not stated
``place``          the place as written
``longitude``
``latitude``
``anonymised``     True where the coordinates are a police snap point
``police_reference``
``details``        free text
=================  ==============================================================================
"""

from dataclasses import dataclass

import pandas as pd

COLUMNS = [
    "source", "key", "reference", "category", "occurred_from", "occurred_to", "time_known",
    "reported_at", "place", "longitude", "latitude", "anonymised", "police_reference", "details",
]  # fmt: skip

CONTROL_ROOM = "control room"
POLICE = "police"
OUTSIDE = "outside"
UNLOCATED = "unlocated"


@dataclass(frozen=True)
class Period:
    """A stretch of time that a file covers: from a moment, up to but without another (UTC)."""

    starts_at: pd.Timestamp
    ends_at: pd.Timestamp


@dataclass(frozen=True)
class Intake:
    """One file, read and checked: every row is among the accepted or the rejected.

    Attributes
    ----------
    file, source, digest
        Name of the file, which format it is, and the SHA-256 of its bytes.
    read
        Number of rows, without the header.
    accepted
        Incidents, columns as in this module's docstring.
    rejected
        Columns ``row`` (the header is row 1), ``reason``, ``text`` (the row as it stood).
    periods
        The time that the file covers.
    notes
        What a person should know of it, in words.
    """

    file: str
    source: str
    digest: str
    read: int
    accepted: pd.DataFrame
    rejected: pd.DataFrame
    periods: tuple[Period, ...]
    notes: tuple[str, ...] = ()
