"""Whom to call, and what is written down for each building: contacts, plans and premises.

Contacts are roles (Security Liaison Officers, Head Porters, deputies) with desk telephones and
role addresses, never persons. What is kept about premises under the Terrorism (Protection of
Premises) Act 2025 is a record of what the service was told, never a legal verdict.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.errors import LiaisonError, UnreadableFile
from planner.estate.whole_files import write_whole
from planner.settings import first_fault

FILE_NAME = "liaison.json"
CONTACTS, PLANS, PREMISES = "contacts", "plans", "premises"
KEYS = {CONTACTS: ("site", "role"), PLANS: ("building", "plan"), PREMISES: ("premises",)}
PLAN_KINDS = ("local security plan", "emergency action plan")
STATES = ("draft", "in force", "under review", "withdrawn")
TIERS = ("none", "standard", "enhanced")
# The Act's own thresholds: section 2 (200 individuals) and section 3 (800).
STANDARD_FROM, ENHANCED_FROM = 200, 800
REVIEW_MONTHS = 12
"""Training, plans and procedures are due again after so many months, where nothing else is said."""
SOON_DAYS = 30
PROCEDURES = ("evacuation", "invacuation", "lockdown", "communication")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(_Record):
    """A role at a site, and how to reach it."""

    site: str = Field(min_length=1)
    role: str = Field(min_length=1)
    phone: str = ""
    email: str = ""
    deputy: str = ""
    trained_on: date | None = None
    last_briefed_on: date | None = None


class Plan(_Record):
    """A plan of a building; ``owner`` is a role."""

    building: str = Field(min_length=1)
    plan: Literal["local security plan", "emergency action plan"]
    owner: str = ""
    reviewed_on: date | None = None
    review_due: date | None = None
    state: Literal["", "draft", "in force", "under review", "withdrawn"] = ""


class Premises(_Record):
    """What is recorded of premises; ``responsible`` is a role or a body."""

    premises: str = Field(min_length=1)
    expected_attendance: int = Field(ge=0, le=1_000_000)
    tier: Literal["none", "standard", "enhanced"]
    responsible: str = ""
    evacuation_reviewed_on: date | None = None
    invacuation_reviewed_on: date | None = None
    lockdown_reviewed_on: date | None = None
    communication_reviewed_on: date | None = None


RECORDS: dict[str, type[_Record]] = {CONTACTS: Contact, PLANS: Plan, PREMISES: Premises}
COLUMNS = {table: tuple(record.model_fields) for table, record in RECORDS.items()}


class _File(_Record):
    version: Literal[1] = 1
    contacts: tuple[Contact, ...] = ()
    plans: tuple[Plan, ...] = ()
    premises: tuple[Premises, ...] = ()


@dataclass(frozen=True)
class Liaison:
    """All contacts, plans and premises of an estate.

    Attributes
    ----------
    contacts, plans, premises
        Columns as in :class:`Contact`, :class:`Plan` and :class:`Premises`. Text, with days as
        ``YYYY-MM-DD`` and ``""`` where nothing is known; ``expected_attendance`` is a number.
    """

    contacts: pd.DataFrame
    plans: pd.DataFrame
    premises: pd.DataFrame

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the tables by its name."""
        found: pd.DataFrame = getattr(self, name)
        return found


@dataclass(frozen=True)
class Merged:
    """A table after an import.

    Attributes
    ----------
    table
        The rows that stood and those that came; a row that came replaces one of the same key.
    added, changed, unchanged, repeated
        How many of the rows that came were new, replaced one, were there already, or came again
        later in the same file. Their sum is the rows that came.
    """

    table: pd.DataFrame
    added: int
    changed: int
    unchanged: int
    repeated: int


def make_table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make a table of one of the three kinds."""
    table = pd.DataFrame(rows, columns=list(COLUMNS[name]), dtype=object)
    table = table.where(table.notna(), "")
    kinds = {column: "str" for column in table if column != "expected_attendance"}
    numbers = {"expected_attendance": "int64"} if name == PREMISES else {}
    return table.astype(kinds | numbers)


def no_liaison() -> Liaison:
    """Return tables without rows."""
    return Liaison(*(make_table(name, []) for name in (CONTACTS, PLANS, PREMISES)))


def load_liaison(workspace: Path) -> Liaison:
    """Read ``liaison.json`` of a workspace; empty tables where there is none.

    Raises
    ------
    UnreadableFile
        If the file can't be read.
    LiaisonError
        If something in it is wrong; the message names it.
    """
    path = workspace / FILE_NAME
    try:
        kept = _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return no_liaison()
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        raise LiaisonError(f"{path}: {first_fault(error)}") from error
    whole = kept.model_dump(mode="json")
    return Liaison(*(make_table(name, whole[name]) for name in (CONTACTS, PLANS, PREMISES)))


def save_liaison(liaison: Liaison, workspace: Path) -> None:
    """Write ``liaison.json``, whole or not at all.

    Raises
    ------
    UnreadableFile
        If it can't be written.
    LiaisonError
        If a row is not as it should be.
    """
    tables = {name: _records(liaison.table(name)) for name in RECORDS}
    try:
        kept = _File.model_validate(tables)
    except ValidationError as error:
        raise LiaisonError(first_fault(error)) from error
    write_whole(workspace / FILE_NAME, kept.model_dump_json(indent=1).encode())


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    days = [column for column in table if str(column).endswith(("_on", "_due"))]
    known = table.astype(object)
    known[days] = known[days].where(known[days] != "", None)
    return [dict(row) for row in known.to_dict(orient="records")]


def merge(name: str, old: pd.DataFrame, new: pd.DataFrame) -> Merged:
    """Put rows that came into a table, by their key; letter case makes no other key.

    Parameters
    ----------
    name
        Which table.
    old, new
        Rows that stand, and rows that came, in the order of their file.
    """
    came = new.set_index(_key(name, new))
    last = came[~came.index.duplicated(keep="last")]
    stood = old.set_index(_key(name, old))
    both = last.index.intersection(stood.index)
    same = (last.loc[both] == stood.loc[both]).all(axis=1)
    # A row that changed keeps its place.
    kept = stood.copy()
    kept.loc[both] = last.loc[both]
    fresh = last[~last.index.isin(stood.index)]
    table = pd.concat([kept, fresh]).reset_index(drop=True).astype(new.dtypes.to_dict())
    return Merged(table, len(fresh), int((~same).sum()), int(same.sum()), len(came) - len(last))


def _key(name: str, table: pd.DataFrame) -> pd.Index:
    parts = [table[column].str.casefold() for column in KEYS[name]]
    key = parts[0]
    for part in parts[1:]:
        key = key + "\x1f" + part
    return pd.Index(key.astype("str"), name="key")


def tier_of(expected_attendance: int) -> str:
    """Return the tier that an attendance alone would mean; the Act knows exceptions."""
    if expected_attendance < STANDARD_FROM:
        return TIERS[0]
    return TIERS[1] if expected_attendance < ENHANCED_FROM else TIERS[2]


def due(liaison: Liaison, on: date, within_days: int = SOON_DAYS) -> pd.DataFrame:
    """List what is overdue, never done, or due soon.

    Training, plans and procedures are due 12 months after they were last done; a plan that states
    when its review is due goes by that. Withdrawn plans, and premises of no tier, are left out.

    Parameters
    ----------
    liaison
        The tables.
    on
        The day to judge from.
    within_days
        How far ahead to look.

    Returns
    -------
    pandas.DataFrame
        Columns ``what``, ``place``, ``who`` (a role), ``last`` and ``due`` (days as text, ``""``
        where not known), ``overdue_days`` (below 0 where it is still to come; missing where it
        was never done), ``state`` (``never``, ``overdue``, ``due soon``); most overdue first.
    """
    items = pd.concat([_training(liaison), _plans(liaison), _procedures(liaison)])
    items = items.astype("str").reset_index(drop=True)
    last = pd.to_datetime(items["last"].where(items["last"] != ""), format="%Y-%m-%d")
    stated = pd.to_datetime(items["due"].where(items["due"] != ""), format="%Y-%m-%d")
    falls = stated.where(stated.notna(), last + pd.DateOffset(months=REVIEW_MONTHS))
    items["due"] = falls.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    items["overdue_days"] = (pd.Timestamp(on) - falls).dt.days.astype("Int64")
    late = falls < pd.Timestamp(on)
    soon = falls <= pd.Timestamp(on + timedelta(days=within_days))
    items["state"] = pd.Series("due soon", items.index, dtype="str").mask(late, "overdue")
    items["state"] = items["state"].mask(falls.isna(), "never")
    listed = items[falls.isna() | soon]
    return listed.sort_values(
        ["overdue_days", "what", "place"], ascending=[False, True, True], na_position="first"
    ).reset_index(drop=True)


def _items(what: Any, table: pd.DataFrame, place: str, who: str, last: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"what": what, "place": table[place], "who": table[who], "last": table[last], "due": ""}
    )


def _training(liaison: Liaison) -> pd.DataFrame:
    return _items("training", liaison.contacts, "site", "role", "trained_on")


def _plans(liaison: Liaison) -> pd.DataFrame:
    plans = liaison.plans[liaison.plans["state"] != "withdrawn"]
    items = _items(plans["plan"], plans, "building", "owner", "reviewed_on")
    return items.assign(due=plans["review_due"])


def _procedures(liaison: Liaison) -> pd.DataFrame:
    listed = liaison.premises[liaison.premises["tier"] != "none"]
    return pd.concat(
        [
            _items(f"{kind} procedure", listed, "premises", "responsible", f"{kind}_reviewed_on")
            for kind in PROCEDURES
        ]
    )
