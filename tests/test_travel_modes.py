from pathlib import Path

import pytest

from planner.errors import SettingsError, UnknownMode
from planner.settings import FILE_NAME, Settings, read_settings
from planner.travel_modes import BICYCLE, FOOT, MODES, VEHICLE, Bicycle, Modes, Vehicle


def read(folder: Path, lines: str) -> Settings:
    (folder / FILE_NAME).write_text(f'crs = "EPSG:32630"\n{lines}\n', encoding="utf-8")
    return read_settings(folder)


def test_walking_speed_holds_for_every_mode() -> None:
    settings = Settings(crs="EPSG:32630", walking_km_per_hour=3.6)
    for name in MODES:
        assert settings.mode(name).name == name
        assert settings.mode(name).walking_metres_per_second == pytest.approx(1.0)
    foot = settings.mode(FOOT)
    assert (foot.metres_per_second, foot.not_on) == (pytest.approx(1.0), ())


def test_a_mode_has_the_speed_and_kinds_of_street_of_the_settings() -> None:
    modes = Modes(
        bicycle=Bicycle(km_per_hour=18, not_on=("steps",)), vehicle=Vehicle(km_per_hour=36)
    )
    settings = Settings(crs="EPSG:32630", modes=modes)
    assert settings.mode(" Bicycle").metres_per_second == pytest.approx(5)
    assert settings.mode(BICYCLE).not_on == ("steps",)
    assert settings.mode(VEHICLE).metres_per_second == pytest.approx(10)
    assert settings.mode(VEHICLE).not_on == Vehicle().not_on


@pytest.mark.parametrize("name", ["", "tram", "foot bicycle"])
def test_an_unknown_mode_is_refused_with_those_known(name: str) -> None:
    with pytest.raises(UnknownMode, match="foot, bicycle, vehicle"):
        Settings(crs="EPSG:32630").mode(name)


def test_one_key_of_a_mode_may_be_given_alone(tmp_path: Path) -> None:
    settings = read(tmp_path, "[modes.bicycle]\nkm_per_hour = 15")
    assert settings.modes == Modes(bicycle=Bicycle(km_per_hour=15))
    assert "steps" in settings.mode(BICYCLE).not_on
    assert read(tmp_path, "[modes.vehicle]\nnot_on = []").mode(VEHICLE).not_on == ()


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("[modes.tram]\nkm_per_hour = 15", "modes.tram"),
        ("[modes.foot]\nkm_per_hour = 5", "modes.foot"),
        ("[modes.bicycle]\nspeed = 15", "modes.bicycle.speed"),
        ("[modes.bicycle]\nkm_per_hour = 0", "modes.bicycle.km_per_hour"),
        ("[modes.vehicle]\nkm_per_hour = nan", "modes.vehicle.km_per_hour"),
        ("[modes.vehicle]\nkm_per_hour = inf", "modes.vehicle.km_per_hour"),
        ('[modes.vehicle]\nnot_on = "steps"', "modes.vehicle.not_on"),
        ('[modes.vehicle]\nnot_on = [""]', "modes.vehicle.not_on.0"),
    ],
)
def test_a_wrong_value_of_a_mode_is_named_with_its_key(
    tmp_path: Path, lines: str, key: str
) -> None:
    with pytest.raises(SettingsError, match=key):
        read(tmp_path, lines)
