import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError, UnknownFormat, UnreadableFile
from planner.incidents.rows import decode, read_bytes, split_rows

HERE = Path("incidents.csv")
FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
PLAIN_LINE = st.text("ab, \t;é\u2028\x0b\x1c", max_size=10)


def test_rows_are_numbered_by_the_line_on_which_they_begin() -> None:
    rows = split_rows('a,b\n1,2\n\n"3\n3",4\n5,6\n', HERE)
    assert rows.numbers == [2, 4, 6]
    assert rows.fields == [["1", "2"], ["3\n3", "4"], ["5", "6"]]
    assert rows.broken == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    rows = split_rows(end.join(["a,b", "1,2", "3,4", ""]), HERE)
    assert (rows.numbers, rows.fields) == ([2, 3], [["1", "2"], ["3", "4"]])


def test_a_last_line_without_end_is_read() -> None:
    assert split_rows("a,b\n1,2", HERE).fields == [["1", "2"]]


def test_too_few_and_too_many_fields_break_their_line_only() -> None:
    rows = split_rows("a,b\n1\n1,2,3\n4,5\n", HERE)
    assert rows.fields == [["4", "5"]]
    assert [(row, text) for row, _, text in rows.broken] == [(2, "1"), (3, "1,2,3")]
    assert "1 field" in rows.broken[0][1]
    assert "3 fields" in rows.broken[1][1]


def test_an_unclosed_quotation_mark_breaks_its_line_only() -> None:
    rows = split_rows('a,b\n1,2\n3,"4\n5,6\n7,8\n', HERE)
    assert rows.numbers == [2, 4, 5]
    assert [(row, text) for row, _, text in rows.broken] == [(3, '3,"4')]


def test_a_stray_quotation_mark_that_pairs_with_a_later_one_loses_no_line() -> None:
    rows = split_rows('a,b\n1,"2\n3,4\n5,"6\n7,8\n', HERE)
    assert sorted([*rows.numbers, *(row for row, _, _ in rows.broken)]) == [2, 3, 4, 5]
    assert rows.fields == [["3", "4"], ["7", "8"]]


def test_a_field_that_is_too_long_for_csv_breaks_its_line_only() -> None:
    rows = split_rows(f"a,b\n1,{'x' * 200_000}\n3,4\n", HERE)
    assert rows.fields == [["3", "4"]]
    assert rows.broken[0][0] == 2
    assert len(rows.broken[0][2]) <= 2_000


@given(lines=st.lists(PLAIN_LINE, min_size=1, max_size=12))
def test_without_quotation_marks_no_line_is_lost(lines: list[str]) -> None:
    text = "\n".join(["a,b", *lines])
    try:
        rows = split_rows(text, HERE)
    except UnknownFormat:
        assert not any(lines)
        return
    accounted = sorted([*rows.numbers, *(row for row, _, _ in rows.broken)])
    assert accounted == [number for number, line in enumerate(lines, start=2) if line]


@given(lines=st.lists(st.text('a,"', max_size=8), min_size=1, max_size=10))
def test_with_quotation_marks_each_line_is_told_once(lines: list[str]) -> None:
    try:
        rows = split_rows("\n".join(["a,b", *lines]), HERE)
    except UnknownFormat:
        return
    assert all(len(fields) == 2 for fields in rows.fields)
    told = [row for row, _, _ in rows.broken]
    for number, fields in zip(rows.numbers, rows.fields, strict=True):
        told += range(number, number + 1 + "".join(fields).count("\n"))
    assert len(set(told)) == len(told)
    assert set(told) >= {number for number, line in enumerate(lines, start=2) if line}


@given(
    table=st.lists(st.lists(FIELD, min_size=3, max_size=3), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_back(table: list[list[str]], end: str) -> None:
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, quoting=csv.QUOTE_ALL, lineterminator=end)
    writer.writerow(["a", "b", "c"])
    writer.writerows(table)
    rows = split_rows(kept.getvalue(), HERE)
    assert rows.fields == table
    assert rows.broken == []


@pytest.mark.parametrize(
    "text",
    ["a\n1\n", "a,a\n1,2\n", "a, a\n1,2\n", '"a,b\n1,2\n', '"a"x,b\n1,2\n', "\n\na,b\n1,2\n"],
)
def test_what_has_no_header_is_an_unknown_format(text: str) -> None:
    with pytest.raises(UnknownFormat, match="row 1"):
        split_rows(text, HERE)


@pytest.mark.parametrize("text", ["a,b", "a,b\n", "a,b\n\n\n"])
def test_a_header_without_rows_is_an_unknown_format(text: str) -> None:
    with pytest.raises(UnknownFormat, match="no rows"):
        split_rows(text, HERE)


def test_the_header_is_stripped() -> None:
    assert split_rows(" a , b\n1,2\n", HERE).header == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("é".encode(), ("é", "utf-8-sig")),
        (b"\xef\xbb\xbfa", ("a", "utf-8-sig")),
        (b"caf\xe9 \x93x\x94", ("café “x”", "cp1252")),
    ],
)
def test_text_is_decoded(content: bytes, expected: tuple[str, str]) -> None:
    assert decode(content, HERE) == expected


@pytest.mark.parametrize("content", [b"a\0b", b"\x81\x8d\xff", "a,b\n".encode("utf-16")])
def test_what_is_no_text_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        decode(content, HERE)


@given(content=st.binary(max_size=60))
def test_bytes_of_any_kind_are_rows_or_a_named_error(content: bytes) -> None:
    try:
        text, _ = decode(content, HERE)
        split_rows(text, HERE)
    except PlannerError as error:
        assert str(error)


@pytest.mark.parametrize("content", [None, b"", b" \r\n\t"])
def test_a_file_without_content_is_unreadable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_bytes(path)


@pytest.mark.parametrize("text", ["", "\n", " "])
def test_text_without_a_line_has_no_header(text: str) -> None:
    with pytest.raises(PlannerError):
        split_rows(text, HERE)


def test_a_folder_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_bytes(tmp_path)


def test_a_file_of_over_a_gibibyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)
    with pytest.raises(UnreadableFile, match="1 GiB"):
        read_bytes(path)
