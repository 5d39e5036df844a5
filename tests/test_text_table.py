import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import RefusedFile, UnknownFormat
from planner.incidents.files.delimited import read_delimited
from planner.incidents.files.text_table import MOST_COLUMNS, TableBuilder, kept_text, row_texts

FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
SHORT = st.text('a",;\n\r é', max_size=6)


@given(table=st.lists(st.lists(FIELD | SHORT, min_size=2, max_size=2), min_size=1, max_size=5))
def test_rows_as_text_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    table = [[field.strip() for field in row] for row in table]
    texts = row_texts(pd.DataFrame(table, columns=["a", "b"], dtype="str"))
    path = tmp_path_factory.getbasetemp() / "again.csv"
    path.write_bytes("\n".join(["a,b", *texts]).encode())
    assert read_delimited(path).table.to_numpy().tolist() == table


def test_rows_as_text_keep_their_numbers() -> None:
    texts = row_texts(pd.DataFrame({"a": ["1", '"'], "b": ["x,y", ""]}, index=[7, 3], dtype="str"))
    assert texts.to_dict() == {7: '1,"x,y"', 3: '"""",'}
    assert row_texts(pd.DataFrame({"a": []}, dtype="str")).empty


def test_batches_with_other_names_make_one_table() -> None:
    table = TableBuilder("x.json")
    table.add([2, 3], {"a": ["1", " 2 "]})
    table.add([5], {"b": ["3"], "a": [""]})
    rows = table.finish("digest", ["a note"])
    assert rows.header == ["a", "b"]
    assert rows.table.to_dict("index") == {
        2: {"a": "1", "b": ""}, 3: {"a": "2", "b": ""}, 5: {"a": "", "b": "3"}
    }  # fmt: skip
    assert (rows.digest, rows.notes, rows.broken) == ("digest", ("a note",), [])


def test_only_broken_rows_make_an_empty_table() -> None:
    table = TableBuilder("x.csv")
    table.add([], {"a": [], "b": []})
    table.break_row(2, "why", "x" * 3_000)
    rows = table.finish("", [])
    assert (rows.header, len(rows.table)) == (["a", "b"], 0)
    assert {str(kind) for kind in rows.table.dtypes} == {"str"}
    assert rows.broken == [(2, "why", "x" * 2_000)]


def test_no_row_and_too_many_columns_are_refused() -> None:
    with pytest.raises(UnknownFormat, match=r"x\.csv.*no rows"):
        TableBuilder("x.csv").finish("", [])
    with pytest.raises(RefusedFile, match="columns"):
        TableBuilder("x.csv").add([2], {str(n): ["1"] for n in range(MOST_COLUMNS + 1)})


def test_the_text_of_a_broken_row_can_be_stored() -> None:
    assert kept_text(" a\0\udc81b \n") == "a\u2400\ufffdb"


@given(text=st.text(max_size=12))
def test_a_column_is_stripped_as_python_strips(text: str) -> None:
    table = TableBuilder("x")
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    table.add([2], {"a": [text], "b": [f" {text}\x1f\x85\u3000"]})
    rows = table.finish("", [])
    assert rows.table.to_numpy().tolist() == [[text.strip(), f" {text}\x1f\x85\u3000".strip()]]


def test_every_white_space_of_python_is_stripped() -> None:
    spaces = [chr(point) for point in range(0x110000) if chr(point).isspace()]
    table = TableBuilder("x")
    table.add(range(len(spaces)), {"a": spaces, "b": [f"{space}x{space}" for space in spaces]})
    kept = table.finish("", []).table
    assert set(kept["a"]) == {""}
    assert set(kept["b"]) == {"x"}
