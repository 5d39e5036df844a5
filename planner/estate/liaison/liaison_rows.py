"""From rows of text to contacts, plans and premises: each is taken, or refused with a reason."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planner.errors import LiaisonError
from planner.estate.liaison.liaison_files import Row, Sheet
from planner.estate.liaison.liaison_places import Places
from planner.estate.liaison.private_details import is_email, is_phone, private_detail
from planner.estate.liaison.records import (
    COLUMNS,
    CONTACTS,
    KEYS,
    PLAN_KINDS,
    PLANS,
    PREMISES,
    STATES,
    TIERS,
    make_table,
    tier_of,
)

LONGEST = 200
FIRST_YEAR, LAST_YEAR = 1990, 2100
# What people write over these columns, beside our own names.
ALIASES = {
    "e_mail": "email", "role_address": "email", "role_e_mail": "email", "desk_phone": "phone",
    "telephone": "phone", "desk_telephone": "phone", "trained": "trained_on",
    "last_briefed": "last_briefed_on", "kind": "plan", "plan_kind": "plan",
    "reviewed": "reviewed_on", "last_reviewed_on": "reviewed_on", "due": "review_due",
    "responsible_person": "responsible", "attendance": "expected_attendance",
} | {f"{kind}_reviewed": f"{kind}_reviewed_on"
     for kind in ("evacuation", "invacuation", "lockdown", "communication")}  # fmt: skip
PLAN_SHORT = {"lsp": PLAN_KINDS[0], "eap": PLAN_KINDS[1]}
NEEDED = {
    CONTACTS: ("site", "role"),
    PLANS: ("building", "plan"),
    PREMISES: ("premises", "expected_attendance"),
}


class _Refused(ValueError):
    """A cell can't be taken; the message says why."""


@dataclass(frozen=True)
class Refusal:
    """Why a row was refused.

    Attributes
    ----------
    row, column
        Where: the header is row 1.
    reason
        Why, in words.
    """

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Known:
    """What rows are checked against.

    Attributes
    ----------
    sites, places
        The estate's sites, and its sites and buildings.
    place_words
        Words of the estate's names, which an address may be made of.
    today
        Nothing can have been done after it.
    """

    sites: Places
    places: Places
    place_words: frozenset[str]
    today: date


@dataclass(frozen=True)
class Checked:
    """The rows of one sheet; ``len(taken) + len(refused)`` rows were read.

    Attributes
    ----------
    name
        Of the sheet.
    table
        Which of the three tables it holds.
    taken
        Rows as in :mod:`planner.estate.liaison.records`.
    refused
        One entry for each row that was not taken: its first fault.
    notes
        What a person should know, in words.
    """

    name: str
    table: str
    taken: pd.DataFrame
    refused: tuple[Refusal, ...]
    notes: tuple[str, ...]


def check_sheet(sheet: Sheet, known: Known, table: str | None = None) -> Checked:
    """Check each row of a sheet.

    Parameters
    ----------
    sheet
        As read.
    known
        The estate, and the day.
    table
        Which table it is; told by its header where None.

    Raises
    ------
    LiaisonError
        If the header fits no table, lacks a column, or has one twice.
    """
    columns = [_column_name(text) for text in sheet.header]
    kind = _which_table(sheet.name, columns, table)
    taken: list[dict[str, str | int]] = []
    refused: list[Refusal] = []
    notes = _left_columns(sheet, columns, kind)
    for row in sheet.rows:
        done = _check_row(row, columns, kind, known)
        if isinstance(done, Refusal):
            refused.append(done)
        else:
            taken.append(done)
            notes += _tier_note(done, row.number) if kind == PREMISES else []
    return Checked(sheet.name, kind, make_table(kind, taken), tuple(refused), tuple(notes))


def _column_name(text: str) -> str:
    name = re.sub(r"[\s_-]+", "_", text.strip().lower()).strip("_")
    return ALIASES.get(name, name)


def _which_table(name: str, columns: list[str], table: str | None) -> str:
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise LiaisonError(f"{name}: has the column '{twice[0]}' twice; remove one of them.")
    fitting = [kind for kind, needed in NEEDED.items() if set(needed) <= set(columns)]
    if table is not None:
        missing = [column for column in NEEDED[table] if column not in columns]
        if missing:
            raise LiaisonError(
                f"{name}: {table} need the column '{missing[0]}'; the header has: "
                f"{', '.join(filter(None, columns)) or 'nothing'}."
            )
        return table
    if len(fitting) != 1:
        needs = "; ".join(f"{kind}: {', '.join(needed)}" for kind, needed in NEEDED.items())
        fault = "fits more than one table" if fitting else "fits no table"
        raise LiaisonError(
            f"{name}: its header {fault}; say which with --table, or give the columns ({needs})."
        )
    return fitting[0]


def _left_columns(sheet: Sheet, columns: list[str], kind: str) -> list[str]:
    left = [
        text
        for text, column in zip(sheet.header, columns, strict=True)
        if text and column not in COLUMNS[kind]
    ]
    return [f"these columns are not kept: {', '.join(left)}"] * bool(left)


def _check_row(
    row: Row, columns: list[str], kind: str, known: Known
) -> dict[str, str | int] | Refusal:
    if len(row.cells) > len(columns):
        return Refusal(row.number, "", "has more cells than the header has columns")
    cells = dict(zip(columns, row.cells, strict=False))
    faults = {columns[position]: reason for position, reason in row.faults.items()}
    made: dict[str, str | int] = {}
    for column in COLUMNS[kind]:
        try:
            if column in faults:
                raise _Refused(faults[column])
            made[column] = _value(column, cells.get(column, ""), kind, known)
        except _Refused as fault:
            return Refusal(row.number, column, str(fault))
    if kind == PREMISES and not made["tier"]:
        made["tier"] = tier_of(int(made["expected_attendance"]))
    return made


def _value(column: str, text: str, kind: str, known: Known) -> str | int:
    if len(text) > LONGEST:
        raise _Refused(f"is longer than {LONGEST} characters")
    if not text and column in (*NEEDED[kind], *KEYS[kind]):
        raise _Refused("is empty")
    if reason := private_detail(text, known.place_words):
        raise _Refused(reason)
    if column in ("site", "building", "premises"):
        label, reason = (known.sites if column == "site" else known.places).find(text)
        if reason:
            raise _Refused(reason)
        return label
    if column.endswith("_on"):
        return _day(text, known.today)
    return _READERS.get(column, str)(text)


def _day(text: str, latest: date | None) -> str:
    if not text:
        return ""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise _Refused(f"'{text}' is no day written as YYYY-MM-DD") from None
    if latest is not None and day > latest:
        raise _Refused(f"{text} lies in the future")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _Refused(f"{text} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return text


def _review_due(text: str) -> str:
    return _day(text, None)


def _email(text: str) -> str:
    if text and not is_email(text):
        raise _Refused(f"'{text}' is no e-mail address")
    return text


def _phone(text: str) -> str:
    if text and not is_phone(text):
        raise _Refused(f"'{text}' is no telephone number")
    return text


def _attendance(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,6}", text):
        raise _Refused(f"'{text}' is no whole number of people")
    return int(text.replace(",", ""))


def _plan(text: str) -> str:
    lower = text.lower()
    return _one_of(PLAN_SHORT.get(lower, lower), PLAN_KINDS)


def _state(text: str) -> str:
    return _one_of(text.lower(), STATES) if text else ""


def _tier(text: str) -> str:
    return _one_of(text.lower(), TIERS) if text else ""


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise _Refused(f"'{text}' is none of: {', '.join(allowed)}")
    return text


_READERS: dict[str, Callable[[str], str | int]] = {
    "review_due": _review_due,
    "email": _email,
    "phone": _phone,
    "expected_attendance": _attendance,
    "plan": _plan,
    "state": _state,
    "tier": _tier,
}


def _tier_note(made: dict[str, str | int], row: int) -> list[str]:
    usual = tier_of(int(made["expected_attendance"]))
    if made["tier"] == usual:
        return []
    return [
        f"row {row}: the tier is recorded as {made['tier']}, where an attendance of "
        f"{made['expected_attendance']:,} alone would mean {usual}"
    ]
