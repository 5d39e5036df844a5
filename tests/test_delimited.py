import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError, RefusedFile, UnknownFormat, UnreadableFile
from planner.incidents.files import delimited, encoding
from planner.incidents.files.delimited import read_delimited
from planner.incidents.files.text_table import Rows

FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
PLAIN_LINE = st.text("ab, \t;é\u2028\x0b\x1c", max_size=10)
MESSY = st.lists(
    st.sampled_from(
        ["a", "bc", " ", ",", ",", ",", '"', '"', '""', '","', "\n", "\n", "\r\n", "\r", "\n\n",
         ";", "\t", "é", "\u2028", "\x1c", "\xa0", "1,2\n", '"x, y",3\n', '"two\nlines",4\r\n',
         "\0", "\ufeff", "🚲"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def split(folder: Path, text: str | bytes) -> Rows:
    path = folder / "incidents.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_delimited(path)


def fields(rows: Rows) -> list[list[str]]:
    return rows.table.to_numpy().tolist()


def numbers(rows: Rows) -> list[int]:
    return rows.table.index.tolist()


def accounted(rows: Rows) -> list[int]:
    return sorted([*numbers(rows), *(row for row, _, _ in rows.broken)])


# --- The reference: one line after the other, in the plainest way that there is. ---


def plainly(text: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """Whole and broken rows below the header ``a,b``; text has commas between fields."""
    lines = list(io.StringIO(text, newline=""))
    whole, broken = [], []
    for first, end, values in records(lines, 1):
        if len(values) == 2 and "\0" not in "".join(values):
            whole.append((first + 1, [value.strip() for value in values]))
        else:
            kept = "".join(lines[first:end]).strip().replace("\0", "\u2400")
            broken.append((first + 1, kept))
    return whole, broken


def records(lines: list[str], start: int) -> Iterator[tuple[int, int, list[str]]]:
    """First line, line after the last, and fields of each record; none of what is no record."""
    while start < len(lines):
        reader = csv.reader(lines[start:], strict=True)
        used = 0
        try:
            for values in reader:
                if reader.line_num - used > 1 and len(values) != 2:
                    break
                if values:
                    yield start + used, start + reader.line_num, values
                used = reader.line_num
            else:
                return
        except csv.Error:
            pass
        yield start + used, start + used + 1, []
        start += used + 1


@pytest.mark.parametrize("block", [3, 16, 1 << 20])
@given(body=MESSY)
def test_blocks_of_any_size_give_what_the_plainest_way_gives(
    tmp_path_factory: pytest.TempPathFactory, block: int, body: str
) -> None:
    text = f"a,b\n{body}"
    whole, broken = plainly(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "BLOCK", block)
        try:
            rows = split(tmp_path_factory.getbasetemp(), text)
        except UnknownFormat:
            assert not whole
            assert not broken
            return
    assert list(zip(numbers(rows), fields(rows), strict=True)) == whole
    assert [(row, kept) for row, _, kept in rows.broken] == broken
    assert all(reason for _, reason, _ in rows.broken)


@given(
    table=st.lists(st.lists(FIELD, min_size=3, max_size=3), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    separator=st.sampled_from(",;\t|"),
    block=st.sampled_from([2, 5, 1 << 20]),
)
def test_what_a_csv_writer_wrote_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[list[str]], end: str, separator: str, block: int,
) -> None:  # fmt: skip
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator=end)
    writer.writerow(["a", "b", "c, the 'third'"])
    writer.writerows(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "BLOCK", block)
        rows = split(tmp_path_factory.getbasetemp(), kept.getvalue())
    assert fields(rows) == [[field.strip() for field in row] for row in table]
    assert rows.broken == []


@given(content=st.binary(max_size=60))
def test_bytes_of_any_kind_are_rows_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    for head in (b"", b"a,b\n"):
        try:
            split(tmp_path_factory.getbasetemp(), head + content)
        except PlannerError as error:
            assert "\n" not in str(error)


# --- Rows and lines. ---


def test_rows_are_numbered_by_the_line_on_which_they_begin(tmp_path: Path) -> None:
    rows = split(tmp_path, 'a,b\n1,2\n\n"3\n3",4\n5,6\n')
    assert numbers(rows) == [2, 4, 6]
    assert fields(rows) == [["1", "2"], ["3\n3", "4"], ["5", "6"]]
    assert rows.broken == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str) -> None:
    rows = split(tmp_path, end.join(["a,b", "1,2", "3,4", ""]))
    assert (numbers(rows), fields(rows)) == ([2, 3], [["1", "2"], ["3", "4"]])


def test_a_last_line_without_end_is_read(tmp_path: Path) -> None:
    assert fields(split(tmp_path, "a,b\n1,2")) == [["1", "2"]]


def test_too_few_and_too_many_fields_break_their_line_only(tmp_path: Path) -> None:
    rows = split(tmp_path, "a,b\n1\n1,2,3\n4,5\n")
    assert fields(rows) == [["4", "5"]]
    assert [(row, text) for row, _, text in rows.broken] == [(2, "1"), (3, "1,2,3")]
    assert "1 field" in rows.broken[0][1]
    assert "3 fields" in rows.broken[1][1]


def test_an_unclosed_quotation_mark_breaks_its_line_only(tmp_path: Path) -> None:
    rows = split(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert numbers(rows) == [2, 4, 5]
    assert [(row, text) for row, _, text in rows.broken] == [(3, '3,"4')]


def test_a_stray_quotation_mark_that_pairs_with_a_later_one_loses_no_line(tmp_path: Path) -> None:
    rows = split(tmp_path, 'a,b\n1,"2\n3,4\n5,"6\n7,8\n')
    assert accounted(rows) == [2, 3, 4, 5]
    assert fields(rows) == [["3", "4"], ["7", "8"]]


def test_a_field_that_is_too_long_for_csv_breaks_its_line_only(tmp_path: Path) -> None:
    rows = split(tmp_path, f"a,b\n1,{'x' * 200_000}\n3,4\n")
    assert fields(rows) == [["3", "4"]]
    assert rows.broken[0][0] == 2
    assert len(rows.broken[0][2]) <= 2_000


def test_a_record_of_many_lines_that_cannot_be_stored_keeps_them_all(tmp_path: Path) -> None:
    rows = split(tmp_path, b'a,b\n"one\ntwo\0\nthree",2\n3,4\n')
    assert numbers(rows) == [5]
    assert [(row, text) for row, _, text in rows.broken] == [(2, '"one\ntwo\u2400\nthree",2')]


def test_a_character_that_is_none_breaks_its_line_only(tmp_path: Path) -> None:
    rows = split(tmp_path, b"a,b\n1,\0\n3,4\n\x81,5\n")
    assert fields(rows) == [["3", "4"]]
    assert [(row, text) for row, _, text in rows.broken] == [(2, "1,\u2400"), (4, "\ufffd,5")]
    assert all("character" in reason for _, reason, _ in rows.broken)


@given(lines=st.lists(PLAIN_LINE, min_size=1, max_size=12))
def test_without_quotation_marks_no_line_is_lost(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    try:
        rows = split(tmp_path_factory.getbasetemp(), "\n".join(["a,b", *lines]))
    except UnknownFormat:
        assert not any(lines)
        return
    assert accounted(rows) == [number for number, line in enumerate(lines, start=2) if line]


@given(lines=st.lists(st.text('a,"', max_size=8), min_size=1, max_size=10))
def test_with_quotation_marks_each_line_is_told_once(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    try:
        rows = split(tmp_path_factory.getbasetemp(), "\n".join(["a,b", *lines]))
    except UnknownFormat:
        return
    told = [row for row, _, _ in rows.broken]
    # Stripping takes the line breaks at the ends of a field, so the last line is found by bounds.
    for number, values in zip(numbers(rows), fields(rows), strict=True):
        told += range(number, number + 1 + "".join(values).count("\n"))
    assert len(set(told)) == len(told)


# --- The header and the separator. ---


@pytest.mark.parametrize(
    "text",
    ["a\n1\n", "a,a\n1,2\n", "a, a\n1,2\n", '"a,b\n1,2\n', '"a"x,b\n1,2\n', "\n\na,b\n1,2\n"],
)
def test_what_has_no_header_is_an_unknown_format(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnknownFormat, match="row 1"):
        split(tmp_path, text)


@pytest.mark.parametrize("text", ["a,b", "a,b\n", "a,b\n\n\n"])
def test_a_header_without_rows_is_an_unknown_format(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnknownFormat, match="no rows"):
        split(tmp_path, text)


def test_the_header_is_stripped(tmp_path: Path) -> None:
    assert split(tmp_path, " a , b\n1,2\n").header == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a;b\n1;2,5\n", ["a", "b"]),
        ("a\tb\n1\t2\n", ["a", "b"]),
        ("a|b\n1|2\n", ["a", "b"]),
        ("place (site, building, room);date\nx;y\n", ["place (site, building, room)", "date"]),
        ('"a;b",c\n"1;2",3\n', ["a;b", "c"]),
        ('"a,b";"c,d";e\n1;2;3\n', ["a,b", "c,d", "e"]),
        ("a,b;c\n1;2\n", ["a,b", "c"]),
        ("a,b;c\n1,2\n", ["a", "b;c"]),
        ("a;b, c;d\n1;2,3;4\n", ["a", "b, c", "d"]),
    ],
)
def test_the_separator_is_the_one_that_header_and_rows_agree_on(
    tmp_path: Path, text: str, header: list[str]
) -> None:
    rows = split(tmp_path, text)
    assert rows.header == header
    assert len(rows.table) == 1


def test_text_stays_text(tmp_path: Path) -> None:
    row = ["00123", "NA", "1e5", "=cmd|' /C calc'!A0", "nan", "-0", "1.0", "NULL"]
    rows = split(tmp_path, ",".join("abcdefgh") + "\n" + ",".join(row))
    assert fields(rows) == [row]
    assert {str(kind) for kind in rows.table.dtypes} == {"str"}


# --- What no incident needs. ---


def test_a_header_that_is_no_text_is_unreadable(tmp_path: Path) -> None:
    for content in (b"a\0b,c\n1,2\n", b"\x81\x8d\x8f,\xff\n1,2\n"):
        with pytest.raises(UnreadableFile, match="binary"):
            split(tmp_path, content)


def test_a_file_in_which_hardly_a_row_fits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="hardly any row"):
        split(tmp_path, "a,b\n" + "1\n" * 20_000)


def test_lines_made_to_be_read_again_and_again_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "AGAIN_AT_LEAST", 1 << 20)
    with pytest.raises(RefusedFile, match="quotation marks"):
        split(tmp_path, "a,b\n" + 'x","\n' * 9_000)


def test_more_rows_than_fit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.incidents.files.text_table.MOST_ROWS", 5)
    assert len(split(tmp_path, "a,b\n" + "1,2\n" * 5).table) == 5
    with pytest.raises(RefusedFile, match="rows"):
        split(tmp_path, "a,b\n" + "1,2\n" * 6)
