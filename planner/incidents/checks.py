"""Checks that every format shares: coordinates, moments, and the reasons for a rejection."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.incidents.model import Period


@dataclass(frozen=True)
class Checked:
    """What a format's reader made of its whole rows.

    Attributes
    ----------
    accepted
        Incidents, columns as in :mod:`planner.incidents.model`.
    rejected
        Reason by row number.
    periods, notes
        As in :class:`planner.incidents.model.Intake`.
    """

    accepted: pd.DataFrame
    rejected: pd.Series
    periods: tuple[Period, ...]
    notes: tuple[str, ...]


class Reasons:
    """Collects the first reason for which each row is rejected."""

    def __init__(self, index: pd.Index):
        self.reasons = pd.Series("", index=index, dtype=object)

    def add(self, wrong: pd.Series, reason: pd.Series | str) -> None:
        """Give the rows marked True this reason, unless they have one."""
        fresh = wrong & (self.reasons == "")
        self.reasons = self.reasons.mask(fresh, reason)

    @property
    def accepted(self) -> pd.Series:
        """Rows without a reason, as booleans."""
        return self.reasons == ""

    @property
    def rejected(self) -> pd.Series:
        """Reasons of the rejected rows."""
        return self.reasons[self.reasons != ""]


def coordinates(
    table: pd.DataFrame, longitude: str, latitude: str, reasons: Reasons
) -> pd.DataFrame:
    """Read coordinates in WGS84; rows without any, or with 0 and 0, have NaN.

    Returns
    -------
    pandas.DataFrame
        Columns ``longitude`` and ``latitude``, degrees.
    """
    columns = {"longitude": (longitude, 180.0), "latitude": (latitude, 90.0)}
    none = (table[longitude] == "") & (table[latitude] == "")
    read = {}
    for name, (column, limit) in columns.items():
        text = table[column]
        degrees = pd.to_numeric(text, errors="coerce").astype(float)
        wrong = ~none & ~np.isfinite(degrees)
        reasons.add(wrong, f"{column}: '" + text.str[:30] + "' is not a number")
        reasons.add(degrees.abs() > limit, f"{column}: {limit:.0f} is exceeded by " + text.str[:30])
        read[name] = degrees
    points = pd.DataFrame(read)
    return points.mask((points == 0).all(axis=1))


def moments(
    table: pd.DataFrame,
    column: str,
    written: str,
    form: str,
    time_zone: str,
    reasons: Reasons,
    skipped: str = "NaT",
) -> pd.Series:
    """Read local moments in one stated form; empty ones are NaT, the rest UTC.

    Parameters
    ----------
    written, form
        The form as a person writes it, and as ``strptime`` does.
    skipped
        What becomes of a time that the clocks skip: ``"NaT"`` rejects its row, since it never
        happened; ``"shift_forward"`` takes the moment of the change.

    Notes
    -----
    An hour that happens twice is read as the first of the two.
    """
    text = table[column]
    # strptime would also take 2025-1-2T3:4, which nobody could tell from a slip.
    # Beyond these years times can't be turned from zone to zone.
    shaped = text.where(text.str.fullmatch(_digits(written)) & text.str[:4].between("1900", "2199"))
    local = pd.to_datetime(shaped, format=form, errors="coerce")
    reasons.add(
        (text != "") & local.isna(), f"{column}: '" + text.str[:30] + f"' is not a date {written}"
    )
    first = np.ones(len(local), dtype=bool)
    aware = local.dt.tz_localize(time_zone, ambiguous=first, nonexistent=skipped)
    reasons.add(
        local.notna() & aware.isna(),
        f"{column}: " + text.str[:30] + f" never happened in {time_zone}: the clocks skip it",
    )
    return aware.dt.tz_convert("UTC")


def _digits(written: str) -> str:
    return "".join(r"\d" if letter in "YMDHh" or letter == "m" else letter for letter in written)
