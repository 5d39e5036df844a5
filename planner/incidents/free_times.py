"""Times of occurrence in free text, as far as a source profile declares how they are written.

A declared form is words with ``{date}``, ``{time}`` and ``{unknown}`` (ways to say that the time of
day is not known) among them: ``"{date} {time} to {time}"``. Words are read in either case, and
blanks between digits and letters may be missing or repeated; all else must stand as declared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planner.incidents.times import (
    DAY,
    MOMENT,
    TIME,
    DateForm,
    Moments,
    date_form,
    first_conflict,
    local_moments,
    read_local,
    together,
)

DATE, HOUR, UNKNOWN = "{date}", "{time}", "{unknown}"
_HELD = re.compile(r"(\{date\}|\{time\}|\{unknown\})")
_FIRST_DAY = pd.Timestamp("1900-01-01")
_NO_TEXT = pd.Series([""], dtype="str")
# How many dates and times a form may hold; a date alone stands for the whole day.
_SHAPES = {(0, 0), (1, 0), (2, 0), (1, 1), (1, 2), (2, 2)}


@dataclass(frozen=True)
class Spans:
    """Free text, read; both ends of each span.

    Attributes
    ----------
    first, last
        Beginning and end, shape (n,); not read where the time is unknown.
    fits
        Which texts have a declared form, that of an unknown time included, as booleans.
    """

    first: Moments
    last: Moments
    fits: pd.Series


@dataclass(frozen=True)
class Grammar:
    """The declared forms of one column.

    Attributes
    ----------
    dates, times
        Forms of ``{date}`` and ``{time}``.
    unknown
        What may stand for ``{unknown}``.
    dated, undated
        Forms of texts that hold a date, and of those that say that nothing is known.
    """

    dates: tuple[DateForm, ...]
    times: tuple[DateForm, ...]
    unknown: tuple[str, ...]
    dated: tuple[str, ...]
    undated: tuple[str, ...]

    def local_span(self, text: pd.Series, form: str) -> tuple[pd.DataFrame, str]:
        """Read spaced text in one form that holds a date.

        Returns
        -------
        span, length
            Columns ``first`` and ``last``, local times, NaT where it does not fit; and whether
            each stands for a moment or a day.
        """
        found = text.str.extract(self.pattern(form))
        kinds = _HELD.findall(form)
        dates = [_read(found[n], self.dates) for n, kind in enumerate(kinds) if kind == DATE]
        times = [_read(found[n], self.times) for n, kind in enumerate(kinds) if kind == HOUR]
        first, last = dates[0], dates[-1]
        if times:
            first, last = first + (times[0] - _FIRST_DAY), last + (times[-1] - _FIRST_DAY)
        if len(dates) < len(times):
            # '11:50 PM to 12:15 AM' on one date ends on the next day.
            last = last.mask(last < first, last + pd.Timedelta(days=1))
        span = pd.DataFrame({"first": first, "last": last})
        return span.where(span.notna().all(axis=1)), MOMENT if times else DAY

    def pattern(self, form: str) -> str:
        """Return a form as a regular expression with a group for each date and time."""
        either = {
            DATE: "(" + "|".join(date.pattern for date in self.dates) + ")",
            HOUR: "(" + "|".join(time.pattern for time in self.times) + ")",
            UNKNOWN: "(?:" + "|".join(re.escape(text) for text in self.unknown) + ")",
        }
        parts = [either.get(part, re.escape(part)) for part in _HELD.split(form)]
        return "(?i)^" + "".join(parts) + r"\Z"


def grammar(
    dates: Sequence[str], times: Sequence[str], unknown: Sequence[str], forms: Sequence[str]
) -> Grammar:
    """Understand the declared forms of a column, and check that none contradicts another.

    Raises
    ------
    ValueError
        If one can't be understood, would never fit, or reads a text otherwise than another.
    """
    for form in forms:
        kinds = _HELD.findall(form)
        if (kinds.count(DATE), kinds.count(HOUR)) not in _SHAPES or re.search("[0-9]", form):
            raise ValueError(
                f"'{form}' must be words with one or two dates and at most as many times, or "
                "one date and two times; or words only, for an unknown time"
            )
    read = Grammar(
        _of_length(dates, DAY),
        _of_length(times, TIME),
        tuple(_spaced(text) for text in unknown),
        tuple(_spaced(form) for form in forms if DATE in form),
        tuple(_spaced(form) for form in forms if DATE not in form),
    )
    _check(read)
    return read


def _check(read: Grammar) -> None:
    held = ((DATE, read.dates), (HOUR, read.times), (UNKNOWN, read.unknown))
    for form in read.dated + read.undated:
        for kind, listed in held:
            if kind in form and not listed:
                raise ValueError(f"'{form}' holds {kind}, but no form of it is stated")
        if not spaced(_examples(read, form)).str.match(read.pattern(form)).all():
            raise ValueError(f"'{form}' would never fit; write a blank between digits and letters")
    conflict = first_conflict(
        read.dated,
        lambda form: _examples(read, form),
        lambda text, form: read.local_span(spaced(text), form)[0]["first"],
    )
    if conflict:
        raise ValueError("'{}' and '{}' read '{}' in two ways".format(*conflict))


def _of_length(written: Sequence[str], length: str) -> tuple[DateForm, ...]:
    forms = tuple(date_form(form) for form in written)
    for form in forms:
        if form.length != length:
            raise ValueError(f"'{form.written}' is not the form of a {length}")
    conflict = first_conflict(forms, DateForm.examples, read_local)
    if conflict:
        one, other, text = conflict
        raise ValueError(f"'{one.written}' and '{other.written}' read '{text}' in two ways")
    return forms


def _examples(read: Grammar, form: str) -> pd.Series:
    """Write texts of a form, with each of the forms of its dates and times."""
    texts = [
        form.replace(DATE, date).replace(HOUR, time).replace(UNKNOWN, "".join(read.unknown[:1]))
        for dates in [each.examples() for each in read.dates] or [_NO_TEXT]
        for times in [each.examples() for each in read.times] or [_NO_TEXT]
        for date, time in zip(dates[::200], times[::200], strict=False)
    ]
    return pd.Series(texts, dtype="str")


def _spaced(form: str) -> str:
    """Write a declared form as :func:`spaced` writes the texts that fit it."""
    digits = pd.Series([form.replace(DATE, "1").replace(HOUR, "2")], dtype="str")
    return str(spaced(digits).iloc[0]).replace("1", DATE).replace("2", HOUR)


def spaced(text: pd.Series) -> pd.Series:
    """Put exactly one blank between digits and letters, and for every run of blanks."""
    once = text.str.replace("[\\s\u00a0]+", " ", regex=True).str.strip()
    apart = once.str.replace(r"([0-9]) ?([A-Za-z])", r"\1 \2", regex=True)
    return apart.str.replace(r"([A-Za-z]) ?([0-9])", r"\1 \2", regex=True)


def _read(text: pd.Series, forms: Sequence[DateForm]) -> pd.Series:
    local = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    for form in forms:
        local = local.fillna(read_local(text.fillna(""), form))
    return local


def read_spans(text: pd.Series, read: Grammar, time_zone: str) -> Spans:
    """Read a column of free text.

    Parameters
    ----------
    text
        Stripped text, shape (n,), its index unique; what is empty does not fit.
    time_zone
        The zone that its times are in.
    """
    firsts: list[Moments] = []
    lasts: list[Moments] = []
    fits = pd.Series(False, index=text.index)
    left = spaced(text[text != ""])
    for form in read.undated:
        fits.loc[left.index[left.str.match(read.pattern(form))]] = True
    left = left[~fits.loc[left.index]]
    for form in read.dated:
        if left.empty:
            break
        span, length = read.local_span(left, form)
        done = span["first"].notna()
        firsts.append(local_moments(span.loc[done, "first"], length, time_zone))
        lasts.append(local_moments(span.loc[done, "last"], length, time_zone))
        fits.loc[left.index[done]] = True
        left = left[~done]
    return Spans(together(firsts, text.index), together(lasts, text.index), fits)
