"""From a file's bytes to text: in which encoding they are, and what is in none."""

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path

from planner.errors import RefusedFile, UnreadableFile

BLOCK = 1 << 20
HEAD = 1 << 12
LONGEST_LINE = 1 << 22
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


def encoding_of(head: bytes) -> tuple[str, int]:
    """Tell the encoding by a file's first bytes.

    Returns
    -------
    tuple of str and int
        ``"utf-8"``, ``"utf-16-le"`` or ``"utf-16-be"``, and the length of the mark in bytes.
        Windows-1252 can't be told by a few bytes: it is what in a file of ``"utf-8"`` is none.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    # Text in Latin letters has a NUL in every second byte of UTF-16, and none in UTF-8.
    first, second = head[0:HEAD:2], head[1:HEAD:2]
    if second.count(0) > 0.8 * len(second) and not first.count(0):
        return "utf-16-le", 0
    if first.count(0) > 0.8 * len(first) and not second.count(0):
        return "utf-16-be", 0
    return "utf-8", 0


class TextFile:
    """A file that is read once, as text, in blocks of about 1 MiB.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self._encoding = "utf-8"
        self._windows_lines = 0
        self._beyond_ascii = False

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes read so far: of the file, once the last block was taken."""
        return self._digest.hexdigest()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read in another encoding than UTF-8, in words."""
        if not self._windows_lines:
            return ()
        if not self._beyond_ascii:
            return ("the file is not UTF-8; it was read as Windows-1252",)
        lines = f"{self._windows_lines:,} line{'s' * (self._windows_lines > 1)}"
        return (f"{lines} of the file, not in UTF-8 as others, were read as Windows-1252",)

    def pieces(self) -> Iterator[str]:
        """Yield text of UTF-8 or UTF-16, cut anywhere.

        Raises
        ------
        UnreadableFile
            If a byte is not text.
        """
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            for content in self._utf8():
                yield decoder.decode(content)
            yield decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                f"{self._path}: is neither UTF-8 nor UTF-16; save it as UTF-8."
            ) from error

    def lines(self) -> Iterator[str]:
        """Yield text of whole lines; a line that is not UTF-8 is read as Windows-1252.

        A byte that is text in neither becomes half of a surrogate pair.

        Raises
        ------
        RefusedFile
            If a line is longer than about 4 MiB.
        """
        rest = b""
        for content in self._utf8():
            content = rest + content
            end = _last_line_end(content)
            if len(content) - end > LONGEST_LINE:
                raise RefusedFile(
                    f"{self._path}: has a line of more than 4 MiB, which no incident needs; "
                    "export it with one incident a line."
                )
            rest = content[end:]
            if end:
                yield self._decoded(content[:end])
        if rest:
            yield self._decoded(rest)

    def _utf8(self) -> Iterator[bytes]:
        """Yield the bytes without mark, those of UTF-16 as UTF-8."""
        with self._path.open("rb") as file:
            content = file.read(BLOCK)
            self._encoding, mark = encoding_of(content[:HEAD])
            self._digest.update(content)
            content = content[mark:]
            decoder = codecs.getincrementaldecoder(self._encoding)("surrogatepass")
            while content:
                if self._encoding == "utf-8":
                    yield content
                else:
                    yield decoder.decode(content).encode("utf-8", "surrogatepass")
                content = file.read(BLOCK)
                self._digest.update(content)
            if decoder.getstate()[0]:
                # Half a character at the end: what remains is not text.
                yield b"\xff"

    def _decoded(self, lines: bytes) -> str:
        try:
            text = lines.decode("utf-8")
        except UnicodeDecodeError:
            return "".join(map(self._decoded_line, lines.splitlines(keepends=True)))
        self._beyond_ascii = self._beyond_ascii or not text.isascii()
        return text

    def _decoded_line(self, line: bytes) -> str:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            if self._encoding != "utf-8":
                return line.decode("utf-8", "surrogateescape")
            self._windows_lines += 1
            return line.decode("cp1252", "surrogateescape")
        self._beyond_ascii = self._beyond_ascii or not text.isascii()
        return text


def _last_line_end(content: bytes) -> int:
    """Return where the last whole line ends, 0 if none does."""
    end = content.rfind(b"\n") + 1
    # A carriage return at the very end may be the first half of a line end.
    return end or content.rfind(b"\r", 0, len(content) - 1) + 1
