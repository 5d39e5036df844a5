"""Times as files write them: stated forms, read strictly, and made moments in UTC.

A *form* is written as a person would write it: ``"YYYY-MM-DDTHH:mm"``, ``"DD/MM/YYYY HH:mm"``,
``"M/D/YY"``, ``"h:mm A"``. Nothing is guessed: a text that no stated form fits is not read, and
forms that would read one text as two different times cannot stand together.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

import numpy as np
import pandas as pd

# What a form may hold: how it looks, strptime's directive, and how one is written.
# Not \d: that would take the digits of any script. No leap second: strptime would make it the
# next minute's first.
_PARTS: dict[str, tuple[str, str, str]] = {
    "YYYY": (r"[0-9]{4}", "%Y", "{0:%Y}"),
    "YY": (r"[0-9]{2}", "%y", "{0:%y}"),
    "MMM": (r"[A-Za-z]{3}", "%b", "{0:%b}"),
    "MM": (r"[0-9]{2}", "%m", "{0:%m}"),
    "M": (r"[0-9]{1,2}", "%m", "{0.month}"),
    "DD": (r"[0-9]{2}", "%d", "{0:%d}"),
    "D": (r"[0-9]{1,2}", "%d", "{0.day}"),
    "HH": (r"[0-9]{2}", "%H", "{0:%H}"),
    "H": (r"[0-9]{1,2}", "%H", "{0.hour}"),
    "hh": (r"[0-9]{2}", "%I", "{0:%I}"),
    "h": (r"[0-9]{1,2}", "%I", "{1}"),
    "mm": (r"[0-9]{2}", "%M", "{0:%M}"),
    "ss": (r"[0-5][0-9]", "%S", "{0:%S}"),
    "SSS": (r"[0-9]{1,6}", "%f", "{0:%f}"),
    "A": (r"[AaPp][Mm]", "%p", "{0:%p}"),
    "Z": (r"(?:Z|[+-][0-9]{2}:?[0-9]{2})", "%z", "+00:00"),
}
_SPLIT = re.compile("(" + "|".join(sorted(_PARTS, key=len, reverse=True)) + ")")
_HOURS, _MINUTES = {"HH", "H", "hh", "h"}, {"mm"}
_YEARS, _MONTHS, _DAYS = {"YYYY", "YY"}, {"MMM", "MM", "M"}, {"DD", "D"}
_KINDS = (_YEARS, _MONTHS, _DAYS, _HOURS)
MOMENT, DAY, MONTH, TIME = "moment", "day", "month", "time"
# Beyond these years a time can't be turned from zone to zone.
EARLIEST, LATEST = pd.Timestamp("1900-01-01"), pd.Timestamp("2199-12-31T23:59:59")

_STEPS = {DAY: pd.DateOffset(days=1), MONTH: pd.DateOffset(months=1)}
TWICE, SKIPPED = "twice", "skipped"
Form = TypeVar("Form")


@dataclass(frozen=True)
class DateForm:
    """A stated form of dates or times.

    Attributes
    ----------
    written
        As a person writes it.
    pattern, directives
        The same as a regular expression and for ``strptime``.
    length
        What one such text stands for: ``"moment"``, ``"day"``, ``"month"``, or ``"time"`` of a
        day that is stated elsewhere.
    aware
        Whether it states its offset from UTC.
    """

    written: str
    pattern: str
    directives: str
    length: str
    aware: bool

    def example(self, moment: datetime) -> str:
        """Write a moment in this form."""
        parts = _SPLIT.split(self.written)
        return "".join(
            _PARTS[part][2].format(moment, (moment.hour + 11) % 12 + 1) if n % 2 else part
            for n, part in enumerate(parts)
        )

    def examples(self) -> pd.Series:
        """Write moments of which day, month, year, hour and minute could each be the other."""
        return _examples(self)


@dataclass(frozen=True)
class Moments:
    """A column of times, read; all series of shape (n,).

    Attributes
    ----------
    starts, ends
        First and last moment that each text can mean, UTC; equal but for a day or a month; NaT
        where it could not be read.
    clock
        As in :mod:`planner.incidents.model`.
    """

    starts: pd.Series
    ends: pd.Series
    clock: pd.Series

    @property
    def read(self) -> pd.Series:
        """Which texts were read, as booleans."""
        return self.starts.notna()


@cache
def date_form(written: str) -> DateForm:
    """Understand a form.

    Raises
    ------
    ValueError
        If it holds letters that are no part of a date, a part twice, or too little to say when.
    """
    parts = _SPLIT.split(written)
    used, between = parts[1::2], parts[::2]
    foreign = sorted({letter for text in between for letter in text if letter.isalnum()} - {"T"})
    if foreign:
        raise ValueError(f"'{written}' holds '{foreign[0]}', which is no part of a date")
    directives = "".join(
        _PARTS[part][1] if n % 2 else part.replace("%", "%%") for n, part in enumerate(parts)
    )
    kinds = [next((kind for kind in _KINDS if part in kind), part) for part in used]
    if any(kinds.count(kind) > 1 for kind in kinds):
        raise ValueError(f"'{written}' states a part of the date twice")
    pattern = "".join(_PARTS[part][0] if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return DateForm(written, pattern, directives, _length(written, set(used)), "Z" in used)


def _length(written: str, used: set[str]) -> str:
    has = [bool(used & kind) for kind in (_YEARS, _MONTHS, _DAYS, _HOURS, _MINUTES)]
    halves = bool(used & {"hh", "h"})
    # The offset of a day or a month, and a second without its minute, would say nothing.
    surplus = used & {"A", "Z", "ss", "SSS"}
    if all(has) and halves == ("A" in used):
        return MOMENT
    if has == [False, False, False, True, True] and halves == ("A" in used) and "Z" not in used:
        return TIME
    if has == [True, True, True, False, False] and not surplus:
        return DAY
    if has == [True, True, False, False, False] and not surplus:
        return MONTH
    raise ValueError(
        f"'{written}' does not say when: it needs year and month, and then day, hour (h with A, "
        "or H) and minute, in this order of importance"
    )


def read_local(text: pd.Series, form: DateForm) -> pd.Series:
    """Read what fits a form, strictly; the rest is NaT.

    Returns
    -------
    pandas.Series
        Local times without a zone, or UTC where the form states the offset; whole seconds.
    """
    # strptime would also take 2025-1-2T3:4, which nobody could tell from a slip.
    fitting = text.where(text.str.fullmatch(form.pattern))
    local = pd.to_datetime(fitting, format=form.directives, errors="coerce", utc=form.aware)
    zone = "UTC" if form.aware else None
    possible = local.between(EARLIEST.tz_localize(zone), LATEST.tz_localize(zone))
    return local.where(possible).dt.as_unit("us").dt.floor("s")


def read_moments(text: pd.Series, forms: Sequence[DateForm], time_zone: str) -> Moments:
    """Read a column in which each text has one of some forms.

    Parameters
    ----------
    text
        Stripped text, shape (n,), its index unique; what is empty is NaT.
    forms
        None of which reads a text otherwise than another; see :func:`first_conflict`.
    time_zone
        The zone of times that state no offset.
    """
    parts = []
    left = text[text != ""]
    for form in forms:
        if left.empty:
            break
        local = read_local(left, form)
        read = local.notna()
        local = local if read.all() else local[read]
        parts.append(
            Moments(local, local, unflagged(local.index))
            if form.aware
            else local_moments(local, form.length, time_zone)
        )
        left = left[~read]
    return together(parts, text.index)


def together(parts: Sequence[Moments], index: pd.Index) -> Moments:
    """Put parts of a column together; what is in none of them was not read."""
    none = pd.Series([], dtype="datetime64[us, UTC]", index=index[:0])
    starts = pd.concat([none, *(part.starts for part in parts)]).reindex(index)
    ends = pd.concat([none, *(part.ends for part in parts)]).reindex(index)
    clock = pd.concat([pd.Series([], dtype="str"), *(part.clock for part in parts)])
    return Moments(starts, ends, clock.reindex(index, fill_value=""))


def local_moments(local: pd.Series, length: str, time_zone: str) -> Moments:
    """Turn local times, each standing for a moment, a day or a month, into moments."""
    if length not in _STEPS:
        starts, clock = to_utc(local, time_zone)
        return Moments(starts, starts, clock)
    # A day that begins while the clocks change begins all the same: nothing to flag.
    starts, ends = (to_utc(at, time_zone)[0] for at in (local, local + _STEPS[length]))
    return Moments(starts, ends, unflagged(local.index))


def unflagged(index: pd.Index) -> pd.Series:
    """Return an empty ``clock`` column."""
    return pd.Series("", index=index, dtype="str")


def to_utc(local: pd.Series, time_zone: str) -> tuple[pd.Series, pd.Series]:
    """Turn local times into moments, and flag those that the clocks make doubtful.

    Of an hour that happens twice the first is taken; of one that the clocks skip, the moment of
    the change.

    Returns
    -------
    moments, clock
        UTC, NaT where the local time is; and ``"twice"``, ``"skipped"`` or ``""``.
    """
    first, second = (
        local.dt.tz_localize(
            time_zone, ambiguous=np.full(len(local), summer), nonexistent="shift_forward"
        )
        for summer in (True, False)
    )
    clock = unflagged(local.index)
    skipped = local.notna() & (first.dt.tz_localize(None) != local)
    twice = local.notna() & (first != second)
    if twice.any() or skipped.any():
        clock = clock.mask(twice, TWICE).mask(skipped, SKIPPED)
    return first.dt.tz_convert("UTC"), clock


def first_conflict(
    forms: Sequence[Form],
    examples: Callable[[Form], pd.Series],
    read: Callable[[pd.Series, Form], pd.Series],
) -> tuple[Form, Form, str] | None:
    """Find two forms that read one text in two ways.

    Parameters
    ----------
    forms
        Any number.
    examples
        Texts of a form, which between them show every way in which another may take it.
    read
        Reads a column of text in a form; NaT where it does not fit.

    Returns
    -------
    tuple or None
        The two forms and such a text; None where there is none.
    """
    if len(forms) < 2:
        return None
    text = pd.concat([examples(form) for form in forms], ignore_index=True)
    columns = [read(text, form).dt.tz_localize(None) for form in forms]
    results = pd.concat(columns, axis=1, keys=range(len(forms)))
    differ = results.max(axis=1) != results.min(axis=1)
    differ &= results.notna().any(axis=1)
    if not differ.any():
        return None
    row = results[differ].iloc[0].dropna()
    one, other = row.index[0], row.index[row != row.iloc[0]][0]
    return forms[one], forms[other], str(text[differ].iloc[0])


@cache
def _examples(form: DateForm) -> pd.Series:
    start = datetime(2001, 1, 1, 1, 2, 3)
    step = timedelta(hours=37, minutes=11, seconds=17)
    written = [form.example(start + n * step) for n in range(800)]
    return pd.Series(written, dtype="str")
