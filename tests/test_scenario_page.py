"""The page of scenarios: what it asks, what it shows, and what it says where it can't."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.service.demo import make_demo

APP = Path(__file__).parents[1] / "app.py"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("scenarios") / "demo"
    make_demo(folder)
    return folder


def page(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PLANNER_WORKSPACE", str(workspace))
    script = "from planner.ui.scenario_page import show_scenario_page\nshow_scenario_page()\n"
    return AppTest.from_string(script, default_timeout=240)


def shown(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_scenarios_stand_side_by_side_and_a_budget_adds_one(workspace, monkeypatch) -> None:
    app = page(workspace, monkeypatch).run()
    assert not app.exception
    text = shown(app)
    assert "Side by side" in text
    assert "five more cameras" in text
    assert "covers most" in text
    app.multiselect(key="scenario-names").set_value(["nothing"])
    app.number_input(key="scenario-budget").set_value(20_000)
    app.run()
    assert any("choices before" in caption.value for caption in app.caption)
    app.button[0].click().run()
    text = shown(app)
    assert "£20,000 of cameras" in text
    assert "nothing" in text
    assert "five more cameras" not in text


def test_without_a_workspace_it_says_so_in_a_line(tmp_path, monkeypatch) -> None:
    app = page(tmp_path / "none", monkeypatch).run()
    assert not app.exception
    assert len(app.warning) == 1
