from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import WorkspaceError
from planner.incidents.model import COLUMNS, MOMENTS, PLACE_COLUMNS, Period
from planner.register.audit import entries
from planner.register.database import FILE_NAME, FileCounts, Register
from planner.register.engine import reading

NOW = 1_750_000_000
WITHOUT_DETAILS = [name for name in COLUMNS if name != "details"]


@pytest.fixture
def register(tmp_path: Path, register_url: str) -> Iterator[Register]:
    with Register(tmp_path, register_url) as kept:
        yield kept


def record(register: Register, *files: Any, at: int = NOW, actor: str = "desk") -> list[FileCounts]:
    counts = register.record_import(files, at, actor)
    assert all(c.read == c.accepted + c.rejected + c.duplicates for c in counts)
    return counts


def log(register: Register) -> pd.DataFrame:
    with reading(register.engine) as connection:
        return entries(connection)


def test_incidents_read_back_as_they_were_recorded(register: Register, intakes: ModuleType) -> None:
    rows = [
        intakes.incident("a", place="Café 🚲", clock="twice", grade="A1P"),
        intakes.incident("b", longitude=np.nan, latitude=np.nan, details="", anonymised=True),
        intakes.incident("c", reported_at=pd.Timestamp("2025-06-03T08:00Z"), latitude=-0.0),
        intakes.incident("007", occurred_from=pd.Timestamp("1890-01-01T00:00Z")),
    ]
    intake, places = intakes.located(rows)
    places["apart_m"] = [1.5, np.nan, 0.1, 1e-300]
    record(register, (intake, places))
    kept = register.incidents()
    accepted = intake.accepted.reset_index(drop=True)
    for name in MOMENTS:
        accepted[name] = accepted[name].astype(kept[name].dtype)
    pd.testing.assert_frame_equal(kept[WITHOUT_DETAILS], accepted[WITHOUT_DETAILS])
    pd.testing.assert_frame_equal(
        kept[PLACE_COLUMNS], places.reset_index(drop=True), check_dtype=False
    )
    assert kept["version"].tolist() == [1] * 4
    assert kept["cause"].tolist() == ["import"] * 4
    assert (kept["recorded_at"] == pd.Timestamp(NOW, unit="s", tz="UTC")).all()
    assert [register.details(number) for number in kept["id"]] == (
        ["a bicycle", "", "a bicycle", "a bicycle"]
    )


def test_before_the_first_import_the_register_is_empty(register: Register, tmp_path: Path) -> None:
    incidents = register.incidents()
    assert incidents.columns.tolist()[5:] == WITHOUT_DETAILS + PLACE_COLUMNS
    assert str(incidents["occurred_from"].dtype) == "datetime64[us, UTC]"
    tables = [incidents, register.periods(), register.rejected(), register.aliases(),
              register.matches(), register.versions("control room", "a")]  # fmt: skip
    assert all(table.empty for table in tables)
    assert (register.head(), register.details(1)) == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_a_register_without_incidents_has_columns_of_the_same_types(
    register: Register, intakes: ModuleType
) -> None:
    empty = register.incidents().dtypes
    record(register, intakes.located([intakes.incident("a")]))
    pd.testing.assert_series_equal(register.incidents().dtypes, empty)


def test_the_same_file_again_changes_nothing(register: Register, intakes: ModuleType) -> None:
    file = intakes.located(
        [intakes.incident("a"), intakes.incident("b")], rejected=[(4, "no time", "c,,")], repeated=1
    )
    (first,) = record(register, file)
    before = register.incidents(), register.rejected(), register.periods()
    (again,) = record(register, file, at=NOW + 60)
    assert (first.accepted, first.rejected, first.duplicates) == (2, 1, 1)
    assert (again.accepted, again.rejected, again.duplicates) == (0, 1, 3)
    after = register.incidents(), register.rejected(), register.periods()
    for table, former in zip(after, before, strict=True):
        pd.testing.assert_frame_equal(table, former)
    assert log(register)["action"].tolist() == ["import", "import"]


@pytest.mark.parametrize(
    "change",
    [{"category": "burglary"}, {"place": "elsewhere"}, {"details": "other words"},
     {"occurred_from": pd.Timestamp("2025-06-02T20:59:59Z")}, {"longitude": np.nan},
     {"reported_at": pd.Timestamp("2025-06-03T08:00Z")}, {"anonymised": True}, {"grade": "B2"}],
)  # fmt: skip
def test_a_later_file_corrects_a_record_whose_earlier_version_stays(
    register: Register, intakes: ModuleType, change: dict[str, Any]
) -> None:
    first, second = intakes.incident("a"), intakes.incident("a", **change)
    record(register, intakes.located([first, intakes.incident("b")]))
    (counts,) = record(register, intakes.located([second, intakes.incident("c")]), at=NOW + 60)
    assert (counts.accepted, counts.corrected, counts.duplicates) == (2, 1, 0)
    assert register.incidents()["key"].tolist() == ["b", "a", "c"]
    versions = register.versions("control room", "a")
    assert versions["version"].tolist() == [1, 2]
    texts = [register.details(number) for number in versions["id"]]
    assert texts == [first["details"], second["details"]]
    name = next(iter(change))
    if name != "details":
        kept = versions[name].astype(object).where(versions[name].notna(), None).tolist()
        assert kept == [None if pd.isna(row[name]) else row[name] for row in (first, second)]


def test_a_file_that_was_corrected_since_changes_nothing_when_it_comes_again(
    register: Register, intakes: ModuleType
) -> None:
    old, new = (
        intakes.located([intakes.incident("a", category=kind)]) for kind in ("theft", "fraud")
    )
    record(register, old)
    record(register, new)
    for file in (old, new, old):
        (counts,) = record(register, file)
        assert (counts.accepted, counts.duplicates) == (0, 1)
    assert register.incidents()["category"].tolist() == ["fraud"]


def test_files_of_one_import_see_each_other(register: Register, intakes: ModuleType) -> None:
    same = [intakes.incident("a"), intakes.incident("b")]
    changed = [intakes.incident("a", category="fraud")]
    counts = record(
        register, intakes.located(same), intakes.located(same), intakes.located(changed)
    )
    assert [(c.accepted, c.duplicates, c.corrected) for c in counts] == (
        [(2, 0, 0), (0, 2, 0), (1, 0, 1)]
    )


def test_the_same_key_of_another_source_is_another_incident(
    register: Register, intakes: ModuleType
) -> None:
    rows = [intakes.incident("a")]
    counts = record(register, intakes.located(rows), intakes.located(rows, source="police"))
    assert [item.accepted for item in counts] == [1, 1]
    assert register.incidents()["source"].tolist() == ["control room", "police"]


def test_what_lies_outside_or_nobody_knows_where_is_counted(
    register: Register, intakes: ModuleType
) -> None:
    intake, places = intakes.located([intakes.incident(key) for key in "abcd"])
    places["precision"] = ["exact", "outside", "unknown", "outside"]
    record(register, intakes.located([intakes.incident("d")]))
    (counts,) = record(register, (intake, places))
    assert (counts.accepted, counts.outside, counts.unknown) == (3, 1, 1)


def test_rows_beyond_one_chunk_are_sorted_like_those_within(
    register: Register, intakes: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("recording", "rows"):
        monkeypatch.setattr(f"planner.register.{module}.CHUNK", 3)
    keys = [f"k{number}" for number in range(10)]
    record(register, intakes.located([intakes.incident(key) for key in keys[:7]]))
    rows = [intakes.incident(key, category="fraud" if key in ("k0", "k5") else "theft")
            for key in reversed(keys)]  # fmt: skip
    (counts,) = record(register, intakes.located(rows))
    assert (counts.accepted, counts.corrected, counts.duplicates) == (5, 2, 5)
    kept = register.incidents()
    assert kept["key"].tolist() == ["k1", "k2", "k3", "k4", "k6", "k9", "k8", "k7", "k5", "k0"]
    assert kept["id"].is_unique
    assert [register.details(number) for number in kept["id"]] == ["a bicycle"] * 10


def test_rejected_rows_are_kept_with_file_row_and_reason(
    register: Register, intakes: ModuleType
) -> None:
    rejected = [(3, "no reference", '"=1+1",é'), (9, "no time", "a nul \0 in it")]
    record(register, intakes.located([intakes.incident("a")], rejected=rejected, file="x.csv"))
    kept = register.rejected()
    assert kept[["name", "row", "reason"]].to_numpy().tolist() == (
        [["x.csv", 3, "no reference"], ["x.csv", 9, "no time"]]
    )
    assert kept["text"].tolist() == ['"=1+1",é', "a nul \ufffd in it"]
    assert (kept["recorded_at"] == pd.Timestamp(NOW, unit="s", tz="UTC")).all()


def test_periods_are_kept_for_each_source_and_as_of_a_moment(
    register: Register, intakes: ModuleType
) -> None:
    may, june = (Period(pd.Timestamp(day, tz="UTC"), pd.Timestamp(day, tz="UTC")
                 + pd.Timedelta(days=30), area)
                 for day, area in (("2025-05-01", "POINT (0 0)"), ("2025-06-01", "")))  # fmt: skip
    record(register, intakes.located([intakes.incident("a")], periods=[june, may, may]))
    record(register, intakes.located([], source="a", periods=[june]), at=NOW + 60)
    periods = register.periods()
    assert periods["source"].tolist() == ["a", "control room", "control room"]
    assert periods["starts_at"].tolist() == [june.starts_at, may.starts_at, june.starts_at]
    assert periods["area"].tolist() == ["", "POINT (0 0)", ""]
    assert register.periods(NOW + 59)["source"].tolist() == ["control room"] * 2
    assert register.periods(NOW - 1).empty


def test_what_was_known_at_a_moment(register: Register, intakes: ModuleType) -> None:
    for at, kind in ((NOW, "theft"), (NOW + 100, "fraud"), (NOW + 200, "arson")):
        record(register, intakes.located([intakes.incident("a", category=kind)]), at=at)
    known = [register.incidents(at)["category"].tolist()
             for at in (NOW - 1, NOW, NOW + 99, NOW + 100, NOW + 200)]  # fmt: skip
    assert known == [[], ["theft"], ["theft"], ["fraud"], ["arson"]]
    # A clock that was put back: the version recorded last is still the one that counts.
    record(register, intakes.located([intakes.incident("a", category="alarm")]), at=NOW + 50)
    assert register.incidents(NOW + 60)["category"].tolist() == ["alarm"]
    assert register.incidents()["category"].tolist() == ["alarm"]


def test_a_fault_in_the_second_file_stores_nothing_of_the_first(
    register: Register, intakes: ModuleType
) -> None:
    good = intakes.located([intakes.incident("a")], rejected=[(3, "no time", "c")])
    intake, places = intakes.located([intakes.incident("b")])
    with pytest.raises(WorkspaceError, match=r"cannot be written .*; nothing was stored\."):
        record(register, good, (intake, places.assign(zone=None)))
    assert register.incidents().empty
    assert register.rejected().empty
    assert register.head() == ""


def test_two_registers_write_in_turn(
    register: Register, intakes: ModuleType, tmp_path: Path, register_url: str
) -> None:
    with Register(tmp_path, register_url) as other:
        for number, writer in enumerate([register, other, register]):
            record(writer, intakes.located([intakes.incident(f"k{number}")]))
        assert other.incidents()["key"].tolist() == ["k0", "k1", "k2"]


def test_a_reader_sees_one_moment_while_another_writes(
    register: Register, intakes: ModuleType, tmp_path: Path, register_url: str
) -> None:
    record(register, intakes.located([intakes.incident("a")]))
    with Register(tmp_path, register_url) as other, reading(register.engine) as connection:
        before = len(entries(connection))
        record(other, intakes.located([intakes.incident("b")]))
        assert len(entries(connection)) == before == 1
    assert len(log(register)) == 2


def test_closing_leaves_one_file(tmp_path: Path, intakes: ModuleType) -> None:
    with Register(tmp_path) as register:
        record(register, intakes.located([intakes.incident("a")]))
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def moved(register: Register, **changes: Any) -> pd.DataFrame:
    table = register.incidents().set_index("id")[PLACE_COLUMNS]
    return table.assign(building="b9", site="s9", zone="s9", precision="building", **changes)


def test_a_decision_on_a_place_moves_incidents_and_keeps_where_they_were(
    register: Register, intakes: ModuleType
) -> None:
    file = intakes.located([intakes.incident("a"), intakes.incident("b", details="")])
    record(register, file)
    record(register, intakes.located([intakes.incident("c")]))
    register.record_alias("the bod", "s9", "b9", moved(register).iloc[:2], NOW + 60, "reviewer")
    kept = register.incidents()
    assert kept["key"].tolist() == ["c", "a", "b"]
    assert kept["site"].tolist() == ["s1", "s9", "s9"]
    assert kept["cause"].tolist() == ["import", "review", "review"]
    assert [register.details(number) for number in kept["id"]] == ["a bicycle", "a bicycle", ""]
    versions = register.versions("control room", "a")
    assert versions["site"].tolist() == ["s1", "s9"]
    assert versions["file_id"].nunique() == 1
    assert register.incidents(NOW)["site"].tolist() == ["s1"] * 3
    assert register.aliases().to_numpy().tolist() == [["the bod", "s9", "b9"]]
    (counts,) = record(register, file)
    assert counts.duplicates == 2
    assert log(register)["action"].tolist() == ["import", "import", "review", "import"]


def test_a_decision_on_what_was_corrected_meanwhile_stores_nothing(
    register: Register, intakes: ModuleType
) -> None:
    record(register, intakes.located([intakes.incident("a"), intakes.incident("b")]))
    places = moved(register)
    record(register, intakes.located([intakes.incident("a", category="fraud")]))
    with pytest.raises(WorkspaceError, match="meanwhile"):
        register.record_alias("the bod", "s9", "b9", places, NOW)
    assert register.aliases().empty
    assert register.incidents()["site"].tolist() == ["s1", "s1"]
    assert len(log(register)) == 2


def test_the_latest_decision_on_a_place_counts(register: Register) -> None:
    nobody = pd.DataFrame(columns=PLACE_COLUMNS)
    for place, site in (("bod", "s1"), ("rad cam", "s2"), ("bod", "")):
        register.record_alias(place, site, "", nobody, NOW)
    assert register.aliases().to_numpy().tolist() == [["rad cam", "s2", ""], ["bod", "", ""]]


def test_the_latest_decision_on_a_pair_counts_in_whichever_order(register: Register) -> None:
    register.record_match("police", "p", "control room", "a", True, NOW)
    register.record_match("police", "q", "control room", "a", True, NOW)
    register.record_match("control room", "a", "police", "p", False, NOW)
    assert register.matches().to_numpy().tolist() == [
        ["police", "q", "control room", "a", True], ["control room", "a", "police", "p", False]
    ]  # fmt: skip
    assert log(register)["action"].tolist() == ["match"] * 3


def test_of_a_pair_the_record_that_was_given_first_counts(register: Register) -> None:
    pair, turned = ("police", "p", "control room", "a"), ("control room", "a", "police", "p")
    register.record_match(*pair, True, NOW)
    register.record_match("a", "2", "b", "1", True, NOW)
    register.record_match("b", "2", "a", "1", True, NOW)
    assert register.matches().to_numpy().tolist() == [
        [*pair, True], ["a", "2", "b", "1", True], ["b", "2", "a", "1", True]
    ]  # fmt: skip
    register.record_match(*turned, True, NOW + 60)
    assert register.matches().to_numpy().tolist()[-1] == [*turned, True]
    assert len(register.matches()) == 3


def test_what_was_decided_of_pairs_until_a_moment(register: Register) -> None:
    pair = ("control room", "a", "police", "p")
    for at, same in ((NOW, True), (NOW + 100, False)):
        register.record_match(*pair, same, at)
    known = [register.matches(at).to_numpy().tolist() for at in (NOW - 1, NOW, NOW + 99, NOW + 100)]
    assert known == [[], [[*pair, True]], [[*pair, True]], [[*pair, False]]]


def test_the_head_is_that_of_the_last_entry(register: Register, intakes: ModuleType) -> None:
    record(register, intakes.located([intakes.incident("a", details="secret words")]))
    first = register.head()
    assert register.log("export", {"rows": 3}, NOW, "desk") == register.head() != first
    kept = log(register)
    assert kept["previous"].tolist() == ["", first]
    assert kept["actor"].tolist() == ["desk", "desk"]
    assert "secret words" not in "".join(kept["subject"])


KEYS, KINDS = "abc", ("theft", "fraud", "arson")
FILES = st.lists(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(KINDS)), max_size=6)


@settings(max_examples=15)
@given(FILES)
def test_whatever_comes_in_whatever_order_is_kept_as_versions(
    intakes: ModuleType, tmp_path_factory: pytest.TempPathFactory, files: list[dict[str, str]]
) -> None:
    kept: dict[str, list[str]] = {}
    with Register(tmp_path_factory.mktemp("register")) as register:
        for number, file in enumerate(files):
            new = {key: kind for key, kind in file.items() if kind not in kept.get(key, [])}
            rows = [intakes.incident(key, category=kind) for key, kind in file.items()]
            (counts,) = record(register, intakes.located(rows), at=NOW + number)
            assert (counts.accepted, counts.duplicates) == (len(new), len(file) - len(new))
            assert counts.corrected == len(new.keys() & kept.keys())
            for key, kind in new.items():
                kept.setdefault(key, []).append(kind)
        for key in KEYS:
            assert register.versions("control room", key)["category"].tolist() == kept.get(key, [])
        last = {key: kinds[-1] for key, kinds in kept.items()}
        current = register.incidents()
        assert dict(zip(current["key"], current["category"], strict=True)) == last
