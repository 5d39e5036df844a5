"""Gi* and local Moran's I beside esda's, and what esda costs.

    pip install esda && python tests/bench/zone_scores_beside_esda.py

esda (BSD 3-Clause) is no dependency of the planner: importing it alone takes seconds. Without
permutations it compiles nothing.
"""

import time

import numpy as np
import shapely

from planner.insight.hotspots.zone_scores import gi_star, local_moran, touching


def main() -> None:
    began = time.perf_counter()
    from esda.getisord import G_Local
    from esda.moran import Moran_Local
    from libpysal.weights import W

    print(f"importing esda and libpysal: {time.perf_counter() - began:.2f} s")
    random = np.random.default_rng(1)
    side = 25
    x, y = (part.ravel() for part in np.meshgrid(np.arange(side), np.arange(side)))
    # A board with holes, so that zones have unlike numbers of neighbours.
    kept = random.random(len(x)) < 0.9
    shapes = shapely.box(x[kept] * 100, y[kept] * 100, x[kept] * 100 + 100, y[kept] * 100 + 100)
    began = time.perf_counter()
    neighbours = touching(shapes)
    counts = random.negative_binomial(0.6, 0.2, len(shapes)).astype(float)
    ours, moran = gi_star(counts, neighbours), local_moran(counts, neighbours)
    print(f"planner: {time.perf_counter() - began:.3f} s for {len(shapes)} zones")
    rows = {row: list(map(int, neighbours[[row]].indices)) for row in range(len(shapes))}
    weights = W(rows, silence_warnings=True)
    weights.transform = "B"
    began = time.perf_counter()
    theirs = G_Local(counts, weights, transform="B", star=True, permutations=0).Zs
    their_moran = Moran_Local(counts, weights, permutations=0).Is
    print(f"esda: {time.perf_counter() - began:.3f} s")
    # esda takes a row-standardised neighbourhood for one of size 1: its score is the mean of k
    # zones less that of all, over the spread of a single zone. Ours divides by the spread of k.
    theirs_of_rows = G_Local(counts, weights, transform="R", star=True, permutations=0).Zs
    size = np.asarray(neighbours.sum(axis=1)).ravel() + 1
    scaled = theirs_of_rows * np.sqrt(size * (len(counts) - 1) / (len(counts) - size))
    off = float(max(np.abs(ours - theirs).max(), np.abs(ours - scaled).max()))
    print(f"largest difference of Gi* z: {off:.1e}; must be at most 1e-9")
    print(f"largest difference of Moran's I: {np.abs(moran - their_moran).max():.1e}")
    if off > 1e-9:
        raise SystemExit("Gi* differs from esda's")


if __name__ == "__main__":
    main()
