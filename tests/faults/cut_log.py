"""Cut the write-ahead log of a register at many places; run by ``test_register_faults``.

Usage: ``cut_log.py FOLDER IMPORTS CUTS SEED``. Prints one JSON document: for each cut, how much of
the log was left, and how many rows of each import are kept.
"""

import json
import random
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import intakes
import sqlalchemy as sql

from planner.register.database import FILE_NAME, Register

ROWS = 40


def record(folder: Path, imports: int) -> None:
    """Record imports, of which the file gets the first only and the log all others."""
    with Register(folder) as register:
        register.record_import([intakes.located([intakes.incident("0:0")])], 0)
    with Register(folder) as register:
        sql.event.listen(register.engine, "connect", keep_log)
        for number in range(1, imports + 1):
            rows = [intakes.incident(f"{number}:{row}") for row in range(ROWS)]
            register.record_import([intakes.located(rows)], number)
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            shutil.copy(folder / name, folder / f"{name} whole")


def keep_log(connection: object, _record: object) -> None:
    connection.execute("PRAGMA wal_autocheckpoint=0")  # type: ignore[attr-defined]


def kept(folder: Path, left: int) -> dict[int, int]:
    """Cut the log, and return how many rows of each import are there."""
    cut = folder / "cut"
    shutil.rmtree(cut, ignore_errors=True)
    cut.mkdir()
    shutil.copy(folder / f"{FILE_NAME} whole", cut / FILE_NAME)
    log = (folder / f"{FILE_NAME}-wal whole").read_bytes()
    (cut / f"{FILE_NAME}-wal").write_bytes(log[:left])
    with Register(cut) as register:
        keys = register.incidents()["key"].str.split(":").str[0]
    return {int(key): int(rows) for key, rows in keys.value_counts().items()}


def main() -> None:
    folder, imports, cuts, seed = Path(sys.argv[1]), *(int(word) for word in sys.argv[2:5])
    folder.mkdir(parents=True, exist_ok=True)
    record(folder, imports)
    size = (folder / f"{FILE_NAME}-wal whole").stat().st_size
    chance = random.Random(seed)
    places = sorted([0, size, *chance.sample(range(1, size), cuts - 2)])
    told = [{"left": left, "kept": kept(folder, left)} for left in places]
    print(json.dumps({"rows": ROWS, "imports": imports, "cuts": told}))


if __name__ == "__main__":
    main()
