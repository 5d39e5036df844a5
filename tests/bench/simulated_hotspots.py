"""On simulated estates: how often chance makes a hotspot, and how often a real one is found.

    python tests/bench/simulated_hotspots.py --estates 200 --planted 40 --seed 1

The estate is a square of 2.4 km with its corner cut off, 365 days of records and the 365 before.
Kinds of uniform risk: points anywhere; points that share snap points, laid anywhere, each incident
at one of them by equal chance. Kinds with a planted hotspot of 120 m: the stated share of all
incidents beside what lies there anyway, as points or at snap points; and one address.
A false find is an estate with any hotspot at q < 0.05; for a planted one, a find is a hotspot at
q < 0.05 whose outline touches it.
"""

import argparse
import time
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.estate.cameras import no_cameras
from planner.estate.model import Estate
from planner.estate.sites import split_sites
from planner.estate.zones import zones_from_sites
from planner.insight.hotspots import find_hotspots
from planner.insight.hotspots.chance import binomial_tail, discovery_rates
from planner.insight.hotspots.neighbourhoods import _around, chances_by_place, squares_over

CRS = "EPSG:32630"
CORNER = np.array([620_000.0, 5_735_000.0])
SIDE_M, STEP_M = 2_400.0, 300.0
HOT = CORNER + 1_000.0
HOT_M = 60.0


@dataclass(frozen=True)
class Kind:
    """How an estate's incidents are laid: how many, at how many snap points, how hot."""

    name: str
    incidents: int
    snap_points: int = 0
    hot_share: float = 0.0
    one_place: bool = False


FLAT = [
    Kind("uniform points, 300", 300),
    Kind("uniform points, 2,000", 2_000),
    Kind("snap points, 300 on 150", 300, 150),
    Kind("snap points, 2,000 on 400", 2_000, 400),
]
PLANTED = [
    Kind("planted, points, 300: 4 % in 0.2 % of the ground", 300, hot_share=0.04),
    Kind("planted, points, 300: 8 %", 300, hot_share=0.08),
    Kind("planted, points, 2,000: 2 %", 2_000, hot_share=0.02),
    Kind("planted, snap points, 2,000 on 400: 3 %", 2_000, 400, hot_share=0.03),
    Kind("planted, snap points, 2,000 on 400: 6 %", 2_000, 400, hot_share=0.06),
    Kind("planted, one address, 300 on 150: 5 %", 300, 150, hot_share=0.05, one_place=True),
    Kind("planted, one address, 300 on 150: 10 %", 300, 150, hot_share=0.10, one_place=True),
]


def simulated_estate() -> Estate:
    """Sites on a grid, whose area has no streets."""
    steps = np.arange(0, SIDE_M, STEP_M)
    east, north = (side.ravel() for side in np.meshgrid(steps, steps))
    kept = east + north < 1.6 * SIDE_M
    west, south = CORNER[0] + east[kept], CORNER[1] + north[kept]
    squares = shapely.box(west, south, west + 100, south + 100)
    names = [f"Site {number}" for number in range(len(squares))]
    table = gpd.GeoDataFrame({"name": names, "kind": "college"}, geometry=squares, crs=CRS)
    sites = split_sites(table)
    return Estate(
        CRS, sites.sites, sites.buildings, None, zones_from_sites(sites.sites), no_cameras(CRS)
    )


def incidents_of(estate: Estate, kind: Kind, random: np.random.Generator) -> pd.DataFrame:
    """Lay incidents over two years."""
    points = uniform(estate.area, kind.snap_points or kind.incidents, random)
    if kind.snap_points:
        points = points[random.integers(0, len(points), kind.incidents)]
    hot = random.random(len(points)) < kind.hot_share
    spread = 0.0 if kind.one_place else HOT_M
    places = HOT + random.uniform(-spread, spread, (max(kind.snap_points // 50, 1), 2))
    near = HOT + random.uniform(-spread, spread, (len(points), 2))
    if kind.snap_points:
        near = places[random.integers(0, len(places), len(points))]
    points = np.where(hot[:, None], near, points)
    # Two years, so that the latest holds about half.
    days = random.uniform(0, 730, len(points))
    moments = pd.Timestamp("2023-01-01", tz="UTC") + pd.to_timedelta(days, unit="D")
    return pd.DataFrame(
        {
            "source": "control room", "category": "theft", "x": points[:, 0], "y": points[:, 1],
            "occurred_from": moments, "occurred_to": moments, "time_known": "interval",
            "street": "", "zone": "",
        }
    )  # fmt: skip


def uniform(area: shapely.Geometry, count: int, random: np.random.Generator) -> np.ndarray:
    """Draw points anywhere on the area."""
    left, low, right, high = area.bounds
    drawn = random.uniform([left, low], [right, high], (4 * count + 100, 2))
    return drawn[shapely.contains_xy(area, *drawn.T)][:count]


def anywhere(estate: Estate, incidents: pd.DataFrame) -> bool:
    """Whether any square or place is under 5 %: no cluster, drawn or not, can be found without."""
    points = incidents[["x", "y"]].to_numpy()
    latest = (incidents["occurred_to"] > pd.Timestamp("2024-01-01", tz="UTC")).to_numpy()
    found = chances_by_place(points, squares_over(estate.area), latest)
    return bool(min(found.q.min(), found.place_q.min()) < 0.05)


def plain_finds(estate: Estate, incidents: pd.DataFrame) -> bool:
    """Whether the binomial tail that takes each incident for itself finds any square."""
    grid = squares_over(estate.area)
    square = grid.of(incidents[["x", "y"]].to_numpy())
    counts = np.bincount(square[square >= 0], minlength=grid.shares.size)
    around, shares = _around(counts.reshape(grid.shares.shape)), _around(grid.shares)
    on_it = grid.shares > 0
    p = binomial_tail(around[on_it], int(counts.sum()), shares[on_it])
    return bool((discovery_rates(p) < 0.05).any())


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--estates", type=int, default=200)
    asked.add_argument("--planted", type=int, help="Estates with a planted hotspot; as many.")
    asked.add_argument("--seed", type=int, default=1)
    wanted = asked.parse_args()
    estate = simulated_estate()
    periods = pd.DataFrame(
        {
            "source": ["control room"],
            "starts_at": [pd.Timestamp("2023-01-01", tz="UTC")],
            "ends_at": [pd.Timestamp("2024-12-31", tz="UTC")],
        }
    )
    hot = shapely.box(*(HOT - HOT_M), *(HOT + HOT_M))
    print(f"Estates of {estate.area.area / 1e6:.1f} km2 each, seed {wanted.seed}")
    planted = wanted.estates if wanted.planted is None else wanted.planted
    for kind in FLAT * bool(wanted.estates) + PLANTED * bool(planted):
        estates = planted if kind.hot_share else wanted.estates
        random = np.random.default_rng([wanted.seed, kind.incidents, kind.snap_points])
        found = shown = trends = plain = at_all = 0
        began = time.perf_counter()
        for _ in range(estates):
            incidents = incidents_of(estate, kind, random)
            spots = find_hotspots(incidents, periods, estate, "Europe/London")
            real = [spot for spot in spots if spot.more_than_chance]
            if kind.hot_share:
                real = [spot for spot in real if spot.geometry.intersects(hot)]
            found += bool(real)
            shown += len(spots)
            trends += any(spot.trend in ("emerging", "receding") for spot in spots)
            at_all += anywhere(estate, incidents)
            plain += plain_finds(estate, incidents) if not kind.hot_share else 0
        took = (time.perf_counter() - began) / estates
        print(
            f"{kind.name:50} found in {found:3d} of {estates}; a change in {trends:3d}; "
            f"{shown / estates:.1f} drawn; {took:.2f} s each"
            + (
                ""
                if kind.hot_share
                else f"; any test at all in {at_all}; binomial of single incidents in {plain}"
            )
        )


if __name__ == "__main__":
    main()
