"""Record imports without end in a child process, and kill it; run by ``test_register_faults``.

Usage: ``import_until_killed.py FOLDER ROUNDS SEED [SERVER]``. Each round has a register of its
own: a file in a folder of its own, or a fresh database of the server. The child writes a line a
stored import; what the parent has read of it was acknowledged. Prints one JSON document: of each
round the acknowledged imports, and how many rows of each import are kept.
"""

import json
import os
import random
import signal
import sys
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import alembic.command  # noqa: F401 - once, and not in every child
import intakes
import postgres_server

from planner.register import engine
from planner.register.database import Register
from planner.register.engine import reading
from planner.register.verification import verify

ROWS = 120


def files(number: int) -> list[intakes.Read]:
    """Two files whose keys tell the import."""
    keys = [f"{number}:{row}" for row in range(ROWS)]
    rows = [intakes.incident(key) for key in keys]
    return [intakes.located(rows), intakes.located(rows, source="police")]


def import_for_ever(folder: Path, url: str, answers: int) -> None:
    register = Register(folder, url)
    number = 0
    while True:
        number += 1
        register.record_import(files(number), number)
        os.write(answers, f"{number}\n".encode())


def killed(folder: Path, url: str, imports: int, life_s: float) -> list[int]:
    """Kill a child that imports, some time after it acknowledged some; return what it had."""
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading_end)
        try:
            import_for_ever(folder, url, writing_end)
        finally:
            os._exit(1)
    os.close(writing_end)
    with os.fdopen(reading_end) as answers:
        heard = [answers.readline() for _ in range(imports)]
        time.sleep(life_s)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            raise SystemExit("the child died by itself")
        return [int(line) for line in heard + answers.read().splitlines()]


def one_round(folder: Path, url: str, chance: random.Random) -> dict[str, object]:
    folder.mkdir(parents=True)
    acknowledged = killed(folder, url, chance.randrange(4), chance.uniform(0, 0.1))
    with Register(folder, url) as register:
        # The dead one's transaction may still be rolled back: a writer waits for that.
        register.log("after", {}, 0)
        keys = register.incidents()["key"].str.split(":").str[0]
        with reading(register.engine) as connection:
            faults = verify(connection).faults
    return {"acknowledged": acknowledged, "faults": faults,
            "kept": {int(key): int(rows) for key, rows in keys.value_counts().items()}}  # fmt: skip


def main() -> None:
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    server = sys.argv[4] if len(sys.argv) > 4 else ""
    # So little that an import is partly on the disk long before it is committed.
    engine.CACHE_KIB = 64
    chance = random.Random(seed)
    told = []
    for number in range(rounds):
        database = postgres_server.new_database(server) if server else nullcontext("")
        with database as url:
            told.append(one_round(folder / str(number), url, chance))
    print(json.dumps({"rows": 2 * ROWS, "rounds": told}))


if __name__ == "__main__":
    main()
