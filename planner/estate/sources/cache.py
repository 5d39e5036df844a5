"""What was downloaded before, kept by the digest of its content and checked before it is used.

``content/<sha256>`` holds what came, ``answers/<request>.json`` says which request it answers, and
``parts/`` holds transfers that were cut off.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from planner.estate.whole_files import write_whole, writing

# An answer older than this is asked for again.
KEPT = timedelta(days=30)


class Answer(BaseModel):
    """The record of one answer: to what, with which content, and when it came."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    sha256: str
    bytes: int
    fetched_at: datetime


@dataclass(frozen=True)
class Cache:
    """A folder of downloaded files.

    Attributes
    ----------
    folder
        Where they are kept; made when something is.
    """

    folder: Path

    def find(self, request: str, now: datetime) -> Path | None:
        """Return the file that answered a request, or None where there is none to trust.

        Parameters
        ----------
        request
            The request's digest.
        now
            The present moment, aware; answers older than 30 days are not returned.
        """
        answer = self._answer(request)
        if answer is None or not timedelta(0) <= now - answer.fetched_at <= KEPT:
            return None
        file = self._content(answer.sha256)
        # The digest also finds a file that was changed or cut off after it was kept.
        return file if file.is_file() and sha256_of(file) == answer.sha256 else None

    def keep(self, request: str, url: str, file: Path, now: datetime) -> Path:
        """Move a whole file into the cache, as the answer to a request.

        Raises
        ------
        UnreadableFile
            If the cache can't be written.
        """
        digest = sha256_of(file)
        kept = self._content(digest)
        answer = Answer(url=url, sha256=digest, bytes=file.stat().st_size, fetched_at=now)
        with writing(self.folder):
            kept.parent.mkdir(parents=True, exist_ok=True)
            file.replace(kept)
            write_whole(self._record(request), answer.model_dump_json(indent=1).encode())
        return kept

    def forget(self, request: str) -> None:
        """Take the answer to a request out, so that it is asked for anew."""
        with writing(self.folder):
            self._record(request).unlink(missing_ok=True)

    def part(self, request: str) -> Path:
        """Return where the beginning of an answer waits for its rest."""
        return self.folder / "parts" / f"{request}.part"

    def _answer(self, request: str) -> Answer | None:
        try:
            return Answer.model_validate_json(self._record(request).read_bytes())
        except (OSError, ValidationError):
            return None

    def _record(self, request: str) -> Path:
        return self.folder / "answers" / f"{request}.json"

    def _content(self, digest: str) -> Path:
        return self.folder / "content" / digest


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
