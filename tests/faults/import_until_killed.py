"""Record imports without end in a child process, and kill it; run by ``test_import_faults``.

Usage: ``import_until_killed.py FOLDER ROUNDS SEED FILES...``. Each round has a folder of its own.
The child writes a line a stored import; what the parent has read of it was acknowledged. Prints
one JSON document: the acknowledged imports of each round, and how long each child lived.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from planner.incidents.intake import read_incidents
from planner.incidents.model import Intake
from planner.register.database import Register

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
Read = list[tuple[Intake, pd.DataFrame]]


def placed(intake: Intake) -> pd.DataFrame:
    places = pd.DataFrame({"x": 0.0, "y": 0.0}, index=intake.accepted.index)
    for column in ("building", "site", "street", "zone"):
        places[column] = ""
    return places.assign(precision="outside", confidence=0.0)


def numbered(files: Read, number: int) -> Read:
    """The same files with keys of their own, so that each import is new."""
    fresh = []
    for intake, places in files:
        accepted = intake.accepted.assign(key=f"{number}:" + intake.accepted["key"])
        values = {name: getattr(intake, name) for name in intake.__dataclass_fields__}
        fresh.append((Intake(**(values | {"accepted": accepted})), places))
    return fresh


def import_for_ever(folder: Path, files: Read, answers: int) -> None:
    register = Register(folder)
    number = 0
    while True:
        number += 1
        register.record_import(numbered(files, number), number)
        os.write(answers, f"{number}\n".encode())


def one_round(folder: Path, files: Read, life_s: float) -> list[int]:
    folder.mkdir()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            import_for_ever(folder, files, writing)
        finally:
            os._exit(1)
    os.close(writing)
    time.sleep(life_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the child died by itself")
    with os.fdopen(reading) as answers:
        return [int(line) for line in answers.read().splitlines()]


def main() -> None:
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    intakes = [read_incidents(Path(name), "Europe/London", NOW) for name in sys.argv[4:]]
    files = [(intake, placed(intake)) for intake in intakes]
    chance = random.Random(seed)
    lives = [chance.uniform(0.01, 0.4) for _ in range(rounds)]
    told = [one_round(folder / str(n), files, life) for n, life in enumerate(lives)]
    print(json.dumps({"acknowledged": told, "lives": lives}))


if __name__ == "__main__":
    main()
