"""Read files of incidents, each in a process of its own, and say what each of them cost.

Run by ``test_hostile_files.py`` with the paths as arguments; prints a line of JSON a file. The
processes are forks of this one, so that what imports take is paid once and counted to no file.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from planner.errors import PlannerError
from planner.incidents.files.rows import read_rows


def main() -> None:
    """Read every file that was named."""
    for path in map(Path, sys.argv[1:]):
        child = os.fork()
        if child == 0:
            print(json.dumps({"name": path.name, **watched(path)}), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


def watched(path: Path) -> dict[str, object]:
    """Read a file; return its outcome, seconds of the processor, and peak memory in MiB."""
    begun = time.process_time()
    try:
        rows = read_rows(path)
        outcome = f"read: {len(rows.table)} rows, {len(rows.broken)} broken"
    except PlannerError as error:
        outcome = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"outcome": outcome, "seconds": seconds, "mebibytes": peak}


if __name__ == "__main__":
    main()
