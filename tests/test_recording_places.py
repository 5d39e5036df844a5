"""A recording desk is asked once; what is decided of it holds in pictures, plans and prints."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from planner.allocate.planning import make_plan
from planner.allocate.scenario import scenario_from
from planner.errors import EstateError, NoIncidents, WorkspaceError
from planner.register.audit import entries
from planner.register.database import Register
from planner.register.engine import reading
from planner.register.place_weights import read_place_weights
from planner.register.verification import verify
from planner.service.recording_places import decide_record, record_questions, undecided_records
from planner.service.reviewing import open_questions
from planner.service.workspace import take_picture

DECIDED = datetime(2026, 11, 3, 12, tzinfo=UTC)
QUICK = {"solver": {"tries": 1, "iterations": 60}}


@pytest.fixture(scope="module")
def _first(build, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "small"
    build.new_workspace(folder)
    days = pd.date_range("2025-01-01", periods=120, freq="D")
    rows = []
    for number, day in enumerate(days):
        at = (20.0 + 10 * (number % 7), 50.0)
        rows.append(told(build, f"t{number}", at, day, "Theft", f"Room {number % 7}"))
        if number % 2:
            rows.append(told(build, f"d{number}", (55.0, 80.0), day, "Found property", "The desk"))
    rows.append(told(build, "s", (55.0, 80.0), days[0], "Sexual assault", "The desk"))
    build.import_text(folder, build.control_room_csv(rows))
    return folder


def told(build, key, at, day, category, place):
    moment = f"{day:%Y-%m-%d}T10:00"
    return build.incident(key, at=at, category=category, place=place, occurred_from=moment,
                          occurred_to=moment, reported_at=moment)  # fmt: skip


@pytest.fixture
def desk(_first: Path, tmp_path: Path) -> Path:
    """A workspace of 180 incidents, a third of them property handed in at one desk."""
    import shutil

    return Path(shutil.copytree(_first, tmp_path / "desk"))


def key_of(folder: Path) -> str:
    (question,) = record_questions(take_picture(folder))
    return question.place


def test_a_desk_is_asked_about_and_once(desk: Path) -> None:
    (question,) = open_questions(desk).records
    assert (question.name, question.incidents, question.treatment) == ("The desk", 60, "exclude")
    assert question.looks_like == "a recording desk"
    assert sum(count for _, count in question.counts) == 60
    assert question.unit == "week"
    done = decide_record(desk, question.place, "keep", actor="records desk", now=DECIDED)
    assert (done.weight, done.incidents, done.name) == (1.0, 60, "The desk")
    assert open_questions(desk).records == ()
    assert not open_questions(desk).any or not open_questions(desk).records_in_all
    with Register(desk) as register, reading(register.engine) as connection:
        last = entries(connection).iloc[-1]
        assert verify(connection).ok
    assert (last["action"], last["actor"]) == ("weigh", "records desk")
    assert "desk" not in last["subject"]


def test_what_is_left_out_is_gone_from_places_and_told(desk: Path) -> None:
    before = take_picture(desk)
    decide_record(desk, key_of(desk), "exclude", now=DECIDED)
    picture = take_picture(desk)
    assert len(before.on_estate) - len(picture.on_estate) == 60
    assert len(picture.counted) == len(before.counted) == 181
    assert picture.sensitive == 1
    assert picture.fingerprint != before.fingerprint
    (out,) = picture.left_out
    assert (out.name, out.incidents) == ("The desk", 60)
    plan = make_plan(picture, scenario_from(QUICK), undecided_records(picture))
    assert (
        "60 incidents are left out at 'The desk', as decided on 3 Nov 2026; the estate's totals "
        "have them."
    ) in plan.warnings
    assert not any("looks like a recording desk" in text for text in plan.warnings)
    then = take_picture(desk, datetime(2026, 11, 2, tzinfo=UTC))
    assert len(then.on_estate) == len(before.on_estate)


def test_an_undecided_desk_is_a_warning(desk: Path) -> None:
    picture = take_picture(desk)
    plan = make_plan(picture, scenario_from(QUICK), undecided_records(picture))
    assert (
        "1 place looks like a recording desk or changed its reporting; decide under 'To decide', "
        "or with 'planner review'."
    ) in plan.warnings


def test_a_weight_holds_from_a_day_on_and_for_a_category(desk: Path) -> None:
    key = key_of(desk)
    done = decide_record(desk, key, "0.3", since="2025-03-02", now=DECIDED)
    assert (done.weight, done.starts_at, done.incidents) == (0.3, "2025-03-02", 30)
    weights = take_picture(desk).placed["weight"]
    assert weights.value_counts().to_dict() == {1.0: 150, 0.3: 30}
    only = decide_record(desk, key, "0", category="Property found", now=DECIDED)
    assert (only.category, only.incidents) == ("property found", 60)
    assert len(take_picture(desk).on_estate) == 120


@pytest.mark.parametrize(
    ("weight", "more", "said"),
    [
        ("1.1", {}, "1.1"), ("-0.1", {}, "-0.1"), ("nan", {}, "nan"), ("half", {}, "half"),
        ("", {}, "exclude, keep"), ("keep", {"since": "2025"}, "YYYY-MM-DD"),
        ("keep", {"since": "2025-02-30"}, "2025-02-30"), ("keep", {"category": "gold"}, "gold"),
        ("keep", {"category": "sexual offences"}, "sexual offences"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_refused_in_words(desk: Path, weight, more, said) -> None:
    key = key_of(desk)
    with pytest.raises(EstateError, match=said):
        decide_record(desk, key, weight, **more)
    with Register(desk) as register:
        assert read_place_weights(register).empty


@pytest.mark.parametrize("key", ["", "point:1,1", "building:gone", "<img src=x>", "x" * 10_000])
def test_a_place_that_is_not_there_is_refused(desk: Path, key: str) -> None:
    with pytest.raises(EstateError, match="as 'planner review' lists it"):
        decide_record(desk, key, "exclude")


def test_an_estate_without_incidents_asks_nothing(workspace: Path, tmp_path: Path) -> None:
    assert undecided_records(take_picture(workspace)) == 0
    assert open_questions(workspace).records == ()
    with pytest.raises(EstateError):
        decide_record(workspace, "point:1,1", "keep")
    with pytest.raises(WorkspaceError):
        decide_record(tmp_path / "nowhere", "point:1,1", "keep")


def test_a_plan_from_which_all_is_left_out_says_so(workspace: Path, build) -> None:
    build.import_text(workspace, build.control_room_csv([build.incident()]))
    x, y = take_picture(workspace).placed[["x", "y"]].iloc[0]
    decide_record(workspace, f"point:{round(x / 5) * 5},{round(y / 5) * 5}", "exclude")
    with pytest.raises(NoIncidents, match="left out by decision"):
        make_plan(take_picture(workspace), scenario_from(QUICK))
