"""The beginning of a file whose transfer was cut off, and how to ask for its rest."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import requests

from planner.estate.sources.faults import TryAgain
from planner.estate.whole_files import write_whole


@dataclass(frozen=True)
class Part:
    """A file that has come in part.

    Attributes
    ----------
    file
        Where its bytes are.
    resumable
        Whether to go on with it; otherwise it begins anew each time.
    """

    file: Path
    resumable: bool

    @property
    def size(self) -> int:
        """Bytes that can be gone on from; 0 where the file must begin anew."""
        usable = self.resumable and self.file.is_file() and self._validator()
        return self.file.stat().st_size if usable else 0

    def headers(self) -> dict[str, str]:
        """Ask for the rest, if the file is still the one that was begun."""
        if not self.resumable:
            return {}
        # A compressed transfer can't be gone on with in the middle.
        plain = {"Accept-Encoding": "identity"}
        if not self.size:
            return plain
        return plain | {"Range": f"bytes={self.size}-", "If-Range": self._validator()}

    def begin(self, response: requests.Response) -> None:
        """Note which version of the file is coming; a weak tag is no proof of equal bytes."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        tag = response.headers.get("ETag", "")
        strong = tag if tag.startswith('"') else response.headers.get("Last-Modified", "")
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        write_whole(self._note, json.dumps("" if encoded else strong).encode())

    def drop(self) -> None:
        """Forget what has come."""
        self.file.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self.file.with_suffix(".json")

    def _validator(self) -> str:
        try:
            return str(json.loads(self._note.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return ""


def first_byte(response: requests.Response, part: Part) -> int:
    """Return where in the file the answer begins: its start, or where the part ended.

    Raises
    ------
    TryAgain
        If the server sent another part than the one asked for.
    """
    if response.status_code == requests.codes.ok:
        return 0
    given = _content_range(response)
    if given is None or given[0] != part.size or not part.size:
        part.drop()
        raise TryAgain("the server sent another part of the file than was asked for", 0.0)
    return part.size


def whole_size(response: requests.Response) -> int | None:
    """Return how large the whole file is, or None where the server doesn't say."""
    if response.status_code == requests.codes.partial_content:
        given = _content_range(response)
        return given[1] if given else None
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return None
    length = response.headers.get("Content-Length", "")
    return int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None


def _content_range(response: requests.Response) -> tuple[int, int | None] | None:
    given = re.fullmatch(
        r"bytes ([0-9]{1,18})-[0-9]+/([0-9]{1,18}|\*)",
        response.headers.get("Content-Range", "").strip(),
    )
    if given is None:
        return None
    return int(given[1]), None if given[2] == "*" else int(given[2])
