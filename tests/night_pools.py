"""Pools of night plans made up for tests and benchmarks of rotations."""

import numpy as np

from planner.allocate.rotation.nights import NOWHERE, Nights


def any_pool(
    seed: int, plans: int = 6, zones: int = 5, teams: int = 2, bins: int = 12, away: float = 0.3
) -> Nights:
    """Teams that jump from zone to zone: small pools in which anything can happen."""
    generator = np.random.default_rng(seed)
    present = generator.integers(0, zones, (plans, teams, bins))
    present[generator.random(present.shape) < away] = NOWHERE
    visits = np.stack([np.bincount(p[p >= 0], minlength=zones) for p in present])
    return Nights(generator.uniform(0.8, 1.0, plans), visits, present)


def walked_pool(
    seed: int, plans: int, zones: int, teams: int, hours: int, tries: int = 10
) -> Nights:
    """The best of many walks at random, in bins of ten minutes, to zones near and rich in risk.

    The zones lie in a square of 2 km; a stop lasts one bin, a walk at 1.2 m/s as many whole bins as
    it takes. Each visit of a night covers half of what is left of a zone's risk.
    """
    generator = np.random.default_rng(seed)
    points = generator.uniform(0, 2000, (zones, 2))
    risk = generator.gamma(0.7, 1.0, zones)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    walks = np.floor(apart / 1.2 / 600).astype(int)
    made = [_walked(generator, risk, apart, walks, teams, hours * 6) for _ in range(plans * tries)]
    present = np.stack([present for present, _ in made])
    visits = np.stack([visits for _, visits in made])
    cover = (1 - 0.5**visits) @ risk
    kept = np.sort(np.argsort(-cover, kind="stable")[:plans])
    return Nights(cover[kept], visits[kept], present[kept])


def _walked(
    generator: np.random.Generator,
    risk: np.ndarray,
    apart: np.ndarray,
    walks: np.ndarray,
    teams: int,
    bins: int,
) -> tuple[np.ndarray, np.ndarray]:
    present = np.full((teams, bins), NOWHERE)
    visits = np.zeros(len(risk), dtype=int)
    for team in range(teams):
        zone, now = int(generator.integers(len(risk))), 1
        while now < bins:
            present[team, now] = zone
            visits[zone] += 1
            worth = risk * 0.5**visits * np.exp(-apart[zone] / 300)
            worth[zone] = 0.0
            following = int(generator.choice(len(risk), p=worth / worth.sum()))
            now += 1 + walks[zone, following]
            zone = following
    return present, visits
