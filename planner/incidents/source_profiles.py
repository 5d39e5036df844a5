"""Source profiles: which column of a file is what, and how its times are written.

A profile is a TOML file. Those of ``planner/incidents/profiles`` are shipped; a person can give
others. A file is read by the first profile whose required columns its header holds.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.errors import SettingsError, UnknownFormat
from planner.incidents.free_times import Grammar, grammar
from planner.incidents.times import (
    DAY,
    MOMENT,
    MONTH,
    DateForm,
    date_form,
    first_conflict,
    read_local,
)
from planner.settings import first_fault, known_time_zone, read_toml

Text = Annotated[str, Field(min_length=1)]
DateColumn = Literal["occurred_from", "occurred_to", "month", "reported_at"]
HINT = "`planner import --propose FILE` writes a proposal of a profile for it"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Columns(_Frozen):
    """Which column of the file is what; ``""`` where the file has none.

    Attributes
    ----------
    occurred_from, occurred_to, occurred, month
        When it happened: two moments, one column of free text, or a month.
    longitude, latitude, point, easting, northing
        Where: degrees in two columns, ``"latitude,longitude"`` in one, or metres of a grid.
    reference, category, reported_at, place, police_reference, marking, permission, grade, details
        As in :mod:`planner.incidents.model`.
    """

    reference: str = ""
    category: str = ""
    occurred_from: str = ""
    occurred_to: str = ""
    occurred: str = ""
    month: str = ""
    reported_at: str = ""
    place: str = ""
    longitude: str = ""
    latitude: str = ""
    point: str = ""
    easting: str = ""
    northing: str = ""
    police_reference: str = ""
    marking: str = ""
    permission: str = ""
    grade: str = ""
    details: str = ""


class Constants(_Frozen):
    """What holds for every row, where its column (if any) is empty.

    Attributes
    ----------
    category, marking, permission
        As in :mod:`planner.incidents.model`.
    anonymised
        True where coordinates are snap points.
    """

    category: str = ""
    marking: str = ""
    permission: str = ""
    anonymised: bool = False


class FreeText(_Frozen):
    """How times of occurrence are written in free text.

    Attributes
    ----------
    date, time
        Forms of what stands for ``{date}`` and ``{time}``.
    unknown
        What stands for ``{unknown}``: ways to say that the time of day is not known.
    forms
        Forms of the whole text, such as ``"{date} {time} to {time}"``.
    unread
        What becomes of a row whose text fits no form: it is rejected, or its time is taken as
        unknown and its words are kept among its details.
    """

    date: tuple[Text, ...] = ()
    time: tuple[Text, ...] = ()
    unknown: tuple[Text, ...] = ()
    forms: tuple[Text, ...] = Field(min_length=1)
    unread: Literal["reject", "unknown"] = "reject"

    @model_validator(mode="after")
    def _understood(self) -> Self:
        self.grammar()
        return self

    def grammar(self) -> Grammar:
        """Return the forms, understood."""
        return _grammar(self)


@cache
def _grammar(free: FreeText) -> Grammar:
    return grammar(free.date, free.time, free.unknown, free.forms)


class SourceProfile(_Frozen):
    """How one source writes its files.

    Attributes
    ----------
    source
        Its name. Records of one source with the same key are versions of one record.
    required
        The columns by which a file of it is known. Other columns may be missing from a file.
    columns, constants
        Which column is what, and what holds for every row.
    dates
        The forms that texts of a date column may have.
    occurred
        The same for a column of free text.
    time_zone
        The zone of its times; ``""`` for the estate's.
    crs
        The system of its coordinates.
    identity
        Columns that tell apart rows without a reference, together with their ordinal among
        equals in the file; none if every row must have a reference.
    """

    source: Text
    required: tuple[Text, ...] = Field(min_length=1)
    columns: Columns
    constants: Constants = Constants()
    dates: Mapping[DateColumn, tuple[Text, ...]] = Field(default_factory=dict)
    occurred: FreeText | None = None
    time_zone: str = ""
    crs: str = "EPSG:4326"
    identity: tuple[Text, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return known_time_zone(value) if value else value

    @field_validator("dates")
    @classmethod
    def _clear_forms(
        cls, value: Mapping[DateColumn, tuple[str, ...]]
    ) -> Mapping[DateColumn, tuple[str, ...]]:
        for column, written in value.items():
            if not written:
                raise ValueError(f"state the form of the dates of {column}, such as 'DD/MM/YYYY'")
            _check_forms(column, [date_form(form) for form in written])
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for fault in (self._time_fault(), self._place_fault(), self._record_fault()):
            if fault:
                raise ValueError(fault)
        return self

    def _time_fault(self) -> str:
        columns = self.columns
        said = [name for name in ("occurred_from", "occurred", "month") if getattr(columns, name)]
        if len(said) > 1:
            return f"{said[0]} and {said[1]} both say when it happened; name one of them"
        if columns.occurred_to and not columns.occurred_from:
            return "occurred_to needs occurred_from"
        if not said and not columns.reported_at:
            return "no column says when; name occurred_from, occurred, month or reported_at"
        if bool(columns.occurred) != bool(self.occurred):
            return "a column of free text (occurred) needs its forms ([occurred]), and they need it"
        for name in ("occurred_from", "occurred_to", "month", "reported_at"):
            if bool(getattr(columns, name)) != (name in self.dates):
                return f"{name} needs both its column ([columns]) and its forms ([dates])"
        return ""

    def _place_fault(self) -> str:
        columns = self.columns
        for one, other in (("longitude", "latitude"), ("easting", "northing")):
            if bool(getattr(columns, one)) != bool(getattr(columns, other)):
                return f"{one} and {other} need each other"
        if sum(map(bool, (columns.longitude, columns.easting, columns.point))) > 1:
            return "name one of longitude and latitude, easting and northing, and point"
        try:
            projected = CRS.from_user_input(self.crs).is_projected
        except CRSError:
            return f"crs: there is no coordinate system '{self.crs}'"
        if columns.easting and not projected:
            return "easting and northing need the crs of their grid, such as EPSG:27700"
        if not columns.easting and projected:
            return f"crs: '{self.crs}' is a grid; its columns are easting and northing"
        return ""

    def _record_fault(self) -> str:
        if not self.columns.category and not self.constants.category:
            return "no column says what happened; name category"
        if not self.columns.reference and not self.identity:
            return "nothing tells rows apart; name reference, or columns for identity"
        return ""

    def forms(self, column: DateColumn) -> tuple[DateForm, ...]:
        """Return the forms of a date column."""
        return tuple(date_form(form) for form in self.dates.get(column, ()))


def _check_forms(column: str, forms: Sequence[DateForm]) -> None:
    allowed = (MONTH,) if column == "month" else (MOMENT, DAY)
    for form in forms:
        if form.length not in allowed:
            raise ValueError(f"{column}: '{form.written}' is the form of a {form.length}")
    conflict = first_conflict(forms, DateForm.examples, read_local)
    if conflict:
        one, other, text = conflict
        raise ValueError(
            f"{column}: '{one.written}' and '{other.written}' read '{text}' in two ways; keep one"
        )


def read_profile(path: Path) -> SourceProfile:
    """Read a source profile.

    Raises
    ------
    UnreadableFile
        If the file is missing or no text.
    SettingsError
        If a key or value is wrong; the message names file and key.
    """
    content = read_toml(path)
    try:
        return SourceProfile.model_validate(content)
    except ValidationError as error:
        raise SettingsError(f"{path}: {first_fault(error)}") from error


@cache
def shipped_profiles() -> tuple[SourceProfile, ...]:
    """Return the profiles that come with the planner."""
    folder = files("planner.incidents").joinpath("profiles")
    listed = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return tuple(read_profile(Path(str(folder.joinpath(name)))) for name in listed)


def choose_profile(
    header: Sequence[str], path: Path, profiles: Sequence[SourceProfile]
) -> SourceProfile:
    """Choose the first profile whose required columns a file has.

    Raises
    ------
    UnknownFormat
        If there is none; the message names the columns that the nearest one lacks.
    """
    missing = [[name for name in p.required if name not in header] for p in profiles]
    for profile, lacking in zip(profiles, missing, strict=True):
        if not lacking:
            return profile
    shares = [len(lacking) / len(p.required) for p, lacking in zip(profiles, missing, strict=True)]
    if not shares or min(shares) > 0.5:
        names = ", ".join(dict.fromkeys(profile.source for profile in profiles)) or "none"
        raise UnknownFormat(
            f"{path}: is of no source that has a profile ({names}); row 1 has the columns "
            f"{', '.join(header)[:120]}; {HINT}."
        )
    nearest = shares.index(min(shares))
    lacking = missing[nearest]
    raise UnknownFormat(
        f"{path}: looks like a {profiles[nearest].source} file, but row 1 lacks the column"
        f"{'s' if len(lacking) > 1 else ''} {', '.join(lacking)}; if it is of another source, "
        f"{HINT}."
    )
