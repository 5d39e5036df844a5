"""Whether the count is kept where risk is constant in time, and left where it moves.

Estates of 324 cells of 150 m, whose risk differs from cell to cell: constant in time (a gamma rate
of each cell; smooth hotspots; heavy tails; the same everywhere), or truly moving (a hotspot that
appears in the last year; every cell drifting). Prints in what share of them the forecast at the end
is the model's, and what the model gained in the log score of an incident over the last year::

    python tests/bench/simulated_estates.py --estates 200 --seed 1 --rate 20 --years 4
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from planner.insight.risk.events import Events
from planner.insight.risk.rolling import Rolling
from planner.insight.risk.windows import WEEK_S, Windows

SIDE, CELL_M = 18, 150.0
CONSTANT = ("gamma", "smooth", "heavy", "uniform")
MOVING = ("new hotspot", "drift")
HOT_SHARE, DRIFT_A_WEEK = 0.2, 0.1


@dataclass(frozen=True)
class Found:
    """What came of one estate.

    Attributes
    ----------
    used, against_count
        Whether the model is issued, and whether it would be if only the count had to be beaten.
    gain
        Of the model over the count, and of what was issued: log score of an incident, last year.
    """

    used: bool
    against_count: bool
    gain: tuple[float, float]


def middles() -> np.ndarray:
    """Return the cells' middles in metres, shape (c, 2)."""
    at = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).reshape(-1, 2)
    points: np.ndarray = (at + 0.5) * CELL_M
    return points


def constant_risk(kind: str, points: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return each cell's risk, shape (c,)."""
    if kind == "smooth":
        centres = chance.uniform(0, SIDE * CELL_M, (8, 2))
        apart = ((points[:, None] - centres) ** 2).sum(axis=2)
        heights: np.ndarray = chance.gamma(1, size=8)
        risk: np.ndarray = np.exp(-apart / 2 / 250**2) @ heights + 0.02
        return risk
    drawn = {
        "gamma": lambda: chance.gamma(0.5, 1, len(points)),
        "heavy": lambda: chance.pareto(1.2, len(points)) + 0.05,
        "uniform": lambda: np.ones(len(points)),
    }
    of_kind: np.ndarray = drawn[kind]()
    return of_kind


def weekly_risk(
    kind: str, points: np.ndarray, weeks: int, chance: np.random.Generator
) -> np.ndarray:
    """Return each cell's share of each week's incidents, shape (w, c)."""
    if kind in CONSTANT:
        risk = np.tile(constant_risk(kind, points, chance), (weeks, 1))
    else:
        risk = np.tile(constant_risk("gamma", points, chance), (weeks, 1))
    share: np.ndarray = risk / risk.sum(axis=1, keepdims=True)
    if kind == "new hotspot":
        share[-52:] *= 1 - HOT_SHARE
        share[-52:, chance.integers(len(points))] += HOT_SHARE
    if kind == "drift":
        steps = chance.normal(0, DRIFT_A_WEEK, (weeks, len(points))).cumsum(axis=0)
        share = share * np.exp(steps)
        share /= share.sum(axis=1, keepdims=True)
    return share


def judged(kind: str, rate: float, years: int, seed: int) -> Found:
    """Simulate an estate and forecast it to its end."""
    chance, points, weeks = np.random.default_rng(seed), middles(), 52 * years
    share = weekly_risk(kind, points, weeks, chance)
    counts = chance.poisson(rate, weeks)
    zone = np.concatenate(
        [chance.choice(len(points), n, p=p) for n, p in zip(counts, share, strict=True)]
    )
    at = (np.repeat(np.arange(weeks), counts) + chance.uniform(size=counts.sum())) * WEEK_S
    order = np.argsort(at)
    zone, at = zone[order], at[order]
    windows = Windows(np.arange(weeks + 1) * WEEK_S, np.ones(weeks))
    events = Events(zone, at, at + 60, np.ones(len(at)))
    rolling, window = Rolling(points, windows, events), windows.of(at)
    gains, incidents = np.zeros(2), 0
    for outlook in rolling.outlooks(weeks):
        if outlook.window >= weeks - 52:
            fell = zone[window == outlook.window]
            count = np.log(outlook.count[fell]).sum()
            gains += (
                np.log(outlook.model[fell]).sum() - count,
                np.log(outlook.shares[fell]).sum() - count,
            )
            incidents += len(fell)
    told = outlook.against_count.confidence
    gain = (gains / max(incidents, 1)).tolist()
    return Found(outlook.evidence.enough, told >= 0.9, (gain[0], gain[1]))


def main() -> None:
    """Simulate and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--estates", type=int, default=200)
    wish.add_argument("--seed", type=int, default=1)
    wish.add_argument("--rate", type=float, default=20.0, help="incidents a week")
    wish.add_argument("--years", type=int, default=4)
    wish.add_argument("--processes", type=int, default=2)
    wish.add_argument("--kinds", nargs="*", choices=CONSTANT + MOVING, default=CONSTANT + MOVING)
    given = wish.parse_args()
    with ProcessPoolExecutor(given.processes) as pool:
        for kind in given.kinds:
            seeds = range(given.seed * 100_000, given.seed * 100_000 + given.estates)
            work = partial(judged, kind, given.rate, given.years)
            print(line(kind, list(pool.map(work, seeds))), flush=True)


def line(kind: str, found: list[Found]) -> str:
    """Say what came of the estates of one kind."""
    used = np.mean([one.used for one in found])
    kept = f"the count is kept in {100 * (1 - used):.1f} %"
    alone = np.mean([one.against_count for one in found])
    gain, issued = np.mean([one.gain for one in found], axis=0)
    return (
        f"{kind:12} {len(found)} estates: {kept}, the model used in {100 * used:.1f} % "
        f"({100 * alone:.1f} % by the first test alone); log score beside the count: model "
        f"{gain:+.4f}, issued {issued:+.4f}"
    )


if __name__ == "__main__":
    main()
