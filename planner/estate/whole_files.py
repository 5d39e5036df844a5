"""Writing a file so that its name never stands for half of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.errors import UnreadableFile


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that its name never stands for half of it.

    Raises
    ------
    UnreadableFile
        If it can't be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Name what can't be written, in words.

    Raises
    ------
    UnreadableFile
        If the work inside fails for the disk.
    """
    try:
        yield
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(
            f"{path}: cannot be written ({error.strerror}); free some space, or choose another "
            "folder."
        ) from error
