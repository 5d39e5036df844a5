"""What a person decides is kept, moves what is known, and never leaves an event uncounted."""

import shutil
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from planner.errors import EstateError
from planner.register.audit import entries
from planner.register.database import Register
from planner.register.engine import reading
from planner.service.deciding import decide_pair, decide_place
from planner.service.workspace import take_picture

NOW = 1_760_000_000


@pytest.fixture(scope="module")
def _first_shed(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("shed") / "small"
    build.new_workspace(folder)
    rows = [
        build.incident(key, at=None, place=place)
        for key, place in (("a", "The Old Shed"), ("b", "old  shed;"), ("c", "the old shed"))
    ]
    build.import_text(folder, build.control_room_csv([*rows, build.incident("d")]))
    return folder


@pytest.fixture
def shed(_first_shed: Path, tmp_path: Path) -> Path:
    """A workspace in which nobody knows where two incidents happened, and of one it does."""
    return Path(shutil.copytree(_first_shed, tmp_path / "shed"))


def places(folder: Path) -> dict[str, tuple[str, str, str]]:
    table = take_picture(folder).incidents
    columns = table[["key", "building", "precision", "cause"]].itertuples(index=False)
    return {key: tuple(rest) for key, *rest in columns}


def log(folder: Path) -> pd.DataFrame:
    with Register(folder) as register, reading(register.engine) as connection:
        return entries(connection)


def test_a_decision_moves_those_that_have_the_place(shed: Path, build: ModuleType) -> None:
    before = places(shed)
    done = decide_place(shed, "THE OLD SHED", "Hall", actor="records desk")
    assert (done.means, done.site, done.building) == (
        "Hall, Alpha College", "alpha-college", "alpha-college-hall"
    )  # fmt: skip
    assert (done.incidents, done.moved) == (2, 2)
    after = places(shed)
    assert {key: after[key] for key in "bd"} == {key: before[key] for key in "bd"}
    assert {after[key] for key in "ac"} == {("alpha-college-hall", "building", "review")}
    last = log(shed).iloc[-1]
    assert (last["action"], last["actor"]) == ("review", "records desk")
    assert "shed" not in last["subject"]

    build.import_text(shed, build.control_room_csv(
        [build.incident("later", at=None, place="the old shed")]), "later.csv")  # fmt: skip
    assert places(shed)["later"] == ("alpha-college-hall", "building", "import")
    again = decide_place(shed, "the old shed", "None")
    assert (again.means, again.incidents, again.moved) == ("", 3, 3)
    assert {places(shed)[key][1] for key in ("a", "c", "later")} == {"outside"}
    with Register(shed) as register:
        assert len(register.versions("control room", "a")) == 3


def test_the_same_decision_again_moves_nothing(shed: Path) -> None:
    for moved in (1, 0):
        done = decide_place(shed, "old shed", "alpha-college")
        assert (done.building, done.incidents, done.moved) == ("", 1, moved)


def test_a_place_may_be_decided_before_it_comes(workspace: Path, build: ModuleType) -> None:
    done = decide_place(workspace, "Nook", "Chapel")
    assert (done.incidents, done.moved) == (0, 0)
    build.import_text(
        workspace, build.control_room_csv([build.incident("a", at=None, place="nook")])
    )
    assert places(workspace)["a"][0] == "alpha-college-chapel"


@pytest.mark.parametrize(
    ("place", "means", "words"),
    [("the old shed", "Delta House", "is not the name of one"),
     ("the old shed", "", "is not the name of one"),
     (" ,; ", "Hall", "is empty")],
)  # fmt: skip
def test_what_cannot_be_decided_changes_nothing(
    shed: Path, build: ModuleType, place: str, means: str, words: str
) -> None:
    before = build.snapshot(shed)
    with pytest.raises(EstateError, match=words):
        decide_place(shed, place, means)
    assert build.snapshot(shed) == before


@pytest.fixture
def told(workspace: Path, intakes: ModuleType) -> Path:
    """A workspace in which three sources tell of one event."""
    files = [intakes.located([intakes.incident(key)], source=source, periods=[])
             for source, key in (("room", "a:1"), ("lodge", "b"), ("war:den", "c"))]  # fmt: skip
    with Register(workspace) as register:
        register.record_import(
            [(made, table.assign(zone="alpha-college")) for made, table in files], NOW
        )
    return workspace


def counted(folder: Path) -> set[str]:
    return set(take_picture(folder).counted["key"])


def test_of_a_pair_that_is_one_event_the_first_counts(told: Path) -> None:
    assert counted(told) == {"a:1", "b", "c"}
    decide_pair(told, "room:a:1", "lodge:b", same=True, actor="desk")
    assert counted(told) == {"a:1", "c"}
    decide_pair(told, "lodge:b", "room:a:1", same=True)
    assert counted(told) == {"b", "c"}
    decide_pair(told, "room:a:1", "lodge:b", same=False)
    assert counted(told) == {"a:1", "b", "c"}
    assert log(told)["actor"].tolist() == ["", "desk", "", ""]


def test_no_event_is_left_without_a_record_that_counts(told: Path, build: ModuleType) -> None:
    decide_pair(told, "room:a:1", "lodge:b", same=True)
    decide_pair(told, "lodge:b", "war:den:c", same=True)
    before = build.snapshot(told)
    with pytest.raises(EstateError, match="none of its records would count; give 'room:a:1' first"):
        decide_pair(told, "war:den:c", "room:a:1", same=True)
    assert build.snapshot(told) == before
    decide_pair(told, "room:a:1", "war:den:c", same=True)
    assert counted(told) == {"a:1"}


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [("room:a:1", "lodge:x", "There is no record 'lodge:x'"),
     ("room", "lodge:b", "There is no record 'room'"), ("", "lodge:b", "There is no record ''"),
     ("room:a:1", "room:a:1", "of one source")],
)  # fmt: skip
def test_a_wrong_record_changes_nothing(
    told: Path, build: ModuleType, first: str, second: str, words: str
) -> None:
    before = build.snapshot(told)
    with pytest.raises(EstateError, match=words):
        decide_pair(told, first, second, same=True)
    assert build.snapshot(told) == before
