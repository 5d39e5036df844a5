"""What is asked of a server, and how patiently, politely and by which clock."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from planner.estate.sources.cache import utc_now


def _anything(_: Path) -> None:
    """Find every answer good."""


@dataclass(frozen=True)
class Request:
    """What is asked of a server.

    Attributes
    ----------
    what
        What it is, for messages: ``"the archive of 2024-06"``.
    url, parameters
        Where, and the query; sent as a form where ``posted``.
    posted
        Whether to use POST, which long queries need.
    most_bytes
        An answer larger than this is refused.
    resumable
        Whether a transfer that was cut off goes on where it stopped.
    check
        Raises :class:`TryAgain` where the answer is not what was asked for.
    answers
        HTTP statuses that are an answer here, so that asking again is no use.
    """

    what: str
    url: str
    parameters: tuple[tuple[str, str], ...] = ()
    posted: bool = False
    most_bytes: int = 1 << 28
    resumable: bool = False
    check: Callable[[Path], None] = _anything
    answers: frozenset[int] = frozenset()

    @property
    def digest(self) -> str:
        """Tell this request from others: SHA-256 in hexadecimal."""
        asked = json.dumps([self.posted, self.url, self.parameters])
        return hashlib.sha256(asked.encode()).hexdigest()

    @property
    def named(self) -> str:
        """What is asked for and where, without the query, names or passwords."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return self.what
        host = parts.netloc.rpartition("@")[2]
        return f"{self.what} ({urlunsplit((parts.scheme, host, parts.path, '', ''))})"


@dataclass(frozen=True)
class Manners:
    """How patient and how polite to be.

    Attributes
    ----------
    per_second
        Greatest number of requests a second.
    tries
        How often a request is made at most.
    first_wait_s, longest_wait_s
        Seconds before the second try, doubled for each further one, and their limit. A server
        that asks for more than the limit is left alone.
    timeout_s
        Seconds to wait for a connection, and for the next bytes.
    """

    per_second: float = 1.0
    tries: int = 6
    first_wait_s: float = 2.0
    longest_wait_s: float = 120.0
    timeout_s: tuple[float, float] = (10.0, 200.0)


@dataclass(frozen=True)
class Clock:
    """The clock that a transfer goes by.

    Attributes
    ----------
    sleep, seconds, now
        How to wait some seconds, a clock that only goes forward, and the present moment.
    """

    sleep: Callable[[float], None] = time.sleep
    seconds: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now
