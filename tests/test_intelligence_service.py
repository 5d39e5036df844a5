"""Entries from the command line and in the app: added, listed, switched off, scored."""

import json
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tomli_w
from streamlit.testing.v1 import AppTest

from planner.cli import main
from planner.errors import IntelligenceError
from planner.service.app_session import Wish
from planner.service.intelligence import (
    add_intelligence,
    list_intelligence,
    score_intelligence,
    set_status,
)
from planner.service.planning import plan_shift
from planner.service.workspace import take_picture
from planner.ui import plan_page

APP = Path(__file__).parents[1] / "app.py"
SOON = datetime.now(UTC).date()


def written(build, **changes):
    usual = {"from": SOON.isoformat(), "until": (SOON + timedelta(days=3)).isoformat()}
    return build.written_entry(**(usual | changes))


def entry_file(folder, content):
    path = folder / "entry.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["planner", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return call


@pytest.fixture
def filled(workspace, build):
    rows = [build.incident(f"A{number}", at=(20.0 + number, 30.0)) for number in range(8)]
    build.import_text(workspace, build.control_room_csv(rows), "incidents.csv")
    return workspace


def test_an_entry_goes_through_the_command_line(run, filled, build, tmp_path):
    path = entry_file(tmp_path, written(build))
    code, out, _ = run("intelligence", "add", path, "-w", filled, "--role", "desk", "--json")
    added = json.loads(out)
    assert (code, added["state"], added["covers"]) == (0, "active", ["Alpha College"])
    code, out, _ = run("intelligence", "list", "-w", filled)
    assert code == 0
    assert "Lantern walk" in out and "Raises the risk 2 times in Alpha College" in out
    for command, status in [("off", "off"), ("on", "active"), ("withdraw", "withdrawn")]:
        code, out, _ = run("intelligence", command, added["id"], "-w", filled, "--json")
        assert (code, json.loads(out)) == (0, {"id": added["id"], "status": status})
    code, out, err = run("intelligence", "on", added["id"], "-w", filled)
    assert (code, out) == (1, "")
    assert "for good" in err
    code, out, _ = run("intelligence", "score", "-w", filled, "--json")
    assert (code, json.loads(out)) == (0, {"entries": [], "gain": 0})
    code, out, _ = run("verify", "-w", filled, "--json")
    assert code == 0 and json.loads(out)["ok"]


def test_a_list_has_no_word_of_what_its_reader_may_not_see(run, workspace, build):
    add_intelligence(workspace, written(build, what="XYLOPHONE", permission=["control room"]))
    shown = add_intelligence(workspace, written(build, what="ZEPPELIN"))
    _, out, _ = run("intelligence", "list", "-w", workspace, "--audience", "partners", "--json")
    assert "XYLOPHONE" not in out
    assert [item["id"] for item in json.loads(out)["entries"]] == [shown.entry.id]
    code, _, err = run("intelligence", "list", "-w", workspace, "--audience", "press")
    assert code == 1 and "no audience 'press'" in err
    with pytest.raises(IntelligenceError, match="press"):
        score_intelligence(workspace, "press")


def test_only_active_entries_recorded_by_then_are_in_the_picture(workspace, build):
    before = datetime.now(UTC) - timedelta(hours=2)
    added = add_intelligence(workspace, written(build), now=before)
    assert take_picture(workspace).intelligence == (added.entry,)
    assert take_picture(workspace, before - timedelta(seconds=1)).intelligence == ()
    set_status(workspace, added.entry.id, "off")
    assert take_picture(workspace).intelligence == ()
    assert take_picture(workspace, before + timedelta(hours=1)).intelligence == (added.entry,)


def test_an_entry_expires_by_itself(workspace, build):
    added = add_intelligence(workspace, written(build))
    ends = added.entry.ends_at

    def state(now):
        return list_intelligence(workspace, now=now)[0].state

    assert state(added.entry.starts_at - timedelta(seconds=1)) == "not yet"
    assert state(ends - timedelta(seconds=1)) == "active"
    assert state(ends) == "expired"


def test_plan_files_are_for_the_control_room_and_the_print_for_partners(filled, build, tmp_path):
    from pypdf import PdfReader

    scenario = tmp_path / "s.toml"
    scenario.write_text(
        f'[shift]\ndate = {SOON}\nname = "night"\n[solver]\ntries = 1\niterations = 30\n'
    )
    secret = written(build, what="XYLOPHONE", marking="OFFICIAL-SENSITIVE",
                     permission=["control room"], factor=4.0)  # fmt: skip

    def planned(name):
        out = tmp_path / name
        plan = plan_shift(filled, scenario, out).plan
        text = " ".join(page.extract_text() for page in PdfReader(out / "hotspots.pdf").pages)
        files = {p.name: p.read_text() for p in out.iterdir() if p.suffix != ".pdf"}
        return plan, text, files

    first, print_before, _ = planned("before")
    add_intelligence(filled, secret)
    second, print_after, files = planned("after")
    assert first.id != second.id
    assert "XYLOPHONE" in files["plan.json"]
    assert "XYLOPHONE" in files["map.html"]
    assert print_before == print_after
    assert first.id not in print_before and second.id not in print_after
    with_partners = scenario.read_text()
    scenario.write_text('audience = "partners"\n' + with_partners)
    _, text, files = planned("theirs")
    assert text == print_after
    assert all("XYLOPHONE" not in content for content in files.values())


def app_at(workspace, monkeypatch):
    monkeypatch.setenv("PLANNER_WORKSPACE", str(workspace))
    return AppTest.from_string(PAGE, default_timeout=60)


PAGE = """
from planner.ui.intelligence_page import show_intelligence_page
show_intelligence_page()
"""


def test_the_page_adds_an_entry_and_switches_it_off(workspace, monkeypatch):
    app = app_at(workspace, monkeypatch).run()
    assert not app.exception
    assert "No entry is recorded" in app.info[0].value.replace("\\", "")
    app.text_input[0].set_value("Lantern walk: crowds until late")
    app.multiselect[0].set_value(["Alpha College"])
    app.text_input[2].set_value("events team")
    next(button for button in app.button if button.label == "Record").click().run()
    assert not app.exception and not app.warning
    (item,) = list_intelligence(workspace)
    assert item.entry.grade == "2BP"
    assert item.entry.what.startswith("Lantern walk")
    next(button for button in app.button if button.label == "Switch off").click().run()
    assert list_intelligence(workspace)[0].state == "off"
    assert [b.label for b in app.button][:2] == ["Switch on", "Withdraw"]


def test_the_page_says_what_is_wrong_and_stores_nothing(workspace, build, monkeypatch):
    app = app_at(workspace, monkeypatch).run()
    before = build.snapshot(workspace)
    next(button for button in app.button if button.label == "Record").click().run()
    assert not app.exception
    assert "what" in app.warning[0].value
    assert build.snapshot(workspace) == before


def test_the_page_without_a_workspace_says_so(monkeypatch):
    monkeypatch.delenv("PLANNER_WORKSPACE", raising=False)
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    assert "PLANNER" in app.warning[0].value


def test_a_wish_without_intelligence_is_a_scenario_without():
    wish = Wish("night", SOON, 1, 0, intelligence=False)
    assert wish.scenario().intelligence is False
    assert Wish("night", SOON, 1, 0).scenario().audience == "control room"
    assert "without" in plan_page.WITH_INTELLIGENCE


def test_a_file_that_is_written_is_the_one_that_is_read(build, tmp_path):
    content = written(build)
    assert tomllib.loads(entry_file(tmp_path, content).read_text()) == content
