"""The page 'When': what it shows of a workspace, and what it says where there is nothing."""

from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest


def run(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PLANNER_WORKSPACE", str(workspace))
    script = "from planner.ui.timing_page import show_timing_page\nshow_timing_page()\n"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    return app


def html_of(app: AppTest) -> str:
    return " ".join(str(item.proto.body) for item in app.get("html"))


def said(app: AppTest) -> str:
    texts = [item.value for item in (*app.info, *app.warning)]
    return " ".join(texts).replace("\\", "")


def test_without_a_workspace_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLANNER_WORKSPACE", raising=False)
    script = "from planner.ui.timing_page import show_timing_page\nshow_timing_page()\n"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    assert "PLANNER_WORKSPACE" in said(app)


def test_without_incidents_it_says_what_to_do(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "planner import" in said(run(workspace, monkeypatch))


def test_it_shows_heat_shifts_and_months(
    build: ModuleType, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        build.incident(
            f"A{day}",
            occurred_from=f"2025-06-{day:02d}T22:00",
            occurred_to=f"2025-06-{day:02d}T22:30",
            reported_at=f"2025-06-{day:02d}T23:00",
        )
        for day in range(1, 20)
    ]
    build.import_text(workspace, build.control_room_csv(rows))
    app = run(workspace, monkeypatch)
    page = html_of(app)
    assert 'class="heat"' in page and "19 incidents with a usable time" in page
    assert "Busiest:" in page
    assert len(app.dataframe[0].value) == 21
    assert "The settings hold no terms" in said(app)
    where = app.selectbox(key="timing-zone")
    assert len(where.options) == 2
    app = where.select_index(1).run()
    assert not app.exception
    assert "That is few" in html_of(app)


def test_months_only_show_months_and_say_why_there_are_no_hours(
    build: ModuleType, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crimes = [build.crime(f"c{number}", Month=f"2025-{number:02d}") for number in range(1, 6)]
    build.import_text(workspace, build.police_csv(crimes), "police.csv")
    app = run(workspace, monkeypatch)
    assert "None of the 5 incidents here has a usable time" in said(app)
    assert 'class="heat"' not in html_of(app)
    assert "January" in html_of(app)
