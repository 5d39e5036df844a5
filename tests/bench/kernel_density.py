"""The rivals' kernel density on cells beside scikit-learn's on the same points.

The rival smooths counts between the middles of cells and stops at three deviations; scikit-learn
sums an untruncated Gaussian over the incidents themselves, moved to the middles of their cells.
Prints how far the shares of the cells differ, away from the edge of the area and over all::

    python tests/bench/kernel_density.py --side 40 --incidents 2000 --seed 1
"""

import argparse

import numpy as np
from sklearn.neighbors import KernelDensity

from planner.insight.backtest.rivals import KERNEL_M
from planner.insight.risk.neighbourhood import REACH, smoothing

CELL_M = 150.0


def main() -> None:
    """Compare and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--side", type=int, default=40)
    wish.add_argument("--incidents", type=int, default=2_000)
    wish.add_argument("--seed", type=int, default=1)
    given = wish.parse_args()
    chance, side = np.random.default_rng(given.seed), given.side
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    middles = (at + 0.5) * CELL_M
    risk = chance.gamma(0.3, 1, len(middles))
    fell = chance.choice(len(middles), given.incidents, p=risk / risk.sum())
    counts = np.bincount(fell, minlength=len(middles)).astype(float)
    rival = smoothing(middles, KERNEL_M) @ counts / counts.sum()
    density = KernelDensity(bandwidth=KERNEL_M, rtol=1e-8).fit(middles[fell])
    theirs = np.exp(density.score_samples(middles)) * CELL_M**2
    reach = int(np.ceil(REACH * KERNEL_M / CELL_M))
    inner = ((at >= reach) & (at < side - reach)).all(axis=1)
    for name, rows in (("away from the edge", inner), ("all cells", np.ones(len(at), bool))):
        apart = np.abs(rival[rows] - theirs[rows])
        order = np.corrcoef(rival[rows].argsort().argsort(), theirs[rows].argsort().argsort())
        print(
            f"{name}: {rows.sum():,} cells; shares apart by {apart.max():.1e} at most, of a "
            f"greatest share of {theirs[rows].max():.1e}; in all {apart.sum():.2%} of the risk; "
            f"rank correlation {order[0, 1]:.5f}"
        )


if __name__ == "__main__":
    main()
