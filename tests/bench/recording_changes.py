"""How well recording changes are found: on a real campus, where they were planted, where none are.

Run it as ``python tests/bench/recording_changes.py [--data ../shared/data]``.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulated_records import CATEGORIES, MONTHS, covered, records, with_more

from planner.insight.recording.treatments import Proposal, propose

MIDDLE = MONTHS // 2
ZONE = "America/Chicago"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--estates", type=int, default=200)
    asked = parser.parse_args()
    for burst in (0.0, 0.5, 2.0):
        false_proposals(asked.estates, burst)
    for extra in (60, 100, 150, 250):
        power(max(asked.estates // 4, 1), extra)
    speed(10_650, 300)
    speed(200_000, 4_000)
    if (asked.data / "campus").is_dir():
        campus(asked.data / "campus")
    else:
        print(f"{asked.data / 'campus'} is not here: the campus is left out")


def false_proposals(estates: int, burst: float) -> None:
    """Count the estates without any change for which one is proposed."""
    generator = np.random.default_rng(20_260)
    changed = desks = 0
    for _ in range(estates):
        found = propose(records(generator, burst=burst), covered(), "UTC")
        changed += any("change" in item.kinds for item in found)
        desks += any(item.kinds != ("change",) for item in found)
    print(
        f"stationary, bursts {burst:.1f}: {changed} of {estates} estates with a false change "
        f"({changed / estates:.1%}), {desks} with a false desk"
    )


def power(estates: int, extra: int) -> None:
    """Count the planted changes that are found: a shop begins to report every theft."""
    generator = np.random.default_rng(4)
    found = right = others = 0
    for _ in range(estates):
        rows = records(generator)
        # A place of its own beyond the estate's, with about 4 records a year before.
        rows = with_more(rows, 999, "theft", 0, 20, generator, MIDDLE)
        rows = with_more(rows, 999, "trespass", 0, 12, generator)
        rows = with_more(rows, 999, "theft", MIDDLE, extra, generator)
        proposals = propose(rows, covered(), "UTC")
        mine = [item for item in proposals if is_at(item, 999)]
        found += bool(mine)
        right += any(near(item) for item in mine)
        others += len(proposals) - len(mine)
    print(
        f"planted: {extra} thefts in 54 months after 20 in 54: found in {found} of {estates}, "
        f"dated within 6 months in {right}; {others} other places proposed"
    )


def is_at(item: Proposal, place: int) -> bool:
    """Say whether a proposal is of a place of the grid."""
    x, y = 450_000 + 60 * (place % 40), 4_600_000 + 60 * (place // 40)
    return item.place == f"point:{x},{y}"


def near(item: Proposal) -> bool:
    """Say whether its change is dated within half a year of the planted one."""
    planted = pd.Timestamp("2011-01-01", tz="UTC") + pd.DateOffset(months=MIDDLE)
    return item.change is not None and abs(item.change.starts_at - planted).days <= 184


def speed(total: int, places: int) -> None:
    """Print how long it takes."""
    rows = records(np.random.default_rng(1), places=places, total=total)
    started = time.perf_counter()
    found = propose(rows, covered(), "UTC")
    print(
        f"speed: {len(rows):,} records at {places:,} places, {len(CATEGORIES)} categories: "
        f"{time.perf_counter() - started:.2f} s ({len(found)} proposals)"
    )


def campus(folder: Path) -> None:
    """Print what is proposed for the campus, on its estate and for all that is located."""
    from planner.service.importing import import_files
    from planner.service.workspace import EstateFiles, make_workspace, take_picture

    with tempfile.TemporaryDirectory() as made:
        workspace = Path(made) / "campus"
        files = EstateFiles([folder / "uchicago-buildings.geojson"], name_field="BLDG_NAME1")
        make_workspace(workspace, files, time_zone=ZONE)
        import_files(workspace, [folder / "ucpd_2011_2019.csv"])
        picture = take_picture(workspace)
    located = picture.incidents[picture.incidents["x"].notna()]
    everywhere = located.assign(written_category=located["category"])
    for name, rows in (("on the estate", picture.placed), ("all located", everywhere)):
        started = time.perf_counter()
        found = propose(rows, picture.periods, ZONE)
        took = time.perf_counter() - started
        print(f"campus, {name}: {len(rows):,} records, {len(found)} proposals in {took:.2f} s")
        for item in found:
            print(f"  {item.name} ({item.incidents}; {', '.join(item.kinds)}): {item.treatment} "
                  f"{item.weight:g}. {'. '.join(item.because)}")  # fmt: skip


if __name__ == "__main__":
    main()
