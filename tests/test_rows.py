import gzip
import hashlib
import pickle
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from planner.errors import PlannerError, RefusedFile, UnknownFormat, UnreadableFile
from planner.incidents.files.rows import Rows, read_rows, row_texts

HEADER = ["reference", "place"]
RECORD = ["00123", "Café, north"]


def read(folder: Path, content: bytes, name: str = "incidents.csv") -> Rows:
    path = folder / name
    path.write_bytes(content)
    return read_rows(path)


def written(form: str, folder: Path) -> bytes:
    if form == "json":
        return '[{"reference": "00123", "place": "Café, north"}]'.encode()
    if form == "lines of json":
        return '\ufeff{"reference": "00123", "place": "Café, north"}\n'.encode()
    if form == "workbook":
        book = Workbook()
        book.active.append(HEADER)
        book.active.append(RECORD)
        book.save(folder / "book")
        return (folder / "book").read_bytes()
    separator = {"csv": ",", "tsv": "\t", "semicolons": ";", "bars": "|", "[csv]": ","}[form]
    quoted = [f'"{value}"' for value in RECORD]
    return (separator.join(HEADER) + "\r\n" + separator.join(quoted) + "\r\n").encode("utf-16")


@pytest.mark.parametrize("name", ["incidents.csv", "incidents.xlsx", "incidents.json", "incidents"])
@pytest.mark.parametrize(
    "form", ["csv", "tsv", "semicolons", "bars", "json", "lines of json", "workbook"]
)
def test_the_content_decides_the_format_not_the_name(tmp_path: Path, form: str, name: str) -> None:
    content = written(form, tmp_path)
    rows = read(tmp_path, content, name)
    assert rows.header == HEADER
    assert rows.table.to_numpy().tolist() == [RECORD]
    assert rows.table.index.tolist() == [2]
    assert rows.digest == hashlib.sha256(content).hexdigest()
    assert (rows.broken, rows.notes) == ([], ())


def test_rows_go_out_as_csv_and_in_again(tmp_path: Path) -> None:
    rows = read(tmp_path, written("workbook", tmp_path))
    texts = row_texts(rows.table)
    assert texts.to_dict() == {2: '00123,"Café, north"'}
    again = read(tmp_path, "\n".join([",".join(rows.header), *texts]).encode())
    assert again.table.equals(rows.table)


def test_a_name_in_brackets_is_a_column(tmp_path: Path) -> None:
    assert read(tmp_path, b"[reference],[place]\n1,2\n").header == ["[reference]", "[place]"]


def test_windows_text_is_read_and_said(tmp_path: Path) -> None:
    rows = read(tmp_path, "reference,place\n1,Café\n".encode("cp1252"))
    assert rows.table.at[2, "place"] == "Café"
    assert rows.notes == ("the file is not UTF-8; it was read as Windows-1252",)


@pytest.mark.parametrize("content", [None, b"", b" \r\n\t"])
def test_a_file_without_content_is_unreadable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_rows(path)


@pytest.mark.parametrize("content", [b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\n\0"])
def test_text_without_a_line_has_no_header(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(PlannerError):
        read(tmp_path, content)


def test_a_folder_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_rows(tmp_path)


def test_a_file_of_over_a_gibibyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)
    with pytest.raises(UnreadableFile, match="1 GiB"):
        read_rows(path)


def packed_csv(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "packed", "w") as archive:
        archive.writestr("incidents.csv", "a,b\n1,2\n")
    return (folder / "packed").read_bytes()


@pytest.mark.parametrize("form", ["gzip", "zip"])
def test_what_is_packed_must_be_unpacked_first(tmp_path: Path, form: str) -> None:
    content = gzip.compress(b"a,b\n1,2\n") if form == "gzip" else packed_csv(tmp_path)
    with pytest.raises(UnknownFormat, match="unpack it"):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "error", "word"),
    [
        (pickle.dumps([HEADER, RECORD]), RefusedFile, "pickle"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, RefusedFile, "xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", UnreadableFile, "binary"),
        (b"PK\x03\x04\x14\x00\x06\x00", UnreadableFile, "binary"),
        (b"a\0b,c\n1,2\n", UnreadableFile, "binary"),
        (b"\x81\x8d\x8f,\xff\n1,2\n", UnreadableFile, "not text"),
        (b"%PDF-1.7\nnothing,here\n", UnknownFormat, "row 1"),
        (b"<html><table><tr><td>reference</td>", UnknownFormat, "row 1"),
        (b"just words\nand more\n", UnknownFormat, "row 1"),
    ],
)
def test_what_is_something_else_is_refused_in_one_line(
    tmp_path: Path, content: bytes, error: type[PlannerError], word: str
) -> None:
    with pytest.raises(error, match=word) as caught:
        read(tmp_path, content)
    assert "incidents.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@given(head=st.sampled_from([b"", b"a,b\n", b"PK\x03\x04", b"\x80\x04", b"[{", b"<", b"\xff\xfe"]),
       content=st.binary(max_size=50))  # fmt: skip
def test_bytes_of_any_kind_are_rows_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, content: bytes
) -> None:
    try:
        read(tmp_path_factory.getbasetemp(), head + content)
    except PlannerError as error:
        assert "\n" not in str(error)


def test_every_public_file_of_incidents_is_read_whole(shared_data: Path) -> None:
    paths = [*(shared_data / "oxford" / "police").rglob("*.csv"), *shared_data.glob("campus/*.csv")]
    assert len(paths) >= 17
    for path in paths:
        rows = read_rows(path)
        assert rows.broken == []
        assert len(rows.table) == path.read_bytes().count(b"\n") - 1


def test_a_control_room_file_keeps_line_breaks_in_its_fields(
    build: ModuleType, tmp_path: Path
) -> None:
    listed = [build.incident("a", details="one\ntwo\r\nthree"), build.incident("b")]
    rows = read(tmp_path, build.control_room_csv(listed).encode())
    assert rows.table["details"].tolist()[0] == "one\ntwo\r\nthree"
    assert rows.table.index.tolist() == [2, 5]
