"""Who may see what: 3x5x2 grades, protective markings, and the originator's permission.

Grades are those of the intelligence report of the police of England and Wales (College of
Policing, Authorised Professional Practice, "Intelligence management: Intelligence report", 2016):
a source is 1 reliable, 2 untested or 3 not reliable; information is A known directly, B known
indirectly but corroborated, C known indirectly, D not known or E suspected to be false; and lawful
sharing is P permitted, or C permitted with conditions.

Whatever is not plainly allowed is withheld:

- an audience or marking that the settings don't list, or a grade that can't be read;
- a marking above the highest that the audience may see;
- by handling code C, every audience that the conditions don't name;
- by handling code P, an audience outside the service that the originator did not name, and,
  where the originator named some, every other;
- what is of handling code P and has conditions all the same: one of the two is wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from planner.errors import IntelligenceError
from planner.settings import Handling

SOURCES = {"1": "reliable", "2": "untested", "3": "not reliable"}
INFORMATION = {
    "A": "known directly",
    "B": "known indirectly but corroborated",
    "C": "known indirectly",
    "D": "not known",
    "E": "suspected to be false",
}
CODES = {"P": "lawful sharing permitted", "C": "lawful sharing permitted with conditions"}
NOT_RELIABLE, SUSPECTED_FALSE, WITH_CONDITIONS = "3", "E", "C"
# One sort of separator between the parts, or none: 2BP, 2 B P, 2-B-P, 2/B/P.
_GRADE = re.compile(r"([1-3])([ /-]?)([A-Ea-e])\2([PCpc])")
_LETTER_FIRST = re.compile(r"[A-Ea-e][ /-]?[1-5].*")
_NAMES_END = ";"


@dataclass(frozen=True)
class Grade:
    """A 3x5x2 grade.

    Attributes
    ----------
    source, information, code
        One character each: a key of ``SOURCES``, ``INFORMATION`` and ``CODES``.
    """

    source: str
    information: str
    code: str

    def __str__(self) -> str:
        return f"{self.source}{self.information}{self.code}"

    @property
    def short(self) -> str:
        """Source and information alone, as people quote them: ``2B``."""
        return f"{self.source}{self.information}"

    @property
    def words(self) -> str:
        """The grade in words."""
        return (
            f"source {SOURCES[self.source]}, information {INFORMATION[self.information]}, "
            f"{CODES[self.code]}"
        )

    @property
    def never_raises_because(self) -> str:
        """Why risk is never raised on it; ``""`` where it may be."""
        if self.source == NOT_RELIABLE:
            return "its source is graded not reliable"
        if self.information == SUSPECTED_FALSE:
            return "its information is suspected to be false"
        return ""


def read_grade(text: str) -> Grade:
    """Read a grade: source, information and handling code, in this order.

    Parameters
    ----------
    text
        Such as ``1AP``, ``2 B C``, ``3-E-C`` or ``2/b/p``: capital or small letters, with the
        same space, hyphen or stroke between all parts, or none.

    Raises
    ------
    IntelligenceError
        If it is anything else, such as ``B2P`` (a grade of the former 5x5x5 system has its letter
        first) or ``2B`` (no handling code).
    """
    found = _GRADE.fullmatch(text.strip(" "))
    if found:
        return Grade(found[1], found[3].upper(), found[4].upper())
    former = " (letter first is the former 5x5x5 system)" if _LETTER_FIRST.fullmatch(text) else ""
    raise IntelligenceError(
        f"grade: '{_shown(text)}' is no 3x5x2 grade{former}; write source 1 to 3, information A to "
        "E, and handling code P or C, such as 2BP."
    )


def _shown(text: str) -> str:
    return text if len(text) <= 20 else text[:17] + "..."


class Handled(Protocol):
    """What says of itself how it is to be handled."""

    @property
    def grade(self) -> str:
        """Its 3x5x2 grade."""

    @property
    def marking(self) -> str:
        """Its protective marking."""

    @property
    def permission(self) -> Sequence[str]:
        """The audiences that its originator permits to see it."""

    @property
    def conditions(self) -> str:
        """The originator's conditions in words."""


@dataclass(frozen=True)
class Label:
    """How something is to be handled, by itself."""

    grade: str
    marking: str
    permission: tuple[str, ...] = ()
    conditions: str = ""


def withheld_because(entry: Handled, audience: str, rules: Handling) -> str:
    """Say why an entry is withheld from an audience; ``""`` where they may see it.

    Parameters
    ----------
    entry
        What it is about.
    audience
        Who asks, by a name of the settings.
    rules
        The settings' markings and audiences.
    """
    reader = rules.audiences.get(audience)
    if reader is None:
        return f"there is no audience '{audience}'"
    try:
        grade = read_grade(entry.grade)
    except IntelligenceError:
        return "its grade can't be read"
    if entry.marking not in rules.markings:
        return "its marking is unknown"
    if rules.markings.index(entry.marking) > rules.markings.index(reader.highest_marking):
        return f"it is marked {entry.marking}, above what '{audience}' may see"
    return _not_permitted(entry, grade, audience, reader.outside)


def _not_permitted(entry: Handled, grade: Grade, audience: str, outside: bool) -> str:
    if grade.code == WITH_CONDITIONS:
        named = audience in entry.permission
        return "" if named else f"its conditions (handling code C) do not name '{audience}'"
    if entry.conditions:
        return "it has conditions, but its handling code P knows none"
    if audience in entry.permission:
        return ""
    if entry.permission:
        return f"its originator's permission does not name '{audience}'"
    if outside:
        return f"'{audience}' is outside the service, and its originator did not name them"
    return ""


def may_see(entry: Handled, audience: str, rules: Handling) -> bool:
    """Say whether an audience may see an entry."""
    return not withheld_because(entry, audience, rules)


def reasons_withheld(table: pd.DataFrame, audience: str, rules: Handling) -> pd.Series:
    """Do the same as :func:`withheld_because` for a whole table.

    Parameters
    ----------
    table
        ``grade``, ``marking``, ``permission`` (names of audiences, semicolons between them) and
        ``conditions``: texts.

    Returns
    -------
    pandas.Series
        Reasons, same index; ``""`` where they may see it.
    """
    names = ["grade", "marking", "permission", "conditions"]
    distinct = table[names].drop_duplicates()
    reasons = [
        withheld_because(Label(grade, marking, named(permission), conditions), audience, rules)
        for grade, marking, permission, conditions in distinct.itertuples(index=False)
    ]
    known = distinct.assign(reason=pd.Series(reasons, index=distinct.index, dtype="str"))
    merged = table[names].merge(known, how="left", on=names)
    return merged["reason"].set_axis(table.index)


def named(permission: str) -> tuple[str, ...]:
    """Read the names of audiences out of one text, semicolons between them."""
    parts = (part.strip() for part in permission.split(_NAMES_END))
    return tuple(part for part in parts if part)
