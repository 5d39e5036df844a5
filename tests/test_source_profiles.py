from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tomli_w

from planner.errors import SettingsError, UnknownFormat, UnreadableFile
from planner.incidents.model import CONTROL_ROOM, POLICE
from planner.incidents.source_profiles import (
    SourceProfile,
    choose_profile,
    read_profile,
    shipped_profiles,
)

FILE = Path("incidents.csv")


def profile(**changes: Any) -> dict[str, Any]:
    """The content of a profile of invented columns, with keys replaced or (None) left out."""
    content: dict[str, Any] = {
        "source": "lodge book",
        "required": ["No", "What", "When"],
        "columns": {"reference": "No", "category": "What", "occurred_from": "When"},
        "dates": {"occurred_from": ["DD/MM/YYYY HH:mm"]},
    }
    return {key: value for key, value in (content | changes).items() if value is not None}


def columns(**changes: str) -> dict[str, str]:
    listed = {"reference": "No", "category": "What", "occurred_from": "When"} | changes
    return {key: value for key, value in listed.items() if value}


def write(build: ModuleType, folder: Path, content: dict[str, Any] | str) -> Path:
    text = content if isinstance(content, str) else tomli_w.dumps(content)
    path: Path = build.write(folder / "profile.toml", text)
    return path


def test_the_shipped_profiles_can_be_read_and_have_the_names_of_the_model() -> None:
    sources = {shipped.source for shipped in shipped_profiles()}
    assert sources == {CONTROL_ROOM, POLICE, "campus"}


def test_a_profile_is_read_from_toml(build: ModuleType, tmp_path: Path) -> None:
    read = read_profile(write(build, tmp_path, profile(time_zone="America/Chicago")))
    assert read.source == "lodge book"
    assert [form.written for form in read.forms("occurred_from")] == ["DD/MM/YYYY HH:mm"]
    assert read.forms("reported_at") == ()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (profile(source=""), "source"), (profile(required=[]), "required"),
        (profile(colour="red"), "colour: there is no such key"),
        (profile(columns=columns(colour="red")), "columns.colour"),
        (profile(columns={"reference": 5}), "columns.reference"),
        (profile(columns=None), "columns"), (profile(time_zone="Europe/Oxford"), "time_zone"),
        (profile(dates={}), "occurred_from needs both"),
        (profile(dates={"occurred_from": []}), "state the form"),
        (profile(dates={"occurred_from": ["YYYY-MM"]}), "form of a month"),
        (profile(dates={"occurred_from": ["HH:mm"]}), "form of a time"),
        (profile(dates={"occurred_from": ["soon"]}), "no part of a date"),
        (profile(dates={"occurred_from": ["DD/MM/YYYY", "MM/DD/YYYY"]}), "in two ways"),
        (profile(dates={"when": ["DD/MM/YYYY"]}), "dates.when"),
        (profile(columns=columns(occurred_from=""), dates={}), "no column says when"),
        (profile(columns=columns(month="M")), "both say when"),
        (profile(columns=columns(occurred="W")), "both say when"),
        (profile(columns=columns(occurred_from="", occurred="W"), dates={}), "free text"),
        (profile(occurred={"forms": ["unknown"]}), "free text"),
        (profile(occurred={"forms": []}), "occurred.forms"),
        (profile(columns=columns(occurred_from="", occurred_to="T")), "occurred_to needs"),
        (profile(columns=columns(category="")), "what happened"),
        (profile(columns=columns(reference="")), "tells rows apart"),
        (profile(columns=columns(longitude="X")), "longitude and latitude need each other"),
        (profile(columns=columns(easting="X", northing="Y")), "crs of their grid"),
        (profile(columns=columns(longitude="X", latitude="Y"), crs="EPSG:27700"), "is a grid"),
        (profile(columns=columns(longitude="X", latitude="Y", point="P")), "name one of"),
        (profile(crs="EPSG:0"), "no coordinate system"),
        ("source = ", "not valid TOML"), ("source = 1\nsource = 2", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_profile_names_file_and_key(
    build: ModuleType, tmp_path: Path, content: dict[str, Any] | str, word: str
) -> None:
    path = write(build, tmp_path, content)
    with pytest.raises(SettingsError) as caught:
        read_profile(path)
    assert str(path) in str(caught.value)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_profile_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="missing"):
        read_profile(tmp_path / "none.toml")


def test_the_profile_whose_columns_are_all_there_is_chosen() -> None:
    own = SourceProfile.model_validate(profile())
    header = ["When", "colour", "What", "No"]
    assert choose_profile(header, FILE, [*shipped_profiles(), own]) is own


def test_of_two_that_fit_the_first_is_chosen() -> None:
    few = SourceProfile.model_validate(profile())
    more = SourceProfile.model_validate(profile(required=["No", "What", "When", "Where"]))
    header = ["No", "What", "When", "Where"]
    assert choose_profile(header, FILE, [few, more]) is few
    assert choose_profile(header, FILE, [more, few]) is more
    assert choose_profile(header[:3], FILE, [more, few]) is few


def test_no_file_fits_two_of_the_shipped_profiles() -> None:
    for one in shipped_profiles():
        fitting = [other for other in shipped_profiles() if set(other.required) <= {*one.required}]
        assert fitting == [one]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["colour", "size"], ["colour, size", "police", "control room"]),
        (["No", "What"], ["lodge book", "column When"]),
        ([], ["no source"]),
    ],
)
def test_a_file_of_no_profile_is_named_with_what_to_do(header: list[str], words: list[str]) -> None:
    profiles = [*shipped_profiles(), SourceProfile.model_validate(profile())]
    with pytest.raises(UnknownFormat) as caught:
        choose_profile(header, FILE, profiles)
    for word in [*words, "incidents.csv", "planner import --propose FILE"]:
        assert word in str(caught.value)


def test_without_any_profile_nothing_is_known() -> None:
    with pytest.raises(UnknownFormat, match="none"):
        choose_profile(["a", "b"], FILE, [])
