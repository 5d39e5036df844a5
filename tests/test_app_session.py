"""The app: what it asks the service, and what it says where there is nothing to show."""

import shutil
import sqlite3
import tomllib
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.errors import Infeasible, NoIncidents, ScenarioError, WorkspaceError
from planner.publish import style
from planner.service.app_session import Wish, open_session, plan_for, workspace_state
from planner.service.demo import bundled, make_demo
from planner.service.workspace import EstateFiles, make_workspace
from planner.ui import plan_page
from planner.ui.plain import plain

APP = Path(__file__).parents[1] / "app.py"


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("session") / "demo"
    make_demo(folder)
    return folder


@pytest.fixture(scope="module")
def session(demo):
    return open_session(demo)


def without_incidents(folder: Path) -> Path:
    oxford = bundled("geodata") / "oxford"
    make_workspace(folder, EstateFiles(sites=[oxford / "sites.geojson"]), name="Empty")
    return folder


def test_a_session_offers_the_next_shift_first(session):
    assert session.name.startswith("Oxford")
    assert {shift.name for shift in session.shifts} == {"early", "late", "night"}
    first = session.shifts[0]
    assert all(first.first_date <= shift.first_date for shift in session.shifts)
    assert first.hours == "22:00 to 06:00" if first.name == "night" else first.hours
    assert "Science Area post" in session.posts


def test_a_wish_becomes_a_scenario_and_a_plan(session):
    wish = Wish("night", date(2026, 10, 2), teams=1, cameras=0, start="Iffley Road post")
    plan = plan_for(session, wish.scenario())
    assert plan.shift.name == "night"
    assert plan.shift.starts_at.startswith("2026-10-02T22:00")
    assert len(plan.patrols.routes) == 1
    assert plan.patrols.routes[0].start == "Iffley Road post"
    assert plan.cameras.chosen == ()


def test_a_wish_for_nobody_is_a_named_error():
    with pytest.raises(ScenarioError, match="teams"):
        Wish("night", date(2026, 10, 2), teams=0, cameras=0).scenario()


def test_a_folder_that_is_no_workspace_is_a_named_error(tmp_path):
    with pytest.raises(WorkspaceError, match="no workspace"):
        open_session(tmp_path)


def test_a_workspace_without_incidents_is_a_named_error(tmp_path):
    with pytest.raises(NoIncidents):
        open_session(without_incidents(tmp_path / "empty"))


def test_the_state_changes_when_a_file_does(demo, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(demo, copy)
    before = workspace_state(copy)
    assert workspace_state(copy) == before
    with sqlite3.connect(copy / "planner.db") as register:
        register.execute("CREATE TABLE more (x)")
    assert workspace_state(copy) != before
    assert workspace_state(tmp_path / "nowhere") == ""


def said(app: AppTest) -> str:
    return " ".join(item.value for item in app.warning).replace("\\", "")


def test_without_a_workspace_the_app_says_what_to_do(monkeypatch):
    monkeypatch.delenv("PLANNER_WORKSPACE", raising=False)
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert "PLANNER_WORKSPACE" in said(app)


@pytest.mark.parametrize("make", [lambda folder: folder, without_incidents])
def test_without_data_the_app_says_what_to_do(make, tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_WORKSPACE", str(make(tmp_path / "w")))
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert "planner i" in said(app)
    assert len(app.warning) == 1


def test_the_app_has_the_colours_of_the_maps_and_tells_nobody():
    settings = tomllib.loads((APP.parent / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["theme"]["primaryColor"] == style.SITE_LINE
    assert settings["theme"]["secondaryBackgroundColor"] == style.GROUND
    assert settings["theme"]["textColor"] == style.INK
    assert settings["theme"]["font"] == "sans-serif"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["server"]["enableStaticServing"] is False
    assert settings["server"]["maxUploadSize"] <= 20


def test_a_shift_that_cannot_be_planned_is_said_and_can_be_changed(demo, monkeypatch):
    def refuse(session, scenario):
        raise Infeasible("the demands can't all be met; ask for fewer.")

    monkeypatch.setenv("PLANNER_WORKSPACE", str(demo))
    monkeypatch.setattr(plan_page, "plan_for", refuse)
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert "ask for fewer" in said(app)
    assert [button.label for button in app.button] == ["Plan"]


def test_markdown_in_a_text_stays_a_text():
    assert plain("![x](http://a.b) $y$") == r"\!\[x\]\(http\://a\.b\) \$y\$"
