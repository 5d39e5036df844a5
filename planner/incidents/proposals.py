"""A profile proposed for a file of an unknown source, for a person to complete.

Each column is compared with what the planner needs, by its name and by its values. Nothing is
decided that the file leaves open: where two forms of dates fit every value, both are shown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import tomli_w
from rapidfuzz import fuzz, utils

from planner.incidents.files.rows import read_rows
from planner.incidents.times import DAY, MOMENT, MONTH, date_form, read_local
from planner.text import readable

# What such columns are usually called.
USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference", "ref", "id", "incident number", "case number", "log number",
                  "crime id", "incident id"),
    "category": ("category", "type", "incident type", "crime type", "offence", "incident",
                 "nature"),
    "occurred_from": ("occurred from", "start", "date from", "from", "occurred", "date", "when",
                      "date time", "incident date", "occurred at"),
    "occurred_to": ("occurred to", "end", "date to", "to", "until"),
    "occurred": ("occurred", "date", "when", "date time", "incident date", "time of incident"),
    "month": ("month",),
    "reported_at": ("reported at", "reported", "date reported", "created", "logged", "recorded"),
    "place": ("place", "location", "address", "site", "building", "where", "street"),
    "longitude": ("longitude", "lon", "long", "lng", "x"),
    "latitude": ("latitude", "lat", "y"),
    "point": ("point", "coordinates", "lat lon", "position", "location"),
    "easting": ("easting", "east", "x"),
    "northing": ("northing", "north", "y"),
    "police_reference": ("police reference", "police ref", "crime number", "urn"),
    "marking": ("marking", "protective marking"),
    "permission": ("permission", "handling", "sharing"),
    "grade": ("grade", "grading"),
    "details": ("details", "description", "notes", "narrative", "summary", "comments"),
}  # fmt: skip
DATED = ("occurred_from", "occurred_to", "month", "reported_at")
_DATES = (
    "YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY",
    "DD.MM.YYYY", "D/M/YYYY", "M/D/YYYY", "D-M-YYYY", "M-D-YYYY", "D.M.YYYY", "D/M/YY", "M/D/YY",
    "YY-MM-DD", "D-M-YY", "M-D-YY", "D.M.YY", "D MMM YYYY", "D-MMM-YYYY", "D-MMM-YY", "D MMM YY",
)  # fmt: skip
_HOURS = (
    "", " HH:mm", " HH:mm:ss", "THH:mm", "THH:mm:ss", "THH:mmZ", "THH:mm:ssZ", "THH:mm:ss.SSSZ",
    " HH:mm:ssZ", " H:mm", " H:mm:ss", " h:mm A", " h:mm:ss A", " h:mmA", ", HH:mm", ", h:mm A",
)  # fmt: skip
CANDIDATES = ("YYYY-MM", "MM/YYYY", "MMM YYYY", *map("".join, product(_DATES, _HOURS)))
_LOOKS_DATED = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}"
_LEAST_LIKENESS, _LEAST_CONFIDENCE = 0.6, 0.65
# So many values show what a column holds; forms of dates must fit all of them.
_SAMPLE = 5_000
_SHOWN = 40


@dataclass(frozen=True)
class Guess:
    """What a column probably is.

    Attributes
    ----------
    column, meaning
        Its name, and the key of ``[columns]`` that it is proposed for.
    confidence
        From 0 to 1.
    example
        One of its values, shortened.
    forms
        Forms of dates that fit all its values, one for each way to read them: two or more leave
        open what the dates are.
    """

    column: str
    meaning: str
    confidence: float
    example: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A proposed source profile.

    Attributes
    ----------
    file
        Name of the file that it is for.
    guesses
        What its columns probably are, in the order of its header.
    unused
        Columns for which nothing is proposed.
    """

    file: str
    guesses: tuple[Guess, ...]
    unused: tuple[str, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """What a person must decide before the profile can be used."""
        asked = ["source: what is the source called?"]
        asked += [f"{g.meaning}: {_undecided(g)}" for g in self.guesses if _undecided(g)]
        meanings = {guess.meaning for guess in self.guesses}
        if not meanings & {*DATED, "occurred"}:
            asked.append("columns: which column says when it happened?")
        if "category" not in meanings:
            asked.append("category: which column says what happened?")
        if "easting" in meanings:
            asked.append("crs: in which grid are easting and northing, such as EPSG:27700?")
        return tuple(asked)

    def to_toml(self) -> str:
        """Write the profile; what is left open is empty, so that it can't be used unseen."""
        meanings = [guess.meaning for guess in self.guesses]
        lines = [f"# Proposed for {readable(self.file)}: check every line of it."]
        lines += [f"# - {readable(question)}" for question in self.questions]
        columns = [guess.column for guess in self.guesses]
        lines += ["", _line("source", ""), _line("required", columns)]
        if "easting" in meanings:
            lines.append(_line("crs", ""))
        if "reference" not in meanings:
            lines += ["# No column looks like a reference; these tell rows apart.",
                      _line("identity", columns)]  # fmt: skip
        lines += ["", "[columns]"]
        for guess in self.guesses:
            lines.append(f"# {guess.confidence:.0%} sure; for example: {guess.example}")
            lines.append(_line(guess.meaning, guess.column))
        if self.unused:
            lines.append(f"# Left alone: {readable(', '.join(self.unused))}")
        return "\n".join([*lines, *self._dates(), ""])

    def _dates(self) -> list[str]:
        lines = ["", "[dates]"]
        for guess in self.guesses:
            if guess.meaning in DATED:
                if _undecided(guess):
                    lines.append(f"# {_undecided(guess)}")
                lines.append(_line(guess.meaning, [] if _undecided(guess) else guess.forms))
        if any(guess.meaning == "occurred" for guess in self.guesses):
            lines += ["", "[occurred]", "# Such as \"{date} {time}\", with date = [\"DD/MM/YYYY\"] "
                      "and time = [\"HH:mm\"].", _line("forms", [])]  # fmt: skip
        return lines


def _undecided(guess: Guess) -> str:
    if guess.meaning == "occurred":
        return "in which forms is the time of occurrence written?"
    if guess.meaning not in DATED or len(guess.forms) == 1:
        return ""
    if guess.forms:
        return f"undecided: {' and '.join(guess.forms)} fit every value; which is it?"
    return f"no known form fits every value, such as {guess.example}; which is it?"


def _line(key: str, value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return f"{key} = {_quoted(value)}"
    return f"{key} = [{', '.join(map(_quoted, value))}]"


def _quoted(text: str) -> str:
    return tomli_w.dumps({"a": text}).removeprefix("a = ").rstrip()


def propose_profile(path: Path) -> Proposal:
    """Propose a profile for a file.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty or no table.
    UnknownFormat
        If it has no header or no rows.
    """
    rows = read_rows(path)
    columns = {name: rows.table[name][rows.table[name] != ""] for name in rows.header}
    forms = {name: fitting_forms(values) for name, values in columns.items()}
    options = [
        (_confidence(name, meaning, values, forms[name]), name, meaning)
        for name, values in columns.items()
        for meaning in USUAL_NAMES
    ]
    taken: dict[str, Guess] = {}
    for confidence, name, meaning in sorted(options, key=lambda option: -option[0]):
        used = {guess.meaning for guess in taken.values()}
        if confidence < _LEAST_CONFIDENCE or name in taken or not _wanted(meaning, used):
            continue
        values = columns[name]
        example = readable(str(values.iloc[0]))[:_SHOWN] if len(values) else ""
        shown = forms[name] if meaning in DATED else ()
        taken[name] = Guess(name, meaning, round(confidence, 2), example, shown)
    return Proposal(
        path.name,
        tuple(taken[name] for name in rows.header if name in taken),
        tuple(name for name in rows.header if name not in taken),
    )


def _wanted(meaning: str, used: set[str]) -> bool:
    """Whether a meaning is still free: one way to say when, and one to say where."""
    for ways in (
        ({"occurred_from", "occurred_to"}, {"occurred"}, {"month"}),
        ({"longitude", "latitude"}, {"point"}, {"easting", "northing"}),
    ):
        if any(meaning in way for way in ways):
            others = set().union(*(way for way in ways if meaning not in way))
            if used & others:
                return False
    return meaning not in used


def fitting_forms(values: pd.Series) -> tuple[str, ...]:
    """Return the forms of dates that fit all values, one for each way to read them.

    Parameters
    ----------
    values
        Text, none of it empty.
    """
    if values.empty:
        return ()
    few = [str(value) for value in values.iloc[:20]]
    readings: list[pd.Series] = []
    fitting = []
    for written in CANDIDATES:
        form = date_form(written)
        if not all(re.fullmatch(form.pattern, value) for value in few):
            continue
        read = read_local(values, form)
        if read.notna().all() and not any(read.equals(other) for other in readings):
            readings.append(read)
            fitting.append(written)
    return tuple(fitting)


def _confidence(name: str, meaning: str, values: pd.Series, forms: Sequence[str]) -> float:
    by_name = max(_likeness(name, usual) for usual in USUAL_NAMES[meaning])
    if by_name < _LEAST_LIKENESS:
        return 0.0
    by_value = _fit(meaning, values.iloc[:_SAMPLE], forms) if len(values) else 0.2
    return 0.6 * by_name + 0.4 * by_value if by_value else 0.0


def _likeness(name: str, usual: str) -> float:
    whole = fuzz.token_sort_ratio(name, usual, processor=utils.default_process)
    # A usual name among other words ('campus id') says less than one that stands alone.
    among = 0.75 * fuzz.token_set_ratio(name, usual, processor=utils.default_process)
    return float(max(whole, among)) / 100


def _fit(meaning: str, values: pd.Series, forms: Sequence[str]) -> float:
    """Say how well values fit a meaning, from 0 (not at all) to 1."""
    lengths = {date_form(form).length for form in forms}
    if meaning == "month":
        return float(MONTH in lengths)
    if meaning in DATED:
        return 1.0 if lengths & {MOMENT, DAY} else 0.3 * _share_dated(values)
    if meaning == "occurred":
        return 0.0 if forms else _share_dated(values)
    if meaning == "point":
        return float(values.str.fullmatch(r"-?\d+\.?\d*\s*,\s*-?\d+\.?\d*").mean())
    numbers = pd.to_numeric(values, errors="coerce")
    limits = {"longitude": (0, 180), "latitude": (0, 90), "easting": (1_000, 1e7),
              "northing": (1_000, 1e7)}  # fmt: skip
    if meaning in limits:
        low, high = limits[meaning]
        return float(numbers.abs().between(low, high).mean())
    if forms:
        return 0.0
    if meaning == "reference":
        return float(np.clip(values.nunique() / len(values), 0.2, 1))
    if meaning == "category":
        return float(np.clip(1 - values.nunique() / len(values), 0.2, 1) * numbers.isna().mean())
    return 0.7 * float(numbers.isna().mean()) + 0.1


def _share_dated(values: pd.Series) -> float:
    return float(values.str.contains(_LOOKS_DATED, regex=True).mean())
