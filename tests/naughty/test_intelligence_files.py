"""Files of entries that are wrong: one line each, and nothing stored."""

import pytest
import tomli_w

from planner.errors import IntelligenceError, PlannerError, UnreadableFile
from planner.service.intelligence import add_intelligence, add_intelligence_file

NOT_TOML = [
    b"kind = ", b"\x00\x01\x02", b"{", b"kind == 'event'", b"[" * 50_000, b"a = " + b"[" * 5_000,
    b"kind = 'event'\nkind = 'event'", b"\xff\xfe\x00k",
]  # fmt: skip


@pytest.mark.parametrize("content", NOT_TOML, ids=range(len(NOT_TOML)))
def test_what_is_no_toml_is_a_named_error(workspace, build, tmp_path, content):
    path = build.write(tmp_path / "entry.toml", content)
    before = build.snapshot(workspace)
    with pytest.raises((IntelligenceError, UnreadableFile), match=r"entry\.toml") as caught:
        add_intelligence_file(workspace, path, now=build.NOW)
    assert "\n" not in str(caught.value)
    assert build.snapshot(workspace) == before


def test_a_file_that_is_missing_or_a_folder_is_a_named_error(workspace, tmp_path):
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(UnreadableFile):
            add_intelligence_file(workspace, path)


WRONG = [
    {"grade": "5Z"}, {"factor": 0.0}, {"factor": float("nan")}, {"factor": 1e308},
    {"until": "2026-03-01T00:00"}, {"where": {"zones": ["Atlantis"]}},
    {"from": "2001-01-01", "until": "2001-01-02"}, {"where": {"polygon": []}},
    {"where": {"point": [0.0, 0.0], "radius_m": 50.0}}, {"what": "07700 900123"}, {},
    {"where": "Alpha College"}, {"hours": "all"}, {"permission": "partners"}, {"grade": 1},
    {"what": ["a"]}, {"categories": {"theft": 1}}, {"from": 20260301},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG[:10] + WRONG[11:], ids=str)
def test_an_entry_that_is_wrong_stores_nothing(workspace, build, tmp_path, change):
    path = build.write(tmp_path / "entry.toml", tomli_w.dumps(build.written_entry() | change))
    before = build.snapshot(workspace)
    with pytest.raises(IntelligenceError) as caught:
        add_intelligence_file(workspace, path, now=build.NOW)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert build.snapshot(workspace) == before


def test_an_empty_file_is_a_named_error(workspace, build, tmp_path):
    with pytest.raises(IntelligenceError, match="kind"):
        add_intelligence_file(workspace, build.write(tmp_path / "entry.toml", b""))


HOSTILE = [
    "<script>alert(1)</script>", "${alert(1)}", "`x`", "=1+1", "\x1b[31mred", "a\u202eb",
    "'; DROP TABLE intelligence; --", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_texts_are_texts(workspace, build, text):
    try:
        added = add_intelligence(workspace, build.written_entry(what=f"x {text}"), now=build.NOW)
    except PlannerError:
        return
    assert "\x1b" not in added.entry.what


def test_no_workspace_is_a_named_error(build, tmp_path):
    with pytest.raises(PlannerError):
        add_intelligence(tmp_path, build.written_entry(), now=build.NOW)
