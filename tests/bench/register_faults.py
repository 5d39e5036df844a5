"""What the register withstands, in full, and how fast it is; the suite runs a twentieth.

Prints a line a figure, and last a line that begins with ``figures:`` and is JSON::

    python tests/bench/register_faults.py
    python tests/bench/register_faults.py killed speed

The parts are ``killed``, ``cut``, ``full``, ``writers`` and ``speed``; all if none is named. Those
on PostgreSQL take the server of ``PLANNER_TEST_POSTGRES``, or start one; see
``tests/postgres_server.py``.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import intakes
import postgres_server

from planner.register.database import Register

TESTS = Path(__file__).parents[1]
SEED = 20260115
ROUNDS, CUTS, PROCESSES, IMPORTS, ROWS = 200, 1_000, 8, 250, 1_000
Figures = dict[str, Any]


def run(script: str, *arguments: object) -> Any:
    """Run a script of the faults and return what it told."""
    command = [sys.executable, str(TESTS / "faults" / script), *(str(word) for word in arguments)]
    environment = os.environ | {"PYTHONPATH": str(TESTS.parent)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def killed(folder: Path, server: str) -> Figures:
    """Kill writers, and count what was lost or half there."""
    rounds = run("import_until_killed.py", folder / "killed", ROUNDS, SEED, *filter(None, [server]))
    rows, told = rounds["rows"], rounds["rounds"]
    lost = sum(len(set(map(str, one["acknowledged"])) - set(one["kept"])) for one in told)
    return {
        "rounds": len(told),
        "acknowledged_rows": rows * sum(len(one["acknowledged"]) for one in told),
        "lost_imports": lost,
        "half_imports": sum(count != rows for one in told for count in one["kept"].values()),
        "faults": sum(len(one["faults"]) for one in told),
    }


def cut(folder: Path, _server: str) -> Figures:
    """Cut the log, and count the cuts that left no whole prefix of the imports."""
    told = run("cut_log.py", folder / "cut", 20, CUTS, SEED)
    wrong = 0
    for one in told["cuts"]:
        prefix = {"0": 1} | {str(n): told["rows"] for n in range(1, len(one["kept"]))}
        wrong += one["kept"] != prefix
    return {"cuts": len(told["cuts"]), "imports": told["imports"], "no_whole_prefix": wrong}


def full(folder: Path, _server: str) -> Figures:
    """Let each write fail, and count the registers that were changed, or said nothing."""
    attempts, changed, unsaid = 0, 0, 0
    for which in ("first", "later"):
        told = run("full_disk.py", folder / f"full {which}", ROWS, 1, which)
        failed = told["attempts"][:-1]
        attempts += len(failed)
        changed += sum({name: one[name] for name in told["before"]} != told["before"]
                       for one in failed)  # fmt: skip
        unsaid += sum("nothing was stored" not in one["said"] for one in failed)
    return {"writes": attempts, "changed": changed, "unsaid": unsaid}


def writers(folder: Path, server: str) -> Figures:
    """Let many processes write at once, and count what is missing."""
    with ExitStack() as stack:
        url = [stack.enter_context(postgres_server.new_database(server))] if server else []
        told = run("many_writers.py", folder / "writers", PROCESSES, IMPORTS, *url)
    whole = PROCESSES * IMPORTS
    return {
        "imports": whole,
        "failed_processes": sum(code != 0 for code in told["codes"]),
        "missing_rows": 3 * whole - sum(told["rows"].values()),
        "missing_versions": whole - len(set(told["versions"])),
        "missing_entries": whole - told["entries"],
        "faults": len(told["faults"]),
        "seconds": told["seconds"],
    }


def speed(folder: Path, server: str) -> Figures:
    """Store a small and a large file, the large one again, and read it: CPU seconds."""
    figures: Figures = {}
    for rows in (100_000, 1_000_000):
        (folder / str(rows)).mkdir()
        file = intakes.many(rows, SEED)
        with ExitStack() as stack:
            url = stack.enter_context(postgres_server.new_database(server)) if server else ""
            register = stack.enter_context(Register(folder / str(rows), url))
            figures[f"store_{rows}"] = seconds(partial(register.record_import, [file], 0))
            figures[f"again_{rows}"] = seconds(partial(register.record_import, [file], 1))
            figures[f"read_{rows}"] = seconds(register.incidents)
    growth = figures["store_1000000"] / figures["store_100000"] / 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures | {"growth": round(growth, 2), "peak_mb_with_the_file": peak}


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work."""
    begun = time.process_time()
    work()
    return round(time.process_time() - begun, 2)


ON_BOTH, ON_FILES = (
    {"killed": killed, "writers": writers, "speed": speed},
    {"cut": cut, "full": full},
)


def main() -> None:
    """Run the parts that were asked for."""
    parts = ON_BOTH | ON_FILES
    asked = sys.argv[1:] or list(parts)
    with ExitStack() as stack:
        try:
            servers = ["", stack.enter_context(postgres_server.running())]
        except postgres_server.NoServer as missing:
            print(f"PostgreSQL is left out: {missing}")
            servers = [""]
        figures = {}
        for name in asked:
            for server in servers if name in ON_BOTH else [""]:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                label = f"{name} on {'PostgreSQL' if server else 'SQLite'}"
                figures[label] = parts[name](folder, server)
                said = ", ".join(f"{key} {value}" for key, value in figures[label].items())
                print(f"{label}: {said}", flush=True)
    print("figures:", json.dumps(figures))


if __name__ == "__main__":
    main()
