"""Opening a zip archive that nobody vouches for: its directory is checked before anything else."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from planner.errors import PlannerError, RefusedFile, UnreadableFile

LARGEST_ARCHIVE = 1 << 27
LARGEST_UNPACKED = 1 << 30
MOST_ENTRIES = 5_000
# What a spreadsheet repeats shrinks to a twentieth; a bomb to a thousandth.
MOST_SHRUNK, SHRUNK_FROM = 100, 1 << 20
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1


def scan_archive(path: Path) -> str:
    """Return the SHA-256 of an archive, and count its entries without opening it.

    Raises
    ------
    RefusedFile
        If it is larger than 128 MiB or has more than 5,000 entries.
    """
    if path.stat().st_size > LARGEST_ARCHIVE:
        raise RefusedFile(f"{path}: is an archive or workbook of over 128 MiB; export it as CSV.")
    digest, entries, seam = hashlib.sha256(), 0, b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            entries += (seam + block).count(_DIRECTORY_ENTRY)
            # The directory's own mark is four bytes long and may lie across two blocks.
            seam = block[-3:]
            if entries > MOST_ENTRIES:
                raise RefusedFile(f"{path}: has more than {MOST_ENTRIES:,} entries: a zip bomb.")
    return digest.hexdigest()


@contextmanager
def checked_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose directory holds nothing dangerous.

    Raises
    ------
    RefusedFile
        If a name leads out of the archive or stands twice, an entry has a password, or it would
        unpack to more than 1 GiB or to more than 100 times its size.
    UnreadableFile
        If the archive is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive.infolist(), path)
            yield archive
    except PlannerError:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, ValueError, OSError) as error:
        raise UnreadableFile(
            f"{path}: is a damaged binary file (an archive or workbook that cannot be unpacked); "
            "export it again."
        ) from error


def _check_directory(entries: list[zipfile.ZipInfo], path: Path) -> None:
    names = [entry.orig_filename.replace("\\", "/") for entry in entries]
    for name in names:
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in PurePosixPath(name).parts:
            raise RefusedFile(f"{path}: holds the name '{name[:60]}', which leads out of it.")
    if len(set(names)) < len(names):
        raise RefusedFile(f"{path}: holds two entries of one name; save it again.")
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise RefusedFile(f"{path}: unpacks to more than 1 GiB: a zip bomb; export it as CSV.")
    for entry in entries:
        _check_entry(entry, path)


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    name = entry.filename[:60]
    if entry.flag_bits & _ENCRYPTED:
        raise RefusedFile(f"{path}: '{name}' in it has a password; save it without one.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedFile(f"{path}: '{name}' in it is packed in a way that no spreadsheet uses.")
    if entry.file_size > max(SHRUNK_FROM, MOST_SHRUNK * entry.compress_size):
        raise RefusedFile(f"{path}: '{name}' in it unpacks to {entry.file_size:,} bytes: a bomb.")
