"""Let several processes import into one register at once; run by ``test_register_faults``.

Usage: ``many_writers.py FOLDER PROCESSES IMPORTS [URL]``. Prints one JSON document: how many rows
are kept of each process, and what a verification finds.
"""

import json
import multiprocessing
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import alembic.command  # noqa: F401 - once, and not in every child
import intakes

from planner.register.database import Register
from planner.register.engine import reading
from planner.register.verification import verify

ROWS = 3
NEW_ONES = 4


def write(folder: Path, url: str, writer: int, imports: int, start: Barrier) -> None:
    start.wait()
    with Register(folder, url) as register:
        for number in range(imports):
            # All share a record, which each corrects in turn.
            rows = [intakes.incident(f"{writer}:{number}:{row}") for row in range(ROWS)]
            rows.append(intakes.incident("shared", place=f"{writer} {number}"))
            register.record_import([intakes.located(rows)], number, str(writer))


def at_once(folder: Path, url: str, processes: int, imports: int) -> list[int | None]:
    """Start writers at the same moment, and return how each ended: 0 for well."""
    folder.mkdir(parents=True, exist_ok=True)
    forked = multiprocessing.get_context("fork")
    start = forked.Barrier(processes)
    writers = [forked.Process(target=write, args=(folder, url, number, imports, start))
               for number in range(processes)]  # fmt: skip
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return [writer.exitcode for writer in writers]


def main() -> None:
    folder, processes, imports = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    url = sys.argv[4] if len(sys.argv) > 4 else ""
    begun = time.monotonic()
    codes = at_once(folder, url, processes, imports)
    if not url:
        # A register is made once in its life, which is when its makers can meet.
        for number in range(NEW_ONES):
            codes += at_once(folder / f"new {number}", "", processes, 1)
    with Register(folder, url) as register:
        keys = register.incidents()["key"]
        rows = keys[keys != "shared"].str.split(":").str[0].value_counts()
        versions = register.versions(intakes.SOURCE, "shared")["version"].tolist()
        with reading(register.engine) as connection:
            found = verify(connection)
    told = {"codes": codes, "rows": {str(key): int(count) for key, count in rows.items()},
            "versions": versions, "faults": found.faults, "entries": found.entries,
            "seconds": round(time.monotonic() - begun, 1)}  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
