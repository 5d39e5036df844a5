"""What many cameras see in a made-up city: how long it takes, and whether it is right.

The city has streets on a grid, and between them blocks of houses: rectangles turned a little or a
lot, L shapes, and courts; neighbours often touch or overlap. Half of the cameras stand on facades,
half near street corners. Times the walls, the horizons, the outlines, and whether demand points in
range are seen; memory is that of NumPy's arrays as tracemalloc counts them, in a run that is not
timed. With ``--exact`` the areas of some views are held against those of ``tests/exact_views.py``::

    python tests/bench/sightlines.py --views 2000 --outlines 3000 --seed 1
    python tests/bench/sightlines.py --exact 200 --json
"""

import argparse
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import affinity

sys.path.insert(0, str(Path(__file__).parents[1]))

from exact_views import exact_view

from planner.allocate.sightlines.horizons import Horizons, horizons, pairs_within
from planner.allocate.sightlines.walls import Walls, walls_of

LOT_M = 20.0
# Lots in a row between two streets, and the width of a street in lots.
BLOCK, STREET = 4, 0.7
FINE_DEGREES = 0.1


def lots(count: int, chance: np.random.Generator) -> np.ndarray:
    """Middles of lots, row by row, with streets in between; moved about a little."""
    side = int(np.ceil(np.sqrt(count)))
    steps = np.arange(side) + (np.arange(side) // BLOCK) * STREET
    middles = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)[:count] * LOT_M
    return middles + chance.uniform(-1.0, 1.0, middles.shape)


def house(middle: np.ndarray, chance: np.random.Generator) -> shapely.Geometry:
    """A rectangle, an L, or a court, turned."""
    wide, deep = chance.uniform(0.55, 1.0, 2) * LOT_M
    shape = shapely.box(-wide / 2, -deep / 2, wide / 2, deep / 2)
    kind = chance.choice(["plain", "L", "court"], p=[0.6, 0.25, 0.15])
    if kind == "L":
        shape = shape.difference(shapely.box(0, 0, wide, deep))
    if kind == "court":
        shape = shape.difference(shapely.box(-wide / 4, -deep / 4, wide / 4, deep / 4))
    turned = chance.uniform(0, 360) if chance.random() < 0.1 else chance.normal(0, 4)
    return affinity.translate(affinity.rotate(shape, turned, origin=(0, 0)), *middle)


def cameras(views: int, at: np.ndarray, walls: Walls, chance: np.random.Generator) -> np.ndarray:
    """Half on facades, half near street corners, none inside a building."""
    pieces = chance.integers(0, len(walls.segments), views - views // 2)
    share = chance.uniform(0, 1, (len(pieces), 1))
    facades = walls.segments[pieces, :2] * (1 - share) + walls.segments[pieces, 2:] * share
    last = int(at.max() / LOT_M / (BLOCK + STREET))
    corners = chance.integers(1, max(last, 2), (4 * views, 2)) * (BLOCK + STREET) * LOT_M
    corners = corners - (1 + STREET) / 2 * LOT_M + chance.uniform(-8.0, 8.0, corners.shape)
    free = corners[~walls.inside(corners, 0.0)][: views // 2]
    return np.vstack([facades, free])


def seconds_of(call: Callable[[], Any]) -> tuple[float, Any]:
    """How long a call takes, and what it returns."""
    started = time.perf_counter()
    made = call()
    return time.perf_counter() - started, made


def apart_from_exact(
    seen: Horizons, outlines: list[shapely.Geometry], sample: np.ndarray
) -> np.ndarray:
    """Differences of areas, each as a share of the exact one."""
    tree = shapely.STRtree(outlines)
    apart = []
    for row in sample.tolist():
        place, reach = seen.positions[row], float(seen.ranges[row])
        near = tree.query(shapely.Point(place), predicate="dwithin", distance=reach)
        exact = exact_view(place, reach, [outlines[number] for number in near]).area
        ours = seen.outline(row, 0.0, 360.0, arc_step_degrees=FINE_DEGREES).area
        apart.append(abs(ours - exact) / exact)
    return np.array(apart)


def measured(given: argparse.Namespace) -> dict[str, float]:
    """Everything that is printed, by its name."""
    chance = np.random.default_rng(given.seed)
    at = lots(given.outlines, chance)
    outlines = [house(middle, chance) for middle in at]
    walls_s, walls = seconds_of(lambda: walls_of(np.array(outlines, dtype=object)))
    places = cameras(given.views, at, walls, chance)
    points = chance.uniform(at.min(), at.max(), (given.points, 2))
    horizons_s, seen = seconds_of(lambda: horizons(places, given.range_m, walls))
    rows = range(len(places))
    all_s, views = seconds_of(lambda: [seen.outline(row, 0.0, 360.0) for row in rows])
    third_s, _ = seconds_of(lambda: [seen.outline(row, 45.0, 120.0, 3.0) for row in rows])
    pairs_s, (which, point) = seconds_of(lambda: pairs_within(places, given.range_m, points))
    sees_s, sees = seconds_of(lambda: seen.sees(which, points[point]))
    tracemalloc.start()
    horizons(places, given.range_m, walls)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    figures = {
        "views": len(places),
        "outlines": len(outlines),
        "walls": len(walls.segments),
        "intervals": len(seen.starts),
        "blind_views": int((seen.ranges == 0).sum()),
        "mean_share_of_disc": float(shapely.area(views).mean() / np.pi / given.range_m**2),
        "pairs": len(which),
        "pairs_seen": int(sees.sum()),
        "walls_s": walls_s,
        "horizons_s": horizons_s,
        "outlines_all_round_s": all_s,
        "outlines_120_degrees_s": third_s,
        "pairs_s": pairs_s,
        "sees_s": sees_s,
        "horizons_peak_mb": peak / 1e6,
    }
    if given.exact:
        alive = np.flatnonzero(seen.ranges > 0)
        sample = chance.choice(alive, min(given.exact, len(alive)), replace=False)
        apart = apart_from_exact(seen, outlines, sample)
        inside = shapely.area(
            shapely.intersection(np.array(views)[sample], shapely.union_all(outlines))
        )
        figures |= {
            "exact_views": len(sample),
            "area_apart_mean": float(apart.mean()),
            "area_apart_worst": float(apart.max()),
            "inside_buildings_worst_m2": float(inside.max()),
        }
    return figures


def main() -> None:
    """Measure and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--views", type=int, default=2_000)
    wish.add_argument("--outlines", type=int, default=3_000)
    wish.add_argument("--points", type=int, default=5_000, help="that are looked for")
    wish.add_argument("--range-m", type=float, default=80.0)
    wish.add_argument("--exact", type=int, default=0, help="views held against the exact ones")
    wish.add_argument("--seed", type=int, default=1)
    wish.add_argument("--json", action="store_true")
    given = wish.parse_args()
    figures = measured(given)
    if given.json:
        print(json.dumps(vars(given) | figures))
        return
    for name, figure in figures.items():
        print(
            f"{name:26s} {figure:,.4g}" if isinstance(figure, float) else f"{name:26s} {figure:,}"
        )


if __name__ == "__main__":
    main()
