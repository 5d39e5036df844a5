import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import RefusedFile, UnreadableFile
from planner.incidents.files import encoding
from planner.incidents.files.encoding import TextFile

TEXT = "a,café\n1,é🚲\r\n2,“x”\n"
WIDE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


def file_of(folder: Path, content: bytes) -> TextFile:
    path = folder / "a.txt"
    path.write_bytes(content)
    return TextFile(path)


@pytest.mark.parametrize("block", [1, 2, 7, 1 << 20])
@pytest.mark.parametrize("name", WIDE)
def test_every_unicode_encoding_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, block: int
) -> None:
    text = "category,place\n" * 20 + TEXT if name[-2:] in ("le", "be") else TEXT
    content = text.encode(name)
    monkeypatch.setattr(encoding, "BLOCK", max(block, 200))
    for way in (TextFile.lines, TextFile.pieces):
        file = file_of(tmp_path, content)
        assert "".join(way(file)) == text
        assert file.digest == hashlib.sha256(content).hexdigest()
        assert file.notes == ()


def test_windows_text_is_read_and_said(tmp_path: Path) -> None:
    file = file_of(tmp_path, "a,café\n1,“x”\n".encode("cp1252"))
    assert "".join(file.lines()) == "a,café\n1,“x”\n"
    assert file.notes == ("the file is not UTF-8; it was read as Windows-1252",)


def test_a_windows_line_among_others_does_not_spoil_them(tmp_path: Path) -> None:
    file = file_of(tmp_path, "a,café\n".encode() + "é,1\r\n".encode("cp1252") + "ü,2\n".encode())
    assert "".join(file.lines()) == "a,café\né,1\r\nü,2\n"
    assert file.notes[0].startswith("1 line of the file")


@pytest.mark.parametrize(
    "content", [b"a,b\n\x81,2\n", b"\xff\xfea\0\x00\xd8\n\0b\0", b"\xff\xfea\0\n\0b"]
)
def test_what_is_text_in_no_encoding_becomes_half_characters(
    tmp_path: Path, content: bytes
) -> None:
    text = "".join(file_of(tmp_path, content).lines())
    with pytest.raises(UnicodeEncodeError):
        text.encode()
    with pytest.raises(UnreadableFile):
        list(file_of(tmp_path, content).pieces())


@given(lines=st.lists(st.text("aé\r\n,", max_size=6), max_size=8), block=st.integers(1, 9))
def test_lines_are_never_cut(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], block: int
) -> None:
    text = "".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "BLOCK", block)
        blocks = list(file_of(tmp_path_factory.getbasetemp(), text.encode()).lines())
    assert "".join(blocks) == text
    assert all(block[-1] in "\r\n" for block in blocks[:-1])
    assert not any(
        first.endswith("\r") and then.startswith("\n") for first, then in pairwise(blocks)
    )


def test_a_line_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,")
        file.truncate(1 << 29)
    with pytest.raises(RefusedFile, match="4 MiB"):
        list(TextFile(path).lines())
