"""Camera choices held out: made with records up to a date, scored on the incidents after it.

    python tests/bench/camera_holdout.py WORKSPACE --until 2026-03-01 --new 10
    python tests/bench/camera_holdout.py --police DATA/oxford --until 2025-01-01

Prints what each choice was to see of the demand that it was made by, what it saw of the later
incidents with its 95 % interval, and by how much the planned cameras saw more. Without ``--until``
the last third of the time between the first and the last record is held out. ``--police`` makes a
workspace of the reference data's sites, streets, buildings and police files in a temporary folder;
its incidents are snap points, so there it is the share of each zone's demand that is scored.
"""

import argparse
import json
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import osmnx

from planner.allocate.comparison.holdout import HoldOut, hold_out
from planner.allocate.scenario.cameras import CamerasWanted
from planner.picture import Picture
from planner.service.importing import import_files
from planner.service.workspace import EstateFiles, make_workspace, take_picture

HELD_OUT = 1 / 3


def police_workspace(data: Path, folder: Path) -> Path:
    """Make a workspace of the reference data; what stands around blocks views."""
    streets = data / "streets_central.osm"
    found = osmnx.features_from_xml(streets, tags={"building": True})
    shapes = found[found.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    around = folder / "around.geojson"
    table = gpd.GeoDataFrame({"kind": "building"}, index=range(len(shapes)),
                             geometry=shapes.geometry.to_numpy(), crs=shapes.crs)  # fmt: skip
    table.to_file(around, driver="GeoJSON")
    sites = sorted((data / "estate").glob("*.json"))
    workspace = folder / "oxford"
    make_workspace(workspace, EstateFiles(sites, streets=streets, surroundings=[around]))
    import_files(workspace, sorted((data / "police").glob("*.csv")), datetime.now(UTC))
    return workspace


def date_of(given: str | None, picture: Picture) -> datetime:
    """Return the date that is asked for, or the one that leaves the last third."""
    zone = ZoneInfo(picture.settings.time_zone)
    if given is not None:
        return datetime.fromisoformat(given).replace(tzinfo=zone)
    first = picture.periods["starts_at"].min().to_pydatetime().astimezone(zone)
    held = picture.as_of - (picture.as_of - first) * HELD_OUT
    return held.replace(hour=0, minute=0, second=0, microsecond=0)


def show(found: HoldOut, seconds: float) -> None:
    """Print the table, the verdict and what to know."""
    print(f"{'choice':16}{'cameras':>8}{'expected':>10}{'saw':>7}  {'95 %':14}planned less this")
    for row in found.rows:
        ahead = row.planned_ahead
        less = "" if ahead is None else (
            f"{100 * ahead.mean:+.2f} ({100 * ahead.low:+.2f} to {100 * ahead.high:+.2f})"
        )  # fmt: skip
        of_chance = "" if row.spread is None else (
            f"; 80 % of draws {100 * row.spread.low:.1f} to {100 * row.spread.high:.1f}"
        )  # fmt: skip
        bounds = f"{100 * row.low:.1f} to {100 * row.high:.1f}"
        print(
            f"{row.name:16}{row.cameras:8}{100 * row.expected:10.1f}{100 * row.share:7.1f}  "
            f"{bounds:14}{less}{of_chance}"
        )
    print(found.verdict, *found.notes, f"{seconds:.1f} s", sep="\n")


def main() -> None:
    """Hold out and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("workspace", type=Path, nargs="?")
    wish.add_argument("--police", type=Path, metavar="DATA/oxford")
    wish.add_argument("--until", help="a date, local time")
    wish.add_argument("--new", type=int, default=10)
    wish.add_argument("--seed", type=int, default=1)
    wish.add_argument("--kinds", nargs="+", default=["fixed"])
    wish.add_argument("--grade", default="outline")
    wish.add_argument("--json", action="store_true")
    given = wish.parse_args()
    if (given.workspace is None) == (given.police is None):
        wish.error("give a workspace, or --police with the reference data")
    with tempfile.TemporaryDirectory() as folder:
        workspace = given.workspace or police_workspace(given.police, Path(folder))
        picture = take_picture(workspace)
    began = time.perf_counter()
    wanted = CamerasWanted(kinds=tuple(given.kinds), grade=given.grade)
    found = hold_out(picture, date_of(given.until, picture), given.new, wanted, given.seed)
    took = time.perf_counter() - began
    if given.json:
        told = asdict(found) | {"verdict": found.verdict, "notes": found.notes, "seconds": took}
        print(json.dumps(told, indent=2, default=str))
    else:
        show(found, took)


if __name__ == "__main__":
    main()
