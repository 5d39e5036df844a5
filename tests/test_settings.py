import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import SettingsError, UnreadableFile
from planner.settings import (
    FILE_NAME,
    NamedDays,
    Settings,
    ShiftHours,
    Term,
    known_time_zone,
    read_settings,
    read_toml,
    write_settings,
)
from planner.travel_modes import Bicycle, Modes, Vehicle

CLOCK = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SETTINGS = st.builds(
    Settings,
    name=TEXT,
    time_zone=st.sampled_from(["Europe/London", "America/Chicago", "Asia/Kolkata"]),
    crs=st.sampled_from(["EPSG:32630", "EPSG:27700", "EPSG:32616"]),
    illustrative=st.booleans(),
    walking_km_per_hour=st.floats(0.6, 15),
    modes=st.builds(
        Modes,
        bicycle=st.builds(Bicycle, km_per_hour=st.floats(0.6, 50)),
        vehicle=st.builds(
            Vehicle, not_on=st.lists(st.sampled_from(["steps", "path"]), max_size=2).map(tuple)
        ),
    ),
    reach_m=st.floats(0.1, 5_000),
    stop_reach_m=st.floats(0.1, 5_000),
    shifts=st.dictionaries(
        TEXT, st.builds(ShiftHours, start=CLOCK, end=CLOCK), min_size=1, max_size=3
    ),
    terms=st.lists(
        st.builds(
            Term,
            name=TEXT,
            first_week_starts=DAYS,
            weeks=st.tuples(st.integers(0, 1), st.integers(2, 9)),
        ),
        max_size=2,
    ).map(tuple),
    days=st.lists(
        st.fixed_dictionaries({"name": TEXT, "from": DAYS, "to": DAYS, "note": TEXT}).map(
            NamedDays.model_validate
        ),
        max_size=2,
    ).map(tuple),
)


def toml(folder: Path, text: str | bytes) -> Path:
    path = folder / FILE_NAME
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@given(settings=SETTINGS)
def test_settings_read_back_as_they_were_written(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    write_settings(folder, settings)
    assert read_settings(folder) == settings


def test_only_the_crs_must_be_given(tmp_path: Path) -> None:
    settings = read_settings(toml(tmp_path, 'crs = "EPSG:32630"\n'))
    assert settings.time_zone == "Europe/London"
    assert settings.shifts["night"] == ShiftHours(start=time(22), end=time(6))


def test_walking_speed_is_given_in_metres_a_second() -> None:
    settings = Settings(crs="EPSG:32630", walking_km_per_hour=3.6)
    assert settings.metres_per_second == pytest.approx(1.0)


def test_times_may_be_written_as_toml_times(tmp_path: Path) -> None:
    text = 'crs = "EPSG:32630"\n[shifts.night]\nstart = 21:30:00\nend = "05:30"\n'
    assert read_settings(toml(tmp_path, text)).shifts == {
        "night": ShiftHours(start=time(21, 30), end=time(5, 30))
    }


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ('time_zon = "Europe/London"', "time_zon"),
        ('time_zone = "Mars/Olympus"', "time_zone"),
        ('time_zone = "../../etc/passwd"', "time_zone"),
        ("time_zone = 5", "time_zone"),
        ("walking_km_per_hour = -1", "walking_km_per_hour"),
        ("walking_km_per_hour = nan", "walking_km_per_hour"),
        ("reach_m = 0", "reach_m"),
        ("reach_m = inf", "reach_m"),
        ('stop_reach_m = "far"', "stop_reach_m"),
        ("shifts = {}", "shifts"),
        ('shifts = {night = {start = "22:00"}}', "shifts.night.end"),
        ('shifts = {night = {start = "25:00", end = "06:00"}}', "shifts.night.start"),
        ("shifts = {night = {start = 22, end = 6}}", "shifts.night.start"),
        ('terms = [{name = "T", first_week_starts = 2026-02-30, weeks = [0, 9]}]', ""),
        ('terms = [{name = "T", first_week_starts = "soon", weeks = [0, 9]}]', "terms.0"),
        ('terms = [{name = "T", first_week_starts = 2026-10-11, weeks = [0]}]', "terms.0.weeks"),
        ('days = [{name = "Fair", from = 2026-09-07}]', "days.0.to"),
    ],
)
def test_a_wrong_value_is_named_with_its_key(tmp_path: Path, lines: str, key: str) -> None:
    toml(tmp_path, f'crs = "EPSG:32630"\n{lines}\n')
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path)
    assert key in str(caught.value)
    assert FILE_NAME in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("crs", ["", "nonsense", "EPSG:999999"])
def test_an_unknown_coordinate_system_is_a_settings_error(tmp_path: Path, crs: str) -> None:
    toml(tmp_path, f'crs = "{crs}"\n')
    with pytest.raises(SettingsError, match="crs"):
        read_settings(tmp_path)


def test_a_coordinate_system_in_degrees_is_a_settings_error(tmp_path: Path) -> None:
    toml(tmp_path, 'crs = "EPSG:4326"\n')
    with pytest.raises(SettingsError, match="crs"):
        read_settings(tmp_path)


def test_a_shift_has_no_time_zone_of_its_own(tmp_path: Path) -> None:
    toml(tmp_path, 'crs = "EPSG:32630"\n[shifts.night]\nstart = "22:00+01:00"\nend = "06:00"\n')
    with pytest.raises(SettingsError, match="start"):
        read_settings(tmp_path)


def test_a_missing_crs_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="crs"):
        read_settings(toml(tmp_path, 'name = "Somewhere"\n'))


def test_what_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2"):
        read_toml(toml(tmp_path, 'name = "x"\ncrs EPSG\n') / FILE_NAME)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b'name = "caf\xe9"'])
def test_what_is_no_text_is_unreadable(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        toml(tmp_path, content)
    with pytest.raises(UnreadableFile):
        read_toml(tmp_path / FILE_NAME)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    toml(tmp_path, b'\xef\xbb\xbfcrs = "EPSG:32630"\n')
    assert read_settings(tmp_path).crs == "EPSG:32630"


def test_a_very_long_value_is_cut_in_the_message(tmp_path: Path) -> None:
    toml(tmp_path, f'crs = "EPSG:32630"\nreach_m = "{"x" * 5_000}"\n')
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path)
    assert len(str(caught.value)) < 400


def test_settings_cannot_be_changed() -> None:
    settings = Settings(crs="EPSG:32630")
    with pytest.raises(ValueError, match="frozen"):
        settings.reach_m = 5.0  # type: ignore[misc]


def test_the_written_file_is_toml_with_local_times(tmp_path: Path) -> None:
    write_settings(tmp_path, Settings(crs="EPSG:32630"))
    document = tomllib.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert document["shifts"]["late"]["start"].startswith("14:00")


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Londn", "\0", "a" * 300])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(SettingsError):
        known_time_zone(name)


def test_a_known_time_zone_is_returned() -> None:
    assert known_time_zone("Pacific/Auckland") == "Pacific/Auckland"
