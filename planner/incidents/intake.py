"""Reading a file of incidents: which source it is of, and what became of each row."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from planner.incidents.checks import Reasons, column_of, coordinates
from planner.incidents.files.rows import Rows, read_rows, row_texts
from planner.incidents.identity import keys, repeats
from planner.incidents.model import COLUMNS, Intake, Period
from planner.incidents.occurrences import occurrences
from planner.incidents.periods import beyond, days_covered, months_covered, silences
from planner.incidents.source_profiles import SourceProfile, choose_profile, shipped_profiles
from planner.incidents.times import SKIPPED, TWICE
from planner.text import readable_column


def read_incidents(
    path: Path,
    time_zone: str,
    now: datetime,
    profiles: Sequence[SourceProfile] | None = None,
    covers: tuple[Period, ...] | None = None,
    about: tuple[float, float] | None = None,
) -> Intake:
    """Read a file of incidents by the source profile that fits it.

    Parameters
    ----------
    path
        A file of rows, in any form that :func:`planner.incidents.files.rows.read_rows` knows.
    time_zone
        The estate's time zone, in which times are that state no other.
    now
        The present moment; what is said to happen later is rejected.
    profiles
        Those to choose from; the shipped ones if not given.
    covers
        The time that the file covers, where a person states it; else it follows from the rows.
    about
        Longitude and latitude of the middle of the estate; tells eastings from northings.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty or no table.
    UnknownFormat
        If no profile fits it, or it has no rows.
    """
    rows = read_rows(path)
    listed = shipped_profiles() if profiles is None else profiles
    profile = choose_profile(rows.header, path, listed)
    reasons = Reasons(rows.table.index)
    incidents = _incidents(rows.table, profile, time_zone, now, reasons, about)
    fine = reasons.accepted
    accepted = incidents if fine.all() else incidents[fine]
    twice = repeats(accepted)
    if twice.any:
        accepted = accepted.drop(index=twice.same.union(twice.differing.index))
    name = profile.columns.reference or "row"
    differing = (
        f"{name}: stands in row " + twice.differing.astype("str") + " too, with other content"
    )
    periods, said = _periods(accepted, profile, time_zone, covers)
    return Intake(
        file=path.name,
        source=profile.source,
        digest=rows.digest,
        header=_line(rows.header),
        read=len(rows.table) + len(rows.broken),
        accepted=accepted,
        rejected=_all_rejected(rows, pd.concat([reasons.rejected, differing])),
        repeated=len(twice.same),
        periods=periods,
        notes=(*rows.notes, *_notes(accepted), *said),
    )


def _incidents(
    table: pd.DataFrame,
    profile: SourceProfile,
    time_zone: str,
    now: datetime,
    reasons: Reasons,
    about: tuple[float, float] | None,
) -> pd.DataFrame:
    """Read every row; what is wrong with it is among the reasons."""
    columns, constants = profile.columns, profile.constants
    reference = column_of(table, columns.reference)
    if not profile.identity:
        reasons.add(reference == "", f"{columns.reference}: is empty")
    category = _category(column_of(table, columns.category), constants.category)
    reasons.add(category == "", f"{columns.category}: is empty")
    times = occurrences(table, profile, time_zone, now, reasons)
    points = coordinates(table, profile, reasons, about)
    texts = {
        name: _or_else(column_of(table, getattr(columns, name)), usual)
        for name, usual in (
            ("place", ""), ("police_reference", ""), ("marking", constants.marking),
            ("permission", constants.permission), ("grade", ""), ("details", ""),
        )
    }  # fmt: skip
    read = {
        "source": pd.Series(profile.source, index=table.index, dtype="str"),
        "key": keys(table, reference, profile.identity),
        "reference": reference,
        "category": category,
        "anonymised": pd.Series(constants.anonymised, index=table.index, dtype=bool),
    }
    if times["unread"].any():
        words = "When, as written: " + column_of(table, columns.occurred)
        texts["details"] = _joined(texts["details"], words.where(times["unread"], ""))
    return pd.concat([pd.DataFrame(read | texts), times, points], axis=1)[COLUMNS]


def _joined(text: pd.Series, more: pd.Series) -> pd.Series:
    return text + pd.Series(". ", text.index).where((text != "") & (more != ""), "") + more


def _or_else(text: pd.Series, usual: str) -> pd.Series:
    return text.mask(text == "", usual) if usual else text


def _category(written: pd.Series, usual: str) -> pd.Series:
    """Make each distinct category readable once: there are few of them."""
    codes, distinct = pd.factorize(_or_else(written, usual))
    plain = readable_column(pd.Series(distinct, dtype="str")).str.lower()
    return plain.take(codes).set_axis(written.index)


def _periods(
    accepted: pd.DataFrame,
    profile: SourceProfile,
    time_zone: str,
    covers: tuple[Period, ...] | None,
) -> tuple[tuple[Period, ...], tuple[str, ...]]:
    """Return the time covered, and what a person should know of it."""
    if covers is not None:
        return covers, beyond(accepted, covers)
    if profile.columns.month:
        return months_covered(accepted), ()
    periods = days_covered(accepted, profile.time_zone or time_zone)
    return periods, silences(periods)


def _notes(accepted: pd.DataFrame) -> tuple[str, ...]:
    counted = (
        (accepted["time_known"] == "unknown", "do not say when it happened; the day of the report "
         "is used"),
        (accepted["clock"] == TWICE, "lie in an hour that happened twice; the first is taken"),
        (accepted["clock"] == SKIPPED, "have a time that the clocks skip; the moment of the "
         "change is taken"),
    )  # fmt: skip
    return tuple(f"{rows.sum():,} rows {words}" for rows, words in counted if rows.any())


def _all_rejected(rows: Rows, reasons: pd.Series) -> pd.DataFrame:
    whole = pd.DataFrame(
        {
            "row": reasons.index.astype("int64"),
            "reason": reasons.to_numpy(),
            "text": row_texts(rows.table.loc[reasons.index]).to_numpy(),
        }
    )
    broken = pd.DataFrame(rows.broken, columns=["row", "reason", "text"])
    both = pd.concat([broken.astype(whole.dtypes), whole], ignore_index=True)
    return both.sort_values("row", ignore_index=True)


def _line(header: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(header)
    return line.getvalue()
