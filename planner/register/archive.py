"""A backup as one file: a zip of parts, with a manifest that holds every part's digest.

A backup that is restored comes from outside: its names, sizes and digests are checked before
anything of it is used, so that neither a bomb nor a name like ``../x`` does harm.
"""

import hashlib
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner import __version__
from planner.errors import RefusedFile, UnreadableFile, WorkspaceError
from planner.settings import first_fault

MANIFEST = "manifest.json"
_MOST_PARTS = 500
_MOST_MANIFEST_BYTES = 1_000_000
# A register packs to a fifth or a tenth; deflate can't do better than 1 to 1,032.
_MOST_TIMES = 200
_HARMLESS_BYTES = 50_000_000
# The end of a zip (PKWARE, APPNOTE.TXT 6.3, sections 4.3.14 to 4.3.16): a signature, numbers that
# are skipped, and the length of the list of parts; then, in the long form, a locator of 20 bytes.
_END, _LONG_END = struct.Struct("<4s8xI6x"), struct.Struct("<4s36xQ8x")
_LOCATOR_BYTES = 20
_LONGEST_TAIL = 70_000
_MOST_DIRECTORY_BYTES = 1_000_000
_BLOCK = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, UnicodeError,
)  # fmt: skip


class Part(BaseModel):
    """Size and SHA-256 of one part of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(ge=0)
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself.

    Attributes
    ----------
    version
        Of the program that made it.
    made_at
        When, in UTC.
    head, entries
        The hash of the audit log's last entry, and how many there are.
    parts
        Each part by its name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["planner backup"] = "planner backup"
    form: Literal[1] = 1
    version: str
    made_at: datetime
    head: str
    entries: int
    parts: dict[str, Part] = Field(max_length=_MOST_PARTS)


def write_archive(
    out: Path, parts: Mapping[str, Path], made_at: datetime, head: str, entries: int
) -> Manifest:
    """Write a backup and open it again to see that it is whole; all of it or nothing.

    Parameters
    ----------
    out
        The zip to write; it must not exist.
    parts
        The file behind each name.
    made_at, head, entries
        As in :class:`Manifest`.

    Raises
    ------
    WorkspaceError
        If the file exists.
    UnreadableFile
        If it cannot be written, or does not read back as it was written.
    """
    if out.exists():
        raise WorkspaceError(f"{out}: exists already; name a file that does not.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        # Unfinished, it has another name and is for its owner's eyes only.
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".planner-") as beside:
            path = Path(beside) / out.name
            with path.open("w+b") as file:
                path.chmod(0o600)
                written = _write(file, parts)
                manifest = Manifest(
                    version=__version__, made_at=made_at, head=head, entries=entries, parts=written
                )
                _finish(file, manifest)
            _read_back(path, out, manifest)
            path.replace(out)
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(f"{out}: cannot be written ({error.strerror}).") from error
    return manifest


def _write(file: IO[bytes], parts: Mapping[str, Path]) -> dict[str, Part]:
    written = {}
    # The quickest level: a register packs nearly as well as with the slowest.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in parts.items():
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                written[name] = _copy(source, target)
    return written


def _finish(file: IO[bytes], manifest: Manifest) -> None:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    file.flush()
    os.fsync(file.fileno())


def _copy(source: IO[bytes], target: IO[bytes] | None) -> Part:
    """Copy a stream (or only read it, without a target) and return what went through."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        digest.update(block)
        size += len(block)
        if target is not None:
            target.write(block)
    return Part(size=size, sha256=digest.hexdigest())


def _read_back(path: Path, out: Path, manifest: Manifest) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for name, part in manifest.parts.items():
                with archive.open(name) as source:
                    if _copy(source, None) != part:
                        raise zipfile.BadZipFile(name)
    except _DAMAGE as error:
        raise UnreadableFile(
            f"{out}: did not read back as it was written ({error}); try another disk."
        ) from error


def read_archive(path: Path, folder: Path, allowed: Callable[[str], bool]) -> Manifest:
    """Unpack a backup into a folder, with every size and digest checked.

    Parameters
    ----------
    path
        The backup.
    folder
        An empty folder; after an error the caller throws it away.
    allowed
        Whether a part may have this name; none that is allowed leads out of the folder.

    Raises
    ------
    UnreadableFile
        If it cannot be read, is damaged, or the disk is too small for it.
    RefusedFile
        If it is no backup, or would do harm.
    """
    try:
        with path.open("rb") as file:
            _check_directory(file, path)
            with zipfile.ZipFile(file) as archive:
                manifest = _manifest(archive, path)
                _check_names(archive, manifest, path, allowed)
                _check_sizes(archive, manifest, path, folder)
                for name, part in manifest.parts.items():
                    _unpack(archive, name, part, path, folder)
    except _DAMAGE as error:
        raise UnreadableFile(
            f"{path}: is no zip, or is damaged ({error}); take another backup."
        ) from error
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be unpacked ({error.strerror}).") from error
    return manifest


def _check_directory(file: IO[bytes], path: Path) -> None:
    """Refuse a zip whose list of parts is too long, before all of it is read into memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_TAIL))
    tail = file.read()
    for at in {len(tail) - _END.size, tail.rfind(b"PK\5\6")}:
        # A long zip repeats its numbers, in eight bytes each, before its end.
        longer = tail[max(at - _LOCATOR_BYTES - _LONG_END.size, 0) : max(at - _LOCATOR_BYTES, 0)]
        sizes = [_END.unpack(tail[at:][: _END.size])[1]] if _starts(tail[at:], b"PK\5\6") else []
        if len(longer) == _LONG_END.size and longer.startswith(b"PK\6\6"):
            sizes.append(_LONG_END.unpack(longer)[1])
        if max(sizes, default=0) > _MOST_DIRECTORY_BYTES:
            raise RefusedFile(f"{path}: holds too many parts for a backup of the planner.")
    file.seek(0)


def _starts(data: bytes, signature: bytes) -> bool:
    return len(data) >= _END.size and data.startswith(signature)


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    listed = [item for item in archive.infolist() if item.filename == MANIFEST]
    if len(listed) != 1:
        raise RefusedFile(f"{path}: is no backup of the planner (it has no {MANIFEST}).")
    if listed[0].file_size > _MOST_MANIFEST_BYTES:
        raise RefusedFile(f"{path}: its {MANIFEST} is too long for one of the planner's.")
    try:
        return Manifest.model_validate_json(archive.read(listed[0]))
    except ValidationError as error:
        raise RefusedFile(f"{path}: {MANIFEST}: {first_fault(error)}") from error


def _check_names(
    archive: zipfile.ZipFile, manifest: Manifest, path: Path, allowed: Callable[[str], bool]
) -> None:
    names = [item.filename for item in archive.infolist()]
    for name in [*names, *manifest.parts]:
        if name != MANIFEST and not allowed(name):
            raise RefusedFile(f"{path}: holds {name!r}, which no backup of the planner does.")
    if sorted(names) != sorted([MANIFEST, *manifest.parts]):
        raise UnreadableFile(f"{path}: its parts are not those of its {MANIFEST}; take another.")


def _check_sizes(archive: zipfile.ZipFile, manifest: Manifest, path: Path, folder: Path) -> None:
    total = sum(item.file_size for item in archive.infolist())
    if total > max(_HARMLESS_BYTES, _MOST_TIMES * path.stat().st_size):
        raise RefusedFile(
            f"{path}: would unpack to {total / 1e6:,.0f} MB, far more than a backup of its size."
        )
    for name, part in manifest.parts.items():
        if archive.getinfo(name).file_size != part.size:
            raise UnreadableFile(f"{path}: {name} has another size than its {MANIFEST} says.")
    if total > shutil.disk_usage(folder).free:
        raise UnreadableFile(f"{path}: needs {total / 1e6:,.0f} MB; the disk has less.")


def _unpack(archive: zipfile.ZipFile, name: str, part: Part, path: Path, folder: Path) -> None:
    with archive.open(name) as source, (folder / name).open("wb") as unpacked:
        if _copy(source, unpacked) != part:
            raise UnreadableFile(
                f"{path}: {name} is not what its {MANIFEST} says; it was altered or damaged."
            )
