"""Time the import of a million control-room rows, beside plain pandas and geopandas.

Usage: ``python tests/bench/import_of_a_million.py [ROWS ...]``. For each number of rows (100,000
and 1,000,000 if none is given) it invents a file in the control room's format over the demo
estate, and runs, each in a process of its own and one after the other: the product's import into
a new register, and ``pandas.read_csv`` with ``geopandas.sjoin_nearest`` on the same rows. Prints
seconds, microseconds a row and peak memory, and the growth from the first number to the last.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.service.demo import bundled
from planner.service.workspace import EstateFiles, make_workspace

SEED = 7
CATEGORIES = [
    "Bicycle theft", "Theft", "Criminal damage", "Suspicious activity", "Alarm", "Welfare",
    "Anti-social behaviour", "Drone",
]  # fmt: skip
PLACES = [", main gate", ", bicycle racks", "", ", Staircase 4"]


def invent(rows: int, path: Path) -> None:
    """Write a file of invented incidents; half have free text, one in thirty no coordinates."""
    chance = np.random.default_rng(SEED)
    sites = gpd.read_file(bundled("geodata") / "oxford" / "sites.geojson").to_crs(32630)
    site = chance.integers(0, len(sites), rows)
    middle = sites.geometry.centroid
    points = gpd.GeoSeries.from_xy(
        middle.x.to_numpy()[site] + chance.normal(0, 80, rows),
        middle.y.to_numpy()[site] + chance.normal(0, 80, rows),
        crs=32630,
    ).to_crs(4326)
    minutes = chance.integers(0, 10 * 365 * 24 * 60, rows).astype("timedelta64[m]")
    starts = np.datetime64("2016-01-01T00:00") + minutes
    ends = starts + chance.integers(0, 600, rows).astype("timedelta64[m]")
    nowhere = chance.random(rows) < 1 / 30
    table = {
        "reference": np.char.mod("CR-%07d", chance.permutation(rows)),
        "category": np.array(CATEGORIES)[chance.integers(0, len(CATEGORIES), rows)],
        "occurred_from": np.datetime_as_string(starts, unit="m"),
        "occurred_to": np.datetime_as_string(ends, unit="m"),
        "reported_at": np.datetime_as_string(ends + np.timedelta64(30, "m"), unit="m"),
        "place": sites["name"].to_numpy()[site] + np.array(PLACES)[chance.integers(0, 4, rows)],
        "longitude": np.where(nowhere, "", np.char.mod("%.6f", points.x.to_numpy())),
        "latitude": np.where(nowhere, "", np.char.mod("%.6f", points.y.to_numpy())),
        "details": np.where(chance.random(rows) < 0.5, 'Told by the lodge, "no damage".', ""),
    }
    pd.DataFrame(table).to_csv(path, index=False)


PRODUCT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from planner.service.importing import import_files
done = import_files(Path(sys.argv[1]), [Path(sys.argv[2])], datetime(2026, 6, 1, tzinfo=UTC))
total = {name: done.total(name) for name in ("read", "accepted", "rejected", "duplicates")}
assert total["read"] == total["accepted"] + total["rejected"] + total["duplicates"], total
print(total["accepted"])
"""
PLAIN = """
import sys
import geopandas, pandas
sites = geopandas.read_file(sys.argv[1]).to_crs(32630)
table = pandas.read_csv(sys.argv[2])
points = geopandas.points_from_xy(table["longitude"], table["latitude"], crs=4326)
placed = geopandas.GeoDataFrame(table, geometry=points).to_crs(32630).dropna(subset="longitude")
print(len(geopandas.sjoin_nearest(placed, sites, max_distance=250)))
"""


# Not getrusage: a new process begins with its parent's peak there.
PEAK = """
from pathlib import Path
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line for line in lines if line.startswith("VmHWM")).split()[1])
"""


def run(program: str, *arguments: Path) -> tuple[float, float, int]:
    """Return seconds, peak megabytes and the number that the program prints."""
    command = [sys.executable, "-c", program + PEAK, *map(str, arguments)]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    count, kilobytes = done.stdout.split()
    return seconds, int(kilobytes) / 1024, int(count)


def measure(rows: int, folder: Path) -> dict[str, float]:
    file, workspace = folder / f"{rows}.csv", folder / f"workspace-{rows}"
    invent(rows, file)
    source = bundled("geodata") / "oxford"
    make_workspace(
        workspace,
        EstateFiles(
            [source / "sites.geojson", source / "buildings.geojson"], source / "streets.geojson"
        ),
    )
    seconds, megabytes, accepted = run(PRODUCT, workspace, file)
    plain_s, plain_mb, _ = run(PLAIN, source / "sites.geojson", file)
    return {
        "rows": rows, "accepted": accepted, "seconds": round(seconds, 1),
        "microseconds_a_row": round(seconds / rows * 1e6, 1), "megabytes": round(megabytes),
        "plain_seconds": round(plain_s, 1), "plain_megabytes": round(plain_mb),
        "times_plain": round(seconds / plain_s, 2),
    }  # fmt: skip


def main() -> None:
    numbers = [int(text.replace(",", "")) for text in sys.argv[1:]] or [100_000, 1_000_000]
    with tempfile.TemporaryDirectory() as folder:
        found = [measure(rows, Path(folder)) for rows in numbers]
    for line in found:
        print(json.dumps(line))
    growth = found[-1]["microseconds_a_row"] / found[0]["microseconds_a_row"]
    print(f"time per row at {numbers[-1]:,} over that at {numbers[0]:,}: {growth:.2f}")


if __name__ == "__main__":
    main()
