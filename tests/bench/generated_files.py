"""What becomes of broken CSV files that nobody thought of; the suite runs a twentieth.

Damages a good file in up to six ways at a time, accounts for every line of it, and imports it.
Prints a line that begins with ``figures:`` and is JSON::

    python tests/bench/generated_files.py
    python tests/bench/generated_files.py 100 5

The second line takes 100 files, and imports every fifth of them that can be read.
"""

import csv
import io
import json
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import builders

from planner.errors import PlannerError
from planner.incidents.files.rows import Rows, read_rows
from planner.incidents.intake import read_incidents
from planner.service.importing import import_files

SEED = 20260115
FILES = 2_000
LONGEST_S = 10
# Files imported at a time: all of them in the ten seconds that one may take.
TOGETHER = 8
MARKS = (b'"', b'""', b",", b";", b"\t", b"\0", b"\xff", b"\x81", b"\xc3", b"\xef\xbb\xbf",
         b"\r", b"\n", b"\r\n", b"\xe2\x80\xa8", b"\x1a", b"=1+1", b"nan", b"9999-12",
         b"\x1b[2J")  # fmt: skip
Damage = Callable[[bytes, random.Random], bytes]


def good_file(chance: random.Random) -> bytes:
    """A control-room or a police file of some twenty rows, with what fields may well hold."""
    places = ("Alpha", "Beta Museum", "café, by the door", 'the "Old" gate', "two\nlines", "")
    count = chance.randint(1, 40)
    if chance.random() < 0.3:
        crimes = [builders.crime(f"c{n}", Location=chance.choice(places)) for n in range(count)]
        return str(builders.police_csv(crimes)).encode()
    rows = [
        builders.incident(f"a{n}", place=chance.choice(places), details=chance.choice(places))
        for n in range(count)
    ]
    return str(builders.control_room_csv(rows)).encode()


def flip_bytes(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def put_marks(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(content))
        content = content[:place] + chance.choice(MARKS) + content[place:]
    return content


def cut_out(content: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(content))
    return content[:place] + content[place + chance.choice((1, 10, 100)) :]


def cut_short(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _with_line(content: bytes, chance: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    lines = content.splitlines(keepends=True)
    if lines:
        place = chance.randrange(len(lines))
        lines[place] = change(lines[place])
    return b"".join(lines)


def drop_field(content: bytes, chance: random.Random) -> bytes:
    return _with_line(content, chance, lambda line: line.partition(b",")[2])


def add_field(content: bytes, chance: random.Random) -> bytes:
    return _with_line(content, chance, lambda line: b"more," + line)


def double_line(content: bytes, chance: random.Random) -> bytes:
    return _with_line(content, chance, lambda line: line * chance.randint(2, 4))


def blank_line(content: bytes, chance: random.Random) -> bytes:
    return _with_line(content, chance, lambda line: chance.choice((b"\n", b" \n", b",,\n")) + line)


def long_field(content: bytes, chance: random.Random) -> bytes:
    return put_at(content, chance, b"x" * chance.choice((300, 131_072, 140_000)))


def binary_field(content: bytes, chance: random.Random) -> bytes:
    return put_at(content, chance, chance.randbytes(chance.randint(1, 400)))


def put_at(content: bytes, chance: random.Random, piece: bytes) -> bytes:
    place = chance.randint(0, len(content))
    return content[:place] + piece + content[place:]


def windows_line(content: bytes, chance: random.Random) -> bytes:
    return _with_line(content, chance, lambda line: line.replace(b"Alpha", b"Alph\xe9\x93"))


def other_line_ends(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\r", b"\n\n")))


def other_encoding(content: bytes, chance: random.Random) -> bytes:
    name = chance.choice(("utf-16", "utf-16-be", "utf-16-le", "cp1252", "utf-8-sig", "utf-32"))
    return content.decode("utf-8", "replace").encode(name, "replace")


def other_separator(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b",", chance.choice((b";", b"\t", b"|", b", ")))


DAMAGES: tuple[Damage, ...] = (
    flip_bytes, put_marks, cut_out, cut_short, drop_field, add_field, double_line, blank_line,
    long_field, binary_field, windows_line, other_line_ends, other_encoding, other_separator,
)  # fmt: skip


def damaged_file(number: int) -> bytes:
    """The file of a number: always the same."""
    chance = random.Random(f"{SEED} {number}")
    content = good_file(chance)
    for damage in chance.choices(DAMAGES, k=chance.randint(1, 6)):
        content = damage(content, chance)
    return content


def lines_lost(content: bytes, rows: Rows) -> int:
    """Count the lines that are neither header, blank, nor of a row that was read or is broken."""
    lines = as_lines(as_text(content))
    ends = {1: 2} | {row: row + max(1, len(as_lines(text))) for row, _, text in rows.broken}
    for row in rows.table.index:
        ends[row] = row + lines_of_record(lines, row, len(rows.header))
    lost = 1 + len(rows.table) + len(rows.broken) - len(ends)
    starts = [*sorted(ends)[1:], len(lines) + 1]
    for (row, end), following in zip(sorted(ends.items()), starts, strict=True):
        lost += not row < end <= following
        lost += sum(bool(line.strip("\r\n")) for line in lines[end - 1 : following - 1])
    return lost


def as_lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def as_text(content: bytes) -> str:
    """Text with the same lines and quotation marks; other characters may differ."""
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(name, "replace")
    if content[1:200:2].count(0) > 70:
        return content.decode("utf-16-le", "replace")
    if content[0:200:2].count(0) > 70:
        return content.decode("utf-16-be", "replace")
    return content.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def lines_of_record(lines: list[str], row: int, wanted: int) -> int:
    """How many lines the record that begins in a row takes, whatever separates its fields."""
    for separator in ",;\t|":
        reader = csv.reader(lines[row - 1 :], delimiter=separator, strict=True)
        try:
            if len(next(reader)) == wanted:
                return reader.line_num
        except csv.Error:
            continue
    return 0


def judged(path: Path) -> str:
    """Read a file and account for it; return what became of it."""
    try:
        rows = read_rows(path)
        intake = read_incidents(path, "Europe/London", builders.NOW)
    except PlannerError as error:
        return "not in one line" if "\n" in str(error) else f"refused: {type(error).__name__}"
    if lines_lost(path.read_bytes(), rows):
        return "lines lost"
    told = len(intake.accepted) + len(intake.rejected) + intake.repeated
    read = len(rows.table) + len(rows.broken)
    return "read" if intake.read == told == read else "rows unaccounted for"


def imported(workspace: Path, paths: list[Path]) -> int:
    """Import files, and count those whose rows do not add up."""
    done = import_files(workspace, paths, builders.NOW)
    assert len(done.files) == len(paths)
    return sum(
        counts.read != counts.accepted + counts.rejected + counts.duplicates
        for counts in done.files
    )


def too_long(*_: object) -> None:
    """Break off what takes too long."""
    raise TimeoutError


def within_time(work: Callable[[], Any]) -> Any:
    """Do something within ten seconds; return its result, or what went wrong."""
    signal.alarm(LONGEST_S)
    try:
        return work()
    except TimeoutError:
        return "hung"
    except Exception:
        traceback.print_exc()
        return "crashed"
    finally:
        signal.alarm(0)


def main() -> None:
    """Read every file, import those that can be read, and print what became of them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    signal.signal(signal.SIGALRM, too_long)
    outcomes: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        builders.new_workspace(folder / "workspace")
        waiting: list[Path] = []
        for number in range(count):
            path = folder / f"{number}.csv"
            path.write_bytes(damaged_file(number))
            begun = time.perf_counter()
            outcome = within_time(partial(judged, path))
            slowest = max(slowest, time.perf_counter() - begun)
            outcomes[outcome] += 1
            if outcome == "read" and number % every == 0:
                waiting.append(path)
            if not outcome.startswith(("read", "refused")):
                print(f"file {number}: {outcome}")
            if len(waiting) == TOGETHER or (waiting and number == count - 1):
                sums[str(within_time(partial(imported, folder / "workspace", waiting)))] += 1
                waiting = []
    figures = {"files": count, "slowest_s": round(slowest, 2), "outcomes": outcomes}
    print("figures:", json.dumps(figures | {"imports_by_files_that_do_not_add_up": sums}))


if __name__ == "__main__":
    main()
