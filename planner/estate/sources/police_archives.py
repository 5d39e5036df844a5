"""A police force's street files, from the monthly archives.

As https://data.police.uk/about describes them: an archive is named for its last month, holds the
three years before it, and of each month one file a force.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from planner.errors import DownloadFailed, EstateError, RefusedFile
from planner.estate.sources.faults import TryAgain
from planner.estate.sources.police import StreetFile
from planner.estate.sources.request import Request
from planner.estate.sources.web import Web

MOST_ARCHIVE_BYTES = 8_000_000_000
MOST_FILE_BYTES = 300_000_000
_UNPACKING = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError,
)  # fmt: skip


def force_files(web: Web, server: str, force: str, months: list[str]) -> Iterator[StreetFile | str]:
    """Take a force's street files from the archives, newest archive first.

    Parameters
    ----------
    web
        What fetches.
    server
        Address of the service, such as ``https://data.police.uk``.
    force
        Its name there: ``thames-valley``, ``btp``.
    months
        As :func:`months_between` lists them.

    Yields
    ------
    StreetFile or str
        A file, or the name of a month that is not published for this force.

    Raises
    ------
    DownloadFailed
        If an archive can't be fetched, or holds no file of the force at all.
    RefusedFile
        If an archive is no such archive, or a file in it is dangerous.
    EstateError
        If this is no name of a force.
    """
    if not re.fullmatch(r"[a-z][a-z-]{1,40}", force):
        raise EstateError(f"--force {force}: give the name in its address, such as thames-valley.")
    wanted = list(months)
    while wanted:
        newest = wanted[-1]
        archive = web.fetch(_archive(server, newest))
        with _opened(archive, newest) as opened:
            names = set(opened.namelist())
            if not any(name.endswith(f"-{force}-street.csv") for name in names):
                raise DownloadFailed(
                    f"The archive of {newest} holds no street file of the force '{force}'; check "
                    f"its name on {server}."
                )
            held = [month for month in wanted if _member(month, force) in names]
            for month in held:
                yield StreetFile(f"{month}-{force}-street.csv", _content(opened, month, force))
        if newest not in held:
            yield newest
        wanted = [month for month in wanted if month not in held and month != newest]


def _archive(server: str, month: str) -> Request:
    return Request(
        f"the police archive of {month}",
        f"{server.rstrip('/')}/data/archive/{month}.zip",
        most_bytes=MOST_ARCHIVE_BYTES,
        resumable=True,
        check=_is_archive,
    )


def _is_archive(file: Path) -> None:
    if not zipfile.is_zipfile(file):
        raise TryAgain("the answer is no whole archive")


def _opened(archive: Path, month: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedFile(f"The police archive of {month} is damaged: {error}.") from error


def _member(month: str, force: str) -> str:
    return f"{month}/{month}-{force}-street.csv"


def _content(opened: zipfile.ZipFile, month: str, force: str) -> bytes:
    """Read one file of an archive by its exact name, so that no name in it leads elsewhere."""
    name = _member(month, force)
    if opened.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedFile(f"{name} in the archive is packed in a way that archives never are.")
    try:
        with opened.open(name) as member:
            content = _at_most(member, name)
    except _UNPACKING as error:
        raise RefusedFile(
            f"{name} in the archive cannot be unpacked ({error}); fetch it again with --fresh."
        ) from error
    if not content.lstrip(b"\xef\xbb\xbf").startswith(b"Crime ID,Month,"):
        raise RefusedFile(f"{name} in the archive is no street file of data.police.uk.")
    return content


def _at_most(member: IO[bytes], name: str) -> bytes:
    # What the archive says about sizes can be a lie, so what comes out is counted.
    content = member.read(MOST_FILE_BYTES + 1)
    if len(content) > MOST_FILE_BYTES:
        raise RefusedFile(
            f"{name} in the archive is larger than {MOST_FILE_BYTES / 1e6:.0f} MB; no month is."
        )
    return content
