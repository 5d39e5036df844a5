import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError, RefusedFile, UnknownFormat, UnreadableFile
from planner.incidents.files import encoding
from planner.incidents.files.json_rows import read_json
from planner.incidents.files.text_table import Rows

RECORD = {"reference": "A1", "place": "Café"}
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
# As the API of data.police.uk answers, with places that do not exist.
POLICE = """[
 {"category": "bicycle-theft", "location_type": "Force", "context": "", "persistent_id": "ab12",
  "location": {"latitude": "51.750", "street": {"id": 88, "name": "On or near X"},
               "longitude": "-1.10"},
  "outcome_status": null, "id": 20599642, "month": "2025-02"},
 {"category": "drugs", "location_type": "Force", "context": "", "persistent_id": "",
  "location": {"latitude": "51.751", "street": {"id": 89, "name": "On or near Y"},
               "longitude": "-1.11"},
  "outcome_status": {"category": "Under investigation", "date": "2025-03"}, "id": 20599643,
  "month": "2025-02"}]"""


def read(folder: Path, content: Any) -> Rows:
    path = folder / "incidents.json"
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_json(path)


def records(rows: Rows) -> list[dict[str, str]]:
    return rows.table.to_dict("records")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([RECORD, RECORD]),
        json.dumps({"total": 2, "tags": ["x", 1], "incidents": [RECORD, RECORD], "next": None}),
        json.dumps({"incidents": [RECORD, RECORD], "of": {"list": [1]}}, indent=2),
        "\n".join([json.dumps(RECORD), "", json.dumps(RECORD), ""]),
        "\r\n".join([json.dumps(RECORD)] * 2),
    ],
)
@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_way_to_list_records_is_read(tmp_path: Path, text: str, name: str) -> None:
    rows = read(tmp_path, text.encode(name))
    assert rows.header == ["reference", "place"]
    assert records(rows) == [RECORD, RECORD]
    assert rows.table.index.tolist() == [2, 3]
    assert rows.broken == []
    assert len(rows.digest) == 64


def test_records_within_records_are_spread_with_dots(tmp_path: Path) -> None:
    rows = read(tmp_path, POLICE)
    first, second = records(rows)
    assert first["location.street.name"] == "On or near X"
    assert (first["location.longitude"], first["id"], first["outcome_status"]) == (
        "-1.10", "20599642", ""
    )  # fmt: skip
    assert second["outcome_status.date"] == "2025-03"
    assert first["outcome_status.date"] == second["outcome_status"] == ""


def test_values_stay_as_they_are_written(tmp_path: Path) -> None:
    text = """[{"a": 1.50, "b": 1e5, "c": 12345678901234567890, "d": true, "e": null, "f": NaN,
                "g": " 00123 ", "h": [], "i": [1.0, "x"], "j": {}, "k": -0}]"""
    assert records(read(tmp_path, text)) == [
        {"a": "1.50", "b": "1e5", "c": "12345678901234567890", "d": "true", "e": "", "f": "NaN",
         "g": "00123", "h": "", "i.0": "1.0", "i.1": "x", "j": "", "k": "-0"}
    ]  # fmt: skip


def test_one_record_on_one_line_is_a_row(tmp_path: Path) -> None:
    assert records(read(tmp_path, RECORD)) == [RECORD]


def test_an_entry_that_is_no_record_costs_itself_only(tmp_path: Path) -> None:
    text = '[{"a":"1","b":"2"}, 5, {"a":"3","a":"4"}, {"a":"\\u0000"}, {"a":"\\ud800"}, {"b":"6"}]'
    rows = read(tmp_path, text)
    assert records(rows) == [{"a": "1", "b": "2"}, {"a": "", "b": "6"}]
    assert rows.table.index.tolist() == [2, 7]
    assert [(row, kept) for row, _, kept in rows.broken] == [
        (3, "5"), (4, '{"a":"3","a":"4"}'), (5, '{"a":"\\u0000"}'), (6, '{"a":"\\ud800"}'),
    ]  # fmt: skip
    assert "'a' twice" in rows.broken[1][1]


def test_a_record_of_nothing_is_broken(tmp_path: Path) -> None:
    rows = read(tmp_path, [{}, RECORD, {}])
    assert records(rows) == [RECORD]
    assert [row for row, _, _ in rows.broken] == [2, 4]


def test_names_that_meet_when_spread_break_their_record(tmp_path: Path) -> None:
    rows = read(tmp_path, [{"a.b": "1", "a": {"b": "2"}}, {"a.b": "3", "c": "4"}])
    assert [(row, "'a.b'" in reason) for row, reason, _ in rows.broken] == [(2, True)]


def test_a_broken_line_of_json_lines_costs_that_line_only(tmp_path: Path) -> None:
    rows = read(tmp_path, '{"a":1,"b":2}\n{"a":3,"b":\n\n[]\n{"a":5,"b":6} 7\n{"a":8,"b":9}')
    assert rows.table.index.tolist() == [2, 6]
    assert [(row, kept) for row, _, kept in rows.broken] == [
        (3, '{"a":3,"b":'), (4, "[]"), (5, '{"a":5,"b":6} 7')
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[{"a":1,"b":2},', "not finished"),
        ('[{"a":1,"b":2} {"a":1}]', "missing"),
        ('[{"a":1,"b":2}] x', "follows"),
        ('{"a":[{"x":1}],"b":[{"x":2}]}', "two lists of records: a, b"),
        ("{", "missing"),
        ("[]", "list of incidents"),
        ("[[1,2],[3,4]]", "list of incidents"),
        ('{"type": "FeatureCollection"}', "list of incidents"),
        ('{"features": [],\n"n": 1}', "list of incidents"),
        ('[{"a":1}]', "list of incidents"),
    ],
)
def test_what_holds_no_list_of_records_is_an_unknown_format(
    tmp_path: Path, text: str, word: str
) -> None:
    with pytest.raises(UnknownFormat, match=word):
        read(tmp_path, text)


def test_json_in_another_encoding_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="UTF-8"):
        read(tmp_path, '[{"a": "é", "b": "x"}]'.encode("cp1252"))


def test_more_names_than_a_table_can_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="columns"):
        read(tmp_path, [{f"name {n}": 1, "b": 1} for n in range(1_200)])
    with pytest.raises(RefusedFile, match="columns"):
        read(tmp_path, [{"a": list(range(1_200))}])


def test_a_file_of_many_pieces_is_read_whole(tmp_path: Path) -> None:
    listed = [{"a": str(n), "b": "é" * 900} for n in range(2_000)]
    for text in (json.dumps(listed, ensure_ascii=False), "\n".join(map(json.dumps, listed))):
        rows = read(tmp_path, text)
        assert rows.table["a"].tolist() == [row["a"] for row in listed]
        assert set(rows.table["b"]) == {"é" * 900}


def test_a_record_larger_than_any_is_refused(tmp_path: Path) -> None:
    large = {str(n): "x" * 130_000 for n in range(7)}
    assert len(read(tmp_path, [large] * 3).table) == 3
    with pytest.raises(RefusedFile, match="1 MiB"):
        read(tmp_path, [RECORD, {str(n): "x" * 130_000 for n in range(20)}])


@given(
    table=st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "c d"]), TEXT, min_size=1),
        min_size=1,
        max_size=6,
    ),
    block=st.integers(5, 60),
    wrapped=st.booleans(),
)
def test_pieces_of_any_size_give_all_records(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[dict[str, str]], block: int, wrapped: bool,
) -> None:  # fmt: skip
    table = [{"a": "", "b": "first"}, *table]
    text = json.dumps({"n": 12, "all": table} if wrapped else table, ensure_ascii=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "BLOCK", block)
        rows = read(tmp_path_factory.getbasetemp(), text)
    wanted = [{name: row.get(name, "").strip() for name in rows.header} for row in table]
    assert records(rows) == wanted
    assert rows.table.index.tolist() == list(range(2, len(table) + 2))


@given(text=st.lists(st.sampled_from([*'[]{}:,"', '"a"', "1", "\n", '{"a":1,"b":2}', "null"])))
def test_json_of_any_kind_is_rows_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, text: list[str]
) -> None:
    try:
        rows = read(tmp_path_factory.getbasetemp(), "".join(text))
    except PlannerError as error:
        assert "\n" not in str(error)
        return
    told = [*rows.table.index, *(row for row, _, _ in rows.broken)]
    assert sorted(told) == list(range(2, len(told) + 2))
