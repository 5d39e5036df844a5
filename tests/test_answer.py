"""A plan in the app: which of the plans to choose from is shown, and what is handed out."""

from pathlib import Path
from types import ModuleType

import pytest
from questions import small_picture
from streamlit.testing.v1 import AppTest

from planner.service.app_session import open_session
from planner.service.liaison import import_liaison

APP = Path(__file__).parents[1] / "app.py"


@pytest.fixture
def estate_folder(build: ModuleType, tmp_path: Path) -> Path:
    small_picture(build, tmp_path)
    return tmp_path / "estate"


def test_another_choice_is_shown_in_figures_tables_and_words(
    estate_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_WORKSPACE", str(estate_folder))
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    assert not app.exception
    assert [tab.label for tab in app.tabs][:2] == ["Routes, and why each stop", "Left out, and why"]
    (control,) = app.get("button_group")
    shares = [option.rsplit(": ", 1)[1] for option in control.options]
    assert len(shares) > 1
    assert shown(app) == shares[0]
    control.set_value(1).run()
    assert not app.exception
    assert shown(app) == shares[1]
    assert any("not of the plan that is shown" in plain_text(one.value) for one in app.caption)
    assert any("-2, from records" in plain_text(one.value) for one in app.caption)
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[0] == "Route cards (PDF)"
    assert len(labels) == 5


def shown(app: AppTest) -> str:
    """The share of risk that the headline says."""
    (figures,) = [one.proto.body for one in app.get("html") if "Risk covered" in one.proto.body]
    return str(figures.split("<dd>")[1].split("<small>")[0]).replace("&nbsp;", " ")


def plain_text(text: str) -> str:
    return text.replace("\\", "")


def test_a_session_knows_whom_teams_can_call(estate_folder: Path, build: ModuleType) -> None:
    before = open_session(estate_folder)
    assert before.numbers == ()
    text = "site,role,phone\nAlpha College,Head Porter,01865 270000\n"
    import_liaison(estate_folder, build.write(estate_folder.parent / "c.csv", text), "contacts")
    assert open_session(estate_folder).numbers == (("Alpha College, Head Porter", "01865 270000"),)
