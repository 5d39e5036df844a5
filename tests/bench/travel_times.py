"""Walks between very many places, beside SciPy's Dijkstra on the same graph.

The streets are a grid whose crossings are moved about a little, so that no two ways are equally
long. Times what a plan calls, ``Streets.walks_between`` (lengths between all places, and what the
nodes of each walk are read from), and the bare ``scipy.sparse.csgraph.dijkstra`` for the same
places with the same arguments, in turns; and holds the lengths of a sample against networkx's.
Memory is that of NumPy's arrays as tracemalloc counts them, in runs that are not timed::

    python tests/bench/travel_times.py --side 75 --places 2000 --seed 1
    python tests/bench/travel_times.py --block-m 100 --repeats 3 --json
"""

import argparse
import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import networkx
import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from planner.estate.streets import Streets, network

MOVED = 0.1


def grid(side: int, block_m: float, chance: np.random.Generator) -> Streets:
    """A grid of streets, side x side crossings, each moved by up to a tenth of a block."""
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1) * block_m
    at = at + chance.uniform(-MOVED, MOVED, at.shape) * block_m
    lines = [shapely.LineString(row) for row in (*at, *at.swapaxes(0, 1))]
    table = {"name": [""] * len(lines), "highway": ["residential"] * len(lines)}
    return network(gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:32630"))


def seconds_of(call: Callable[[], Any]) -> float:
    """How long a call takes; what it returns is let go before the next."""
    started = time.perf_counter()
    kept = call()
    took = time.perf_counter() - started
    del kept
    return took


def megabytes_of(call: Callable[[], Any]) -> tuple[float, float]:
    """The most that a call holds at once, and what its result holds."""
    tracemalloc.start()
    kept = call()
    holds, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return peak / 1e6, holds / 1e6


def greatest_difference(streets: Streets, nodes: np.ndarray, sample: np.ndarray) -> float:
    """How far lengths from some places are from networkx's, metres."""
    lengths = np.hypot(
        *(streets.points[streets.edges[:, 0]] - streets.points[streets.edges[:, 1]]).T
    )
    graph = networkx.Graph()
    graph.add_weighted_edges_from(
        (a, b, metres) for (a, b), metres in zip(streets.edges.tolist(), lengths, strict=True)
    )
    ours = streets.walks_between(nodes).metres
    apart = 0.0
    for place in sample:
        theirs = networkx.single_source_dijkstra_path_length(graph, int(nodes[place]))
        expected = np.array([theirs.get(int(node), np.inf) for node in nodes])
        apart = max(apart, float(np.abs(ours[place] - expected).max()))
    return apart


def measured(given: argparse.Namespace) -> dict[str, float]:
    """Everything that is printed, by its name."""
    chance = np.random.default_rng(given.seed)
    streets = grid(given.side, given.block_m, chance)
    nodes = chance.choice(len(streets.points), given.places, replace=False)
    graph = streets.graph

    def ours() -> Any:
        return streets.walks_between(nodes)

    def bare() -> Any:
        return dijkstra(graph, directed=False, indices=nodes, return_predecessors=True)

    turns = [(seconds_of(ours), seconds_of(bare)) for _ in range(given.repeats + 1)][1:]
    product, scipy = np.array(turns).T
    ratios = product / scipy
    peak, holds = megabytes_of(ours)
    bare_peak, bare_holds = megabytes_of(bare)
    sample = chance.choice(len(nodes), min(given.sample, len(nodes)), replace=False)
    return {
        "nodes": len(streets.points),
        "edges": len(streets.edges),
        "places": len(nodes),
        "product_s": float(np.median(product)),
        "scipy_s": float(np.median(scipy)),
        "ratio_median": float(np.median(ratios)),
        "ratio_least": float(ratios.min()),
        "ratio_greatest": float(ratios.max()),
        "product_peak_mb": peak,
        "product_holds_mb": holds,
        "scipy_peak_mb": bare_peak,
        "scipy_holds_mb": bare_holds,
        "sampled_lengths": len(sample) * len(nodes),
        "apart_from_networkx_m": greatest_difference(streets, nodes, sample),
    }


def main() -> None:
    """Measure and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--side", type=int, default=75, help="crossings each way")
    wish.add_argument("--block-m", type=float, default=20.0, help="metres between crossings")
    wish.add_argument("--places", type=int, default=2_000)
    wish.add_argument("--repeats", type=int, default=7)
    wish.add_argument("--sample", type=int, default=25, help="places held against networkx")
    wish.add_argument("--seed", type=int, default=1)
    wish.add_argument("--json", action="store_true")
    given = wish.parse_args()
    figures = measured(given)
    if given.json:
        print(json.dumps(vars(given) | figures))
        return
    for name, figure in figures.items():
        print(
            f"{name:24s} {figure:,.4g}" if isinstance(figure, float) else f"{name:24s} {figure:,}"
        )


if __name__ == "__main__":
    main()
