"""Let the disk be full at every write of an import; run by ``test_register_faults``.

Usage: ``full_disk.py FOLDER ROWS EVERY first|later``. No file of this process may grow beyond a
limit, which rises from one write of the log to the next (or every so manieth) until the import
succeeds: the first import of a register, or one into a register that holds some already. Prints
one JSON document: for each limit what was said, and what is kept afterwards.
"""

import json
import resource
import shutil
import signal
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import intakes

from planner.errors import WorkspaceError
from planner.register import engine
from planner.register.database import Register
from planner.register.engine import reading
from planner.register.verification import verify

LOG_HEADER, PAGE_HEADER, PAGE = 32, 24, 4096


def limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def attempt(folder: Path, before: Path, rows: int, size: int) -> dict[str, object]:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(before, folder)
    file = intakes.located([intakes.incident(f"new {row}") for row in range(rows)])
    said = ""
    limit(size)
    try:
        with Register(folder) as register:
            register.record_import([file], 1)
    except WorkspaceError as error:
        said = str(error)
    finally:
        limit(resource.RLIM_INFINITY)
    return {"limit": size, "said": said, **left(folder)}


def left(folder: Path) -> dict[str, object]:
    with Register(folder) as register:
        keys = register.incidents()["key"]
        with reading(register.engine) as connection:
            faults = verify(connection).faults
        head = register.head()
    new = int(keys.str.startswith("new").sum())
    return {"new": new, "old": len(keys) - new, "faults": faults, "head": head}


def limits(every: int) -> Iterator[int]:
    """Limits in the midst of a write: the log's header, then each page's header and each page."""
    yield 0
    yield LOG_HEADER // 2
    for number in count(0, every):
        start = LOG_HEADER + number * (PAGE_HEADER + PAGE)
        yield start + PAGE_HEADER // 2
        yield start + PAGE_HEADER + PAGE // 2


def main() -> None:
    folder, rows, every = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    # Otherwise the process is ended, where a full disk only refuses.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # So little that an import writes to the disk long before it is committed.
    engine.CACHE_KIB = 64
    before = folder / "before"
    before.mkdir(parents=True)
    if sys.argv[4] == "later":
        with Register(before) as register:
            old = [intakes.incident(f"old {row}") for row in range(rows)]
            register.record_import([intakes.located(old)], 0)
    told = []
    for size in limits(every):
        told.append(attempt(folder / "attempt", before, rows, size))
        if not told[-1]["said"]:
            break
    print(json.dumps({"rows": rows, "before": left(before), "attempts": told}))


if __name__ == "__main__":
    main()
