"""A rotation of four weeks over made-up night plans: its cover, and how well it can be guessed.

    PYTHONPATH=. python tests/bench/rotation_made_up.py [--plans 60] [--zones 150] [--least 0.5]

The pool: the best of random walks of teams for twelve hours, in bins of ten minutes. The minimum:
a share (--least) of what the pool's plans give each zone on average, at most --most visits in the
rotation.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from night_pools import walked_pool

from planner.allocate.rotation.drawing import draw_rotation
from planner.allocate.rotation.keep_apart import keep_apart
from planner.allocate.rotation.nights import Nights
from planner.allocate.rotation.observer import predictability
from planner.allocate.rotation.policy import choose_policy

LENGTH = 28


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=60)
    parser.add_argument("--zones", type=int, default=150)
    parser.add_argument("--teams", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--least", type=float, default=0.5)
    parser.add_argument("--most", type=float, default=4)
    asked = parser.parse_args()
    for seed in range(asked.seeds):
        nights = walked_pool(seed, asked.plans, asked.zones, asked.teams, 12)
        usual = np.floor(nights.visits.mean(axis=0) * LENGTH * asked.least)
        _one(seed, nights, np.minimum(usual, asked.most))


def _one(seed: int, nights: Nights, minimum: np.ndarray) -> None:
    began = time.perf_counter()
    policy = choose_policy(nights, minimum, LENGTH)
    chosen = time.perf_counter()
    earlier = draw_rotation(policy, nights, minimum, LENGTH, seed)
    drawn = time.perf_counter()
    rotation = draw_rotation(policy, nights, minimum, LENGTH, seed + 1000, last=int(earlier[-1]))
    before = time.perf_counter()
    score = predictability(rotation, nights, policy, earlier)
    scored = time.perf_counter()
    apart = keep_apart(nights, nights.present[rotation[:7]])
    short = int((nights.visits[rotation].sum(axis=0) < minimum).sum())
    print(
        f"seed {seed}: cover {nights.cover[rotation].mean() / policy.best:.1%} of the best plan's "
        f"(the pool's worst {nights.cover.min() / policy.best:.1%}); {int((minimum > 0).sum())} of "
        f"{nights.zones} zones with a minimum, {short} short; "
        f"{len(np.unique(rotation))} plans used\n"
        f"  observer: hit rate {score.hit_rate:.1%} (policy {score.by_policy:.1%}, what was "
        f"{score.by_what_was:.1%}, what is left {score.by_what_is_left:.1%}), watching "
        f"{score.watching:.1%}; single plan {score.single:.1%}; ratio {score.ratio:.3f}\n"
        f"  policy: predictability {policy.predictability:.1%} (least "
        f"{policy.least_predictability:.1%}), entropy {policy.entropy:.2f} of "
        f"{np.log2(len(nights)):.2f} bits; zones {score.entropy:.2f} of "
        f"{score.greatest_entropy:.2f} bits\n"
        f"  keep apart from 7 nights: {apart.shares.max():.1%} in common at most, cover "
        f"{apart.cover_share:.1%}, kept {apart.kept}\n"
        f"  seconds: policy {chosen - began:.2f}, draw {drawn - chosen:.2f}, score "
        f"{scored - before:.2f}"
    )


if __name__ == "__main__":
    main()
