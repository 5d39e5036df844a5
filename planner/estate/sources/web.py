"""A patient and polite transfer of one file: tried again, gone on with, and kept.

A request that fails in passing (no answer, half an answer, too busy) is made again after a wait
that doubles, or that the server names (RFC 9110, *HTTP Semantics*, 2022: ``Retry-After``). A large
file that was cut off goes on where it stopped, if it is still the same one (``If-Range``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from planner import __version__
from planner.errors import DownloadFailed, RefusedFile
from planner.estate.sources.cache import Cache
from planner.estate.sources.faults import Declined, TryAgain
from planner.estate.sources.request import Clock, Manners, Request
from planner.estate.sources.resume import Part, first_byte, whole_size
from planner.estate.whole_files import writing

USER_AGENT = f"deployment-planner/{__version__} (university security patrol planning)"
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
MOST_REDIRECTS = 5
BLOCK = 1 << 16

Progress = Callable[[str, int, int | None], None]


def _silent(_what: str, _done: int, _whole: int | None) -> None:
    """Report to nobody."""


@dataclass
class Web:
    """Fetches files, one after the other.

    Attributes
    ----------
    cache
        Where files are kept.
    manners, clock
        How to behave, and by which clock.
    progress
        Told what is fetched, how many bytes came, and of how many (None where unknown).
    fresh
        Whether to ask again for what is in the cache.
    """

    cache: Cache
    manners: Manners = field(default_factory=Manners)
    clock: Clock = field(default_factory=Clock)
    progress: Progress = _silent
    fresh: bool = False
    _last: float = field(default=float("-inf"), init=False)
    _session: requests.Session = field(default_factory=requests.Session, init=False)

    def __post_init__(self) -> None:
        self._session.max_redirects = MOST_REDIRECTS
        self._session.headers["User-Agent"] = USER_AGENT

    def fetch(self, request: Request) -> Path:
        """Return a file with the answer to a request, from the cache or from the server.

        Raises
        ------
        Declined
            If the server says no, with a status that asking again doesn't change.
        DownloadFailed
            If there was no whole answer after all tries.
        RefusedFile
            If the answer is larger than it may be.
        UnreadableFile
            If the cache can't be written.
        """
        kept = self.kept(request)
        if kept is not None:
            return kept
        fault = TryAgain("it was not tried")
        for attempt in range(1, self.manners.tries + 1):
            self._keep_pace()
            try:
                return self._attempt(request)
            except TryAgain as problem:
                fault = problem
            if attempt < self.manners.tries:
                self._wait(request, attempt, fault)
        raise DownloadFailed(
            f"{request.named}: {fault}; tried {self.manners.tries} times. Run the same command "
            "again later: what came so far is kept."
        ) from fault

    def kept(self, request: Request) -> Path | None:
        """Return the answer that the cache holds, or None where the server must be asked."""
        return None if self.fresh else self.cache.find(request.digest, self.clock.now())

    def _attempt(self, request: Request) -> Path:
        part = Part(self.cache.part(request.digest), request.resumable)
        try:
            self._transfer(request, part)
        except requests.exceptions.SSLError as error:
            raise DownloadFailed(
                f"{request.named}: the server's certificate is not trusted ({_cause(error)}); set "
                "REQUESTS_CA_BUNDLE where your network has an authority of its own."
            ) from error
        except requests.TooManyRedirects as error:
            raise DownloadFailed(
                f"{request.named}: the server sends on from address to address without end; check "
                "the address."
            ) from error
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise TryAgain("the answer broke off") from None
        except requests.Timeout:
            raise TryAgain("no answer in time") from None
        except requests.ConnectionError as error:
            raise TryAgain(f"no connection ({_cause(error)})") from error
        except requests.RequestException as error:
            raise DownloadFailed(
                f"{request.named}: can't be asked ({error}); check the address."
            ) from error
        try:
            request.check(part.file)
        except TryAgain:
            part.drop()
            raise
        kept = self.cache.keep(request.digest, request.url, part.file, self.clock.now())
        part.drop()
        return kept

    def _transfer(self, request: Request, part: Part) -> None:
        form = dict(request.parameters)
        with self._session.request(
            "POST" if request.posted else "GET",
            request.url,
            params=None if request.posted else form,
            data=form if request.posted else None,
            headers=part.headers(),
            stream=True,
            timeout=self.manners.timeout_s,
        ) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                part.drop()
                raise TryAgain("the file has changed on the server", 0.0)
            self._judge(request, response)
            self._receive(request, response, part)

    def _judge(self, request: Request, response: requests.Response) -> None:
        status = response.status_code
        if status in (200, 206):
            return
        said = f"the server answered {status} {response.reason or ''}".rstrip()
        if status in PASSING and status not in request.answers:
            raise TryAgain(said, _asked_wait(response))
        raise Declined(f"{request.named}: {said}; check what was asked for.", status)

    def _receive(self, request: Request, response: requests.Response, part: Part) -> None:
        done, whole = first_byte(response, part), whole_size(response)
        if (whole or 0) > request.most_bytes:
            raise _too_large(request)
        with writing(part.file):
            part.begin(response)
            file = part.file.open("r+b" if done else "wb")
        with file:
            file.seek(done)
            # Network faults are OSErrors too, so only the writing is guarded.
            for block in response.iter_content(BLOCK):
                done += len(block)
                if done > request.most_bytes:
                    part.drop()
                    raise _too_large(request)
                with writing(part.file):
                    file.write(block)
                    file.flush()
                self.progress(request.what, done, whole)
        if whole is not None and done != whole:
            raise TryAgain("the answer broke off")

    def _wait(self, request: Request, attempt: int, fault: TryAgain) -> None:
        manners = self.manners
        usual = min(manners.first_wait_s * 2 ** (attempt - 1), manners.longest_wait_s)
        seconds = usual if fault.wait_s is None else fault.wait_s
        if seconds > manners.longest_wait_s:
            raise DownloadFailed(
                f"{request.named}: {fault}, and asks to wait {seconds / 60:.0f} minutes; run the "
                "same command again after that."
            ) from fault
        self.clock.sleep(seconds)

    def _keep_pace(self) -> None:
        early = self._last + 1 / self.manners.per_second - self.clock.seconds()
        if early > 0:
            self.clock.sleep(early)
        self._last = self.clock.seconds()


def _asked_wait(response: requests.Response) -> float | None:
    asked = response.headers.get("Retry-After", "")
    try:
        return Retry().parse_retry_after(asked) if asked else None
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _too_large(request: Request) -> RefusedFile:
    return RefusedFile(
        f"{request.named}: is larger than {request.most_bytes / 1e6:,.0f} MB, more than such an "
        "answer can be; check the address."
    )


def _cause(error: BaseException) -> str:
    """Say in a few words why a connection failed."""
    words = str(error.args[0] if error.args else error)
    for known in ("refused", "reset", "certificate", "resolve", "unreachable", "aborted"):
        if known in words.lower():
            return {"resolve": "the name is not known", "certificate": "certificate"}.get(
                known, f"connection {known}"
            )
    return type(error).__name__
