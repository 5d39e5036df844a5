"""How good the forecast is on nine years of a campus's log, beside counting.

    python tests/bench/forecast_campus.py ../shared/data/campus

The log is cut to three areas: all that has coordinates, the ground that the campus's police patrol,
and the convex hull of the campus's buildings. Each is forecast week by week, 2016 to 2019, by
``planner backtest``; the patrolled ground also for theft alone, and shift by shift.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

# West, south, east, north: between Cottage Grove, Lake Park, 61st and 37th Street.
PATROLLED = (-87.616, 41.776, -87.575, 41.825)
WINDOWS = ("--from", "2016-01-01", "--to", "2019-12-31", "--time-zone", "America/Chicago")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    log = pd.read_csv(folder / "ucpd_2011_2019.csv", dtype=str, keep_default_na=False)
    places = log["validated_location"].str.split(",", expand=True).reindex(columns=[0, 1])
    latitude, longitude = (pd.to_numeric(places[n], errors="coerce") for n in (0, 1))
    buildings = gpd.read_file(folder / "uchicago-buildings.geojson")
    hull = buildings.union_all().convex_hull
    areas = {
        "all of the log": longitude.notna(),
        "patrolled ground": shapely.contains_xy(shapely.box(*PATROLLED), longitude, latitude),
        "hull of the buildings": shapely.contains_xy(hull, longitude, latitude),
    }
    runs = [
        ("all of the log", ()), ("patrolled ground", ()), ("hull of the buildings", ()),
        ("patrolled ground", ("--category", "theft")), ("patrolled ground", ("--by", "shift")),
        ("hull of the buildings", ("--by", "shift")),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as beside:
        for name, more in runs:
            part = Path(beside) / "log.csv"
            log[areas[name]].to_csv(part, index=False)
            print(f"\n{name} {' '.join(more)}")
            show(part, more)


def show(part: Path, more: tuple[str, ...]) -> None:
    program = "import sys; from planner.cli import main; sys.argv[0] = 'planner'; main()"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, "backtest", str(part), *WINDOWS, *more, "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    print(
        f"  {found['windows']} windows, {found['zones']} zones, {found['incidents']} incidents; "
        f"{time.monotonic() - began:.0f} s; {found['evidence']['standing']}; "
        f"fell back in {found['windows_fallen_back']}"
    )
    for model, scores in found["models"].items():
        rates = "  ".join(f"{100 * rate:5.1f}" for rate in scores["hit_rate"].values())
        print(f"  {model:18} {rates}   log score {scores['log_score']:.4f}")
    for rival in ("difference", "versus_decayed_365"):
        told = "; ".join(
            f"{key} {v['mean']:+.4f} ({v['low']:+.4f} to {v['high']:+.4f})"
            for key, v in found[rival].items()
        )
        print(f"  {rival}: {told}")
    for of, tails in (("calibration", "tails"), ("total_calibration", "total_tails")):
        told = {key: round(share, 3) for key, share in (found[of] | found[tails]).items()}
        print(f"  {of}: {told}")


if __name__ == "__main__":
    main()
